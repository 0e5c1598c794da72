//! What is written where, and what is never touched.

use std::fs;
use std::os::unix::fs::symlink;

use crate::project::{Project, ROUTES};

const GENERATE: &str = "generate --routes routes.json --aws-config aws.config.json";

#[test]
fn the_document_goes_to_swagger_yml_by_default() {
    let project = Project::new();
    let ran = project.run(GENERATE);
    ran.ends_with(0).says(&["Wrote", "swagger.yml"]);
    assert_eq!(ran.out, "");
    assert!(project.read("swagger.yml").starts_with("openapi:"));
}

#[test]
fn the_extension_decides_between_yaml_and_json_unless_the_format_is_given() {
    let project = Project::new();
    for (arguments, file, json) in [
        ("--output-openapifile-path a.json", "a.json", true),
        ("--output-openapifile-path b.yaml", "b.yaml", false),
        ("--output-openapifile-path c.json --format yaml", "c.json", false),
        ("--output-openapifile-path d --format json", "d", true),
    ] {
        project.run(&format!("{GENERATE} {arguments}")).ends_with(0);
        let parsed = serde_json::from_str::<serde_json::Value>(&project.read(file));
        assert_eq!(parsed.is_ok(), json, "{arguments}");
    }
}

#[test]
fn a_dash_is_standard_output_and_leaves_no_file() {
    let project = Project::new();
    let before = project.content();
    let ran = project.run(&format!("{GENERATE} --output-openapifile-path - --format json"));
    ran.ends_with(0);
    assert_eq!(ran.json()["openapi"], "3.0.1");
    assert_eq!(project.content(), before);
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let project = Project::new();
    let one = project.run(&format!("{GENERATE} --output-openapifile-path -"));
    let two = project.run(&format!("{GENERATE} --output-openapifile-path -"));
    assert_eq!(one.out, two.out);
}

#[test]
fn no_input_is_ever_overwritten_under_any_spelling() {
    let project = Project::new();
    fs::create_dir(project.join("sub")).unwrap();
    symlink(project.join("routes.json"), project.join("link.json")).unwrap();
    symlink("link.json", project.join("link-of-link.json")).unwrap();
    symlink(".", project.join("here")).unwrap();
    fs::hard_link(project.join("routes.json"), project.join("hard.json")).unwrap();
    let absolute = project.join("routes.json").display().to_string();
    let before = project.content();
    for path in [
        "routes.json",
        "./routes.json",
        "sub/../routes.json",
        "link.json",
        "link-of-link.json",
        "here/routes.json",
        "hard.json",
        "aws.config.json",
        &absolute,
    ] {
        for command in ["generate", "deploy --keep-output-openapifile", "deploy"] {
            let ran = project.run(&format!(
                "{command} --routes routes.json --aws-config aws.config.json --output-openapifile-path {path}"
            ));
            ran.ends_with(1).says(&["would be overwritten"]);
            assert_eq!(project.content(), before, "{command} {path}");
        }
    }
    // The routes file may itself be given by a link.
    let ran = project.run("generate --routes link.json --output-openapifile-path routes.json");
    ran.ends_with(1).says(&["would be overwritten"]);
    assert_eq!(project.read("routes.json"), ROUTES);
}

#[test]
fn a_place_that_cannot_be_written_is_named_and_nothing_is_left() {
    let project = Project::new();
    fs::create_dir(project.join("folder")).unwrap();
    project.write("read-only.yml", "mine");
    project.mode("read-only.yml", 0o444);
    let before = project.content();
    for (path, says) in [
        ("folder", "folder"),
        ("no/such/folder/out.yml", "mkdir -p no/such/folder"),
        ("routes.json/out.yml", "routes.json/out.yml"),
        ("read-only.yml", "read-only"),
        ("..", ".."),
        ("/proc/nope/out.yml", "/proc/nope"),
    ] {
        for command in ["generate", "deploy --keep-output-openapifile"] {
            let ran = project.run(&format!(
                "{command} --routes routes.json --aws-config aws.config.json --output-openapifile-path {path}"
            ));
            ran.ends_with(1).says(&["error: cannot write", says]);
            assert_eq!(project.content(), before, "{command} {path}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_new_document_is_as_open_to_others_as_any_new_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new();
    project.run("generate").ends_with(0);
    project.write("other.yml", "");
    let mode = |name: &str| fs::metadata(project.join(name)).unwrap().permissions().mode();
    assert_eq!(mode("swagger.yml"), mode("other.yml"));
}

#[test]
fn an_old_document_is_replaced_through_a_link_with_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new();
    project.write("real.yml", "old");
    project.mode("real.yml", 0o640);
    symlink("real.yml", project.join("swagger.yml")).unwrap();
    project.run(GENERATE).ends_with(0);
    assert!(project.join("swagger.yml").symlink_metadata().unwrap().is_symlink());
    assert!(project.read("real.yml").starts_with("openapi:"));
    let mode = fs::metadata(project.join("real.yml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn a_device_is_written_to_and_not_replaced() {
    let project = Project::new();
    let before = project.content();
    let ran = project.run(&format!("{GENERATE} --output-openapifile-path /dev/stdout"));
    ran.ends_with(0);
    assert!(ran.out.starts_with("openapi:"), "{ran:#?}");
    project
        .run(&format!("{GENERATE} --output-openapifile-path /dev/null"))
        .ends_with(0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    assert_eq!(project.content(), before);
}

#[test]
fn an_old_document_survives_a_routes_file_with_errors() {
    let project = Project::with(&ROUTES.replace("\"GET\"", "\"GTE\""), "{\"apiGateway\": {}}");
    project.write("swagger.yml", "old");
    project.run(GENERATE).ends_with(1);
    assert_eq!(project.read("swagger.yml"), "old");
}

#[test]
fn deploy_leaves_no_document_behind_when_it_fails() {
    let project = Project::new();
    let before = project.content();
    project.deploy("--timeout 2").ends_with(1);
    assert_eq!(project.content(), before);
}

#[test]
fn deploy_keeps_the_document_when_told_to_even_when_it_fails() {
    let project = Project::new();
    project
        .deploy("--timeout 2 --keep-output-openapifile true")
        .ends_with(1);
    assert!(project.read("swagger.yml").starts_with("openapi:"));
}

#[test]
fn deploy_touches_no_document_that_was_there_before() {
    let project = Project::new();
    project.write("swagger.yml", "mine");
    project.deploy("--timeout 2").ends_with(1).says(&["was there before"]);
    assert_eq!(project.read("swagger.yml"), "mine");
    // A link that leads nowhere is somebody's too.
    let project = Project::new();
    symlink("nowhere", project.join("swagger.yml")).unwrap();
    project.deploy("--timeout 2").ends_with(1);
    assert!(project.exists("swagger.yml") && !project.exists("nowhere"));
}
