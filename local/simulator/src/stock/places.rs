//! Where some area codes are: enough for a map to look right.
//!
//! Names in capitals, as carriers send them.

/// Toll-free area codes.
pub(super) const TOLL_FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

/// Where an area code is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) country: &'static str,
    pub(super) region: &'static str,
    pub(super) locality: &'static str,
    pub(super) rate_center: &'static str,
    pub(super) lata: Option<&'static str>,
}

const fn us(
    region: &'static str,
    locality: &'static str,
    rate_center: &'static str,
    lata: &'static str,
) -> Place {
    Place {
        country: "US",
        region,
        locality,
        rate_center,
        lata: Some(lata),
    }
}

const fn ca(region: &'static str, locality: &'static str) -> Place {
    Place {
        country: "CA",
        region,
        locality,
        rate_center: locality,
        lata: Some("888"),
    }
}

/// The main city of an area code, where this table has it.
pub(super) fn of(area_code: &str) -> Option<Place> {
    let place = match area_code {
        "202" => us("DC", "WASHINGTON", "WSHNGTNZN1", "236"),
        "206" => us("WA", "SEATTLE", "SEATTLE", "674"),
        "212" | "332" | "646" => us("NY", "NEW YORK", "NWYRCYZN01", "132"),
        "213" | "323" => us("CA", "LOS ANGELES", "LSAN DA 01", "730"),
        "214" | "469" | "972" => us("TX", "DALLAS", "DALLAS", "552"),
        "303" | "720" => us("CO", "DENVER", "DENVER", "656"),
        "305" | "786" => us("FL", "MIAMI", "MIAMI", "460"),
        "310" | "424" => us("CA", "BEVERLY HILLS", "BEVERLYHLS", "730"),
        "312" | "773" => us("IL", "CHICAGO", "CHICGOZN01", "358"),
        "347" | "718" | "929" => us("NY", "BROOKLYN", "NWYRCYZN07", "132"),
        "404" | "470" => us("GA", "ATLANTA", "ATLANTA", "438"),
        "415" | "628" => us("CA", "SAN FRANCISCO", "SNFC CNTRL", "722"),
        "512" | "737" => us("TX", "AUSTIN", "AUSTIN", "558"),
        "617" | "857" => us("MA", "BOSTON", "BOSTON", "128"),
        "702" | "725" => us("NV", "LAS VEGAS", "LAS VEGAS", "721"),
        "713" | "832" => us("TX", "HOUSTON", "HOUSTON", "560"),
        "416" | "647" => ca("ON", "TORONTO"),
        "514" => ca("QC", "MONTREAL"),
        "604" | "778" => ca("BC", "VANCOUVER"),
        _ => return None,
    };
    Some(place)
}
