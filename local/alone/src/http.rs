//! HTTP on this machine: whole requests in, whole answers out.

use std::convert::Infallible;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

/// Longer requests are answered with 413, in bytes. Six megabytes are what Lambda takes.
const BODY_MAX: usize = 6 * 1024 * 1024;

/// Answers every request with what `handle` says, until the listener fails.
pub(crate) async fn serve<H, F>(listener: TcpListener, handle: H)
where
    H: Fn(Request<Bytes>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Bytes>> + Send + 'static,
{
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, handle.clone()));
    }
}

async fn connection<H, F>(stream: TcpStream, handle: H)
where
    H: Fn(Request<Bytes>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Bytes>> + Send + 'static,
{
    // Where it fails, answers are a little late.
    let _set = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let handle = handle.clone();
        async move { Ok::<_, Infallible>(whole(request, handle).await.map(Full::new)) }
    });
    let served = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // A connection that breaks is the client's to notice.
    drop(served);
}

async fn whole<H, F>(request: Request<Incoming>, handle: H) -> Response<Bytes>
where
    H: Fn(Request<Bytes>) -> F,
    F: Future<Output = Response<Bytes>>,
{
    let (head, body) = request.into_parts();
    match Limited::new(body, BODY_MAX).collect().await {
        Ok(body) => handle(Request::from_parts(head, body.to_bytes())).await,
        Err(_) => answer(StatusCode::PAYLOAD_TOO_LARGE, Bytes::new()),
    }
}

/// An answer without headers of its own.
pub(crate) fn answer(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    answer
}

/// What a server on this machine answers to `GET path`: the status and the body.
pub(crate) async fn get(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<(StatusCode, Bytes)> {
    let stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("nobody answers at {address}"))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = Request::get(path).header(http::header::HOST, address.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = sender
        .send_request(request.body(Full::new(Bytes::new()))?)
        .await?;
    let (head, body) = answer.into_parts();
    Ok((head.status, body.collect().await?.to_bytes()))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tokio::net::TcpListener;

    use super::{answer, get, serve};

    #[tokio::test]
    async fn what_is_served_is_what_is_got() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, |request| async move {
            let name = request.headers().get("name").unwrap().to_str().unwrap();
            answer(StatusCode::IM_A_TEAPOT, format!("{} {name}", request.uri()))
        }));
        let (status, body) = get(address, "/tea?hot", &[("name", "ada")]).await.unwrap();
        assert_eq!(
            (status, &body[..]),
            (StatusCode::IM_A_TEAPOT, &b"/tea?hot ada"[..])
        );
    }
}
