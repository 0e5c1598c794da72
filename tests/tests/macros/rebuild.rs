//! Cargo compiles a crate anew when its routes file changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bluegate_tests::place;

const ROUTES: &str = r#"{"blueprint": {"name": "rebuilt", "resources": [
    {"name": "pages", "methods": [{"path": "/", "actions": [{"type": "GET"}]}]}
]}}"#;

const MAIN: &str = r#"
struct Pages;

#[bluegate::resource(name = "pages")]
impl Pages {
    async fn get() -> &'static str { "page" }
}

fn main() {
    let _: axum::Router = bluegate::routes!("routes.json");
}
"#;

fn project() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("rebuilt")
}

fn check() -> Output {
    Command::new(env!("CARGO"))
        .args(["check", "--offline", "--color", "never", "-v"])
        .current_dir(project())
        .env("CARGO_TARGET_DIR", place::written())
        .output()
        .unwrap()
}

/// Writes a file as someone would some time later: Cargo compares whole seconds on some file systems.
fn write_later(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(2);
    fs::File::options()
        .append(true)
        .open(path)
        .unwrap()
        .set_modified(later)
        .unwrap();
}

#[test]
fn a_changed_routes_file_is_noticed_after_success_and_after_failure() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let project = project();
    fs::create_dir_all(project.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"rebuilt\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         axum = {{ version = \"0.8.9\", default-features = false }}\nbluegate = {{ path = {root:?} }}\n\n[workspace]\n"
    );
    fs::write(project.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    fs::write(project.join("src/main.rs"), MAIN).unwrap();
    let routes = project.join("routes.json");
    fs::write(&routes, ROUTES).unwrap();

    let text = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let first = check();
    assert!(first.status.success(), "{}", text(&first));

    let again = check();
    assert!(text(&again).contains("Fresh rebuilt"), "{}", text(&again));

    // An action whose handler is missing: nothing but the routes file says so.
    write_later(&routes, &ROUTES.replace("GET", "POST"));
    let broken = check();
    assert!(!broken.status.success());
    assert!(
        text(&broken).contains("`POST /` needs a handler named `post`"),
        "{}",
        text(&broken)
    );

    // Not even JSON.
    write_later(&routes, "{");
    let worse = check();
    assert!(!worse.status.success());
    assert!(text(&worse).contains("--> routes.json:1:"), "{}", text(&worse));

    write_later(&routes, ROUTES);
    let mended = check();
    assert!(mended.status.success(), "{}", text(&mended));
}
