//! Looking for numbers over the Compatibility API:
//! `GET /Accounts/{sid}/AvailablePhoneNumbers/{country}/{Local,TollFree}`.

use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    params::Params,
    refusal::Refusal,
    state,
};
use crate::{AvailableNumber, Carrier, stock};

/// Accepted for Twilio's sake and without effect.
const IGNORED: [&str; 8] = [
    "Beta",
    "SmsEnabled",
    "MmsEnabled",
    "VoiceEnabled",
    "FaxEnabled",
    "ExcludeAllAddressRequired",
    "ExcludeLocalAddressRequired",
    "ExcludeForeignAddressRequired",
];

/// There is no page size; nobody says how many come. As many as natively.
const RESULTS: usize = 100;

pub(super) fn search(desk: &mut Desk<'_, '_>, country: &str, toll_free: bool) -> Outcome {
    let query = desk.query();
    let mut known = vec!["AreaCode", "Contains", "InRegion", "InLocality"];
    known.extend(IGNORED);
    query.only(&known)?;
    if !["US", "CA"].contains(&country) {
        return Err(Refusal::not_found());
    }
    let pattern = pattern(&query)?;
    let (area_code, region, locality) = place(&query)?;
    let found: Vec<Value> = desk
        .world
        .stock
        .of(Carrier::SignalWire)
        .filter(|available| {
            available.toll_free == toll_free
                && (toll_free || available.country == country)
                && area_code.is_none_or(|code| available.area_code() == code)
                && matches(region, available.region)
                && matches(locality, available.locality)
                && pattern
                    .as_deref()
                    .is_none_or(|pattern| available.digits().contains(pattern))
        })
        .take(RESULTS)
        .map(|available| view(available, country))
        .collect();
    Ok(Answer::Ok(json!({
        "uri": desk.request.uri().to_string(),
        "available_phone_numbers": found,
    })))
}

fn matches(wanted: Option<&str>, is: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| is.is_some_and(|is| is.eq_ignore_ascii_case(wanted)))
}

/// The digits behind `Contains`, letters as on a telephone's keys.
fn pattern(query: &Params) -> Result<Option<String>, Refusal> {
    let Some(text) = query.filled("Contains") else {
        return Ok(None);
    };
    let digits: Option<String> = text.chars().map(key).collect();
    digits.map(Some).ok_or_else(|| {
        let message = "The wildcard is invalid";
        Refusal::invalid("invalid_parameter", 90000, message).about("Contains")
    })
}

const fn key(letter: char) -> Option<char> {
    Some(match letter.to_ascii_lowercase() {
        digit @ '0'..='9' => digit,
        'a'..='c' => '2',
        'd'..='f' => '3',
        'g'..='i' => '4',
        'j'..='l' => '5',
        'm'..='o' => '6',
        'p'..='s' => '7',
        't'..='v' => '8',
        'w'..='z' => '9',
        _ => return None,
    })
}

/// Area code, region and locality.
type Where<'q> = (Option<&'q str>, Option<&'q str>, Option<&'q str>);

fn place(query: &Params) -> Result<Where<'_>, Refusal> {
    let area_code = query.filled("AreaCode");
    if area_code.is_some_and(|code| !stock::is_area_code(code)) {
        let message = "The area code is not formatted correctly";
        return Err(Refusal::invalid("invalid_parameter", 21451, message).about("AreaCode"));
    }
    let (region, locality) = (query.filled("InRegion"), query.filled("InLocality"));
    let wrong_region = region.is_some_and(|region| region.len() != 2);
    if wrong_region || (locality.is_some() && region.is_none()) {
        let message = "`InLocality` needs `InRegion`, and a region has two letters";
        return Err(Refusal::invalid("invalid_parameter", 90000, message).about("InRegion"));
    }
    Ok((area_code, region, locality))
}

/// City, coordinates, LATA and postal code are always null here.
fn view(available: &AvailableNumber, country: &str) -> Value {
    json!({
        "friendly_name": state::pretty(available),
        "phone_number": available.number,
        "lata": null,
        "locality": null,
        "rate_center": available.rate_center,
        "latitude": null,
        "longitude": null,
        "region": available.region,
        "postal_code": null,
        "iso_country": country,
        "capabilities": {"voice": true, "SMS": available.texts(), "MMS": available.texts()},
        "beta": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_for_the_keys_they_are_on() {
        let keys: Option<String> = "Adgjmptwz0".chars().map(key).collect();
        assert_eq!(keys.as_deref(), Some("2345678990"));
        assert_eq!(key('*'), None);
    }
}
