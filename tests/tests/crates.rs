//! Crates of their own: other names for bluegate, libraries, strict lints.
//!
//! `crates` is a workspace that is copied and compiled as a user's would be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

use bluegate_tests::place;

fn copied() -> PathBuf {
    static COPY: Once = Once::new();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates");
    COPY.call_once(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        copy(&root.join("tests/crates"), &place, root);
        other_version(&place.with_file_name("other"), root);
        fs::copy(root.join("Cargo.lock"), place.join("Cargo.lock")).unwrap();
    });
    place
}

/// Copies bluegate as if it were an older one.
fn other_version(to: &Path, root: &Path) {
    for folder in ["src", "macros", "core"] {
        copy(&root.join(folder), &to.join(folder), root);
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let manifest: String = manifest
        .lines()
        .filter(|line| !line.starts_with("bluegate-deploy") && !line.starts_with("bluegate-gateway"))
        .map(|line| match line.starts_with("members") {
            true => "members = [\"core\", \"macros\"]\n".to_owned(),
            false => line.replace("0.1.0", "0.0.9") + "\n",
        })
        .collect();
    if fs::read_to_string(to.join("Cargo.toml")).ok().as_ref() != Some(&manifest) {
        fs::write(to.join("Cargo.toml"), manifest).unwrap();
    }
}

/// Copies what changed, so that Cargo compiles that anew and nothing else. What is there no more goes.
fn copy(from: &Path, to: &Path, root: &Path) {
    fs::create_dir_all(to).unwrap();
    for old in fs::read_dir(to).unwrap() {
        let old = old.unwrap().path();
        match (from.join(old.file_name().unwrap()).exists(), old.is_dir()) {
            (true, _) => {}
            (false, true) => fs::remove_dir_all(old).unwrap(),
            (false, false) => fs::remove_file(old).unwrap(),
        }
    }
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
        .env("CARGO_TARGET_DIR", place::written())
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
    let output = cargo(&["check", "--quiet", "-p", "conflict", "--bin", "conflict"]);
    let said = said(&output);
    let expected = ["error[E0277]: several blocks or types have the name of one resource"];
    assert_eq!(errors(&said), expected, "{said}");
    for part in [
        "--> conflict/src/main.rs:7:1",
        "library::users::_::Resource_users",
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

#[test]
fn a_block_of_another_crate_than_the_first_one_is_refused() {
    let output = cargo(&["check", "--quiet", "-p", "conflict", "--bin", "elsewhere"]);
    let said = said(&output);
    let expected = "error[E0080]: evaluation panicked: another crate has the block of the resource `users` before this one, and \
                    its routers do not know this one";
    assert_eq!(errors(&said), [expected], "{said}");
}

#[test]
fn a_resource_of_another_bluegate_is_told_from_one_that_is_missing() {
    let output = cargo(&["check", "--quiet", "-p", "older"]);
    let said = said(&output);
    let expected = "error[E0080]: evaluation panicked: no type is the resource `users` (library/routes.json:2:12)";
    assert_eq!(errors(&said), [expected], "{said}");
    assert!(
        said.contains("which has to depend on the same bluegate, 0.1.0: `cargo tree -d` lists others"),
        "{said}"
    );
}
