//! The harness itself: emulators come up and go, validators see what they should, the original
//! answers as it was recorded.

use std::{
    env, fs,
    net::TcpStream,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use bluegate_tests::{
    HarnessError, control, golden,
    guard::{self, Guarded},
    http::{self, Request},
    localstack::LocalStack,
    moto::{Credentials, Moto},
    original::{Original, Outcome},
    place,
    python::Environment,
    validators::{self, Document, Tool},
};
use serde_json::{Value, json};

/// A document with what bluegate writes: a mock, a proxy, typed parameters, gateway responses.
fn good_document() -> Value {
    let integration = json!({
        "type": "http_proxy",
        "httpMethod": "GET",
        "uri": "http://127.0.0.1:9/users/{id}",
        "requestParameters": { "integration.request.path.id": "method.request.path.id" },
    });
    let id = json!({
        "name": "id",
        "in": "path",
        "required": true,
        "schema": { "type": "integer", "format": "int64", "minimum": 0 },
    });
    json!({
        "openapi": "3.0.1",
        "info": { "title": "Users", "description": "Users by id.", "version": "1" },
        "servers": [{
            "url": "https://{restApiId}.execute-api.{region}.amazonaws.com/{basePath}",
            "variables": {
                "restApiId": { "default": "abc123" },
                "region": { "default": "eu-west-1" },
                "basePath": { "default": "v1" },
            },
        }],
        "tags": [{ "name": "users", "description": "Users" }],
        "paths": { "/users/{id}": {
            "get": {
                "operationId": "getUser",
                "summary": "One user",
                "description": "The user of that id.",
                "tags": ["users"],
                "parameters": [id],
                "responses": { "200": { "description": "The user" }, "404": { "description": "None" } },
                "security": [{ "sigv4": [] }],
                "x-amazon-apigateway-integration": integration,
            },
            "options": {
                "operationId": "optionsUser",
                "summary": "Preflight",
                "description": "What a browser may send.",
                "tags": ["users"],
                "parameters": [id],
                "responses": { "204": { "description": "Allowed" } },
                "security": [],
                "x-amazon-apigateway-integration": {
                    "type": "mock",
                    "requestTemplates": { "application/json": "{\"statusCode\": 204}" },
                    "responses": { "default": { "statusCode": "204" } },
                },
            },
        } },
        "components": { "securitySchemes": { "sigv4": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        } } },
        "x-amazon-apigateway-gateway-responses": { "DEFAULT_4XX": { "responseParameters": {
            "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        } } },
    })
}

fn text(value: &Value) -> String {
    value.to_string()
}

/// Whether something accepts connections at an endpoint of the form `http://host:port`.
fn accepts(endpoint: &str) -> bool {
    TcpStream::connect(endpoint.trim_start_matches("http://")).is_ok()
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Imports a document and deploys it to the stage `test`.
fn deploy(endpoint: &str, api: &str, document: &Value) -> Result<(), HarnessError> {
    let import = format!("/restapis/{api}?mode=overwrite");
    control::api_gateway(endpoint, "PUT", &import, Some(document))?;
    let deployments = format!("/restapis/{api}/deployments");
    let stage = json!({ "stageName": "test" });
    control::api_gateway(endpoint, "POST", &deployments, Some(&stage))?;
    Ok(())
}

#[test]
fn localstack_serves_a_deployed_stage_and_is_gone_after_its_drop() {
    let localstack = LocalStack::start().unwrap();
    let endpoint = localstack.endpoint().to_owned();
    let health = http::get(&format!("{endpoint}/_localstack/health")).unwrap();
    assert_eq!(health.status, 200);
    let services = &health.json().unwrap()["services"];
    assert_eq!(services["apigateway"], "available", "{services}");

    let api = control::create_rest_api(&endpoint, "users").unwrap();
    deploy(&endpoint, &api, &good_document()).unwrap();
    let url = localstack.invoke_url(&api, "test", "/users/7");
    let preflight = Request::new("OPTIONS", &url).send().unwrap();
    assert_eq!(preflight.status, 204, "{preflight:?}\n{}", localstack.log_tail());
    let unknown = http::get(&localstack.invoke_url(&api, "test", "/nobody")).unwrap();
    assert_eq!(unknown.status, 403, "{unknown:?}");
    assert_eq!(unknown.json().unwrap()["message"], "Missing Authentication Token");

    drop(localstack);
    assert!(!accepts(&endpoint));
}

#[test]
fn the_shared_localstack_is_one() {
    let (first, second) = thread::scope(|scope| {
        let other = scope.spawn(|| LocalStack::shared().unwrap().endpoint());
        (LocalStack::shared().unwrap().endpoint(), other.join().unwrap())
    });
    assert_eq!(first, second);
    assert!(accepts(first));
}

#[test]
fn moto_takes_a_mock_integration_and_is_gone_after_its_drop() {
    let moto = Moto::start().unwrap();
    let endpoint = moto.endpoint().to_owned();
    let api = moto.create_rest_api("users").unwrap();
    deploy(&endpoint, &api, &good_document()).unwrap_or_else(|error| {
        panic!("{error}\n{}", moto.log_tail());
    });
    let path = format!("/restapis/{api}/resources?embed=methods");
    let resources = control::api_gateway(&endpoint, "GET", &path, None).unwrap();
    let users = resources["item"]
        .as_array()
        .and_then(|items| items.iter().find(|item| item["path"] == "/users/{id}"))
        .unwrap_or_else(|| panic!("{resources}"));
    let integration = &users["resourceMethods"]["OPTIONS"]["methodIntegration"];
    assert_eq!(integration["type"], "mock", "{users}");

    drop(moto);
    assert!(!accepts(&endpoint));
}

/// A request signed by botocore, the reference for signatures: status, `x-amzn-ErrorType`, body.
fn signed(moto: &Moto, credentials: &Credentials, method: &str, target: &str) -> Vec<String> {
    let script = "
import os, sys, urllib.error, urllib.request
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
method, url = sys.argv[1:]
body = b'{\"name\": \"signed\"}' if method == 'POST' else b''
request = AWSRequest(method=method, url=url, data=body, headers={'Content-Type': 'application/json'})
key = Credentials(os.environ['KEY'], os.environ['SECRET'])
SigV4Auth(key, 'apigateway', 'us-east-1').add_auth(request)
sent = urllib.request.Request(url, data=body or None, headers=dict(request.headers), method=method)
try:
    answer = urllib.request.urlopen(sent)
except urllib.error.HTTPError as error:
    answer = error
print(answer.status, answer.headers.get('x-amzn-ErrorType', '-'), answer.read().decode(), sep='\\t')
";
    let mut command = Command::new(Environment::ensure("moto").unwrap().python());
    command
        .args(["-c", script, method, &format!("{}{target}", moto.endpoint())])
        .env("KEY", &credentials.access_key_id)
        .env("SECRET", &credentials.secret_access_key);
    let finished = guard::run(&command, Duration::from_secs(60)).unwrap();
    let finished = finished.success("the signed request").unwrap();
    finished.stdout.trim().split('\t').map(str::to_owned).collect()
}

#[test]
fn moto_verifies_signatures_of_requests_with_and_without_a_body() {
    let (moto, right) = Moto::start_with_auth().unwrap();
    let api = moto.create_rest_api("users").unwrap();
    let target = format!("/restapis/{api}");
    let wrong_secret = Credentials {
        secret_access_key: "wrong".to_owned(),
        ..right.clone()
    };
    let unknown_key = Credentials {
        access_key_id: "AKIAUNKNOWN".to_owned(),
        ..right.clone()
    };
    let reader = moto.credentials("reader", &["apigateway:GetRestApi"]).unwrap();

    for (method, target, success) in [("GET", target.as_str(), "200"), ("POST", "/restapis", "200")] {
        let good = signed(&moto, &right, method, target);
        assert_eq!(good[0], success, "{method}: {good:?}");
        let bad = signed(&moto, &wrong_secret, method, target);
        assert_eq!(bad[..2], ["403", "InvalidSignatureException"], "{method}: {bad:?}");
        let bad = signed(&moto, &unknown_key, method, target);
        assert_eq!(bad[..2], ["403", "UnrecognizedClientException"], "{method}: {bad:?}");
    }
    let good = signed(&moto, &reader, "GET", &target);
    assert_eq!(good[0], "200", "{good:?}");
    let refused = signed(&moto, &reader, "POST", "/restapis");
    assert_eq!(refused[..2], ["403", "AccessDeniedException"], "{refused:?}");
    assert!(refused[2].contains("not authorized"), "{refused:?}");
}

#[test]
fn validators_find_nothing_in_a_good_document_written_either_way() {
    let good = text(&good_document());
    let documents = [Document::json("as json", &good), Document::yaml("as yaml", good)];
    assert_eq!(validators::validate(&documents).unwrap(), []);
}

#[test]
fn each_validator_finds_its_errors_and_says_in_which_document() {
    let mut undeclared = good_document();
    let get = undeclared.pointer_mut("/paths/~1users~1{id}/get").unwrap();
    get.as_object_mut().unwrap().remove("parameters");
    let mut schema = good_document();
    schema["info"].as_object_mut().unwrap().remove("title");
    let documents = [
        Document::json("good", text(&good_document())),
        Document::json("undeclared", text(&undeclared)),
        Document::json("schema", text(&schema)),
    ];
    let findings = validators::validate(&documents).unwrap();
    let of = |document: &str, tool: Tool| -> Vec<String> {
        findings
            .iter()
            .filter(|finding| finding.document == document && finding.tool == tool)
            .map(|finding| format!("{} {}", finding.rule, finding.location))
            .collect()
    };
    for tool in [Tool::SpecValidator, Tool::Redocly, Tool::Spectral] {
        assert!(of("good", tool).is_empty(), "{findings:#?}");
        for broken in ["undeclared", "schema"] {
            assert!(!of(broken, tool).is_empty(), "{tool}, {broken}: {findings:#?}");
        }
    }
    assert_eq!(of("undeclared", Tool::SpecValidator), ["UnresolvableParameterError #"]);
    assert_eq!(
        of("undeclared", Tool::Redocly),
        ["path-parameters-defined #/paths/~1users~1{id}/get/parameters"]
    );
    assert_eq!(
        of("undeclared", Tool::Spectral),
        ["path-params #/paths/~1users~1{id}/get"]
    );
}

#[test]
fn a_document_that_cannot_be_read_gets_no_verdict() {
    let documents = [
        Document::yaml("syntax", "openapi: 3.0.1\ninfo: [\n"),
        Document::json("good", text(&good_document())),
    ];
    let error = validators::validate(&documents).unwrap_err().to_string();
    assert!(error.contains("Failed to parse API description at 0.yaml"), "{error}");
}

#[test]
fn the_original_reproduces_its_recorded_documents() {
    let recordings = golden::all().unwrap();
    assert!(recordings.len() >= 7, "{}", recordings.len());
    let mut original = Original::start().unwrap();
    for recording in recordings {
        let routes = fs::read_to_string(&recording.routes).unwrap();
        let aws_config = fs::read_to_string(&recording.aws_config).unwrap();
        let expected = Outcome::Document(recording.expected);
        let built = original.document(&routes, &aws_config).unwrap();
        assert_eq!(built, expected, "{}", recording.name);
        let written = original.written_document(&routes, &aws_config).unwrap();
        assert_eq!(written, expected, "{}", recording.name);
    }
}

#[test]
fn the_original_goes_on_after_an_exception() {
    let mut original = Original::start().unwrap();
    let recording = golden::all().unwrap().remove(0);
    let routes = fs::read_to_string(&recording.routes).unwrap();
    let aws_config = fs::read_to_string(&recording.aws_config).unwrap();
    let refused = original.document(r#"{"blueprint": {}}"#, &aws_config).unwrap();
    assert_eq!(
        refused,
        Outcome::Refused {
            exception: "KeyError".to_owned(),
            message: "'resources'".to_owned(),
        }
    );
    let broken = original.document("{\n", &aws_config).unwrap();
    assert!(
        matches!(&broken, Outcome::Refused { exception, .. } if exception == "JSONDecodeError"),
        "{broken:?}"
    );
    assert_eq!(
        original.document(&routes, &aws_config).unwrap(),
        Outcome::Document(recording.expected)
    );
}

/// A shell that starts a child which ignores SIGTERM, and writes the child's id and its own folder.
fn stubborn(folder: &tempfile::TempDir) -> (Command, PathBuf) {
    let noted = folder.path().join("noted");
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(
            r#"sh -c 'trap "" TERM; while :; do sleep 1; done' & echo "$! $PWD" > "$0.part"
               mv "$0.part" "$0"; echo up; wait"#,
        )
        .arg(&noted);
    (command, noted)
}

fn noted(path: &PathBuf) -> (String, PathBuf) {
    let text = fs::read_to_string(path).unwrap();
    let (id, folder) = text.trim().split_once(' ').unwrap();
    (id.to_owned(), PathBuf::from(folder))
}

fn is_alive(process: &str) -> bool {
    Command::new("kill")
        .args(["-0", process])
        .output()
        .unwrap()
        .status
        .success()
}

#[test]
fn a_dropped_process_takes_its_stubborn_children_and_its_folder_along() {
    let folder = tempfile::tempdir().unwrap();
    let (command, note) = stubborn(&folder);
    let mut process = Guarded::start("a shell", &command).unwrap();
    process.wait_for_line("up", Duration::from_secs(60)).unwrap();
    let (child, scratch) = noted(&note);
    assert!(is_alive(&child) && scratch.exists());
    drop(process);
    wait_until("the child is still there", || !is_alive(&child));
    assert!(!scratch.exists());
}

#[test]
fn a_panic_ends_what_the_test_started() {
    let folder = tempfile::tempdir().unwrap();
    let (command, note) = stubborn(&folder);
    let outcome = thread::spawn(move || {
        let mut process = Guarded::start("a shell", &command).unwrap();
        process.wait_for_line("up", Duration::from_secs(60)).unwrap();
        panic!("as a failing test does");
    })
    .join();
    assert!(outcome.is_err());
    let (child, _) = noted(&note);
    wait_until("the child is still there", || !is_alive(&child));
}

/// Runs itself a second time, in a process that holds a guarded one, and kills that process.
#[test]
fn a_killed_test_process_leaves_nothing_running() {
    const HOLDER: &str = "BLUEGATE_TEST_HOLDER";
    if let Some(note) = env::var_os(HOLDER) {
        let mut command = Command::new("sh");
        command.args(["-c", r#"echo "$$ $PWD" > "$0.part"; mv "$0.part" "$0"; sleep 600"#]);
        command.arg(note);
        let _process = Guarded::start("a shell", &command).unwrap();
        thread::sleep(Duration::from_secs(600));
        unreachable!("the process that holds it is killed long before");
    }
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("noted");
    let mut holder = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_killed_test_process_leaves_nothing_running"])
        .env(HOLDER, &note)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("the process was not started", || note.exists());
    let (child, scratch) = noted(&note);
    assert!(is_alive(&child));
    holder.kill().unwrap();
    holder.wait().unwrap();
    wait_until("the process outlived its test", || !is_alive(&child));
    wait_until("its folder outlived it", || !scratch.exists());
}

#[test]
fn a_process_that_does_not_come_up_is_an_error_with_its_last_words() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo no port left >&2; exit 3"]);
    let mut process = Guarded::start("the service", &command).unwrap();
    let error = process
        .wait_for_line("listening on ", Duration::from_secs(60))
        .unwrap_err();
    assert_eq!(error.to_string(), "the service did not come up:\nno port left\n");
}

#[test]
fn a_run_that_takes_too_long_is_ended() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo begun; sleep 600"]);
    let finished = guard::run(&command, Duration::from_millis(300)).unwrap();
    assert_eq!(finished.status.code(), Some(124));
    assert_eq!(finished.stdout, "begun\n");
    let error = finished.success("sleeping").unwrap_err().to_string();
    assert!(
        error.contains("sleeping failed") && error.contains("ended after 0.3 seconds"),
        "{error}"
    );
}

#[test]
fn a_missing_program_is_named() {
    let finished = guard::run(&Command::new("no-such-program"), Duration::from_secs(60)).unwrap();
    assert_eq!(finished.status.code(), Some(127));
    assert!(finished.stderr.contains("no-such-program"), "{finished:?}");
}

#[test]
fn a_missing_requirements_file_is_named() {
    let error = Environment::ensure("no-such-requirements").unwrap_err();
    let file = place::script("no-such-requirements.txt");
    assert!(error.to_string().contains(&file.display().to_string()), "{error}");
}
