//! Generating the document: the command `bluegate generate` beside ct-api-gateway-deployer, whole process beside whole
//! process, for the same files in the same run.
//!
//! Machines are noisy: what counts is the ratio, and of `check` the time of the processor. `cargo bench -p bluegate-tests --bench generate`

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bluegate_tests::binaries::{Profile, Program};
use bluegate_tests::python::Environment;
use bluegate_tests::routes_files;

/// Routes of a file, and how often each tool runs on it. The original takes half a minute for the largest.
const SIZES: [(usize, usize, usize); 4] = [(10, 5, 21), (100, 5, 21), (1_000, 3, 21), (3_000, 1, 11)];

/// How often a file with everything switched on is checked.
const CHECKS: u32 = 51;

fn main() -> Result<(), Box<dyn Error>> {
    let bluegate = Program::Bluegate.build(Profile::Release)?;
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
    fs::write(&routes, routes_files::whole(1_000).to_string())?;
    let before = cpu_of_children()?;
    for _ in 0..CHECKS {
        let mut check = Command::new(&bluegate);
        check.args(["check", "--quiet", "--routes"]).arg(&routes);
        run(check.arg("--aws-config").arg(&aws))?;
    }
    let each = (cpu_of_children()? - before) / CHECKS;
    println!(
        "\n`check` of 1,000 routes with everything switched on: {:.1} ms of CPU",
        each.as_secs_f64() * 1000.0
    );
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

/// What the processes that ended took, as Linux counts it, in hundredths of a second
/// ([proc_pid_stat](https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)).
fn cpu_of_children() -> Result<Duration, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = behind_name.split_whitespace().skip(13).take(2);
    let ticks = ticks.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
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
