//! Promises of searching, and of being there at all.

use super::{
    Carrier, Effect, ErrorKind, Fault, Step, World,
    scene::{kept, refused},
};
use crate::{carrier::NumberQuery, domain::AreaCode};

fn query(area_code: AreaCode, limit: u8) -> NumberQuery {
    NumberQuery { area_code, limit }
}

/// As many numbers as asked for, all different, of the area code asked for,
/// with what they can do and cost.
pub async fn a_search_offers_what_was_asked_for(carrier: &dyn Carrier, world: &dyn World) {
    let query = query(world.area_code(), 5);
    let mut offers = kept(carrier.search(&world.platform(), &query).await);
    assert_eq!(offers.len(), 5);
    for offer in &offers {
        assert_eq!(offer.e164.area_code(), query.area_code, "{offer:?}");
        assert!(
            offer.capabilities.voice && offer.capabilities.sms,
            "{offer:?}"
        );
        assert_eq!(offer.monthly_price, carrier.capabilities().number_price);
    }
    offers.sort_by(|a, b| a.e164.cmp(&b.e164));
    offers.dedup_by(|a, b| a.e164 == b.e164);
    assert_eq!(offers.len(), 5, "the same number twice");
}

/// Where nothing is for sale, nothing is offered.
pub async fn a_search_that_finds_nothing_is_no_error(carrier: &dyn Carrier, world: &dyn World) {
    let query = query(world.empty_area_code(), 5);
    let offers = kept(carrier.search(&world.platform(), &query).await);
    assert_eq!(offers, []);
}

/// Reading is harmless, so the adapter asks again.
pub async fn a_search_survives_one_lost_answer(carrier: &dyn Carrier, world: &dyn World) {
    for fault in [Fault::LostRequest, Fault::LostResponse, Fault::ServerError] {
        world.fail(Step::Search, fault, 1);
        let query = query(world.area_code(), 1);
        let offers = kept(carrier.search(&world.platform(), &query).await);
        assert_eq!(offers.len(), 1, "{fault:?}");
    }
}

/// But not for ever.
pub async fn a_carrier_that_is_down_is_unavailable(carrier: &dyn Carrier, world: &dyn World) {
    world.fail(Step::Search, Fault::ServerError, 100);
    let query = query(world.area_code(), 1);
    let found = carrier.search(&world.platform(), &query).await;
    refused(found, (ErrorKind::Unavailable, Effect::None));
    assert!(world.asked(Step::Search) <= 5, "asked too often");
}
