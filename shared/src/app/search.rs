//! Looking for numbers: in a place, and near it when there is nothing.

use std::time::Duration;

use crate::{
    carrier::{self, AvailableNumber, NumberQuery},
    domain::{
        AreaCode, E164, Filter, Filters, Locality, Place, RegionCode, ZipCode,
        geography::{around, nearby},
    },
};

use super::{
    Base,
    access::{Caller, Door},
    carriers::Carriers,
    error::{Error, Result},
    limits::{self, NEARBY_ASKED, NEARBY_NUMBERS, NEARBY_SHOWN},
    pacer::{Pacer, Turn},
    side_by_side::side_by_side,
};

/// What an order looks at when it chooses for itself: all that a carrier lists at once,
/// because many orders may look at the same time.
const CANDIDATES: u8 = 100;

/// Numbers offered instead of one that is gone.
const ALTERNATIVES: u8 = 5;

/// A search that took this long already looks no further: the gateway answers for it
/// after 30 seconds, and a carrier that is slow now is slow for the neighbours, too.
const FIRST_MAX: Duration = Duration::from_secs(10);

/// How long neighbours are waited for.
const NEARBY_MAX: Duration = Duration::from_secs(8);

/// What somebody looks for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Where.
    pub place: Where,
    /// What the numbers must be like.
    pub filters: Filters,
    /// At most how many.
    pub limit: u8,
}

/// Where somebody looks.
#[derive(Clone, Debug)]
pub enum Where {
    /// In an area code.
    AreaCode(AreaCode),
    /// In the area codes of a ZIP code.
    Zip(ZipCode),
    /// In a state or province, or in a town of it.
    Region(RegionCode, Option<Locality>),
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Numbers for sale.
    pub numbers: Vec<AvailableNumber>,
    /// The area codes that were asked; none where a region was.
    pub area_codes: Vec<AreaCode>,
    /// Filters that were applied to what the carrier listed, which is not all it has.
    pub filtered_here: Vec<Filter>,
    /// Where there are such numbers, if there are none here.
    pub nearby: Vec<Nearby>,
}

/// Numbers for sale in an area code near the one asked for.
#[derive(Clone, Debug)]
pub struct Nearby {
    /// The area code.
    pub area_code: AreaCode,
    /// Some of its numbers.
    pub numbers: Vec<AvailableNumber>,
}

impl Search {
    /// Any number of an area code.
    #[must_use]
    pub fn any_in(area_code: AreaCode, limit: u8) -> Self {
        Self {
            place: Where::AreaCode(area_code),
            filters: Filters::default(),
            limit,
        }
    }

    fn area_codes(&self) -> Result<Vec<AreaCode>> {
        match &self.place {
            Where::AreaCode(code) => Ok(vec![*code]),
            Where::Zip(zip) => match zip.area_codes() {
                unknown if unknown.is_empty() => {
                    let detail = "there is no such ZIP code in the United States";
                    Err(Error::invalid("zip", "unknown_zip", detail))
                }
                codes => Ok(codes),
            },
            Where::Region(..) => Ok(Vec::new()),
        }
    }

    /// What to ask the carrier: one question for each area code, or one for the region.
    fn queries(&self, area_codes: &[AreaCode], limit: u8) -> Vec<NumberQuery> {
        let places: Vec<Place> = match &self.place {
            Where::AreaCode(_) | Where::Zip(_) => {
                area_codes.iter().copied().map(Place::AreaCode).collect()
            }
            Where::Region(region, locality) => vec![Place::Region {
                region: *region,
                locality: locality.clone(),
            }],
        };
        let queries = places.into_iter().map(|place| self.query(place, limit));
        queries.collect()
    }

    fn query(&self, place: Place, limit: u8) -> NumberQuery {
        NumberQuery {
            place,
            filters: self.filters.clone(),
            limit,
        }
    }

    /// Where to look when there is nothing.
    fn elsewhere(&self, area_codes: &[AreaCode]) -> Vec<AreaCode> {
        let mut near = match (&self.place, area_codes.first()) {
            (Where::Region(region, _), _) => around(*region),
            (Where::AreaCode(_) | Where::Zip(_), Some(first)) => nearby(*first),
            (Where::AreaCode(_) | Where::Zip(_), None) => Vec::new(),
        };
        near.retain(|code| !area_codes.contains(code));
        near
    }
}

/// Numbers for sale in a place, for a caller of a workspace. One round trip, then one
/// question to the carrier for each area code, side by side; only if there is nothing,
/// as many more for its neighbours. The turn at the carrier is taken beside the round trip.
pub async fn search(
    base: &Base,
    carriers: &Carriers,
    caller: &Caller,
    search: &Search,
) -> Result<Found> {
    let platform = carriers.preferred().ok_or(Error::PurchasesDisabled)?;
    let pacer = Pacer::of_people(base, platform);
    let limit = search.limit.clamp(1, limits::SEARCH_MAX);
    let area_codes = search.area_codes()?;
    let began = base.clock.now();
    let queries = search.queries(&area_codes, limit);
    let first = queries.len().min(pacer.burst());
    let (_access, turn) = tokio::try_join!(Door(&base.core).open(caller), async {
        Ok(pacer.turn(first).await?)
    })?;
    let numbers = merged(ask_in(turn, &pacer, &queries).await, limit)?;
    let left = began.plus(FIRST_MAX) > base.clock.now();
    let nearby = if numbers.is_empty() && left {
        near(&pacer, search, &area_codes).await
    } else {
        Vec::new()
    };
    let filters = platform.carrier.capabilities().search;
    Ok(Found {
        numbers,
        area_codes,
        filtered_here: filters.left_to_us(&search.filters),
        nearby,
    })
}

/// What the carrier answered, for each question.
type Answers = Vec<carrier::Result<Vec<AvailableNumber>>>;

/// Asks the carrier all of `queries`, as many side by side as one turn is good for.
async fn ask(pacer: &Pacer<'_>, queries: &[NumberQuery]) -> Answers {
    let mut answers = Vec::new();
    for burst in queries.chunks(pacer.burst()) {
        answers.extend(match pacer.turn(burst.len()).await {
            Ok(turn) => ask_at_once(turn, pacer, burst).await,
            Err(error) => {
                tracing::warn!(%error, "no turn at the carrier");
                ask_at_once(Turn::NotCome, pacer, burst).await
            }
        });
    }
    answers
}

/// The same, where `turn` is what came of waiting for the first burst.
async fn ask_in(turn: Turn, pacer: &Pacer<'_>, queries: &[NumberQuery]) -> Answers {
    let (first, rest) = queries.split_at(queries.len().min(pacer.burst()));
    let mut answers = ask_at_once(turn, pacer, first).await;
    answers.extend(ask(pacer, rest).await);
    answers
}

async fn ask_at_once(turn: Turn, pacer: &Pacer<'_>, queries: &[NumberQuery]) -> Answers {
    let queries = queries.iter();
    match turn {
        Turn::Come => {
            side_by_side(queries.map(|query| pacer.platform.search(query)).collect()).await
        }
        Turn::NotCome => queries.map(|_| Err(pacer.too_long("search"))).collect(),
    }
}

/// One list of many: the first of each, then the second of each, and so on. That there
/// is nothing is believed only if nobody failed to answer.
fn merged(
    answers: Vec<carrier::Result<Vec<AvailableNumber>>>,
    limit: u8,
) -> carrier::Result<Vec<AvailableNumber>> {
    let (mut lists, mut failure) = (Vec::new(), None);
    for answer in answers {
        match answer {
            Ok(list) => lists.push(list.into_iter()),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    let limit = usize::from(limit);
    let mut merged = Vec::new();
    while merged.len() < limit {
        let row: Vec<_> = lists.iter_mut().filter_map(Iterator::next).collect();
        if row.is_empty() {
            break;
        }
        merged.extend(row);
    }
    merged.truncate(limit);
    match failure {
        Some(error) if merged.is_empty() => Err(error),
        Some(_) | None => Ok(merged),
    }
}

/// What there is near a place that has nothing. Nobody waits long for it, and it fails
/// for nobody: the place's own answer stands.
async fn near(pacer: &Pacer<'_>, search: &Search, area_codes: &[AreaCode]) -> Vec<Nearby> {
    let looking = async {
        if let Where::Region(region, Some(_)) = &search.place {
            let place = Place::Region {
                region: *region,
                locality: None,
            };
            let query = search.query(place, limits::SEARCH_MAX);
            let in_region = ask(pacer, &[query]).await.into_iter().flatten().flatten();
            let in_region = by_area_code(in_region);
            if !in_region.is_empty() {
                return in_region;
            }
        }
        let elsewhere = search.elsewhere(area_codes);
        in_area_codes(pacer, &elsewhere, &search.filters).await
    };
    tokio::time::timeout(NEARBY_MAX, looking)
        .await
        .unwrap_or_default()
}

/// The first of `area_codes` that have something. So many are asked, side by side.
async fn in_area_codes(
    pacer: &Pacer<'_>,
    area_codes: &[AreaCode],
    filters: &Filters,
) -> Vec<Nearby> {
    let nearest = area_codes.iter().take(NEARBY_ASKED);
    let in_each = nearest.map(|code| NumberQuery {
        filters: filters.clone(),
        ..NumberQuery::any_in(*code, NEARBY_NUMBERS)
    });
    let queries: Vec<NumberQuery> = in_each.collect();
    let answers = ask(pacer, &queries).await;
    let answered = area_codes.iter().zip(answers);
    let found = answered.filter_map(|(area_code, answer)| {
        let numbers = answer.ok().filter(|numbers| !numbers.is_empty())?;
        Some(Nearby {
            area_code: *area_code,
            numbers,
        })
    });
    found.take(NEARBY_SHOWN).collect()
}

/// Numbers of a region, apart by area code.
fn by_area_code(numbers: impl Iterator<Item = AvailableNumber>) -> Vec<Nearby> {
    let mut apart: Vec<Nearby> = Vec::new();
    for number in numbers {
        let area_code = number.e164.area_code();
        let room = apart.len() < NEARBY_SHOWN;
        let known = apart.iter_mut().find(|near| near.area_code == area_code);
        match known {
            Some(near) if near.numbers.len() < usize::from(NEARBY_NUMBERS) => {
                near.numbers.push(number);
            }
            None if room => apart.push(Nearby {
                area_code,
                numbers: vec![number],
            }),
            Some(_) | None => {}
        }
    }
    apart
}

/// Numbers for sale in each of `area_codes`, for an order whose `turn` has come.
pub(super) async fn for_sale(turn: Turn, pacer: &Pacer<'_>, area_codes: &[AreaCode]) -> Answers {
    let in_each = area_codes
        .iter()
        .map(|code| NumberQuery::any_in(*code, CANDIDATES));
    let queries: Vec<NumberQuery> = in_each.collect();
    ask_in(turn, pacer, &queries).await
}

/// Numbers to choose from instead of one that is gone: of its area code, or near it when
/// that is empty. None if that is not known as soon as a turn is: whoever asked for the
/// number waits to be told that it is gone.
pub(super) async fn alternatives(pacer: &Pacer<'_>, gone: &E164) -> Vec<E164> {
    let found = tokio::time::timeout(pacer.patience, others(pacer, gone)).await;
    found.unwrap_or_default()
}

async fn others(pacer: &Pacer<'_>, gone: &E164) -> Vec<E164> {
    let area_code = gone.area_code();
    let query = NumberQuery::any_in(area_code, ALTERNATIVES + 1);
    let Some(Ok(found)) = ask(pacer, &[query]).await.pop() else {
        return Vec::new();
    };
    let mut others: Vec<E164> = found.into_iter().map(|number| number.e164).collect();
    others.retain(|e164| e164 != gone);
    others.truncate(usize::from(ALTERNATIVES));
    if others.is_empty() {
        near_by(pacer, &nearby(area_code)).await
    } else {
        others
    }
}

/// Some numbers of the first of `area_codes` that have any, mixed.
pub(super) async fn near_by(pacer: &Pacer<'_>, area_codes: &[AreaCode]) -> Vec<E164> {
    let any = Filters::default();
    let looking = in_area_codes(pacer, area_codes, &any);
    let found = tokio::time::timeout(NEARBY_MAX, looking).await;
    let lists = found.unwrap_or_default().into_iter();
    let lists = lists.map(|near| Ok(near.numbers)).collect();
    let mixed = merged(lists, ALTERNATIVES).unwrap_or_default();
    mixed.into_iter().map(|number| number.e164).collect()
}
