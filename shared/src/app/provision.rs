//! Accepting an order for a number. The buying is the worker's.

use std::time::Duration;

use crate::{
    domain::{
        AreaCode, CarrierId, MicroDollars, NumberId, OrderId, Workspace,
        area_code::InvalidAreaCode,
        order::{Order, Owner, Provision, ProvisionStep, Wish, Work},
        workspace::OverLimit,
    },
    queue::OrderQueue,
    store::{KeyUse, OrderKey, Placed, Placement, Replay, Wanted},
};

use super::{
    Base,
    access::{Access, Caller, Door},
    carriers::Carriers,
    error::{Error, Result},
    limits::{FALLBACK_MAX, PLACE_TRIES},
    pacer::Pacer,
    search::alternatives,
};

/// Where orders go, and at what price.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Whether anything is bought at all.
    pub open: bool,
    /// The carrier of new orders.
    pub carrier: CarrierId,
    /// What a number costs there a month.
    pub number_price: MicroDollars,
    /// Area codes that automatic orders fall back on.
    pub fallback: Vec<AreaCode>,
    /// The queue that wakes workers.
    pub queue: OrderQueue,
}

impl Shop {
    /// The wish of an automatic order: any number of the preferred area code, and of
    /// those of the fallback list, in their order, where there is none.
    #[must_use]
    pub fn automatic(&self, preferred: Option<AreaCode>) -> Wish {
        let fallback = self.fallback.iter().copied();
        let others = fallback.filter(|code| Some(*code) != preferred);
        Wish::Any(preferred.into_iter().chain(others).collect())
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which number.
    pub wish: Wish,
    /// What people will call it.
    pub label: Option<String>,
}

/// The fallback list where none is configured, as area codes are written (N3 in `docs/features.md`).
pub const DEFAULT_AREA_CODES: [&str; 4] = ["212", "310", "415", "202"];

/// The fallback list where none is configured.
#[must_use]
pub fn default_fallback() -> Vec<AreaCode> {
    let codes = DEFAULT_AREA_CODES.iter();
    codes.filter_map(|code| code.parse().ok()).collect()
}

/// Why a configured fallback list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFallback {
    /// An entry is no area code.
    #[error("{entry:?} is none: {why}")]
    NoAreaCode {
        /// The entry.
        entry: String,
        /// Why not.
        why: InvalidAreaCode,
    },
    /// More than an order should try.
    #[error("there are more than {FALLBACK_MAX} area codes")]
    TooMany,
}

/// The fallback list that is configured as `list`: area codes, separated by commas.
pub fn fallback_list(list: &str) -> std::result::Result<Vec<AreaCode>, InvalidFallback> {
    let mut codes = Vec::new();
    for entry in list.split(',').map(str::trim) {
        let code = entry.parse().map_err(|why| InvalidFallback::NoAreaCode {
            entry: entry.to_owned(),
            why,
        })?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if codes.len() > FALLBACK_MAX {
        return Err(InvalidFallback::TooMany);
    }
    Ok(codes)
}

/// The wish of an order for any number of this area code and no other, or of the usual
/// ones.
#[must_use]
pub fn any_number(area_code: Option<AreaCode>) -> Wish {
    Wish::Any(area_code.map_or_else(default_fallback, |code| vec![code]))
}

/// Places an order for a number, once per idempotency key. Two round trips when the
/// caller names the workspace, beside the message that wakes a worker.
pub async fn provision(
    base: &Base,
    shop: &Shop,
    carriers: &Carriers,
    caller: &Caller,
    request: &Request,
    replay: Replay<'_>,
) -> Result<Order> {
    for _ in 0..PLACE_TRIES {
        let (access, read) = Door(&base.core)
            .enter(
                caller,
                &[Wanted::Workspace, Wanted::IdempotencyKey(replay.key)],
            )
            .await?;
        let access = access.admin()?;
        if let Some(used) = read.key_use(replay.key)? {
            return placed_before(base, &access, &used, replay).await;
        }
        let workspace = read.workspace()?.ok_or(Error::NotFound)?;
        match place(base, shop, &access, &workspace, request, replay).await? {
            Attempt::Placed(order) => return Ok(*order),
            Attempt::Before(used) => return placed_before(base, &access, &used, replay).await,
            Attempt::Claimed => return Err(taken(base, carriers, &request.wish).await),
            Attempt::Again => {}
        }
    }
    Err(Error::Busy)
}

/// What came of one attempt at placing.
pub(super) enum Attempt {
    Placed(Box<Order>),
    Before(KeyUse),
    Claimed,
    Again,
}

/// Tries to place an order in a workspace as it was read.
pub(super) async fn place(
    base: &Base,
    shop: &Shop,
    access: &Access,
    workspace: &Workspace,
    request: &Request,
    replay: Replay<'_>,
) -> Result<Attempt> {
    if !shop.open {
        return Err(Error::PurchasesDisabled);
    }
    let order = new_order(base, shop, access, request);
    let reserved = workspace.reserve(&order.id, shop.number_price, order.created_at);
    let reservations = match reserved {
        Ok(reservations) => reservations,
        Err(over_limit) => return used_meanwhile(base, access, replay, over_limit).await,
    };
    let claim = match &request.wish {
        Wish::Exact(e164) => order.claim(e164),
        Wish::Any(_) => None,
    };
    let placement = Placement {
        order: &order,
        workspace,
        reservations: &reservations,
        claim: claim.as_ref(),
        replay,
    };
    Ok(match base.core.place_order(&placement).await? {
        Placed::Yes => {
            wake(&shop.queue, &order).await;
            Attempt::Placed(Box::new(order))
        }
        Placed::Before(used) => Attempt::Before(used),
        Placed::Claimed => Attempt::Claimed,
        Placed::Changed => Attempt::Again,
    })
}

/// Key and workspace are read in one go, but not as of one moment: what fills the plan
/// may be the order that this very key placed in between (P4).
async fn used_meanwhile(
    base: &Base,
    access: &Access,
    replay: Replay<'_>,
    over_limit: OverLimit,
) -> Result<Attempt> {
    let wanted = [Wanted::IdempotencyKey(replay.key)];
    let read = base.core.fetch(&access.workspace, &wanted).await?;
    match read.key_use(replay.key)? {
        Some(used) => Ok(Attempt::Before(used)),
        None => Err(over_limit.into()),
    }
}

/// Wakes a worker. If the queue does not take the message, the sweep finds the order.
pub(super) async fn wake(queue: &OrderQueue, order: &Order) {
    let place = OrderKey {
        owner: order.owner.clone(),
        order: order.id.clone(),
    };
    if let Err(error) = queue.wake(&place, Duration::ZERO).await {
        tracing::warn!(order.id = %order.id, %error, "left to the sweep");
    }
}

fn new_order(base: &Base, shop: &Shop, access: &Access, request: &Request) -> Order {
    let now = base.clock.now();
    let (step, candidate) = match &request.wish {
        Wish::Exact(e164) => (ProvisionStep::Isolate, Some(e164.clone())),
        Wish::Any(_) => (ProvisionStep::Search, None),
    };
    let work = Work::Provision(Provision {
        number: NumberId::new(now, base.chance.draw()),
        wish: request.wish.clone(),
        label: request.label.clone(),
        price: shop.number_price,
        step,
        candidate,
        refused: Vec::new(),
        refusal: None,
        unclear: false,
        account: None,
        token: None,
        owned: None,
        alternatives: Vec::new(),
    });
    let id = OrderId::new(now, base.chance.draw());
    let owner = Owner::Workspace(access.workspace.clone());
    Order::new(id, owner, shop.carrier.clone(), work, &access.actor, now)
}

/// The order an idempotency key placed, if the request is the same (P4); or why it
/// placed none, where that was kept.
pub(super) async fn placed_before(
    base: &Base,
    access: &Access,
    used: &KeyUse,
    replay: Replay<'_>,
) -> Result<Order> {
    if used.request_hash != replay.request_hash {
        return Err(Error::KeyReused);
    }
    let order = match (&used.order, &used.refusal) {
        (Some(order), _) => order,
        (None, Some(refusal)) => return Err(Error::from(refusal.clone())),
        (None, None) => return Err(Error::NotFound),
    };
    let wanted = [Wanted::Order(order)];
    let read = base.core.fetch(&access.workspace, &wanted).await?;
    read.order(order)?.ok_or(Error::NotFound)
}

/// The number is somebody's: others, if the carrier says so quickly.
pub(super) async fn taken(base: &Base, carriers: &Carriers, wish: &Wish) -> Error {
    let alternatives = match (wish, carriers.preferred()) {
        (Wish::Exact(wanted), Some(platform)) => {
            let pacer = Pacer::of_people(base, platform);
            alternatives(&pacer, wanted).await
        }
        (Wish::Exact(_) | Wish::Any(_), _) => Vec::new(),
    };
    Error::NumberTaken { alternatives }
}

#[cfg(test)]
mod tests {
    use super::{FALLBACK_MAX, InvalidFallback, default_fallback, fallback_list};

    #[test]
    fn a_fallback_list_is_area_codes_in_their_order() {
        assert_eq!(fallback_list("212,310,415,202"), Ok(default_fallback()));
        let spaced = fallback_list(" 415 , 212,415").unwrap();
        assert_eq!(spaced, ["415", "212"].map(|code| code.parse().unwrap()));
    }

    #[test]
    fn a_list_that_cannot_be_used_says_why() {
        for list in ["", "212,", "212;310", "911", "21"] {
            let refused = fallback_list(list).unwrap_err();
            assert!(
                matches!(refused, InvalidFallback::NoAreaCode { .. }),
                "{list}: {refused}"
            );
        }
        let many: Vec<String> = (0..=FALLBACK_MAX).map(|n| format!("20{n}")).collect();
        assert_eq!(
            fallback_list(&many.join(",")),
            Err(InvalidFallback::TooMany)
        );
    }
}
