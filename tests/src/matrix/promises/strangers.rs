//! P8: nothing crosses workspaces.

use std::sync::Arc;

use anyhow::Result;
use numberline::{
    app::{
        Caller, Error, Holds, audit, calls,
        conversations::{conversation, conversations},
        numbers,
        orders::{order, orders},
        provision::any_number,
        release,
        verify::verify,
        workspaces::{self, Identity},
    },
    domain::{ConversationId, MemberId, Number, NumberId, OrderId, Role, WorkspaceId},
    store::{NumberEdit, Window, WorkspaceEdit},
};
use serde_json::{Map, Value};

use super::Findings;
use crate::{
    lab::{Answered, Books, CORE, LEDGER, Lab, MESSAGES, Tenant, VAULT},
    matrix::Cast,
};

/// To somebody else there is no such order and no such number, whichever workspace they
/// name.
pub(super) async fn told_nothing(
    findings: &mut Findings,
    lab: &Arc<Lab>,
    cast: &Cast,
    books: &Books,
) {
    let core = lab.core();
    for stranger in [cast.stranger.clone(), intruder(cast)] {
        let caller = &stranger.caller;
        for theirs in books
            .orders
            .iter()
            .filter(|order| order.workspace() == Some(&cast.tenant.workspace))
        {
            let answer = order(&core, caller, &theirs.id).await;
            not_found(findings, &answer, theirs.id.as_str());
        }
        for theirs in numbers_of(books, &cast.tenant.workspace) {
            let answer = numbers::number(&core, caller, &theirs.id).await;
            not_found(findings, &answer, theirs.id.as_str());
        }
    }
}

/// Whatever else they ask for is not there either, and nothing changes by it.
pub(super) async fn refused_everywhere(
    findings: &mut Findings,
    lab: &Arc<Lab>,
    cast: &Cast,
    books: &Books,
) -> Result<()> {
    let before = everything(lab)?;
    let theirs = Theirs::of(cast, books);
    let intruder = intruder(cast);
    for stranger in [&cast.stranger, &intruder] {
        Box::pin(theirs.ask_for_each(findings, lab, stranger)).await;
    }
    ask_for_all(findings, lab, &intruder).await;
    Box::pin(write_as_if_theirs(findings, lab, &intruder)).await;
    let unchanged = before == everything(lab)?;
    findings.hold("P8", unchanged, || {
        "a stranger has changed something".to_owned()
    });
    Ok(())
}

/// The stranger, naming the tenant's workspace.
fn intruder(cast: &Cast) -> Tenant {
    Tenant {
        caller: Caller {
            workspace: Some(cast.tenant.workspace.clone()),
            ..cast.stranger.caller.clone()
        },
        workspace: cast.tenant.workspace.clone(),
    }
}

fn everything(lab: &Lab) -> Result<Vec<Map<String, Value>>> {
    let mut items = Vec::new();
    for table in [CORE, MESSAGES, VAULT, LEDGER] {
        items.extend(lab.tables.items(table)?);
    }
    Ok(items)
}

/// What a stranger could name, if they knew it. What the tenant does not have is made up.
struct Theirs {
    order: OrderId,
    number: NumberId,
    conversation: ConversationId,
    member: MemberId,
}

impl Theirs {
    fn of(cast: &Cast, books: &Books) -> Self {
        let workspace = &cast.tenant.workspace;
        let mut orders = books.orders.iter();
        let order = orders.find(|order| order.workspace() == Some(workspace));
        let number = numbers_of(books, workspace).next();
        let mut messages = books.messages.iter();
        let message = messages.find(|message| message.workspace == *workspace);
        Self {
            order: order.map_or_else(|| OrderId::derived(1), |order| order.id.clone()),
            number: number.map_or_else(|| NumberId::derived(1), |number| number.id.clone()),
            conversation: message.map_or_else(
                || ConversationId::derived(1),
                |message| message.conversation.clone(),
            ),
            member: cast.tenant.caller.member(),
        }
    }

    /// Asks for each of these, to read it and to change it.
    async fn ask_for_each(&self, findings: &mut Findings, lab: &Arc<Lab>, stranger: &Tenant) {
        let (core, base, caller) = (lab.core(), lab.base(), &stranger.caller);
        let answer = order(&core, caller, &self.order).await;
        not_found(findings, &answer, "GET order");
        not_found(
            findings,
            &stranger.retry(lab, &self.order).await,
            "retry order",
        );
        not_found(
            findings,
            &stranger.cancel(lab, &self.order).await,
            "cancel order",
        );
        let answer = numbers::number(&core, caller, &self.number).await;
        not_found(findings, &answer, "GET number");
        let edit = NumberEdit {
            label: Some("mine".to_owned()),
            routing: None,
        };
        let answer = numbers::edit(&core, caller, &self.number, &edit).await;
        not_found(findings, &answer, "PATCH number");
        let holds = Holds::new(Vec::new());
        let answer = release::preview(&base, caller, &self.number, &holds).await;
        not_found(findings, &answer, "preview release");
        not_found(
            findings,
            &stranger.give_back(lab, &self.number).await,
            "release number",
        );
        let verifier = lab.verifier();
        let answer = Box::pin(verify(&base, &verifier, caller, &self.number, true)).await;
        not_found(findings, &answer, "verify number");
        let (messages, id) = (lab.messages(), &self.conversation);
        let answer = conversation(&base, &messages, caller, id, window()).await;
        not_found(findings, &answer, "GET messages");
        let answer = workspaces::member(&base, caller, &self.member).await;
        not_found(findings, &answer, "GET member");
        let answer = workspaces::remove_member(&base, caller, &self.member).await;
        not_found(findings, &answer, "DELETE member");
    }
}

/// Asks for the lists of the workspace they name, and for its record.
async fn ask_for_all(findings: &mut Findings, lab: &Arc<Lab>, intruder: &Tenant) {
    let (core, base, caller) = (lab.core(), lab.base(), &intruder.caller);
    let (messages, ledger) = (lab.messages(), lab.ledger());
    not_found(
        findings,
        &orders(&core, caller, None, 20).await,
        "GET orders",
    );
    let answer = numbers::numbers(&core, caller, None, 20).await;
    not_found(findings, &answer, "GET numbers");
    let answer = conversations(&core, &messages, caller, window()).await;
    not_found(findings, &answer, "GET conversations");
    let answer = calls::calls(&core, &messages, caller, window()).await;
    not_found(findings, &answer, "GET calls");
    let answer = workspaces::workspace(&base, caller).await;
    not_found(findings, &answer, "GET workspace");
    let answer = workspaces::members(&base, caller, None, 20).await;
    not_found(findings, &answer, "GET members");
    let answer = audit::entries(&core, &ledger, caller, None, 20).await;
    not_found(findings, &answer, "GET audit log");
    let answer = audit::verify(&core, &ledger, caller, None).await;
    not_found(findings, &answer, "verify audit log");
}

/// Orders, texts and changes in the workspace they name.
async fn write_as_if_theirs(findings: &mut Findings, lab: &Arc<Lab>, intruder: &Tenant) {
    let (base, caller) = (lab.base(), &intruder.caller);
    let answer = intruder.order(lab, &any_number(None), "mine").await;
    not_found(findings, &answer, "order a number");
    let answer = intruder.text(lab, "+14155550177", "Hello", "mine").await;
    not_found(findings, &answer, "text a customer");
    let edit = WorkspaceEdit {
        name: Some("mine".to_owned()),
        ..WorkspaceEdit::default()
    };
    let answer = workspaces::edit(&base, caller, &edit).await;
    not_found(findings, &answer, "PATCH workspace");
    let identity = Identity {
        issuer: caller.issuer.clone(),
        subject: caller.subject.clone(),
    };
    let answer = workspaces::add_member(&base, caller, &identity, Role::Admin).await;
    not_found(findings, &answer, "add a member");
    not_found(findings, &intruder.delete(lab).await, "DELETE workspace");
}

const fn window() -> Window<'static> {
    Window {
        cursor: None,
        since: None,
        limit: 20,
    }
}

fn not_found<T>(findings: &mut Findings, answer: &Answered<T>, what: &str) {
    let hidden = matches!(answer, Err(Error::NotFound));
    findings.hold("P8", hidden, || {
        let answered = answer.as_ref().err().map(ToString::to_string);
        let answered = answered.unwrap_or_else(|| "with what was asked for".to_owned());
        format!("{what}: a stranger was answered {answered}")
    });
}

fn numbers_of<'b>(
    books: &'b Books,
    workspace: &'b WorkspaceId,
) -> impl Iterator<Item = &'b Number> {
    let numbers = books.numbers.iter();
    numbers.filter(move |number| number.workspace == *workspace)
}
