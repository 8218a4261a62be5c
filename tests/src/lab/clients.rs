//! The SDK's clients as the functions have them, but for the network and the time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion, http::HttpClient,
    stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};
use numberline::{
    chance::Chance,
    store::{self, Core},
};

use super::{CORE, VirtualClock};
use crate::seam::Aws;

/// Worlds made in this process.
static WORLDS: AtomicU64 = AtomicU64::new(0);

/// The clients of one world.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) dynamo: aws_sdk_dynamodb::Client,
    pub(super) events: aws_sdk_eventbridge::Client,
    pub(super) kms: aws_sdk_kms::Client,
    pub(super) sqs: aws_sdk_sqs::Client,
}

impl Clients {
    /// Clients that call `aws`.
    pub(super) fn new(aws: Aws, clock: &VirtualClock) -> Self {
        let config = sdk_config(aws, clock);
        Self {
            dynamo: store::client(&config),
            events: aws_sdk_eventbridge::Client::new(&config),
            kms: aws_sdk_kms::Client::new(&config),
            sqs: aws_sdk_sqs::Client::new(&config),
        }
    }

    /// The Core table.
    pub(super) fn core(&self, clock: &VirtualClock, chance: &Arc<dyn Chance>) -> Core {
        let (client, clock) = (self.dynamo.clone(), Arc::new(clock.clone()));
        Core::new(client, CORE, clock, Arc::clone(chance))
    }
}

/// What clients are built from that call `aws`. How often they try is what `edge/aws.rs`
/// says; their timeouts are those of whoever stands behind.
#[must_use]
pub fn sdk_config(aws: impl HttpClient + 'static, clock: &VirtualClock) -> SdkConfig {
    // The SDK counts tries by region: those of one world use up no other's.
    let region = format!("lab-{}", WORLDS.fetch_add(1, Ordering::Relaxed));
    let credentials = Credentials::new("lab", "lab", None, None, "lab");
    let retries = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(1));
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .endpoint_url("https://aws.lab")
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(aws)
        .sleep_impl(clock.clone())
        .time_source(clock.clone())
        .retry_config(retries)
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build()
}
