//! `bluegate local --state`: what was answered is there after the process was killed, wherever that was.

use std::collections::BTreeMap;
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

/// What was told of each thing at last: that it was made, is to be deleted, or was.
type Told = BTreeMap<String, char>;

fn tell(told: &mut Told, line: &str) {
    let mut characters = line.chars();
    let sign = characters.next().expect("a sign");
    told.insert(characters.as_str().trim().to_owned(), sign);
}

#[test]
fn every_answered_write_of_every_kind_is_there_after_a_kill_in_the_middle_of_writes() {
    let environment = Environment::ensure("moto").expect("boto3");
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path().join("state");
    let mut told = Told::new();
    for (name, answers) in [("a", 1), ("b", 17), ("c", 75)] {
        let gateway = Killed::start(&folder);
        is_there(&environment, &gateway, &told);
        let mut writer = client(&environment, &gateway, &["write", name])
            .stdout(Stdio::piped())
            .spawn()
            .expect("a writer");
        let mut lines = BufReader::new(writer.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok);
        let first: Vec<String> = lines.by_ref().take(answers).collect();
        assert_eq!(first.len(), answers, "{first:?}");
        drop(gateway);
        // Some more were answered before the gateway died.
        first.into_iter().chain(lines).for_each(|line| tell(&mut told, &line));
        writer.wait().expect("the writer's end");
    }
    is_there(&environment, &Killed::start(&folder), &told);
}

fn is_there(environment: &Environment, gateway: &Killed, told: &Told) {
    let read = guard::run(&client(environment, gateway, &["read"]), LIMIT).expect("a run");
    let read = read.success("reading").expect("success").stdout;
    let mut there = Told::new();
    read.lines().for_each(|line| tell(&mut there, line));
    for (thing, sign) in told {
        let is_right = match sign {
            '+' => there.contains_key(thing) || was_overwritten(told, thing),
            '-' => !there.contains_key(thing),
            _ => true,
        };
        assert!(is_right, "{sign} {thing} was answered, and there is\n{read}");
    }
}

/// Of settings of the account there is one, and who writes next does not know it.
fn was_overwritten(told: &Told, thing: &str) -> bool {
    let is_setting = |thing: &&String| thing.starts_with("account ");
    thing.starts_with("account ") && told.keys().filter(is_setting).any(|other| other.as_str() > thing)
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
