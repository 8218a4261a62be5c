//! What a function reads is said three times, in its code, in its README and in the
//! template; what it may do, twice. All say the same.

// `cfg(test)` tells the lints that helpers of tests may panic as tests do.
#[cfg(test)]
mod names;
#[cfg(test)]
mod source;
