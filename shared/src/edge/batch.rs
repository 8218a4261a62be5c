//! Batches from queues and streams: what fails is redelivered, alone.

use std::future::Future;

use aws_lambda_events::{
    dynamodb::{Event as StreamEvent, EventRecord},
    sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};

use crate::{
    domain::{Timestamp, audit::Change, event::Event},
    store::{self, StreamRecord},
};

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

/// Hands what `read` finds in the records of a stream to `send`, all together and in
/// order. `send` answers how many of them, from the first on, are done: the stream
/// begins again after those, or where a record could not be read.
pub async fn for_records_together<T, E, F>(
    event: StreamEvent,
    read: impl Fn(EventRecord) -> Result<Option<T>, E>,
    send: impl FnOnce(Vec<T>) -> F,
) -> DynamoDbEventResponse
where
    E: std::fmt::Display,
    F: Future<Output = usize>,
{
    let (mut found, mut places) = (Vec::new(), Vec::new());
    let mut unreadable = None;
    for record in event.records {
        let sequence = record.change.sequence_number.clone();
        match read(record) {
            Ok(Some(thing)) => {
                found.push(thing);
                places.push(sequence);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the stream waits here");
                unreadable = Some(sequence);
                break;
            }
        }
    }
    let done = if found.is_empty() {
        0
    } else {
        send(found).await
    };
    let mut response = DynamoDbEventResponse::default();
    if let Some(sequence) = places.into_iter().nth(done).or(unreadable) {
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = sequence;
        response.batch_item_failures.push(failure);
    }
    response
}

/// The change that a record of the stream of Core or Messages tells of, if it may belong
/// on a record.
pub fn change_of(record: EventRecord) -> store::Result<Option<Change>> {
    let EventRecord {
        change: written,
        event_source_arn,
        ..
    } = record;
    let at = written.approximate_creation_date_time.timestamp_millis();
    let record = StreamRecord {
        stream: event_source_arn.unwrap_or_default(),
        sequence: written.sequence_number.unwrap_or_default(),
        at: Timestamp::from_millis(at),
        before: written.old_image.into(),
        after: written.new_image.into(),
    };
    record.change()
}

/// The event that a record of the Ledger's stream says was kept, if it says that.
pub fn kept_event(record: EventRecord) -> store::Result<Option<Event>> {
    if record.event_name != "INSERT" {
        return Ok(None);
    }
    store::event_of(&record.change.new_image.into())
}
