//! What an endpoint is told to be, read strictly.

use crate::{
    Secret,
    signalwire::{call::Desk, params::Fields, refusal::Refusal},
};

use super::{
    own,
    profile::{CIPHERS, CODECS},
};

/// Everything that can be said of an endpoint here.
const KNOWN: [&str; 7] = [
    "username",
    "password",
    "caller_id",
    "send_as",
    "ciphers",
    "codecs",
    "encryption",
];

const ENCRYPTION: [&str; 3] = ["default", "required", "optional"];

/// The number an endpoint calls from: any of the project's.
const RANDOM: &str = "random";

/// What an endpoint is.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) username: String,
    pub(super) password: Secret,
    pub(super) caller_id: Option<String>,
    pub(super) send_as: String,
    pub(super) ciphers: Vec<String>,
    pub(super) codecs: Vec<String>,
    pub(super) encryption: String,
}

impl Settings {
    /// The settings of a new endpoint: name and password must be given.
    pub(super) fn new(fields: &Fields) -> Result<Self, Refusal> {
        let mut settings = Self {
            username: fields.required("username")?.to_owned(),
            password: Secret::new(fields.required("password")?),
            caller_id: None,
            send_as: RANDOM.to_owned(),
            ciphers: CIPHERS.map(str::to_owned).into(),
            codecs: CODECS.map(str::to_owned).into(),
            encryption: "default".to_owned(),
        };
        settings.change(fields)?;
        Ok(settings)
    }

    /// Changes what is named.
    pub(super) fn change(&mut self, fields: &Fields) -> Result<(), Refusal> {
        fields.only(&KNOWN)?;
        let given = |name| fields.members.contains_key(name);
        if given("username") {
            fields.required("username")?.clone_into(&mut self.username);
        }
        if given("password") {
            self.password = Secret::new(fields.required("password")?);
        }
        if given("caller_id") {
            self.caller_id = fields.text("caller_id")?.map(str::to_owned);
        }
        if let Some(number) = fields.text("send_as")? {
            number.clone_into(&mut self.send_as);
        }
        if let Some(ciphers) = selection(fields, "ciphers", &CIPHERS)? {
            self.ciphers = ciphers;
        }
        if let Some(codecs) = selection(fields, "codecs", &CODECS)? {
            self.codecs = codecs;
        }
        if let Some(encryption) = fields.text("encryption")? {
            encryption.clone_into(&mut self.encryption);
        }
        Ok(())
    }

    /// Refuses what an endpoint of the caller's project cannot be; `this` is the
    /// endpoint that has these settings already.
    pub(super) fn check(&self, desk: &Desk<'_, '_>, this: Option<&str>) -> Result<(), Refusal> {
        if self
            .username
            .contains(|c: char| c.is_whitespace() || c == '@')
        {
            let message = "`username` must not contain white space or @";
            return Err(Refusal::invalid_parameter("username", message));
        }
        if !ENCRYPTION.contains(&self.encryption.as_str()) {
            let message = format!("`encryption` must be one of {}", ENCRYPTION.join(", "));
            return Err(Refusal::invalid_parameter("encryption", &message));
        }
        let is_other = |id: &str| this != Some(id);
        let taken =
            own(desk).any(|other| is_other(&other.id) && other.settings.username == self.username);
        if taken {
            let message = "Value must be unique within project";
            let refusal = Refusal::invalid("not_unique_within_project", 10000, message);
            return Err(refusal.about("username"));
        }
        self.check_number(desk)
    }

    fn check_number(&self, desk: &Desk<'_, '_>) -> Result<(), Refusal> {
        let state = &desk.world.signalwire;
        let (code, message) = match self.number() {
            None if state.count_of(&desk.account) == 0 => (
                "no_valid_number_for_random_send_as_selection",
                "There is no purchased number in the project",
            ),
            Some(number) if state.owned(number) != Some(&desk.account) => (
                "not_purchased_or_verified",
                "The phone number must be purchased or verified",
            ),
            None | Some(_) => return Ok(()),
        };
        Err(Refusal::invalid(code, 10000, message).about("send_as"))
    }

    /// The number it calls from, unless that is any.
    pub(super) fn number(&self) -> Option<&str> {
        (self.send_as != RANDOM).then_some(self.send_as.as_str())
    }
}

/// A choice among `known`: at least one, and no other.
fn selection(fields: &Fields, name: &str, known: &[&str]) -> Result<Option<Vec<String>>, Refusal> {
    let Some(chosen) = fields.texts(name)? else {
        return Ok(None);
    };
    let (code, message) = if chosen.is_empty() {
        (
            "missing_sip_configuration",
            "The SIP configuration requires at least one selection",
        )
    } else if chosen
        .iter()
        .any(|choice| !known.contains(&choice.as_str()))
    {
        (
            "invalid_sip_configuration",
            "The SIP configuration value is invalid",
        )
    } else {
        return Ok(Some(chosen));
    };
    Err(Refusal::invalid(code, 10000, message).about(name))
}
