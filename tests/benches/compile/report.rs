//! The tables.

use std::fmt::Write as _;
use std::time::Duration;

use crate::cargo::Cost;
use crate::framework::Framework;
use crate::rounds::{Results, Row};

const ROWS: [(Row, &str); 11] = [
    (Row::CheckWord, "`cargo check`, a word changed in a handler"),
    (Row::CheckLine, "`cargo check`, a line added to a handler"),
    (Row::CheckPath, "`cargo check`, a path changed"),
    (Row::CheckWhole, "`cargo check`, whole crate"),
    (Row::BuildWord, "`cargo build`, a word changed in a handler"),
    (Row::BuildLine, "`cargo build`, a line added to a handler"),
    (Row::BuildPath, "`cargo build`, a path changed"),
    (Row::BuildWhole, "`cargo build`, whole crate"),
    (Row::Release, "`cargo build --release`, whole crate"),
    (Row::StartDev, "building the router, dev"),
    (Row::StartRelease, "building the router, release"),
];

/// What is promised about bluegate: the rows, and the most that one may be of axum by hand.
const BARS: [(&str, &[Row], f64); 4] = [
    (
        "`cargo check`",
        &[Row::CheckWord, Row::CheckLine, Row::CheckPath, Row::CheckWhole],
        1.6,
    ),
    (
        "`cargo build`",
        &[Row::BuildWord, Row::BuildLine, Row::BuildPath, Row::BuildWhole],
        1.1,
    ),
    ("`cargo build --release`", &[Row::Release], 1.15),
    ("building the router", &[Row::StartDev, Row::StartRelease], 1.15),
];

/// The results of one size.
pub(crate) fn tables(routes: usize, frameworks: &[Framework], results: &Results) -> String {
    let mut text = format!("## {routes} routes\n\nCPU time, and how many times that of axum by hand:\n\n");
    text += &table(frameworks, results, |cost| cost.cpu);
    text += "\nTime on the clock:\n\n";
    text += &table(frameworks, results, |cost| cost.wall);
    text += "\nThe bars:\n\n";
    text += &bars(frameworks, results);
    text
}

fn table(frameworks: &[Framework], results: &Results, of: impl Fn(&Cost) -> Duration) -> String {
    let mut text = String::from("| |");
    for framework in frameworks {
        text += &format!(" {} |", framework.name());
    }
    text += "\n|---|";
    text += &"---|".repeat(frameworks.len());
    text.push('\n');
    for (row, title) in ROWS {
        let Some(by_hand) = results.get(&(row, Framework::Axum.name())) else {
            continue;
        };
        text += &format!("| {title} |");
        for framework in frameworks {
            let cost = &results[&(row, framework.name())];
            let time = if row >= Row::StartDev {
                milliseconds(of(cost))
            } else {
                seconds(of(cost))
            };
            text += &match framework {
                Framework::Axum => format!(" {time} |"),
                _ => format!(" {time} ({:.2}) |", ratio(of(cost), of(by_hand))),
            };
        }
        text.push('\n');
    }
    text
}

fn bars(frameworks: &[Framework], results: &Results) -> String {
    let mut text = String::from("| | at most | measured | |\n|---|---|---|---|\n");
    let cpu = |row: Row, framework: Framework| results.get(&(row, framework.name())).map(|cost| cost.cpu);
    for (title, rows, most) in BARS {
        let ratios = rows.iter().filter_map(|row| {
            let (ours, by_hand) = (cpu(*row, Framework::Bluegate)?, cpu(*row, Framework::Axum)?);
            Some(ratio(ours, by_hand))
        });
        let ratios: Vec<f64> = ratios.collect();
        let texts: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        if !ratios.is_empty() {
            let verdict = verdict(ratios.iter().all(|ratio| *ratio <= most));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| {title} | {most} | {} | {verdict} |", texts.join(", "));
        }
    }
    for peer in frameworks.iter().filter(|framework| framework.is_to_beat()) {
        let (_, rows, _) = BARS[0];
        let ratios = rows
            .iter()
            .filter_map(|row| Some(ratio(cpu(*row, Framework::Bluegate)?, cpu(*row, *peer)?)));
        let ratios: Vec<f64> = ratios.collect();
        let texts: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        if !ratios.is_empty() {
            let verdict = verdict(ratios.iter().all(|ratio| *ratio < 1.0));
            let _ = writeln!(
                text,
                "| `cargo check` beside {} | 1 | {} | {verdict} |",
                peer.name(),
                texts.join(", ")
            );
        }
    }
    text.push('\n');
    text
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "does not hold" }
}

fn ratio(left: Duration, right: Duration) -> f64 {
    left.as_secs_f64() / right.as_secs_f64()
}

/// `1.23 s`.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1_000.0)
}
