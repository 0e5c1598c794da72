//! What crates depend on: the arrows of the map in CONTRIBUTING never point up.

use std::path::Path;
use std::process::Command;

/// The packages that one is built of, itself included.
fn built_of(package: &str, features: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--package",
            package,
        ])
        .args(features)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let names = said.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

fn has_any(packages: &[String], starts: &[&str]) -> bool {
    packages
        .iter()
        .any(|name| starts.iter().any(|start| name.starts_with(start)))
}

#[test]
fn core_has_no_runtime_no_server_and_no_sdk() {
    let core = built_of("bluegate-core", &["--all-features"]);
    assert!(has_any(&core, &["serde"]), "{core:?}");
    assert!(
        !has_any(&core, &["aws-", "axum", "hyper", "tokio", "tower"]),
        "{core:?}"
    );
}

#[test]
fn deploying_without_the_sdk_takes_none_of_its_crates() {
    let sdk = ["aws-", "axum", "hyper", "rustls"];
    let whole = built_of("bluegate-deploy", &[]);
    assert!(has_any(&whole, &sdk), "{whole:?}");
    let without = built_of("bluegate-deploy", &["--no-default-features", "--features", "fake"]);
    assert!(has_any(&without, &["tokio"]), "{without:?}");
    assert!(!has_any(&without, &sdk), "{without:?}");
}
