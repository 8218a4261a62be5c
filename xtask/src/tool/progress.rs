//! Telling how far a long piece of work is: a line that moves on a terminal, plain lines elsewhere.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// One piece of work while it goes on.
#[derive(Debug)]
pub(crate) struct Step {
    label: &'static str,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Step {
    /// Says that the work begins.
    pub(crate) fn begin(label: &'static str) -> Self {
        let bar = stderr().is_terminal().then(|| spinner(label));
        if bar.is_none() {
            eprintln!("{label} ...");
        }
        Self {
            label,
            started: Instant::now(),
            bar,
        }
    }

    /// Shows what is being done right now, where something can move.
    pub(crate) fn now(&self, detail: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(detail.to_owned());
        }
    }

    /// Says that the work is done, and how long it took.
    pub(crate) fn done(self) {
        let line = format!("{} ({})", self.label, seconds(self.started.elapsed()));
        match &self.bar {
            Some(bar) => {
                bar.finish_and_clear();
                eprintln!("{line}");
            }
            None => eprintln!("{line} done"),
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn spinner(label: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {wide_msg:.dim}")
    {
        bar.set_style(style);
    }
    bar.set_prefix(label);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// A duration for people, to a tenth of a second.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
