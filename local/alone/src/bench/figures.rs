//! What comes out: medians, held to the budgets of `docs/performance.md`.

use serde::Serialize;

use super::run::Seen;

/// A cold start takes at most so many times what the bare floor takes in the same run.
const FLOORS_MAX: f64 = 5.0;
/// The most memory held, in megabytes.
const PEAK_MB_MAX: f64 = 16.0;
/// The largest zip that is uploaded, in kilobytes.
const ZIP_KB_MAX: f64 = 4.0 * KILO;

/// Kilobytes in a megabyte, and bytes in a kilobyte.
const KILO: f64 = 1024.0;

/// What one program takes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Figures {
    /// From the start to the first asking for an event, in milliseconds.
    pub(super) init_ms: f64,
    /// From the start to the first answer, in milliseconds.
    pub(super) cold_ms: f64,
    /// An invocation after the first, in milliseconds.
    pub(super) warm_ms: f64,
    /// The most memory held, in megabytes.
    pub(super) peak_mb: f64,
    /// The zip as it is uploaded, in kilobytes.
    pub(super) zip_kb: f64,
}

/// What one function takes.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OfFunction {
    /// Its name.
    pub(super) name: String,
    /// What it takes.
    #[serde(flatten)]
    pub(super) figures: Figures,
}

/// What all of them take.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    /// The bare floor, in the same run.
    pub(super) floor: Figures,
    /// The functions.
    pub(super) functions: Vec<OfFunction>,
}

impl Figures {
    /// The medians of what was seen.
    pub(super) fn of(seen: &[Seen], zip_bytes: u32) -> Self {
        let millis = |figure: fn(&Seen) -> std::time::Duration| {
            median(seen.iter().map(|seen| figure(seen).as_secs_f64() * 1_000.0))
        };
        Self {
            init_ms: millis(|seen| seen.init),
            cold_ms: millis(|seen| seen.cold),
            warm_ms: millis(|seen| seen.warm),
            peak_mb: median(seen.iter().map(|seen| f64::from(seen.peak_kb) / KILO)),
            zip_kb: rounded(f64::from(zip_bytes) / KILO),
        }
    }
}

impl Report {
    /// The budgets that are broken, in a sentence each.
    pub(super) fn broken(&self) -> Vec<String> {
        let cold_max = FLOORS_MAX * self.floor.cold_ms;
        let mut broken = Vec::new();
        for OfFunction { name, figures } in &self.functions {
            for (what, is, max, unit) in [
                (
                    "the first answer comes after",
                    figures.cold_ms,
                    cold_max,
                    "ms",
                ),
                ("memory goes up to", figures.peak_mb, PEAK_MB_MAX, "MB"),
                ("the zip has", figures.zip_kb, ZIP_KB_MAX, "kB"),
            ] {
                if is > max {
                    broken.push(format!(
                        "{name}: {what} {is:.2} {unit}; the budget is {max:.2} {unit}"
                    ));
                }
            }
        }
        broken
    }

    /// The same for people: a line each, and how often the floor fits into the cold start.
    pub(super) fn table(&self) -> String {
        let mut table = format!(
            "{:<18}{:>9}{:>9}{:>9}{:>8}{:>9}{:>9}\n",
            "", "init ms", "cold ms", "warm ms", "floors", "peak MB", "zip kB"
        );
        let floor = [("floor", &self.floor)];
        let functions = self.functions.iter();
        let functions = functions.map(|function| (function.name.as_str(), &function.figures));
        for (name, figures) in floor.into_iter().chain(functions) {
            let Figures {
                init_ms,
                cold_ms,
                warm_ms,
                peak_mb,
                zip_kb,
            } = figures;
            let floors = cold_ms / self.floor.cold_ms;
            let line = format!(
                "{name:<18}{init_ms:>9.2}{cold_ms:>9.2}{warm_ms:>9.2}{floors:>8.1}{peak_mb:>9.1}{zip_kb:>9.0}\n"
            );
            table.push_str(&line);
        }
        table
    }
}

/// The middle one, or halfway between the two in the middle; to the hundredth.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2).copied();
    let lower = values.get(values.len().saturating_sub(1) / 2).copied();
    rounded(
        lower
            .unwrap_or_default()
            .midpoint(upper.unwrap_or_default()),
    )
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::{Figures, OfFunction, Report, Seen, median};

    fn figures(cold_ms: f64, peak_mb: f64, zip_kb: f64) -> Figures {
        Figures {
            init_ms: 2.0,
            cold_ms,
            warm_ms: 0.1,
            peak_mb,
            zip_kb,
        }
    }

    fn report(figures_of_search: Figures) -> Report {
        Report {
            floor: figures(2.0, 3.0, 500.0),
            functions: vec![OfFunction {
                name: "search".to_owned(),
                figures: figures_of_search,
            }],
        }
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < 1e-9);
        assert!((median([4.0, 1.0, 2.0, 3.0].into_iter()) - 2.5).abs() < 1e-9);
    }

    #[test]
    fn figures_are_medians_in_their_units() {
        let seen = |millis: u64, peak_kb: u32| Seen {
            init: Duration::from_millis(millis),
            cold: Duration::from_millis(2 * millis),
            warm: Duration::from_micros(millis),
            peak_kb,
            answer: Value::Null,
        };
        let figures = Figures::of(&[seen(9, 2048), seen(1, 4096), seen(5, 1024)], 1_536);
        let expected = json!({ "init_ms": 5.0, "cold_ms": 10.0, "warm_ms": 0.01, "peak_mb": 2.0, "zip_kb": 1.5 });
        assert_eq!(serde_json::to_value(figures).unwrap(), expected);
    }

    #[test]
    fn every_budget_that_is_broken_is_said() {
        assert!(report(figures(10.0, 16.0, 4096.0)).broken().is_empty());
        let broken = report(figures(10.1, 16.1, 4096.1)).broken();
        assert_eq!(broken.len(), 3, "{broken:?}");
        assert!(
            broken[0].starts_with(
                "search: the first answer comes after 10.10 ms; the budget is 10.00 ms"
            )
        );
    }

    #[test]
    fn the_report_is_one_object_with_a_line_for_each_function() {
        let report = serde_json::to_value(report(figures(10.0, 8.0, 3000.0))).unwrap();
        assert_eq!(report["floor"]["cold_ms"], 2.0);
        assert_eq!(report["functions"][0]["name"], "search");
        assert_eq!(report["functions"][0]["zip_kb"], 3000.0);
    }
}
