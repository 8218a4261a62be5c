//! The streams of the tables, as Lambda reads and delivers them.

use anyhow::{Context, Result};
use aws_lambda_events::dynamodb::EventRecord;
use serde_json::json;

use super::{Lab, Tables};

/// The stream of one table, read from where it began.
#[derive(Debug)]
pub struct Stream {
    arn: String,
    position: String,
}

impl Stream {
    /// From now on what changes in `table` is told.
    pub fn of(tables: &Tables, table: &str) -> Result<Self> {
        let (arn, position) = tables.begin_stream(table)?;
        Ok(Self { arn, position })
    }

    /// The records since the last time.
    pub fn next(&mut self, lab: &Lab) -> Result<Vec<EventRecord>> {
        let (records, position) = lab.tables.read_stream(&self.position)?;
        self.position = position;
        let now = lab.clock.time().as_millis() / 1_000;
        let records = records.into_iter().map(|mut record| {
            let fields = record.as_object_mut().context("a record is an object")?;
            fields.insert("eventSourceARN".to_owned(), json!(self.arn));
            // The world's own time: the database in memory has the machine's.
            if let Some(at) = record.pointer_mut("/dynamodb/ApproximateCreationDateTime") {
                *at = json!(now);
            }
            Ok(serde_json::from_value::<EventRecord>(record)?)
        });
        records.collect()
    }
}
