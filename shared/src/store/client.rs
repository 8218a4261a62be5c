//! The DynamoDB client: what the SDK retries, and what it must be told to.

use aws_sdk_dynamodb::{
    Client,
    config::{Builder, interceptors::InterceptorContext, retry::ClassifyRetry},
};
use aws_smithy_runtime_api::client::retries::classifiers::RetryAction;
use aws_types::SdkConfig;

/// A single write that meets a transaction on its item was not made, and is made
/// again after a pause. The SDK's own classifiers take it for a final answer.
#[derive(Debug)]
struct TransactionConflict;

const CONFLICT: &[u8] = b"TransactionConflictException";

impl ClassifyRetry for TransactionConflict {
    fn name(&self) -> &'static str {
        "transaction conflict"
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let body = context
            .response()
            .and_then(|response| response.body().bytes());
        let met = body.is_some_and(|body| {
            body.windows(CONFLICT.len())
                .any(|window| window == CONFLICT)
        });
        if met {
            RetryAction::throttling_error()
        } else {
            RetryAction::NoActionIndicated
        }
    }
}

/// A client as `config` says, which also waits out transactions of others.
#[must_use]
pub fn client(config: &SdkConfig) -> Client {
    let settings = Builder::from(config)
        .retry_classifier(TransactionConflict)
        .build();
    Client::from_conf(settings)
}
