//! Finding a number for an order that takes any, and claiming it.

use crate::{
    app::{
        pacer::Turn,
        search::{alternatives, for_sale, near_by},
    },
    carrier::AvailableNumber,
    domain::{
        AreaCode, E164,
        digest::digest,
        geography::nearby,
        order::{Event, Task, TroubleCode, Wish},
    },
};

use super::{Hand, Stopped, Written, outcome};

/// Questions to the carrier in one search, one after another: the preferred area code,
/// the others side by side, and what is near if there is nothing in any.
pub(super) const ROUNDS: u32 = 3;

/// What became of an area code's numbers.
enum Claimed {
    /// One was claimed, or the order cannot go on: this was written.
    Written(Written),
    /// There were some, and each is somebody's already.
    AllTaken,
    /// There are none.
    NoStock,
}

impl Hand<'_> {
    /// Claims the first number nobody has: of the preferred area code, else of the next
    /// that has any. An area code is passed over only when the carrier said that it has
    /// nothing there; what it did not say puts the order off.
    pub(super) async fn search(&mut self) -> Result<Written, Stopped> {
        let Some(provision) = self.order.provision() else {
            return Ok(Written::Lost);
        };
        let area_codes = match &provision.wish {
            Wish::Any(area_codes) => area_codes.clone(),
            Wish::Exact(e164) => vec![e164.area_code()],
        };
        let (preferred, others) = area_codes.split_at(area_codes.len().min(1));
        for codes in [preferred, others] {
            // The first turn was taken before this task was begun; what goes beyond one
            // burst takes its own.
            let at_once = codes.len().min(self.pacer().burst());
            if codes != preferred
                && let Some(until) = self.turn(at_once).await?
            {
                return self.write(Task::Search, Event::Paced(until)).await;
            }
            for answer in for_sale(Turn::Come, &self.pacer(), codes).await {
                let found = match answer {
                    Ok(found) => found,
                    Err(error) => {
                        let event = outcome::deferred(&error, self.worker.clock.now());
                        return self.write(Task::Search, event).await;
                    }
                };
                match self.claim_one(found).await? {
                    Claimed::Written(written) => return Ok(written),
                    Claimed::AllTaken => return self.write(Task::Search, crowded()).await,
                    Claimed::NoStock => {}
                }
            }
        }
        let alternatives = self.near(&area_codes).await;
        let nothing = Event::NothingFound { alternatives };
        self.write(Task::Search, nothing).await
    }

    /// Claims the first of `found` that nobody has. They are in an order of this order's
    /// own, so that a rush does not queue at one.
    async fn claim_one(&mut self, found: Vec<AvailableNumber>) -> Result<Claimed, Stopped> {
        let refused = self.order.provision().map(|work| work.refused.as_slice());
        let refused = refused.unwrap_or_default();
        let mut candidates: Vec<E164> = found.into_iter().map(|number| number.e164).collect();
        candidates.retain(|e164| !refused.contains(e164));
        if candidates.is_empty() {
            return Ok(Claimed::NoStock);
        }
        candidates.sort_by_key(|e164| digest(&[self.order.id.as_str(), e164.as_str()]));
        for e164 in candidates {
            match self.write(Task::Search, Event::Found(e164)).await? {
                Written::Taken => {}
                written @ (Written::Yes
                | Written::Suspended
                | Written::Canceled
                | Written::Lost) => {
                    return Ok(Claimed::Written(written));
                }
            }
        }
        Ok(Claimed::AllTaken)
    }

    /// Numbers near area codes that have nothing.
    async fn near(&self, area_codes: &[AreaCode]) -> Vec<E164> {
        let mut codes = area_codes
            .first()
            .map_or_else(Vec::new, |code| nearby(*code));
        codes.retain(|code| !area_codes.contains(code));
        near_by(&self.pacer(), &codes).await
    }

    /// Numbers to choose from instead of one that is gone; none if that is not known.
    pub(super) async fn alternatives(&self, gone: &E164) -> Vec<E164> {
        alternatives(&self.pacer(), gone).await
    }
}

/// All that is for sale is being bought by others: what they leave is seen later.
fn crowded() -> Event {
    Event::Deferred {
        trouble: TroubleCode::CarrierBusy,
        not_before: None,
    }
}
