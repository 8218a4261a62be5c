//! What exists in the Space.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{fields::Routing, messages::Message, route::Scope, sip};
use crate::{
    AvailableNumber, Carrier, HeldAccount, HeldNumber, Rules, Secret, Settings, clock,
    random::Random,
};

/// Every permission a token can have.
pub(super) const PERMISSIONS: [&str; 11] = [
    "calling",
    "chat",
    "datasphere",
    "fax",
    "management",
    "messaging",
    "numbers",
    "pubsub",
    "storage",
    "tasking",
    "video",
];

/// A project: the root, or a subproject of it.
#[derive(Clone, Debug)]
pub(super) struct Project {
    pub(super) seq: u64,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) key: Secret,
    /// The key before, and until when it still signs.
    pub(super) key_before: Option<(Secret, Timestamp)>,
    /// `protect_recordings` and the like.
    pub(super) flags: BTreeMap<&'static str, bool>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Project {
    /// The key that signs at `now`.
    pub(super) fn signs_with(&self, now: Timestamp) -> &Secret {
        match &self.key_before {
            Some((before, until)) if now < *until => before,
            _ => &self.key,
        }
    }
}

/// An API token of a project.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) id: String,
    pub(super) project: String,
    pub(super) name: String,
    pub(super) permissions: Vec<String>,
    pub(super) secret: Secret,
}

impl Token {
    pub(super) fn allows(&self, scope: Scope) -> bool {
        self.permissions.iter().any(|name| name == scope.name())
    }
}

/// An owned number.
#[derive(Clone, Debug)]
pub(super) struct Number {
    pub(super) seq: u64,
    pub(super) id: String,
    pub(super) account: String,
    pub(super) name: Option<String>,
    pub(super) bought: AvailableNumber,
    pub(super) routing: Routing,
    /// The trunk that takes its calls before anything in the routing.
    pub(super) trunk: Option<String>,
    pub(super) purchased_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// From when on lists show it.
    pub(super) listed_at: Timestamp,
}

impl Number {
    pub(super) fn e164(&self) -> &str {
        &self.bought.number
    }

    /// The name, or `(415) 555-0142` where none was given.
    pub(super) fn friendly_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| pretty(&self.bought))
    }

    pub(super) fn releasable_at(&self, rules: &Rules) -> Timestamp {
        let hold = SignedDuration::from_hours(i64::from(rules.hold()) * 24);
        clock::later(self.purchased_at, hold)
    }
}

/// `(415) 555-0142`.
pub(super) fn pretty(number: &AvailableNumber) -> String {
    let digits = number.digits();
    let part = |range| digits.get(range).unwrap_or_default();
    format!("({}) {}-{}", part(0..3), part(3..6), part(6..10))
}

/// The Space.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(super) projects: BTreeMap<String, Project>,
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) numbers: BTreeMap<String, Number>,
    pub(super) messages: BTreeMap<String, Message>,
    pub(super) sip_endpoints: BTreeMap<String, sip::Endpoint>,
    made: u64,
}

impl State {
    /// A Space whose root project owns these numbers, without names or webhooks.
    pub(crate) fn new(
        settings: &Settings,
        owned: Vec<AvailableNumber>,
        random: &mut Random,
    ) -> Self {
        let now = settings.clock.now();
        let root = Project {
            seq: 1,
            id: settings.project_id.clone(),
            name: "Numberline".to_owned(),
            parent: None,
            key: settings.signing_key.clone(),
            key_before: None,
            flags: super::projects::FLAGS.map(|flag| (flag, false)).into(),
            created_at: now,
            updated_at: now,
        };
        let token = Token {
            id: random.uuid(),
            project: root.id.clone(),
            name: "platform".to_owned(),
            permissions: PERMISSIONS.map(str::to_owned).into(),
            secret: settings.api_token.clone(),
        };
        let account = root.id.clone();
        let mut space = Self {
            projects: [(root.id.clone(), root)].into(),
            tokens: [(token.id.clone(), token)].into(),
            numbers: BTreeMap::new(),
            messages: BTreeMap::new(),
            sip_endpoints: BTreeMap::new(),
            made: 1,
        };
        for bought in owned {
            let number = Number {
                seq: space.next_seq(),
                id: random.uuid(),
                account: account.clone(),
                name: None,
                bought,
                routing: Routing::default(),
                trunk: None,
                purchased_at: now,
                updated_at: now,
                listed_at: now,
            };
            space.numbers.insert(number.id.clone(), number);
        }
        space
    }

    /// The place in time of the next thing made.
    pub(super) const fn next_seq(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// The number somebody owns under this E.164.
    pub(super) fn by_e164(&self, e164: &str) -> Option<&Number> {
        self.numbers.values().find(|number| number.e164() == e164)
    }

    pub(crate) fn revoke_tokens(&mut self, project: &str) {
        self.tokens.retain(|_, token| token.project != project);
    }

    /// The account that owns a number.
    pub(crate) fn owned(&self, e164: &str) -> Option<&str> {
        self.by_e164(e164).map(|number| number.account.as_str())
    }

    pub(super) fn count_of(&self, account: &str) -> usize {
        self.numbers
            .values()
            .filter(|number| number.account == account)
            .count()
    }

    /// What there is, in the words of every carrier.
    pub(crate) fn holdings(&self, rules: &Rules) -> (Vec<HeldNumber>, Vec<HeldAccount>) {
        let mut numbers: Vec<&Number> = self.numbers.values().collect();
        numbers.sort_by_key(|number| number.seq);
        let mut projects: Vec<&Project> = self.projects.values().collect();
        projects.sort_by_key(|project| project.seq);
        let numbers = numbers.into_iter().map(|number| held(number, rules));
        let accounts = projects.into_iter().map(|project| HeldAccount {
            carrier: Carrier::SignalWire,
            id: project.id.clone(),
            name: project.name.clone(),
            parent: project.parent.clone(),
            tokens: self
                .tokens
                .values()
                .filter(|token| token.project == project.id)
                .count(),
            sip_credentials: self
                .sip_endpoints
                .values()
                .filter(|endpoint| endpoint.account == project.id)
                .count(),
            numbers: self.count_of(&project.id),
        });
        (numbers.collect(), accounts.collect())
    }
}

fn held(number: &Number, rules: &Rules) -> HeldNumber {
    let url = |name| number.routing.text(name).map(str::to_owned);
    HeldNumber {
        carrier: Carrier::SignalWire,
        id: number.id.clone(),
        number: number.e164().to_owned(),
        account: number.account.clone(),
        reference: number.name.clone(),
        purchased_at: number.purchased_at,
        releasable_at: number.releasable_at(rules),
        voice_url: url("call_request_url"),
        voice_fallback_url: url("call_fallback_url"),
        sms_url: url("message_request_url"),
        sms_fallback_url: url("message_fallback_url"),
        status_url: url("call_status_callback_url"),
    }
}
