//! How much each workspace sends: one item with the minute and the day of its last text,
//! whatever it sends and for however long.
//!
//! The item is read with the membership, so that one conditional write counts a text. It
//! is no transaction: those of many senders would be in each other's way.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};

use super::{
    core::Core,
    error::{Error, Result},
    item::{Item, n},
    keys::Key,
    orders::condition_failed,
};
use crate::domain::{
    TextCount, Timestamp, TooManyTexts, WorkspaceId, plan::Limits, text_count::day_around,
};

/// Ways to count a text that are tried: each fails only if somebody else began the minute
/// in between, or took the last place in it.
const TRIES: u32 = 8;

const MINUTE: &str = "minute";
const TEXTS: &str = "texts";
const SEGMENTS: &str = "segments";

/// A text that was counted, before it is sent.
#[derive(Clone, Debug)]
pub struct CountedText {
    key: Key,
    minute: i64,
    segments: u32,
}

/// What came of counting a text.
#[derive(Clone, Debug)]
pub enum Counting {
    /// There was room for it.
    Counted(CountedText),
    /// There was none. Nothing was written.
    TooMany(TooManyTexts),
}

impl Core {
    /// Counts a text of `workspace` that has so many segments, where the count was
    /// `before` when it was last read.
    pub async fn count_text(
        &self,
        workspace: &WorkspaceId,
        limits: Limits,
        segments: u32,
        mut before: Option<TextCount>,
    ) -> Result<Counting> {
        let key = Key::text_count(workspace);
        for _ in 0..TRIES {
            let now: Timestamp = self.clock.now();
            let after = match TextCount::next(before, limits, segments, now) {
                Ok(after) => after,
                Err(why) => return Ok(Counting::TooMany(why)),
            };
            let write = Write::of(before, after, limits, segments);
            let sent = write.on(self.text_count(&key)).send().await;
            match sent {
                Ok(_) => {
                    return Ok(Counting::Counted(CountedText {
                        key,
                        minute: after.minute,
                        segments,
                    }));
                }
                Err(error) => match condition_failed(&error) {
                    Some(item) if item.is_empty() => before = None,
                    Some(item) => before = Some(text_count(&item)?),
                    None => return Err(Error::unavailable("UpdateItem", &error)),
                },
            }
        }
        Err(Error::Contended {
            operation: "count text",
            tries: TRIES,
        })
    }

    /// Takes a text that was counted and is not sent out of the count of its minute, if
    /// that is still counted, and of its day, likewise.
    pub async fn uncount_text(&self, counted: &CountedText) -> Result<()> {
        let (first, last) = day_around(counted.minute);
        let of_the_minute = Write {
            expression: "SET #texts = #texts - :one, #segments = #segments - :segments",
            condition: "#minute = :minute AND #texts >= :one AND #segments >= :segments",
            values: vec![
                (":one", n(1)),
                (":segments", n(counted.segments)),
                (":minute", n(counted.minute)),
            ],
        };
        let of_the_day = Write {
            expression: "SET #segments = #segments - :segments",
            condition: "#minute BETWEEN :first AND :last AND #segments >= :segments",
            values: vec![
                (":segments", n(counted.segments)),
                (":first", n(first)),
                (":last", n(last)),
            ],
        };
        for write in [of_the_minute, of_the_day] {
            let sent = write.on(self.text_count(&counted.key)).send().await;
            match sent {
                Ok(_) => return Ok(()),
                Err(error) if condition_failed(&error).is_some() => {}
                Err(error) => return Err(Error::unavailable("UpdateItem", &error)),
            }
        }
        Ok(())
    }

    fn text_count(&self, key: &Key) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

/// A write of the count.
struct Write {
    expression: &'static str,
    condition: &'static str,
    values: Vec<(&'static str, AttributeValue)>,
}

impl Write {
    /// The write of one more text. In a minute that goes on, senders add to what is there
    /// and are not in each other's way; who begins a minute does so alone.
    fn of(before: Option<TextCount>, after: TextCount, limits: Limits, segments: u32) -> Self {
        let room = i64::from(limits.segments_a_day) - i64::from(segments);
        let Some(before) = before else {
            return Self {
                expression: "SET #minute = :minute, #texts = :one, #segments = :segments",
                condition: "attribute_not_exists(#minute)",
                values: vec![
                    (":minute", n(after.minute)),
                    (":one", n(1)),
                    (":segments", n(segments)),
                ],
            };
        };
        let mut values = vec![
            (":before", n(before.minute)),
            (":one", n(1)),
            (":segments", n(segments)),
        ];
        if before.minute == after.minute {
            values.push((":texts_max", n(limits.texts_a_minute)));
            values.push((":room", n(room)));
            return Self {
                expression: "SET #texts = #texts + :one, #segments = #segments + :segments",
                condition: "#minute = :before AND #texts < :texts_max AND #segments <= :room",
                values,
            };
        }
        values.push((":minute", n(after.minute)));
        if before.is_of_the_day_of(after.minute) {
            values.push((":room", n(room)));
            return Self {
                expression: "SET #minute = :minute, #texts = :one, #segments = #segments + :segments",
                condition: "#minute = :before AND #segments <= :room",
                values,
            };
        }
        Self {
            expression: "SET #minute = :minute, #texts = :one, #segments = :segments",
            condition: "#minute = :before",
            values,
        }
    }

    fn on(self, update: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        let names = [
            ("#minute", MINUTE),
            ("#texts", TEXTS),
            ("#segments", SEGMENTS),
        ];
        let used = names
            .into_iter()
            .filter(|(name, _)| self.expression.contains(name) || self.condition.contains(name));
        let names: HashMap<String, String> = used
            .map(|(name, attribute)| (name.to_owned(), attribute.to_owned()))
            .collect();
        let values = self.values.into_iter();
        let values = values.map(|(name, value)| (name.to_owned(), value));
        update
            .update_expression(self.expression)
            .condition_expression(self.condition)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values.collect()))
    }
}

/// The count that an item holds.
pub(super) fn text_count(item: &Item) -> Result<TextCount> {
    let read = || {
        Some(TextCount {
            minute: number(item, MINUTE)?,
            texts: number(item, TEXTS)?,
            segments: number(item, SEGMENTS)?,
        })
    };
    read().ok_or_else(|| Error::corrupt("text count", "a figure is missing"))
}

fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    let written = item.get(name)?.as_n().ok()?;
    written.parse().ok()
}
