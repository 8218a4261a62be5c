//! Ending a workspace: everything it has is given back first, its accounts go last.

use crate::{
    carrier::ErrorKind,
    domain::{
        Actor, OrderId, Workspace, WorkspaceId,
        order::{Close, Event, Order, OrderStatus, TroubleCode, Work},
        subproject::{SubprojectMove, next_move},
    },
    store::{self, Asked, Placed, Wanted},
};

use super::{
    Hand, Stopped,
    act::held_up,
    buy::locked_out,
    isolate::{self, setting_up},
};
use crate::app::{
    carriers::Platform,
    provision::wake,
    release::{releasable, release_order},
};

/// Orders read in one round trip (`BatchGetItem` takes a hundred keys).
const AT_ONCE: usize = 50;

impl Hand<'_> {
    /// Sees to everything the workspace holds of its plan: an order that runs is
    /// canceled, a number is given back. Told again, it does no more than what is left.
    pub(super) async fn empty(&self) -> Result<Event, Stopped> {
        let Work::Close(close) = &self.order.work else {
            return Ok(locked_out());
        };
        let core = &self.worker.core;
        let Some(workspace) = core.workspace(&close.workspace).await? else {
            return Ok(Event::Emptied);
        };
        let held: Vec<_> = workspace.reservations.held.keys().collect();
        for some in held.chunks(AT_ONCE) {
            self.empty_some(&workspace, some).await?;
        }
        Ok(if held.is_empty() {
            Event::Emptied
        } else {
            Event::Occupied
        })
    }

    async fn empty_some(&self, workspace: &Workspace, held: &[&OrderId]) -> store::Result<()> {
        let wanted: Vec<_> = held.iter().map(|order| Wanted::Order(order)).collect();
        let read = self.worker.core.fetch(&workspace.id, &wanted).await?;
        for id in held {
            match read.order(id)? {
                Some(order) if order.status == OrderStatus::Succeeded => {
                    self.give_back_number(&order).await?;
                }
                Some(order) if order.is_cancelable() => self.cancel_order(&order).await?,
                Some(_) | None => {}
            }
        }
        Ok(())
    }

    /// One that asks for a person is left to them: what it holds may be paid for.
    async fn cancel_order(&self, order: &Order) -> store::Result<()> {
        if order.status.is_final() {
            return Ok(());
        }
        let asked = self.worker.core.request_cancel(order, &by()).await?;
        if asked == Asked::Yes {
            wake(&self.worker.queue, order).await;
        }
        Ok(())
    }

    /// Gives back the number that `order` brought, unless that is under way.
    async fn give_back_number(&self, order: &Order) -> store::Result<()> {
        let (Some(provision), Some(workspace)) = (order.provision(), order.workspace()) else {
            return Ok(());
        };
        let core = &self.worker.core;
        let number = core.number(workspace, &provision.number).await?;
        let Some(number) = number.filter(releasable) else {
            return Ok(());
        };
        let now = self.worker.clock.now();
        let id = OrderId::new(now, self.worker.chance.draw());
        let release = release_order(id, &number, &self.order.requested_by, now);
        if let Placed::Yes = core.place_release(&release, &number).await? {
            wake(&self.worker.queue, &release).await;
        }
        Ok(())
    }

    /// Closes the workspace's accounts at every carrier, once no stock lies in them.
    pub(super) async fn seal(&self) -> Result<Event, Stopped> {
        let Work::Close(Close { workspace, .. }) = &self.order.work else {
            return Ok(locked_out());
        };
        let stock = self.worker.core.stock_of(workspace).await?;
        if let Some(last) = stock.iter().map(|stock| stock.release_at).max() {
            return Ok(Event::StockLeft(last));
        }
        for platform in self.worker.carriers.all() {
            if !self.has_time_for(isolate::ROUNDS, false) {
                return Ok(held_up());
            }
            if let Some(stands_in_the_way) = self.close_account(platform, workspace).await? {
                return Ok(stands_in_the_way);
            }
        }
        Ok(Event::Sealed)
    }

    /// Closes one account. Harmless to repeat: one that is closed is gone. One that was
    /// left half made is finished first, and closed when this comes again: the carrier
    /// may have it, and nobody would ever look for it.
    async fn close_account(
        &self,
        platform: &Platform,
        workspace: &WorkspaceId,
    ) -> Result<Option<Event>, Stopped> {
        let carrier = platform.carrier.id();
        let known = self.worker.core.subproject(workspace, &carrier).await?;
        let now = self.worker.clock.now();
        let settle = platform.policy().settle;
        let (account, token) = match next_move(known.as_ref(), now, settle) {
            SubprojectMove::Use(account, token) => (account, token),
            SubprojectMove::Create { look_first: false } => return Ok(None),
            SubprojectMove::Create { look_first: true } => {
                let made = self.create_subproject(platform, workspace, known.as_ref(), true);
                let event = Box::pin(made).await?;
                let is_made = matches!(event, Event::Isolated(..));
                return Ok(Some(if is_made { setting_up() } else { event }));
            }
            SubprojectMove::Wait(until) => {
                return Ok(Some(Event::Deferred {
                    trouble: TroubleCode::SettingUpAccount,
                    not_before: Some(until),
                }));
            }
        };
        let opened = self
            .worker
            .accounts
            .open(workspace, &carrier, &account)
            .await?;
        let Some(opened) = opened else {
            return Ok(Some(locked_out()));
        };
        let own = platform.account().await;
        match platform.carrier.close_subproject(&own, &opened).await {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Unsupported) => {}
            Err(error) => return Ok(Some(self.failed(&own, &error).await)),
        }
        let vault = self.worker.accounts.vault();
        let core = &self.worker.core;
        core.remove_subproject(vault, (workspace, &carrier), &account, &token)
            .await?;
        self.worker.accounts.forget(&account).await;
        Ok(None)
    }
}

/// Who asks for what a deletion brings with it.
fn by() -> Actor {
    Actor::system("order-worker")
}
