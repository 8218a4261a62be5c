//! The Python scripts of the local stack.

use std::process::Command;

use anyhow::Result;

use super::aws;
use super::place::Place;
use super::ports::Ports;
use crate::tool::command;
use crate::tool::environment::Environment;

/// What the scripts need: an environment with `boto3`, and the stack they speak to.
#[derive(Debug)]
pub(crate) struct Scripts<'stack> {
    /// MiniStack's environment, which has `boto3` and `cryptography`.
    pub(crate) environment: &'stack Environment,
    /// Where the scripts lie.
    pub(crate) place: &'stack Place,
    /// Where the emulated AWS listens.
    pub(crate) ports: Ports,
}

impl Scripts<'_> {
    /// Runs a script for what it prints.
    pub(crate) fn run(&self, script: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(self.environment.program("python"));
        aws::point_at(&mut command, &aws::account(self.ports), self.place);
        command
            .arg("-B")
            .arg(self.place.script(script))
            .args(arguments);
        command::output(&mut command)
    }
}
