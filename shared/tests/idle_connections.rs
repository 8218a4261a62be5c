//! Connections that died while a function was idle: a proxy on the way forgets them, and
//! whoever uses one again hears nothing but its end.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use numberline::{
    carrier::{
        Account, Carrier, Credentials, HttpTransport, NumberQuery, OutgoingMessage, PurchaseOrder,
        signalwire::{Config, SignalWire},
    },
    domain::{AccountId, CarrierId, MessageId, WebhookToken, Webhooks},
};
use numberline_simulator::{Kind, Settings, Simulator, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Far above what loopback takes, so that no test depends on it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A proxy that forgets a connection after its first answer, without telling.
async fn forgetful(listener: TcpListener, behind: SocketAddr, cut: Arc<AtomicU32>) {
    while let Ok((near, _)) = listener.accept().await {
        let cut = Arc::clone(&cut);
        tokio::spawn(async move {
            let far = TcpStream::connect(behind).await?;
            Box::pin(pass_one_answer(near, far, &cut)).await
        });
    }
}

async fn pass_one_answer(
    mut near: TcpStream,
    mut far: TcpStream,
    cut: &AtomicU32,
) -> io::Result<()> {
    let (mut asked, mut answered, mut has_answered) = ([0; 8192], [0; 8192], false);
    loop {
        tokio::select! {
            length = near.read(&mut asked) => match length? {
                0 => return Ok(()),
                _ if has_answered => {
                    cut.fetch_add(1, Ordering::SeqCst);
                    return Ok(());
                }
                length => far.write_all(asked.get(..length).unwrap_or_default()).await?,
            },
            length = far.read(&mut answered) => match length? {
                0 => return Ok(()),
                length => {
                    has_answered = true;
                    near.write_all(answered.get(..length).unwrap_or_default()).await?;
                }
            },
        }
    }
}

#[tokio::test]
async fn a_dead_connection_costs_a_try_and_never_a_purchase_or_a_text() {
    let settings = Settings::default();
    let simulator = Simulator::new(settings.clone());
    let carrier_end = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/signalwire", proxy.local_addr().unwrap());
    let cut = Arc::new(AtomicU32::new(0));
    let behind = carrier_end.local_addr().unwrap();
    tokio::spawn(forgetful(proxy, behind, Arc::clone(&cut)));
    tokio::spawn({
        let simulator = simulator.clone();
        async move { serve(simulator, carrier_end).await.map(drop) }
    });
    let account = Account {
        id: AccountId::new(&settings.project_id),
        credentials: Credentials::new(settings.api_token.expose()),
    };
    let config = Config::new(&base, &account.id).unwrap();
    let carrier = SignalWire::new(config, Arc::new(HttpTransport::new(TIMEOUT).unwrap()));
    let query = NumberQuery::any_in("512".parse().unwrap(), 5);
    for _ in 0..3 {
        let found = carrier.search(&account, &query).await.unwrap();
        assert_eq!(found.len(), 5);
    }
    let e164 = carrier
        .search(&account, &query)
        .await
        .unwrap()
        .remove(0)
        .e164;
    let token = WebhookToken::derived(1);
    let webhooks = Webhooks::new(
        "https://hooks.example",
        &CarrierId::from("signalwire"),
        token,
    );
    let order = PurchaseOrder {
        e164: e164.clone(),
        reference: "ord_1".to_owned(),
        webhooks: webhooks.clone(),
    };
    carrier.purchase(&account, &order).await.unwrap();
    let id = MessageId::derived(1);
    let text = OutgoingMessage {
        status_url: webhooks.message_status_url(&id),
        id,
        from: e164,
        to: "+14155550177".parse().unwrap(),
        body: "See you at nine".to_owned(),
    };
    carrier.send_message(&account, &text).await.unwrap();
    assert!(cut.load(Ordering::SeqCst) > 0, "no connection died");
    let ledger = simulator.ledger();
    assert_eq!(
        (ledger.total(Kind::Purchase), ledger.total(Kind::Message)),
        (1, 1)
    );
}
