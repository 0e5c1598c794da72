//! Handlers that do not fit their routes, with the compiler's words, and those that do.
//!
//! As in `ui`: `TRYBUILD=overwrite cargo test -p bluegate-tests --test proof` writes the words anew, and `CASE=path/two,float`
//! runs the cases with one of these in their path.

#[test]
fn handlers_that_do_not_fit_are_refused_and_those_that_do_are_not() {
    let cases = trybuild::TestCases::new();
    let parts = std::env::var("CASE").unwrap_or_default();
    for folder in [
        "path",
        "path_pass",
        "handler",
        "handler_pass",
        "query",
        "query_pass",
        "described",
        "described_pass",
    ] {
        let mut paths: Vec<_> = std::fs::read_dir(format!("ui/{folder}"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .filter(|path| parts.split(',').any(|part| path.to_string_lossy().contains(part)))
            .collect();
        paths.sort();
        for path in paths {
            if folder.ends_with("_pass") {
                cases.pass(path);
            } else {
                cases.compile_fail(path);
            }
        }
    }
}

/// The page of the documentation repeats what the compiler says.
#[test]
fn the_page_shows_real_messages() {
    let mut said = String::new();
    for folder in std::fs::read_dir("ui").unwrap() {
        for entry in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "stderr") {
                said += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let page = std::fs::read_to_string("../docs/proof.md").unwrap();
    let messages: Vec<&str> = page
        .lines()
        .filter_map(|line| Some(line.split_once("| `` ")?.1.split_once(" `` |")?.0))
        .collect();
    assert!(messages.len() > 20, "{messages:?}");
    for message in messages {
        assert!(said.contains(message), "no test shows: {message}");
    }
}
