//! A workspace with a number, and what can be done to both behind its back.

use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use numberline::{
    app::{
        self,
        provision::any_number,
        verify::{Verified, verify},
    },
    domain::{
        Number, Plan, Subproject, WorkspaceId,
        subproject::SubprojectState,
        verify::{Channel, VerifyCode},
    },
};
use numberline_simulator::{Carrier, Rewiring, Wire};
use numberline_tests::lab::{Books, CORE, Context, Lab, Lambda, Rest, Setup, Tenant, VAULT};
use serde_json::{Value, json};

/// A workspace with a number that works.
pub(crate) struct Scene {
    pub(crate) lab: Arc<Lab>,
    pub(crate) tenant: Tenant,
    pub(crate) number: Number,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let lab = Lab::new(&Setup::default()).unwrap();
        let tenant = Tenant::sign_up(&lab, "admin", Plan::Enterprise).await;
        let tenant = tenant.unwrap();
        let placed = tenant.order(&lab, &any_number(None), "first").await;
        assert_eq!(lab.settle().await.unwrap(), Rest::Quiet);
        let books = Books::read(&lab.tables).unwrap();
        let number = books.number_of(&placed.unwrap().id).unwrap().clone();
        assert!(number.is_active());
        Self {
            lab,
            tenant,
            number,
        }
    }

    /// One pass, by the workspace's admin.
    pub(crate) async fn pass(&self, repair: bool) -> app::Result<Verified> {
        let (base, verifier) = (self.lab.base(), self.lab.verifier());
        let (caller, id) = (&self.tenant.caller, &self.number.id);
        Box::pin(verify(&base, &verifier, caller, id, repair)).await
    }

    /// What one pass finds.
    pub(crate) async fn found(&self, repair: bool) -> Vec<(Channel, VerifyCode)> {
        let verified = self.pass(repair).await.unwrap();
        let faults = verified.faults.iter();
        faults.map(|fault| (fault.channel, fault.code)).collect()
    }

    /// Somebody changes the number in the carrier's dashboard.
    pub(crate) fn rewire(&self, wire: Wire, value: Option<&str>) {
        let number = self.number.e164.as_str();
        let change = Rewiring::one(Carrier::SignalWire, number, wire, value);
        self.lab.simulator.rewire(&change).unwrap();
    }

    /// From now on our public address checks with `key`.
    pub(crate) fn webhook_key(&self, key: &str) {
        let books = Books::read(&self.lab.tables).unwrap();
        let [Subproject { state, .. }] = books.subprojects.as_slice() else {
            panic!("one subproject");
        };
        let SubprojectState::Open { token, .. } = state else {
            panic!("an open subproject");
        };
        let context = Context::from([
            ("purpose".to_owned(), "webhook-key".to_owned()),
            ("workspace".to_owned(), self.tenant.workspace.to_string()),
        ]);
        let sealed = self.lab.keys.seal(context, &BASE64_STANDARD.encode(key));
        self.update(&json!({
            "TableName": VAULT,
            "Key": { "pk": { "S": format!("WEBHOOK#{token}") }, "sk": { "S": "KEYS" } },
            "UpdateExpression": "SET secret = :value",
            "ExpressionAttributeValues": { ":value": { "B": BASE64_STANDARD.encode(sealed) } },
        }));
    }

    /// The account as one that an earlier version opened.
    pub(crate) fn without_probe_key(&self) {
        let Number {
            carrier, account, ..
        } = &self.number;
        let key = format!("ACCOUNT#{carrier}#{account}");
        self.update(&json!({
            "TableName": VAULT,
            "Key": { "pk": { "S": key }, "sk": { "S": "CREDENTIALS" } },
            "UpdateExpression": "REMOVE probe_secret",
        }));
    }

    /// The number's claim says that `workspace` has it.
    pub(crate) fn claimed_by(&self, workspace: &WorkspaceId) {
        self.update(&json!({
            "TableName": CORE,
            "Key": { "pk": { "S": format!("CLAIM#{}", self.number.e164) }, "sk": { "S": "CLAIM" } },
            "UpdateExpression": "SET body.#owner = :owner",
            "ExpressionAttributeNames": { "#owner": "owner" },
            "ExpressionAttributeValues": {
                ":owner": { "M": { "workspace": { "S": workspace.as_str() } } },
            },
        }));
    }

    fn update(&self, request: &Value) {
        let request = request.to_string();
        let answer = self.lab.tables.answer("UpdateItem", request.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}
