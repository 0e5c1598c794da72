//! Crates of their own: other names for bluegate, libraries, strict lints.
//!
//! `crates` is a workspace that is copied and compiled as a user's would be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

fn copied() -> PathBuf {
    static COPY: Once = Once::new();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates");
    COPY.call_once(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        copy(&root.join("tests/crates"), &place, root);
        fs::copy(root.join("Cargo.lock"), place.join("Cargo.lock")).unwrap();
    });
    place
}

/// Copies what changed, so that Cargo compiles that anew and nothing else.
fn copy(from: &Path, to: &Path, root: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap().path();
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &target, root);
            continue;
        }
        let text = fs::read_to_string(&entry).unwrap();
        let text = text
            .replace("path = \"../..\"", &format!("path = {root:?}"))
            .replace("path = \"../../..\"", &format!("path = {root:?}"));
        if fs::read_to_string(&target).ok().as_ref() != Some(&text) {
            fs::write(&target, text).unwrap();
        }
    }
}

fn cargo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--color", "never"])
        .current_dir(copied())
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates-target"),
        )
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The errors in what the compiler says, by their first lines.
fn errors(said: &str) -> Vec<&str> {
    said.lines()
        .filter(|line| line.starts_with("error") && !line.contains("could not compile"))
        .collect()
}

fn passes(package: &str) {
    let output = cargo(&["clippy", "--all-targets", "--quiet", "-p", package]);
    let said = said(&output);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn names_and_lints_of_the_user_mean_nothing_to_the_generated_code() {
    passes("shadows");
}

#[test]
fn bluegate_may_have_another_name() {
    passes("renamed");
}

#[test]
fn bluegate_may_come_by_way_of_another_crate() {
    passes("framed");
}

#[test]
fn a_library_has_resources_for_others_and_a_router_for_any_state() {
    passes("library");
}

#[test]
fn a_routes_file_may_lie_in_any_folder() {
    passes("service");
}

#[test]
fn two_crates_that_claim_one_name_are_named_in_one_error() {
    let output = cargo(&["check", "--quiet", "-p", "conflict"]);
    let said = said(&output);
    assert_eq!(errors(&said), ["error[E0283]: type annotations needed"], "{said}");
    for part in [
        "required by this bound in `TheOneType",
        "--> conflict/src/main.rs:7:1",
        "another `impl` found in the `library` crate",
        "--> conflict/src/main.rs:16:45",
    ] {
        assert!(said.contains(part), "no {part} in:\n{said}");
    }
}

#[test]
fn a_crate_that_no_code_names_is_asked_for() {
    let output = cargo(&["check", "--quiet", "-p", "unnamed"]);
    let said = said(&output);
    assert_eq!(
        errors(&said),
        ["error[E0080]: evaluation panicked: no type is the resource `users` (library/routes.json:2:12)"],
        "{said}"
    );
    assert!(said.contains("`use that_crate as _;`"), "{said}");
}
