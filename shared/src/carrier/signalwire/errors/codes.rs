//! The carrier's codes and what each of them says, from the native and the LaML
//! error list (2026-08-21). Where they leave a case open, the choice and its reason
//! stand beside it.

use serde_json::Value;

use crate::carrier::{ErrorKind, signalwire::operation::Operation};

/// A code longer than this is no code.
const CODE_MAX: usize = 64;

/// One reason of a refusal.
pub(super) struct Reason {
    pub(super) code: String,
    message: String,
}

/// What a code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It was refused for this, and nothing was done.
    Refused(ErrorKind),
    /// It was refused for what was sent, and nothing was done. Says less than any
    /// other refusal that comes with it.
    Malformed,
    /// Something went wrong at the carrier: what was done is not known.
    CarrierFailed,
}

/// Codes that say the same of every request.
const REFUSALS: [(ErrorKind, &[&str]); 9] = [
    // "The resource could not be purchased."
    (ErrorKind::NumberUnavailable, &["could_not_purchase"]),
    // "Costs more than the available balance"; 30002 is that of messages.
    (
        ErrorKind::InsufficientFunds,
        &[
            "insufficient_balance",
            "insufficient_balance_to_send_message",
            "4001",
            "30002",
        ],
    ),
    // "This number was purchased too recently to release."
    (ErrorKind::Held, &["purchased_too_recently", "22121"]),
    // "The account must be upgraded", "not enabled on the Space", and kin.
    (
        ErrorKind::AccountLimit,
        &[
            "account_limit_exceeded",
            "unsupported_region",
            "feature_not_available",
            "not_allowed_on_subscription_plan",
            "nested_subprojects_not_allowed",
            "sending_disabled_for_space",
            "10001",
            "20010",
            "21219",
        ],
    ),
    // A token that is not the account's; one without the scope says 401.
    (
        ErrorKind::Unauthenticated,
        &[
            "20003",
            "10004",
            "must_belong_to_project",
            "invalid_subproject_id",
        ],
    ),
    // "The 'From' number must belong to an active campaign" (10DLC).
    (
        ErrorKind::RegulatoryHold,
        &[
            "21717",
            "inactive_campaign",
            "campaign_not_active",
            "associated_campaign_inactive",
            "associated_campaign_suspended",
        ],
    ),
    // "The recipient has opted out of receiving messages from this number."
    (ErrorKind::OptedOut, &["21610", "message_blocked_by_number"]),
    // Too many requests, and full queues of messages.
    (
        ErrorKind::RateLimited,
        &[
            "rate_limit_exceeded",
            "20429",
            "21611",
            "30022",
            "campaign_throughput_exceeded",
            "max_queued_messages_exceeded",
            "message_backlog_limit_exceeded",
        ],
    ),
    (ErrorKind::NotFound, &["20404", "does_not_exist"]),
];

/// Codes of a purchase that speak of the number. LaML has none for a number that is
/// gone. Ours is always well formed, so "invalid format" and "invalid argument" of a
/// purchase speak of what cannot be bought; likewise "already assigned", which may
/// mean to us: the order machine looks before it moves on. Purchases are also refused
/// with their own status for a code, without a detail (signalwire-legacy-node#503).
const OF_THE_NUMBER: [&str; 10] = [
    INVALID_ARGUMENT,
    "21401",
    "422",
    "already_assigned",
    "not_unique_within_project",
    "not_unique_within_space",
    "value_not_unique",
    "number_blacklisted",
    "not_e164",
    "invalid_number_format",
];

/// "The argument passed is invalid", and with the same code "a required argument was
/// left blank".
const INVALID_ARGUMENT: &str = "10000";

/// Codes that say that the request is wrong, whichever number it is about.
const OF_THE_REQUEST: [&str; 18] = [
    "20002",
    "21209",
    "21402",
    "21408",
    "21420",
    "21421",
    "21456",
    "90000",
    "incompatible_parameters",
    "invalid_http_method",
    "invalid_parameter",
    "missing_required_parameter",
    "must_specify_related_parameter",
    "not_a_string",
    "not_an_http_url",
    "provided_id_is_unrecognized",
    "unsupported_option",
    INVALID_ARGUMENT,
];

/// "An unknown error occurred", "an internal error occurred", "a connection timeout",
/// and "cannot be processed right now": none says that nothing was done.
const OF_THE_CARRIER: [&str; 6] = [
    "20001",
    "20504",
    "31003",
    "internal_error_occurred",
    "unknown_error",
    "cannot_process",
];

impl Meaning {
    /// What kind of failure it is; none if the status says more.
    pub(super) const fn kind(self) -> Option<ErrorKind> {
        match self {
            Self::Refused(kind) => Some(kind),
            Self::CarrierFailed => Some(ErrorKind::Unavailable),
            Self::Malformed => None,
        }
    }
}

impl Reason {
    /// What it says of a request of `operation`; none if its code is unknown.
    pub(super) fn meaning(&self, operation: Operation) -> Option<Meaning> {
        let code = self.code.as_str();
        if OF_THE_CARRIER.contains(&code) {
            return Some(Meaning::CarrierFailed);
        }
        let of_the_number = OF_THE_NUMBER.contains(&code) && !self.is_about_a_blank();
        if operation == Operation::Purchase && of_the_number {
            return Some(Meaning::Refused(ErrorKind::NumberUnavailable));
        }
        let refusal = REFUSALS.iter().find(|(_, codes)| codes.contains(&code));
        let refusal = refusal.map(|(kind, _)| Meaning::Refused(*kind));
        refusal.or_else(|| OF_THE_REQUEST.contains(&code).then_some(Meaning::Malformed))
    }

    fn is_about_a_blank(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        message.contains("blank") || message.contains("required")
    }
}

/// The reasons in an answer, in any of its four shapes: two kinds of `errors` list, a
/// LaML object with a number, and a bare `error` text, which is no reason.
pub(super) fn reasons(body: &[u8]) -> Vec<Reason> {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    let listed = answer.get("errors").and_then(Value::as_array);
    let all = listed.into_iter().flatten().chain([&answer]);
    all.filter_map(reason).collect()
}

fn reason(error: &Value) -> Option<Reason> {
    let code = match error.get("code")? {
        Value::String(code) => code.clone(),
        Value::Number(code) => code.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let text = |name| error.get(name).and_then(Value::as_str);
    let message = text("message").or_else(|| text("detail"));
    is_code(&code).then(|| Reason {
        code,
        message: message.unwrap_or_default().to_owned(),
    })
}

fn is_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.len() <= CODE_MAX && text.bytes().all(plain)
}
