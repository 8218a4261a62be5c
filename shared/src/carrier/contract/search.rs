//! Promises of searching, and of being there at all.

use super::{
    Carrier, Effect, ErrorKind, Fault, Step, World,
    scene::{kept, refused, there},
};
use crate::{
    carrier::{AvailableNumber, NumberQuery},
    domain::{Filters, Pattern, Place, vanity::Position},
};

/// As many numbers as asked for, all different, of the area code asked for,
/// with what they can do and cost.
pub async fn a_search_offers_what_was_asked_for(carrier: &dyn Carrier, world: &dyn World) {
    let query = NumberQuery::any_in(world.area_code(), 5);
    let mut offers = kept(carrier.search(&world.platform(), &query).await);
    assert_eq!(offers.len(), 5);
    for offer in &offers {
        assert_eq!(offer.e164.area_code(), world.area_code(), "{offer:?}");
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
    let query = NumberQuery::any_in(world.empty_area_code(), 5);
    let offers = kept(carrier.search(&world.platform(), &query).await);
    assert_eq!(offers, []);
}

/// Reading is harmless, so the adapter asks again.
pub async fn a_search_survives_one_lost_answer(carrier: &dyn Carrier, world: &dyn World) {
    for fault in [Fault::LostRequest, Fault::LostResponse, Fault::ServerError] {
        world.fail(Step::Search, fault, 1);
        let query = NumberQuery::any_in(world.area_code(), 1);
        let offers = kept(carrier.search(&world.platform(), &query).await);
        assert_eq!(offers.len(), 1, "{fault:?}");
    }
}

/// But not for ever.
pub async fn a_carrier_that_is_down_is_unavailable(carrier: &dyn Carrier, world: &dyn World) {
    world.fail(Step::Search, Fault::ServerError, 100);
    let query = NumberQuery::any_in(world.area_code(), 1);
    let found = carrier.search(&world.platform(), &query).await;
    refused(found, (ErrorKind::Unavailable, Effect::None));
    assert!(world.asked(Step::Search) <= 5, "asked too often");
}

/// Any number that is for sale.
async fn example(carrier: &dyn Carrier, world: &dyn World) -> AvailableNumber {
    let query = NumberQuery::any_in(world.area_code(), 10);
    there(kept(carrier.search(&world.platform(), &query).await).pop())
}

/// What is spelled is there, anywhere or at the end, with gaps or without; and nothing
/// else is offered.
pub async fn a_search_by_digits_finds_just_what_has_them(carrier: &dyn Carrier, world: &dyn World) {
    let wanted = example(carrier, world).await;
    let digits = wanted.e164.as_str().get(8..).unwrap_or_default();
    let with_a_gap = format!("*{}", digits.get(1..).unwrap_or_default());
    for (text, position) in [
        (digits, Position::Anywhere),
        (digits, Position::End),
        (with_a_gap.as_str(), Position::End),
        (digits.get(2..).unwrap_or_default(), Position::End),
    ] {
        let filters = Filters {
            pattern: Some(kept(Pattern::new(text, position))),
            ..Filters::default()
        };
        let query = NumberQuery {
            filters,
            ..NumberQuery::any_in(world.area_code(), 50)
        };
        let offers = kept(carrier.search(&world.platform(), &query).await);
        assert!(offers.contains(&wanted), "{text} {position:?}: {offers:?}");
        assert!(offers.iter().all(|offer| query.fits(offer)), "{offers:?}");
    }
}

/// In a town or a region nothing is offered that is elsewhere.
pub async fn a_search_of_a_place_stays_there(carrier: &dyn Carrier, world: &dyn World) {
    let example = example(carrier, world).await;
    let region = there(example.region.and_then(|region| region.parse().ok()));
    let town = example.locality.and_then(|town| town.parse().ok());
    for locality in [None, town] {
        let query = NumberQuery {
            place: Place::Region { region, locality },
            filters: Filters::default(),
            limit: 5,
        };
        let offers = kept(carrier.search(&world.platform(), &query).await);
        assert_eq!(offers.len(), 5, "{query:?}");
        assert!(offers.iter().all(|offer| query.fits(offer)), "{offers:?}");
    }
}

/// Nor in an area code, however little is for sale there: a neighbouring number is not
/// what was asked for.
pub async fn a_search_by_area_code_stays_there(carrier: &dyn Carrier, world: &dyn World) {
    for area_code in [world.area_code(), world.empty_area_code()] {
        let query = NumberQuery::any_in(area_code, 100);
        let offers = kept(carrier.search(&world.platform(), &query).await);
        let stray = offers
            .iter()
            .find(|offer| offer.e164.area_code() != area_code);
        assert_eq!(stray, None, "in {area_code}");
    }
}

/// What cannot carry what is asked for is not offered.
pub async fn a_search_by_features_leaves_out_what_lacks_one(
    carrier: &dyn Carrier,
    world: &dyn World,
) {
    let Some(area_code) = world.voice_only_area_code() else {
        return;
    };
    for (features, expected) in [("voice", true), ("voice,sms", false), ("mms", false)] {
        let query = NumberQuery {
            filters: Filters {
                features: kept(crate::domain::search::features(features)),
                pattern: None,
            },
            ..NumberQuery::any_in(area_code, 5)
        };
        let offers = kept(carrier.search(&world.platform(), &query).await);
        assert_eq!(!offers.is_empty(), expected, "{features}: {offers:?}");
        assert!(offers.iter().all(|offer| query.fits(offer)), "{offers:?}");
    }
}
