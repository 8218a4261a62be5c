//! How a simulator is set up, and the rules that can change while it runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Clock, Operation, Secret};

/// How a simulator starts. `POST /__sim/reset` goes back to it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Decides every identifier, token and key that is made up.
    pub seed: u64,
    /// The platform's own account (the root project).
    pub project_id: String,
    /// The platform's API token (`PT…`), with every scope.
    pub api_token: Secret,
    /// The platform's signing key (`PSK_…`).
    pub signing_key: Secret,
    /// The time it starts with.
    pub clock: Clock,
    /// How many numbers are for sale, by area code.
    pub stock: BTreeMap<String, usize>,
    /// Numbers (E.164) that the platform's own account owns from the start: bought by
    /// hand, long ago.
    pub owned: Vec<String>,
    /// The rules of the house.
    pub rules: Rules,
}

impl Default for Settings {
    fn default() -> Self {
        let stock = ["202", "212", "310", "415", "512", "646", "718"];
        Self {
            seed: 1,
            project_id: "7b1f6d0a-3c52-4d0e-9a61-0f2f4c1d9e55".to_owned(),
            api_token: Secret::new("PTsimulator00000000000000000000000000000000000000"),
            signing_key: Secret::new("PSK_simulator000000000000000000"),
            clock: Clock::default(),
            stock: stock.map(|code| (code.to_owned(), 30)).into(),
            owned: Vec::new(),
            rules: Rules::default(),
        }
    }
}

/// What a carrier's documents leave to the customer's contract, to chance, or
/// unsaid. Each can be changed with `POST /__sim/settings`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own: they are no states"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Rules {
    /// Days after purchase in which a number cannot be released: 14 at
    /// SignalWire (error list, 2026-08).
    pub hold_days: u32,
    /// A trial Space: one number, held for 30 days.
    pub trial: bool,
    /// Numbers one project may own: 1000 at SignalWire (guides, 2026-08).
    pub numbers_max: usize,
    /// Every purchase is refused for want of money, and messages fail.
    pub insufficient_balance: bool,
    /// Requests per second, and as many at once, over which 429 is answered; no bound
    /// when unset.
    pub rate_limit: Option<u32>,
    /// Milliseconds until a purchase shows in lists; none is documented.
    pub settle_delay_ms: u64,
    /// Milliseconds between two statuses of an outgoing message.
    pub message_step_ms: u64,
    /// Milliseconds in which a rotated signing key still signs: SignalWire
    /// says one to two minutes, tests mostly want none.
    pub key_overlap_ms: u64,
    /// Long codes must be in a 10DLC campaign before they can send.
    pub campaign_required: bool,
    /// How the native API words that a number cannot be bought.
    pub purchase_refusal: PurchaseRefusal,
    /// The Compatibility code for a number that cannot be bought; the documents name
    /// none, 21401 and 10000 are the likely ones.
    pub laml_purchase_refusal_code: u32,
    /// Whether the Compatibility list's filter by number takes a `+` as it is. Where it
    /// does not, a number in E.164 is never found by it.
    pub laml_plus_is_literal: bool,
    /// Whether the Compatibility API shows the name a number was given, or what the
    /// description says of `friendly_name`: a formatted version of the number.
    pub laml_shows_names: bool,
    /// Whether a native search by area code goes on with other area codes where too little
    /// is for sale.
    pub search_neighbours: bool,
    /// What the root project's credentials may do under a subproject's Compatibility
    /// path. Unconfirmed at the carrier, hence a rule.
    pub parent_may: BTreeSet<Operation>,
}

/// How a purchase is refused natively.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PurchaseRefusal {
    /// `could_not_purchase`, as the error list has it.
    #[default]
    Documented,
    /// `Invalid Attribute` without detail, as customers report it.
    Vague,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            hold_days: 14,
            trial: false,
            numbers_max: 1000,
            insufficient_balance: false,
            rate_limit: None,
            settle_delay_ms: 0,
            message_step_ms: 0,
            key_overlap_ms: 0,
            campaign_required: false,
            purchase_refusal: PurchaseRefusal::default(),
            laml_purchase_refusal_code: 21401,
            laml_plus_is_literal: true,
            laml_shows_names: true,
            search_neighbours: false,
            parent_may: [
                Operation::List,
                Operation::Get,
                Operation::Configure,
                Operation::Transfer,
            ]
            .into(),
        }
    }
}

impl Rules {
    /// The hold that applies to this kind of Space, in days.
    #[must_use]
    pub const fn hold(&self) -> u32 {
        if self.trial { 30 } else { self.hold_days }
    }

    /// How many numbers a project may own in this kind of Space.
    #[must_use]
    pub const fn numbers_allowed(&self) -> usize {
        if self.trial { 1 } else { self.numbers_max }
    }
}
