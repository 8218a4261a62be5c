//! Owned numbers: what both APIs do with them.

use super::{call::Desk, fields::Changes, purchase::noted, refusal::Refusal, state::Number};
use crate::Kind;

/// The number with this identifier, if the account at the desk owns it. A
/// number of another account does not exist here.
pub(super) fn find<'d>(desk: &'d Desk<'_, '_>, id: &str) -> Result<&'d Number, Refusal> {
    desk.world
        .signalwire
        .numbers
        .get(id)
        .filter(|number| number.account == desk.account)
        .ok_or_else(Refusal::not_found)
}

/// Which names a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named<'n> {
    /// Those that contain it.
    Containing(&'n str),
    /// This very one.
    Exactly(&'n str),
}

impl Named<'_> {
    fn is(self, name: &str) -> bool {
        match self {
            Self::Containing(part) => name.contains(part),
            Self::Exactly(exact) => name == exact,
        }
    }
}

/// The account's numbers that lists show, newest first; `part` matches anywhere in a
/// number.
pub(super) fn listed<'d>(
    desk: &'d Desk<'_, '_>,
    part: Option<&str>,
    name: Option<Named<'_>>,
) -> Vec<(u64, &'d Number)> {
    let now = desk.world.now();
    let mut numbers: Vec<(u64, &Number)> = desk
        .world
        .signalwire
        .numbers
        .values()
        .filter(|number| number.account == desk.account && number.listed_at <= now)
        .filter(|number| part.is_none_or(|part| number.e164().contains(part)))
        .filter(|number| name.is_none_or(|name| name.is(&number.friendly_name())))
        .map(|number| (number.seq, number))
        .collect();
    numbers.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    numbers
}

/// What becomes of a number's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming<'n> {
    /// It stays.
    Kept,
    /// It is replaced or, without a text, taken away.
    As(Option<&'n str>),
}

/// Changes name and routing of a number the account owns.
pub(super) fn configure(
    desk: &mut Desk<'_, '_>,
    id: &str,
    naming: Naming<'_>,
    changes: Changes,
) -> Result<(), Refusal> {
    find(desk, id)?;
    let now = desk.world.now();
    let number = desk.world.signalwire.numbers.get_mut(id);
    let number = number.ok_or_else(Refusal::not_found)?;
    if let Naming::As(name) = naming {
        number.name = name.map(str::to_owned);
    }
    number.routing.change(changes);
    number.updated_at = now;
    let note = noted(Kind::Configure, number);
    desk.world.enter(note);
    Ok(())
}

/// Moves a number to another project of the Space.
///
/// Who may is not documented: here the owner, and the root project where the
/// rules let it reach down.
pub(super) fn transfer(desk: &mut Desk<'_, '_>, id: &str, to: &str) -> Result<(), Refusal> {
    find(desk, id)?;
    if !desk.world.signalwire.projects.contains_key(to) {
        let message = "The project is not in this Space";
        return Err(Refusal::invalid("invalid_subproject_id", 10004, message).about("AccountSid"));
    }
    let now = desk.world.now();
    let number = desk.world.signalwire.numbers.get_mut(id);
    let number = number.ok_or_else(Refusal::not_found)?;
    let from = std::mem::replace(&mut number.account, to.to_owned());
    number.updated_at = now;
    let note = noted(Kind::Transfer, number).detail("from", from);
    desk.world.enter(note);
    Ok(())
}

/// Gives a number back. It does not return to the stock: released numbers age.
pub(super) fn release(desk: &mut Desk<'_, '_>, id: &str) -> Result<(), Refusal> {
    let number = find(desk, id)?;
    let from = number.releasable_at(&desk.world.settings.rules);
    if desk.world.now() < from {
        return Err(Refusal::purchased_too_recently());
    }
    let note = noted(Kind::Release, number);
    desk.world.signalwire.numbers.remove(id);
    desk.world.enter(note);
    Ok(())
}
