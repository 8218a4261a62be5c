//! What the local carrier has for sale: in each area code the hundred numbers that are
//! set aside for fiction, 555-0100 to 555-0199. None of them is anybody's, so nothing
//! that is done with them can reach a person.

use crate::{
    carrier::AvailableNumber,
    domain::{AreaCode, E164, MicroDollars, area_code::Region, geography, number},
};

/// Area codes that have nothing, so that "no inventory" can be tried: one with
/// neighbours (Manhattan) and one that has a whole state to itself (Alaska).
pub const SOLD_OUT: [&str; 2] = ["212", "907"];

/// What every number can carry.
pub(super) const CAPABILITIES: number::Capabilities = number::Capabilities {
    voice: true,
    sms: true,
    mms: false,
};

/// The last digits of the numbers for fiction.
const LINES: std::ops::RangeInclusive<u16> = 100..=199;

/// Every number there is in an area code, sold ones included.
pub(super) fn numbers_in(area_code: AreaCode) -> impl Iterator<Item = E164> {
    let stocked = area_code.region() == Region::Mainland && !SOLD_OUT.contains(&area_code.as_str());
    let lines = stocked.then_some(LINES).into_iter().flatten();
    lines.filter_map(move |line| format!("+1{area_code}555{line:04}").parse().ok())
}

/// Whether a number is one of those.
pub(super) fn has(e164: &E164) -> bool {
    numbers_in(e164.area_code()).any(|number| number == *e164)
}

/// A number as it is offered.
pub(super) fn offer(e164: E164, monthly_price: MicroDollars) -> AvailableNumber {
    let area_code = e164.area_code();
    let regions = geography::area(area_code).map(|area| area.regions);
    let region = regions.as_ref().and_then(|regions| regions.first());
    AvailableNumber {
        locality: town_of(area_code).map(ToOwned::to_owned),
        region: region.map(|region| region.as_str().to_owned()),
        capabilities: CAPABILITIES,
        monthly_price,
        e164,
    }
}

/// The town of some area codes: enough for a page to look right.
fn town_of(area_code: AreaCode) -> Option<&'static str> {
    Some(match area_code.as_str() {
        "202" => "Washington",
        "206" => "Seattle",
        "213" | "310" | "323" => "Los Angeles",
        "303" | "720" => "Denver",
        "305" | "786" => "Miami",
        "312" | "773" => "Chicago",
        "332" | "646" => "New York",
        "415" | "628" => "San Francisco",
        "416" | "647" => "Toronto",
        "512" | "737" => "Austin",
        "617" | "857" => "Boston",
        "713" | "832" => "Houston",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{E164, has, numbers_in};

    fn numbers(area_code: &str) -> Vec<String> {
        let numbers = numbers_in(area_code.parse().unwrap());
        numbers.map(|number| number.to_string()).collect()
    }

    #[test]
    fn an_area_code_has_a_hundred_numbers_of_fiction() {
        let numbers = numbers("512");
        assert_eq!(numbers.len(), 100);
        assert_eq!(numbers.first().unwrap(), "+15125550100");
        assert_eq!(numbers.last().unwrap(), "+15125550199");
    }

    #[test]
    fn nothing_is_for_sale_where_it_is_sold_out_dear_or_free_to_call() {
        for area_code in ["212", "907", "876", "900", "888"] {
            assert_eq!(numbers(area_code), [""; 0], "{area_code}");
        }
    }

    #[test]
    fn no_number_of_a_person_is_for_sale() {
        let known = |number: &str| has(&number.parse::<E164>().unwrap());
        assert!(known("+15125550100"));
        for number in [
            "+15125550200",
            "+15125551100",
            "+15125560100",
            "+12125550100",
        ] {
            assert!(!known(number), "{number}");
        }
    }
}
