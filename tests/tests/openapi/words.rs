//! The words of the contract: the names of the source's enumerations.

use std::collections::BTreeSet;

use numberline::domain::audit::Action;
use numberline_events::Contract;
use numberline_tests::repository::root;
use syn::{Attribute, Item, Lit, Meta, visit::Visit};

/// Schemas, and the enumeration or the function that has their words.
const WORDS: [(&str, &str, &str); 19] = [
    ("Plan", "shared/src/domain/plan.rs", "Plan"),
    ("Role", "shared/src/domain/workspace.rs", "Role"),
    (
        "WorkspaceStatus",
        "shared/src/domain/workspace.rs",
        "WorkspaceStatus",
    ),
    (
        "NumberStatus",
        "shared/src/domain/number.rs",
        "NumberStatus",
    ),
    ("Origin", "shared/src/domain/number.rs", "Origin"),
    (
        "OrderStatus",
        "shared/src/domain/order/mod.rs",
        "OrderStatus",
    ),
    (
        "StepName",
        "shared/src/domain/order/progress.rs",
        "VisibleStep",
    ),
    (
        "StepState",
        "shared/src/domain/order/progress.rs",
        "StepState",
    ),
    ("VerifyCode", "shared/src/domain/verify.rs", "VerifyCode"),
    ("VerifyChannel", "shared/src/domain/verify.rs", "Channel"),
    ("Direction", "shared/src/domain/message.rs", "Direction"),
    (
        "MessageStatus",
        "shared/src/domain/message.rs",
        "MessageStatus",
    ),
    ("CallStatus", "shared/src/domain/call.rs", "CallStatus"),
    ("SharedStatus", "shared/src/domain/pair.rs", "SharedStatus"),
    (
        "FirstNumber/properties/mode",
        "functions/workspaces/src/body.rs",
        "Mode",
    ),
    (
        "Member/properties/role",
        "shared/src/domain/workspace.rs",
        "Role",
    ),
    ("AuditFault", "shared/src/domain/audit/walk.rs", "Fault"),
    (
        "AuditActor/properties/kind",
        "shared/src/domain/actor.rs",
        "ActorKind",
    ),
    (
        "OrderFacts/properties/purpose",
        "shared/src/domain/audit/facts.rs",
        "OrderKind",
    ),
];

/// The functions that say why a message failed.
const FAILURES: [(&str, &str); 2] = [
    ("shared/src/app/send/handing_over.rs", "refusal"),
    ("shared/src/carrier/signalwire/status.rs", "reason"),
];

/// The enumeration or the function called `name` in the file at `path`.
fn item(path: &str, name: &str) -> Item {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let items = syn::parse_file(&text).unwrap().items.into_iter();
    let mut named = items.filter(|item| {
        matches!(item, Item::Enum(found) if found.ident == name)
            || matches!(item, Item::Fn(found) if found.sig.ident == name)
    });
    named
        .next()
        .unwrap_or_else(|| panic!("{path} has no {name}"))
}

/// The names that serde writes for the variants of an enumeration.
fn written(path: &str, name: &str) -> BTreeSet<String> {
    let Item::Enum(found) = item(path, name) else {
        panic!("{name} is no enumeration");
    };
    let snake = match rename_all(&found.attrs).as_str() {
        "snake_case" => true,
        "lowercase" => false,
        other => panic!("{name} is renamed by {other:?}"),
    };
    let variants = found.variants.iter();
    variants
        .map(|variant| lower(&variant.ident.to_string(), snake))
        .collect()
}

fn rename_all(attributes: &[Attribute]) -> String {
    let serde = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("serde"));
    let Some(Meta::List(list)) = serde.map(|attribute| &attribute.meta) else {
        return String::new();
    };
    let tokens = list.tokens.to_string();
    let rule = tokens.split("rename_all = \"").nth(1);
    let rule = rule.and_then(|rule| rule.split('"').next());
    rule.unwrap_or_default().to_owned()
}

fn lower(name: &str, snake: bool) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if snake && letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

/// The texts that the arms of matches give.
struct Arms(BTreeSet<String>);

impl<'ast> Visit<'ast> for Arms {
    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.visit_expr(&arm.body);
    }

    /// Comments for the documentation are attributes with texts.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_expr_lit(&mut self, literal: &'ast syn::ExprLit) {
        if let Lit::Str(text) = &literal.lit {
            self.0.insert(text.value());
        }
    }
}

fn given(path: &str, name: &str) -> BTreeSet<String> {
    let mut arms = Arms(BTreeSet::new());
    arms.visit_item(&item(path, name));
    arms.0
}

/// The words a schema allows, itself or through the schema it refers to.
fn allowed(schema: &str) -> BTreeSet<String> {
    let contract = Contract::read().unwrap();
    let pointer = format!("/components/schemas/{schema}");
    let schema = contract.resolved(contract.document().pointer(&pointer).unwrap());
    let words = schema["enum"].as_array().unwrap().iter();
    words
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_words_are_those_of_the_source() {
    for (schema, path, name) in WORDS {
        assert_eq!(allowed(schema), written(path, name), "{schema}");
    }
}

/// Trouble has words of its own, and those of what verifying found and configuring
/// does not mend.
#[test]
fn what_holds_an_order_up_has_a_known_word() {
    use numberline::domain::verify::VerifyCode;

    let mut known = written("shared/src/domain/order/trouble.rs", "TroubleCode");
    assert!(known.remove("unproven"), "it holds other words");
    let unproven = VerifyCode::ALL.into_iter();
    let unproven = unproven.filter(|code| !code.is_mended_by_configuring());
    known.extend(unproven.map(|code| {
        let word = serde_json::to_value(code).unwrap();
        word.as_str().unwrap().to_owned()
    }));
    assert_eq!(allowed("TroubleCode"), known);
}

/// Names with a dot in them are no variant's, so the enumeration itself is asked.
#[test]
fn the_record_shows_every_action_by_its_name() {
    let actions = Action::ALL.iter().map(|action| action.name().to_owned());
    assert_eq!(allowed("AuditAction"), actions.collect());
}

#[test]
fn a_failed_message_says_why_in_known_words() {
    let known = FAILURES
        .into_iter()
        .flat_map(|(path, name)| given(path, name));
    assert_eq!(allowed("MessageFailure"), known.collect());
}
