//! `bluegate local --state`: what was answered is there after the process was killed, wherever that was.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bluegate_tests::binaries::{Profile, Program};
use bluegate_tests::guard;
use bluegate_tests::python::Environment;

const LIMIT: Duration = Duration::from_secs(120);

/// A gateway that is killed like any process whose machine fails.
struct Killed {
    process: Child,
    endpoint: String,
}

impl Killed {
    fn start(folder: &Path) -> Self {
        let program = Program::Bluegate.build(Profile::Dev).expect("the command");
        let mut process = Command::new(program)
            .args(["local", "--listen", "127.0.0.1:0", "--state"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a process");
        let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let endpoint = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("AWS_ENDPOINT_URL=").map(str::to_owned));
        Self {
            process,
            endpoint: endpoint.expect("an address"),
        }
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // SIGKILL: nothing is tidied up.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn client(environment: &Environment, gateway: &Killed, arguments: &[&str]) -> Command {
    let mut command = environment.script("control_writer.py");
    command.arg(&gateway.endpoint).args(arguments);
    command
}

#[test]
fn every_answered_write_is_there_after_a_kill_in_the_middle_of_writes() {
    let environment = Environment::ensure("moto").expect("boto3");
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path().join("state");
    let mut apis: Vec<(String, Vec<String>)> = Vec::new();
    for answers in [1, 7, 40] {
        let gateway = Killed::start(&folder);
        for (api, written) in &apis {
            there(&environment, &gateway, api, written);
        }
        let mut writer = client(&environment, &gateway, &["write"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("a writer");
        let mut lines = BufReader::new(writer.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok);
        let api = lines.next().expect("an API");
        let mut written: Vec<String> = lines.by_ref().take(answers).collect();
        assert_eq!(written.len(), answers);
        drop(gateway);
        // Some more were answered before the gateway died.
        written.extend(lines);
        writer.wait().expect("the writer's end");
        apis.push((api, written));
    }
    let gateway = Killed::start(&folder);
    for (api, written) in &apis {
        there(&environment, &gateway, api, written);
    }
}

fn there(environment: &Environment, gateway: &Killed, api: &str, written: &[String]) {
    let read = guard::run(&client(environment, gateway, &["read", api]), LIMIT).expect("a run");
    let read = read.success("reading").expect("success").stdout;
    let paths: Vec<&str> = read.lines().collect();
    for path in written {
        assert!(
            paths.contains(&path.as_str()),
            "{path} was answered, and is not among {paths:?}"
        );
    }
}

#[test]
fn a_state_that_cannot_be_read_stops_the_start_and_says_where() {
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path().join("state");
    drop(Killed::start(&folder));
    fs::write(folder.join("control.journal"), "broken\nand broken again\n").expect("a file");
    let program = Program::Bluegate.build(Profile::Dev).expect("the command");
    let mut command = Command::new(program);
    command
        .args(["local", "--listen", "127.0.0.1:0", "--state"])
        .arg(&folder);
    let ended = guard::run(&command, LIMIT).expect("a run");
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(
        ended.stderr.contains("line 1") && ended.stderr.contains("control.journal"),
        "{ended:?}"
    );
}
