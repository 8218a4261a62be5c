//! The crash matrix: every scenario, every point of I/O in it, every outcome there.
//!
//! A scenario is played once without a fault, and the points its calls made at the
//! [`seam`](crate::seam) are kept. Then it is played again in a new world for each
//! point and each outcome that applies there, recovered on the virtual clock until
//! all is quiet, and the promises P1 to P8 are checked against the carrier's own
//! books and the tables. Nothing is sampled.

mod cast;
mod mutants;
mod play;
mod promises;
mod report;
mod run;
mod scenario;

pub use cast::{Cast, Keyed};
pub use mutants::Hunted;
pub use play::{Played, Schedule, play};
pub use promises::Violation;
pub use report::{MutantReport, Report, ScenarioReport};
pub use run::{Plan, Progress, plan, play_here, run};
pub use scenario::Scenario;
