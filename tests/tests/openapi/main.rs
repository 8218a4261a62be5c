//! `openapi.yaml` is the contract: it is a valid document, and it says what the
//! template routes, what the functions refuse and what the views show, no more and
//! no less. Answers of running handlers are held against it in the functions' tests.

// `cfg(test)` tells the lints that helpers of tests may panic as tests do.
#[cfg(test)]
mod codes;
#[cfg(test)]
mod document;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod variants;
#[cfg(test)]
mod views;
#[cfg(test)]
mod words;
