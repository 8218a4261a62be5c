//! What touches Lambda: configuration, composition, callers, problems, batches,
//! telemetry. The only place that names a concrete carrier, reads the environment
//! or chooses a status code.

mod aws;
mod batch;
mod caller;
mod carrier_choice;
mod carrier_secret;
mod config;
#[cfg(debug_assertions)]
mod debug_identity;
mod http_client;
mod json_body;
mod no_transport;
mod problem;
mod reply;
mod request;
mod telemetry;
pub mod views;
mod webhook;
mod wiring;

pub use batch::{change_of, for_each_message, for_each_record, for_records_together, kept_event};
pub use caller::caller;
pub use config::ConfigError;
pub use json_body::json_body;
pub use problem::Problem;
pub use reply::{Reply, report_missing_number, respond};
pub use request::{
    Keyed, Page, area_code, cursor, e164, idempotency_key, label, optional_idempotency_key, page,
    page_by_time, parameter, path_id, path_number, search_limit, segments,
};
pub use telemetry::{Log, Metric, Sink, count, count_in, start as start_telemetry};
pub use webhook::{answer_webhook, webhook_address};
pub use wiring::Wiring;
