//! The files that are read when nobody names them.

use std::fs;

use crate::answering_server::Server;
use crate::project::{AWS, Project, ROUTES};

/// With an API Gateway to call.
fn reaching(server: &Server, mut project: Project) -> Project {
    project.variable("AWS_ENDPOINT_URL", server.endpoint());
    project
}

#[test]
fn the_files_of_this_folder_are_used_and_told_unless_nothing_is_to_be_said() {
    let project = Project::new();
    let ran = project.run("check");
    ran.ends_with(0).says(&["Using routes.json", "Using aws.config.json"]);
    assert_eq!(project.run("check --quiet").ends_with(0).err, "");
    let named = project.run("check --routes routes.json --aws-config aws.config.json");
    assert!(!named.ends_with(0).err.contains("Using"), "{named:#?}");
}

#[test]
fn every_command_that_reads_files_finds_them() {
    for (line, files) in [
        ("check", 2),
        ("generate", 2),
        ("routes", 2),
        ("plan", 2),
        ("deploy --yes", 2),
        ("status", 2),
        ("diff file draft", 2),
        ("diff draft draft", 1),
        ("history", 1),
        ("export", 1),
        ("rollback --yes", 1),
        ("promote --yes", 1),
        ("abort --yes", 1),
        ("destroy --confirm x", 1),
    ] {
        let server = Server::gateway([]);
        let project = reaching(&server, Project::new());
        let ran = project.run(line);
        assert!(!ran.err.contains("Usage:"), "{line}: {ran:#?}");
        assert_eq!(ran.err.matches("       Using ").count(), files, "{line}: {ran:#?}");
        assert!(ran.err.contains("Using aws.config.json"), "{line}: {ran:#?}");
    }
}

#[test]
fn a_routes_file_may_be_yaml_but_not_two_at_once() {
    // JSON is YAML.
    let yaml = ROUTES;
    for name in ["routes.yaml", "routes.yml"] {
        let project = Project::empty();
        project.write(name, yaml);
        project.run("check").ends_with(0).says(&[&format!("Using {name}")]);
        project.write("routes.json", ROUTES);
        let ran = project.run("check");
        ran.ends_with(1)
            .says(&["`routes.json`", &format!("`{name}`"), "--routes routes.json"]);
        project.run("check --routes routes.json").ends_with(0);
    }
}

#[test]
fn a_file_that_is_not_there_is_told_with_where_it_was_looked_for() {
    let project = Project::empty();
    for line in ["check", "routes", "generate", "plan", "deploy"] {
        let ran = project.run(line);
        ran.ends_with(1).says(&[
            "`routes.json`, `routes.yaml`, `routes.yml`",
            "--routes",
            "bluegate init",
        ]);
    }
    for line in ["status", "history", "rollback", "destroy", "diff stage file"] {
        let ran = project.run(line);
        ran.ends_with(1)
            .says(&["`aws.config.json`", "--aws-config", "bluegate init"]);
    }
    project.write("routes.json", ROUTES);
    for line in ["deploy", "plan", "generate --compat"] {
        let ran = project.run(line);
        ran.ends_with(1)
            .says(&["Using routes.json", "`aws.config.json`", "--aws-config"]);
    }
    let json = project.run("deploy --format json").ends_with(1).out.clone();
    assert!(json.contains("\"kind\": \"no_file\""), "{json}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_taken_for_no_file() {
    let project = Project::empty();
    project.write("routes.json", ROUTES);
    std::os::unix::fs::symlink("nowhere", project.join("aws.config.json")).expect("a link");
    project
        .run("check")
        .ends_with(1)
        .says(&["cannot read `aws.config.json`"]);
}

#[test]
fn a_document_is_written_without_an_aws_file_when_nobody_has_or_wants_one() {
    let project = Project::new();
    project.run("generate").ends_with(0);
    assert!(project.read("swagger.yml").contains("backend.example.com"));
    project.run("generate --no-aws-config").ends_with(0);
    let both = project.run("generate --no-aws-config --compat");
    both.ends_with(2).says(&["'--compat'", "'--no-aws-config'"]);
    assert!(project.read("swagger.yml").contains("stageVariables.backend"));
    let other = Project::empty();
    other.write("routes.json", ROUTES);
    other.run("generate").ends_with(0);
    assert_eq!(other.read("swagger.yml"), project.read("swagger.yml"));
}

#[test]
fn a_routes_file_with_errors_that_nobody_named_does_not_hide_the_status() {
    let server = Server::gateway([]);
    let project = reaching(&server, Project::with("{}", AWS));
    project
        .run("status")
        .ends_with(0)
        .says(&["routes.json is not compared", "`bluegate check`"]);
    project.run("status --routes routes.json").ends_with(1);
    project.write("aws.config.json", "{");
    project.run("status").ends_with(1).never_says("is not compared");
    project.write("aws.config.json", AWS);
    fs::remove_file(project.join("routes.json")).expect("a file to remove");
    let ran = project.run("status");
    assert!(!ran.ends_with(0).err.contains("routes.json"), "{ran:#?}");
}

#[test]
fn what_is_on_this_machine_is_compared_without_an_aws_file_and_without_credentials() {
    let project = Project::new();
    fs::remove_file(project.path().join("aws.config.json")).expect("an AWS file");
    project.run("generate").ends_with(0);
    for versions in ["swagger.yml swagger.yml", "file swagger.yml"] {
        project.run(&format!("diff {versions}")).ends_with(0);
    }
    // A policy and settings of the file are compared where both sides have them.
    let with = |policy: &str, media: &str| {
        let keys = format!("\"policy\": {{\"Statement\": [\"{policy}\"]}}, \"binaryMediaTypes\": [\"{media}\"],");
        project.write(
            "routes.json",
            ROUTES.replacen("\"name\"", &format!("{keys} \"name\""), 1),
        );
    };
    with("a", "image/png");
    let ran = project.run("diff file swagger.yml");
    assert!(ran.ends_with(2).out.contains("resource policy"), "{ran:#?}");
    project.run("generate").ends_with(0);
    project.run("diff file swagger.yml").ends_with(0);
    with("b", "image/gif");
    let ran = project.run("diff swagger.yml file");
    for told in ["resource policy", "binary media types: image/png -> image/gif"] {
        assert!(ran.ends_with(2).out.contains(told), "{told}: {ran:#?}");
    }
    project
        .run("diff nothere.yml swagger.yml")
        .ends_with(1)
        .says(&["cannot read `nothere.yml`"]);
    project.run("diff draft swagger.yml").ends_with(1).says(&["AWS file"]);
}
