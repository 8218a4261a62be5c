//! Batches from queues and streams: what fails is redelivered, alone.

use std::future::Future;

use aws_lambda_events::{
    dynamodb::{Event as StreamEvent, EventRecord},
    sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};

use crate::{domain::Message, store};

/// Runs `handle` on each message of a batch, and has those that failed redelivered.
pub async fn for_each_message<F, E>(
    event: SqsEvent,
    handle: impl Fn(SqsMessage) -> F,
) -> SqsBatchResponse
where
    F: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.clone().unwrap_or_default();
        if let Err(error) = handle(message).await {
            tracing::error!(message.id = %id, %error, "to be redelivered");
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            response.batch_item_failures.push(failure);
        }
    }
    response
}

/// Runs `handle` on each record of a stream, in order. The first failure ends the
/// batch there: what comes after it would overtake it.
pub async fn for_each_record<F, E>(
    event: StreamEvent,
    handle: impl Fn(EventRecord) -> F,
) -> DynamoDbEventResponse
where
    F: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let mut response = DynamoDbEventResponse::default();
    for record in event.records {
        let sequence = record.change.sequence_number.clone();
        if let Err(error) = handle(record).await {
            tracing::error!(%error, "the stream waits here");
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier = sequence;
            response.batch_item_failures.push(failure);
            break;
        }
    }
    response
}

/// The message a stream record says was written down, if it says that.
pub fn inserted_message(record: EventRecord) -> store::Result<Option<Message>> {
    if record.event_name != "INSERT" {
        return Ok(None);
    }
    let item = record.change.new_image.into_inner();
    let item = item
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect();
    store::message_of(&item)
}
