//! Calls: one item each, whose beginning and end are written beside each other, so
//! that neither waits for the other and neither is written twice.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use super::{
    cursor::Listed,
    error::{Error, Result},
    item::{Item, attribute, s, text},
    keys::{Key, calls},
    messages::{Messages, Window},
};
use crate::domain::{Call, CallAnswer, CallEnd, CallParties, Timestamp, WorkspaceId};
use serde::de::DeserializeOwned;
use serde_dynamo::aws_sdk_dynamodb_1::from_attribute_value;

/// The attributes of a call's item.
const PARTIES: &str = "parties";
const ANSWER: &str = "answer";
const END: &str = "end";

impl Messages {
    /// Writes down that a call came in at `at`, and what it was answered. False if that
    /// was known.
    pub async fn call_began(
        &self,
        parties: &CallParties,
        at: Timestamp,
        answer: &CallAnswer,
    ) -> Result<bool> {
        let answer = attribute("call", answer)?;
        self.add_to_call(parties, at, (ANSWER, answer)).await
    }

    /// Writes down how a call ended that began at `at`, as far as is known. False if its
    /// end was known: a final status is never undone (P7).
    pub async fn call_ended(
        &self,
        parties: &CallParties,
        at: Timestamp,
        end: CallEnd,
    ) -> Result<bool> {
        let end = attribute("call", &end)?;
        self.add_to_call(parties, at, (END, end)).await
    }

    /// Adds what is not there yet, and leaves what is.
    async fn add_to_call(
        &self,
        parties: &CallParties,
        at: Timestamp,
        (name, value): (&str, AttributeValue),
    ) -> Result<bool> {
        let CallParties {
            id,
            workspace,
            carrier,
            account,
            carrier_call,
            ..
        } = parties;
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::call(carrier, account, carrier_call).attributes()))
            .update_expression(
                "SET #parties = if_not_exists(#parties, :parties), \
                 thread = if_not_exists(thread, :thread), #at = if_not_exists(#at, :at), \
                 #new = if_not_exists(#new, :new)",
            )
            .expression_attribute_names("#parties", PARTIES)
            .expression_attribute_names("#at", "at")
            .expression_attribute_names("#new", name)
            .expression_attribute_values(":parties", attribute("call", parties)?)
            .expression_attribute_values(":thread", s(calls(workspace)))
            .expression_attribute_values(":at", s(format!("{at}#{id}")))
            .expression_attribute_values(":new", value)
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| Error::unavailable("UpdateItem", &error))?;
        let before = answer.attributes.unwrap_or_default();
        Ok(!before.contains_key(name))
    }

    /// One page of a workspace's calls, by when they began.
    pub async fn calls(&self, workspace: &WorkspaceId, window: Window<'_>) -> Result<Listed<Call>> {
        let listed = self.by_time(calls(workspace), "CALLS", window).await?;
        listed.try_map(call)
    }
}

/// The call in an item.
fn call(item: &Item) -> Result<Call> {
    let missing = || Error::corrupt("call", "an attribute is missing");
    let at = text(item, "at").and_then(|at| at.split_once('#'));
    let at = at.and_then(|(at, _)| at.parse().ok()).ok_or_else(missing)?;
    Ok(Call {
        parties: part(item, PARTIES)?.ok_or_else(missing)?,
        at,
        answer: part(item, ANSWER)?,
        end: part(item, END)?,
    })
}

fn part<T: DeserializeOwned>(item: &Item, name: &str) -> Result<Option<T>> {
    let part = item.get(name).cloned().map(from_attribute_value);
    part.transpose()
        .map_err(|error| Error::corrupt("call", error))
}
