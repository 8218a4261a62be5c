//! Owned numbers: lists that span pages, and one number found in them.

use http::Method;
use serde::de::DeserializeOwned;

use super::{
    SignalWire,
    call::Call,
    errors,
    operation::Operation,
    wire::{self, Paged},
};
use crate::{
    carrier::{Account, OwnedNumber, Page, PurchaseOrder, Result, Route},
    domain::{E164, webhooks::WebhookKind},
};

/// The most pages one look-up follows: at their default size they hold ten thousand
/// numbers, and a project may own one thousand. A carrier that never ends a list must
/// not keep us for ever.
const PAGES_MAX: usize = 50;

impl SignalWire {
    /// `e164` in `account`, if it is there.
    ///
    /// A filtered list answers at once where it shows the number. Where it does not,
    /// that proves little: how the filter reads a `+` is not documented, and an absence
    /// that is wrongly believed buys a number twice. So everything is looked through,
    /// to the end of the list, before an absence is believed.
    pub(super) async fn find(
        &self,
        operation: Operation,
        account: &Account,
        e164: &E164,
    ) -> Result<Option<OwnedNumber>> {
        let (caller, page_size) = (self.caller(account), self.config.page_size);
        let filtered = caller.numbers_like(operation, e164, page_size)?;
        let mut found = self.seek_number(account, filtered, e164).await?;
        if found.is_none() {
            let everything = caller.numbers(operation, page_size)?;
            found = self.seek_number(account, everything, e164).await?;
        }
        found
            .map(|number| owned(operation, &Method::GET, number))
            .transpose()
    }

    async fn seek_number(
        &self,
        account: &Account,
        list: Call,
        e164: &E164,
    ) -> Result<Option<wire::Number>> {
        self.seek(account, list, |page: wire::Numbers| {
            let mut numbers = page.incoming_phone_numbers.into_iter();
            numbers.find(|number| number.is(e164, &account.id))
        })
        .await
    }

    /// One page of what `account` owns; numbers we cannot serve are left out.
    pub(super) async fn page(
        &self,
        account: &Account,
        cursor: Option<&str>,
    ) -> Result<Page<OwnedNumber>> {
        let caller = self.caller(account);
        let call = match cursor {
            Some(link) => caller.follow(Operation::ListOwned, link),
            None => caller.numbers(Operation::ListOwned, self.config.page_size),
        }?;
        let page: wire::Numbers = self.client.fetch(&call).await?;
        let numbers = page.incoming_phone_numbers.into_iter();
        Ok(Page {
            items: numbers
                .filter_map(|number| number.try_into().ok())
                .collect(),
            next: page.next_page_uri,
        })
    }

    /// Reads every page of a list.
    pub(super) async fn each_page<P: Paged + DeserializeOwned + Send>(
        &self,
        account: &Account,
        first: Call,
        mut read: impl FnMut(P) + Send,
    ) -> Result<()> {
        let nothing = self.seek(account, first, |page| {
            read(page);
            None::<()>
        });
        nothing.await.map(drop)
    }

    /// Reads the pages of a list until `read` finds something on one, or to the end.
    pub(super) async fn seek<P: Paged + DeserializeOwned + Send, F: Send>(
        &self,
        account: &Account,
        first: Call,
        mut read: impl FnMut(P) -> Option<F> + Send,
    ) -> Result<Option<F>> {
        let mut call = first;
        for _ in 0..PAGES_MAX {
            let page: P = self.client.fetch(&call).await?;
            let next = page.next().map(ToOwned::to_owned);
            let found = read(page);
            match next {
                Some(link) if found.is_none() => {
                    call = self.caller(account).follow(call.operation, &link)?;
                }
                Some(_) | None => return Ok(found),
            }
        }
        Err(errors::unreadable(
            call.operation,
            &Method::GET,
            "a list without an end",
        ))
    }
}

/// `number` in our words.
pub(super) fn owned(
    operation: Operation,
    method: &Method,
    number: wire::Number,
) -> Result<OwnedNumber> {
    number
        .try_into()
        .map_err(|_| errors::unreadable(operation, method, "a number that is none"))
}

/// `number` with `order`'s reference, if the purchase that `order` asks for made it.
///
/// The request takes a friendly name; what comes back as one is "a formatted version of
/// the number" in the API description. Where it is, the number is known by its
/// addresses, which were set in the very request that bought it: they hold the token of
/// the workspace that ordered.
pub(super) fn recognised(mut number: OwnedNumber, order: &PurchaseOrder) -> OwnedNumber {
    let posts_to = |route: &Route, kind| match route {
        Route::Address { url, .. } => *url == order.webhooks.url(kind),
        Route::Hidden | Route::Unset | Route::Application | Route::Trunk => false,
    };
    let routes = &number.routes;
    let ours =
        posts_to(&routes.voice, WebhookKind::Voice) || posts_to(&routes.sms, WebhookKind::Sms);
    if ours {
        number.reference = Some(order.reference.clone());
    }
    number
}
