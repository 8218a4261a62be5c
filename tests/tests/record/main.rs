//! The record and its events: of every kind of change one entry and one event, whatever
//! is delivered twice, late, in part or side by side; and nobody at the record unseen.

// `cfg(test)` tells the lints that helpers of tests may panic as tests do.
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod tampering;
