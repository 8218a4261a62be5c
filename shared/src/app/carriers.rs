//! The carriers the platform has an account with.

use std::sync::Arc;

use crate::{
    carrier::{Account, Carrier},
    domain::{CarrierId, order::Policy},
};

/// A carrier and the platform's account at it.
#[derive(Clone, Debug)]
pub struct Platform {
    /// The carrier.
    pub carrier: Arc<dyn Carrier>,
    /// The platform's account, in which subprojects are made.
    pub account: Account,
    /// A rule that is broken on purpose, to see that the crash matrix notices.
    #[cfg(feature = "mutants")]
    pub mutant: Option<crate::domain::order::Mutant>,
}

/// The carriers the platform has an account with, the preferred one first.
#[derive(Clone, Debug, Default)]
pub struct Carriers(Vec<Platform>);

impl Carriers {
    /// These carriers, the preferred one first.
    #[must_use]
    pub fn new(platforms: Vec<Platform>) -> Self {
        Self(platforms)
    }

    /// The carrier new orders go to.
    #[must_use]
    pub fn preferred(&self) -> Option<&Platform> {
        self.0.first()
    }

    /// The carrier called `id`.
    #[must_use]
    pub fn of(&self, id: &CarrierId) -> Option<&Platform> {
        self.0.iter().find(|platform| platform.carrier.id() == *id)
    }
}

impl Platform {
    /// The platform's `account` at `carrier`.
    #[must_use]
    pub fn new(carrier: Arc<dyn Carrier>, account: Account) -> Self {
        Self {
            carrier,
            account,
            #[cfg(feature = "mutants")]
            mutant: None,
        }
    }

    /// The figures the order machine runs by at this carrier.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let figures = self.carrier.capabilities();
        Policy {
            call_timeout: figures.call_timeout,
            settle: figures.settle,
            release_hold: figures.release_hold,
            purchase_in_subproject: figures.purchase_in_subproject,
            #[cfg(feature = "mutants")]
            mutant: self.mutant,
        }
    }
}
