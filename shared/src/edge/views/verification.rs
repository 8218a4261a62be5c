//! What verifying a number found, as clients see it.

use serde::Serialize;

use crate::{
    app::verify::Verified,
    domain::verify::{Channel, Fault, VerifyCode},
};

/// What one pass over a number found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerificationView {
    voice: bool,
    sms: bool,
    repaired: bool,
    errors: Vec<FaultView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct FaultView {
    channel: Channel,
    code: VerifyCode,
    detail: &'static str,
}

impl From<&Verified> for VerificationView {
    fn from(verified: &Verified) -> Self {
        let faults = verified.faults.iter();
        Self {
            voice: verified.voice(),
            sms: verified.sms(),
            repaired: verified.repaired,
            errors: faults.map(FaultView::from).collect(),
        }
    }
}

impl From<&Fault> for FaultView {
    fn from(fault: &Fault) -> Self {
        Self {
            channel: fault.channel,
            code: fault.code,
            detail: fault.code.sentence(),
        }
    }
}
