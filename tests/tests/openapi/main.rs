//! `openapi.yaml` is the contract: it is a valid document, and it says what the
//! template routes, what the functions refuse and what the views show, no more and
//! no less. Answers of running handlers are held against it in the functions' tests.

mod codes;
mod document;
mod problems;
mod routes;
mod variants;
mod views;
mod words;
