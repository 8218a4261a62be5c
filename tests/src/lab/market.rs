//! The local carrier seen from outside: what was sold to whom, noted as the requests
//! went by and not as the adapter tells it, and somebody else who buys there too.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use super::{
    holdings::Sale,
    tables::{Answer, Tables},
};

/// The account of somebody who is none of ours.
pub(super) const RIVAL: &str = "rival";

/// What happens at the local carrier's counter.
#[derive(Debug, Default)]
pub struct Market {
    sales: Mutex<Vec<Sale>>,
    rival_is_near: AtomicBool,
}

impl Market {
    /// The next number that is asked for is bought by somebody else just before.
    pub fn let_a_rival_in(&self) {
        self.rival_is_near.store(true, Ordering::SeqCst);
    }

    /// Every sale so far, numbers that went back included.
    #[must_use]
    pub(super) fn sales(&self) -> Vec<Sale> {
        let sales = self.sales.lock().unwrap_or_else(PoisonError::into_inner);
        sales.clone()
    }

    /// What the tables answer to a request, as the market notes it.
    pub(crate) fn answer(
        &self,
        tables: &Tables,
        operation: &str,
        asked: &Value,
        body: &[u8],
    ) -> Answer {
        let sale = (operation == "PutItem").then(|| sale(asked)).flatten();
        if sale.is_some() && self.rival_is_near.swap(false, Ordering::SeqCst) {
            drop(tables.answer("PutItem", rival(asked).to_string().as_bytes()));
        }
        let answer = tables.answer(operation, body);
        if let Some(sale) = sale.filter(|_| answer.status == 200) {
            let mut sales = self.sales.lock().unwrap_or_else(PoisonError::into_inner);
            sales.push(sale);
        }
        answer
    }
}

/// The sale that a put writes down, if it is one.
fn sale(put: &Value) -> Option<Sale> {
    let key = put.pointer("/Item/sk/S")?.as_str()?;
    let number = key.strip_prefix("SOLD#")?;
    let reference = put.pointer("/Item/body/M/reference/S")?.as_str()?;
    Some(Sale {
        reference: reference.to_owned(),
        number: number.to_owned(),
    })
}

/// The same sale to somebody else, on no condition.
fn rival(put: &Value) -> Value {
    let mut item = put.get("Item").cloned().unwrap_or_default();
    if let Some(account) = item.pointer_mut("/body/M/account/S") {
        *account = json!(RIVAL);
    }
    json!({ "TableName": put.get("TableName"), "Item": item })
}
