//! Whom a shared number's messages belong to, and what customers said about them.
//!
//! Both are written in the transaction that writes the message they came with, on
//! conditions of their own. So a pair belongs to nobody who did not write, and what is
//! told twice changes nothing: the message is there already.

use aws_sdk_dynamodb::types::Put;

use super::{
    core::batch_get,
    error::Result,
    item::{Item, body, item, s},
    keys::Key,
    messages::{Inserted, Messages, Stray, new_item},
    transaction::{Committed, Means, Transaction},
};
use crate::domain::{
    Consent, E164, Message, Pair, SharedNumber, Timestamp,
    pair::{SHARED_MAX, Standing},
};

/// What is written together with a message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The pair of a shared number, as the message makes it.
    pub pair: Option<&'a Pair>,
    /// What the customer said with it.
    pub consent: Option<&'a Consent>,
}

/// What came of writing a message down together with something else.
#[derive(Debug)]
pub enum Together {
    /// All of it is written, but for a word that was overtaken by a later one.
    Yes,
    /// The message was there already, as it is: nothing changed.
    Before(Box<Message>),
    /// The pair belongs to another workspace: nothing changed.
    Taken,
}

impl Messages {
    /// Writes a message down, once, with what goes with it.
    pub async fn insert_with(&self, message: &Message, beside: Beside<'_>) -> Result<Together> {
        if beside.pair.is_none() && beside.consent.is_none() {
            return Ok(match self.insert(message).await? {
                Inserted::Yes => Together::Yes,
                Inserted::Before(before) => Together::Before(before),
            });
        }
        let mut transaction = Transaction::default();
        transaction.put(self.put_new(new_item(message)?))?;
        if let Some(pair) = beside.pair {
            transaction.put(self.put_pair(pair, message.at)?)?;
        }
        if let Some(consent) = beside.consent {
            transaction.put(self.put_consent(consent)?)?;
        }
        match self.commit("write message", transaction).await? {
            Committed::Yes => Ok(Together::Yes),
            Committed::Refused(0, Some(before)) => {
                Ok(Together::Before(Box::new(body("message", &before)?)))
            }
            Committed::Refused(1, _) if beside.pair.is_some() => Ok(Together::Taken),
            // A later word is there: the message is written without this one.
            Committed::Refused(..) => {
                let beside = Beside {
                    consent: None,
                    ..beside
                };
                Box::pin(self.insert_with(message, beside)).await
            }
        }
    }

    /// Keeps a message that is for nobody here, once, with what was said in it. False
    /// if it was kept before.
    pub async fn keep_stray_with(
        &self,
        stray: &Stray<'_>,
        consent: Option<&Consent>,
    ) -> Result<bool> {
        let mut transaction = Transaction::default();
        transaction.put(self.put_new(stray.item()))?;
        if let Some(consent) = consent {
            transaction.put(self.put_consent(consent)?)?;
        }
        match self.commit("keep stray", transaction).await? {
            Committed::Yes => Ok(true),
            Committed::Refused(0, _) => Ok(false),
            Committed::Refused(..) => Box::pin(self.keep_stray_with(stray, None)).await,
        }
    }

    /// Whom the messages of a number with a customer belong to; nobody, if the number
    /// is not shared or never wrote to them.
    pub async fn pair(&self, ours: &E164, theirs: &str) -> Result<Option<Pair>> {
        self.read("pair", &Key::pair(ours, theirs)).await
    }

    /// What a customer said about messages from a number, if anything.
    pub async fn consent(&self, ours: &E164, theirs: &str) -> Result<Option<Consent>> {
        self.read("consent", &Key::consent(ours, theirs)).await
    }

    /// How shared numbers stand with a customer, in one round trip.
    pub async fn standings(
        &self,
        numbers: Vec<SharedNumber>,
        theirs: &str,
    ) -> Result<Vec<Standing>> {
        let numbers: Vec<SharedNumber> = numbers.into_iter().take(SHARED_MAX.into()).collect();
        let keys = numbers.iter().flat_map(|number| {
            let ours = &number.e164;
            [Key::pair(ours, theirs), Key::consent(ours, theirs)]
        });
        let keys: Vec<Key> = keys.collect();
        let clock = self.clock.as_ref();
        let found = batch_get(&self.client, &self.table, clock, &keys).await?;
        let standings = numbers.into_iter().map(|number| {
            let pair = found.get(&Key::pair(&number.e164, theirs));
            let consent = found.get(&Key::consent(&number.e164, theirs));
            Ok(Standing {
                pair: pair.map(|item| body("pair", item)).transpose()?,
                consent: consent.map(|item| body("consent", item)).transpose()?,
                number,
            })
        });
        standings.collect()
    }

    pub(super) async fn commit(
        &self,
        operation: &'static str,
        transaction: Transaction,
    ) -> Result<Committed> {
        let means = Means {
            client: &self.client,
            clock: self.clock.as_ref(),
            chance: self.chance.as_ref(),
        };
        means.commit(operation, transaction).await
    }

    fn put_new(&self, item: Item) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
    }

    /// A pair goes to who has it, or to anybody once its time is over.
    fn put_pair(
        &self,
        pair: &Pair,
        now: Timestamp,
    ) -> Result<aws_sdk_dynamodb::types::builders::PutBuilder> {
        let key = Key::pair(&pair.ours, &pair.theirs);
        Ok(Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key, "pair", pair)?))
            .condition_expression(
                "attribute_not_exists(pk) OR body.#workspace = :workspace OR body.#until <= :now",
            )
            .expression_attribute_names("#workspace", "workspace")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":workspace", s(&pair.workspace))
            .expression_attribute_values(":now", s(now)))
    }

    fn put_consent(
        &self,
        consent: &Consent,
    ) -> Result<aws_sdk_dynamodb::types::builders::PutBuilder> {
        let key = Key::consent(&consent.ours, &consent.theirs);
        Ok(Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key, "consent", consent)?))
            .condition_expression(NOT_LATER)
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":at", s(consent.at)))
    }
}

/// Of two words of one millisecond the one that is written last counts.
const NOT_LATER: &str = "attribute_not_exists(pk) OR body.#at <= :at";
