//! Running another program: its output goes to a log, and the end of the log to the person when it fails.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write, pipe};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::progress::Step;

/// Lines of a failed program's output that are shown; compilers put the cause at the end.
const SHOWN_LINES: usize = 40;

/// Runs a program to its end, writing what it says to `log` and its latest line to `step`.
pub(crate) fn run(command: &mut Command, log: &Path, step: &Step) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let (reader, writer) = pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    // The command still holds the pipe's writing end; while it does, the reading never ends.
    command.stdout(std::process::Stdio::null());
    command.stderr(std::process::Stdio::null());
    let mut lines = Vec::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = last_state(&String::from_utf8_lossy(&line?)).to_owned();
        writeln!(file, "{line}")?;
        step.now(line.trim());
        lines.push(line);
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    let shown = lines.len().saturating_sub(SHOWN_LINES);
    let end = lines.split_off(shown).join("\n");
    bail!(
        "{name} failed ({status}); {} ends with:\n{end}",
        log.display()
    )
}

/// What a line says in the end, where a program wrote it over and over to show its progress.
fn last_state(line: &str) -> &str {
    let line = line.trim_end();
    line.rsplit('\r').next().unwrap_or(line)
}

/// Runs a program that shows its own progress.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("cannot start {name}"))?;
    if status.success() {
        return Ok(());
    }
    bail!("{name} failed ({status})")
}

/// Runs a program for what it prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!(
            "{name} failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("{name} printed no text"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::{last_state, output, run, show};
    use crate::tool::progress::Step;

    #[test]
    fn keeps_the_last_state_of_a_line_that_was_written_over() {
        assert_eq!(last_state("10 %\r50 %\r100 %\r"), "100 %");
        assert_eq!(last_state("plain "), "plain");
    }

    #[test]
    fn a_failure_shows_the_end_of_what_was_said_and_where_the_rest_is() {
        let log = std::env::temp_dir().join(format!("xtask-command-{}.log", std::process::id()));
        let mut failing = Command::new("sh");
        failing.args(["-c", "seq 100; echo the cause >&2; exit 3"]);
        let message = run(&mut failing, &log, &Step::begin("failing"))
            .unwrap_err()
            .to_string();
        assert!(message.contains("the cause"), "{message}");
        assert!(message.contains(&log.display().to_string()), "{message}");
        assert!(!message.contains("\n42\n"), "{message}");
        assert!(fs::read_to_string(&log).unwrap().contains("\n42\n"));
        fs::remove_file(log).unwrap();
    }

    #[test]
    fn a_missing_program_is_named() {
        let message = format!(
            "{:#}",
            show(&mut Command::new("no-such-program")).unwrap_err()
        );
        assert!(message.contains("no-such-program"), "{message}");
    }

    #[test]
    fn output_is_what_was_printed() {
        assert_eq!(
            output(Command::new("echo").arg("hello")).unwrap(),
            "hello\n"
        );
        assert!(output(&mut Command::new("false")).is_err());
    }
}
