//! An API that was made of a document of somebody else, `bluegate import`, and then `bluegate plan`: nothing changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::{Source, read_aws};
use bluegate_deploy::api::ApiGateway as _;
use bluegate_deploy::sdk::{Client, connect_at};
use bluegate_tests::http;
use bluegate_tests::localstack::LocalStack;
use serde_json::{Value, json};

use crate::document;
use crate::local::Local;
use crate::project::Project;

const REGION: &str = "eu-west-1";

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:000000000000:function:f";

/// What the gateway of this machine does not take: it reads documents of OpenAPI 3.0.
fn is_taken(document: &Value) -> bool {
    document::text_at(document, "openapi").starts_with("3.0")
}

/// Documents that do not come over whole, or that no tool can fill in.
const SKIPPED: [(&str, &str); 7] = [
    ("021.json", "a function of CloudFormation stands for a text"),
    ("032.yaml", "its build has to fill it in"),
    ("039.yaml", "`Yes` is a text to this test's reader"),
    ("115.json", "Terraform has to fill it in"),
    ("116.json", "Terraform has to fill it in"),
    ("138.yaml", "API Gateway refuses its URI, which is no ARN"),
    ("154.yaml", "no user pools"),
];

/// How the fields begin that LocalStack does not keep of documents: its import knows no `security` of the root, no role, no VPC
/// link, no keys of a cache, no parameters of a path, and no body whose schema has no name, nor who checks what it lacks;
/// it keeps answers that have no status.
const LOCALSTACK_LACKS: [&str; 9] = [
    "authoriz",
    "body ",
    "cache ",
    "connection",
    "credentials",
    "declares ",
    "request validator",
    "takes ",
    "VPC link",
];

/// The documents that LocalStack answers with an error of its own.
const LOCALSTACK_REFUSES: [&str; 4] = ["010.json", "036.json", "127.yaml", "163.yaml"];

/// The documents that are adopted on LocalStack unless `ADOPT=all` asks for every one.
const LOCALSTACK_SAMPLE: [&str; 2] = ["080.yaml", "089.yaml"];

fn corpus_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures/corpus")
        .join(name)
}

fn corpus() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(corpus_file(""))
        .expect("the corpus")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end != "md"))
        .collect();
    files.sort();
    files
}

/// What a tool would fill in for a placeholder, by where it stands.
fn value(name: &str, routes: &str) -> String {
    let variable = format!("${{var.{name}}}");
    let name = name.to_lowercase();
    let stands = |before: &str| routes.contains(&format!("{before}{variable}"));
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if stands("\"function\": \"") => {
            format!("arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations")
        }
        () if stands("\"uri\": \"") => format!("arn:aws:apigateway:{REGION}:sns:action/Publish"),
        () if has(&["timeout", "ttl"]) => "60".to_owned(),
        () if has(&["pool"]) => format!("arn:aws:cognito-idp:{REGION}:000000000000:userpool/{REGION}_a1B2c3D4e"),
        () if has(&["region"]) => REGION.to_owned(),
        () if has(&["account"]) => "000000000000".to_owned(),
        () if has(&["role"]) => "arn:aws:iam::000000000000:role/r".to_owned(),
        () if has(&["lambda", "function"]) => FUNCTION.to_owned(),
        () if has(&["arn"]) => "arn:aws:iam::000000000000:role/r".to_owned(),
        () if stands("\"url\": \"") || stands("\"baseEndpointURL\": \"") => "https://backend.example.com".to_owned(),
        () => "word".to_owned(),
    }
}

/// The text with values in the place of placeholders, as the tool of the document would fill them in.
fn filled(text: &str, values: &BTreeMap<String, (String, String)>) -> String {
    let mut placeholders: Vec<&(String, String)> = values.values().collect();
    // A URI with placeholders in it comes before them.
    placeholders.sort_by_key(|(placeholder, _)| std::cmp::Reverse(placeholder.len()));
    let mut text = text.to_owned();
    for (placeholder, value) in placeholders {
        let quoted = serde_json::to_string(placeholder).expect("JSON");
        if value.parse::<u32>().is_ok() && value.len() < 5 {
            text = text.replace(&quoted, value);
        }
        text = text.replace(quoted.trim_matches('"'), value);
    }
    text
}

/// A value for each stage variable that a document uses, as the settings of a stage name them.
fn stage_variables(document: &str) -> BTreeMap<String, String> {
    let named = document.split("stageVariables.").skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        format!("/variables/{}", &rest[..end])
    });
    named.map(|name| (name, "word".to_owned())).collect()
}

async fn client(endpoint: &str, region: &str) -> Client {
    let file =
        json!({"region": region, "aws": {"access_key_id": "test", "secret_access_key": "test"}, "apiGateway": {}});
    let (file, _) = read_aws(&Source::new("aws.config.json", file.to_string()))
        .into_result()
        .expect("a file");
    let resolved = Environment::resolve(&file, None, Needs::Nothing).into_result();
    connect_at(&resolved.expect("an environment").0, Some(endpoint))
        .await
        .expect("a client")
}

/// What a plan changes: routes, settings, and who may call what.
fn changes(plan: &Value) -> Vec<String> {
    let parts = [
        "/routes/added",
        "/routes/removed",
        "/routes/changed",
        "/access/added",
        "/access/removed",
        "/access/changed",
        "/settings",
        "/security",
        "/refusals",
    ];
    let parts = parts
        .iter()
        .map(|part| (part, plan.pointer(part).and_then(Value::as_array)));
    parts
        .filter(|(_, list)| list.is_none_or(|list| !list.is_empty()))
        .map(|(part, list)| format!("{part}: {list:?}"))
        .collect()
}

/// The plans for the APIs that an emulator makes of documents, or why there is none.
async fn adopted(
    endpoint: &str,
    region: &str,
    is_chosen: impl Fn(&str) -> bool,
) -> Vec<(String, Result<Value, String>)> {
    let client = client(endpoint, region).await;
    let mut plans = Vec::new();
    for path in corpus() {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        if !is_chosen(name) || SKIPPED.iter().any(|(skipped, _)| *skipped == name) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a document");
        let document = document::read(&text).expect(name);
        if !is_taken(&document) {
            continue;
        }
        let mut project = Project::empty();
        project.variable("AWS_ENDPOINT_URL", endpoint);
        fs::copy(&path, project.join(name)).expect("a copy");
        let imported = project.run(&format!("import {name}"));
        assert!([0, 5].contains(&imported.code), "{name}: {imported:#?}");
        let routes = project.read("routes.json");
        let aws = if project.exists("aws.config.json") {
            project.read("aws.config.json")
        } else {
            "{}".to_owned()
        };
        let mut aws: Value = serde_json::from_str(&aws).expect("JSON");
        let placeholders = aws["variables"].as_object().cloned().unwrap_or_default();
        let mut values: BTreeMap<String, (String, String)> = placeholders
            .into_iter()
            .map(|(name, placeholder)| {
                let value = value(&name, &routes);
                (name, (placeholder.as_str().unwrap_or_default().to_owned(), value))
            })
            .collect();
        // What the AWS file says of the service itself is filled in by hand.
        if let Some(function) = aws["apiGateway"]["function"]
            .as_str()
            .filter(|function| function.contains("${"))
        {
            let uri = format!("arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations");
            values.insert("the service".to_owned(), (function.to_owned(), uri.clone()));
            aws["apiGateway"]["function"] = uri.into();
        }
        let api = client
            .import_rest_api(&filled(&document.to_string(), &values), false)
            .await;
        let api = match api {
            Ok(api) => api,
            Err(error) => {
                plans.push((name.to_owned(), Err(format!("not taken: {error}"))));
                continue;
            }
        };
        let deployment = client
            .create_deployment(&api.id, "by hand")
            .await
            .expect("a deployment");
        let stage = client
            .create_stage(&api.id, "live", &deployment.id, &stage_variables(&document.to_string()))
            .await;
        stage.expect("a stage");
        aws["region"] = region.into();
        aws["aws"] = json!({"access_key_id": "test", "secret_access_key": "test"});
        aws["apiGateway"]["rest_api_id"] = api.id.as_str().into();
        aws["apiGateway"]["stage"] = "live".into();
        aws["variables"] = values
            .into_iter()
            .map(|(name, (_, value))| (name, Value::from(value)))
            .collect();
        project.write("aws.config.json", aws.to_string());
        project.mode("aws.config.json", 0o600);
        let plan = project.run("plan --format json");
        let read = serde_json::from_str::<Value>(&plan.out);
        plans.push((name.to_owned(), read.map_err(|_| format!("{} {}", plan.code, plan.err))));
    }
    plans
}

fn none(wrong: &[String], of: usize) {
    assert!(wrong.is_empty(), "{} of {of}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_plan_with_the_files_of_an_import_changes_nothing_of_the_api() {
    let mut gateway_project = Project::empty();
    let local = Local::start(&gateway_project);
    gateway_project.variable("AWS_ENDPOINT_URL", &local.endpoint);
    let plans = adopted(&local.endpoint, REGION, |_| true).await;
    let wrong = plans.iter().flat_map(|(name, plan)| {
        let changes = plan.as_ref().map_or_else(|error| vec![error.clone()], changes);
        changes.into_iter().map(move |change| format!("{name} {change}"))
    });
    let wrong: Vec<String> = wrong.collect();
    none(&wrong, plans.len());
    assert_eq!(plans.len(), 60);
}

#[tokio::test]
async fn a_plan_on_localstack_changes_nothing_but_what_it_did_not_keep() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let is_whole = std::env::var("ADOPT").as_deref() == Ok("all");
    let is_chosen = |name: &str| is_whole || LOCALSTACK_SAMPLE.contains(&name);
    let plans = adopted(localstack.endpoint(), http::REGION, is_chosen).await;
    let mut wrong = Vec::new();
    for (name, plan) in &plans {
        let is_refused = LOCALSTACK_REFUSES.contains(&name.as_str());
        match plan {
            // What a stage serves and what the gateway answers itself it exports in its own way.
            Ok(plan) => wrong.extend(differences(plan).into_iter().map(|one| format!("{name} {one}"))),
            Err(error) if !is_refused => wrong.push(format!("{name} {error}")),
            Err(_) => {}
        }
    }
    none(&wrong, plans.len());
    assert!(plans.len() >= LOCALSTACK_SAMPLE.len(), "{}", plans.len());
}

/// What a plan changes of the routes, but for what LocalStack does not keep.
fn differences(plan: &Value) -> Vec<String> {
    let routes = |kind: &str| plan["routes"][kind].as_array().cloned().unwrap_or_default();
    let mut differences: Vec<String> = ["added", "removed"]
        .iter()
        .flat_map(|kind| routes(kind).into_iter().map(move |route| format!("{kind}: {route}")))
        .collect();
    for route in routes("changed") {
        for change in route["changes"].as_array().into_iter().flatten() {
            let field = change["field"].as_str().unwrap_or_default();
            if !LOCALSTACK_LACKS.iter().any(|lacking| field.starts_with(lacking)) {
                differences.push(format!("{} {}: {change}", route["verb"], route["path"]));
            }
        }
    }
    differences
}

#[tokio::test]
async fn a_stage_on_aws_is_imported_with_the_files_that_deploy_to_it() {
    let mut project = Project::empty();
    let local = Local::start(&project);
    for (name, value) in [
        ("AWS_ENDPOINT_URL", local.endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ] {
        project.variable(name, value);
    }
    let client = client(&local.endpoint, REGION).await;
    let document = json!({"openapi": "3.0.1", "info": {"title": "shop", "version": "1"}, "paths": {"/books/{id}": {"get": {
        "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET",
            "uri": "https://${stageVariables.host}/v1/books/{id}", "timeoutInMillis": 5000,
            "requestParameters": {"integration.request.path.id": "method.request.path.id"}}}}},
        "x-amazon-apigateway-binary-media-types": ["image/png"]});
    let document = document.to_string();
    let api = client.import_rest_api(&document, false).await.expect("an API");
    let deployment = client
        .create_deployment(&api.id, "by hand")
        .await
        .expect("a deployment");
    let variables = stage_variables(&document);
    client
        .create_stage(&api.id, "live", &deployment.id, &variables)
        .await
        .expect("a stage");
    let line = format!("import --api-id {} --region {REGION} --output routes.yaml", api.id);
    project
        .run(&line)
        .ends_with(0)
        .says(&["Wrote routes.yaml", "Wrote aws.config.json"]);
    let aws: Value = serde_json::from_str(&project.read("aws.config.json")).expect("JSON");
    assert_eq!(aws["region"], REGION);
    assert_eq!(aws["apiGateway"]["rest_api_id"], api.id.as_str());
    assert_eq!(aws["apiGateway"]["stage"], "live");
    assert_eq!(aws["apiGateway"]["stages"]["live"]["variables"]["host"], "word");
    let plan = project.run("plan --format json");
    assert_eq!(changes(&plan.json()), Vec::<String>::new(), "{plan:#?}");

    // With a second one somebody has to say which.
    client
        .create_stage(&api.id, "test", &deployment.id, &variables)
        .await
        .expect("a stage");
    project
        .run(&format!("{line} --force"))
        .ends_with(1)
        .says(&["no draft", "--stage", "live, test"]);
    project.run(&format!("{line} --force --stage test")).ends_with(0);
    project
        .run(&format!("{line} --stage other"))
        .ends_with(1)
        .says(&["no stage `other`"]);
    // There is no AWS file that could be mended.
    let other = project.run(&format!("import --api-id zzzzzzzzzz --region {REGION}"));
    other
        .ends_with(1)
        .says(&["`zzzzzzzzzz`", "--api-id", "--region"])
        .never_says("rest_api_id");
    let nowhere = project.run(&format!("import --api-id {}", api.id));
    nowhere
        .ends_with(1)
        .says(&["no region", "--region eu-west-1"])
        .never_says("AWS file");
}

#[test]
fn an_api_on_aws_is_named_by_an_id_and_not_beside_a_document() {
    let project = Project::empty();
    project.run("import api.yaml --api-id a1b2c3d4e5").ends_with(2);
    project.run("import").ends_with(2).says(&["--api-id"]);
    project
        .run("import api.yaml --stage dev")
        .ends_with(2)
        .says(&["--stage"]);
    project
        .run("import --api-id a/b")
        .ends_with(2)
        .says(&["letters and digits"]);
    project
        .run("import --api-id a1b2c3d4e5 --region here")
        .ends_with(2)
        .says(&["eu-west-1"]);
}
