//! Clients of AWS against the control plane of `bluegate local`: scripts of calls with boto3, and what people do with the
//! AWS command line. The same scripts run against moto and LocalStack; where these answer otherwise is written down.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bluegate_tests::guard;
use bluegate_tests::http::{self, Request};
use bluegate_tests::local::{LocalGateway, OTHER};
use bluegate_tests::localstack::LocalStack;
use bluegate_tests::moto::Moto;
use bluegate_tests::python::Environment;
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(300);

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/control-plane")
}

/// The scripts in order, each with its name.
fn scripts() -> Vec<(String, PathBuf)> {
    let files = fs::read_dir(fixtures()).expect("the folder of the scripts");
    let files = files.map(|file| file.expect("a file").path());
    let mut scripts: Vec<(String, PathBuf)> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| (path.file_stem().expect("a name").to_string_lossy().into_owned(), path))
        .collect();
    scripts.sort();
    scripts
}

/// What is answered otherwise than the scripts say: a line for each step.
fn differences(endpoint: &str) -> Vec<String> {
    let environment = Environment::ensure("moto").expect("boto3");
    let mut found = Vec::new();
    for (name, path) in scripts() {
        let mut command = environment.script("control_client.py");
        command.arg(endpoint).arg(&path);
        let ran = guard::run(&command, LIMIT)
            .expect("a run")
            .success(&name)
            .expect("a client");
        let steps = fs::read_to_string(&path).expect("a script").lines().count() - 2;
        let lines: Vec<Value> = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), steps, "{name}: {ran:?}");
        for line in lines {
            let all = line["found"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_str);
            let all: Vec<&str> = all.collect();
            if !all.is_empty() {
                let call = line["call"].as_str().unwrap_or_default();
                // Lines of the file are counted as editors do; the first step stands in the second one.
                let place = line["step"].as_u64().unwrap_or_default() + 2;
                found.push(format!("{name}.json:{place} {call}: {}", all.join("; ")));
            }
        }
    }
    found
}

/// Ids and moments differ from run to run.
fn steady(line: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let mut steady = String::new();
    let mut word = String::new();
    for character in line.chars().chain(['\n']) {
        if is_part(character) {
            word.push(character);
            continue;
        }
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_id = word.len() >= 6 && digits > 0 && digits < word.len() && !word.starts_with("us");
        steady.push_str(if is_id { "ID" } else { &word });
        word.clear();
        if character != '\n' {
            steady.push(character);
        }
    }
    steady
}

/// Compares with the file, or writes it if `BLUEGATE_WRITE` is set.
fn as_written_down(name: &str, found: &[String]) {
    let path = fixtures().join(format!("{name}.txt"));
    let found: String = found.iter().map(|line| steady(line) + "\n").collect();
    if std::env::var_os("BLUEGATE_WRITE").is_some() {
        fs::write(&path, &found).expect("a file");
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found,
        known,
        "run the test with BLUEGATE_WRITE=1, and look at what changed in {}",
        path.display()
    );
}

#[test]
fn boto3_gets_from_the_local_gateway_what_the_scripts_say() {
    let local = LocalGateway::start().expect("bluegate local");
    let found = differences(local.endpoint());
    assert!(found.is_empty(), "{}\n{}", found.join("\n"), local.log_tail());
}

/// Of the operations that boto3 knows, those that are none here.
const NOT_OFFERED: [&str; 1] = ["GetSdk"];

/// What a script with boto3 prints about a gateway of its own.
fn printed(script: &str, arguments: &[&str]) -> String {
    let local = LocalGateway::start().expect("bluegate local");
    let environment = Environment::ensure("moto").expect("boto3");
    let mut command = environment.script(script);
    command.arg(local.endpoint()).args(arguments);
    let ran = guard::run(&command, LIMIT).expect("a run").success(script);
    ran.expect("success").stdout
}

#[test]
fn what_people_do_with_boto3_ends_well_and_every_answer_is_of_the_model() {
    let printed = printed("control_people.py", &[]);
    let (count, found) = printed
        .trim_end()
        .rsplit_once('\n')
        .map_or((printed.trim(), ""), |(found, count)| (count, found));
    assert_eq!((found, count), ("", "10 stories"), "{printed}");
}

#[test]
fn what_belongs_to_another_account_or_region_is_not_there() {
    let printed = printed("control_owners.py", &OTHER);
    let count: usize = printed.trim_end().parse().unwrap_or_default();
    assert!(count > 200, "{printed}");
}

#[test]
fn what_the_model_of_boto3_rules_out_is_refused_in_the_words_of_aws() {
    let printed = printed("control_inputs.py", &[]);
    let count: usize = printed
        .trim_end()
        .rsplit('\n')
        .next()
        .and_then(|line| line.parse().ok())
        .expect("a number");
    assert!(count > 400 && printed.lines().count() == 1, "{printed}");
}

#[test]
fn every_operation_that_boto3_knows_is_offered_or_named() {
    assert_eq!(
        printed("control_offers.py", &[]).lines().collect::<Vec<_>>(),
        NOT_OFFERED
    );
}

#[test]
fn where_moto_answers_otherwise_is_written_down() {
    let moto = Moto::start().expect("moto");
    as_written_down("moto", &differences(moto.endpoint()));
}

#[test]
fn where_localstack_answers_otherwise_is_written_down() {
    let localstack = LocalStack::shared().expect("LocalStack");
    as_written_down("localstack", &differences(localstack.endpoint()));
}

/// The AWS command line, told where the gateway is.
struct Aws {
    environment: Environment,
    endpoint: String,
    folder: tempfile::TempDir,
}

impl Aws {
    /// Runs `aws apigateway` with arguments, and gives what it prints.
    fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(self.environment.python());
        command
            .args(["-m", "awscli", "apigateway"])
            .args(arguments)
            .args(["--endpoint-url", &self.endpoint, "--region", http::REGION])
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_CONFIG_FILE", "none")
            .current_dir(self.folder.path());
        let ran = guard::run(&command, LIMIT).expect("a run");
        let ran = ran.success(&format!("aws apigateway {}", arguments.join(" ")));
        ran.expect("success").stdout.trim().to_owned()
    }
}

#[test]
fn an_api_is_built_deployed_called_and_exported_with_the_aws_command_line() {
    let local = LocalGateway::start().expect("bluegate local");
    let aws = Aws {
        environment: Environment::ensure("awscli").expect("the AWS command line"),
        endpoint: local.endpoint().to_owned(),
        folder: tempfile::tempdir().expect("a folder"),
    };
    let id = aws.run(&["create-rest-api", "--name", "shop", "--query", "id", "--output", "text"]);
    let id = id.as_str();
    let of = |name: &'static str, more: &[&str]| aws.run(&[&[name, "--rest-api-id", id], more].concat());
    let told = |name: &'static str, query: &'static str, more: &[&str]| {
        of(name, &[more, &["--query", query, "--output", "text"]].concat())
    };
    let root = told("get-resources", "items[?path=='/'].id", &[]);
    let books = told("create-resource", "id", &["--parent-id", &root, "--path-part", "books"]);
    let method = ["--resource-id", books.as_str(), "--http-method", "GET"];
    let with = |more: &[&'static str]| [&method, more].concat();
    of("put-method", &with(&["--authorization-type", "NONE"]));
    of(
        "put-integration",
        &with(&[
            "--type",
            "MOCK",
            "--request-templates",
            r#"{"application/json": "{\"statusCode\": 200}"}"#,
        ]),
    );
    of("put-method-response", &with(&["--status-code", "200"]));
    of(
        "put-integration-response",
        &with(&[
            "--status-code",
            "200",
            "--response-templates",
            r#"{"application/json": "{\"books\": []}"}"#,
        ]),
    );
    let tried = told("test-invoke-method", "body", &method);
    assert_eq!(tried, r#"{"books": []}"#);
    of("create-deployment", &["--stage-name", "dev"]);
    let patch = "op=replace,path=/variables/color,value=blue";
    let stage = ["--stage-name", "dev", "--patch-operations", patch];
    let color = told("update-stage", "variables.color", &stage);
    assert_eq!(color, "blue");
    let url = local.invoke_url(id, "dev", "/books");
    let answer = Request::new("GET", &url).send().expect("an answer");
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, br#"{"books": []}"#.as_slice())
    );

    of(
        "get-export",
        &[
            "--stage-name",
            "dev",
            "--export-type",
            "oas30",
            "--parameters",
            "extensions=apigateway",
            "api.json",
        ],
    );
    let exported = fs::read_to_string(aws.folder.path().join("api.json")).expect("an export");
    assert!(exported.contains("x-amazon-apigateway-integration"), "{exported}");
    // What was exported is put again: the same API.
    let resources = || {
        let all = of("get-resources", &["--embed", "methods"]);
        // What a call sets to nothing, a document does not say.
        all.replace(&format!("{}\"selectionPattern\": \"\",\n", " ".repeat(32)), "")
    };
    let before = resources();
    of("put-rest-api", &["--mode", "overwrite", "--body", "fileb://api.json"]);
    assert_eq!(resources(), before);
    let document = "openapi: 3.0.1\ninfo: {title: yaml, version: '1'}\npaths:\n  /a: {get: {x-amazon-apigateway-integration: {type: mock}}}\n";
    fs::write(aws.folder.path().join("api.yaml"), document).expect("a file");
    of("put-rest-api", &["--mode", "merge", "--body", "fileb://api.yaml"]);
    let paths = told("get-resources", "items[].path", &[]);
    assert_eq!(paths.split_whitespace().collect::<Vec<_>>(), ["/", "/a", "/books"]);
    aws.run(&["delete-rest-api", "--rest-api-id", id]);
}
