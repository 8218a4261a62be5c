use std::time::Duration;

use proptest::prelude::*;

use super::{
    Consent, LENT_FOR, NoneToLend, Pair, SharedNumber, SharedStatus, Standing, Timestamp,
    WorkspaceId, choose,
};
use crate::domain::{AccountId, Actor, CarrierId, CarrierNumberId, WebhookToken};

const NOW: Timestamp = Timestamp::from_millis(1_795_240_800_000);
const CUSTOMER: &str = "+12125550199";

fn workspace(n: u8) -> WorkspaceId {
    WorkspaceId::derived(n.into())
}

fn number(n: u8) -> SharedNumber {
    SharedNumber {
        e164: format!("+151255501{n:02}").parse().unwrap(),
        status: SharedStatus::Lending,
        carrier: CarrierId::new("somebody"),
        account: AccountId::new("platform"),
        carrier_number: CarrierNumberId::new("n"),
        token: WebhookToken::derived(1),
        since: NOW,
        changed_by: Actor::system("test"),
    }
}

/// The shared number `n`, which wrote last for somebody, and was told to stop by
/// whoever it wrote for then.
fn standing(n: u8, wrote: Option<(u8, Timestamp)>, stopped: Option<u8>) -> Standing {
    let number = number(n);
    let pair = wrote.map(|(by, at)| Pair::at(&workspace(by), &number.e164, CUSTOMER, at));
    let consent = stopped.map(|by| Consent {
        ours: number.e164.clone(),
        theirs: CUSTOMER.to_owned(),
        opted_out: true,
        at: NOW,
        workspace: Some(workspace(by)),
    });
    Standing {
        number,
        pair,
        consent,
    }
}

#[track_caller]
fn check(standings: Vec<Standing>, expected: Result<&[u8], NoneToLend>) {
    check_from(standings, None, expected);
}

/// The same for a text that is to leave from the shared number `from`.
#[track_caller]
fn check_from(standings: Vec<Standing>, from: Option<u8>, expected: Result<&[u8], NoneToLend>) {
    let from = from.map(|n| number(n).e164);
    let chosen = choose(&workspace(1), standings, from.as_ref(), NOW);
    let mut chosen = chosen.map(|numbers| {
        let numbers = numbers.into_iter().map(|number| number.e164);
        numbers.collect::<Vec<_>>()
    });
    if let Ok(numbers) = &mut chosen {
        numbers.sort();
    }
    let expected = expected.map(|numbers| {
        let numbers = numbers.iter().map(|n| number(*n).e164);
        numbers.collect::<Vec<_>>()
    });
    assert_eq!(chosen, expected);
}

#[test]
fn a_number_is_lent_to_one_workspace_per_customer() {
    let mine = Some((1, NOW));
    let theirs = Some((2, NOW));
    check(vec![], Err(NoneToLend::NoneThere));
    check(vec![standing(1, None, None)], Ok(&[1]));
    check(vec![standing(1, mine, None)], Ok(&[1]));
    check(vec![standing(1, theirs, None)], Err(NoneToLend::AllTaken));
    let one_left = vec![standing(1, theirs, None), standing(2, None, None)];
    check(one_left, Ok(&[2]));
    let own_first = vec![standing(1, None, None), standing(2, mine, None)];
    check(own_first, Ok(&[2]));
}

#[test]
fn a_pair_is_free_thirty_days_after_its_last_message() {
    let just_not = NOW.minus(LENT_FOR).plus(Duration::from_millis(1));
    check(
        vec![standing(1, Some((2, just_not)), None)],
        Err(NoneToLend::AllTaken),
    );
    check(
        vec![standing(1, Some((2, NOW.minus(LENT_FOR))), None)],
        Ok(&[1]),
    );
}

#[test]
fn a_stop_is_not_evaded() {
    let mine = Some((1, NOW));
    let long_ago = Some((1, NOW.minus(LENT_FOR)));
    check(vec![standing(1, mine, Some(1))], Err(NoneToLend::OptedOut));
    // Another number, or another month, is no way around.
    let another = vec![standing(1, mine, Some(1)), standing(2, None, None)];
    check(another, Err(NoneToLend::OptedOut));
    let later = vec![standing(1, long_ago, Some(1)), standing(2, None, None)];
    check(later, Err(NoneToLend::OptedOut));
    // What somebody else was told closes that number for all, and no other.
    let closed = vec![standing(1, None, Some(2)), standing(2, None, None)];
    check(closed, Ok(&[2]));
    check(vec![standing(1, None, Some(2))], Err(NoneToLend::OptedOut));
    let rest_taken = vec![
        standing(1, None, Some(2)),
        standing(2, Some((3, NOW)), None),
    ];
    check(rest_taken, Err(NoneToLend::AllTaken));
}

fn withdrawn(mut standing: Standing) -> Standing {
    standing.number.status = SharedStatus::Withdrawn;
    standing
}

#[test]
fn a_stop_outlives_the_number_that_heard_it() {
    let mine = Some((1, NOW));
    let free = || standing(2, None, None);
    for stopped in [standing(1, mine, Some(1)), standing(1, None, Some(1))] {
        let known = vec![withdrawn(stopped), free()];
        check(known, Err(NoneToLend::OptedOut));
    }
    let held_and_closed = vec![withdrawn(standing(1, mine, Some(2))), free()];
    check(held_and_closed, Err(NoneToLend::OptedOut));
    // Who said nothing, or said it to somebody else, is written to from what is left.
    check(vec![withdrawn(standing(1, mine, None)), free()], Ok(&[2]));
    let others = vec![withdrawn(standing(1, None, Some(2))), free()];
    check(others, Ok(&[2]));
    let last_one = vec![withdrawn(standing(1, mine, None))];
    check(last_one, Err(NoneToLend::NoneThere));
}

#[test]
fn naming_another_number_is_no_way_around_a_stop() {
    let mine = Some((1, NOW));
    let stopped = vec![standing(1, mine, Some(1)), standing(2, None, None)];
    check_from(stopped, Some(2), Err(NoneToLend::OptedOut));
    let open = || vec![standing(1, mine, None), standing(2, None, None)];
    check_from(open(), Some(2), Ok(&[2]));
    check_from(open(), Some(3), Err(NoneToLend::NoneThere));
}

proptest! {
    #[test]
    fn nobody_is_lent_what_somebody_has_or_is_closed(
        wrote in proptest::collection::vec((0_u8..4, any::<bool>(), any::<bool>()), 0..8),
    ) {
        let standings: Vec<Standing> = (0..).zip(&wrote).map(|(n, (by, lately, stopped))| {
            let at = if *lately { NOW } else { NOW.minus(LENT_FOR) };
            standing(n, Some((*by, at)), stopped.then_some(*by))
        }).collect();
        let known = standings.clone();
        if let Ok(numbers) = choose(&workspace(1), standings, None, NOW) {
            prop_assert!(!numbers.is_empty());
            for number in numbers {
                let known = known.iter().find(|known| known.number == number).unwrap();
                prop_assert!(!known.refused());
                prop_assert!(known.holder(NOW).is_none_or(|holder| *holder == workspace(1)));
            }
        }
    }

    #[test]
    fn a_workspace_keeps_its_favourite(seed in 0_u8..100) {
        let free = || (0..5).map(|n| standing(n, None, None)).collect::<Vec<_>>();
        let mut turned = free();
        turned.reverse();
        let one = choose(&workspace(seed), free(), None, NOW).unwrap();
        prop_assert_eq!(one, choose(&workspace(seed), turned, None, NOW).unwrap());
    }
}
