//! Projects over the native API: `/api/projects`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    numbers_native::paged,
    paging::{self, Page, Wanted},
    params::Fields,
    projects::{self, FLAGS},
    refusal::Refusal,
    route::Dialect,
    state::Project,
};

/// A project's name has at most this many characters.
const NAME_MAX: usize = 250;

/// `POST`: makes a subproject. The only answer, beside a rotation's, that
/// carries the signing key.
pub(super) fn create(desk: &mut Desk<'_, '_>) -> Outcome {
    desk.query().only(&[])?;
    let fields = read(desk)?;
    let name = fields.required("name")?;
    check_name(name)?;
    let id = projects::create(desk, name, flags(&fields)?)?;
    Ok(Answer::Created(with_key(projects::find(desk, &id)?)))
}

/// `GET`: the caller's project and those below it.
pub(super) fn list(desk: &mut Desk<'_, '_>) -> Outcome {
    let query = desk.query();
    let [number, size, token] = paging::NATIVE;
    query.only(&["name", number, size, token])?;
    let wanted = Wanted::read(&query, Dialect::Api)?;
    let page = Page::cut(projects::listed(desk, query.filled("name")), wanted);
    let data: Vec<Value> = page.items.iter().map(|project| view(project)).collect();
    // Unlike those of numbers, these links are whole addresses in the description.
    Ok(Answer::Ok(paged(&page, &desk.address(), &query, &data)))
}

/// `GET /{id}`.
pub(super) fn get(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    projects::find(desk, id).map(|project| Answer::Ok(view(project)))
}

/// `PATCH /{id}`: changes name and flags.
pub(super) fn update(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    projects::find(desk, id)?;
    let fields = read(desk)?;
    let name = match fields.members.get("name") {
        None => None,
        Some(_) => Some(fields.required("name")?),
    };
    name.map_or(Ok(()), check_name)?;
    projects::update(desk, id, name, flags(&fields)?)?;
    projects::find(desk, id).map(|project| Answer::Ok(view(project)))
}

/// `DELETE /{id}`.
pub(super) fn delete(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    projects::delete(desk, id)?;
    Ok(Answer::Gone)
}

/// `POST /{id}/signing-key/rotate`.
pub(super) fn rotate_key(desk: &mut Desk<'_, '_>, id: &str) -> Outcome {
    desk.query().only(&[])?;
    projects::rotate_key(desk, id)?;
    projects::find(desk, id).map(|project| Answer::Ok(with_key(project)))
}

fn read(desk: &Desk<'_, '_>) -> Result<Fields, Refusal> {
    let fields = desk.fields()?;
    let mut known = vec!["name"];
    known.extend(FLAGS);
    fields.only(&known)?;
    Ok(fields)
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if name.chars().count() > NAME_MAX {
        let message = format!("`name` has at most {NAME_MAX} characters");
        return Err(Refusal::invalid_parameter("name", &message));
    }
    Ok(())
}

fn flags(fields: &Fields) -> Result<BTreeMap<&'static str, bool>, Refusal> {
    let mut flags = BTreeMap::new();
    for name in FLAGS {
        if let Some(flag) = fields.flag(name)? {
            flags.insert(name, flag);
        }
    }
    Ok(flags)
}

fn view(project: &Project) -> Value {
    let mut view = json!({
        "id": project.id,
        "name": project.name,
        "parent_project_id": project.parent,
        "subproject": project.parent.is_some(),
        "region_preference": "us",
        "created_at": super::iso(project.created_at),
        "updated_at": super::iso(project.updated_at),
    });
    if let Some(members) = view.as_object_mut() {
        let flags = project.flags.iter();
        members.extend(flags.map(|(name, flag)| ((*name).to_owned(), (*flag).into())));
    }
    view
}

fn with_key(project: &Project) -> Value {
    let mut view = view(project);
    if let Some(members) = view.as_object_mut() {
        members.insert("signing_key".to_owned(), project.key.expose().into());
    }
    view
}
