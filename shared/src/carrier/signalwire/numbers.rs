//! Owned numbers: lists that span pages, and one number found in them.

use http::Method;

use super::{SignalWire, call::Call, errors, wire};
use crate::{
    carrier::{Account, OwnedNumber, Page, Result},
    domain::E164,
};

/// The most pages one look-up follows. A list filtered by number or name has
/// one; a carrier that never ends a list must not keep us for ever.
const PAGES_MAX: usize = 50;

impl SignalWire {
    /// `e164` in `account`, if it is there: the whole list is followed, because
    /// only its end proves an absence.
    pub(super) async fn find(
        &self,
        operation: &'static str,
        account: &Account,
        e164: &E164,
    ) -> Result<Option<OwnedNumber>> {
        let caller = self.caller(account);
        let first = caller.numbers_like(operation, e164, self.config.page_size)?;
        let found = self
            .pages(account, first, |page: wire::Numbers| {
                let mut numbers = page.incoming_phone_numbers.into_iter();
                let found = numbers.find(|number| number.is(e164, &account.id));
                (found, page.next_page_uri)
            })
            .await?;
        found
            .map(|number| owned(operation, &Method::GET, number))
            .transpose()
    }

    /// One page of what `account` owns; numbers we cannot serve are left out.
    pub(super) async fn page(
        &self,
        account: &Account,
        cursor: Option<&str>,
    ) -> Result<Page<OwnedNumber>> {
        let caller = self.caller(account);
        let call = match cursor {
            Some(link) => caller.follow("list_owned", link),
            None => caller.numbers("list_owned", self.config.page_size),
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

    /// Reads pages from `first` on until `read` finds something, or to the end.
    /// `read` gives what it found on a page, and the link to the next one.
    pub(super) async fn pages<P, F, R>(
        &self,
        account: &Account,
        first: Call,
        mut read: R,
    ) -> Result<Option<F>>
    where
        P: serde::de::DeserializeOwned,
        R: FnMut(P) -> (Option<F>, Option<String>),
    {
        let mut call = first;
        for _ in 0..PAGES_MAX {
            let (found, next) = read(self.client.fetch(&call).await?);
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
    operation: &'static str,
    method: &Method,
    number: wire::Number,
) -> Result<OwnedNumber> {
    number
        .try_into()
        .map_err(|_| errors::unreadable(operation, method, "a number that is none"))
}
