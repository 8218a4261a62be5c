//! The scenarios that are broken: how each world begins, and what happens in it.

mod minds;
mod numbers;
mod texts;

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use numberline::{
    app::provision::any_number,
    carrier::signalwire::Placement,
    domain::{
        Plan,
        order::{Mutant, OrderStatus, Wish},
        pace::Rate,
    },
};
use numberline_simulator::{Carrier, Fault, Mode, Operation};

pub(super) use texts::send_once;

use super::cast::Cast;
use crate::{
    lab::{Books, Figures, Lab, LabCarrier, Lambda, Rest, Setup, Tenant, lend_number},
    seam::Outcome,
};

/// One scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// A new workspace signs up and gets its number by itself.
    Automatic,
    /// The same, and the carrier refuses the first number: another one is taken.
    Refused,
    /// The same, and the carrier's lists show a purchase only 20 seconds later.
    LateListing,
    /// The same, and the carrier sells to the platform only: the number is moved.
    Assigned,
    /// The same, and the carrier overlooks the webhooks that come with the purchase.
    Unwired,
    /// The first number of a workspace: whoever made its subproject died before they knew.
    InterruptedSubproject,
    /// A workspace with a subproject chooses a number.
    Chosen,
    /// The same, and the number was sold to somebody else: the order fails.
    Gone,
    /// A workspace gives its number back.
    GivenBack,
    /// The same in the number's first days: it becomes stock, and goes back later.
    Held,
    /// A workspace chooses a number and may change its mind at any moment.
    Revocable,
    /// It cancels while nobody knows whether the number was bought.
    CanceledInFlight,
    /// An order failed, and is tried again.
    Retried,
    /// Two workspaces want the last number of an area code.
    Raced,
    /// A workspace is deleted that has a number, and another one on its way.
    Deleted,
    /// The same with a number in its first days: its account closes when that is gone.
    DeletedHeld,
    /// A customer texts the number.
    TextIn,
    /// The workspace texts a customer, and the carrier tells how that went.
    TextOut,
    /// The same, of a workspace without a number: it writes from a shared one.
    SharedOut,
    /// A customer texts STOP.
    StopIn,
}

impl Scenario {
    /// All scenarios.
    pub const ALL: [Self; 20] = [
        Self::Automatic,
        Self::Refused,
        Self::LateListing,
        Self::Assigned,
        Self::Unwired,
        Self::InterruptedSubproject,
        Self::Chosen,
        Self::Gone,
        Self::GivenBack,
        Self::Held,
        Self::Revocable,
        Self::CanceledInFlight,
        Self::Retried,
        Self::Raced,
        Self::Deleted,
        Self::DeletedHeld,
        Self::TextIn,
        Self::TextOut,
        Self::SharedOut,
        Self::StopIn,
    ];

    /// Its name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Refused => "refused",
            Self::LateListing => "late-listing",
            Self::Assigned => "assigned",
            Self::Unwired => "unwired",
            Self::InterruptedSubproject => "interrupted-subproject",
            Self::Chosen => "chosen",
            Self::Gone => "gone",
            Self::GivenBack => "given-back",
            Self::Held => "held",
            Self::Revocable => "revocable",
            Self::CanceledInFlight => "canceled-in-flight",
            Self::Retried => "retried",
            Self::Raced => "raced",
            Self::Deleted => "deleted",
            Self::DeletedHeld => "deleted-held",
            Self::TextIn => "text-in",
            Self::TextOut => "text-out",
            Self::SharedOut => "shared-out",
            Self::StopIn => "stop-in",
        }
    }

    /// Whether it can happen at `carrier`: the local one overlooks nothing, its lists are
    /// never late, and the platform owns nothing there that it could lend.
    #[must_use]
    pub fn happens_at(self, carrier: LabCarrier) -> bool {
        let elsewhere = matches!(
            self,
            Self::LateListing | Self::SharedOut | Self::Unwired | Self::InterruptedSubproject
        );
        carrier == LabCarrier::SignalWire || !elsewhere
    }

    /// Whether the turns that are taken at the carrier are broken in it. A turn is the same
    /// write before every call: it is broken once for each kind of call, here.
    #[must_use]
    pub const fn breaks_turns(self) -> bool {
        matches!(
            self,
            Self::Automatic
                | Self::Assigned
                | Self::Unwired
                | Self::GivenBack
                | Self::Deleted
                | Self::TextOut
        )
    }

    /// How the orders that it places for numbers may end, when `outcome` strikes a call of
    /// it. None asks for a person: no single fault leaves what nobody can find out.
    #[must_use]
    pub const fn may_end(self, outcome: Option<Outcome>) -> &'static [OrderStatus] {
        use OrderStatus::{Canceled, Failed, Succeeded};
        match (self, outcome) {
            // Another number is on its way, and the carrier does not sell it.
            (Self::Deleted | Self::DeletedHeld, Some(Outcome::Refused)) => {
                &[Canceled, Succeeded, Failed]
            }
            // Whoever changes their mind after the end is told that it is too late, also where
            // another worker was done before the first one had its answer; and a number that
            // is on its way when its workspace is deleted may arrive first.
            (Self::Revocable, Some(Outcome::Revoked))
            | (Self::CanceledInFlight, Some(Outcome::Outlived))
            | (Self::Deleted | Self::DeletedHeld, _) => &[Canceled, Succeeded],
            // The carrier does not sell the chosen number; or there is one for two; or it
            // refused once, nobody lived to know, and sold when it was asked again.
            (
                Self::Chosen | Self::Revocable | Self::Retried | Self::InterruptedSubproject,
                Some(Outcome::Refused),
            )
            | (Self::Raced, _)
            | (Self::Gone, Some(_)) => &[Succeeded, Failed],
            (Self::Gone, None) => &[Failed],
            (Self::CanceledInFlight, _) => &[Canceled],
            (
                Self::Automatic
                | Self::Refused
                | Self::LateListing
                | Self::Assigned
                | Self::Unwired
                | Self::InterruptedSubproject
                | Self::Chosen
                | Self::Revocable
                | Self::Retried,
                _,
            ) => &[Succeeded],
            (
                Self::GivenBack
                | Self::Held
                | Self::TextIn
                | Self::TextOut
                | Self::SharedOut
                | Self::StopIn,
                _,
            ) => &[],
        }
    }

    /// How its world is set up.
    pub fn setup(self, carrier: LabCarrier, mutant: Option<Mutant>) -> Result<Setup> {
        let pace = Figures::of_template()?.calls_per_second;
        let setup = Setup {
            carrier,
            mutant,
            rate: Some(Rate::new(pace)?),
            ..Setup::default()
        };
        Ok(match self {
            Self::LateListing => Setup {
                settle_delay: Duration::from_secs(20),
                ..setup
            },
            Self::SharedOut => Setup {
                owned: &[texts::SHARED],
                ..setup
            },
            Self::Assigned => Setup {
                placement: Placement::AssignedAfterwards,
                ..setup
            },
            Self::Unwired => Setup {
                sells_unwired: true,
                ..setup
            },
            Self::Automatic
            | Self::Refused
            | Self::InterruptedSubproject
            | Self::Chosen
            | Self::Gone
            | Self::GivenBack
            | Self::Held
            | Self::Revocable
            | Self::CanceledInFlight
            | Self::Retried
            | Self::Raced
            | Self::Deleted
            | Self::DeletedHeld
            | Self::TextIn
            | Self::TextOut
            | Self::StopIn => setup,
        })
    }

    /// What was before the scenario begins; nothing of it is broken.
    pub async fn prepare(self, lab: &Arc<Lab>) -> Result<Cast> {
        let stranger = Tenant::sign_up(lab, "stranger", Plan::Enterprise).await?;
        match self {
            Self::Automatic | Self::LateListing | Self::Assigned | Self::Unwired => {
                // The workspace is the scenario's own.
                Ok(Cast::new(stranger.clone(), stranger))
            }
            Self::Refused => {
                refuse_next_purchase(lab);
                Ok(Cast::new(stranger.clone(), stranger))
            }
            Self::InterruptedSubproject => {
                let tenant = Tenant::sign_up(lab, "tenant", Plan::Enterprise).await?;
                let mut cast = Cast::new(tenant, stranger);
                numbers::leave_subproject_unopened(lab, &mut cast).await?;
                Ok(cast)
            }
            Self::Chosen | Self::Gone => {
                let cast = with_number(lab, stranger).await?;
                if self == Self::Gone {
                    refuse_next_purchase(lab);
                }
                Ok(cast)
            }
            Self::GivenBack | Self::Deleted => {
                let cast = with_number(lab, stranger).await?;
                lab.clock.advance(Duration::from_hours(24 * 15));
                Ok(cast)
            }
            Self::CanceledInFlight => {
                let cast = with_number(lab, stranger).await?;
                leave_purchases_unanswered(lab);
                Ok(cast)
            }
            Self::Retried => minds::failed(lab, with_number(lab, stranger).await?).await,
            Self::Raced => minds::rivals(lab, stranger).await,
            Self::Held
            | Self::Revocable
            | Self::DeletedHeld
            | Self::TextIn
            | Self::TextOut
            | Self::StopIn => with_number(lab, stranger).await,
            Self::SharedOut => {
                lend_number(lab, texts::SHARED).await?;
                let tenant = Tenant::sign_up(lab, "tenant", Plan::Starter).await?;
                Ok(Cast::new(tenant, stranger))
            }
        }
    }

    /// What happens.
    pub async fn act(self, lab: &Arc<Lab>, cast: &mut Cast) -> Result<()> {
        match self {
            Self::Automatic
            | Self::Refused
            | Self::LateListing
            | Self::Assigned
            | Self::Unwired => numbers::sign_up_with_number(lab, cast).await,
            // The order is on its way.
            Self::InterruptedSubproject => Ok(()),
            Self::Chosen | Self::Gone => numbers::choose(lab, cast).await,
            Self::GivenBack | Self::Held => numbers::give_back(lab, cast).await,
            Self::Revocable => minds::choose_revocably(lab, cast).await,
            Self::CanceledInFlight => minds::cancel_in_flight(lab, cast).await,
            Self::Retried => minds::retry(lab, cast).await,
            Self::Raced => minds::race(lab, cast).await,
            Self::Deleted | Self::DeletedHeld => minds::delete(lab, cast).await,
            Self::TextIn => texts::receive(lab, cast, "Is my order ready?").await,
            Self::StopIn => texts::receive(lab, cast, "STOP").await,
            Self::TextOut | Self::SharedOut => texts::send(lab, cast).await,
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scenario {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = Self::ALL
            .into_iter()
            .find(|scenario| scenario.name() == text);
        let names = Self::ALL.map(Self::name).join(", ");
        known.with_context(|| format!("`{text}` is no scenario: {names}"))
    }
}

/// A workspace that has a number already, and so a subproject.
async fn with_number(lab: &Arc<Lab>, stranger: Tenant) -> Result<Cast> {
    let tenant = Tenant::sign_up(lab, "tenant", Plan::Enterprise).await?;
    let wish = any_number(None);
    tenant.order(lab, &wish, "the first").await?;
    let rest = lab.settle().await?;
    ensure!(
        rest == Rest::Quiet,
        "the first number was not bought: {rest:?}"
    );
    let number = Books::read(&lab.tables)?.numbers.pop();
    let number = number.context("the first number has no row")?;
    let mut cast = Cast::new(tenant, stranger);
    cast.number = Some(number);
    Ok(cast)
}

fn refuse_next_purchase(lab: &Lab) {
    match lab.setup.carrier {
        LabCarrier::SignalWire => lab.simulator.arrange(Fault::once(
            Carrier::SignalWire,
            Operation::Purchase,
            Mode::Refuse,
        )),
        LabCarrier::Local => lab.market.let_a_rival_in(),
    }
}

/// The carrier sells, and its answer does not arrive.
fn leave_purchases_unanswered(lab: &Lab) {
    match lab.setup.carrier {
        LabCarrier::SignalWire => lab.simulator.arrange(Fault::once(
            Carrier::SignalWire,
            Operation::Purchase,
            Mode::LostResponse,
        )),
        LabCarrier::Local => lab.market.lose_the_next_answer(),
    }
}

/// The wish for one exact number.
fn exactly(number: &str) -> Result<Wish> {
    Ok(Wish::Exact(number.parse()?))
}
