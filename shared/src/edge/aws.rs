//! AWS clients, as lean as a cold start wants them: no profile files, no instance
//! metadata, credentials from the sandbox's environment, TLS by ring.

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};

use super::{config::Environment, http_client::http_client};

/// The longest one AWS call may take, retries included, in seconds.
const OPERATION_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(8);
/// The longest one try may take.
const ATTEMPT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(3);

/// What every client is built from.
pub(super) fn config(environment: &mut Environment) -> SdkConfig {
    let credentials = Credentials::new(
        environment.required("AWS_ACCESS_KEY_ID"),
        environment.required("AWS_SECRET_ACCESS_KEY"),
        Environment::optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let timeouts = TimeoutConfig::builder()
        .operation_timeout(OPERATION_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(environment.required("AWS_REGION")))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
            aws_smithy_async::rt::sleep::TokioSleep::new(),
        ))
        .time_source(aws_smithy_async::time::SystemTimeSource::new());
    match http_client() {
        Ok(client) => config = config.http_client(client),
        Err(fault) => environment.faults.add(fault),
    }
    if let Some(endpoint) = Environment::optional("AWS_ENDPOINT_URL") {
        config = config.endpoint_url(endpoint);
    }
    config.build()
}
