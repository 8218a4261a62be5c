//! Transactions: several writes, all or none.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem, Update,
    },
};

use super::{
    core::Core,
    error::{Error, Result},
    item::Item,
};
use crate::{chance::Chance, clock::Clock, domain::AttemptId};

/// A transaction that meets others is tried this often in all.
const TRIES: u32 = 6;

/// How a transaction ended.
#[derive(Debug)]
pub(super) enum Committed {
    /// Everything was written.
    Yes,
    /// The condition of the write at this place failed; the item as it is.
    Refused(usize, Option<Item>),
}

/// Writes to commit together.
#[derive(Debug, Default)]
pub(super) struct Transaction(Vec<TransactWriteItem>);

impl Transaction {
    pub(super) fn put(&mut self, put: aws_sdk_dynamodb::types::builders::PutBuilder) -> Result<()> {
        let put: Put = put
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| Error::corrupt("put", error))?;
        self.0.push(TransactWriteItem::builder().put(put).build());
        Ok(())
    }

    pub(super) fn update(
        &mut self,
        update: aws_sdk_dynamodb::types::builders::UpdateBuilder,
    ) -> Result<()> {
        let update: Update = update
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| Error::corrupt("update", error))?;
        self.0
            .push(TransactWriteItem::builder().update(update).build());
        Ok(())
    }

    pub(super) fn delete(
        &mut self,
        delete: aws_sdk_dynamodb::types::builders::DeleteBuilder,
    ) -> Result<()> {
        let delete: Delete = delete
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| Error::corrupt("delete", error))?;
        self.0
            .push(TransactWriteItem::builder().delete(delete).build());
        Ok(())
    }

    pub(super) fn check(
        &mut self,
        check: aws_sdk_dynamodb::types::builders::ConditionCheckBuilder,
    ) -> Result<()> {
        let check: ConditionCheck = check
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| Error::corrupt("check", error))?;
        self.0
            .push(TransactWriteItem::builder().condition_check(check).build());
        Ok(())
    }
}

impl Transaction {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Core {
    /// Commits `transaction` under one client token over all its tries, so that a
    /// try whose answer was lost is not written twice. Contention is waited out.
    pub(super) async fn commit(
        &self,
        operation: &'static str,
        transaction: Transaction,
    ) -> Result<Committed> {
        let Self {
            client,
            clock,
            chance,
            ..
        } = self;
        let means = Means {
            client,
            clock: clock.as_ref(),
            chance: chance.as_ref(),
        };
        means.commit(operation, transaction).await
    }
}

/// What committing needs.
pub(super) struct Means<'a> {
    pub(super) client: &'a Client,
    pub(super) clock: &'a dyn Clock,
    pub(super) chance: &'a dyn Chance,
}

impl Means<'_> {
    /// Commits `transaction`, as [`Core::commit`] says.
    pub(super) async fn commit(
        &self,
        operation: &'static str,
        transaction: Transaction,
    ) -> Result<Committed> {
        let now = self.clock.now();
        let token = AttemptId::new(now, self.chance.draw());
        for round in 1..=TRIES {
            let sent = self
                .client
                .transact_write_items()
                .set_transact_items(Some(transaction.0.clone()))
                .client_request_token(token.as_str())
                .send()
                .await;
            let Err(error) = sent else {
                return Ok(Committed::Yes);
            };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                    canceled.cancellation_reasons()
                }
                Some(TransactWriteItemsError::TransactionInProgressException(_)) => &[],
                Some(_) | None => return Err(Error::unavailable(operation, &error)),
            };
            match verdict(reasons) {
                Verdict::Refused(place, item) => return Ok(Committed::Refused(place, item)),
                Verdict::Contended => {
                    let jitter = self.chance.draw() % 1_000;
                    let share = u32::try_from(jitter).unwrap_or(0);
                    self.clock.sleep(pause(round) * share / 1_000).await;
                }
                Verdict::Other => return Err(Error::unavailable(operation, &error)),
            }
        }
        Err(Error::Contended {
            operation,
            tries: TRIES,
        })
    }
}

/// The longest pause before try `round` + 1: 20 ms doubling.
pub(super) fn pause(round: u32) -> Duration {
    Duration::from_millis(10) * (1 << round.min(6))
}

enum Verdict {
    Refused(usize, Option<Item>),
    Contended,
    Other,
}

/// A failed condition is final; contention is not, and is only believed where no
/// condition failed beside it.
fn verdict(reasons: &[CancellationReason]) -> Verdict {
    let code = |reason: &CancellationReason| reason.code().unwrap_or_default().to_owned();
    let refused = reasons
        .iter()
        .position(|reason| code(reason) == "ConditionalCheckFailed");
    if let Some(place) = refused {
        let item = reasons.get(place).and_then(|reason| reason.item().cloned());
        return Verdict::Refused(place, item);
    }
    let contended = reasons.iter().all(|reason| {
        matches!(
            code(reason).as_str(),
            "None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"
        )
    });
    if contended {
        Verdict::Contended
    } else {
        Verdict::Other
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::builders::CancellationReasonBuilder;

    use super::{CancellationReason, Verdict, verdict};

    fn of(codes: &[&str]) -> Verdict {
        let reasons = codes
            .iter()
            .map(|code| CancellationReason::builder().code(*code));
        verdict(
            &reasons
                .map(CancellationReasonBuilder::build)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn a_failed_condition_is_final_wherever_contention_stands_beside_it() {
        for codes in [
            ["ConditionalCheckFailed", "TransactionConflict", "None"],
            ["TransactionConflict", "None", "ConditionalCheckFailed"],
            [
                "ThrottlingError",
                "ConditionalCheckFailed",
                "ConditionalCheckFailed",
            ],
            [
                "ValidationError",
                "TransactionConflict",
                "ConditionalCheckFailed",
            ],
        ] {
            let first = codes
                .iter()
                .position(|code| *code == "ConditionalCheckFailed");
            let place = match of(&codes) {
                Verdict::Refused(place, None) => Some(place),
                Verdict::Refused(_, Some(_)) | Verdict::Contended | Verdict::Other => None,
            };
            assert_eq!(place, first, "{codes:?}");
        }
    }

    #[test]
    fn contention_is_waited_out_only_where_nothing_else_is_said() {
        for codes in [
            ["TransactionConflict", "None", "None"],
            ["None", "TransactionConflict", "ThrottlingError"],
            [
                "ProvisionedThroughputExceeded",
                "None",
                "TransactionConflict",
            ],
        ] {
            assert!(matches!(of(&codes), Verdict::Contended), "{codes:?}");
        }
        for codes in [
            ["TransactionConflict", "ValidationError", "None"],
            ["None", "ItemCollectionSizeLimitExceeded", "None"],
            ["TransactionConflict", "AccessDenied", "TransactionConflict"],
        ] {
            assert!(matches!(of(&codes), Verdict::Other), "{codes:?}");
        }
    }
}
