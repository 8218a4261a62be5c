//! Verifying: every reason is found when the world is set up that way, by who asks and
//! by the order that waits for it.

// `cfg(test)` tells the lints that helpers of tests may panic as tests do.
#[cfg(test)]
mod asked;
#[cfg(test)]
mod ordered;
#[cfg(test)]
mod scene;
