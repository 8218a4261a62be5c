//! The simulator on a socket.
//!
//! Straight on hyper, because a lost response must close the connection
//! without a byte, which a framework that always answers cannot do.

use std::{convert::Infallible, io};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{Dropped, Simulator};

/// Longer requests are answered with 413.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Serves until the listener fails. Dropping the future ends every connection.
pub async fn serve(simulator: Simulator, listener: TcpListener) -> io::Result<Infallible> {
    let mut tasks = JoinSet::new();
    tasks.spawn(pump(simulator.clone()));
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                match accepted {
                    Ok((stream, _)) => {
                        tasks.spawn(connection(simulator.clone(), stream));
                    }
                    // The client gave up while it stood in the queue.
                    Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                    Err(error) => return Err(error),
                }
            }
            // Finished connections are taken off the set.
            Some(_) = tasks.join_next() => {}
        }
    }
}

/// Delivers status callbacks as they fall due.
async fn pump(simulator: Simulator) {
    loop {
        simulator.deliver_due().await;
        simulator.until_due().await;
    }
}

async fn connection(simulator: Simulator, stream: TcpStream) {
    let service = service_fn(move |request| respond(simulator.clone(), request));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // A broken connection is the client's to notice, or what a fault asked for.
    drop(served);
}

async fn respond(
    simulator: Simulator,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Dropped> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_BYTES_MAX).collect().await else {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(response);
    };
    let request = Request::from_parts(head, body.to_bytes());
    simulator
        .handle(request)
        .await
        .map(|response| response.map(Full::new))
}
