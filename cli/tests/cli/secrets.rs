//! Credentials are on no output, whatever is wrong with the file that holds them.

use crate::project::{AWS, KEY_ID, Project, ROUTES, SECRET};

const TOKEN: &str = "IQoJb3JpZ2luX2VjEJ3EXAMPLETOKEN";

/// AWS files that are broken around, before and inside the credentials.
fn broken() -> Vec<String> {
    let aws = AWS.replace(
        "EXAMPLEKEY\"\n",
        &format!("EXAMPLEKEY\",\n    \"session_token\": \"{TOKEN}\"\n"),
    );
    let mut files = vec![
        aws.clone(),
        aws.replace("\"secret_access_key\":", "\"secret_access_key\""),
        aws.replace(&format!("\"{SECRET}\""), SECRET),
        aws.replace(&format!("\"{SECRET}\""), &format!("\"{SECRET}")),
        aws.replace(&format!("\"{SECRET}\""), &format!("[\"{SECRET}\"]")),
        aws.replace(&format!("\"{SECRET}\""), &format!("{{\"x\": \"{SECRET}\"}}")),
        aws.replace("\"access_key_id\":", "\"acess_key_id\":"),
        aws.replace("\"secret_access_key\":", "\"secret\":"),
        aws.replace(&format!("\"{KEY_ID}\""), "null"),
        aws.replace(&format!("\"{KEY_ID}\","), &format!("\"{KEY_ID}\"")),
        aws.replace("\"aws\": {", "\"aws\": {{"),
        aws.replace("\"region\": \"eu-west-1\"", "\"region\": 5"),
        aws.replace('\n', ""),
        aws.replace('\n', "").replace("\"aws\":", "\"aws\""),
        aws.replace("\"stage\": \"dev\"", "\"stage\": \"no stage\""),
        aws.replace("  \"aws\": {", "  \"apiGateway\": {"),
        aws.replace(SECRET, &format!("{SECRET}\\q")),
        aws.replace(SECRET, &format!("{SECRET}\u{7}")),
        // Values at the wrong place.
        aws.replace("\"eu-west-1\"", &format!("\"{SECRET}\"")),
        aws.replace("\"dev\"", &format!("\"{SECRET}\"")),
        aws.replace("\"abc123def4\"", &format!("\"{SECRET}\"")),
        aws.replace("https://backend.example.com/", SECRET),
        aws.replace("https://backend.example.com/", &format!("https://host/?{SECRET}")),
        aws.replace("\"/dev\"", &format!("\"{SECRET}\"")),
        aws.replace("\"access_key_id\"", &format!("\"{KEY_ID}\"")),
        aws.replace("\"secret_access_key\"", &format!("\"{SECRET}\"")),
        format!("\"{SECRET}\""),
        format!("{SECRET} {KEY_ID} {TOKEN}"),
        format!("[\"{SECRET}\", \"{KEY_ID}\", \"{TOKEN}\"]"),
    ];
    // The file ends anywhere.
    files.extend((0..aws.len()).step_by(7).map(|end| aws[..end].to_owned()));
    files
}

#[test]
fn no_broken_aws_file_makes_a_secret_appear() {
    let mut wrong = Vec::new();
    for (nth, aws) in broken().iter().enumerate() {
        let project = Project::with(ROUTES, aws);
        for command in [
            "check --routes routes.json --aws-config aws.config.json",
            "check --routes routes.json --aws-config aws.config.json --format json",
            "deploy --routes routes.json --aws-config aws.config.json --timeout 1",
        ] {
            let ran = project.run(command);
            for secret in [SECRET, KEY_ID, TOKEN, &SECRET[..12], &KEY_ID[..12], &TOKEN[..12]] {
                if ran.out.contains(secret) || ran.err.contains(secret) {
                    wrong.push(format!("file {nth}, {command}: `{secret}` in {ran:#?}\n{aws}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} leaks, the first: {}", wrong.len(), wrong[0]);
}

#[cfg(unix)]
#[test]
fn keys_that_others_can_read_are_warned_about() {
    let project = Project::new();
    for (mode, warned) in [(0o600, false), (0o400, false), (0o640, true), (0o644, true)] {
        project.mode("aws.config.json", mode);
        let ran = project.run("check --routes routes.json --aws-config aws.config.json");
        ran.ends_with(0);
        assert_eq!(ran.err.contains("warning[BG0207]"), warned, "{mode:o}: {ran:#?}");
    }
    // Without keys there is nothing to hide.
    let keyless = AWS.replace(KEY_ID, "").replace(SECRET, "");
    let project = Project::with(ROUTES, &keyless);
    project.mode("aws.config.json", 0o644);
    let ran = project.run("check --routes routes.json --aws-config aws.config.json");
    ran.ends_with(0).never_says("BG0207");
}

#[cfg(unix)]
#[test]
fn the_secret_is_in_no_process_list() {
    use std::io::Read as _;
    use std::net::TcpListener;

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut project = Project::new();
    project.variable(
        "AWS_ENDPOINT_URL",
        &format!("http://{}", listener.local_addr().unwrap()),
    );
    let mut child = project
        .command(["deploy", "--routes", "routes.json", "--aws-config", "aws.config.json"])
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // It waits for an answer: now everything is read and in use.
    let (mut stream, _) = listener.accept().unwrap();
    let mut byte = [0_u8; 1];
    stream.read_exact(&mut byte).unwrap();
    let mut shown = Vec::new();
    for name in ["cmdline", "environ"] {
        shown.extend(std::fs::read(format!("/proc/{}/{name}", child.id())).unwrap_or_default());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!String::from_utf8_lossy(&shown).contains(SECRET));
}

#[test]
fn an_aws_file_in_the_place_of_the_routes_file_keeps_its_secrets() {
    let one_line = AWS.replace('\n', "");
    let misplaced = one_line.replace("\"region\"", &format!("\"{KEY_ID}\""));
    for aws in [one_line, misplaced] {
        let project = Project::with(ROUTES, &aws);
        for command in ["check", "check --format json", "generate", "routes", "deploy"] {
            let ran = project.run(&format!("{command} --routes aws.config.json --aws-config routes.json"));
            ran.ends_with(1).never_says(SECRET).never_says(KEY_ID);
        }
    }
}
