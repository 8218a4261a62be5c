//! The problem codes that the source can answer with, read from it.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use numberline_tests::repository::files;
use syn::{Expr, ExprCall, ExprTuple, ItemFn, Lit, visit::Visit};

/// Codes with the status each comes with, as far as the source says it beside the code.
pub(crate) type Codes = BTreeMap<String, BTreeSet<StatusCode>>;

/// The codes of everything but webhooks, whose answers are their own.
pub(crate) fn of_the_api() -> Codes {
    let mut found = Found::default();
    let shared = ["shared/src/app", "shared/src/edge"];
    for folder in shared.into_iter().chain(["functions"]) {
        for source in files(folder, ".rs").unwrap() {
            let other = source.path.contains("tests") || source.path.ends_with("edge/webhook.rs");
            if !other {
                found.visit_file(&syn::parse_file(&source.text).unwrap());
            }
        }
    }
    found.codes
}

/// The codes that webhooks are refused with.
pub(crate) fn of_webhooks() -> Codes {
    let mut found = Found::default();
    for source in files("shared/src/edge", "webhook.rs").unwrap() {
        found.visit_file(&syn::parse_file(&source.text).unwrap());
    }
    found.codes
}

/// Looks for `Error::invalid(at, "code", …)`, `parsed(…, at, "code")`,
/// `Problem::unreadable(status, "code", …)` and `(StatusCode::X, "code")`. Where a
/// problem's code is a variable, the tuples of that function begin with what it can be.
#[derive(Default)]
struct Found {
    codes: Codes,
    /// First texts of the tuples in the function that is being read.
    begins: Vec<String>,
    /// Whether that function makes a problem of a variable.
    of_variable: bool,
}

impl Found {
    fn add(&mut self, code: String, status: Option<StatusCode>) {
        self.codes.entry(code).or_default().extend(status);
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        // Its codes stand where it is called.
        if function.sig.ident == "parsed" {
            return;
        }
        self.begins.clear();
        self.of_variable = false;
        syn::visit::visit_item_fn(self, function);
        if self.of_variable {
            for code in std::mem::take(&mut self.begins) {
                self.add(code, None);
            }
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let arguments: Vec<&Expr> = call.args.iter().collect();
        match (path(&call.func).as_str(), arguments.as_slice()) {
            ("Error::invalid", [_, code, _]) | ("parsed", [_, _, code]) => {
                self.add(text(code).unwrap(), Some(StatusCode::BAD_REQUEST));
            }
            ("Problem::unreadable" | "Self::unreadable", [status_of, code, _]) => {
                match text(code) {
                    Some(code) => self.add(code, status(status_of)),
                    None => self.of_variable = true,
                }
            }
            _ => {}
        }
        syn::visit::visit_expr_call(self, call);
    }

    fn visit_expr_tuple(&mut self, tuple: &'ast ExprTuple) {
        let parts: Vec<&Expr> = tuple.elems.iter().collect();
        if let [status_of, code] = parts.as_slice()
            && let (Some(status), Some(code)) = (status(status_of), text(code))
        {
            self.add(code, Some(status));
        }
        self.begins
            .extend(parts.first().and_then(|first| text(first)));
        syn::visit::visit_expr_tuple(self, tuple);
    }
}

/// `Error::invalid` of `crate::app::Error::invalid`.
fn path(function: &Expr) -> String {
    let Expr::Path(path) = function else {
        return String::new();
    };
    let segments = path.path.segments.iter().rev().take(2);
    let names: Vec<String> = segments.map(|segment| segment.ident.to_string()).collect();
    names.into_iter().rev().collect::<Vec<_>>().join("::")
}

fn text(expression: &Expr) -> Option<String> {
    if let Expr::Lit(literal) = expression
        && let Lit::Str(text) = &literal.lit
    {
        return Some(text.value());
    }
    None
}

/// The status that `StatusCode::NOT_FOUND` names.
fn status(expression: &Expr) -> Option<StatusCode> {
    let path = path(expression);
    let name = path.strip_prefix("StatusCode::")?;
    let named = (400..600).filter_map(|status| StatusCode::from_u16(status).ok());
    named.into_iter().find(|status| {
        let reason = status.canonical_reason().unwrap_or_default();
        reason.to_uppercase().replace([' ', '-'], "_") == name
    })
}
