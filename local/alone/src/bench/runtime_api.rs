//! Lambda's Runtime API for one function: hands out events when it is asked to, and notes to the microsecond when it
//! was asked and answered.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::http::{answer, serve};

/// What a function did.
#[derive(Debug)]
pub(super) enum Deed {
    /// It asked for an event.
    Asked(Ask),
    /// It answered one.
    Answered {
        /// When.
        at: Instant,
        /// What.
        body: Bytes,
    },
    /// It says that it cannot go on.
    Failed {
        /// Why.
        body: Bytes,
    },
}

/// A function that waits for an event.
#[derive(Debug)]
pub(super) struct Ask {
    /// Since when.
    pub(super) at: Instant,
    hand_out: oneshot::Sender<Invocation>,
}

impl Ask {
    /// Gives it one.
    pub(super) fn answer(self, invocation: Invocation) {
        // A function that is gone is noticed where its answer is waited for.
        let _gone = self.hand_out.send(invocation);
    }
}

/// An event and how long there is for it.
#[derive(Clone, Debug)]
pub(super) struct Invocation {
    /// What it is called.
    pub(super) id: String,
    /// When its time is over, in milliseconds since the Unix epoch.
    pub(super) deadline: i64,
    /// The event.
    pub(super) event: Bytes,
}

/// The API, served until this is dropped.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    /// What `AWS_LAMBDA_RUNTIME_API` says.
    pub(super) address: SocketAddr,
    deeds: mpsc::UnboundedReceiver<Deed>,
    serving: JoinHandle<()>,
}

impl RuntimeApi {
    /// Serves it on a free port.
    pub(super) async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (tell, deeds) = mpsc::unbounded_channel();
        let serving = tokio::spawn(serve(listener, move |request| {
            respond(request, tell.clone())
        }));
        Ok(Self {
            address,
            deeds,
            serving,
        })
    }

    /// What the function does next.
    pub(super) async fn deed(&mut self) -> Result<Deed> {
        self.deeds.recv().await.context("the Runtime API ended")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn respond(request: Request<Bytes>, tell: mpsc::UnboundedSender<Deed>) -> Response<Bytes> {
    let at = Instant::now();
    let (head, body) = request.into_parts();
    let path = head.uri.path().strip_prefix("/2018-06-01/runtime/");
    let path: Vec<&str> = path.unwrap_or_default().split('/').collect();
    let deed = match (&head.method, path.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => return next(at, &tell).await,
        (&Method::POST, ["invocation", _, "response"]) => Deed::Answered { at, body },
        (&Method::POST, ["invocation", _, "error"] | ["init", "error"]) => Deed::Failed { body },
        _ => return answer(StatusCode::NOT_FOUND, Bytes::new()),
    };
    // Nobody listens any more where the run is over.
    let _over = tell.send(deed);
    answer(StatusCode::ACCEPTED, r#"{"status":"OK"}"#)
}

async fn next(at: Instant, tell: &mpsc::UnboundedSender<Deed>) -> Response<Bytes> {
    let (hand_out, handed_out) = oneshot::channel();
    let _over = tell.send(Deed::Asked(Ask { at, hand_out }));
    let Ok(invocation) = handed_out.await else {
        return answer(StatusCode::GONE, Bytes::new());
    };
    let built = Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", &invocation.id)
        .header("lambda-runtime-deadline-ms", invocation.deadline)
        .header("lambda-runtime-invoked-function-arn", ARN)
        .header("lambda-runtime-trace-id", TRACE)
        .body(invocation.event);
    built.unwrap_or_else(|_| answer(StatusCode::INTERNAL_SERVER_ERROR, Bytes::new()))
}

const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:alone";
const TRACE: &str = "Root=1-67000000-000000000000000000000001;Sampled=0";

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use bytes::Bytes;
    use http::StatusCode;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::{Deed, Invocation, RuntimeApi};
    use crate::http::get;

    async fn post(address: SocketAddr, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head =
            format!("POST /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: x\r\nconnection: close");
        let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn an_event_is_handed_out_and_its_answer_noted() {
        let mut api = RuntimeApi::open().await.unwrap();
        let address = api.address;
        let asked =
            tokio::spawn(
                async move { get(address, "/2018-06-01/runtime/invocation/next", &[]).await },
            );
        let Deed::Asked(ask) = api.deed().await.unwrap() else {
            panic!("it did not ask");
        };
        let since = ask.at;
        ask.answer(Invocation {
            id: "one".to_owned(),
            deadline: 7,
            event: Bytes::from_static(b"{}"),
        });
        let (status, event) = asked.await.unwrap().unwrap();
        assert_eq!((status, &event[..]), (StatusCode::OK, &b"{}"[..]));
        let answered = post(address, "invocation/one/response", "\"hello\"").await;
        assert!(answered.starts_with("HTTP/1.1 202"), "{answered}");
        let Deed::Answered { at, body } = api.deed().await.unwrap() else {
            panic!("it did not answer");
        };
        assert!(at > since);
        assert_eq!(body, "\"hello\"");
    }

    #[tokio::test]
    async fn a_function_that_cannot_go_on_says_so() {
        let mut api = RuntimeApi::open().await.unwrap();
        for path in ["init/error", "invocation/one/error"] {
            post(api.address, path, "no").await;
            let Deed::Failed { body } = api.deed().await.unwrap() else {
                panic!("it did not fail");
            };
            assert_eq!(body, "no");
        }
        let (status, _) = get(api.address, "/elsewhere", &[]).await.unwrap();
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}
