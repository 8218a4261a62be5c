//! A change of what is for sale, and why it may make no sense.

use serde::{Deserialize, Serialize};

use super::{is_area_code, is_e164};
use crate::Carrier;

/// A change of the stock: `POST /__sim/stock`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Restock {
    /// Whose stock.
    #[serde(default = "signalwire")]
    pub carrier: Carrier,
    /// With `count`: this area code shall have that many numbers for sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_code: Option<String>,
    /// How many; 0 empties the area code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// Exactly these are put up for sale beside what there is, also if they
    /// were sold and released before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<String>,
    /// What is put up for sale now carries calls and no messages.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voice_only: bool,
}

const fn signalwire() -> Carrier {
    Carrier::SignalWire
}

impl Restock {
    /// `count` numbers for sale in `area_code`, no more and no less.
    #[must_use]
    pub fn area(carrier: Carrier, area_code: &str, count: usize) -> Self {
        Self {
            carrier,
            area_code: Some(area_code.to_owned()),
            count: Some(count),
            numbers: Vec::new(),
            voice_only: false,
        }
    }

    /// These numbers, beside what there is.
    #[must_use]
    pub fn numbers<T: Into<String>>(
        carrier: Carrier,
        numbers: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            carrier,
            area_code: None,
            count: None,
            numbers: numbers.into_iter().map(Into::into).collect(),
            voice_only: false,
        }
    }
}

/// Why a stock cannot be changed so.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// Neither an area code with a count nor numbers.
    #[error("say `areaCode` and `count`, or `numbers`")]
    Nothing,
    /// Not three digits of which the first is 2 to 9.
    #[error("`{0}` is no area code")]
    AreaCode(String),
    /// Not a North American E.164 number.
    #[error("`{0}` is no North American number in E.164")]
    Number(String),
    /// Owned by somebody.
    #[error("`{0}` is owned; release it first")]
    Owned(String),
    /// More than an area code is made to hold.
    #[error("`count` is at most {COUNT_MAX}")]
    Count,
}

/// Plenty for a test; an area code can be filled with tens of thousands.
const COUNT_MAX: usize = 5000;

impl Restock {
    /// Refuses what makes no sense, whoever owns what.
    pub(super) fn check(&self) -> Result<(), StockError> {
        match (&self.area_code, self.count) {
            (Some(code), _) if !is_area_code(code) => {
                return Err(StockError::AreaCode(code.clone()));
            }
            (Some(_), Some(count)) if count > COUNT_MAX => return Err(StockError::Count),
            (Some(_), Some(_)) => {}
            (None, None) if !self.numbers.is_empty() => {}
            _ => return Err(StockError::Nothing),
        }
        let wrong = self.numbers.iter().find(|number| !is_e164(number));
        wrong.map_or(Ok(()), |number| Err(StockError::Number(number.clone())))
    }
}
