//! Numbers: offered, sold, wired, moved and taken back.

use std::collections::BTreeSet;

use super::{
    Local,
    errors::{refused, unread, unwritten},
    stock,
};
use crate::{
    carrier::{
        Account, AvailableNumber, ErrorKind, NumberQuery, OwnedNumber, Page, PurchaseOrder, Result,
        Route, Routes,
    },
    domain::{
        AccountId, AreaCode, E164, Webhooks, carrier::CarrierNumberId, geography, search::Place,
        webhooks::WebhookKind,
    },
    store::{Cursor, local::SoldNumber},
};

/// Pages that are looked through before an account counts as empty: more than all
/// area codes together have numbers.
const PAGES_MAX: u32 = 1_000;

impl Local {
    /// Area code by area code, until there are as many as asked for.
    pub(super) async fn offers(
        &self,
        account: &Account,
        query: &NumberQuery,
    ) -> Result<Vec<AvailableNumber>> {
        self.enter("search", account).await?;
        let area_codes = match &query.place {
            Place::AreaCode(area_code) => vec![*area_code],
            Place::Region { region, .. } => geography::codes_of(*region),
        };
        let limit = usize::from(query.limit);
        let mut offers = Vec::new();
        for area_code in area_codes {
            offers.extend(self.offers_in(area_code, query).await?);
            if offers.len() >= limit {
                break;
            }
        }
        offers.truncate(limit);
        Ok(offers)
    }

    async fn offers_in(
        &self,
        area_code: AreaCode,
        query: &NumberQuery,
    ) -> Result<Vec<AvailableNumber>> {
        let sold = self.books.sold_in(area_code).await;
        let sold = sold.map_err(|error| unread("search", error))?;
        let sold: BTreeSet<E164> = sold.into_iter().collect();
        let left = stock::numbers_in(area_code).filter(|e164| !sold.contains(e164));
        let offers = left.map(|e164| stock::offer(e164, self.config.number_price));
        Ok(offers.filter(|offer| query.fits(offer)).collect())
    }

    /// Sells exactly the number asked for: one conditional write, so that of all who
    /// want it one gets it.
    pub(super) async fn sell(
        &self,
        account: &Account,
        order: &PurchaseOrder,
    ) -> Result<OwnedNumber> {
        let operation = "purchase";
        self.enter(operation, account).await?;
        let gone = || refused(operation, ErrorKind::NumberUnavailable);
        if !stock::has(&order.e164) {
            return Err(gone());
        }
        let sale = SoldNumber {
            id: CarrierNumberId::new(self.fresh_name()),
            e164: order.e164.clone(),
            account: account.id.clone(),
            reference: order.reference.clone(),
            voice_url: order.webhooks.url(WebhookKind::Voice),
            sms_url: order.webhooks.url(WebhookKind::Sms),
            sold_at: self.clock.now(),
        };
        let sold = self.books.sell(&sale).await;
        if sold.map_err(|error| unwritten(operation, error))? {
            Ok(owned(sale))
        } else {
            Err(gone())
        }
    }

    /// The number, if `account` has it. A sale is found by its number, which the order
    /// names exactly, and brings its reference with it.
    pub(super) async fn find(
        &self,
        operation: &'static str,
        account: &Account,
        e164: &E164,
    ) -> Result<Option<OwnedNumber>> {
        let ((), sale) = tokio::try_join!(
            self.enter(operation, account),
            self.sale_of(operation, e164)
        )?;
        Ok(sale.filter(|sale| sale.account == account.id).map(owned))
    }

    async fn sale_of(&self, operation: &'static str, e164: &E164) -> Result<Option<SoldNumber>> {
        let sale = self.books.number(e164).await;
        sale.map_err(|error| unread(operation, error))
    }

    /// Whether `e164` is `account`'s, who is let in.
    pub(super) async fn has(
        &self,
        operation: &'static str,
        account: &Account,
        e164: &E164,
    ) -> Result<bool> {
        let found = self.find(operation, account, e164).await?;
        Ok(found.is_some())
    }

    /// One page of the books, with what is `account`'s on it: a page can be empty and
    /// not be the last.
    pub(super) async fn page(
        &self,
        account: &Account,
        cursor: Option<&str>,
    ) -> Result<Page<OwnedNumber>> {
        let operation = "list_owned";
        let cursor: Option<Cursor> = match cursor.map(str::parse).transpose() {
            Ok(cursor) => cursor,
            Err(_) => return Err(refused(operation, ErrorKind::Rejected)),
        };
        self.enter(operation, account).await?;
        self.page_of(operation, &account.id, cursor.as_ref()).await
    }

    async fn page_of(
        &self,
        operation: &'static str,
        account: &AccountId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<OwnedNumber>> {
        let listed = self.books.sold(cursor, self.config.page_size).await;
        let listed = listed.map_err(|error| unread(operation, error))?;
        let sales = listed.items.into_iter();
        Ok(Page {
            items: sales
                .filter(|sale| sale.account == *account)
                .map(owned)
                .collect(),
            next: listed.next.map(|next| next.encode()),
        })
    }

    pub(super) async fn owns_anything(
        &self,
        operation: &'static str,
        account: &AccountId,
    ) -> Result<bool> {
        let mut cursor: Option<Cursor> = None;
        for _ in 0..PAGES_MAX {
            let page = self.page_of(operation, account, cursor.as_ref()).await?;
            if !page.items.is_empty() {
                return Ok(true);
            }
            match page.next.as_deref().map(str::parse) {
                Some(Ok(next)) => cursor = Some(next),
                Some(Err(_)) | None => return Ok(false),
            }
        }
        // A list without an end proves nothing.
        Err(refused(operation, ErrorKind::Unexpected))
    }

    pub(super) async fn rewire(
        &self,
        account: &Account,
        number: &OwnedNumber,
        webhooks: &Webhooks,
    ) -> Result<()> {
        let operation = "configure";
        self.enter(operation, account).await?;
        let rewired = self.books.rewire(&number.e164, &account.id, webhooks).await;
        found(
            operation,
            rewired.map_err(|error| unwritten(operation, error))?,
        )
    }

    pub(super) async fn take_back(&self, account: &Account, number: &OwnedNumber) -> Result<()> {
        let operation = "release";
        let ((), sale) = tokio::try_join!(
            self.enter(operation, account),
            self.sale_of(operation, &number.e164)
        )?;
        let theirs = |sale: &SoldNumber| sale.account == account.id && sale.id == number.id;
        let Some(sale) = sale.filter(theirs) else {
            return Err(refused(operation, ErrorKind::NotFound));
        };
        if self.clock.now() < sale.sold_at.plus(self.config.release_hold) {
            return Err(refused(operation, ErrorKind::Held));
        }
        let taken = self
            .books
            .take_back(&sale.e164, &account.id, &sale.id)
            .await;
        found(
            operation,
            taken.map_err(|error| unwritten(operation, error))?,
        )
    }

    pub(super) async fn hand_over(
        &self,
        from: &Account,
        number: &OwnedNumber,
        to: &Account,
    ) -> Result<()> {
        let operation = "transfer";
        tokio::try_join!(self.enter(operation, from), self.enter(operation, to))?;
        let moved = self.books.hand_over(&number.e164, &from.id, &to.id).await;
        found(
            operation,
            moved.map_err(|error| unwritten(operation, error))?,
        )
    }
}

/// What was not found in the account was not changed.
fn found(operation: &'static str, found: bool) -> Result<()> {
    if found {
        Ok(())
    } else {
        Err(refused(operation, ErrorKind::NotFound))
    }
}

fn owned(sale: SoldNumber) -> OwnedNumber {
    OwnedNumber {
        id: sale.id,
        e164: sale.e164,
        account: sale.account,
        reference: Some(sale.reference),
        capabilities: stock::CAPABILITIES,
        routes: Box::new(Routes {
            voice: Route::to(sale.voice_url),
            sms: Route::to(sale.sms_url),
            ..Routes::default()
        }),
        purchased_at: Some(sale.sold_at),
    }
}
