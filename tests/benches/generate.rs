//! Generating the document: the command `bluegate generate` beside ct-api-gateway-deployer, whole process beside whole
//! process, for the same files in the same run.
//!
//! Machines are noisy: what counts is the ratio. `cargo bench -p bluegate-tests --bench generate`

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bluegate_tests::binaries::{Profile, binary};
use bluegate_tests::python::Environment;
use bluegate_tests::routes_files;

/// Routes of a file, and how often each tool runs on it. The original takes half a minute for the largest.
const SIZES: [(usize, usize, usize); 4] = [(10, 5, 21), (100, 5, 21), (1_000, 3, 21), (3_000, 1, 11)];

fn main() -> Result<(), Box<dyn Error>> {
    let bluegate = binary("bluegate-cli", "bluegate", Profile::Release)?;
    let original = Environment::ensure("original")?;
    let folder = tempfile::tempdir()?;
    let [routes, aws, output] = ["routes.json", "aws.config.json", "document.yml"].map(|name| folder.path().join(name));
    fs::write(&aws, routes_files::aws_file().to_string())?;
    println!("| routes | original | bluegate | ratio | document of the original | of bluegate, YAML | JSON |");
    println!("|---|---|---|---|---|---|---|");
    for (size, original_runs, bluegate_runs) in SIZES {
        fs::write(&routes, routes_files::sized(size).to_string())?;
        let theirs = median(original_runs, || {
            let mut command = original.script("original_generate.py");
            command.args([&routes, &aws, &output]);
            command
        })?;
        let their_bytes = bytes(&output)?;
        let ours = median(bluegate_runs, || generate(&bluegate, &routes, &aws, &output))?;
        let our_bytes = bytes(&output)?;
        let json = folder.path().join("document.json");
        run(&mut generate(&bluegate, &routes, &aws, &json))?;
        println!(
            "| {size} | {:.3} s | {:.4} s | {:.0} | {their_bytes} B | {our_bytes} B | {} B |",
            theirs.as_secs_f64(),
            ours.as_secs_f64(),
            theirs.as_secs_f64() / ours.as_secs_f64(),
            compact(&json)?
        );
    }
    Ok(())
}

fn generate(bluegate: &Path, routes: &Path, aws: &Path, output: &Path) -> Command {
    let mut command = Command::new(bluegate);
    command.args(["generate", "--quiet", "--routes"]).arg(routes);
    command
        .arg("--aws-config")
        .arg(aws)
        .arg("--output-openapifile-path")
        .arg(output);
    command
}

fn median(runs: usize, mut command: impl FnMut() -> Command) -> Result<Duration, Box<dyn Error>> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let mut command = command();
        let start = Instant::now();
        run(&mut command)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn bytes(path: &Path) -> Result<u64, Box<dyn Error>> {
    Ok(fs::metadata(path)?.len())
}

/// The size of the document as it is sent: JSON without spaces.
fn compact(path: &Path) -> Result<usize, Box<dyn Error>> {
    let document: serde_json::Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    Ok(document.to_string().len())
}
