//! Who calls: claims come from the authorizer's context and from nowhere else.

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
    let jwt = context
        .authorizer
        .as_ref()
        .and_then(|authorizer| authorizer.jwt.as_ref());
    let claims = &jwt.ok_or(Error::Unauthenticated)?.claims;
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
