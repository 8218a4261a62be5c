//! Which carrier sells, of those that are configured.

use crate::{
    carrier::{local, signalwire},
    domain::CarrierId,
};

/// The carriers that are configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CarrierChoice {
    /// SignalWire is.
    pub(super) signalwire: bool,
    /// The local carrier is allowed.
    pub(super) local: bool,
}

/// Why a stack does not start that could sell both.
const BOTH: &str = "ALLOW_LOCAL_CARRIER and PURCHASES_ENABLED are true and a real carrier is \
    configured: a stack sells real numbers or made-up ones, never both; take the real carrier's \
    settings away, or set ALLOW_LOCAL_CARRIER to false (to give made-up numbers back that are left, \
    set PURCHASES_ENABLED to false meanwhile)";

impl CarrierChoice {
    /// The carrier that new orders go to: a real one before the made-up one.
    pub(super) fn of_new_orders(self) -> Option<CarrierId> {
        if self.signalwire {
            Some(signalwire::ID)
        } else {
            self.local.then_some(local::ID)
        }
    }

    /// What is wrong with it where `purchases` are made, if anything is. A real carrier
    /// that is added to a sandbox would begin to cost money, and one whose settings get
    /// lost would have its customers sold numbers that do not exist.
    pub(super) fn fault(self, purchases: bool) -> Option<&'static str> {
        (purchases && self.signalwire && self.local).then_some(BOTH)
    }
}

#[cfg(test)]
mod tests {
    use super::{CarrierChoice, local, signalwire};

    fn choice(signalwire: bool, local: bool) -> CarrierChoice {
        CarrierChoice { signalwire, local }
    }

    #[test]
    fn new_orders_go_to_a_real_carrier_first_and_to_the_local_one_only_where_allowed() {
        let goes_to = |signalwire, local| choice(signalwire, local).of_new_orders();
        assert_eq!(goes_to(false, false), None);
        assert_eq!(goes_to(false, true), Some(local::ID));
        assert_eq!(goes_to(true, false), Some(signalwire::ID));
        assert_eq!(goes_to(true, true), Some(signalwire::ID));
    }

    #[test]
    fn no_stack_sells_real_numbers_and_made_up_ones() {
        let said = choice(true, true).fault(true).unwrap();
        assert!(said.contains("set ALLOW_LOCAL_CARRIER to false"), "{said}");
        // Nothing is sold: what is left of either is looked after.
        assert_eq!(choice(true, true).fault(false), None);
        for (signalwire, local) in [(true, false), (false, true), (false, false)] {
            assert_eq!(choice(signalwire, local).fault(true), None);
        }
    }
}
