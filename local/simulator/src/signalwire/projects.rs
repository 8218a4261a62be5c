//! Projects: what both APIs do with them.

use std::collections::BTreeMap;

use super::{call::Desk, refusal::Refusal, state::Project};
use crate::{Carrier, Kind, Secret, clock, ledger::Note};

/// What a project can be told to do beside having a name.
pub(super) const FLAGS: [&str; 4] = [
    "protect_recordings",
    "protect_message_media",
    "protect_fax_media",
    "force_https_requests",
];

/// The caller's own project or one below it.
pub(super) fn find<'d>(desk: &'d Desk<'_, '_>, id: &str) -> Result<&'d Project, Refusal> {
    desk.world
        .signalwire
        .projects
        .get(id)
        .filter(|project| is_in_tree(desk, project))
        .ok_or_else(Refusal::not_found)
}

fn is_in_tree(desk: &Desk<'_, '_>, project: &Project) -> bool {
    project.id == desk.account || project.parent.as_deref() == Some(&desk.account)
}

/// The caller's own project and those below it, newest first.
pub(super) fn listed<'d>(desk: &'d Desk<'_, '_>, name: Option<&str>) -> Vec<(u64, &'d Project)> {
    let mut projects: Vec<(u64, &Project)> = desk
        .world
        .signalwire
        .projects
        .values()
        .filter(|project| is_in_tree(desk, project))
        .filter(|project| name.is_none_or(|name| project.name.contains(name)))
        .map(|project| (project.seq, project))
        .collect();
    projects.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    projects
}

/// Makes a subproject below the caller, who must be a root project.
pub(super) fn create(
    desk: &mut Desk<'_, '_>,
    name: &str,
    flags: BTreeMap<&'static str, bool>,
) -> Result<String, Refusal> {
    let world = &mut *desk.world;
    let parent = world.signalwire.projects.get(&desk.account);
    if parent.is_none_or(|parent| parent.parent.is_some()) {
        return Err(Refusal::invalid(
            "nested_subprojects_not_allowed",
            10001,
            "Subprojects can only be created under a top-level project",
        ));
    }
    let now = world.now();
    let mut all: BTreeMap<_, _> = FLAGS.map(|flag| (flag, false)).into();
    all.extend(flags);
    let project = Project {
        seq: world.signalwire.next_seq(),
        id: world.random.uuid(),
        name: name.to_owned(),
        parent: Some(desk.account.clone()),
        key: Secret::new(world.random.secret("PSK_")),
        key_before: None,
        flags: all,
        created_at: now,
        updated_at: now,
    };
    let id = project.id.clone();
    world.enter(noted(Kind::Subproject, &project));
    world.signalwire.projects.insert(id.clone(), project);
    Ok(id)
}

/// Changes name and flags.
pub(super) fn update(
    desk: &mut Desk<'_, '_>,
    id: &str,
    name: Option<&str>,
    flags: BTreeMap<&'static str, bool>,
) -> Result<(), Refusal> {
    find(desk, id)?;
    let now = desk.world.now();
    let project = desk.world.signalwire.projects.get_mut(id);
    let project = project.ok_or_else(Refusal::not_found)?;
    if let Some(name) = name {
        name.clone_into(&mut project.name);
    }
    project.flags.extend(flags);
    project.updated_at = now;
    let note = noted(Kind::SubprojectUpdate, project);
    desk.world.enter(note);
    Ok(())
}

/// Deletes an empty subproject, its tokens and its SIP endpoints.
pub(super) fn delete(desk: &mut Desk<'_, '_>, id: &str) -> Result<(), Refusal> {
    let project = find(desk, id)?;
    if project.parent.is_none() {
        let message = "Only subprojects can be deleted";
        return Err(Refusal::invalid(
            "only_subprojects_can_be_deleted",
            10000,
            message,
        ));
    }
    if desk.world.signalwire.count_of(id) > 0 {
        let message = "All phone numbers must be removed first";
        return Err(Refusal::invalid(
            "phone_numbers_must_be_removed",
            10000,
            message,
        ));
    }
    let note = noted(Kind::SubprojectClosure, project);
    let state = &mut desk.world.signalwire;
    state.projects.remove(id);
    state.tokens.retain(|_, token| token.project != id);
    let endpoints = &mut state.sip_endpoints;
    endpoints.retain(|_, endpoint| endpoint.account != id);
    desk.world.enter(note);
    Ok(())
}

/// Makes a new signing key; the old one signs on for as long as the rules say.
pub(super) fn rotate_key(desk: &mut Desk<'_, '_>, id: &str) -> Result<(), Refusal> {
    find(desk, id)?;
    let now = desk.world.now();
    let until = clock::later_ms(now, desk.world.settings.rules.key_overlap_ms);
    let fresh = Secret::new(desk.world.random.secret("PSK_"));
    let project = desk.world.signalwire.projects.get_mut(id);
    let project = project.ok_or_else(Refusal::not_found)?;
    let before = std::mem::replace(&mut project.key, fresh);
    project.key_before = Some((before, until));
    project.updated_at = now;
    let note = noted(Kind::KeyRotation, project);
    desk.world.enter(note);
    Ok(())
}

/// The account of such an entry is the parent: whose bill it is.
fn noted(kind: Kind, project: &Project) -> Note {
    let account = project.parent.as_deref().unwrap_or(&project.id);
    Note::new(Carrier::SignalWire, kind, account)
        .id(&project.id)
        .reference(Some(&project.name))
}
