//! The way to AWS: the HTTP client of every SDK client in the lab.

use std::sync::Arc;

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use super::{Call, Passed, Seam, Service, naming::dynamodb_target};
use crate::lab::{Answer, Bus, Keys, Market, Queue, Tables, VirtualClock, bus, kms, sqs};

/// How often `store/transaction.rs` commits a transaction that meets others.
const COMMITS: u32 = 6;

/// What stands behind the seam.
#[derive(Debug)]
pub struct Services {
    /// The tables.
    pub tables: Tables,
    /// What the local carrier sells goes into them past here.
    pub market: Arc<Market>,
    /// The queue.
    pub queue: Arc<Queue>,
    /// The key service.
    pub keys: Arc<Keys>,
    /// The event bus.
    pub bus: Arc<Bus>,
    /// The time.
    pub clock: VirtualClock,
}

/// An HTTP client that knows four services and no network.
#[derive(Clone, Debug)]
pub struct Aws {
    seam: Arc<Seam>,
    services: Arc<Services>,
}

impl Aws {
    /// A client of `services`, through `seam`.
    #[must_use]
    pub const fn new(seam: Arc<Seam>, services: Arc<Services>) -> Self {
        Self { seam, services }
    }

    async fn answer(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let Some(asked) = Asked::read(&request) else {
            return Err(ConnectorError::user("not a request of the lab".into()));
        };
        let services = Arc::clone(&self.services);
        let io = async { services.answer(&asked) };
        let answer = match self.seam.pass(asked.call(), io).await {
            Passed::Answered(answer) => answer,
            Passed::Refused => refusal(),
            Passed::Conflict => asked.conflict(),
            Passed::Lost => return Err(ConnectorError::timeout("no answer in the lab".into())),
        };
        let status = StatusCode::try_from(answer.status)
            .map_err(|error| ConnectorError::user(error.into()))?;
        Ok(HttpResponse::new(status, SdkBody::from(answer.body)))
    }
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().answer(request))
    }
}

impl HttpClient for Aws {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl Services {
    /// What is answered to a request over the wire, unless it is for another service.
    pub(crate) fn answer_to(&self, target: &str, body: &[u8]) -> Option<Answer> {
        let asked = Asked::of(target, String::new(), body)?;
        Some(self.answer(&asked))
    }

    fn answer(&self, asked: &Asked) -> Answer {
        let operation = asked.operation.as_str();
        match asked.service {
            Service::DynamoDb => {
                let tables = &self.tables;
                self.market
                    .answer(tables, operation, &asked.json, &asked.body)
            }
            Service::Sqs => sqs::answer(&self.queue, &self.clock, operation, &asked.json),
            Service::Kms => kms::answer(&self.keys, operation, &asked.json),
            Service::EventBridge => bus::answer(&self.bus, operation, &asked.json),
            Service::Carrier | Service::Public => refusal(),
        }
    }
}

/// The 3 of `attempt=1; max=3`.
fn tries_in(told: &str) -> Option<u32> {
    let max = told
        .split(';')
        .find_map(|part| part.trim().strip_prefix("max="));
    max.and_then(|max| max.parse().ok())
}

/// A request as it was read.
struct Asked {
    service: Service,
    operation: String,
    series: String,
    tries: u32,
    body: Vec<u8>,
    json: Value,
}

impl Asked {
    fn read(request: &HttpRequest) -> Option<Self> {
        let target = request.headers().get("x-amz-target")?;
        // The SDK's own name for a call and all its tries, of which it says how many there are.
        let series = request.headers().get("amz-sdk-invocation-id")?.to_owned();
        let tries = request.headers().get("amz-sdk-request").and_then(tries_in);
        let asked = Self::of(target, series, request.body().bytes()?)?;
        Some(Self {
            tries: tries.unwrap_or(1),
            ..asked
        })
    }

    fn of(target: &str, series: String, body: &[u8]) -> Option<Self> {
        let (service, operation) = target.split_once('.')?;
        let service = match service {
            "DynamoDB_20120810" => Service::DynamoDb,
            "AmazonSQS" => Service::Sqs,
            "TrentService" => Service::Kms,
            "AWSEvents" => Service::EventBridge,
            _ => return None,
        };
        let json: Value = serde_json::from_slice(body).ok()?;
        // A transaction that meets others is committed anew under the same token.
        let token = json.get("ClientRequestToken").and_then(Value::as_str);
        Some(Self {
            service,
            operation: operation.to_owned(),
            series: token.map_or(series, str::to_owned),
            tries: 1,
            json,
            body: body.to_vec(),
        })
    }

    fn call(&self) -> Call {
        let target = match self.service {
            Service::DynamoDb => dynamodb_target(&self.operation, &self.json),
            Service::Kms => kms::purpose(&self.json),
            Service::Sqs | Service::EventBridge | Service::Carrier | Service::Public => {
                String::new()
            }
        };
        Call {
            service: self.service,
            operation: self.operation.clone(),
            target,
            series: self.series.clone(),
            tries: self.tries,
            contended_tries: self.contended_tries(),
        }
    }

    /// How often this write is tried where another transaction holds an item of it.
    fn contended_tries(&self) -> u32 {
        match (self.service, self.operation.as_str()) {
            (Service::DynamoDb, "TransactWriteItems") => COMMITS,
            (Service::DynamoDb, "PutItem" | "UpdateItem" | "DeleteItem") => self.tries,
            _ => 0,
        }
    }

    /// As DynamoDB says that another transaction holds an item of this write.
    fn conflict(&self) -> Answer {
        let writes = self.json.get("TransactItems").and_then(Value::as_array);
        let body = match writes {
            None => json!({
                "__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
                "message": "Transaction is ongoing for the item",
            }),
            Some(writes) => {
                let code = |place| {
                    if place == 0 {
                        "TransactionConflict"
                    } else {
                        "None"
                    }
                };
                let reasons: Vec<Value> = (0..writes.len())
                    .map(|place| json!({ "Code": code(place) }))
                    .collect();
                json!({
                    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                    "Message": "Transaction cancelled [TransactionConflict]",
                    "CancellationReasons": reasons,
                })
            }
        };
        Answer {
            status: 400,
            body: body.to_string(),
        }
    }
}

/// A definite refusal that no SDK repeats.
fn refusal() -> Answer {
    let body = json!({
        "__type": "com.amazon.coral.service#AccessDeniedException",
        "message": "refused in the lab",
    });
    Answer {
        status: 400,
        body: body.to_string(),
    }
}
