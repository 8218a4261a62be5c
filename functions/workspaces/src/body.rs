//! The bodies of requests about workspaces.

use numberline::{
    app::{
        Caller, Error,
        provision::Shop,
        workspaces::{Identity, SignUp},
    },
    domain::{Plan, Role, order::Wish},
    edge::{Problem, area_code, e164},
    store::WorkspaceEdit,
};
use serde::Deserialize;

/// Longest identity text, in characters; OIDC allows a subject 255.
const IDENTITY_MAX: usize = 255;

/// `POST /api/workspaces`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewWorkspace {
    name: String,
    plan: Option<String>,
    external_id: Option<String>,
    admin: Option<Admin>,
    number: Option<FirstNumber>,
}

/// The first admin, when the SaaS product's backend signs a workspace up.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Admin {
    issuer: String,
    subject: String,
}

/// What to do about the workspace's first number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FirstNumber {
    mode: Option<Mode>,
    area_code: Option<String>,
    phone_number: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// Order any number at once: what happens on a plan with a number.
    Auto,
    /// The people choose one later in onboarding, or name it here.
    Choose,
    /// None for now.
    Later,
}

/// `PATCH /api/workspaces/{id}`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WorkspaceChange {
    name: Option<String>,
    status: Option<Standing>,
    number_limit: Option<u32>,
}

/// Whether a workspace may act.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Standing {
    /// Everything works.
    Active,
    /// Nothing new may be bought or sent.
    Suspended,
}

/// `POST /api/workspaces/{id}/members`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    issuer: Option<String>,
    subject: String,
    role: Role,
}

impl NewWorkspace {
    pub(crate) fn read(self, shop: &Shop) -> Result<SignUp, Problem> {
        let plan = match self.plan.as_deref() {
            None => Plan::Starter,
            Some(name) => {
                name.parse()
                    .map_err(|error: numberline::domain::plan::UnknownPlan| {
                        Error::invalid("/plan", "unknown_plan", error.to_string())
                    })?
            }
        };
        let admin = self
            .admin
            .map(|admin| identity(admin.issuer, admin.subject, "/admin"))
            .transpose()?;
        if let Some(external_id) = &self.external_id {
            bounded(external_id, "/externalId")?;
        }
        Ok(SignUp {
            number: first_number(plan, self.number, shop)?,
            name: self.name,
            plan,
            external_id: self.external_id,
            admin,
        })
    }
}

/// The order to place at once. `auto` is the default where the plan includes a number.
fn first_number(
    plan: Plan,
    number: Option<FirstNumber>,
    shop: &Shop,
) -> Result<Option<Wish>, Problem> {
    let default = if plan.includes_number() {
        Mode::Auto
    } else {
        Mode::Later
    };
    let Some(number) = number else {
        return Ok((default == Mode::Auto).then(|| shop.automatic(None)));
    };
    let preferred = number
        .area_code
        .map(|code| area_code(&code, "/number/areaCode"))
        .transpose()?;
    let chosen = number
        .phone_number
        .map(|text| e164(&text, "/number/phoneNumber"))
        .transpose()?;
    let mode = number.mode.unwrap_or(default);
    if preferred.is_some() && mode != Mode::Auto {
        let detail = "an areaCode goes with the mode auto";
        return Err(Error::invalid("/number/areaCode", "number_mode_mismatch", detail).into());
    }
    match (mode, chosen) {
        (Mode::Auto, None) => Ok(Some(shop.automatic(preferred))),
        (Mode::Choose, Some(chosen)) => Ok(Some(Wish::Exact(chosen))),
        (Mode::Choose | Mode::Later, None) => Ok(None),
        (Mode::Auto | Mode::Later, Some(_)) => {
            let detail = "a phoneNumber goes with the mode choose";
            Err(Error::invalid("/number/phoneNumber", "number_mode_mismatch", detail).into())
        }
    }
}

impl WorkspaceChange {
    pub(crate) fn read(self) -> Result<WorkspaceEdit, Problem> {
        let Self {
            name,
            status,
            number_limit,
        } = self;
        if name.is_none() && status.is_none() && number_limit.is_none() {
            let detail = "say what to change: name, status or numberLimit";
            return Err(Error::invalid("", "nothing_to_change", detail).into());
        }
        Ok(WorkspaceEdit {
            name,
            suspended: status.map(|status| status == Standing::Suspended),
            number_limit,
        })
    }
}

impl NewMember {
    /// The identity to add; of the caller's own issuer if none is named.
    pub(crate) fn read(self, caller: &Caller) -> Result<(Identity, Role), Problem> {
        let issuer = self.issuer.unwrap_or_else(|| caller.issuer.clone());
        Ok((identity(issuer, self.subject, "")?, self.role))
    }
}

/// An identity whose fields lie below `parent` in the body.
fn identity(issuer: String, subject: String, parent: &str) -> Result<Identity, Problem> {
    bounded(&issuer, &format!("{parent}/issuer"))?;
    bounded(&subject, &format!("{parent}/subject"))?;
    Ok(Identity { issuer, subject })
}

fn bounded(text: &str, pointer: &str) -> Result<(), Problem> {
    if (1..=IDENTITY_MAX).contains(&text.chars().count()) {
        return Ok(());
    }
    Err(Error::invalid(pointer, "invalid_length", "give 1 to 255 characters").into())
}
