//! Doing what must not be done twice.

use crate::domain::{
    AttemptId,
    order::{Event, INTENT_MAX_AGE, Task, TroubleCode},
};

use super::{Hand, Stopped, Written, buy, give_back};

/// What is about to be done once, ready to go.
enum Act {
    Buy(buy::Purchasing),
    Release(give_back::Surrender),
}

impl Hand<'_> {
    /// Does what must not be done twice: prepares, writes the intent, acts, writes the
    /// outcome. Nothing slow comes between the intent and the act, because the settle
    /// window is computed for an act that follows at once.
    pub(super) async fn act(&mut self, task: Task) -> Result<Written, Stopped> {
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
            Written::Suspended => return self.write(task, switched_off()).await,
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

    /// Hands the number over. While its workspace may not act it is handed over switched
    /// off, and works when the workspace does again.
    pub(super) async fn activate(&mut self) -> Result<Written, Stopped> {
        match self.write(Task::Activate, Event::Activated).await? {
            Written::Suspended => self.write(Task::Activate, Event::Suspended).await,
            written @ (Written::Yes | Written::Taken | Written::Canceled | Written::Lost) => {
                Ok(written)
            }
        }
    }
}

/// Time ran out before the act: it certainly had no effect.
pub(super) fn held_up() -> Event {
    Event::Deferred {
        trouble: TroubleCode::CarrierUnavailable,
        not_before: None,
    }
}

/// The workspace may not act: nothing is bought for it.
fn switched_off() -> Event {
    Event::Deferred {
        trouble: TroubleCode::WorkspaceNotActive,
        not_before: None,
    }
}
