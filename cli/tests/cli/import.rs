//! `bluegate import`: files, exit codes, what is said.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::Project;

/// A document with a placeholder, a preflight and something that API Gateway ignores.
const DOCUMENT: &str = r#"openapi: 3.0.1
info: {title: Shop, version: "1"}
servers: [{url: "https://shop.example.com"}]
paths:
  /books:
    get:
      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: "${list_arn}"}
    post:
      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: "${create_arn}"}
    options:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: "200"
            responseParameters:
              method.response.header.Access-Control-Allow-Origin: "'*'"
              method.response.header.Access-Control-Allow-Methods: "'GET,POST'"
              method.response.header.Access-Control-Allow-Headers: "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'"
"#;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/corpus")
}

fn project(document: &str) -> Project {
    let project = Project::empty();
    project.write("api.yaml", document);
    project
}

#[test]
fn a_document_becomes_two_files_from_which_it_comes_back() {
    let project = project(DOCUMENT);
    let ran = project.run("import api.yaml --output routes.yaml");
    ran.ends_with(0).says(&[
        "Wrote routes.yaml",
        "Wrote aws.config.json",
        "ignores `url` of a server (api.yaml:3:",
    ]);
    let routes = project.read("routes.yaml");
    assert!(
        routes.contains("cors: {enable: true}") && routes.contains("${var.list_arn}"),
        "{routes}"
    );
    assert!(project.read("aws.config.json").contains(r#""list_arn": "${list_arn}""#));
    project
        .run("generate --output-openapifile-path again.json")
        .ends_with(0);
    assert!(project.read("again.json").contains(r#""uri": "${list_arn}""#));
}

#[test]
fn nothing_that_is_there_is_overwritten_unless_it_is_forced_or_the_same() {
    let project = project(DOCUMENT);
    project.run("import api.yaml").ends_with(0);
    project.run("import api.yaml").ends_with(0);
    project.write("routes.json", "{}");
    project
        .run("import api.yaml")
        .ends_with(1)
        .says(&["`routes.json` is there already", "--force"]);
    assert_eq!(project.read("routes.json"), "{}");
    project.run("import api.yaml --output other.json").ends_with(0);
    project.run("import api.yaml --force").ends_with(0);
    assert!(project.read("routes.json").contains("blueprint"));
}

#[test]
fn standard_output_gets_the_routes_file_alone() {
    let project = project(DOCUMENT);
    let ran = project.run("import api.yaml --output - --quiet");
    assert!(ran.ends_with(0).out.starts_with("{\n  \"blueprint\""), "{ran:#?}");
    assert!(!project.exists("aws.config.json"));
    project
        .run("import api.yaml --output - --aws-config-output aws.json")
        .ends_with(0);
    assert!(project.exists("aws.json"));
}

#[test]
fn a_part_that_does_not_come_over_is_named_and_ends_with_5() {
    let project = project(&format!(
        "{DOCUMENT}x-amazon-apigateway-endpoint-configuration: {{types: [PRIVATE]}}\n"
    ));
    let ran = project.run("import api.yaml");
    ran.ends_with(5).says(&[
        "warning[BG0302]: endpoint types: `PRIVATE` comes over as nothing",
        "--> api.yaml:21:",
        "--> api.yaml:21:",
        "1 part of the document did not come over",
    ]);
    let told = project.run("import api.yaml --format json").ends_with(5).json();
    assert_eq!((&told["complete"], &told["lost"]), (&false.into(), &1.into()));
    assert_eq!(told["diagnostics"][0]["code"], "BG0303");
}

#[test]
fn what_is_no_document_is_refused_with_its_place() {
    for (text, said) in [
        ("a: 1\n", "neither `openapi` nor `swagger`"),
        ("openapi: 3.0.1\n", "no `paths`"),
        ("openapi: 4.0.0\npaths: {}\n", "does not read OpenAPI 4.0.0"),
        ("openapi: 3.0.1\n%{ if x } a\npaths: {}\n", "api.yaml:2:1"),
        ("- 1\n", "this is a list"),
    ] {
        let project = project(text);
        project.run("import api.yaml").ends_with(1).says(&[said]);
        assert!(!project.exists("routes.json"));
    }
}

#[test]
fn what_a_routes_file_cannot_say_is_refused_at_its_operation() {
    let project = project(&DOCUMENT.replace("/books:", "/books.{format}:"));
    project
        .run("import api.yaml")
        .ends_with(1)
        .says(&["GET /books.{format}: a routes file cannot say this", "--> api.yaml:6:"]);
    assert!(!project.exists("routes.json"));
}

#[test]
fn a_document_is_found_inside_of_a_template() {
    let api = |name: &str| {
        format!(
            "  {name}:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: dev\n      BinaryMediaTypes: [image~1png]\n      \
             DefinitionBody:\n        openapi: 3.0.1\n        info: {{title: {name}}}\n        paths:\n          /a:\n            get:\n              \
             x-amazon-apigateway-integration: {{type: aws_proxy, httpMethod: POST, uri: !Sub '${{F.Arn}}'}}\n"
        )
    };
    let project = project(&format!("Resources:\n{}", api("Shop")));
    project.run("import api.yaml --output routes.yaml").ends_with(0);
    let routes = project.read("routes.yaml");
    assert!(
        routes.contains("name: Shop") && routes.contains("binaryMediaTypes: [image/png]"),
        "{routes}"
    );
    project.write("api.yaml", format!("Resources:\n{}{}", api("Shop"), api("Admin")));
    project
        .run("import api.yaml --force")
        .ends_with(1)
        .says(&["`Shop`, `Admin`", "--resource"]);
    project.run("import api.yaml --force --resource Admin").ends_with(0);
    assert!(project.read("routes.json").contains("Admin"));
}

#[test]
fn documents_of_every_kind_come_back_through_the_command() {
    for name in ["094.yaml", "105.json", "117.yaml", "157.yaml"] {
        let project = Project::empty();
        fs::copy(corpus().join(name), project.join(name)).expect("a copy");
        project.run(&format!("import {name}")).ends_with(0);
        project.run("generate").ends_with(0);
        project.run("check").ends_with(0);
    }
}

#[test]
fn long_templates_go_into_files_of_their_own_when_asked_to() {
    let template = "#set($body = $input.json('$'))\\n{\\\"a\\\": $body}";
    let project = project(&format!(
        "openapi: 3.0.1\ninfo: {{title: Shop, version: \"1\"}}\npaths:\n  /books:\n    post:\n      responses: {{200: {{description: ok}}}}\n      \
         x-amazon-apigateway-integration: {{type: http, httpMethod: POST, uri: 'https://a.example/b', requestTemplates: \
         {{application/json: \"{template}\"}}, responses: {{default: {{statusCode: 200}}}}}}\n"
    ));
    for folder in ["here", "there"] {
        fs::create_dir_all(project.join(folder)).expect("a folder");
    }
    project.run("import api.yaml --output here/routes.json").ends_with(0);
    project
        .run("import api.yaml --output there/routes.json --templates-dir templates")
        .ends_with(1)
        .says(&["`templates` is not below", "--templates-dir there/templates"]);
    let line = "import api.yaml --output there/routes.json --templates-dir there/vtl";
    project
        .run(line)
        .ends_with(1)
        .says(&["is no folder", "mkdir -p there/vtl"]);
    fs::create_dir_all(project.join("there/vtl")).expect("a folder");
    project
        .run(line)
        .ends_with(0)
        .says(&["Wrote there/vtl/books-post-request.vtl"]);
    assert_eq!(
        project.read("there/vtl/books-post-request.vtl"),
        "#set($body = $input.json('$'))\n{\"a\": $body}"
    );
    for folder in ["here", "there"] {
        let line = format!("generate --routes {folder}/routes.json --output-openapifile-path {folder}.json");
        project.run(&line).ends_with(0);
    }
    assert_eq!(project.read("here.json"), project.read("there.json"));
}

#[test]
fn handlers_compile_and_answer_that_they_are_not_there_yet() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let project = Project::empty();
    let checkout = workspace.display().to_string();
    project.run_with(["init", "shop", "--path", &checkout]).ends_with(0);
    fs::copy(corpus().join("117.yaml"), project.join("api.yaml")).expect("a copy");
    let line = "import api.yaml --output shop/routes.json --handlers shop/src";
    project.run(line).ends_with(1).says(&["is there already"]);
    project
        .run(&format!("{line} --force"))
        .ends_with(0)
        .says(&["Wrote shop/src/notifications.rs"]);
    project.compiles("shop");
}

/// One document of eight, unless `HANDLERS=all` asks for every one: each is a program, and all take minutes.
#[test]
fn handlers_of_real_documents_compile() {
    let (each, expected) = match std::env::var("HANDLERS").as_deref() {
        Ok("all") => (1, 100),
        _ => (8, 13),
    };
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let project = Project::empty();
    let checkout = checkout.display().to_string();
    project.run_with(["init", "all", "--path", &checkout]).ends_with(0);
    let package = project.join("all");
    fs::create_dir_all(package.join("api")).expect("a folder");
    let mut documents: Vec<PathBuf> = fs::read_dir(corpus())
        .expect("the corpus")
        .map(|entry| entry.expect("a file").path())
        .collect();
    documents.sort();
    let mut programs = 0;
    for document in documents.iter().step_by(each) {
        let name = document.file_stem().and_then(|name| name.to_str()).expect("a name");
        // A program for each: a crate has one file.
        let handlers = package.join(format!("src/bin/of_{name}"));
        fs::create_dir_all(&handlers).expect("a folder");
        let mut command = project.command(["import", "--output"]);
        command
            .arg(format!("api/{name}.json"))
            .arg("--aws-config-output")
            .arg(format!("api/{name}.aws.json"));
        command
            .arg("--handlers")
            .arg(format!("src/bin/of_{name}"))
            .arg(document)
            .current_dir(&package);
        let ran = command.output().expect("the binary starts");
        if matches!(ran.status.code(), Some(0 | 5)) {
            programs += 1;
        } else {
            fs::remove_dir(&handlers).expect("an empty folder");
        }
    }
    assert_eq!(programs, expected);
    project.compiles("all");
}
