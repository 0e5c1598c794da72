//! The program that asks AWS, against emulators: they answer other things than AWS, but as AWS does.

use std::fs;
use std::process::Command;
use std::time::Duration;

use bluegate_tests::control;
use bluegate_tests::guard::{self, Finished, Guarded};
use bluegate_tests::http;
use bluegate_tests::localstack::LocalStack;
use bluegate_tests::moto::Moto;
use serde_json::{Value, json};

/// It takes seconds; a machine under load some more.
const LIMIT: Duration = Duration::from_secs(600);

/// The program at an emulator, with keys for it and nothing else that names an account.
fn probe(endpoint: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_probe"));
    for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"] {
        command.env_remove(name);
    }
    command
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "hush-hush");
    if let Some(endpoint) = endpoint {
        command.args(["--region", http::REGION, "--endpoint-url", endpoint]);
    }
    command
}

fn run(command: &Command) -> Finished {
    guard::run(command, LIMIT).expect("a run")
}

fn list(endpoint: &str, what: &str) -> Vec<Value> {
    let answer = control::api_gateway(endpoint, "GET", what, None).expect("a list");
    answer["item"].as_array().cloned().unwrap_or_default()
}

/// The names of all REST APIs and usage plans.
fn made(endpoint: &str) -> Vec<String> {
    let all = [list(endpoint, "/restapis"), list(endpoint, "/usageplans")].concat();
    let name = |one: &Value| one["name"].as_str().expect("a name").to_owned();
    all.iter().map(name).collect()
}

/// The answer of a row, and what was said.
fn row<'a>(report: &'a Value, name: &str) -> (&'a str, &'a str) {
    let rows = report["assumptions"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["name"] == name).expect("a row");
    (
        row["answer"].as_str().expect("an answer"),
        row["said"].as_str().expect("words"),
    )
}

#[test]
fn all_is_asked_reported_and_deleted() {
    let localstack = LocalStack::start().expect("LocalStack");
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = probe(Some(localstack.endpoint()));
    command
        .args(["--yes", "--paid", "--slow", "--format", "json", "--output"])
        .arg(folder.path());
    let finished = run(&command);
    // An emulator is not AWS.
    assert_eq!(finished.status.code(), Some(3), "{finished:?}");
    let report: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    assert_eq!(report["service"], "emulator");
    assert_eq!(report["left"], json!([]));
    let asked = report["assumptions"].as_array().expect("rows");
    let asked = asked.iter().filter(|row| row["answer"] != "not asked").count();
    assert!(asked > 50, "{asked}");
    for (name, answer, said) in [
        (
            "stages-exists",
            "right",
            "409 ConflictException \"Stage already exists\" (taken for already_exists)",
        ),
        ("document-models", "right", "200"),
        ("document-preflight-binary", "right", "OPTIONS is answered 200"),
        ("put-keeps", "wrong", "others now: ids of resources"),
        ("deployments-served", "wrong", "202"),
        ("put-half", "not asked", "nobody can make a put fail half way"),
    ] {
        let found = row(&report, name);
        assert_eq!(found.0, answer, "{name}: {found:?}");
        assert!(found.1.starts_with(said), "{name}: {found:?}");
    }
    // What others may see has no account in it, and no key.
    let written = fs::read_to_string(folder.path().join("report.json")).expect("a report");
    assert_eq!(written, finished.stdout);
    let recordings = fs::read_to_string(folder.path().join("recordings.json")).expect("recordings");
    for text in [&written, &recordings] {
        assert!(text.contains("111111111111"), "the account of examples");
        for secret in ["000000000000", "AKIAEXAMPLE", "hush-hush"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
    let recordings: Vec<Value> = serde_json::from_str(&recordings).expect("JSON");
    let put = recordings
        .iter()
        .find(|one| one["operation"] == "PutRestApi")
        .expect("a put");
    assert_eq!(put["status"], 200);
    assert_eq!(put["answer"]["id"], "<api:1>");
    assert!(
        put["recorded"]
            .as_str()
            .expect("a text")
            .starts_with("probe of an emulator: "),
        "{put}"
    );
    assert_eq!(made(localstack.endpoint()), [""; 0]);
}

#[test]
fn a_table_tells_what_is_wrong_and_what_follows() {
    let moto = Moto::start().expect("moto");
    let mut command = probe(Some(moto.endpoint()));
    command.args([
        "--yes",
        "--only",
        "put-keeps",
        "--only",
        "errors-not-found",
        "--only",
        "test-any",
    ]);
    let finished = run(&command);
    assert_eq!(finished.status.code(), Some(3), "{finished:?}");
    for part in [
        "\nright      errors-not-found  GetRestApi: 404 NotFoundException",
        "wrong      put-keeps         others now: ids of resources\n",
        "so: Reading back after the put shows other stages or a lost lock: the deployment ends and is undone.\n",
        "see deploy/src/steps/draft.rs\n",
        "refused    test-any          refused: TestInvokeMethod 500",
        "\n1 right, 1 wrong, 1 refused, 0 not asked\n",
    ] {
        assert!(finished.stdout.contains(part), "{part}: {finished:?}");
    }
    for part in [
        "asks 3 questions of the account 123456789012 in us-east-1",
        "costs 1 cent at most",
    ] {
        assert!(finished.stderr.contains(part), "{part}: {finished:?}");
    }
    assert_eq!(made(moto.endpoint()), [""; 0]);
}

#[test]
fn ctrl_c_in_the_midst_deletes_what_was_made() {
    let moto = Moto::start().expect("moto");
    let mut command = Command::new("sh");
    let script = r#""$@" & echo "process $!"; wait $!; echo "status $?""#;
    command.args(["-c", script, "sh"]);
    let probe = probe(Some(moto.endpoint()));
    command.arg(probe.get_program()).args(probe.get_args()).arg("--yes");
    command.envs(probe.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut running = Guarded::start("the probe", &command).expect("a process");
    let process = running.wait_for_line("process ", LIMIT).expect("its number");
    // This one leaves a usage plan.
    running
        .wait_for_line("probe: put-keeps-usage-plans: ", LIMIT)
        .expect("an answer");
    assert!(made(moto.endpoint()).len() > 1, "there is something to delete");
    // A shell gives what it runs in the background no Ctrl-C.
    let sent = Command::new("kill").args(["-TERM", &process]).status().expect("kill");
    assert!(sent.success());
    let status = running.wait_for_line("status ", LIMIT).expect("its end");
    assert_eq!(status, "130", "{}", running.printed());
    let printed = running.printed();
    assert!(
        printed.contains("probe: ending; what was made is deleted first"),
        "{printed}"
    );
    let row = printed.lines().find(|line| line.contains("errors-bad-document"));
    let row: Vec<&str> = row.expect("a row").split_whitespace().collect();
    assert_eq!(row.join(" "), "not asked errors-bad-document the run was ended");
    assert_eq!(made(moto.endpoint()), [""; 0], "{printed}");
}

#[test]
fn a_call_that_is_denied_is_a_row_and_no_end() {
    let (moto, _) = Moto::start_with_auth().expect("moto");
    let actions = [
        "apigateway:Get*",
        "apigateway:CreateRestApi",
        "apigateway:DeleteRestApi",
    ];
    let keys = moto.credentials("reader", &actions).expect("a user");
    let mut command = probe(Some(moto.endpoint()));
    command
        .env("AWS_ACCESS_KEY_ID", &keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key)
        .args(["--yes", "--only", "lock-tag", "--only", "errors-bad-document"]);
    let finished = run(&command);
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    let denied = "refused    lock-tag             refused: PutRestApi 403 AccessDeniedException";
    assert!(finished.stdout.contains(denied), "{finished:?}");
    assert!(
        finished.stdout.contains("\n0 right, 0 wrong, 2 refused, "),
        "{finished:?}"
    );
    assert!(!format!("{finished:?}").contains(&keys.secret_access_key));
    let left = moto.unverified(|| Ok(made(moto.endpoint()))).expect("a list");
    assert_eq!(left, [""; 0], "{finished:?}");
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_made() {
    let moto = Moto::start().expect("moto");
    let finished = run(&probe(Some(moto.endpoint())));
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    assert!(
        finished
            .stderr
            .contains("nobody is there to be asked: --yes goes on without"),
        "{finished:?}"
    );
    assert_eq!(finished.stdout, "");
    assert_eq!(made(moto.endpoint()), [""; 0]);
}

#[test]
fn what_an_earlier_run_left_is_deleted_and_nothing_else() {
    let moto = Moto::start().expect("moto");
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a time")
        .as_secs();
    let old = "bluegate-probe-1700000000-7".to_owned();
    let running = format!("bluegate-probe-{}-7", now - 60);
    for (name, tag) in [
        (&old, Some(&old)),
        (&running, Some(&running)),
        // Somebody gave it that name.
        (&"bluegate-probe-1700000000-8".to_owned(), None),
    ] {
        let tags = tag.map_or(json!({}), |tag| json!({"bluegate:probe": tag}));
        let body = json!({"name": name, "tags": tags});
        control::api_gateway(moto.endpoint(), "POST", "/restapis", Some(&body)).expect("an API");
    }
    let mut command = probe(Some(moto.endpoint()));
    command.args(["--yes", "--only", "errors-not-found"]);
    let finished = run(&command);
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    assert!(finished.stderr.contains(&format!("deleted {old} (")), "{finished:?}");
    assert!(
        finished
            .stderr
            .contains("it may belong to a run that is at work: it stays"),
        "{finished:?}"
    );
    let mut left = made(moto.endpoint());
    left.sort();
    assert_eq!(left, ["bluegate-probe-1700000000-8".to_owned(), running]);
}

#[test]
fn the_list_needs_no_credentials() {
    let mut command = probe(None);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .args(["--list", "--format", "json"]);
    let finished = run(&command)
        .success("listing")
        .unwrap_or_else(|error| panic!("{error}"));
    let listed: Vec<Value> = serde_json::from_str(&finished.stdout).expect("JSON");
    let names: Vec<&str> = listed.iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(
        names.contains(&"put-busy") && names.contains(&"errors-region"),
        "{names:?}"
    );
    assert_eq!(listed[0]["evidence"], "unverified");
}

#[test]
fn a_name_that_no_assumption_has_is_no_command_line() {
    let mut command = probe(None);
    command.args(["--only", "put-staus"]);
    let finished = run(&command);
    assert_eq!(finished.status.code(), Some(2), "{finished:?}");
    assert!(finished.stderr.contains("--list shows them"), "{finished:?}");
}
