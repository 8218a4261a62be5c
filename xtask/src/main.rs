//! The chores of this repository, one file per verb: `cargo xtask run`, `stop`, `token`, `text`, `call`, `demo`,
//! `crash-matrix`, `bench`, `world`, `test`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool talks to the person who runs it"
)]

mod bench;
mod crash_matrix;
mod customer;
mod demo;
mod run;
mod stack;
mod stop;
mod test;
mod token;
mod tool;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The chores of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Start the local stack: template.yaml on this machine, with a carrier to buy from
    Run(run::Options),
    /// Stop the local stack
    Stop(stop::Options),
    /// Print a fresh token of one of the stack's people
    Token(token::Options),
    /// Text a number of the local carrier, as a customer
    Text(customer::Text),
    /// Call a number of the local carrier, and print what the caller would hear
    Call(customer::Call),
    /// Tell the main story against the running stack, with timings
    Demo(demo::Options),
    /// Break every call of ordering, giving back, texting and deleting in every way, and check the promises
    CrashMatrix(crash_matrix::Options),
    /// Measure every function's cold start beside a bare floor, and hold the budgets
    Bench(bench::Options),
    /// Serve the world of the events, for functions that are run alone
    World(world::Options),
    /// Everything that must hold before a change is merged
    Test(test::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().verb {
        Verb::Run(options) => run::run(&options),
        Verb::Stop(options) => stop::run(&options),
        Verb::Token(options) => token::run(&options),
        Verb::Text(options) => customer::text(&options),
        Verb::Call(options) => customer::call(&options),
        Verb::Demo(options) => demo::run(&options),
        Verb::CrashMatrix(options) => crash_matrix::run(&options),
        Verb::Bench(options) => bench::run(&options),
        Verb::World(options) => world::run(&options),
        Verb::Test(options) => test::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
