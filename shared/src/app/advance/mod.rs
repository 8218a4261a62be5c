//! Working an order: take it, do what the machine says is next, write down what
//! came of it, and go on until it is done, waits, or time is short.

mod buy;
mod close;
mod give_back;
mod isolate;
mod outcome;
mod pace;
mod search;
mod wire;

use std::{sync::Arc, time::Duration};

use crate::{
    chance::Chance,
    clock::Clock,
    domain::{
        AttemptId, LeaseId, Timestamp,
        order::{
            Event, INTENT_MAX_AGE, IllegalEvent, Move, Order, OrderStatus, Owner, Policy, Signals,
            Task, TroubleCode,
        },
        pace::come_again,
    },
    queue::{DELAY_MAX, OrderQueue},
    store::{self, Core, Desk, Leased, Lost, OrderKey, Saved, Taken},
};

use super::{
    accounts::Accounts,
    carriers::Carriers,
    carriers::Platform,
    probe::{PROBE_TIMEOUT, Prober},
};

/// A worker is done with one order after this many moves: more is a defect, and
/// would otherwise spin until the sandbox dies.
const MOVES_MAX: u32 = 64;

/// How much longer than the invocation a lease lasts: clocks differ a little.
const LEASE_MARGIN: Duration = Duration::from_secs(5);

/// How long after its time an order is ended without looking at it further: whoever
/// should have ended it stopped at an error each time.
const OVERDUE: Duration = Duration::from_hours(1);

/// Time a worker keeps to write down what came of its last act.
const TIME_TO_WRITE: Duration = Duration::from_secs(2);

/// Everything a worker needs.
#[derive(Debug)]
pub struct Worker {
    /// The Core table.
    pub core: Core,
    /// Workspaces' accounts.
    pub accounts: Accounts,
    /// The queue that wakes workers.
    pub queue: OrderQueue,
    /// The carriers.
    pub carriers: Carriers,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// Scheme and host that carriers post webhooks to.
    pub webhook_base: String,
    /// What asks there whether they arrive.
    pub prober: Prober,
    /// Whether anything is bought: the platform's kill switch.
    pub purchases_open: bool,
}

/// How a worker left an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It has ended.
    Ended(OrderStatus),
    /// It waits until then.
    Waiting(Timestamp),
    /// Time was short: another worker goes on at once.
    HandedOn,
    /// Another worker has it, or it is gone.
    NotOurs,
    /// It is of another version, or at a carrier that is not configured.
    Unknown,
}

/// Why a worker stopped without leaving the order in a state of its choosing. The
/// lease runs out, and the order is taken up where its record stands.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// A table did not answer.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The machine refused what a task reported: a defect.
    #[error(transparent)]
    Illegal(#[from] IllegalEvent),
    /// The order made no end of moves: a defect.
    #[error("the order made {MOVES_MAX} moves without an end")]
    Endless,
}

/// An order in a worker's hands.
struct Hand<'a> {
    worker: &'a Worker,
    platform: &'a Platform,
    policy: Policy,
    place: OrderKey,
    lease: Leased,
    order: Order,
    signals: Signals,
    /// Until when this invocation lasts.
    deadline: Timestamp,
    /// Whether the lease is still held: a write that leaves the order waiting gives it up.
    held: bool,
}

/// What a write led to.
enum Written {
    /// Go on.
    Yes,
    /// Somebody else's claim stood in the way.
    Taken,
    /// Somebody asked for a cancel first; nothing was written.
    Canceled,
    /// The order is not ours any more.
    Lost,
}

/// Works an order until `deadline` at the latest.
pub async fn advance(
    worker: &Worker,
    place: &OrderKey,
    deadline: Timestamp,
) -> Result<Left, Stopped> {
    let lease = LeaseId::new(worker.clock.now(), worker.chance.draw());
    let until = deadline.plus(LEASE_MARGIN);
    let (taken, desk) = tokio::join!(
        Box::pin(worker.core.take_order(place, lease.clone(), until)),
        Box::pin(sit_down(worker, place, &lease, until)),
    );
    let desk = desk?;
    let left = match (taken, &desk) {
        (Ok(Taken::Held { lease, .. }), Seat::NoneFree) => send_away(worker, place, &lease).await,
        (Ok(held @ Taken::Held { .. }), Seat::At(_) | Seat::NotNeeded) => {
            Box::pin(work(worker, place, held, deadline)).await
        }
        (Ok(Taken::Busy(_) | Taken::Missing), _) => Ok(Left::NotOurs),
        (Ok(Taken::Foreign), _) => Ok(Left::Unknown),
        (Err(error), _) => Err(error.into()),
    };
    stand_up(worker, desk).await;
    left
}

/// Where an order is worked on.
enum Seat {
    At(Desk),
    NoneFree,
    /// The platform's own orders are few, and nobody stands behind them.
    NotNeeded,
}

async fn sit_down(
    worker: &Worker,
    place: &OrderKey,
    lease: &LeaseId,
    until: Timestamp,
) -> store::Result<Seat> {
    let Owner::Workspace(workspace) = &place.owner else {
        return Ok(Seat::NotNeeded);
    };
    let desk = worker.core.take_desk(workspace, lease, until).await?;
    Ok(desk.map_or(Seat::NoneFree, Seat::At))
}

/// A desk that is not left is free again when the lease would have run out.
async fn stand_up(worker: &Worker, seat: Seat) {
    let Seat::At(desk) = seat else { return };
    if let Err(error) = worker.core.leave_desk(&desk).await {
        tracing::warn!(%error, "a desk is left to its time");
    }
}

/// The workspace has as many orders in work as it may: this one comes again.
async fn send_away(worker: &Worker, place: &OrderKey, lease: &Leased) -> Result<Left, Stopped> {
    let now = worker.clock.now();
    let nth = u64::try_from(now.as_millis()).unwrap_or(0);
    let wait = come_again(&place.order, nth);
    worker.core.let_go(lease, now.plus(wait)).await?;
    if let Err(error) = worker.queue.wake(place, wait).await {
        tracing::warn!(order.id = %place.order, %error, "left to the sweep");
    }
    Ok(Left::Waiting(now.plus(wait)))
}

/// Works an order that was taken.
async fn work(
    worker: &Worker,
    place: &OrderKey,
    taken: Taken,
    deadline: Timestamp,
) -> Result<Left, Stopped> {
    let Taken::Held {
        lease,
        order,
        signals,
    } = taken
    else {
        return Ok(Left::NotOurs);
    };
    let order = *order;
    if worker.clock.now() > order.deadline.plus(OVERDUE) {
        return run_out(worker, &lease, order, TroubleCode::CarrierUnavailable).await;
    }
    let Some(platform) = worker.carriers.of(&order.carrier) else {
        return without_carrier(worker, &lease, order).await;
    };
    let place = place.clone();
    let policy = platform.policy();
    let hand = Hand {
        worker,
        platform,
        policy,
        place,
        lease,
        order,
        signals,
        deadline,
        held: true,
    };
    hand.work().await
}

/// An order at a carrier that is not configured waits for it, as long as orders live.
async fn without_carrier(worker: &Worker, lease: &Leased, order: Order) -> Result<Left, Stopped> {
    let now = worker.clock.now();
    if now > order.deadline {
        return run_out(worker, lease, order, TroubleCode::PlatformAccount).await;
    }
    worker.core.let_go(lease, now.plus(DELAY_MAX)).await?;
    Ok(Left::Unknown)
}

/// Ends an order whose time is over, whatever kept its workers from ending it (P6).
async fn run_out(
    worker: &Worker,
    lease: &Leased,
    mut order: Order,
    code: TroubleCode,
) -> Result<Left, Stopped> {
    let changes = order.run_out(code, worker.clock.now());
    let saved = worker
        .core
        .save_order(lease, &order, &changes, false)
        .await?;
    Ok(match saved {
        Saved::Yes(_) => Left::Ended(order.status),
        Saved::Lost(_) => Left::NotOurs,
    })
}

/// What is about to be done once, ready to go.
enum Act {
    Buy(buy::Purchasing),
    Release(give_back::Surrender),
}

/// Nothing is bought for now.
fn shop_closed() -> Event {
    Event::Deferred {
        trouble: TroubleCode::PlatformAccount,
        not_before: None,
    }
}

/// Time ran out before the act: it certainly had no effect.
fn held_up() -> Event {
    Event::Deferred {
        trouble: TroubleCode::CarrierUnavailable,
        not_before: None,
    }
}

impl Hand<'_> {
    async fn work(mut self) -> Result<Left, Stopped> {
        for _ in 0..MOVES_MAX {
            let now = self.worker.clock.now();
            let task = match self.order.next_move(self.signals, now) {
                Move::End => return Ok(Left::Ended(self.order.status)),
                Move::Wait(until) => return self.wait(until).await,
                Move::Do(_) if !self.held => return self.begin_anew().await,
                Move::Do(task) => task,
            };
            let written = if self.switched_off(task) {
                self.write(task, shop_closed()).await?
            } else if now.plus(self.time_for(task)) > self.deadline {
                return self.hand_on(task).await;
            } else if let Some(until) = self.turn(self.calls(task)).await? {
                self.write(task, Event::Paced(until)).await?
            } else {
                self.run(task).await?
            };
            match written {
                Written::Yes | Written::Taken => {}
                Written::Canceled => self.signals.cancel = true,
                Written::Lost => return Ok(Left::NotOurs),
            }
        }
        Err(Stopped::Endless)
    }

    /// While the kill switch is off nothing is begun that leads to a purchase. What
    /// was begun is looked after: an open purchase is still asked about.
    fn switched_off(&self, task: Task) -> bool {
        !self.worker.purchases_open && matches!(task, Task::Search | Task::Isolate | Task::Buy)
    }

    /// No carrier call starts with less time left than it may take. Probes go beside
    /// the look they belong to.
    fn time_for(&self, task: Task) -> Duration {
        let probes = if task == Task::Verify {
            PROBE_TIMEOUT
        } else {
            Duration::ZERO
        };
        (self.policy.call_timeout * self.rounds(task)).max(probes) + TIME_TO_WRITE
    }

    /// The most carrier calls a task makes one after another.
    fn rounds(&self, task: Task) -> u32 {
        match task {
            Task::Cancel | Task::Activate | Task::Empty => 0,
            Task::Buy | Task::Release | Task::Verify => 1,
            Task::Configure | Task::LookGone => 2,
            Task::Assign => 3,
            Task::LookBought => 4,
            Task::Search => search::ROUNDS,
            Task::Isolate => isolate::CALLS,
            Task::Seal => self.worker.carriers.count(),
        }
    }

    /// The calls whose turn is taken before a task is begun. Further searches of a task,
    /// which few need, wait for theirs when they come to it.
    fn calls(&self, task: Task) -> usize {
        let calls = if task == Task::Search {
            1
        } else {
            self.rounds(task)
        };
        usize::try_from(calls).unwrap_or(usize::MAX)
    }

    async fn run(&mut self, task: Task) -> Result<Written, Stopped> {
        let event = match task {
            Task::Search => return self.search().await,
            Task::Buy | Task::Release => return self.act(task).await,
            Task::Isolate => self.isolate().await?,
            Task::LookBought => self.look_bought().await?,
            Task::Assign => self.assign().await?,
            Task::Configure => self.configure().await?,
            Task::Verify => self.verify().await?,
            Task::LookGone => self.look_gone().await?,
            Task::Empty => self.empty().await?,
            Task::Seal => self.seal().await?,
            Task::Activate => Event::Activated,
            Task::Cancel => Event::Canceled,
        };
        let next_write_says_it = matches!(event, Event::Isolated(..) | Event::Verified);
        if next_write_says_it {
            self.order
                .record(task, event, &self.policy, self.worker.clock.now())?;
            return Ok(Written::Yes);
        }
        self.write(task, event).await
    }

    /// Does what must not be done twice: prepares, writes the intent, acts, writes the
    /// outcome. Nothing slow comes between the intent and the act, because the settle
    /// window is computed for an act that follows at once.
    async fn act(&mut self, task: Task) -> Result<Written, Stopped> {
        let prepared = if task == Task::Buy {
            self.purchase().await?.map(Act::Buy)
        } else {
            self.surrender().await?.map(Act::Release)
        };
        let Some(act) = prepared else {
            return self.write(task, buy::locked_out()).await;
        };
        let clock = &self.worker.clock;
        let intended_at = clock.now();
        let attempt = AttemptId::new(intended_at, self.worker.chance.draw());
        match self.write(task, Event::Intended(attempt)).await? {
            Written::Yes => {}
            stopped @ (Written::Taken | Written::Canceled | Written::Lost) => return Ok(stopped),
        }
        let now = clock.now();
        let too_late = now > intended_at.plus(INTENT_MAX_AGE)
            || now.plus(self.policy.call_timeout) > self.deadline;
        let event = if too_late {
            held_up()
        } else {
            match act {
                Act::Buy(purchase) => self.buy(&purchase).await,
                Act::Release(surrender) => self.release(&surrender).await,
            }
        };
        self.write(task, event).await
    }

    /// Records an event and writes the order with everything that changes with it.
    async fn write(&mut self, task: Task, event: Event) -> Result<Written, Stopped> {
        let before = self.order.clone();
        let costs_money = task == Task::Buy && matches!(event, Event::Intended(_));
        let now = self.worker.clock.now();
        let changes = self.order.record(task, event, &self.policy, now)?;
        let core = &self.worker.core;
        let saved = core
            .save_order(&self.lease, &self.order, &changes, costs_money)
            .await?;
        let lost = match saved {
            Saved::Yes(signals) => {
                self.signals.merge(signals);
                self.held = self.order.status == OrderStatus::Running;
                return Ok(Written::Yes);
            }
            Saved::Lost(lost) => lost,
        };
        self.order = before;
        Ok(match lost {
            Lost::Lease => Written::Lost,
            Lost::Change(_) => Written::Taken,
            Lost::Canceled => Written::Canceled,
        })
    }

    /// Leaves the order until it is due: the queue wakes it, or, where that is further
    /// off than the queue delays, the sweep.
    async fn wait(self, until: Timestamp) -> Result<Left, Stopped> {
        if self.held {
            self.worker.core.let_go(&self.lease, until).await?;
        }
        if self.worker.clock.now().until(until) <= DELAY_MAX {
            self.wake_at(until).await;
        }
        Ok(Left::Waiting(until))
    }

    /// A wish was seen with the write that let the order go: whoever takes it next
    /// does it, at once.
    async fn begin_anew(self) -> Result<Left, Stopped> {
        let now = self.worker.clock.now();
        self.wake_at(now).await;
        Ok(Left::HandedOn)
    }

    /// Leaves the order to another worker at once. One that is past its time is ended
    /// instead: it must not be handed on for ever.
    async fn hand_on(mut self, task: Task) -> Result<Left, Stopped> {
        let now = self.worker.clock.now();
        if now > self.order.deadline {
            return Ok(match self.write(task, held_up()).await? {
                Written::Yes => Left::Ended(self.order.status),
                Written::Taken | Written::Canceled | Written::Lost => Left::NotOurs,
            });
        }
        self.worker.core.let_go(&self.lease, now).await?;
        self.wake_at(now).await;
        Ok(Left::HandedOn)
    }

    /// A message that is not taken is no loss: the sweep finds the order.
    async fn wake_at(&self, at: Timestamp) {
        let delay = self.worker.clock.now().until(at);
        if let Err(error) = self.worker.queue.wake(&self.place, delay).await {
            tracing::warn!(order.id = %self.order.id, %error, "left to the sweep");
        }
    }
}
