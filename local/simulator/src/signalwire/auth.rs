//! Who is asking, and may they.
//!
//! HTTP Basic: a project and one of its tokens. A signing key is no token.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, header};

use super::{State, refusal::Refusal, route::Route};
use crate::{Operation, Rules};

/// The project and the secret of a request's credentials.
fn credentials(request: &Request<Bytes>) -> Option<(String, String)> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (project, secret) = decoded.split_once(':')?;
    Some((project.to_owned(), secret.to_owned()))
}

/// The account the request acts in: the caller's own or, where the rules let
/// a root project reach down, the subproject in a Compatibility path.
pub(super) fn admit(
    state: &State,
    rules: &Rules,
    request: &Request<Bytes>,
    route: &Route<'_>,
    operation: Operation,
) -> Result<String, Refusal> {
    let (project, secret) = credentials(request).ok_or_else(Refusal::unauthorized)?;
    let token = state
        .tokens
        .values()
        .find(|token| token.project == project && token.secret.expose() == secret)
        .ok_or_else(Refusal::unauthorized)?;
    if !token.allows(route.action.scope()) {
        return Err(Refusal::unauthorized());
    }
    match route.account {
        None => Ok(project),
        Some(account) if account == project => Ok(project),
        Some(account) => {
            let below = state
                .projects
                .get(account)
                .is_some_and(|below| below.parent.as_deref() == Some(project.as_str()));
            if below && rules.parent_may.contains(&operation) {
                Ok(account.to_owned())
            } else {
                Err(Refusal::unauthorized())
            }
        }
    }
}
