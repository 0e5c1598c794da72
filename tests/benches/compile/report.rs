//! The tables.

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

/// What `cargo check` is measured by.
const CHECKS: &[Row] = &[Row::CheckWord, Row::CheckLine, Row::CheckPath, Row::CheckWhole];

/// What is wanted of bluegate: the rows, and the most that one may be of axum by hand.
fn wanted(routes: usize) -> [(&'static str, &'static [Row], f64); 5] {
    let word = if routes > 200 { 2.4 } else { 2.0 };
    [
        ("`cargo check`, a word changed", &[Row::CheckWord], word),
        ("`cargo check`, whole crate", &[Row::CheckWhole], 1.3),
        ("`cargo build`", &[Row::BuildWord, Row::BuildWhole], 0.9),
        ("`cargo build --release`", &[Row::Release], 1.0),
        ("building the router", &[Row::StartDev, Row::StartRelease], 1.15),
    ]
}

/// The results of one size.
pub(crate) fn tables(routes: usize, frameworks: &[Framework], results: &Results) -> String {
    let mut text = format!("## {routes} routes\n\nCPU time, and how many times that of axum by hand:\n\n");
    text += &table(frameworks, results, |cost| cost.cpu);
    text += "\nTime on the clock:\n\n";
    text += &table(frameworks, results, |cost| cost.wall);
    text += &goals(routes, frameworks, results);
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

/// What is wanted of bluegate, and whether it is so.
fn goals(routes: usize, frameworks: &[Framework], results: &Results) -> String {
    let mut text = String::new();
    for (title, rows, most) in wanted(routes) {
        let ratios = ratios(rows, Framework::Axum, results);
        text += &goal(&format!("{title}, beside axum"), most, &ratios);
    }
    for peer in frameworks.iter().filter(|framework| framework.is_to_beat()) {
        let ratios = ratios(CHECKS, *peer, results);
        text += &goal(&format!("`cargo check`, beside {}", peer.name()), 1.0, &ratios);
    }
    if text.is_empty() {
        return text;
    }
    format!("\nHow many times, at most:\n\n| | goal | measured | |\n|---|---|---|---|\n{text}\n")
}

/// How many times the CPU time of another framework bluegate needs.
fn ratios(rows: &[Row], other: Framework, results: &Results) -> Vec<f64> {
    let cpu = |row: Row, framework: Framework| results.get(&(row, framework.name())).map(|cost| cost.cpu);
    let ratio = |row: &Row| Some(ratio(cpu(*row, Framework::Bluegate)?, cpu(*row, other)?));
    rows.iter().filter_map(ratio).collect()
}

fn goal(title: &str, most: f64, ratios: &[f64]) -> String {
    if ratios.is_empty() {
        return String::new();
    }
    let measured: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
    let verdict = verdict(ratios.iter().all(|ratio| *ratio <= most));
    format!("| {title} | {most} | {} | {verdict} |\n", measured.join(", "))
}

/// How it went.
pub(crate) fn verdict(holds: bool) -> &'static str {
    if holds { "reached" } else { "not reached" }
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
