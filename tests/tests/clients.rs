//! Clients that are generated of the document for clients compile, and talk to the bookshop through the local gateway.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bluegate_tests::binaries::{Profile, Program};
use bluegate_tests::bookshop::Bookshop;
use bluegate_tests::guard::{self, Finished};
use bluegate_tests::local::LocalGateway;
use bluegate_tests::node::Node;
use bluegate_tests::place;
use bluegate_tests::python::Environment;
use bluegate_tests::schemathesis::Schemathesis;
use bluegate_tests::validators::{Document, validate};
use serde_json::{Value, json};
use tempfile::TempDir;

const LIMIT: Duration = Duration::from_secs(300);

/// The bookshop behind the local gateway, and a folder with its files.
struct Shop {
    folder: TempDir,
    url: String,
    _gateway: LocalGateway,
    _service: Bookshop,
}

impl Shop {
    fn deployed() -> Self {
        let service = Bookshop::start().expect("the bookshop");
        let gateway = LocalGateway::start().expect("the gateway");
        let folder = tempfile::tempdir().expect("a folder");
        let aws = Bookshop::aws_file(None, service.url()).expect("an AWS file");
        fs::write(folder.path().join("aws.config.json"), aws.to_string()).expect("written");
        write_routes(folder.path());
        let mut command = bluegate(folder.path());
        command
            .args(["--quiet", "deploy", "--create", "--yes"])
            .env("AWS_ENDPOINT_URL", gateway.endpoint());
        let deployed = run(&command, "deploying the bookshop");
        let url = deployed.stdout.trim().trim_end_matches('/').to_owned();
        Self {
            folder,
            url,
            _gateway: gateway,
            _service: service,
        }
    }

    /// Writes the document for clients.
    fn document(&self, edition: &str) -> PathBuf {
        let mut command = bluegate(self.folder.path());
        command
            .args(["generate", "--public", "--openapi", edition, "--server", &self.url])
            .args(["--output-openapifile-path", "openapi.json"]);
        run(&command, "writing the document");
        self.folder.path().join("openapi.json")
    }
}

/// The routes of the bookshop with types, whose handlers name the operations.
fn write_routes(folder: &Path) {
    let text = fs::read_to_string(Bookshop::routes()).expect("the routes");
    let mut routes: Value = serde_json::from_str(&text).expect("JSON");
    routes.as_object_mut().expect("an object").remove("$schema");
    let blueprint = &mut routes["blueprint"];
    blueprint["operationIds"] = json!("handlers");
    blueprint["defaults"]["validate"] = json!(true);
    fs::write(folder.join("routes.json"), routes.to_string()).expect("written");
    fs::copy(beside("types.json"), folder.join("routes.types.json")).expect("copied");
}

fn beside(name: &str) -> PathBuf {
    place::workspace().join("tests/tests/clients").join(name)
}

fn bluegate(folder: &Path) -> Command {
    let mut command = Command::new(Program::Bluegate.build(Profile::Dev).expect("the command"));
    command
        .current_dir(folder)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN");
    command
}

#[track_caller]
fn run(command: &Command, what: &str) -> Finished {
    let finished = guard::run(command, LIMIT).unwrap_or_else(|error| panic!("{what}: {error}"));
    finished.success(what).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_client_in_typescript_compiles_and_talks_to_the_bookshop() {
    let shop = Shop::deployed();
    let node = Node::find().expect("Node.js");
    let packages = node.packages_of("clients").expect("the packages");
    let folder = shop.folder.path();
    let tool = |script: &str, arguments: &[&str]| {
        let mut command = Command::new(node.program());
        command
            .arg(packages.join("node_modules").join(script))
            .args(arguments)
            .current_dir(folder);
        run(&command, script);
    };
    std::os::unix::fs::symlink(packages.join("node_modules"), folder.join("node_modules")).expect("a link");
    fs::write(folder.join("package.json"), r#"{"type": "module"}"#).expect("written");
    fs::copy(beside("client.ts"), folder.join("client.ts")).expect("copied");
    // All that it needs of Node's types.
    let globals = "declare const process: { argv: string[] };\n";
    fs::write(folder.join("globals.d.ts"), globals).expect("written");
    for edition in ["3.0.3", "3.1.0"] {
        shop.document(edition);
        tool(
            "openapi-typescript/bin/cli.js",
            &["openapi.json", "--output", "api.d.ts"],
        );
        let strict = [
            "--strict",
            "--target",
            "es2022",
            "--module",
            "nodenext",
            "--lib",
            "es2022,dom",
        ];
        tool(
            "typescript/bin/tsc",
            &[&strict[..], &["--skipLibCheck", "client.ts", "globals.d.ts"]].concat(),
        );
        let mut command = Command::new(node.program());
        command.arg("client.js").arg(&shop.url).current_dir(folder);
        run(&command, "the client in TypeScript");
    }
}

#[test]
fn a_client_in_python_talks_to_the_bookshop() {
    let shop = Shop::deployed();
    let python = Environment::ensure("clients").expect("Python");
    let folder = shop.folder.path();
    fs::copy(beside("client.py"), folder.join("client.py")).expect("copied");
    for edition in ["3.0.3", "3.1.0"] {
        shop.document(edition);
        let mut command = Command::new(python.python());
        // It formats what it writes with a program of its environment.
        let tools = python.python().parent().expect("a folder").display().to_string();
        command
            .env("PATH", format!("{tools}:{}", std::env::var("PATH").unwrap_or_default()))
            .args(["-m", "openapi_python_client", "generate", "--path", "openapi.json"])
            .args([
                "--meta",
                "none",
                "--output-path",
                "shop",
                "--overwrite",
                "--fail-on-warning",
            ])
            .current_dir(folder);
        run(&command, "generating the client");
        let mut command = Command::new(python.python());
        command.arg("client.py").arg(&shop.url).current_dir(folder);
        run(&command, "the client in Python");
    }
}

#[test]
fn what_the_gateway_lets_through_to_the_bookshop_fits_its_types() {
    let shop = Shop::deployed();
    let document = fs::read_to_string(shop.document("3.0.3")).expect("the document");
    let answers = Schemathesis::sampled()
        .ask(&document, &shop.url)
        .unwrap_or_else(|found| panic!("{found}"));
    for (who, mode) in [("gateway 400", "negative"), ("service", "positive")] {
        let is_one = |answer: &String| answer.starts_with(who) && answer.ends_with(mode);
        assert!(answers.keys().any(is_one), "{answers:?}");
    }
}

#[test]
fn the_document_for_clients_has_no_findings() {
    let folder = tempfile::tempdir().expect("a folder");
    write_routes(folder.path());
    let mut documents = Vec::new();
    for edition in ["3.0.3", "3.1.0"] {
        let mut command = bluegate(folder.path());
        command
            .args([
                "generate",
                "--public",
                "--openapi",
                edition,
                "--server",
                "https://shop.example.org",
            ])
            .args(["--output-openapifile-path", "-", "--format", "json"]);
        let text = run(&command, "writing the document").stdout;
        documents.push(Document::json(format!("{edition}.json"), text));
    }
    let findings = validate(&documents).expect("the validators run");
    assert!(findings.is_empty(), "{findings:#?}");
}
