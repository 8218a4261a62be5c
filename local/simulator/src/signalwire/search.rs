//! Looking for numbers, natively:
//! `GET /api/relay/rest/phone_numbers/search`.
//!
//! There is no filter by capability; the answer says what each number can do.

use serde_json::{Value, json};

use super::{
    call::Desk,
    errors::{Answer, Outcome},
    params::Params,
    refusal::Refusal,
};
use crate::{AvailableNumber, Carrier, stock, world::World};

const KNOWN: [&str; 8] = [
    "areacode",
    "number_type",
    "starts_with",
    "contains",
    "ends_with",
    "region",
    "city",
    "max_results",
];

/// 50 results when nothing is said, 100 at most.
const RESULTS_DEFAULT: usize = 50;
const RESULTS_MAX: usize = 100;

pub(super) fn search(desk: &mut Desk<'_, '_>) -> Outcome {
    let query = desk.query();
    query.only(&KNOWN)?;
    let wish = Wish::read(&query)?;
    let World {
        stock, settings, ..
    } = &*desk.world;
    let there = stock
        .of(Carrier::SignalWire)
        .filter(|available| wish.is_in_area(available));
    let elsewhere = stock
        .of(Carrier::SignalWire)
        .filter(|available| settings.rules.search_neighbours && !wish.is_in_area(available));
    let data: Vec<Value> = there
        .chain(elsewhere)
        .filter(|available| wish.fits(available))
        .take(wish.results)
        .map(view)
        .collect();
    let this = desk.request.uri().to_string();
    Ok(Answer::Ok(json!({
        "links": {"self": this, "first": this},
        "data": data,
    })))
}

/// What somebody is looking for.
#[derive(Debug)]
struct Wish<'q> {
    toll_free: bool,
    area_code: Option<&'q str>,
    digits: Option<(Place, &'q str)>,
    region: Option<&'q str>,
    city: Option<&'q str>,
    results: usize,
}

/// Where in a number some digits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Start,
    Anywhere,
    End,
}

impl<'q> Wish<'q> {
    fn read(query: &'q Params) -> Result<Self, Refusal> {
        let toll_free = match query.get("number_type") {
            None | Some("local") => false,
            Some("toll-free") => true,
            Some(_) => return Err(malformed("number_type")),
        };
        let area_code = query.get("areacode");
        if area_code.is_some_and(|code| !stock::is_area_code(code)) {
            return Err(malformed("areacode"));
        }
        let region = query.get("region");
        if region.is_some_and(|region| region.len() != 2) {
            return Err(malformed("region"));
        }
        let city = query.get("city");
        if city.is_some() && region.is_none() {
            let message = "`city` must be used together with `region`";
            return Err(Refusal::invalid(
                "must_specify_related_parameter",
                90000,
                message,
            ));
        }
        if toll_free && region.is_some() {
            let message = "`region` is for local numbers only";
            return Err(Refusal::invalid("invalid_for_type", 90000, message));
        }
        Ok(Self {
            toll_free,
            area_code,
            digits: digits(query)?,
            region,
            city,
            results: results(query)?,
        })
    }

    fn is_in_area(&self, available: &AvailableNumber) -> bool {
        let code = self.area_code;
        code.is_none_or(|code| available.area_code() == code)
    }

    /// Whether it is as wished for, wherever it is.
    fn fits(&self, available: &AvailableNumber) -> bool {
        let digits = available.digits();
        let same = |wanted: Option<&str>, is: Option<&str>| {
            wanted.is_none_or(|wanted| is.is_some_and(|is| is.eq_ignore_ascii_case(wanted)))
        };
        available.toll_free == self.toll_free
            && same(self.region, available.region)
            && same(self.city, available.locality)
            && self.digits.is_none_or(|(place, part)| match place {
                Place::Start => digits.starts_with(part),
                Place::Anywhere => digits.contains(part),
                Place::End => digits.ends_with(part),
            })
    }
}

/// At most one of the three places, three to seven digits.
fn digits(query: &Params) -> Result<Option<(Place, &str)>, Refusal> {
    let places = [
        ("starts_with", Place::Start),
        ("contains", Place::Anywhere),
        ("ends_with", Place::End),
    ];
    let mut found = None;
    for (name, place) in places {
        let Some(part) = query.get(name) else {
            continue;
        };
        if found.is_some() {
            let message = "`starts_with`, `contains` and `ends_with` exclude each other";
            return Err(Refusal::invalid("incompatible_parameters", 90000, message).about(name));
        }
        if !(3..=7).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(malformed(name));
        }
        found = Some((place, part));
    }
    Ok(found)
}

fn results(query: &Params) -> Result<usize, Refusal> {
    query
        .get("max_results")
        .map_or(Ok(RESULTS_DEFAULT), |text| {
            text.parse()
                .ok()
                .filter(|results| (1..=RESULTS_MAX).contains(results))
                .ok_or_else(|| malformed("max_results"))
        })
}

fn malformed(name: &str) -> Refusal {
    Refusal::invalid_parameter(name, &format!("`{name}` is invalid"))
}

fn view(available: &AvailableNumber) -> Value {
    let texts = available.texts();
    let mut view = json!({
        "number": available.number,
        "capabilities": {"voice": true, "sms": texts, "mms": texts, "fax": true},
    });
    if let Some(members) = view.as_object_mut() {
        let known = [
            ("region", available.region),
            ("city", available.locality),
            ("rate_center", available.rate_center),
            ("lata", available.lata),
        ];
        let known = known
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        members.extend(known.map(|(name, value)| (name.to_owned(), value.into())));
    }
    view
}
