use std::convert::Infallible;

use lambda_http::{Body, Request, Response};
use numberline::{
    app::{
        self, Base, Carriers, Error,
        provision::{Shop, any_number},
    },
    domain::order::Wish,
    edge::{
        ConfigError, Problem, Reply, Wiring, area_code, caller, e164, idempotency_key, json_body,
        label, respond, views::OrderView,
    },
};
use serde::Deserialize;

/// What accepting orders needs.
pub(crate) struct App {
    base: Base,
    shop: Shop,
    carriers: Carriers,
}

/// What is ordered: one number, or any of an area code.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    phone_number: Option<String>,
    area_code: Option<String>,
    /// Whether a number of the fallback list will do where the area code has none.
    #[serde(default)]
    fallback: bool,
    label: Option<String>,
}

impl App {
    /// Reads the environment and the carrier's credentials.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        let mut wiring = Wiring::new();
        let app = Self {
            base: wiring.base(),
            shop: wiring.shop(),
            carriers: wiring.carriers_opened_later(),
        };
        wiring.finish(app)
    }
}

pub(crate) async fn handle(app: &App, request: Request) -> Result<Response<Body>, Infallible> {
    Ok(respond(&request, provision(app, &request).await))
}

async fn provision(app: &App, request: &Request) -> Result<Reply, Problem> {
    let caller = caller(request, None)?;
    let key = idempotency_key(request)?;
    let order = read(&json_body(request)?, &app.shop)?;
    let App {
        base,
        shop,
        carriers,
    } = app;
    let placed = app::provision::provision(base, shop, carriers, &caller, &order, key.replay());
    let placed = placed.await?;
    let view = OrderView::from(&placed);
    Ok(Reply::accepted(view.location(), &view).retry_after(view.poll_after_ms()))
}

fn read(order: &Order, shop: &Shop) -> Result<app::provision::Request, Problem> {
    let wish = match (&order.phone_number, &order.area_code) {
        (Some(_), None) if order.fallback => {
            let detail = "fallback goes with an areaCode";
            return Err(Error::invalid("/fallback", "fallback_without_area_code", detail).into());
        }
        (Some(number), None) => Wish::Exact(e164(number, "/phoneNumber")?),
        (None, Some(code)) => {
            let code = area_code(code, "/areaCode")?;
            if order.fallback {
                shop.automatic(Some(code))
            } else {
                any_number(Some(code))
            }
        }
        (Some(_), Some(_)) | (None, None) => {
            let detail = "send either phoneNumber or areaCode";
            return Err(Error::invalid("", "number_or_area_code", detail).into());
        }
    };
    let label = match &order.label {
        Some(text) => label(text, "/label")?,
        None => None,
    };
    Ok(app::provision::Request { wish, label })
}

#[cfg(test)]
mod tests;
