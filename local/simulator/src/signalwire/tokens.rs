//! API tokens: `/api/project/tokens` and `/Accounts/{sid}/tokens`.

use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    refusal::Refusal,
    state::{PERMISSIONS, Token},
};
use crate::{Carrier, Kind, Secret, ledger::Note};

/// `POST`: makes a token for the caller's project or one below it.
pub(super) fn create(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let fields = desk.fields()?;
    fields.only(&["name", "permissions", "subproject_id"])?;
    let name = fields.required("name")?;
    let permissions = fields
        .texts("permissions")?
        .ok_or_else(|| Refusal::missing("permissions"))?;
    make(desk, name, permissions, fields.text("subproject_id")?)
}

/// The same with a form, permissions as a repeated parameter.
pub(super) fn create_laml(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let form = desk.form();
    form.only(&["name", "permissions", "permissions[]", "subproject_id"])?;
    let name = form
        .filled("name")
        .ok_or_else(|| Refusal::missing("name"))?;
    let permissions: Vec<String> = form
        .all("permissions")
        .chain(form.all("permissions[]"))
        .map(str::to_owned)
        .collect();
    make(desk, name, permissions, form.filled("subproject_id"))
}

/// `PATCH /{id}`: changes name and permissions.
pub(super) fn update(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    find(desk, id)?;
    let fields = desk.fields()?;
    fields.only(&["name", "permissions"])?;
    let name = fields.text("name")?;
    let permissions = fields.texts("permissions")?;
    permissions.as_deref().map_or(Ok(()), check)?;
    let token = desk.world.signalwire.tokens.get_mut(id);
    let token = token.ok_or_else(Refusal::not_found)?;
    if let Some(name) = name {
        name.clone_into(&mut token.name);
    }
    if let Some(permissions) = permissions {
        token.permissions = permissions;
    }
    let (note, view) = (noted(Kind::TokenUpdate, token), view(token));
    desk.world.enter(note);
    Ok(Answer::Ok(view))
}

/// `DELETE /{id}`.
pub(super) fn delete(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    let note = noted(Kind::TokenDeletion, find(desk, id)?);
    desk.world.signalwire.tokens.remove(id);
    desk.world.enter(note);
    Ok(Answer::Gone)
}

fn make(
    desk: &mut Desk<'_, '_>,
    name: &str,
    permissions: Vec<String>,
    subproject: Option<&str>,
) -> Outcome {
    check(&permissions)?;
    let project = subproject.unwrap_or(&desk.account).to_owned();
    let world = &mut *desk.world;
    let is_child = |id: &str| {
        let below = world.signalwire.projects.get(id);
        below.is_some_and(|below| below.parent.as_deref() == Some(&desk.account))
    };
    if subproject.is_some() && !is_child(&project) {
        let message = "The subproject does not belong to this project";
        let refusal = Refusal::invalid("invalid_subproject_id", 10004, message);
        return Err(refusal.about("subproject_id"));
    }
    let token = Token {
        id: world.random.uuid(),
        project,
        name: name.to_owned(),
        permissions,
        secret: Secret::new(world.random.secret("PT")),
    };
    let (note, view) = (noted(Kind::Token, &token), view(&token));
    world.signalwire.tokens.insert(token.id.clone(), token);
    world.enter(note);
    Ok(Answer::Ok(view))
}

fn check(permissions: &[String]) -> Result<(), Refusal> {
    let known = |name: &String| PERMISSIONS.contains(&name.as_str());
    if permissions.is_empty() || !permissions.iter().all(known) {
        let message = "Permissions list contains invalid selections";
        let refusal = Refusal::invalid("invalid_auth_token_permissions", 10003, message);
        return Err(refusal.about("permissions"));
    }
    Ok(())
}

/// A token of the caller's project or of one below it.
fn find<'d>(desk: &'d Desk<'_, '_>, id: &str) -> Result<&'d Token, Refusal> {
    let state = &desk.world.signalwire;
    let token = state.tokens.get(id).ok_or_else(Refusal::not_found)?;
    let owner = state.projects.get(&token.project);
    let is_mine = token.project == desk.account
        || owner.is_some_and(|owner| owner.parent.as_deref() == Some(&desk.account));
    if is_mine {
        Ok(token)
    } else {
        Err(Refusal::not_found())
    }
}

fn view(token: &Token) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "permissions": token.permissions,
        "token": token.secret.expose(),
    })
}

fn noted(kind: Kind, token: &Token) -> Note {
    Note::new(Carrier::SignalWire, kind, &token.project)
        .id(&token.id)
        .reference(Some(&token.name))
}
