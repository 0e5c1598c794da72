//! `--compat` writes the document of ct-api-gateway-deployer 1.1.4, by meaning.

use std::fs;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::{Mode, Source, compat, parse_routes, read_aws, resolve};
use bluegate_tests::original::{Original, Outcome};
use bluegate_tests::{golden, routes_files};
use proptest::strategy::Strategy as _;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value;

/// bluegate's document for the original's inputs, with the version that the recordings have.
fn document(routes: &str, aws: &str) -> Value {
    let routes = parse_routes(&Source::new("routes.json", routes));
    let found = &routes.diagnostics;
    let routes = routes.value.unwrap_or_else(|| panic!("{found:?}"));
    assert!(!found.has_errors(), "{found:?}");
    let errors = resolve(&routes, Mode::Compat).diagnostics.errors();
    assert_eq!(errors, 0, "what the original takes is no error");
    let aws = read_aws(&Source::new("aws.config.json", aws).secret());
    let (aws, _) = aws.into_result().expect("an AWS file without errors");
    let resolved = Environment::resolve(&aws, None, Needs::Nothing).value;
    let resolved = resolved.expect("an environment");
    let document = compat::document(&routes, &aws, &resolved).value.expect("a document");
    let mut document: Value = serde_json::from_str(&document.to_json()).expect("JSON");
    document["info"]["version"] = "@VERSION@".into();
    document
}

#[test]
fn every_recorded_document_is_written_alike() {
    let recordings = golden::all().expect("recordings");
    assert!(recordings.len() >= 7);
    for recording in recordings {
        let routes = fs::read_to_string(&recording.routes).expect("routes");
        let aws = fs::read_to_string(&recording.aws_config).expect("AWS file");
        assert_eq!(document(&routes, &aws), recording.expected, "{}", recording.name);
    }
}

#[test]
fn a_prefix_that_the_original_would_not_see_is_refused() {
    let written = |prefix: &str| {
        let methods = r#"[{"path": "/u", "actions": [{"type": "GET"}]}]"#;
        let resource = format!(r#"{{"name": "r", "prefix": "{prefix}", "methods": {methods}}}"#);
        let file = format!(r#"{{"blueprint": {{"name": "b", "resources": [{resource}]}}}}"#);
        let (routes, _) = parse_routes(&Source::new("r", file)).into_result().unwrap();
        let aws = read_aws(&Source::new("a", routes_files::aws_file().to_string()).secret());
        let (aws, _) = aws.into_result().unwrap();
        let resolved = Environment::resolve(&aws, None, Needs::Nothing).value.unwrap();
        compat::document(&routes, &aws, &resolved).diagnostics.errors()
    };
    assert_eq!((written("/v1"), written("/"), written("")), (1, 0, 0));
}

#[test]
fn documents_for_random_files_are_the_original_s() {
    let mut original = Original::start().expect("the original runs");
    let aws = routes_files::aws_file().to_string();
    let mut runner = TestRunner::new(Config {
        cases: 200,
        failure_persistence: None,
        // Files are small already, and each try asks the original.
        max_shrink_iters: 100,
        ..Config::default()
    });
    let original = std::cell::RefCell::new(&mut original);
    let files = routes_files::legal_for_the_original().prop_map(|file| file.to_string());
    runner
        .run(&files, |routes| {
            let written = original.borrow_mut().document(&routes, &aws);
            match written.map_err(|error| TestCaseError::fail(error.to_string()))? {
                Outcome::Document(expected) => {
                    proptest::prop_assert_eq!(document(&routes, &aws), expected);
                    Ok(())
                }
                refused => Err(TestCaseError::fail(format!(
                    "the original refuses {routes}: {refused:?}"
                ))),
            }
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
