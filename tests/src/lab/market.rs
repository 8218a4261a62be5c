//! The local carrier seen from outside: what was sold to whom, noted as the requests
//! went by and not as the adapter tells it, and somebody else who buys there too.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use super::{
    holdings::Sale,
    tables::{Answer, CORE, Tables},
};

/// The account of somebody who is none of ours.
pub const RIVAL: &str = "rival";

/// What happens at the local carrier's counter.
#[derive(Debug, Default)]
pub struct Market {
    sales: Mutex<Vec<Sale>>,
    rival_is_near: AtomicBool,
    answer_is_lost: AtomicBool,
    /// Keys of what rivals have bought.
    rivals: Mutex<Vec<Value>>,
}

impl Market {
    /// The next number that is asked for is bought by somebody else just before.
    pub fn let_a_rival_in(&self) {
        self.rival_is_near.store(true, Ordering::SeqCst);
    }

    /// What rivals have bought is for sale again.
    pub fn let_rivals_go(&self, tables: &Tables) {
        let mut rivals = self.rivals.lock().unwrap_or_else(PoisonError::into_inner);
        for key in rivals.drain(..) {
            let row = json!({ "TableName": CORE, "Key": key });
            drop(tables.answer("DeleteItem", row.to_string().as_bytes()));
        }
    }

    /// The next sale is written down, and nobody is told.
    pub fn lose_the_next_answer(&self) {
        self.answer_is_lost.store(true, Ordering::SeqCst);
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
            let mut rivals = self.rivals.lock().unwrap_or_else(PoisonError::into_inner);
            rivals.push(key(asked));
        }
        let answer = tables.answer(operation, body);
        let Some(sale) = sale.filter(|_| answer.status == 200) else {
            return answer;
        };
        let mut sales = self.sales.lock().unwrap_or_else(PoisonError::into_inner);
        sales.push(sale);
        if self.answer_is_lost.swap(false, Ordering::SeqCst) {
            return lost();
        }
        answer
    }
}

/// The sale to one of us that a put writes down, if it is one.
fn sale(put: &Value) -> Option<Sale> {
    if put.pointer("/Item/body/M/account/S")? == RIVAL {
        return None;
    }
    let key = put.pointer("/Item/sk/S")?.as_str()?;
    let number = key.strip_prefix("SOLD#")?;
    let reference = put.pointer("/Item/body/M/reference/S")?.as_str()?;
    Some(Sale {
        reference: reference.to_owned(),
        number: number.to_owned(),
    })
}

/// The key of the row that a put writes.
fn key(put: &Value) -> Value {
    let item = |name: &str| put.pointer(&format!("/Item/{name}"));
    json!({ "pk": item("pk"), "sk": item("sk") })
}

/// What DynamoDB answers when it does not know itself what came of it.
fn lost() -> Answer {
    let kind = "com.amazonaws.dynamodb.v20120810#InternalServerError";
    Answer {
        status: 500,
        body: json!({ "__type": kind, "message": "no answer in the lab" }).to_string(),
    }
}

/// The same sale to somebody else, on no condition.
fn rival(put: &Value) -> Value {
    let mut item = put.get("Item").cloned().unwrap_or_default();
    if let Some(account) = item.pointer_mut("/body/M/account/S") {
        *account = json!(RIVAL);
    }
    json!({ "TableName": put.get("TableName"), "Item": item })
}
