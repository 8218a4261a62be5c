//! Finding a number for an order that takes any, and claiming it.

use crate::{
    app::search::for_sale,
    domain::{
        AreaCode, E164,
        digest::digest,
        order::{Event, Task, Wish},
    },
};

use super::{Hand, Stopped, Written, outcome};

impl Hand<'_> {
    /// Asks area code by area code and claims the first number nobody has. Candidates
    /// are in an order of this order's own, so that a rush does not queue at one.
    pub(super) async fn search(&mut self) -> Result<Written, Stopped> {
        let Some(provision) = self.order.provision() else {
            return Ok(Written::Lost);
        };
        let refused = provision.refused.clone();
        let area_codes = match &provision.wish {
            Wish::Any(area_codes) => area_codes.clone(),
            Wish::Exact(e164) => vec![e164.area_code()],
        };
        for area_code in &area_codes {
            let found = match for_sale(self.platform, *area_code).await {
                Ok(found) => found,
                Err(error) => {
                    let event = outcome::deferred(&error, self.worker.clock.now());
                    return self.write(Task::Search, event).await;
                }
            };
            let mut candidates: Vec<E164> = found.into_iter().map(|number| number.e164).collect();
            candidates.retain(|e164| !refused.contains(e164));
            candidates.sort_by_key(|e164| digest(&[self.order.id.as_str(), e164.as_str()]));
            for e164 in candidates {
                match self.write(Task::Search, Event::Found(e164)).await? {
                    Written::Taken => {}
                    written @ (Written::Yes | Written::Canceled | Written::Lost) => {
                        return Ok(written);
                    }
                }
            }
        }
        self.write(Task::Search, Event::NothingFound(area_codes))
            .await
    }

    /// How many area codes an order asks in one search.
    pub(super) fn area_codes(&self) -> u32 {
        match self.order.provision().map(|provision| &provision.wish) {
            Some(Wish::Any(area_codes)) => u32::try_from(area_codes.len()).unwrap_or(u32::MAX),
            Some(Wish::Exact(_)) | None => 1,
        }
    }

    /// Numbers to choose from instead of one that is gone; none if that is not known.
    pub(super) async fn alternatives(&self, area_code: AreaCode) -> Vec<E164> {
        match for_sale(self.platform, area_code).await {
            Ok(found) => found
                .into_iter()
                .take(5)
                .map(|number| number.e164)
                .collect(),
            Err(_) => Vec::new(),
        }
    }
}
