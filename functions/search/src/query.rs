//! What a search asks for, parameter by parameter.

use std::fmt::Display;

use lambda_http::{Request, RequestExt};
use numberline::{
    app::{
        Error,
        search::{Search, Where},
    },
    domain::{Capabilities, Filters, Pattern, search, vanity::Position},
    edge::{Problem, area_code, parameter, search_limit},
};

/// Parameters there are. Another one is most likely a filter that is misspelled, which
/// must not be passed over.
const KNOWN: [&str; 8] = [
    "areaCode", "zip", "region", "locality", "features", "contains", "endsWith", "limit",
];

/// The search that `request` asks for.
pub(crate) fn read(request: &Request) -> Result<Search, Problem> {
    only_known(request)?;
    Ok(Search {
        place: place(request)?,
        filters: Filters {
            features: features(request)?,
            pattern: pattern(request)?,
        },
        limit: search_limit(request)?,
    })
}

fn only_known(request: &Request) -> Result<(), Problem> {
    let parameters = request.query_string_parameters();
    let mut names: Vec<&str> = parameters.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    match names.into_iter().find(|name| !KNOWN.contains(name)) {
        Some(unknown) => {
            let detail = format!("a search takes {}", KNOWN.join(", "));
            Err(Error::invalid(unknown, "unknown_parameter", detail).into())
        }
        None => Ok(()),
    }
}

/// Where to look: exactly one way of saying it.
fn place(request: &Request) -> Result<Where, Problem> {
    let code = parameter(request, "areaCode")?;
    let zip = parameter(request, "zip")?;
    let region = parameter(request, "region")?;
    let locality = parameter(request, "locality")?;
    if locality.is_some() && region.is_none() {
        let detail = "a locality goes with its region, for example locality=Austin&region=TX";
        return Err(Error::invalid("locality", "locality_without_region", detail).into());
    }
    match (code, zip, region) {
        (Some(code), None, None) => Ok(Where::AreaCode(area_code(&code, "areaCode")?)),
        (None, Some(zip), None) => Ok(Where::Zip(parsed(zip.parse(), "zip", "invalid_zip")?)),
        (None, None, Some(region)) => in_region(&region, locality.as_deref()),
        (None, None, None) => {
            let detail = "say where to search: an areaCode, for example 512, a zip or a region";
            Err(Error::invalid("areaCode", "area_code_required", detail).into())
        }
        (Some(_), Some(_), _) => Err(two_places("zip")),
        (Some(_), None, Some(_)) | (None, Some(_), Some(_)) => Err(two_places("region")),
    }
}

fn two_places(second: &str) -> Problem {
    let detail = "send only one of areaCode, zip and region";
    Error::invalid(second, "one_place_only", detail).into()
}

fn in_region(region: &str, locality: Option<&str>) -> Result<Where, Problem> {
    let region = parsed(region.parse(), "region", "invalid_region")?;
    let locality = locality.map(|text| parsed(text.parse(), "locality", "invalid_locality"));
    Ok(Where::Region(region, locality.transpose()?))
}

fn features(request: &Request) -> Result<Capabilities, Problem> {
    match parameter(request, "features")? {
        Some(text) => parsed(search::features(&text), "features", "invalid_features"),
        None => Ok(Capabilities::default()),
    }
}

fn pattern(request: &Request) -> Result<Option<Pattern>, Problem> {
    let anywhere = parameter(request, "contains")?;
    let (name, text, position) = match (anywhere, parameter(request, "endsWith")?) {
        (None, None) => return Ok(None),
        (Some(text), None) => ("contains", text, Position::Anywhere),
        (None, Some(text)) => ("endsWith", text, Position::End),
        (Some(_), Some(_)) => {
            let detail = "send either contains or endsWith";
            return Err(Error::invalid("endsWith", "contains_and_ends_with", detail).into());
        }
    };
    parsed(Pattern::new(&text, position), name, "invalid_pattern").map(Some)
}

/// What was read of a parameter, or why it could not be.
fn parsed<T, E: Display>(
    read: Result<T, E>,
    parameter: &str,
    code: &'static str,
) -> Result<T, Problem> {
    read.map_err(|error| Error::invalid(parameter, code, error.to_string()).into())
}
