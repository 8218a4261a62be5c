//! Which variables a function's code reads: those of the pieces that its handler asks
//! the composition for.

use std::collections::{BTreeMap, BTreeSet};

use numberline_tests::repository::root;
use syn::{Expr, ExprCall, ExprMethodCall, ImplItem, Item, Lit, visit::Visit};

use super::names::Variables;

/// The composition, whose methods read the environment.
const COMPOSITION: &str = "shared/src/edge/wiring.rs";

/// Methods and functions of the environment that take a variable's name.
const READERS: [&str; 3] = ["required", "parsed", "optional"];

/// What one method of the composition reads, and which others it calls.
#[derive(Default)]
struct Piece {
    variables: Variables,
    calls: BTreeSet<String>,
}

/// The variables that `function` reads.
pub(super) fn variables_of(function: &str) -> Variables {
    let pieces = pieces();
    let mut wanted: Vec<String> = asked_for(function).into_iter().collect();
    let (mut seen, mut variables) = (BTreeSet::new(), Variables::new());
    while let Some(name) = wanted.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let piece = pieces.get(&name);
        let piece =
            piece.unwrap_or_else(|| panic!("{function} asks for {name}, which is no piece"));
        variables.extend(piece.variables.iter().cloned());
        wanted.extend(piece.calls.iter().cloned());
    }
    variables
}

fn parse(path: &str) -> syn::File {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    syn::parse_file(&text).unwrap()
}

/// The methods of the composition, by name.
fn pieces() -> BTreeMap<String, Piece> {
    let mut pieces = BTreeMap::new();
    for item in parse(COMPOSITION).items {
        let Item::Impl(methods) = item else { continue };
        for method in methods.items {
            let ImplItem::Fn(method) = method else {
                continue;
            };
            let mut piece = Piece::default();
            piece.visit_block(&method.block);
            pieces.insert(method.sig.ident.to_string(), piece);
        }
    }
    let own: BTreeSet<String> = pieces.keys().cloned().collect();
    for piece in pieces.values_mut() {
        piece.calls.retain(|call| own.contains(call));
    }
    pieces
}

impl Piece {
    /// Keeps a variable's name, where a reader of the environment is given one.
    fn reads(&mut self, reader: &str, first: Option<&Expr>) {
        if let Some(Expr::Lit(literal)) = first.filter(|_| READERS.contains(&reader))
            && let Lit::Str(name) = &literal.lit
        {
            self.variables.insert(name.value());
        }
    }
}

impl<'ast> Visit<'ast> for Piece {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        self.reads(&name, call.args.first());
        if is_variable(&call.receiver, "self") {
            self.calls.insert(name);
        }
        syn::visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = call.func.as_ref()
            && let Some(last) = function.path.segments.last()
        {
            self.reads(&last.ident.to_string(), call.args.first());
        }
        syn::visit::visit_expr_call(self, call);
    }
}

fn is_variable(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Path(path) if path.path.is_ident(name))
}

/// The pieces that a function's handler asks for.
fn asked_for(function: &str) -> BTreeSet<String> {
    struct Asked(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Asked {
        fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
            if is_variable(&call.receiver, "wiring") && call.method != "finish" {
                self.0.insert(call.method.to_string());
            }
            syn::visit::visit_expr_method_call(self, call);
        }
    }
    let mut asked = Asked(BTreeSet::new());
    asked.visit_file(&parse(&format!("functions/{function}/src/handler.rs")));
    asked.0
}
