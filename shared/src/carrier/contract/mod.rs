//! What every carrier promises, as tests that any adapter can be put through.
//!
//! Each promise of the trait [`Carrier`] is one function here. It is told
//! nothing about the carrier but what [`Carrier::capabilities`] says, and
//! arranges everything else through a [`World`]: a simulator of that carrier
//! with what goes wrong in it. [`carrier_contract!`](crate::carrier_contract)
//! makes one test of each, so an adapter's test is a world and one line.

#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is not kept panics: that is how a test fails"
)]

mod accounts;
mod changes;
mod listing;
mod messages;
mod mishaps;
mod purchase;
mod scene;
mod search;
mod sip;
mod webhooks;
mod world;

pub use accounts::*;
pub use changes::*;
pub use listing::*;
pub use messages::*;
pub use mishaps::*;
pub use purchase::*;
pub use search::*;
pub use sip::*;
pub use webhooks::*;
pub use world::{Arrival, Fault, Happening, Signing, Step, World};

use super::{Carrier, Effect, ErrorKind};

/// Makes a test of every promise. `$scene` is an `async fn() -> (C, W)`, where
/// `C: Carrier` and `W: World`, that sets up a world of its own for each test.
#[macro_export]
macro_rules! carrier_contract {
    ($scene:path) => {
        $crate::carrier_contract! { @tests $scene;
            a_search_offers_what_was_asked_for,
            a_search_that_finds_nothing_is_no_error,
            a_search_by_digits_finds_just_what_has_them,
            a_search_of_a_place_stays_there,
            a_search_by_area_code_stays_there,
            a_search_by_features_leaves_out_what_lacks_one,
            a_search_survives_one_lost_answer,
            a_carrier_that_is_down_is_unavailable,
            a_purchase_buys_exactly_what_was_ordered,
            a_number_that_is_gone_is_refused,
            a_number_that_is_ours_is_not_sold_again,
            a_lost_response_is_unknown_and_found_again,
            a_lost_request_is_unknown_and_absent,
            a_failing_carrier_is_not_asked_to_sell_twice,
            a_refused_connection_had_no_effect,
            a_sale_that_is_told_wrongly_is_found,
            a_limited_rate_says_how_long_to_wait,
            wrong_credentials_are_told_apart,
            good_credentials_are_taken,
            a_number_of_nobody_is_none,
            a_number_of_another_account_is_none,
            everything_owned_is_listed_to_the_last_page,
            a_look_that_fails_is_no_absence,
            wiring_is_set_and_read_back,
            a_fresh_number_is_held,
            a_number_is_given_back_once,
            a_number_moves_between_accounts,
            a_change_that_is_not_answered_is_not_repeated,
            a_new_subproject_can_be_used_at_once,
            a_subproject_is_taken_over_with_new_secrets,
            an_interrupted_creation_is_taken_over,
            a_lost_creation_is_taken_over,
            a_lost_replacement_of_secrets_is_made_again,
            a_subproject_is_closed_once_it_owns_nothing,
            a_closure_that_is_not_answered_is_not_repeated,
            a_sip_credential_lets_a_phone_in,
            a_sip_credential_is_taken_away_once,
            a_taken_sip_name_is_refused_or_taken_over,
            a_lost_sip_credential_is_taken_over,
            a_lost_removal_of_a_sip_credential_is_asked_again,
            a_sip_credential_is_its_accounts_own,
            a_sip_password_is_told_to_nobody,
            a_message_is_handed_over_once,
            a_message_of_unknown_fate_is_not_sent_again,
            a_message_from_a_strange_number_is_refused,
            a_text_is_read_when_it_is_proven,
            a_call_is_read_and_answered,
            news_of_a_message_is_read_when_proven,
            what_is_not_proven_is_refused,
            what_anybody_could_sign_is_not_proven,
        }
    };
    (@tests $scene:path; $($promise:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $promise() {
            let (carrier, world) = $scene().await;
            $crate::carrier::contract::$promise(&carrier, &world).await;
        }
    )*};
}

/// What of an error the order machine acts on.
type Judgement = (ErrorKind, Effect);
