//! What a function reads is said three times, in its code, in its README and in the
//! template; what it may do, twice; and its routes in the template and in the workspace's
//! manifest. All say the same.

// `cfg(test)` tells the lints that helpers of tests may panic as tests do.
#[cfg(test)]
mod debug_identity;
#[cfg(test)]
mod names;
#[cfg(test)]
mod router;
#[cfg(test)]
mod source;
