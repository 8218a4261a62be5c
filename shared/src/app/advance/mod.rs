//! Working an order: take it, do what the machine says is next, write down what
//! came of it, and go on until it is done, waits, or time is short.

mod act;
mod buy;
mod close;
mod give_back;
mod isolate;
mod leave;
mod outcome;
mod pace;
mod search;
mod seat;
mod wire;

use std::{sync::Arc, time::Duration};

use crate::{
    chance::Chance,
    clock::Clock,
    domain::{
        Timestamp,
        order::{
            Change, Event, IllegalEvent, Move, Order, OrderStatus, Policy, Signals, Task,
            TroubleCode,
        },
    },
    queue::{DELAY_MAX, OrderQueue},
    store::{self, Core, Leased, Lost, OrderKey, Saved, Taken},
};

pub use seat::advance;

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
    /// Another item is not as it must be: somebody else's claim stood in the way.
    Taken,
    /// The workspace is not as active, or as suspended, as this needs it.
    Suspended,
    /// Somebody asked for a cancel first; nothing was written.
    Canceled,
    /// The order is not ours any more.
    Lost,
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

/// Nothing is bought for now.
fn shop_closed() -> Event {
    Event::Deferred {
        trouble: TroubleCode::PlatformAccount,
        not_before: None,
    }
}

/// The most carrier calls a task makes one after another.
#[derive(Clone, Copy, Debug, Default)]
struct Rounds {
    /// Questions, which the adapter repeats.
    reads: u32,
    /// What is sent once.
    acts: u32,
}

impl Rounds {
    const fn new(reads: u32, acts: u32) -> Self {
        Self { reads, acts }
    }

    /// How long they take at most. `call_timeout` is that of an act; a question that is
    /// not answered is asked once more, which takes up to half as long again.
    fn last_at_most(self, call_timeout: Duration) -> Duration {
        call_timeout * self.acts + call_timeout * self.reads * 3 / 2
    }
}

const fn rounds(task: Task) -> Rounds {
    match task {
        Task::Cancel | Task::Activate | Task::Empty => Rounds::new(0, 0),
        Task::Buy | Task::Release => Rounds::new(0, 1),
        Task::Verify => Rounds::new(1, 0),
        Task::Configure => Rounds::new(1, 1),
        Task::LookBought | Task::LookGone => Rounds::new(2, 0),
        Task::Assign => Rounds::new(2, 1),
        Task::Search => Rounds::new(search::ROUNDS, 0),
        Task::Isolate | Task::Seal => isolate::ROUNDS,
    }
}

/// The requests that a task's turn is taken for.
const fn requests(task: Task) -> u32 {
    let Rounds { reads, acts } = rounds(task);
    match task {
        Task::Search => 1,
        // An absence is believed only when a second list has not shown it either.
        Task::LookBought | Task::LookGone => 2 * reads,
        Task::Cancel
        | Task::Activate
        | Task::Empty
        | Task::Buy
        | Task::Release
        | Task::Verify
        | Task::Configure
        | Task::Assign
        | Task::Isolate
        | Task::Seal => reads + acts,
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
            } else if self.is_short_for(task) {
                return self.hand_on(task).await;
            } else if let Some(until) = self.turn(self.calls(task)).await? {
                self.write(task, Event::Paced(until)).await?
            } else {
                // The turn may have been long in coming.
                if self.is_short_for(task) {
                    return self.hand_on(task).await;
                }
                self.run(task).await?
            };
            match written {
                Written::Yes | Written::Suspended => {}
                Written::Taken => return self.set_aside(task).await,
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

    /// No carrier call starts with less time left than it may take.
    fn is_short_for(&self, task: Task) -> bool {
        !self.has_time_for(rounds(task), task == Task::Verify)
    }

    /// Whether so many calls fit into what is left of this invocation, and what comes of
    /// them can be written down. Probes go beside the look they belong to.
    fn has_time_for(&self, rounds: Rounds, probing: bool) -> bool {
        let probes = if probing {
            PROBE_TIMEOUT
        } else {
            Duration::ZERO
        };
        let calls = rounds.last_at_most(self.policy.call_timeout).max(probes);
        let now = self.worker.clock.now();
        now.plus(calls + TIME_TO_WRITE) <= self.deadline
    }

    /// The calls whose turn is taken before a task is begun. Further searches of a task,
    /// which few need, wait for theirs when they come to it.
    fn calls(&self, task: Task) -> usize {
        let calls = if task == Task::Seal {
            self.worker.carriers.count()
        } else {
            requests(task)
        };
        usize::try_from(calls).unwrap_or(usize::MAX)
    }

    async fn run(&mut self, task: Task) -> Result<Written, Stopped> {
        let event = match task {
            Task::Search => return self.search().await,
            Task::Buy | Task::Release => return self.act(task).await,
            Task::Activate => return self.activate().await,
            Task::Isolate => self.isolate().await?,
            Task::LookBought => self.look_bought().await?,
            Task::Assign => self.assign().await?,
            Task::Configure => self.configure().await?,
            Task::Verify => self.verify().await?,
            Task::LookGone => self.look_gone().await?,
            Task::Empty => self.empty().await?,
            Task::Seal => self.seal().await?,
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

    /// Records an event and writes the order with everything that changes with it. Where
    /// money would be spent, or the number be out of the order's reach, a cancel that was
    /// asked for comes first.
    async fn write(&mut self, task: Task, event: Event) -> Result<Written, Stopped> {
        let before = self.order.clone();
        let costs_money = task == Task::Buy && matches!(event, Event::Intended(_));
        let unless_canceled = costs_money || task == Task::Activate;
        let now = self.worker.clock.now();
        let changes = self.order.record(task, event, &self.policy, now)?;
        let core = &self.worker.core;
        let saved = core
            .save_order(&self.lease, &self.order, &changes, unless_canceled)
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
            Lost::Change(place) => match changes.get(place) {
                Some(Change::IfWorkspace { .. }) => Written::Suspended,
                Some(_) | None => Written::Taken,
            },
            Lost::Canceled => Written::Canceled,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Rounds, TIME_TO_WRITE, Task, pace::PATIENCE, requests, rounds};

    /// The worker's `Timeout` in the template.
    const INVOCATION: Duration = Duration::from_secs(90);

    /// The longest call of a carrier that waits ten seconds for an answer: beside it two
    /// connections that are not made (3 s each), and the pauses before the repeats.
    const CALL: Duration = Duration::from_millis(16_600);

    #[test]
    fn every_task_fits_into_one_invocation() {
        for task in [
            Task::Search,
            Task::Isolate,
            Task::Buy,
            Task::LookBought,
            Task::Assign,
            Task::Configure,
            Task::Verify,
            Task::Activate,
            Task::Release,
            Task::LookGone,
            Task::Empty,
            Task::Seal,
            Task::Cancel,
        ] {
            let takes = PATIENCE + rounds(task).last_at_most(CALL) + TIME_TO_WRITE;
            assert!(takes < INVOCATION, "{task:?}: {takes:?}");
        }
    }

    #[test]
    fn a_look_takes_its_turn_for_both_lists_of_both_accounts() {
        for task in [Task::LookBought, Task::LookGone] {
            assert_eq!(requests(task), 4, "{task:?}");
        }
    }

    #[test]
    fn a_question_may_be_asked_twice() {
        let twice = Duration::from_millis(2 * 10_000 + 3_000 + 300);
        assert!(Rounds::new(1, 0).last_at_most(CALL) >= twice);
    }
}
