//! Mistakes, with the compiler's words. What fits, however odd, has a test of its own beside this one.
//!
//! Each case of `ui` is a crate of its own; the `.stderr` beside it is what the compiler says. After a change that is
//! meant, `TRYBUILD=overwrite cargo test -p bluegate-compiler-tests --test ui` writes them anew.
//! `CASE=attribute,path/two_` runs the cases with one of these in their path.

use std::fs;
use std::path::PathBuf;

/// None of them may pass: as long as nothing has to run, one command checks them all.
#[test]
fn mistakes_are_refused_in_words_that_help() {
    let cases = trybuild::TestCases::new();
    let parts = std::env::var("CASE").unwrap_or_default();
    for case in files("rs") {
        if parts.split(',').any(|part| case.to_str().unwrap().contains(part)) {
            cases.compile_fail(case);
        }
    }
}

/// The page of the documentation repeats what the compiler says.
#[test]
fn the_page_shows_real_messages() {
    let said: String = files("stderr")
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let page = fs::read_to_string("../../docs/proof.md").unwrap();
    let messages: Vec<&str> = page
        .lines()
        .filter_map(|line| Some(line.split_once("| `` ")?.1.split_once(" `` |")?.0))
        .collect();
    assert!(messages.len() > 20, "{messages:?}");
    for message in messages {
        assert!(said.contains(message), "no test shows: {message}");
    }
}

/// The files of the cases with an extension, in order.
fn files(extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in fs::read_dir("ui").unwrap() {
        for entry in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
