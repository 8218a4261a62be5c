//! The HTTP client of AWS's SDK: the same stack as towards carriers, with the same
//! TLS, so that a function has one of each.

use std::time::Duration;

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;

use crate::carrier::tls;

/// The longest a connection may take to be made. A try that takes longer is given up
/// by the SDK, whose timeouts cover all the rest.
const CONNECT_MAX: Duration = Duration::from_secs(2);

/// What the SDK sends its requests with.
#[derive(Clone, Debug)]
struct Http(reqwest::Client);

/// A client; its connections are shared by whatever is built from it.
pub(super) fn http_client() -> Result<SharedHttpClient, String> {
    let tls = tls::client_config().map_err(|error| error.to_string())?;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT_MAX)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| error.to_string())?;
    Ok(SharedHttpClient::new(Http(client)))
}

impl HttpClient for Http {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(send(client, request))
    }
}

async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let user = |error: aws_smithy_runtime_api::box_error::BoxError| ConnectorError::user(error);
    let request = request
        .try_into_http1x()
        .map_err(|error| user(error.into()))?;
    let (head, body) = request.into_parts();
    // Nothing is streamed: every request of ours is built in memory.
    let Some(body) = body.bytes().map(<[u8]>::to_vec) else {
        return Err(user("a request whose body is a stream".into()));
    };
    let request = reqwest::Request::try_from(http::Request::from_parts(head, body))
        .map_err(|error| user(error.into()))?;
    let answered = client.execute(request).await.map_err(failed)?;
    let mut response = http::Response::new(SdkBody::empty());
    *response.status_mut() = answered.status();
    response.headers_mut().clone_from(answered.headers());
    let body = answered.bytes().await.map_err(failed)?;
    let response = response.map(|_empty| SdkBody::from(body));
    HttpResponse::try_from(response).map_err(|error| user(error.into()))
}

/// A failure as the SDK judges it: what timed out and what broke is tried again.
fn failed(error: reqwest::Error) -> ConnectorError {
    let timed_out = error.is_timeout();
    let error = error.without_url().into();
    if timed_out {
        ConnectorError::timeout(error)
    } else {
        ConnectorError::io(error)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::Arc,
        thread,
    };

    use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
    use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
    use aws_types::{SdkConfig, region::Region};
    use tokio::net::TcpSocket;

    use super::{CONNECT_MAX, HttpRequest, HttpResponse, SdkBody, http_client, send};
    use crate::{
        chance::SystemChance,
        clock::SystemClock,
        domain::{AccountId, Timestamp},
        store::{
            self, Core, LocalBooks,
            local::{Ending, OpenedAccount},
        },
    };

    fn client() -> reqwest::Client {
        reqwest::Client::builder()
            .tls_backend_preconfigured(crate::carrier::tls::client_config().unwrap())
            .connect_timeout(CONNECT_MAX)
            .build()
            .unwrap()
    }

    fn request(port: u16) -> HttpRequest {
        let request = http::Request::post(format!("http://127.0.0.1:{port}/"))
            .header("x-amz-target", "Some.Thing")
            .body(SdkBody::from("{}"));
        HttpRequest::try_from(request.unwrap()).unwrap()
    }

    /// Answers one connection with `answer`, after it has heard the request's end.
    fn serve(answer: &'static str) -> (u16, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut heard = Vec::new();
            while !heard.ends_with(b"\r\n\r\n{}") {
                let mut piece = [0; 1024];
                let length = stream.read(&mut piece).unwrap();
                heard.extend_from_slice(&piece[..length]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(heard).unwrap()
        });
        (port, heard)
    }

    #[tokio::test]
    async fn what_is_sent_and_answered_arrives_whole() {
        let answer = "HTTP/1.1 400 Bad Request\r\nx-said: no\r\ncontent-length: 3\r\n\r\nwhy";
        let (port, heard) = serve(answer);
        let response: HttpResponse = send(client(), request(port)).await.unwrap();
        assert_eq!(response.status().as_u16(), 400);
        assert_eq!(response.headers().get("x-said"), Some("no"));
        assert_eq!(response.body().bytes(), Some(&b"why"[..]));
        let heard = heard.join().unwrap();
        assert!(heard.starts_with("POST / HTTP/1.1"), "{heard}");
        assert!(heard.contains("x-amz-target: Some.Thing"), "{heard}");
    }

    #[tokio::test]
    async fn what_breaks_or_is_not_there_may_be_tried_again() {
        let (port, _) = serve("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\ncut off");
        assert!(send(client(), request(port)).await.unwrap_err().is_io());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        assert!(send(client(), request(port)).await.unwrap_err().is_io());
    }

    /// The local carrier's books over this client. What cannot have arrived is told apart
    /// from what may have: the client must not hide it.
    #[tokio::test]
    async fn what_nobody_listened_to_was_not_written() {
        // Bound and not listening: connections are refused, and nobody else gets it.
        let nobody = TcpSocket::new_v4().unwrap();
        nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let account = OpenedAccount {
            id: AccountId::new("account"),
            name: "name".to_owned(),
            secret_hash: None,
            since: Timestamp::default(),
        };
        let opened = books(nobody.local_addr().unwrap()).open(&account).await;
        assert_eq!(opened.unwrap_err().ending, Ending::NotSent);
    }

    fn books(address: std::net::SocketAddr) -> LocalBooks {
        let credentials = Credentials::new("test", "test", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("local-books"))
            .endpoint_url(format!("http://{address}"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client().unwrap())
            .build();
        let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
        LocalBooks::new(Core::new(store::client(&config), "core", clock, chance))
    }
}
