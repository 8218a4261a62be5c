//! The numbers nobody owns yet.
//!
//! Made-up but valid: area code, then exchange 555 with lines 0100 to 0199,
//! the range set aside for fiction; only when that is used up, other
//! exchanges. A number that was sold never comes back by itself, as carriers
//! let released numbers age.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::Carrier;

mod places;
mod restock;

pub use restock::{Restock, StockError};

/// A number that can be bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailableNumber {
    /// E.164.
    pub number: String,
    /// Two letters, where the area code is known.
    pub region: Option<&'static str>,
    /// City, where the area code is known.
    pub locality: Option<&'static str>,
    /// Rate centre, where the area code is known.
    pub rate_center: Option<&'static str>,
    /// Local access and transport area, where the area code is known.
    pub lata: Option<&'static str>,
    /// `US` or `CA`.
    pub country: &'static str,
    /// Whether the area code is toll-free.
    pub toll_free: bool,
    /// Whether it carries calls and no messages.
    pub voice_only: bool,
}

impl AvailableNumber {
    fn new(number: String, voice_only: bool) -> Self {
        let code = number.get(2..5).unwrap_or_default();
        let place = places::of(code);
        Self {
            toll_free: places::TOLL_FREE.contains(&code),
            region: place.map(|place| place.region),
            locality: place.map(|place| place.locality),
            rate_center: place.map(|place| place.rate_center),
            lata: place.and_then(|place| place.lata),
            country: place.map_or("US", |place| place.country),
            number,
            voice_only,
        }
    }

    /// Whether it carries messages, too.
    pub(crate) const fn texts(&self) -> bool {
        !self.voice_only
    }

    /// What it carries, by name.
    pub(crate) fn capabilities(&self) -> &'static [&'static str] {
        if self.voice_only {
            &["voice", "fax"]
        } else {
            &["voice", "sms", "mms", "fax"]
        }
    }

    /// The ten digits after the country code.
    pub(crate) fn digits(&self) -> &str {
        self.number.get(2..).unwrap_or_default()
    }

    /// The first three of them.
    pub(crate) fn area_code(&self) -> &str {
        self.number.get(2..5).unwrap_or_default()
    }
}

/// What is for sale, by carrier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stock {
    racks: BTreeMap<Carrier, BTreeMap<String, AvailableNumber>>,
    sold: BTreeSet<String>,
}

impl Stock {
    /// The numbers a carrier has for sale, in numerical order.
    pub(crate) fn of(&self, carrier: Carrier) -> impl Iterator<Item = &AvailableNumber> {
        self.racks
            .get(&carrier)
            .into_iter()
            .flat_map(BTreeMap::values)
    }

    /// Takes a number off the shelf for good.
    pub(crate) fn sell(&mut self, carrier: Carrier, number: &str) -> Option<AvailableNumber> {
        let sold = self.racks.get_mut(&carrier)?.remove(number)?;
        self.sold.insert(number.to_owned());
        Some(sold)
    }

    /// Takes a number out of the stock for good, whether it was for sale or not.
    pub(crate) fn set_aside(&mut self, carrier: Carrier, number: &str) -> AvailableNumber {
        let sold = self.sell(carrier, number);
        self.sold.insert(number.to_owned());
        sold.unwrap_or_else(|| AvailableNumber::new(number.to_owned(), false))
    }

    /// How many numbers a carrier has for sale in each area code.
    pub(crate) fn counts(&self, carrier: Carrier) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for available in self.of(carrier) {
            *counts.entry(available.area_code().to_owned()).or_insert(0) += 1;
        }
        counts
    }

    /// Changes the stock; `owned` says whether somebody has a number.
    pub(crate) fn restock(
        &mut self,
        change: &Restock,
        owned: impl Fn(&str) -> bool,
    ) -> Result<(), StockError> {
        change.check()?;
        if let Some(number) = change.numbers.iter().find(|number| owned(number)) {
            return Err(StockError::Owned(number.clone()));
        }
        if let (Some(code), Some(count)) = (&change.area_code, change.count) {
            self.fill(change, code, count);
        }
        let rack = self.racks.entry(change.carrier).or_default();
        for number in &change.numbers {
            self.sold.remove(number);
            let available = AvailableNumber::new(number.clone(), change.voice_only);
            rack.insert(number.clone(), available);
        }
        Ok(())
    }

    fn fill(&mut self, change: &Restock, code: &str, count: usize) {
        let rack = self.racks.entry(change.carrier).or_default();
        rack.retain(|_, available| available.area_code() != code);
        let fresh = candidates(code)
            .filter(|number| !self.sold.contains(number))
            .take(count)
            .map(|number| {
                let available = AvailableNumber::new(number.clone(), change.voice_only);
                (number, available)
            });
        rack.extend(fresh);
    }
}

/// Every number that may be made up in an area code, fiction's own first.
fn candidates(code: &str) -> impl Iterator<Item = String> {
    let exchanges = std::iter::once(555)
        .chain((220..=998).filter(|exchange| *exchange != 555 && exchange % 100 != 11));
    exchanges.flat_map(move |exchange| {
        (100..=199).map(move |line| format!("+1{code}{exchange}{line:04}"))
    })
}

/// Three digits, the first 2 to 9, not one of the service codes like 911.
pub(crate) fn is_area_code(text: &str) -> bool {
    matches!(text.as_bytes(), [b'2'..=b'9', b'0'..=b'9', b'0'..=b'9']) && !text.ends_with("11")
}

/// `+1`, an area code, an exchange that starts with 2 to 9, a line.
pub(crate) fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix("+1") else {
        return false;
    };
    digits.len() == 10
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.get(..3).is_some_and(is_area_code)
        && matches!(digits.as_bytes().get(3), Some(b'2'..=b'9'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: Carrier = Carrier::SignalWire;

    fn stocked(code: &str, count: usize) -> Stock {
        let mut stock = Stock::default();
        let change = Restock::area(HOUSE, code, count);
        stock.restock(&change, |_| false).unwrap();
        stock
    }

    #[test]
    fn an_area_code_is_filled_with_numbers_of_fiction() {
        let stock = stocked("512", 30);
        let numbers: Vec<_> = stock.of(HOUSE).collect();
        assert_eq!(numbers.len(), 30);
        assert_eq!(numbers[0].number, "+15125550100");
        assert_eq!(numbers[0].region, Some("TX"));
        assert_eq!(numbers[0].locality, Some("AUSTIN"));
        assert!(numbers.iter().all(|available| is_e164(&available.number)));
    }

    #[test]
    fn many_numbers_are_all_valid_and_different() {
        let stock = stocked("212", 5000);
        assert_eq!(stock.of(HOUSE).count(), 5000);
        assert!(stock.of(HOUSE).all(|available| is_e164(&available.number)));
    }

    #[test]
    fn a_sold_number_does_not_come_back_with_the_next_filling() {
        let mut stock = stocked("512", 2);
        assert!(stock.sell(HOUSE, "+15125550100").is_some());
        assert!(stock.sell(HOUSE, "+15125550100").is_none());
        let change = Restock::area(HOUSE, "512", 2);
        stock.restock(&change, |_| false).unwrap();
        let numbers: Vec<_> = stock.of(HOUSE).map(|a| a.number.as_str()).collect();
        assert_eq!(numbers, ["+15125550101", "+15125550102"]);
    }

    #[test]
    fn named_numbers_are_added_unless_somebody_has_them() {
        let mut stock = stocked("512", 1);
        let change = Restock::numbers(HOUSE, ["+13035552222"]);
        stock.restock(&change, |_| false).unwrap();
        assert_eq!(stock.counts(HOUSE).get("303"), Some(&1));
        assert_eq!(
            stock.restock(&change, |_| true),
            Err(StockError::Owned("+13035552222".to_owned()))
        );
    }

    #[test]
    fn what_is_set_aside_is_not_for_sale() {
        let mut stock = stocked("512", 2);
        for number in ["+15125550100", "+15125550177"] {
            assert_eq!(stock.set_aside(HOUSE, number).number, number);
            assert!(stock.sell(HOUSE, number).is_none());
        }
        let change = Restock::area(HOUSE, "512", 99);
        stock.restock(&change, |_| false).unwrap();
        let numbers: Vec<_> = stock.of(HOUSE).map(|a| a.number.as_str()).collect();
        assert!(!numbers.contains(&"+15125550177"), "{numbers:?}");
    }

    #[test]
    fn toll_free_numbers_are_told_apart() {
        let stock = stocked("888", 1);
        assert!(stock.of(HOUSE).all(|available| available.toll_free));
    }

    #[test]
    fn nonsense_is_refused() {
        let refused = |area_code: Option<&str>, count, numbers: &[&str]| {
            let change = Restock {
                carrier: HOUSE,
                area_code: area_code.map(str::to_owned),
                count,
                numbers: numbers.iter().map(ToString::to_string).collect(),
                voice_only: false,
            };
            Stock::default().restock(&change, |_| false).unwrap_err()
        };
        assert_eq!(refused(None, None, &[]), StockError::Nothing);
        assert_eq!(refused(Some("512"), None, &[]), StockError::Nothing);
        for code in ["12", "911", "abc", "0512"] {
            let expected = StockError::AreaCode(code.to_owned());
            assert_eq!(refused(Some(code), Some(1), &[]), expected);
        }
        assert_eq!(refused(Some("512"), Some(9999), &[]), StockError::Count);
        let number = "+15121550100";
        let expected = StockError::Number(number.to_owned());
        assert_eq!(refused(None, None, &[number]), expected);
    }
}
