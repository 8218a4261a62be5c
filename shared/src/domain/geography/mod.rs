//! Where area codes are: their regions, the codes that overlay them, the codes next to
//! them, and which of them a ZIP code has.
//!
//! Two sorted tables that `xtask/geography` makes of published data. They are compiled
//! in as they are: nothing is read at start, and a look-up is a binary search.

mod place;
mod table;
mod zip;

pub use place::{InvalidLocality, InvalidRegion, Locality, RegionCode};
pub use zip::{InvalidZip, ZipCode};

use table::Table;

use super::area_code::{AreaCode, Region};

/// `512 TX 737 210,726,…`: an area code, its regions, the codes that overlay it, and
/// its neighbours, the nearest first. `-` stands for none.
const AREAS: Table = Table::new(include_str!("area-codes.txt"));

/// What is known about an area code in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its states, provinces or territories; most have one.
    pub regions: Vec<RegionCode>,
    /// Codes of the same place, wholly or in part: nobody could tell them apart by
    /// where they ring.
    pub overlays: Vec<AreaCode>,
    /// The nearest other codes of the same country, nearest first.
    pub neighbours: Vec<AreaCode>,
}

impl Area {
    fn of_line(line: &str) -> Option<Self> {
        let mut columns = line.split(' ').skip(1);
        Some(Self {
            regions: parsed(columns.next()?),
            overlays: parsed(columns.next()?),
            neighbours: parsed(columns.next()?),
        })
    }
}

/// The entries of one column; `-` is none of any kind.
fn parsed<T: std::str::FromStr>(column: &str) -> Vec<T> {
    column
        .split(',')
        .filter_map(|entry| entry.parse().ok())
        .collect()
}

/// What is known about `code`: nothing if it is not geographic, overseas, or newer
/// than the table.
#[must_use]
pub fn area(code: AreaCode) -> Option<Area> {
    let line = AREAS.at_or_before(code.as_str())?;
    line.starts_with(code.as_str())
        .then(|| Area::of_line(line))?
}

/// The codes of a region, in the order of their digits.
#[must_use]
pub fn codes_of(region: RegionCode) -> Vec<AreaCode> {
    let inside = AREAS.lines().filter(|line| {
        let area = Area::of_line(line);
        area.is_some_and(|area| area.regions.contains(&region))
    });
    let codes = inside.filter_map(|line| line.split(' ').next());
    codes.filter_map(|code| code.parse().ok()).collect()
}

/// Where to look when there is nothing in `code`: the codes of the same place, then
/// its neighbours, the nearest first. One toll-free code is as good as another.
#[must_use]
pub fn nearby(code: AreaCode) -> Vec<AreaCode> {
    if code.region() == Region::TollFree {
        return AreaCode::toll_free()
            .filter(|other| *other != code)
            .collect();
    }
    area(code).map_or_else(Vec::new, |area| [area.overlays, area.neighbours].concat())
}

/// Where to look when there is nothing in all of `region`: codes of other regions, the
/// next neighbours of any of its own first.
#[must_use]
pub fn around(region: RegionCode) -> Vec<AreaCode> {
    let inside: Vec<Area> = AREAS
        .lines()
        .filter_map(Area::of_line)
        .filter(|area| area.regions.contains(&region))
        .collect();
    let ranks = inside.iter().map(|area| area.neighbours.len()).max();
    let by_rank = (0..ranks.unwrap_or(0)).flat_map(|rank| {
        let of_rank = move |area: &Area| area.neighbours.get(rank).copied();
        inside.iter().filter_map(of_rank)
    });
    let mut around = Vec::new();
    for code in by_rank {
        let elsewhere = area(code).is_some_and(|area| !area.regions.contains(&region));
        if elsewhere && !around.contains(&code) {
            around.push(code);
        }
    }
    around
}

#[cfg(test)]
mod tests;
