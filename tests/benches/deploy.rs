//! Deploying 300 routes to LocalStack: `bluegate deploy` beside the AWS command line, which does no more than
//! `put-rest-api` and `create-deployment`, and beside ct-api-gateway-deployer, which does the same from the routes file.
//! Whole process beside whole process, in the same run, each on APIs of its own.
//!
//! Machines are noisy and the emulator's work is most of it: what counts is the ratio.
//! `cargo bench -p bluegate-tests --bench deploy`

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use bluegate_tests::binaries::{Profile, Program};
use bluegate_tests::control;
use bluegate_tests::http;
use bluegate_tests::localstack::LocalStack;
use bluegate_tests::proxy::Proxy;
use bluegate_tests::python::Environment;
use bluegate_tests::routes_files;

/// Paths with GET, POST and a preflight each.
const PATHS: usize = 100;
const RUNS: usize = 5;
const STAGE: &str = "v1";

/// What is deployed with, and where.
struct Bench {
    localstack: LocalStack,
    /// Counts the calls.
    proxy: Proxy,
    bluegate: PathBuf,
    awscli: Environment,
    original: Environment,
    folder: tempfile::TempDir,
}

/// What a tool took: the median of its runs, and its calls.
struct Took {
    time: Duration,
    calls: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let localstack = LocalStack::start()?;
    let bench = Bench {
        proxy: Proxy::start(localstack.endpoint())?,
        localstack,
        bluegate: Program::Bluegate.build(Profile::Release)?,
        awscli: Environment::ensure("awscli")?,
        original: Environment::ensure("original")?,
        folder: tempfile::tempdir()?,
    };
    let first = routes_files::sized(PATHS).to_string();
    fs::write(bench.path("routes.json"), &first)?;
    fs::write(bench.path("changed.json"), first.replace("X-Tenant", "X-Customer"))?;
    // The first call of an emulator loads what it needs.
    bench.deploy(&bench.new_api()?, "routes.json")?;

    let (mut ours, mut again, mut nothing, mut aws, mut theirs) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let api = bench.new_api()?;
        ours.push(bench.deploy(&api, "routes.json")?);
        nothing.push(bench.deploy(&api, "routes.json")?);
        again.push(bench.deploy(&api, "changed.json")?);
        let api = bench.new_api()?;
        aws.push(bench.aws(&api)?);
        let api = bench.new_api()?;
        theirs.push(bench.original(&api)?);
    }
    let aws = median(aws);
    println!("| {} routes to LocalStack | time | ratio | calls |", 3 * PATHS);
    println!("|---|---|---|---|");
    for (name, took) in [
        ("`aws apigateway put-rest-api`, `create-deployment`", &aws),
        ("ct-api-gateway-deployer", &median(theirs)),
        ("`bluegate deploy`, the first time", &median(ours)),
        ("`bluegate deploy` of a change", &median(again)),
        ("`bluegate deploy` of no change", &median(nothing)),
    ] {
        println!(
            "| {name} | {:.2} s | {:.2} | {} |",
            took.time.as_secs_f64(),
            took.time.as_secs_f64() / aws.time.as_secs_f64(),
            took.calls
        );
    }
    Ok(())
}

impl Bench {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new API, and the AWS file that names it.
    fn new_api(&self) -> Result<String, Box<dyn Error>> {
        let id = control::create_rest_api(self.localstack.endpoint(), "Bench API")?;
        let mut aws = routes_files::aws_file();
        aws["region"] = http::REGION.into();
        aws["aws"]["access_key_id"] = "AKIATEST".into();
        aws["aws"]["secret_access_key"] = "secret".into();
        aws["apiGateway"]["rest_api_id"] = id.as_str().into();
        aws["apiGateway"]["stage"] = STAGE.into();
        fs::write(self.path("aws.config.json"), aws.to_string())?;
        Ok(id)
    }

    fn deploy(&self, api: &str, routes: &str) -> Result<Took, Box<dyn Error>> {
        let mut command = Command::new(&self.bluegate);
        command.args(["deploy", "--quiet", "--yes", "--routes", routes, "--journal"]);
        command.arg(self.path(api)).args(["--aws-config", "aws.config.json"]);
        self.timed(&mut [command])
    }

    /// The document is there already.
    fn aws(&self, api: &str) -> Result<Took, Box<dyn Error>> {
        let mut generate = Command::new(&self.bluegate);
        generate.args([
            "generate",
            "--quiet",
            "--routes",
            "routes.json",
            "--aws-config",
            "aws.config.json",
        ]);
        generate.args(["--output-openapifile-path", "document.json"]);
        run(self.in_folder(&mut generate))?;
        let command = |operation: &str| {
            let mut command = Command::new(self.awscli.python());
            command.args(["-m", "awscli", "apigateway", operation, "--rest-api-id", api]);
            command
                .env("AWS_ACCESS_KEY_ID", "AKIATEST")
                .env("AWS_SECRET_ACCESS_KEY", "secret");
            command.env("AWS_DEFAULT_REGION", http::REGION);
            command
        };
        let mut put = command("put-rest-api");
        put.args(["--mode", "overwrite", "--body", "fileb://document.json"]);
        let mut create = command("create-deployment");
        create.args(["--stage-name", STAGE]);
        self.timed(&mut [put, create])
    }

    fn original(&self, _api: &str) -> Result<Took, Box<dyn Error>> {
        let mut command = Command::new(self.original.python());
        command.args([
            "-m",
            "ct_api_gateway_deployer",
            "--aws-config",
            "aws.config.json",
            "--routes",
            "routes.json",
        ]);
        command.args(["--output-openapifile-path", "theirs.yml"]);
        self.timed(&mut [command])
    }

    fn in_folder<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let folder: &Path = self.folder.path();
        command
            .current_dir(folder)
            .env("HOME", folder)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", self.proxy.endpoint())
            .env_remove("AWS_PROFILE")
            .env_remove("PYTHONPATH")
    }

    fn timed(&self, commands: &mut [Command]) -> Result<Took, Box<dyn Error>> {
        self.proxy.take_calls();
        let start = Instant::now();
        for command in commands {
            run(self.in_folder(command))?;
        }
        Ok(Took {
            time: start.elapsed(),
            calls: self.proxy.take_calls().len(),
        })
    }
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr)).into())
}

fn median(mut took: Vec<Took>) -> Took {
    took.sort_unstable_by_key(|one| one.time);
    let middle = took.len() / 2;
    took.swap_remove(middle)
}
