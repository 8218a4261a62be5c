//! The edge proxy between a client and an upstream, over real sockets. Both ends speak raw HTTP: what is tested is that
//! the proxy leaves the bytes alone.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use numberline_stack::edge::{Settings, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const API_HOST: &str = "abcd1234.execute-api.127.0.0.1:4566";
const WEBHOOK_HOST: &str = "xyz.lambda-url.us-east-1.on.aws";

/// Answers one connection with `answer` once `body` has arrived; gives back all that came.
async fn upstream(
    body: &'static [u8],
    answer: &'static str,
) -> io::Result<(SocketAddr, JoinHandle<io::Result<Vec<u8>>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let mut seen = Vec::new();
        while !(contains(&seen, b"\r\n\r\n") && seen.ends_with(body)) {
            if stream.read_buf(&mut seen).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        stream.write_all(answer.as_bytes()).await?;
        Ok(seen)
    });
    Ok((address, task))
}

async fn edge(
    aws: SocketAddr,
    web: PathBuf,
    transcript: Option<PathBuf>,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let settings = Settings {
        aws: aws.to_string(),
        api_host: API_HOST.to_owned(),
        webhook_host: WEBHOOK_HOST.to_owned(),
        simulator: "http://127.0.0.1:4610".to_owned(),
        web,
        transcript,
    };
    tokio::spawn(serve(listener, settings));
    Ok(address)
}

/// Sends the bytes and reads the answer until the proxy closes, which the requests here ask for.
async fn exchange(edge: SocketAddr, request: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(edge).await?;
    stream.write_all(request).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn nowhere() -> PathBuf {
    PathBuf::from("/no/such/folder")
}

#[tokio::test]
async fn a_webhook_passes_byte_for_byte_under_the_function_urls_host() {
    const BODY: &[u8] = b"Body=a%20b+c&Bytes=\xff\x00\r\n&To=%2B15125550100";
    let (aws, seen) = upstream(BODY, "HTTP/1.1 204 No Content\r\n\r\n")
        .await
        .unwrap();
    let edge = edge(aws, nowhere(), None).await.unwrap();
    let mut request = format!(
        "POST /webhooks/signalwire/sms/t%7Eok?a=%2B&b=+ HTTP/1.1\r\nHost: {edge}\r\nConnection: close, X-Hop\r\n\
         X-Hop: 1\r\nX-SignalWire-Signature: c2lnbmVk\r\nX-Forwarded-For: 203.0.113.9\r\nContent-Length: {}\r\n\r\n",
        BODY.len()
    )
    .into_bytes();
    request.extend_from_slice(BODY);

    let answer = exchange(edge, &request).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    let seen = seen.await.unwrap().unwrap();
    assert!(seen.ends_with(BODY));
    let head = String::from_utf8_lossy(&seen).to_lowercase();
    assert!(
        head.starts_with("post /webhooks/signalwire/sms/t%7eok?a=%2b&b=+ http/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains(&format!("\r\nhost: {WEBHOOK_HOST}\r\n")));
    assert!(head.contains("\r\nx-signalwire-signature: c2lnbmvk\r\n"));
    assert!(head.contains("\r\nx-forwarded-for: 203.0.113.9, 127.0.0.1\r\n"));
    assert!(head.contains(&format!("\r\nx-forwarded-host: {edge}\r\n")));
    assert!(!head.contains("x-hop"), "{head}");
}

#[tokio::test]
async fn the_api_has_a_host_of_its_own_and_its_answer_comes_back_whole() {
    const ANSWER: &str = "HTTP/1.1 202 Accepted\r\nLocation: /api/orders/ord_1\r\nRetry-After: 2\r\n\
                          Content-Length: 9\r\n\r\n{\"id\":\"\"}";
    let (aws, seen) = upstream(b"", ANSWER).await.unwrap();
    let edge = edge(aws, nowhere(), None).await.unwrap();
    let request = format!("GET /api/me HTTP/1.1\r\nHost: {edge}\r\nConnection: close\r\n\r\n");

    let answer = exchange(edge, request.as_bytes()).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    assert!(answer.contains("location: /api/orders/ord_1\r\n"));
    assert!(answer.contains("retry-after: 2\r\n"));
    assert!(answer.ends_with("{\"id\":\"\"}"));
    let head = String::from_utf8(seen.await.unwrap().unwrap()).unwrap();
    assert!(
        head.to_lowercase()
            .contains(&format!("\r\nhost: {API_HOST}\r\n"))
    );
}

#[tokio::test]
async fn a_missing_ministack_is_said_plainly() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let aws = gone.local_addr().unwrap();
    drop(gone);
    let edge = edge(aws, nowhere(), None).await.unwrap();
    let request = format!("GET /api/me HTTP/1.1\r\nHost: {edge}\r\nConnection: close\r\n\r\n");

    let answer = exchange(edge, request.as_bytes()).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 502"), "{answer}");
    assert!(answer.contains(&format!("MiniStack at {aws} does not answer")));
}

#[tokio::test]
async fn the_transcript_has_every_answer() {
    const ANSWER: &str = "HTTP/1.1 200 OK\r\nX-Id: 7\r\nContent-Length: 5\r\n\r\nhello";
    let file = std::env::temp_dir().join(format!("edge-transcript-{}", std::process::id()));
    let (aws, _seen) = upstream(b"", ANSWER).await.unwrap();
    let edge = edge(aws, nowhere(), Some(file.clone())).await.unwrap();
    let request =
        format!("GET /api/plans?x=1 HTTP/1.1\r\nHost: {edge}\r\nConnection: close\r\n\r\n");

    let answer = exchange(edge, request.as_bytes()).await.unwrap();

    assert!(answer.ends_with("hello"), "{answer}");
    let line: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(line["request"], "GET /api/plans?x=1");
    assert_eq!(line["status"], 200);
    assert_eq!(line["headers"]["x-id"], "7");
    assert_eq!(line["body"], "hello");
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn without_a_web_app_the_origin_lists_its_addresses() {
    let edge = edge("127.0.0.1:9".parse().unwrap(), nowhere(), None)
        .await
        .unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {edge}\r\nConnection: close\r\n\r\n");

    let answer = exchange(edge, request.as_bytes()).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(&format!("http://{edge}/api")));
}

#[tokio::test]
async fn the_web_app_is_served_also_for_addresses_made_in_the_browser() {
    let web = std::env::temp_dir().join(format!("edge-web-{}", std::process::id()));
    std::fs::create_dir_all(&web).unwrap();
    std::fs::write(web.join("index.html"), "<p>the app</p>").unwrap();
    let edge = edge("127.0.0.1:9".parse().unwrap(), web.clone(), None)
        .await
        .unwrap();
    for path in ["/", "/index.html", "/numbers/num_1"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {edge}\r\nConnection: close\r\n\r\n");
        let answer = exchange(edge, request.as_bytes()).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        assert!(answer.ends_with("<p>the app</p>"), "{path}: {answer}");
    }
    std::fs::remove_dir_all(web).unwrap();
}
