//! What can be done, by name.

use crate::domain::named::named;

named! {
    /// What was done. The names are part of the public contract: the audit log shows
    /// them, and events are called by them.
    Action {
        /// A workspace signed up.
        WorkspaceCreated = "workspace.created",
        /// It got another name.
        WorkspaceRenamed = "workspace.renamed",
        /// It is on another plan.
        WorkspacePlanChanged = "workspace.plan_changed",
        /// It may no longer act.
        WorkspaceSuspended = "workspace.suspended",
        /// It may act again.
        WorkspaceResumed = "workspace.resumed",
        /// Its deletion was asked for, and waits for its numbers.
        WorkspaceDeleting = "workspace.deleting",
        /// It is gone.
        WorkspaceDeleted = "workspace.deleted",
        /// Something else about it changed.
        WorkspaceChanged = "workspace.changed",
        /// Somebody became a member.
        MemberAdded = "member.added",
        /// A member got another role.
        MemberRoleChanged = "member.role_changed",
        /// Somebody is no longer a member.
        MemberRemoved = "member.removed",
        /// An order was placed.
        OrderPlaced = "order.placed",
        /// Somebody asked for an order to be canceled.
        OrderCancelRequested = "order.cancel_requested",
        /// An order that had ended was opened again.
        OrderRetried = "order.retried",
        /// An order did what it was for.
        OrderSucceeded = "order.succeeded",
        /// An order ended with nothing left over.
        OrderFailed = "order.failed",
        /// An order ended because somebody asked.
        OrderCanceled = "order.canceled",
        /// An order needs a person.
        OrderNeedsAttention = "order.needs_attention",
        /// A number was bought for the workspace.
        NumberPurchased = "number.purchased",
        /// A number the platform already had was given to the workspace.
        NumberImported = "number.imported",
        /// A number of the tenant's own was connected.
        NumberConnected = "number.connected",
        /// A number works.
        NumberActivated = "number.activated",
        /// A number was switched off.
        NumberSuspended = "number.suspended",
        /// A number that was switched off works again.
        NumberResumed = "number.resumed",
        /// A number is on its way back to the carrier.
        NumberReleasing = "number.releasing",
        /// A number is no longer the workspace's.
        NumberReleased = "number.released",
        /// A number never worked and is not coming.
        NumberFailed = "number.failed",
        /// A number got another label.
        NumberLabeled = "number.labeled",
        /// A number's routing changed.
        NumberRerouted = "number.rerouted",
        /// Something else about a number changed.
        NumberChanged = "number.changed",
        /// A number that no workspace has was put into stock.
        StockFiled = "stock.filed",
        /// Something about a number in stock changed.
        StockChanged = "stock.changed",
        /// A number left the stock.
        StockGone = "stock.gone",
        /// A number of the platform's own was taken up, to be lent to workspaces.
        SharedNumberAdopted = "shared_number.adopted",
        /// Workspaces may write from it.
        SharedNumberLent = "shared_number.lent",
        /// Nobody writes from it any more.
        SharedNumberWithdrawn = "shared_number.withdrawn",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Action;

    #[test]
    fn every_name_is_one_of_a_kind_and_is_read_back() {
        let names: BTreeSet<&str> = Action::ALL.iter().map(|action| action.name()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        for action in Action::ALL {
            let written = serde_json::to_value(action).unwrap();
            assert_eq!(written, action.name());
            assert_eq!(serde_json::from_value::<Action>(written).unwrap(), *action);
        }
    }
}
