//! Views as they are written, against their schemas. Schemas are closed, so a field
//! that a view gains, loses or renames fails here.

use numberline::{
    app::{
        Caller, Error, FieldError,
        release::Preview,
        search::{Found, Nearby},
        workspaces::SignedUp,
    },
    carrier::{self, AvailableNumber, Effect, ErrorKind},
    domain::{
        Capabilities, Filter, MicroDollars, Plan, Role, WorkspaceId,
        audit::{Hash, Sealed, Tip, Walk},
        workspace::OverLimit,
    },
    edge::{
        respond,
        views::{
            AuditEntryView, AuditVerificationView, AvailableNumberView, CallView, ConversationView,
            MeView, MemberView, MessageView, NumberText, NumberView, OrderView, PageView, PlanView,
            PreviewView, Price, RoutingView, SearchView, SharedNumberView, SignedUpView,
            VerificationView, WorkspaceView,
        },
    },
    store::{CountedThread, Listed, Walked},
};
use numberline_events::{Contract, cast, samples};
use serde::Serialize;
use serde_json::{Value, json};

use super::variants;

/// Holds `view` against the schema called `name`, and the schema against drift: it
/// wants every field it requires, and no other.
#[track_caller]
fn check(name: &str, view: &impl Serialize) {
    let contract = Contract::read().unwrap();
    let value = serde_json::to_value(view).unwrap();
    let checked = contract.check_named(name, &value);
    checked.unwrap_or_else(|fault| panic!("{fault:#}"));
    if let Some(fields) = value.as_object() {
        let mut more = fields.clone();
        more.insert("surprise".to_owned(), json!(1));
        assert!(
            contract.check_named(name, &more.into()).is_err(),
            "{name} is open"
        );
    }
    let required = &contract.document()["components"]["schemas"][name]["required"];
    for field in required.as_array().into_iter().flatten() {
        let mut less = value.clone();
        less.as_object_mut()
            .unwrap()
            .remove(field.as_str().unwrap());
        assert!(
            contract.check_named(name, &less).is_err(),
            "{name} lacks {field}"
        );
    }
}

#[test]
fn orders() {
    let orders = variants::orders();
    for order in &orders {
        check("Order", &OrderView::from(order));
    }
    let page = Listed::whole(orders.into_iter().take(3).collect());
    check("OrderPage", &PageView::of(&page, OrderView::from));
}

#[test]
fn numbers() {
    let numbers = variants::numbers();
    for number in &numbers {
        check("Number", &NumberView::from(number));
        check("Routing", &RoutingView::from(&number.routing));
        check("PhoneNumber", &NumberText::from(&number.e164));
        for held_until in [None, Some(samples::ago(0))] {
            let preview = Preview {
                number: number.clone(),
                releasable: held_until.is_some(),
                held_until,
                monthly_price: samples::PRICE,
            };
            check("ReleasePreview", &PreviewView::from(&preview));
        }
    }
    check(
        "NumberPage",
        &PageView::of(&Listed::whole(numbers), NumberView::from),
    );
}

#[test]
fn verifications() {
    for verified in variants::verifications() {
        check("Verification", &VerificationView::from(&verified));
    }
}

#[test]
fn available_numbers() {
    let known = AvailableNumber {
        e164: cast::e164(1).unwrap(),
        locality: Some("AUSTIN".to_owned()),
        region: Some("TX".to_owned()),
        capabilities: Capabilities::default(),
        monthly_price: MicroDollars::from_micros(7_900),
    };
    let unknown = AvailableNumber {
        locality: None,
        region: None,
        ..known.clone()
    };
    let numbers = vec![known, unknown];
    for number in &numbers {
        check("AvailableNumber", &AvailableNumberView::from(number));
    }
    let nearby = Nearby {
        area_code: "902".parse().unwrap(),
        numbers: numbers.clone(),
    };
    let found = Found {
        numbers,
        area_codes: vec!["512".parse().unwrap()],
        filtered_here: vec![Filter::Features, Filter::Contains, Filter::EndsWith],
        nearby: vec![nearby],
    };
    check("SearchResult", &SearchView::from(&found));
    check("Price", &Price::from(MicroDollars::from_micros(-1_500_000)));
}

#[test]
fn messages_and_conversations() {
    let messages = variants::messages();
    for message in &messages {
        check("Message", &MessageView::from(message));
        let thread = samples::thread(message);
        check("Conversation", &ConversationView::from(&thread));
        let counted = CountedThread {
            thread,
            messages: 2,
        };
        check("Conversation", &ConversationView::from(&counted));
    }
    let head = serde_json::to_value(ConversationView::from(&samples::thread(&messages[0])));
    let items = PageView::of(&Listed::whole(messages), MessageView::from);
    let mut page = serde_json::to_value(items).unwrap();
    page["conversation"] = head.unwrap();
    check("MessagePage", &page);
}

#[test]
fn calls() {
    let calls = variants::calls();
    for call in &calls {
        check("Call", &CallView::from(call));
    }
    let page = Listed::whole(calls);
    check("CallPage", &PageView::of(&page, CallView::from));
}

#[test]
fn shared_numbers() {
    let numbers = variants::shared_numbers();
    let views: Vec<_> = numbers.iter().map(SharedNumberView::from).collect();
    for view in &views {
        check("SharedNumber", view);
    }
    check("SharedNumberList", &PageView::whole(views));
}

#[test]
fn workspaces_and_members() {
    let workspaces = variants::workspaces();
    for workspace in &workspaces {
        check("Workspace", &WorkspaceView::from(workspace));
    }
    let list = workspaces.iter().map(WorkspaceView::from).collect();
    check("WorkspaceList", &PageView::whole(list));
    for role in [Role::Member, Role::Admin] {
        let member = samples::member(&cast::harbor(), cast::BEN, role);
        check("Member", &MemberView::from(&member));
        let page = Listed::whole(vec![member]);
        check("MemberPage", &PageView::of(&page, MemberView::from));
        let own: Vec<_> = workspaces.iter().cloned().map(|own| (own, role)).collect();
        for service in [false, true] {
            let caller = Caller {
                service,
                ..caller()
            };
            check("Me", &MeView::new(&caller, &own, Plan::ALL.to_vec()));
        }
    }
    let plans = Plan::ALL.map(|plan| PlanView::new(plan, plan == Plan::Starter));
    for plan in &plans {
        check("PlanTerms", plan);
    }
    check("PlanList", &PageView::whole(plans.to_vec()));
}

fn caller() -> Caller {
    Caller {
        issuer: cast::ISSUER.to_owned(),
        subject: cast::ADA.subject.to_owned(),
        service: false,
        plan: None,
        workspace: None::<WorkspaceId>,
        address: None,
        request_id: None,
    }
}

#[test]
fn sign_ups() {
    let order = samples::order(8, &cast::studio(), samples::ago(1)).unwrap();
    let warnings = [
        Error::PurchasesDisabled,
        Error::Busy,
        Error::OverLimit(OverLimit::NoNumberInPlan(Plan::Starter)),
        Error::OverLimit(OverLimit::Budget(samples::PRICE)),
        Error::OverLimit(OverLimit::PlanLimit(1)),
        Error::OverLimit(OverLimit::Velocity(3)),
        Error::OverLimit(OverLimit::NotActive),
        Error::NumberTaken {
            alternatives: Vec::new(),
        },
    ];
    let outcomes = warnings.into_iter().map(|warning| (None, Some(warning)));
    for (order, warning) in outcomes.chain([(None, None), (Some(order), None)]) {
        for workspace in variants::workspaces() {
            let view = SignedUpView::from(SignedUp {
                workspace,
                order: order.clone(),
                warning: None,
            });
            check("SignedUp", &view);
        }
        let workspace = samples::workspace(&cast::studio(), "Tiny Studio", Plan::Pro);
        let view = SignedUpView::from(SignedUp {
            workspace,
            order,
            warning,
        });
        check("SignedUp", &view);
    }
}

#[test]
fn the_record() {
    let entries = variants::entries();
    let sealed = (1..).zip(&entries);
    let sealed: Vec<Sealed> = sealed
        .map(|(place, entry)| Sealed::new(entry, place, &Hash::default()).unwrap())
        .collect();
    for sealed in &sealed {
        check("AuditEntry", &AuditEntryView::of(sealed).unwrap());
    }
    let mut walk = Walk::from(1);
    for sealed in &sealed {
        walk.step(sealed);
    }
    assert!(!walk.findings().is_empty());
    for head in [None, Some(Tip::default())] {
        let walked = Walked {
            walk: walk.clone(),
            head,
            next: None,
        };
        check("AuditVerification", &AuditVerificationView::from(&walked));
    }
    let page = Listed::whole(sealed.into_iter().take(3).collect());
    check("AuditPage", &AuditEntryView::page(&page));
}

/// A page that goes on, and one that can be asked for what is newer.
#[test]
fn pages_that_go_on() {
    let items = vec![OrderView::from(
        &samples::order(4, &cast::harbor(), samples::ago(1)).unwrap(),
    )];
    let cursor = Some("YzEK".to_owned());
    let page = PageView {
        items,
        next_cursor: cursor.clone(),
        since_cursor: None,
    };
    check("OrderPage", &page);
    let thread = samples::thread(&samples::sent().unwrap());
    let items = vec![ConversationView::from(&thread)];
    let page = PageView {
        items,
        next_cursor: cursor.clone(),
        since_cursor: cursor,
    };
    check("ConversationPage", &page);
}

/// A problem's body, as it is sent.
fn body(error: Error) -> Value {
    let response = respond(&lambda_http::Request::default(), Err(error.into()));
    let lambda_http::Body::Text(text) = response.body() else {
        panic!("a problem is text");
    };
    serde_json::from_str(text).unwrap()
}

#[test]
fn problems() {
    let field = |pointer: &str| FieldError {
        pointer: pointer.to_owned(),
        code: "invalid_phone_number",
        detail: "write the number as + and digits".to_owned(),
    };
    let down = carrier::Error::new(
        cast::carrier(),
        "search",
        ErrorKind::Unavailable,
        Effect::None,
    );
    let alternatives = vec![cast::e164(2).unwrap()];
    for error in [
        Error::Unauthenticated,
        Error::WorkspaceRequired,
        Error::NotFound,
        Error::AdminOnly,
        Error::Invalid(vec![field("/to")]),
        Error::Invalid(vec![field("/to"), field("/from")]),
        Error::KeyRequired,
        Error::KeyReused,
        Error::OverLimit(OverLimit::Velocity(3)),
        Error::NumberTaken { alternatives },
        Error::PurchasesDisabled,
        Error::RecipientOptedOut,
        Error::SharedNumbersTaken,
        Error::ServiceOnly,
        Error::NotConfigured("no carrier is configured"),
        Error::Carrier(down),
        Error::Busy,
    ] {
        check("Problem", &body(error));
    }
}
