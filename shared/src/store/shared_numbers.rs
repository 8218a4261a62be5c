//! Numbers that the platform lends, and what their account's webhooks are known by.

use aws_sdk_dynamodb::types::ReturnValue;

use super::{
    core::{Core, Paging},
    error::{Error, Result},
    item::{attribute, body, item, s, text},
    keys::{Key, NUMBER, SHARED},
    orders::condition_failed,
    transaction::{Committed, Transaction},
};
use crate::domain::{
    AccountId, Actor, CarrierId, Claim, ClaimOwner, E164, SharedNumber, SharedStatus, WebhookToken,
    pair::SHARED_MAX,
};

impl Core {
    /// Every shared number, at most [`SHARED_MAX`].
    pub async fn shared_numbers(&self) -> Result<Vec<SharedNumber>> {
        let page = Paging {
            cursor: None,
            limit: SHARED_MAX.into(),
            oldest_first: true,
        };
        let listed = self.list(SHARED.to_owned(), NUMBER, page).await?;
        listed
            .items
            .iter()
            .map(|item| body("shared number", item))
            .collect()
    }

    /// Claims a number for sharing and writes it down, together. False if somebody else
    /// has it (P3).
    pub async fn adopt(&self, number: &SharedNumber) -> Result<bool> {
        let claim = Claim {
            e164: number.e164.clone(),
            owner: ClaimOwner::Shared,
            order: None,
            number: None,
            carrier: number.carrier.clone(),
            account: Some(number.account.clone()),
        };
        let mut transaction = Transaction::default();
        transaction.put(
            self.put()
                .set_item(Some(item(&Key::claim(&claim.e164), "claim", &claim)?))
                .condition_expression("attribute_not_exists(pk) OR body.#owner = :shared")
                .expression_attribute_names("#owner", "owner")
                .expression_attribute_values(":shared", attribute("claim", &claim.owner)?),
        )?;
        let key = Key::shared_number(&number.e164);
        transaction.put(
            self.put()
                .set_item(Some(item(&key, "shared number", number)?)),
        )?;
        let committed = self.commit("adopt number", transaction).await?;
        Ok(matches!(committed, Committed::Yes))
    }

    /// Says whether a shared number is lent, and answers with it; nothing if there is
    /// no such number.
    pub async fn move_shared_number(
        &self,
        e164: &E164,
        status: SharedStatus,
        by: &Actor,
    ) -> Result<Option<SharedNumber>> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::shared_number(e164).attributes()))
            .update_expression("SET body.#status = :status, body.changed_by = :by")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", attribute("status", &status)?)
            .expression_attribute_values(":by", attribute("actor", by)?)
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match sent {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                body("shared number", &item).map(Some)
            }
            Err(error) if condition_failed(&error).is_some() => Ok(None),
            Err(error) => Err(Error::unavailable("UpdateItem", &error)),
        }
    }

    /// What the webhook addresses of the platform's own account carry: `fresh`, unless
    /// they carry something already.
    pub async fn platform_token(
        &self,
        carrier: &CarrierId,
        account: &AccountId,
        fresh: &WebhookToken,
    ) -> Result<WebhookToken> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::platform(carrier, account).attributes()))
            .update_expression("SET #token = if_not_exists(#token, :fresh)")
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":fresh", s(fresh))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(|error| Error::unavailable("UpdateItem", &error))?;
        let item = answer.attributes.unwrap_or_default();
        let token = text(&item, "token").and_then(|token| token.parse().ok());
        token.ok_or_else(|| Error::corrupt("platform's webhooks", "no token"))
    }
}
