//! What compiles and what does not, with the compiler's words.
//!
//! Each case of `ui` is a crate of its own; the `.stderr` beside it is what the compiler says. After a change that is
//! meant, `TRYBUILD=overwrite cargo test -p bluegate-tests --test ui` writes them anew. `CASE=attribute,two_` runs
//! the cases with one of these in their path.

#[test]
fn mistakes_are_refused_and_odd_code_is_not() {
    let cases = trybuild::TestCases::new();
    let parts = std::env::var("CASE").unwrap_or_default();
    for folder in ["attribute", "resource", "routes_file", "pass"] {
        for entry in std::fs::read_dir(format!("ui/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            let is_case = path.extension().is_some_and(|extension| extension == "rs");
            if !is_case || !parts.split(',').any(|part| path.to_string_lossy().contains(part)) {
                continue;
            }
            if folder == "pass" {
                cases.pass(path);
            } else {
                cases.compile_fail(path);
            }
        }
    }
}
