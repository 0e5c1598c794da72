//! `docs/deploy.md` beside what the binary says of itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::project::Project;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/deploy.md");
    fs::read_to_string(path).expect("the page")
}

/// The lines below a heading, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n")).expect("the section");
    rest.split_once("\n## ").map_or(rest, |(section, _)| section)
}

fn help(command: &str) -> String {
    let ran = Project::empty().run(&format!("{command} --help"));
    ran.ends_with(0).out.clone()
}

/// All words that begin like a flag.
fn flags(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.split(|c: char| !is_part(c))
        .filter(|word| {
            word.strip_prefix("--")
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_page_lists_every_guard_of_the_command_line_and_no_other() {
    let listed = |text: &str| -> BTreeSet<String> {
        let all = flags(text).into_iter();
        all.filter(|flag| flag.starts_with("--allow-")).collect()
    };
    let page = page();
    let guards = section(&page, "Guards");
    assert_eq!(listed(guards), listed(&help("deploy")));
    let mut of_a_plan = listed(&help("plan"));
    of_a_plan.insert("--allow-warning".to_owned());
    assert_eq!(listed(guards), of_a_plan);
}

#[test]
fn every_flag_on_the_page_is_one_of_the_command_line() {
    let mut known: BTreeSet<String> = ["", "deploy", "plan", "iam-policy"]
        .into_iter()
        .flat_map(|one| flags(&help(one)))
        .collect();
    // Of other programs.
    known.extend(["--locked", "--git", "--bench"].map(str::to_owned));
    let unknown: Vec<String> = flags(&page()).difference(&known).cloned().collect();
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn the_page_lists_every_exit_code() {
    let codes_of = |text: &str| -> BTreeSet<String> {
        let lines = text.lines().map(|line| line.trim().trim_start_matches("| "));
        lines
            .filter_map(|line| line.split([' ', '|']).next())
            .filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
            .map(str::to_owned)
            .collect()
    };
    let help = help("");
    let (_, told) = help.split_once("Exit codes:").expect("the exit codes");
    let (told, _) = told.split_once("\n\n").unwrap_or((told, ""));
    assert_eq!(codes_of(section(&page(), "Exit codes")), codes_of(told));
}

#[test]
fn the_policy_on_the_page_is_the_one_that_is_printed() {
    let page = page();
    let line = "iam-policy --region eu-west-1 --api-id a1b2c3d4e5 --stage prod";
    let (_, shown) = page.split_once(&format!("$ bluegate {line}\n")).expect("the example");
    let (shown, _) = shown.split_once("```").expect("its end");
    assert_eq!(shown, Project::empty().run(line).ends_with(0).out);
}

#[test]
fn the_picture_is_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/deploy.svg");
    let picture = fs::read_to_string(path).expect("the picture");
    assert!(picture.starts_with("<svg ") && picture.contains("prefers-color-scheme: dark"));
    // Every step of the page is in it, by its number.
    let page = page();
    let steps = section(&page, "The steps");
    let count = steps
        .lines()
        .filter(|line| line.split_once(". **").is_some_and(|(n, _)| n.parse::<u8>().is_ok()))
        .count();
    assert_eq!(picture.matches("class=\"digit\"").count(), count);
    for tag in ["text", "svg", "style", "defs", "marker"] {
        assert_eq!(
            picture.matches(&format!("<{tag}")).count(),
            picture.matches(&format!("</{tag}>")).count(),
            "{tag}"
        );
    }
}
