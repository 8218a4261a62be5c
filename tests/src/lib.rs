//! Whole flows of Numberline in one process: no sockets, no waiting, and a clock
//! that jumps.
//!
//! [`lab`] is the world: tables, queue, key service and carrier, and the functions
//! that run between them. [`seam`] is the one place every call of theirs passes
//! through, where it is numbered and can be made to go wrong. [`matrix`] breaks
//! every call in every way and asks what is left of the promises.

pub mod lab;
pub mod matrix;
pub mod repository;
pub mod seam;
