//! What a search asks for, parameter by parameter.

use lambda_http::{Request, RequestExt};
use numberline::{
    app::{
        Error,
        search::{Search, Where},
    },
    domain::{
        Capabilities, Filters, Pattern,
        geography::{InvalidLocality, InvalidRegion, InvalidZip},
        search::{self, InvalidFeatures},
        vanity::{InvalidPattern, Position},
    },
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
        (None, Some(zip), None) => zip_code(&zip),
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

fn zip_code(text: &str) -> Result<Where, Problem> {
    let refused = |error: InvalidZip| Error::invalid("zip", "invalid_zip", error.to_string());
    Ok(Where::Zip(text.parse().map_err(refused)?))
}

fn in_region(region: &str, locality: Option<&str>) -> Result<Where, Problem> {
    let refused =
        |error: InvalidRegion| Error::invalid("region", "invalid_region", error.to_string());
    let region = region.parse().map_err(refused)?;
    let refused =
        |error: InvalidLocality| Error::invalid("locality", "invalid_locality", error.to_string());
    let locality = locality.map(str::parse).transpose().map_err(refused)?;
    Ok(Where::Region(region, locality))
}

fn features(request: &Request) -> Result<Capabilities, Problem> {
    let Some(text) = parameter(request, "features")? else {
        return Ok(Capabilities::default());
    };
    let refused = |error: InvalidFeatures| {
        Error::invalid("features", "invalid_features", error.to_string()).into()
    };
    search::features(&text).map_err(refused)
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
    let refused =
        |error: InvalidPattern| Error::invalid(name, "invalid_pattern", error.to_string());
    Ok(Some(Pattern::new(&text, position).map_err(refused)?))
}
