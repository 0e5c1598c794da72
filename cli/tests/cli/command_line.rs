//! Command lines that make no sense, help, colours, and pipes that close.

use std::io::Read as _;
use std::process::Stdio;

use crate::project::{Project, ROUTES};

#[test]
fn a_command_line_without_sense_ends_with_2_and_writes_nothing() {
    let project = Project::new();
    let before = project.content();
    for (line, says) in [
        ("", "Usage"),
        ("chek --routes routes.json", "check"),
        ("check --rotes routes.json", "--routes"),
        ("check --routes", "--routes"),
        ("check routes.json", "routes.json"),
        ("check --routes routes.json --format xml", "text, json"),
        ("check --routes routes.json --color blue", "auto"),
        ("check --routes routes.json --routes routes.json", "--routes"),
        ("generate --routes routes.json --format toml", "yaml"),
        (
            "deploy --routes routes.json --aws-config aws.config.json --timeout 0",
            "--timeout",
        ),
        (
            "deploy --routes routes.json --aws-config aws.config.json --timeout soon",
            "--timeout",
        ),
        (
            "deploy --routes routes.json --aws-config aws.config.json --keep-output-openapifile=",
            "keep",
        ),
        (
            "deploy --routes routes.json --aws-config aws.config.json --keep-output-openapifile=maybe",
            "keep",
        ),
        (
            "deploy --routes routes.json --aws-config aws.config.json --output-openapifile-path -",
            "generate",
        ),
        (
            "check --routes routes.json --aws-config aws.config.json --no-aws-config",
            "--no-aws-config",
        ),
        ("deploy --stage v/1", "letters, digits"),
        ("deploy --stage=", "letters, digits"),
        ("diff stage: file", "a stage's name"),
        ("diff prod file!", "the path of a document"),
        ("iam-policy --region mars", "`eu-west-1`"),
        ("help chek", "chek"),
        ("promote --allow-drift", "--allow-drift"),
        ("rollback --allow-canary", "--allow-canary"),
        ("schema", "<FILE>"),
        ("schema openapi", "routes"),
        ("completions tcsh", "bash"),
        ("explain BG0001 BG0002", "BG0002"),
    ] {
        let ran = project.run(line);
        ran.ends_with(2).says(&[says]);
        assert_eq!(ran.out, "", "{line}");
        assert_eq!(project.content(), before, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_are_no_trouble() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let project = Project::new();
    let strange = OsStr::from_bytes(b"no-\xff-text.json");
    project
        .run_with([OsStr::new("check"), OsStr::new("--routes"), strange])
        .ends_with(1);
    project.run_with([strange]).ends_with(2);
}

#[test]
fn every_command_has_help_with_examples_on_standard_output() {
    let project = Project::empty();
    for command in [
        "check",
        "generate",
        "deploy",
        "history",
        "status",
        "diff",
        "export",
        "rollback",
        "promote",
        "abort",
        "destroy",
        "routes",
        "schema",
        "explain",
        "completions",
        "init",
    ] {
        let ran = project.run(&format!("{command} --help"));
        ran.ends_with(0);
        assert_eq!(ran.err, "", "{command}");
        assert!(
            ran.out.contains("Examples:") && ran.out.contains("Example: `"),
            "{command}: {}",
            ran.out
        );
        project.run(&format!("{command} -h")).ends_with(0);
        assert_eq!(project.run(&format!("help {command}")).ends_with(0).out, ran.out);
    }
    let ran = project.run("--help");
    assert!(ran.ends_with(0).out.contains("Exit codes:"), "{ran:#?}");
}

#[test]
fn the_version_is_the_one_of_the_package() {
    let project = Project::empty();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        project.run("--version").ends_with(0).out,
        format!("bluegate {version}\n")
    );
    assert!(project.run("deploy --version").ends_with(0).out.contains(version));
}

#[test]
fn colours_are_used_when_asked_for_and_never_in_a_pipe() {
    let escape = '\u{1b}';
    let mut project = Project::with(&ROUTES.replace("\"GET\"", "\"GTE\""), "{}");
    let line = "check --routes routes.json";
    assert!(!project.run(line).err.contains(escape));
    assert!(project.run(&format!("{line} --color always")).err.contains(escape));
    assert!(project.run(&format!("--color=always {line}")).err.contains(escape));
    project.variable("CLICOLOR_FORCE", "1");
    assert!(project.run(line).err.contains(escape));
    project.variable("CLICOLOR_FORCE", "0");
    assert!(!project.run(line).err.contains(escape));
    assert!(!project.run("--help").out.contains(escape));
    project.variable("CLICOLOR_FORCE", "1");
    project.variable("NO_COLOR", "1");
    assert!(!project.run(&format!("{line} --color never")).err.contains(escape));
    // What was said on the command line wins.
    assert!(project.run(&format!("{line} --color always")).err.contains(escape));

    let mut project = Project::new();
    assert!(!project.run("routes --routes routes.json").out.contains(escape));
    project.variable("NO_COLOR", "1");
    assert!(!project.run("routes --routes routes.json").out.contains(escape));
    assert!(
        project
            .run("routes --routes routes.json --color always")
            .out
            .contains(escape)
    );
    assert!(!project.run("--help --color never").out.contains(escape));
    assert!(project.run("--help --color always").out.contains(escape));
}

#[test]
fn quiet_silences_what_is_no_warning() {
    let project = Project::new();
    assert_eq!(project.run("-q check --routes routes.json").ends_with(0).err, "");
    assert_eq!(project.run("generate -q --routes routes.json").ends_with(0).err, "");
    assert_eq!(project.run("routes --quiet --routes routes.json").ends_with(0).err, "");
    project.write("routes.json", ROUTES.replace("\"GET\"", "\"get\""));
    project
        .run("-q check --routes routes.json")
        .ends_with(0)
        .says(&["warning[BG0011]"]);
}

#[test]
fn a_pipe_that_closes_early_is_no_failure() {
    let project = Project::new();
    for line in [
        "explain --format json",
        "schema routes",
        "completions bash",
        "routes --routes routes.json",
        "check --routes routes.json --format json",
        "generate --routes routes.json --output-openapifile-path -",
        "--help",
    ] {
        // The reader is gone before the first byte.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = project
            .command(line.split(' '))
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{line}: {err}");
        assert!(
            !err.contains("panicked") && !err.contains("Broken pipe"),
            "{line}: {err}"
        );
    }
}

#[test]
fn findings_end_with_1_though_nobody_listens() {
    let project = Project::with("{", "{}");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = project
        .command(["check", "--routes", "routes.json"])
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_full_disk_behind_standard_output_is_told() {
    let project = Project::new();
    for line in [["schema", "routes"], ["schema", "--help"]] {
        let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
            // Only Linux has it.
            return;
        };
        let output = project
            .command(line)
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{line:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
    }
}

#[test]
fn completions_are_printed_for_every_shell() {
    let project = Project::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = project.run(&format!("completions {shell}"));
        ran.ends_with(0);
        for word in ["bluegate", "deploy", "aws-config"] {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_completions_of_bash_are_a_script_that_bash_reads() {
    let project = Project::empty();
    let script = project.run("completions bash").out;
    project.write("completions.bash", script);
    let status = std::process::Command::new("bash")
        .arg("-n")
        .arg(project.join("completions.bash"))
        .status()
        .expect("a machine that runs these tests has bash");
    assert!(status.success());
}
