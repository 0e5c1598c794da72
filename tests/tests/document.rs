//! The document passes the validators that teams run in CI, without an error.

use std::fs;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::{Mode, Source, openapi, read_aws, read_blueprint};
use bluegate_tests::validators::{Document, validate};
use bluegate_tests::{golden, routes_files};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

/// The document of a file that is taken as it is, or `None` where it is refused.
fn document(routes: &str, aws: Option<&str>) -> Option<openapi::Document> {
    let (blueprint, _) = read_blueprint(&Source::new("routes.json", routes), Mode::Strict)
        .into_result()
        .ok()?;
    let target = aws.map_or_else(openapi::Target::default, |aws| {
        let (aws, _) = read_aws(&Source::new("aws.config.json", aws).secret())
            .into_result()
            .expect("an AWS file without errors");
        let resolved = Environment::resolve(&aws, None, Needs::Nothing).value;
        openapi::Target::of(&resolved.expect("an environment"))
    });
    Some(openapi::document(&blueprint, &target))
}

/// The document as validators can read it: a greedy parameter, `{name+}`, is API Gateway's own extension of path
/// templates, which each of them reads as something else. Nothing but the plus signs differs.
fn portable(name: &str, document: &openapi::Document) -> Document {
    let yaml = document.to_yaml();
    let portable: Vec<String> = yaml
        .lines()
        .map(|line| {
            if line.starts_with("  /") {
                line.replace("+}", "}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    Document::yaml(format!("{name}.yaml"), portable.join("\n") + "\n")
}

fn expect_no_findings(documents: &[Document]) {
    let findings = validate(documents).expect("the validators run");
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn every_recorded_file_that_is_taken_gives_a_document_without_findings() {
    let mut documents = Vec::new();
    let mut refused = Vec::new();
    for recording in golden::all().expect("recordings") {
        let routes = fs::read_to_string(&recording.routes).expect("routes");
        let aws = fs::read_to_string(&recording.aws_config).expect("AWS file");
        match document(&routes, Some(&aws)) {
            Some(document) => documents.push(portable(&recording.name, &document)),
            None => refused.push(recording.name),
        }
    }
    // It declares `GET /shared` twice: axum's router would panic, and the gateway would keep one of the two.
    assert_eq!(refused, ["05-merge-duplicates"]);
    expect_no_findings(&documents);
}

#[test]
fn every_part_of_the_format_gives_a_document_without_findings() {
    let routes = r#"{"$schema": "routes.schema.json", "blueprint": {"name": "all", "title": "All", "description": "Of it",
        "version": "1.2.3", "url_prefix": "/api/v1", "resources": [{"name": "r", "axum": {"strictSlashes": false}, "methods": [
        {"path": "/", "actions": [{"type": "GET"}]},
        {"path": "/any", "cors": {"enable": true}, "actions": [{"type": "ANY"}]},
        {"path": "/own", "cors": {"enable": true}, "actions": [{"type": "OPTIONS"}, {"type": "HEAD"}, {"type": "PATCH"}]},
        {"path": "/http/{id}", "cors": {"enable": true, "allowHeaders": ["X-Tenant"]},
         "actions": [{"type": "POST", "proxyIntegration": false, "summary": "s", "description": "d: #",
            "tags": ["a", "b"], "operationId": "made"}]},
        {"path": "/files", "pathParams": [{"name": "name", "type": "path"}], "cors": {"enable": true},
         "actions": [{"type": "GET", "integration": "VPC_LINK", "vpcLink": "abc123", "authorization": "AWS_IAM"}]},
        {"path": "/typed", "pathParams": [{"name": "a", "type": "int(min=1,max=5)"}, {"name": "b", "type": "any(red,green)"},
            {"name": "c", "type": "float(min=0.5)"}, {"name": "d", "type": "uuid"}, {"name": "e", "type": "string(length=3)"},
            {"name": "f", "type": "int(signed=True)"}], "actions": [{"type": "DELETE"}]}
        ]}]}}"#;
    let aws = routes_files::aws_file().to_string();
    let with_aws = document(routes, Some(&aws)).expect("a document");
    let without = document(routes, None).expect("a document");
    expect_no_findings(&[
        portable("with", &with_aws),
        portable("without", &without),
        Document::json("json.json", with_aws.to_json().replace("{name+}", "{name}")),
    ]);
}

#[test]
fn random_files_give_documents_without_findings() {
    let aws = routes_files::aws_file().to_string();
    let mut runner = TestRunner::deterministic();
    let documents: Vec<Document> = (0..40)
        .map(|number| {
            let file = routes_files::legal_everywhere()
                .new_tree(&mut runner)
                .expect("a file")
                .current();
            let document = document(&file.to_string(), Some(&aws)).unwrap_or_else(|| panic!("refused: {file}"));
            portable(&format!("random-{number}"), &document)
        })
        .collect();
    expect_no_findings(&documents);
}
