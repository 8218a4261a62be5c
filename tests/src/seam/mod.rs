//! The seam: every call to a table, the queue, the key service, the carrier and our
//! own public address passes through [`Seam::pass`].
//!
//! It numbers the calls in the order they set out, writes them down, and makes one
//! of them come to grief as a schedule says. Nothing else in the lab injects
//! anything, so a point that is not numbered here cannot be broken, and a point
//! that is numbered is broken in every way there is.

mod aws;
mod carrier;
mod meter;
mod naming;
mod outcome;
mod point;
mod public;

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use numberline::domain::Timestamp;
use tokio::sync::Notify;

pub use aws::{Aws, Services};
pub use carrier::SeamTransport;
pub use meter::Measured;
pub use naming::CARRIER_OPERATIONS;
pub use outcome::{Outcome, UnknownOutcome};
pub use point::{Call, Point, Service};
pub use public::{Front, PublicTransport, Sandbox};

use crate::lab::VirtualClock;

/// Something to be awaited, of whatever type.
pub type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Starts a process again, as whoever started it would.
pub type Again = Arc<dyn Fn() -> Boxed<()> + Send + Sync>;

/// Longer than any lease: the worker's timeout in the template, and its margin.
const OUTLIVED: Duration = Duration::from_secs(100);

/// What is to happen where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strike {
    /// At which point.
    pub point: usize,
    /// What.
    pub outcome: Outcome,
}

/// How a call came through the seam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed<T> {
    /// It was answered.
    Answered(T),
    /// It must be refused, without effect.
    Refused,
    /// No answer comes.
    Lost,
    /// Another transaction was in the way.
    Conflict,
}

/// One line of what happened.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// The point's number; absent for what is not a call.
    pub point: Option<usize>,
    /// What.
    pub text: String,
}

/// A process that is running.
struct Process {
    name: String,
    again: Option<Again>,
    calls: u32,
    /// Calls of it whose further tries come to grief, too. Other calls may be on their
    /// way beside them.
    struck: Vec<Struck>,
}

/// A call that an outcome holds on to.
struct Struck {
    series: String,
    outcome: Outcome,
    /// Tries that are still to come.
    left: u32,
}

/// When a second delivery of what started a process comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// When the process has ended.
    InTurn,
    /// When everything is over.
    Late,
}

#[derive(Default)]
struct State {
    recording: bool,
    points: Vec<Point>,
    strike: Option<Strike>,
    /// Tries that the schedule was to strike, and did not: their caller gave up before.
    spared: u32,
    second: Option<Second>,
    /// What somebody does who changes their mind.
    revoke: Option<Again>,
    processes: Vec<Process>,
    begun: u32,
    log: Vec<Line>,
    measured: Measured,
}

/// The seam of one world.
pub struct Seam {
    clock: VirtualClock,
    carrier_takes: Duration,
    state: Mutex<State>,
    crash: Notify,
}

impl std::fmt::Debug for Seam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seam")
    }
}

impl Seam {
    /// A seam where everything goes well, to a carrier that takes so long for a call.
    #[must_use]
    pub fn new(clock: VirtualClock, carrier_takes: Duration) -> Self {
        Self {
            clock,
            carrier_takes,
            state: Mutex::default(),
            crash: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to number the calls, and lets `strike` happen.
    pub fn record(&self, strike: Option<Strike>) {
        let mut state = self.state();
        state.recording = true;
        state.strike = strike;
    }

    /// Stops to number them; from now on everything goes well.
    pub fn stop(&self) {
        let mut state = self.state();
        state.recording = false;
        state.strike = None;
    }

    /// What whoever asked for the scenario does when they change their mind.
    pub fn may_revoke(&self, revoke: Again) {
        self.state().revoke = Some(revoke);
    }

    /// The calls that were numbered.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        self.state().points.clone()
    }

    /// Whether the strike is still to come: its point was never reached.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        self.state().strike.is_some()
    }

    /// What happened so far.
    #[must_use]
    pub fn log(&self) -> Vec<Line> {
        self.state().log.clone()
    }

    /// Writes down something that is not a call.
    pub fn note(&self, text: impl Into<String>) {
        let at = self.clock.time();
        let text = text.into();
        self.state().log.push(Line {
            at,
            point: None,
            text,
        });
    }

    /// Begins to measure, and forgets what was measured before.
    pub fn measure(&self) {
        self.state().measured = Measured::default();
    }

    /// What was measured.
    #[must_use]
    pub fn measured(&self) -> Measured {
        self.state().measured.clone()
    }

    /// A process begins: `again` starts it once more.
    pub fn begin(&self, kind: &str, again: Option<Again>) {
        let mut state = self.state();
        state.begun += 1;
        let name = format!("{kind} {}", state.begun);
        state.processes.push(Process {
            name,
            again,
            calls: 0,
            struck: Vec::new(),
        });
    }

    /// The process ends, and with it every call of it; what started it may be delivered a
    /// second time.
    pub fn finish(&self) -> Option<Second> {
        let mut state = self.state();
        let ended = state.processes.pop();
        let left = ended.into_iter().flat_map(|ended| ended.struck);
        state.spared += left.map(|struck| struck.left).sum::<u32>();
        state.second.take()
    }

    /// Tries that the schedule was to strike, and did not: their caller gave up before.
    #[must_use]
    pub fn spared(&self) -> u32 {
        self.state().spared
    }

    /// Processes begun so far.
    #[must_use]
    pub fn begun(&self) -> u32 {
        self.state().begun
    }

    /// Resolves when the running process must die.
    pub async fn crashed(&self) {
        self.crash.notified().await;
    }

    /// Lets a call through to `io`, or lets happen to it what the schedule says.
    pub async fn pass<T>(&self, call: Call, io: impl Future<Output = T>) -> Passed<T> {
        let (depth, outcome) = self.set_out(&call);
        // Whoever sets out beside this call does so before it is answered.
        tokio::task::yield_now().await;
        let passed = match outcome {
            None | Some(Outcome::TwiceInTurn | Outcome::TwiceLate) => {
                Passed::Answered(self.perform(&call, io).await)
            }
            Some(Outcome::Refused) => Passed::Refused,
            Some(Outcome::Conflict | Outcome::Contended) => Passed::Conflict,
            Some(Outcome::LostRequest | Outcome::Unreachable) => Passed::Lost,
            Some(Outcome::LostResponse | Outcome::Unanswered) => {
                drop(self.perform(&call, io).await);
                Passed::Lost
            }
            Some(Outcome::CrashBefore) => self.die().await,
            Some(Outcome::CrashAfter) => {
                drop(self.perform(&call, io).await);
                self.die().await
            }
            Some(Outcome::TwiceAtOnce) => {
                self.start_again().await;
                Passed::Answered(self.perform(&call, io).await)
            }
            Some(Outcome::Outlived) => {
                let answer = self.perform(&call, io).await;
                self.clock.advance(OUTLIVED);
                self.start_again().await;
                Passed::Answered(answer)
            }
            Some(Outcome::Revoked) => {
                self.revoke().await;
                Passed::Answered(self.perform(&call, io).await)
            }
        };
        if matches!(passed, Passed::Lost) {
            self.clock.wait(call.patience()).await;
        }
        self.state().measured.answered(depth);
        passed
    }

    async fn perform<T>(&self, call: &Call, io: impl Future<Output = T>) -> T {
        self.clock.wait(call.takes(self.carrier_takes)).await;
        io.await
    }

    async fn die<T>(&self) -> T {
        self.crash.notify_one();
        std::future::pending().await
    }

    async fn start_again(&self) {
        let again = {
            let state = self.state();
            state
                .processes
                .last()
                .and_then(|process| process.again.clone())
        };
        if let Some(again) = again {
            again().await;
        }
    }

    async fn revoke(&self) {
        let revoke = self.state().revoke.clone();
        if let Some(revoke) = revoke {
            revoke().await;
        }
    }

    /// Writes the call down, and decides what becomes of it.
    fn set_out(&self, call: &Call) -> (u32, Option<Outcome>) {
        let at = self.clock.time();
        let mut state = self.state();
        let depth = state.measured.set_out(call);
        if !state.recording {
            return (depth, None);
        }
        let number = state.points.len();
        let point = state.point(call);
        let outcome = state.fate(number, call);
        let struck = outcome.map(|outcome| format!("  <- {outcome}"));
        let text = format!("{point}{}", struck.unwrap_or_default());
        state.points.push(point);
        let point = Some(number);
        state.log.push(Line { at, point, text });
        (depth, outcome)
    }
}

impl State {
    fn point(&mut self, call: &Call) -> Point {
        let process = self.processes.last_mut();
        let (process, first, repeatable) = match process {
            Some(process) => {
                process.calls += 1;
                let first = process.calls == 1;
                (process.name.clone(), first, process.again.is_some())
            }
            None => ("nobody".to_owned(), false, false),
        };
        let revocable = self.revoke.is_some();
        Point {
            revocable,
            process,
            first,
            repeatable,
            call: call.clone(),
        }
    }

    fn fate(&mut self, number: usize, call: &Call) -> Option<Outcome> {
        if let Some(outcome) = self.struck_before(call) {
            return Some(outcome);
        }
        // Nobody dies where no process runs: such a strike stays, and its schedule is
        // reported as one that was not played.
        let alive = !self.processes.is_empty();
        let strike = self.strike.take_if(|strike| {
            let dies = matches!(strike.outcome, Outcome::CrashBefore | Outcome::CrashAfter);
            strike.point == number && (alive || !dies)
        })?;
        let outcome = strike.outcome;
        match outcome {
            Outcome::TwiceInTurn => self.second = Some(Second::InTurn),
            Outcome::TwiceLate => self.second = Some(Second::Late),
            Outcome::Unreachable
            | Outcome::Unanswered
            | Outcome::Contended
            | Outcome::Refused
            | Outcome::LostRequest
            | Outcome::LostResponse
            | Outcome::Conflict
            | Outcome::CrashBefore
            | Outcome::CrashAfter
            | Outcome::TwiceAtOnce
            | Outcome::Outlived
            | Outcome::Revoked => {}
        }
        // A caller that tries again meets the same.
        let left = outcome.tries_of(call).saturating_sub(1);
        match self.processes.last_mut() {
            Some(process) if left > 0 => process.struck.push(Struck {
                series: call.series.clone(),
                outcome,
                left,
            }),
            Some(_) => {}
            None => self.spared += left,
        }
        Some(outcome)
    }

    /// What becomes of another try of a call that was struck.
    fn struck_before(&mut self, call: &Call) -> Option<Outcome> {
        let struck = &mut self.processes.last_mut()?.struck;
        let place = struck.iter().position(|held| held.series == call.series)?;
        let held = struck.get_mut(place)?;
        held.left -= 1;
        let outcome = held.outcome;
        if held.left == 0 {
            struck.remove(place);
        }
        Some(outcome)
    }
}
