//! The simulator as tests hold it: requests in, answers out, and every control
//! of `/__sim/` as a method.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::{
    Carrier, Clock, Delivered, Delivery, DirectHttp, Fault, Inbound, InboundError, Inventory,
    Ledger, NobodysNumber, Receipt, Registration, Restock, Rewiring, Rules, Settings, StockError,
    control, delivery::receipt, signalwire, world::World,
};

mod telling;

/// A simulator. Clones share one world.
#[derive(Clone, Debug)]
pub struct Simulator {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    world: Mutex<World>,
    delivery: Arc<dyn Delivery>,
    woken: Notify,
}

/// The connection was dropped: there is no answer. Whether the request had an
/// effect is what the caller cannot know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the simulator dropped the connection")]
pub struct Dropped;

impl Simulator {
    /// A simulator that delivers its webhooks over plain HTTP.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::with_delivery(settings, Arc::new(DirectHttp))
    }

    /// A simulator that hands its webhooks to `delivery`.
    #[must_use]
    pub fn with_delivery(settings: Settings, delivery: Arc<dyn Delivery>) -> Self {
        let world = Mutex::new(World::new(settings.clone()));
        Self {
            inner: Arc::new(Inner {
                settings,
                world,
                delivery,
                woken: Notify::new(),
            }),
        }
    }

    /// Answers one request, as `http://host:port` would: the path starts with
    /// the carrier's name or with `/__sim/`.
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Dropped> {
        if control::is_for(&request) {
            return Ok(control::answer(self, request).await);
        }
        let Some((carrier, request)) = addressed(request) else {
            return Ok(control::not_found());
        };
        let verdict = self.world().serve(carrier, &request);
        self.inner.woken.notify_one();
        if verdict.wait_ms > 0 {
            tokio::time::sleep(Duration::from_millis(verdict.wait_ms)).await;
        }
        verdict.response.ok_or(Dropped)
    }

    /// Everything that happened so far.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.world().ledger.clone()
    }

    /// How many requests came too fast and were answered 429.
    #[must_use]
    pub fn limited(&self) -> u64 {
        self.world().limited
    }

    /// Who owns what, now.
    #[must_use]
    pub fn inventory(&self) -> Inventory {
        self.world().inventory()
    }

    /// Arranges a failure.
    pub fn arrange(&self, fault: Fault) {
        self.world().arrange(fault);
    }

    /// The failures still to come.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.world().faults().to_vec()
    }

    /// Calls all failures off.
    pub fn clear_faults(&self) {
        self.world().clear_faults();
    }

    /// Changes what is for sale.
    pub fn restock(&self, change: &Restock) -> Result<(), StockError> {
        self.world().restock(change)
    }

    /// Changes a number as somebody did in the carrier's dashboard.
    pub fn rewire(&self, change: &Rewiring) -> Result<(), NobodysNumber> {
        self.world().rewire(change)
    }

    /// No API token of `account` is let in any more, as when somebody deletes them at the
    /// carrier's site.
    pub fn revoke_tokens(&self, account: &str) {
        self.world().signalwire.revoke_tokens(account);
    }

    /// Whether a phone that registers like this is let in.
    #[must_use]
    pub fn registers(&self, phone: &Registration) -> bool {
        self.world().registers(phone)
    }

    /// The simulator's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.world().now()
    }

    /// Puts the clock to `now`.
    pub fn set_time(&self, now: Timestamp) {
        self.world().clock.set(now);
        self.inner.woken.notify_one();
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.world().clock.advance(by);
        self.inner.woken.notify_one();
    }

    /// Replaces the clock, for example with one that stands.
    pub fn set_clock(&self, clock: Clock) {
        self.world().clock = clock;
        self.inner.woken.notify_one();
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.world().settings.rules.clone()
    }

    /// Changes the rules.
    pub fn set_rules(&self, rules: Rules) {
        self.world().settings.rules = rules;
    }

    /// Forgets everything and starts again as set up.
    pub fn reset(&self) {
        *self.world() = World::new(self.inner.settings.clone());
    }

    /// Lets something happen outside and waits for the customer's answer.
    pub async fn inbound(&self, inbound: &Inbound) -> Result<Delivered, InboundError> {
        telling::inbound(self, inbound).await
    }

    /// Delivers the status callbacks that are due, oldest first, each up to
    /// three times until it is answered with a success. A served simulator
    /// does this by itself.
    pub async fn deliver_due(&self) -> Vec<Receipt> {
        telling::deliver_due(self).await
    }

    /// Waits until something may have become due.
    pub(crate) async fn until_due(&self) {
        let (due, now, running) = {
            let world = self.world();
            (
                world.outbox.next_due(),
                world.now(),
                world.clock.is_running(),
            )
        };
        let woken = self.inner.woken.notified();
        match due {
            Some(due) if running => {
                let left = Duration::try_from(due.duration_since(now)).unwrap_or_default();
                tokio::select! {
                    () = tokio::time::sleep(left) => {}
                    () = woken => {}
                }
            }
            _ => woken.await,
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // A panic elsewhere leaves a world that is still worth looking at.
        self.inner
            .world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, webhook: Request<Bytes>, fallback: bool) -> Receipt {
        let url = webhook.uri().to_string();
        let outcome = self.inner.delivery.deliver(webhook).await;
        receipt(url, outcome, fallback)
    }
}

/// The carrier a request is for, and the request as that carrier sees it.
fn addressed(request: Request<Bytes>) -> Option<(Carrier, Request<Bytes>)> {
    let path = request.uri().path_and_query()?.as_str().to_owned();
    let carrier = Carrier::ALL.into_iter().find(|carrier| {
        path.strip_prefix('/')
            .and_then(|path| path.strip_prefix(carrier.name()))
            .is_some_and(|rest| rest.starts_with('/'))
    })?;
    let (mut head, body) = request.into_parts();
    head.uri = path.get(carrier.name().len() + 1..)?.parse().ok()?;
    Some((carrier, Request::from_parts(head, body)))
}
