//! `bluegate init`.

use std::fs;

use crate::project::Project;

#[test]
fn a_starter_project_passes_its_own_check() {
    let project = Project::empty();
    let ran = project.run("init shop");
    ran.ends_with(0).says(&["cargo run", "bluegate deploy"]);
    for file in [
        "Cargo.toml",
        "src/main.rs",
        "routes.json",
        "routes.schema.json",
        "aws.config.json",
        "aws.config.schema.json",
        ".gitignore",
    ] {
        assert!(project.exists(&format!("shop/{file}")), "{file}");
    }
    assert!(project.read("shop/Cargo.toml").contains("name = \"shop\""));
    assert!(
        project
            .read("shop/Cargo.toml")
            .contains(&format!("bluegate = \"{}\"", env!("CARGO_PKG_VERSION")))
    );
    project
        .run("check --routes shop/routes.json --aws-config shop/aws.config.json --deny-warnings")
        .ends_with(0);
    for secret in ["access_key", "secret"] {
        assert!(!project.read("shop/aws.config.json").contains(secret), "{secret}");
    }
}

#[test]
fn a_file_in_the_way_stops_everything() {
    let project = Project::empty();
    for file in ["routes.json", "Cargo.toml", ".gitignore"] {
        project.write(file, "mine");
        let before = project.content();
        project
            .run("init --name shop")
            .ends_with(1)
            .says(&["nothing was written", file]);
        assert_eq!(project.content(), before);
        fs::remove_file(project.join(file)).unwrap();
    }
    project.write("shop", "a file where a folder is to be");
    let before = project.content();
    let ran = project.run("init shop");
    ran.ends_with(1).says(&["`shop` is no folder", "choose another folder"]);
    assert!(!ran.err.contains("--output"), "{ran:#?}");
    assert_eq!(project.content(), before);
}

#[test]
fn a_name_that_cargo_refuses_is_refused_and_one_can_be_given() {
    let project = Project::empty();
    let before = project.content();
    for line in [
        "init 1st",
        "init shop --name fn",
        "init shop --name bluegate",
        "init --name a/b",
    ] {
        project.run(line).ends_with(1).says(&["--name"]);
        assert_eq!(project.content(), before, "{line}");
    }
    project.run("init 1st --name first").ends_with(0);
    assert!(project.read("1st/Cargo.toml").contains("name = \"first\""));
}

#[test]
fn a_checkout_must_be_one() {
    let project = Project::empty();
    let before = project.content();
    project
        .run("init shop --path nowhere")
        .ends_with(1)
        .says(&["no checkout"]);
    project.run("init shop --path .").ends_with(1).says(&["no checkout"]);
    assert_eq!(project.content(), before);
}

#[test]
fn a_project_below_a_workspace_stands_alone() {
    let project = Project::empty();
    project.write("Cargo.toml", "[workspace]\nmembers = []\n");
    project.run("init shop").ends_with(0);
    assert!(project.read("shop/Cargo.toml").contains("\n[workspace]\n"));
}

#[test]
fn a_starter_project_compiles_without_a_warning() {
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a workspace");
    let project = Project::empty();
    let checkout = workspace.display().to_string();
    project.run_with(["init", "shop", "--path", &checkout]).ends_with(0);
    project.compiles("shop");
}
