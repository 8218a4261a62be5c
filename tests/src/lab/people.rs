//! Those who use Numberline: callers with a workspace, who ask until they are answered.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use async_trait::async_trait;
use numberline::{
    app::{
        self, Caller, orders,
        provision::{Request, provision},
        release::release,
        send::{Text, send},
        shared_numbers::lend,
        workspaces::{self, SignUp, SignedUp, sign_up},
    },
    domain::{
        E164, Message, NumberId, OrderId, Plan, SharedNumber, WorkspaceId,
        order::{Order, Wish},
    },
    store::{Replay, body_hash},
};

use super::{Lab, Lambda};
use crate::seam::{Again, Boxed};

/// How often somebody asks who gets no answer.
const PATIENCE: u32 = 10;

/// How long they wait in between.
const PAUSE: Duration = Duration::from_secs(2);

/// What a use case answered.
pub type Answered<T> = app::Result<T>;

/// Somebody with a token.
#[must_use]
pub fn caller(subject: &str) -> Caller {
    Caller {
        issuer: "https://issuer.example".to_owned(),
        subject: subject.to_owned(),
        service: false,
        plan: None,
        workspace: None,
        address: None,
        request_id: None,
    }
}

/// A workspace and its admin.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The admin, who names the workspace.
    pub caller: Caller,
    /// The workspace.
    pub workspace: WorkspaceId,
}

impl Tenant {
    /// The admin of `workspace`.
    #[must_use]
    pub fn of(subject: &str, workspace: &WorkspaceId) -> Self {
        Self {
            caller: Caller {
                workspace: Some(workspace.clone()),
                ..caller(subject)
            },
            workspace: workspace.clone(),
        }
    }

    /// Signs a workspace up, without a number.
    pub async fn sign_up(lab: &Lab, subject: &str, plan: Plan) -> Result<Self> {
        let signed_up = sign_up_as(lab, subject, plan, None, "sign up").await?;
        Ok(Self::of(subject, &signed_up.workspace.id))
    }

    /// Orders a number once.
    pub async fn order(&self, lab: &Lab, wish: &Wish, key: &str) -> Answered<Order> {
        let request = Request {
            wish: wish.clone(),
            label: None,
        };
        let request_hash = body_hash(format!("{wish:?}").as_bytes());
        let replay = Replay {
            key,
            request_hash: &request_hash,
        };
        let (base, shop) = (lab.base(), lab.shop());
        provision(&base, &shop, lab.carriers(), &self.caller, &request, replay).await
    }

    /// Cancels an order.
    pub async fn cancel(&self, lab: &Lab, order: &OrderId) -> Answered<Order> {
        orders::cancel(&lab.base(), &lab.shop(), &self.caller, order).await
    }

    /// Has an order tried again.
    pub async fn retry(&self, lab: &Lab, order: &OrderId) -> Answered<Order> {
        let (base, shop) = (lab.base(), lab.shop());
        orders::retry(&base, &shop, lab.carriers(), &self.caller, order).await
    }

    /// Deletes the workspace.
    pub async fn delete(&self, lab: &Lab) -> Answered<Order> {
        workspaces::delete(&lab.base(), &lab.shop(), &self.caller).await
    }

    /// Texts a customer once, from the number that the workspace writes from.
    pub async fn text(&self, lab: &Lab, to: &str, body: &str, key: &str) -> Answered<Message> {
        let to: E164 = to.parse().map_err(|_| app::Error::NotFound)?;
        let text = Text {
            to,
            from: None,
            body: body.to_owned(),
        };
        let request_hash = body_hash(format!("{text:?}").as_bytes());
        let replay = Replay {
            key,
            request_hash: &request_hash,
        };
        let (base, post) = (lab.base(), lab.post());
        Box::pin(send(&base, &post, &self.caller, &text, replay)).await
    }

    /// Gives a number back, once.
    pub async fn give_back(&self, lab: &Lab, number: &NumberId) -> Answered<Order> {
        release(&lab.base(), &lab.order_queue(), &self.caller, number).await
    }
}

/// The operator lends a number of the platform's own.
pub async fn lend_number(lab: &Lab, number: &str) -> Answered<SharedNumber> {
    let mut backend = caller("backend");
    backend.service = true;
    let number: E164 = number.parse().map_err(|_| app::Error::NotFound)?;
    lend(&lab.lender(), &backend, &number).await
}

/// Signs a workspace up once, with the number it wishes for.
pub async fn sign_up_as(
    lab: &Lab,
    subject: &str,
    plan: Plan,
    wish: Option<Wish>,
    key: &str,
) -> Answered<SignedUp> {
    let request_hash = body_hash(format!("{subject} {plan} {wish:?}").as_bytes());
    let wanted = SignUp {
        name: subject.to_owned(),
        plan,
        external_id: None,
        admin: None,
        number: wish,
    };
    let replay = Replay {
        key,
        request_hash: &request_hash,
    };
    let (base, shop, caller) = (lab.base(), lab.shop(), caller(subject));
    sign_up(&base, &shop, &Plan::ALL, &caller, &wanted, Some(replay)).await
}

/// A request that can be made again.
pub type Ask<T> = Arc<dyn Fn(Arc<Lab>) -> Boxed<Answered<T>> + Send + Sync>;

/// Asking, as a person or their program does: until there is an answer.
#[async_trait]
pub trait Patient {
    /// Asks until there is an answer that asking again would not change. What
    /// carries an idempotency key is `keyed`: it may be delivered twice.
    async fn ask<T: Send + 'static>(
        &self,
        kind: &'static str,
        keyed: bool,
        request: Ask<T>,
    ) -> Result<Answered<T>>;
}

#[async_trait]
impl Patient for Arc<Lab> {
    async fn ask<T: Send + 'static>(
        &self,
        kind: &'static str,
        keyed: bool,
        request: Ask<T>,
    ) -> Result<Answered<T>> {
        let second: Option<Again> = keyed.then(|| {
            let (lab, request) = (Arc::clone(self), Arc::clone(&request));
            let again: Again = Arc::new(move || {
                let (lab, request) = (Arc::clone(&lab), Arc::clone(&request));
                Box::pin(async move {
                    drop(lab.run(kind, None, request(Arc::clone(&lab))).await);
                })
            });
            again
        });
        for _ in 0..PATIENCE {
            let asked = request(Arc::clone(self));
            match self.run(kind, second.clone(), asked).await {
                Some(Err(error)) if error.retryable() => {
                    self.seam.note(format!("{kind} answered: {error}"));
                }
                Some(answer) => return Ok(answer),
                None => {}
            }
            self.clock.advance(PAUSE);
        }
        bail!("{kind}: no answer after {PATIENCE} requests")
    }
}
