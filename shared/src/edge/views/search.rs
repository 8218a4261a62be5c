//! What a search found, as clients see it.

use serde::Serialize;

use super::AvailableNumberView;
use crate::{
    app::search::{Found, Nearby},
    domain::{AreaCode, Filter, RegionCode, geography},
};

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchView {
    items: Vec<AvailableNumberView>,
    area_codes: Vec<AreaCode>,
    filtered_here: Vec<&'static str>,
    nearby: Vec<NearbyView>,
}

/// An area code nearby, with some of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct NearbyView {
    area_code: AreaCode,
    regions: Vec<String>,
    items: Vec<AvailableNumberView>,
}

impl From<&Found> for SearchView {
    fn from(found: &Found) -> Self {
        Self {
            items: views(&found.numbers),
            area_codes: found.area_codes.clone(),
            filtered_here: found.filtered_here.iter().copied().map(parameter).collect(),
            nearby: found.nearby.iter().map(NearbyView::from).collect(),
        }
    }
}

impl From<&Nearby> for NearbyView {
    fn from(nearby: &Nearby) -> Self {
        let area = geography::area(nearby.area_code);
        let regions = area.map_or_else(Vec::new, |area| area.regions);
        Self {
            area_code: nearby.area_code,
            regions: regions.iter().map(RegionCode::to_string).collect(),
            items: views(&nearby.numbers),
        }
    }
}

fn views(numbers: &[crate::carrier::AvailableNumber]) -> Vec<AvailableNumberView> {
    numbers.iter().map(AvailableNumberView::from).collect()
}

/// The parameter that asks for a filter.
const fn parameter(filter: Filter) -> &'static str {
    match filter {
        Filter::Features => "features",
        Filter::Contains => "contains",
        Filter::EndsWith => "endsWith",
    }
}
