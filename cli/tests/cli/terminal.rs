//! What is different on a terminal: a question before the first write, and tables of its width.

use std::process::Command;

use crate::answering_server::Server;
use crate::project::Project;

/// Runs a command on a terminal of 60 columns, answers its question or what it waits for, and prints what the terminal showed.
const ON_A_TERMINAL: &str = r#"
import fcntl, os, pty, struct, sys, termios
answer, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
    os.execvp(command[0], command)
shown, answered = b"", False
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        part = b""
    if not part:
        break
    shown += part
    waits = (b"[y/N]", b"type its name:", b"waits for a line")
    if any(words in shown for words in waits) and not answered:
        answered = True
        os.write(terminal, answer.encode() + b"\n")
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

/// The exit code, and what the terminal showed.
pub(crate) fn on_a_terminal(project: &Project, answer: &str, line: &str) -> (i32, String) {
    by_way_of(project, &[], answer, line)
}

/// The same for a program that is started by others.
fn by_way_of(project: &Project, others: &[&str], answer: &str, line: &str) -> (i32, String) {
    let inner = project.command(line.split_whitespace());
    let mut command = Command::new("python3");
    command
        .args(["-c", ON_A_TERMINAL, answer])
        .args(others)
        .arg(inner.get_program())
        .args(inner.get_args());
    command.current_dir(project.path()).env_clear().env("TERM", "xterm");
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let output = command.output().expect("a machine that runs these tests has Python");
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

fn deploy(answer: &str, more: &str) -> (i32, String, usize) {
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    let line = format!("deploy --routes routes.json --aws-config aws.config.json {more}");
    let (code, shown) = on_a_terminal(&project, answer, &line);
    assert!(!project.exists("swagger.yml"));
    (code, shown, server.writes().len())
}

#[test]
fn deploy_asks_before_the_first_write() {
    for (answer, code, writes) in [("y", 0, 6), ("YES", 0, 6), ("n", 1, 0), ("", 1, 0), ("what?", 1, 0)] {
        let (ended, shown, asked) = deploy(answer, "");
        assert!(
            shown.contains("replace the definition of the API `Shop API` (abc123def4)"),
            "{shown}"
        );
        assert_eq!((ended, asked), (code, writes), "{answer}: {shown}");
        assert_eq!(shown.contains("nothing was changed"), code == 1, "{shown}");
    }
}

#[test]
fn nobody_who_cannot_see_the_question_is_taken_to_say_yes() {
    let server = Server::gateway([]);
    let mut project = Project::new();
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project.variable("PATH", "/usr/bin:/bin");
    let hidden = ["sh", "-c", "exec \"$0\" \"$@\" 2>said.txt"];
    let (code, _) = by_way_of(&project, &hidden, "y", "deploy");
    assert_eq!((code, server.writes().len()), (1, 0));
    let said = project.read("said.txt");
    assert!(said.contains("standard error is redirected: add `--yes`"), "{said}");
    let (code, _) = by_way_of(&project, &hidden, "y", "deploy --yes");
    assert_eq!((code, server.writes().len()), (0, 6));
}

#[test]
fn deploy_does_not_ask_who_said_yes() {
    let (code, shown, calls) = deploy("n", "--yes");
    assert_eq!((code, calls), (0, 6), "{shown}");
    assert!(!shown.contains("[y/N]"), "{shown}");
}

#[test]
fn a_table_fits_the_terminal_and_is_coloured() {
    let project = Project::new();
    let (code, shown) = on_a_terminal(&project, "", "routes --routes routes.json");
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains('\u{1b}') && shown.contains('…'), "{shown:?}");
    let (_, plain) = on_a_terminal(&project, "", "routes --routes routes.json --color never --quiet");
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    for line in plain.lines() {
        assert!(line.chars().count() <= 60, "{line:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn who_types_r_at_bluegate_dev_has_its_service_started_again() {
    let project = Project::new();
    // The second one ends the command.
    let service = r#"
        echo started >> starts
        echo it waits for a line
        if test $(wc -l < starts) = 2; then
            process=$$
            until grep -q '^Name:.bluegate' /proc/$process/status; do
                process=$(sed -n 's/^PPid:.//p' /proc/$process/status)
            done
            kill $process
        fi
        sleep 600
    "#;
    project.write("run.sh", service);
    project.mode("run.sh", 0o700);
    let (code, shown) = on_a_terminal(&project, "r", "dev --listen 127.0.0.1:0 --run ./run.sh");
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Restarting"), "{shown}");
    assert_eq!(project.read("starts"), "started\nstarted\n");
}
