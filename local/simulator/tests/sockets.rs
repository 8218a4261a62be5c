//! The simulator on a real socket: answers, dropped connections, webhooks that
//! arrive.

#[cfg(test)]
mod suite {
    use std::time::Duration;

    use base64::{Engine, engine::general_purpose::STANDARD};
    use numberline_simulator::{Carrier, Fault, Kind, Mode, Operation, Settings, Simulator, serve};
    use serde_json::{Value, json};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        task::JoinHandle,
        time::timeout,
    };

    const NUMBER: &str = "+15125550100";
    /// Long enough for any machine; nothing is measured with it.
    const PATIENCE: Duration = Duration::from_mins(1);

    struct Served {
        simulator: Simulator,
        address: String,
        settings: Settings,
        task: JoinHandle<()>,
    }

    impl Drop for Served {
        fn drop(&mut self) {
            self.task.abort();
        }
    }

    async fn served() -> Served {
        let settings = Settings::default();
        let simulator = Simulator::new(settings.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let task = tokio::spawn({
            let simulator = simulator.clone();
            async move { drop(serve(simulator, listener).await) }
        });
        Served {
            simulator,
            address,
            settings,
            task,
        }
    }

    impl Served {
        /// Sends bytes and reads until the other side closes.
        async fn raw(&self, method: &str, path: &str, media: &str, body: &str) -> String {
            let credentials = format!(
                "{}:{}",
                self.settings.project_id,
                self.settings.api_token.expose()
            );
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Basic {}\r\n\
                 content-type: {media}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                self.address,
                STANDARD.encode(credentials),
                body.len(),
            );
            let exchange = async {
                let mut stream = TcpStream::connect(&self.address).await.unwrap();
                stream.write_all(request.as_bytes()).await.unwrap();
                let mut answer = String::new();
                // A reset is as good an end as a close here.
                drop(stream.read_to_string(&mut answer).await);
                answer
            };
            timeout(PATIENCE, exchange).await.unwrap()
        }

        async fn form(&self, path: &str, form: &[(&str, &str)]) -> String {
            let body = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(form)
                .finish();
            let path = format!(
                "/signalwire/api/laml/2010-04-01/Accounts/{}/{path}",
                self.settings.project_id
            );
            let media = "application/x-www-form-urlencoded";
            self.raw("POST", &path, media, &body).await
        }

        async fn control(&self, name: &str, body: Value) -> Value {
            let path = format!("/__sim/{name}");
            let answer = self
                .raw("POST", &path, "application/json", &body.to_string())
                .await;
            body_of(&answer)
        }
    }

    fn body_of(answer: &str) -> Value {
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }

    /// Takes one request, answers it with `status`, and gives its text.
    async fn take(listener: &TcpListener, status: &str) -> String {
        let receive = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = Vec::new();
            while !is_whole(&text) {
                let mut some = [0; 4096];
                let read = stream.read(&mut some).await.unwrap();
                assert!(read > 0, "the request ended early");
                text.extend_from_slice(&some[..read]);
            }
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 11\r\n\r\n<Response/>");
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(text).unwrap()
        };
        timeout(PATIENCE, receive).await.unwrap()
    }

    fn is_whole(text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return false;
        };
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        body.len() >= length
    }

    #[tokio::test]
    async fn a_number_is_searched_and_bought() {
        let served = served().await;
        let path = "/signalwire/api/relay/rest/phone_numbers/search?areacode=512";
        let answer = served.raw("GET", path, "text/plain", "").await;
        assert!(answer.starts_with("HTTP/1.1 200"));
        assert_eq!(body_of(&answer)["data"][0]["number"], NUMBER);
        let answer = served
            .form("IncomingPhoneNumbers.json", &[("PhoneNumber", NUMBER)])
            .await;
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        assert_eq!(served.simulator.ledger().total(Kind::Purchase), 1);
    }

    #[tokio::test]
    async fn a_lost_response_closes_the_connection_without_a_byte() {
        let served = served().await;
        for (mode, purchases) in [(Mode::LostRequest, 0), (Mode::LostResponse, 1)] {
            let fault = Fault::once(Carrier::SignalWire, Operation::Purchase, mode);
            served.simulator.arrange(fault);
            let answer = served
                .form("IncomingPhoneNumbers", &[("PhoneNumber", NUMBER)])
                .await;
            assert_eq!(answer, "");
            assert_eq!(served.simulator.ledger().total(Kind::Purchase), purchases);
        }
        let answer = served.raw("GET", "/__sim/ledger", "text/plain", "").await;
        assert_eq!(body_of(&answer)["totals"]["purchase"], 1);
    }

    #[tokio::test]
    async fn an_inbound_text_reaches_the_receiver_and_brings_its_answer() {
        let served = served().await;
        let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/sms", receiver.local_addr().unwrap());
        served
            .form(
                "IncomingPhoneNumbers",
                &[("PhoneNumber", NUMBER), ("SmsUrl", &url)],
            )
            .await;
        let text = json!({"kind": "sms", "to": NUMBER, "from": "+12125550199", "body": "hi"});
        let (answer, arrived) = tokio::join!(
            served.control("inbound", text),
            take(&receiver, "202 Accepted")
        );
        assert_eq!(answer["status"], 202);
        assert_eq!(answer["body"], "<Response/>");
        assert!(arrived.starts_with("POST /hooks/sms HTTP/1.1"));
        assert!(arrived.contains("x-signalwire-signature: "));
        assert!(arrived.contains("Body=hi"));
    }

    #[tokio::test]
    async fn status_callbacks_arrive_by_themselves() {
        let served = served().await;
        let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/status", receiver.local_addr().unwrap());
        served
            .form("IncomingPhoneNumbers", &[("PhoneNumber", NUMBER)])
            .await;
        let answer = served
            .form(
                "Messages",
                &[
                    ("To", "+12125550199"),
                    ("From", NUMBER),
                    ("Body", "x"),
                    ("StatusCallback", &url),
                ],
            )
            .await;
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        for status in ["queued", "sent", "delivered"] {
            let arrived = take(&receiver, "204 No Content").await;
            assert!(
                arrived.contains(&format!("MessageStatus={status}")),
                "{arrived}"
            );
        }
    }

    #[tokio::test]
    async fn nobody_listening_is_reported() {
        let served = served().await;
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/gone", closed.local_addr().unwrap());
        drop(closed);
        let text = json!({"kind": "sms", "to": NUMBER, "from": "+12125550199", "url": url,
            "account": served.settings.project_id});
        let answer = served.control("inbound", text.clone()).await;
        assert_eq!(answer["status"], Value::Null);
        assert_eq!(answer["receipts"][0]["error"], "no connection");
    }

    #[tokio::test]
    async fn a_body_without_measure_is_refused() {
        let served = served().await;
        let body = "x".repeat(1024 * 1024 + 1);
        let answer = served
            .raw("POST", "/__sim/faults", "application/json", &body)
            .await;
        // The connection may close before everything was written.
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
            "{answer}"
        );
        let path = "/elsewhere";
        let answer = served.raw("GET", path, "text/plain", "").await;
        assert!(answer.starts_with("HTTP/1.1 404"));
    }
}
