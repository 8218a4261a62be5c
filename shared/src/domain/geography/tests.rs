use std::collections::BTreeSet;

use super::{AREAS, AreaCode, InvalidRegion, RegionCode, ZipCode, area, around, nearby, zip::ZIPS};
use crate::domain::Region;

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn codes(list: &str) -> Vec<AreaCode> {
    list.split(' ').map(code).collect()
}

fn every_code() -> Vec<AreaCode> {
    AREAS.lines().map(|line| code(&line[..3])).collect()
}

#[test]
fn overlays_are_symmetric_and_neighbours_are_others_of_the_same_country() {
    for code in every_code() {
        let known = area(code).unwrap();
        for other in &known.overlays {
            let overlays = area(*other).unwrap().overlays;
            assert!(overlays.contains(&code), "{code} and {other}");
        }
        let unique: BTreeSet<_> = nearby(code).into_iter().collect();
        assert_eq!(unique.len(), nearby(code).len(), "{code} names one twice");
        assert!(!unique.contains(&code), "{code} is near itself");
        for other in &known.neighbours {
            let there = area(*other).unwrap_or_else(|| panic!("{code} is next to {other}"));
            assert!(!there.regions.is_empty(), "{other}");
        }
        let territory = code.region() == Region::Overseas;
        assert_eq!(known.neighbours.is_empty(), territory, "{code}");
    }
}

/// The table is in order, holds what is in service in the United States and Canada, and
/// nothing else: as many codes as libphonenumber has of them (9.0.43), and six of
/// United States territories.
#[test]
fn every_area_code_in_service_is_known_and_no_other() {
    let all = every_code();
    assert!(all.is_sorted());
    let territories = codes("340 670 671 684 787 939");
    for code in &all {
        let expected = if territories.contains(code) {
            Region::Overseas
        } else {
            Region::Mainland
        };
        assert_eq!(code.region(), expected, "{code}");
        assert!(!area(*code).unwrap().regions.is_empty(), "{code}");
    }
    assert_eq!(all.len(), 359 + 56 + territories.len());
    for unknown in ["876", "800", "900", "200", "999"] {
        assert_eq!(area(code(unknown)), None, "{unknown}");
    }
}

#[track_caller]
fn overlays(of: &str, expected: &str) {
    let mut found = area(code(of)).unwrap().overlays;
    found.sort_unstable();
    assert_eq!(found, codes(expected), "{of}");
}

#[test]
fn known_places_are_where_they_are() {
    overlays("212", "332 646 917");
    overlays("917", "212 332 347 646 718 929");
    overlays("512", "737");
    overlays("415", "628");
    overlays("312", "872");
    overlays("404", "470 678 943");
    overlays("305", "645 786");
    overlays("416", "437 647 942");
    overlays("604", "236 257 672 778");
    overlays("602", "480 623");
    overlays("787", "939");
    assert_eq!(area(code("406")).unwrap().overlays, []);
    let austin = area(code("512")).unwrap();
    assert_eq!(format!("{:?}", austin.regions), "[TX]");
    assert!(austin.neighbours.contains(&code("210")), "San Antonio");
    let halifax = area(code("902")).unwrap();
    assert_eq!(format!("{:?}", halifax.regions), "[NS, PE]");
    let manhattan = nearby(code("212"));
    assert_eq!(manhattan[..3], codes("332 646 917"), "overlays come first");
    assert!(manhattan[3..].contains(&code("718")), "then Brooklyn");
}

#[test]
fn toll_free_codes_stand_in_for_each_other() {
    assert_eq!(nearby(code("888")), codes("800 833 844 855 866 877"));
    assert_eq!(nearby(code("900")), []);
}

#[track_caller]
fn zip(text: &str, expected: &str) {
    let zip: ZipCode = text.parse().unwrap();
    assert_eq!(zip.area_codes(), codes(expected), "{text}");
}

#[test]
fn zip_codes_have_the_area_codes_of_their_place() {
    zip("10001", "212 332 646 917");
    zip("11201", "718 347 929 917");
    zip("78701", "512 737");
    zip("78701-1234", "512 737");
    zip("94103", "415 628");
    zip("90210", "310 424");
    zip("60601", "312 872");
    zip("33101", "305 645 786");
    zip("85251", "602 623 480");
    zip("99501", "907");
    zip("00601", "787 939");
}

#[test]
fn what_is_no_zip_code_says_so() {
    for unknown in ["00000", "00100", "99999", "09001"] {
        let zip: ZipCode = unknown.parse().unwrap();
        assert_eq!(zip.area_codes(), [], "{unknown}");
    }
    for text in [
        "", "7870", "787011", "78701-", "78701-12", "7870a", "M5V 2T6",
    ] {
        assert!(text.parse::<ZipCode>().is_err(), "{text}");
    }
}

/// Runs are in order and apart, and what they name is known. At most so many codes are
/// asked for one ZIP code.
#[test]
fn runs_of_zip_codes_are_in_order_and_name_known_area_codes() {
    let mut before = None;
    for line in ZIPS.lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        let [first, last, named] = columns[..] else {
            panic!("{line}");
        };
        assert!(before < Some(first) && first <= last, "{line}");
        before = Some(last);
        assert!(area(code(named)).is_some(), "{line}");
        let asked = first.parse::<ZipCode>().unwrap().area_codes();
        assert!((1..=5).contains(&asked.len()), "{line}: {asked:?}");
    }
    let bytes = include_bytes!("zip-codes.txt").len() + include_bytes!("area-codes.txt").len();
    assert!(
        bytes < 150_000,
        "{bytes} bytes in every function that searches"
    );
}

#[test]
fn regions_are_states_provinces_and_territories() {
    for known in ["TX", "tx", "DC", "ON", "QC", "NU", "PE", "PR"] {
        let region: RegionCode = known.parse().unwrap();
        assert_eq!(region.as_str(), known.to_uppercase());
    }
    for (text, why) in [
        ("Texas", InvalidRegion::NotTwoLetters),
        ("T", InvalidRegion::NotTwoLetters),
        ("T1", InvalidRegion::NotTwoLetters),
        ("ZZ", InvalidRegion::Unknown),
        ("", InvalidRegion::NotTwoLetters),
    ] {
        assert_eq!(text.parse::<RegionCode>(), Err(why), "{text}");
    }
}

#[test]
fn around_a_region_are_the_nearest_codes_of_others() {
    let around_rhode_island = around("RI".parse().unwrap());
    assert!(around_rhode_island.contains(&code("508")), "Massachusetts");
    assert!(!around_rhode_island.contains(&code("401")), "its own");
    assert_eq!(around("PR".parse().unwrap()), []);
}

#[test]
fn towns_are_names() {
    for name in ["Austin", " St. John's ", "Winston-Salem", "Montréal"] {
        let town: super::Locality = name.parse().unwrap();
        assert!(town.is(&name.to_uppercase()) || !name.is_ascii(), "{name}");
    }
    for text in ["", " ", "78701", "Austin; TX", "-", &"x".repeat(61)] {
        assert!(text.parse::<super::Locality>().is_err(), "{text}");
    }
}
