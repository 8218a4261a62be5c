//! A chain that was tampered with, in every way there is.

use expect::{chain, found};

use super::{
    Fault::{Altered, Inserted, Missing, Replaced},
    Hash, Sealed, Tip, Walk,
};

mod expect {
    use super::{super::Fault, Sealed, Tip, Walk};
    use crate::domain::{
        Actor, MemberId, Role, Timestamp, WorkspaceId,
        audit::{Action, Entry, Facts, MemberFacts},
        id::ChangeId,
        order::Owner,
    };

    /// The `n`th thing that was done.
    pub(super) fn entry(n: u64) -> Entry {
        Entry {
            id: ChangeId::derived(n.into()),
            owner: Owner::Workspace(WorkspaceId::derived(1)),
            at: Timestamp::from_millis(1_795_240_800_000),
            action: Action::MemberAdded,
            actor: Actor::system("test"),
            before: None,
            after: Some(Facts::Member(MemberFacts {
                id: MemberId::derived(n.into()),
                subject: format!("person {n}"),
                role: Role::Member,
            })),
            at_carrier: None,
        }
    }

    /// A chain of five, as it was recorded, with its head.
    pub(super) fn chain() -> (Vec<Sealed>, Tip) {
        let (mut chain, mut tip) = (Vec::new(), Tip::default());
        for n in 1..=5 {
            let sealed = Sealed::new(&entry(n), tip.sequence + 1, &tip.hash).unwrap();
            tip = sealed.tip();
            chain.push(sealed);
        }
        (chain, tip)
    }

    /// What a walk along `chain` finds.
    pub(super) fn found(chain: &[Sealed], head: &Tip) -> Vec<(u64, u64, Fault)> {
        let mut walk = Walk::from(1);
        for sealed in chain {
            walk.step(sealed);
        }
        walk.end(head);
        let findings = walk.findings().iter();
        findings
            .map(|finding| (finding.sequence, finding.count, finding.fault))
            .collect()
    }
}

#[test]
fn a_chain_as_it_was_recorded_is_intact() {
    let (chain, head) = chain();
    assert_eq!(found(&chain, &head), []);
    assert_eq!(found(&[], &Tip::default()), []);
}

#[test]
fn an_altered_entry_is_found() {
    let (mut chain, head) = chain();
    chain[2].content = chain[2].content.replace("person 3", "person 9");
    assert_eq!(found(&chain, &head), [(3, 1, Altered)]);
}

#[test]
fn an_altered_entry_that_was_sealed_again_does_not_fit_its_neighbours() {
    let (mut chain, head) = chain();
    let forged = expect::entry(9);
    chain[2] = Sealed::new(&forged, 3, &chain[1].hash).unwrap();
    assert_eq!(found(&chain, &head), [(4, 1, Replaced)]);
    let last = Sealed::new(&forged, 5, &chain[3].hash).unwrap();
    let (mut chain, head) = expect::chain();
    chain[4] = Sealed {
        previous: chain[3].hash.clone(),
        ..last
    };
    assert_eq!(found(&chain, &head).first().map(|found| found.0), Some(5));
}

#[test]
fn a_removed_entry_is_found() {
    let (mut chain, head) = chain();
    chain.remove(1);
    assert_eq!(found(&chain, &head), [(2, 1, Missing)]);
    let (mut chain, head) = expect::chain();
    chain.drain(0..2);
    assert_eq!(found(&chain, &head), [(1, 2, Missing)]);
}

#[test]
fn the_newest_entries_are_missed_when_they_are_taken_away() {
    let (mut chain, head) = chain();
    chain.truncate(3);
    assert_eq!(found(&chain, &head), [(4, 2, Missing)]);
    assert_eq!(found(&[], &head), [(1, 5, Missing)]);
}

#[test]
fn an_inserted_entry_is_found_wherever_it_was_put() {
    let (mut chain, head) = chain();
    let appended = Sealed::new(&expect::entry(6), 6, &head.hash).unwrap();
    chain.push(appended);
    assert_eq!(found(&chain, &head), [(6, 1, Inserted)], "at the end");

    let (mut chain, head) = expect::chain();
    let between = Sealed::new(&expect::entry(9), 3, &chain[1].hash).unwrap();
    let moved: Vec<Sealed> = chain.drain(2..).collect();
    chain.push(between);
    let renumbered = moved.into_iter().map(|sealed| Sealed {
        sequence: sealed.sequence + 1,
        ..sealed
    });
    chain.extend(renumbered);
    let found = found(&chain, &head);
    assert!(found.contains(&(4, 1, Altered)), "in between: {found:?}");
    assert!(found.contains(&(6, 1, Inserted)), "in between: {found:?}");
}

#[test]
fn a_chain_that_was_written_anew_does_not_end_at_its_head() {
    let (_, head) = chain();
    let (mut anew, mut tip) = (Vec::new(), Tip::default());
    for n in 11..=15 {
        let sealed = Sealed::new(&expect::entry(n), tip.sequence + 1, &tip.hash).unwrap();
        tip = sealed.tip();
        anew.push(sealed);
    }
    assert_eq!(found(&anew, &head), [(5, 1, Replaced)]);
}

#[test]
fn a_walk_goes_on_where_another_ended() {
    let (chain, head) = chain();
    let mut walk = Walk::from(3);
    for sealed in &chain[2..] {
        walk.step(sealed);
    }
    walk.end(&head);
    assert_eq!(
        (walk.findings(), walk.checked(), walk.next()),
        ([].as_slice(), 3, 6)
    );
}

#[test]
fn what_was_sealed_is_read_back() {
    let entry = expect::entry(1);
    let sealed = Sealed::new(&entry, 1, &Hash::default()).unwrap();
    assert!(sealed.is_intact());
    assert_eq!(sealed.entry().unwrap(), entry);
    let moved = Sealed {
        sequence: 2,
        ..sealed
    };
    assert!(!moved.is_intact(), "an entry counts in its own place only");
}
