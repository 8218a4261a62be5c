//! Who calls: claims come from the authorizer's context and from nowhere else.

use std::{borrow::Cow, collections::HashMap};

use aws_lambda_events::apigw::ApiGatewayV2httpRequestContext;
use lambda_http::{Request, RequestExt, request::RequestContext};

use super::problem::Problem;
use crate::app::{Caller, Error};

/// The scope that makes a token the SaaS product's own backend.
const SERVICE_SCOPE: &str = "numberline/admin";

/// The caller of `request`. `plan_claim` names the claim that grants a plan.
pub fn caller(request: &Request, plan_claim: Option<&str>) -> Result<Caller, Problem> {
    let Some(RequestContext::ApiGatewayV2(context)) = request.request_context_ref() else {
        return Err(Error::Unauthenticated.into());
    };
    let claims = claims(context).ok_or(Error::Unauthenticated)?;
    let claim = |name: &str| claims.get(name).filter(|value| !value.is_empty());
    let (Some(issuer), Some(subject)) = (claim("iss"), claim("sub")) else {
        return Err(Error::Unauthenticated.into());
    };
    let scopes = claim("scope").map(String::as_str).unwrap_or_default();
    Ok(Caller {
        issuer: issuer.clone(),
        subject: subject.clone(),
        service: scopes
            .split_whitespace()
            .any(|scope| scope == SERVICE_SCOPE),
        plan: plan_claim
            .and_then(claim)
            .and_then(|plan| plan.parse().ok()),
        workspace: workspace(request)?,
        address: context.http.source_ip.clone(),
        request_id: context.request_id.clone(),
    })
}

/// What the authorizer says of the caller. Where there is none, which is so on a
/// developer's machine alone, a debug build asks the environment.
fn claims(context: &ApiGatewayV2httpRequestContext) -> Option<Cow<'_, HashMap<String, String>>> {
    let Some(authorizer) = &context.authorizer else {
        #[cfg(debug_assertions)]
        return super::debug_identity::claims().map(Cow::Owned);
        #[cfg(not(debug_assertions))]
        return None;
    };
    let jwt = authorizer.jwt.as_ref()?;
    Some(Cow::Borrowed(&jwt.claims))
}

/// The workspace the request names. Not one of ours is not found, like another's.
fn workspace(request: &Request) -> Result<Option<crate::domain::WorkspaceId>, Problem> {
    let Some(header) = request.headers().get("x-workspace-id") else {
        return Ok(None);
    };
    let named = header
        .to_str()
        .ok()
        .and_then(|name| name.trim().parse().ok());
    named.map(Some).ok_or_else(|| Error::NotFound.into())
}
