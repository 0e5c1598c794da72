//! What bluegate adds to the first build of a project: nothing is built yet.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use bluegate_tests::place;

use crate::cargo::{Cargo, Cost, Mode};
use crate::options::Options;
use crate::report;

/// What the three projects depend on.
const PROJECTS: [(&str, &str); 3] = [
    ("macros", "bluegate-macros = { path = \"@bluegate/macros\" }\n"),
    (
        "without",
        "axum = \"0.8.9\"\nserde = { version = \"1\", features = [\"derive\"] }\n\
         tokio = { version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }\n",
    ),
    (
        "with",
        "axum = \"0.8.9\"\nserde = { version = \"1\", features = [\"derive\"] }\n\
         tokio = { version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }\n\
         bluegate = { path = \"@bluegate\" }\n",
    ),
];

/// What core and macros are wanted to stay below.
const GOAL: Duration = Duration::from_secs(10);

/// Measures, and gives the table.
pub(crate) fn measure(folder: &Path, options: &Options) -> Result<String, Box<dyn Error>> {
    let folder = folder.join("first");
    let mut costs = Vec::new();
    for mode in [Mode::Check, Mode::Build] {
        let mut least: [Option<Cost>; 3] = [None; 3];
        for round in 1..=options.repeat {
            for (at, (name, dependencies)) in PROJECTS.into_iter().enumerate() {
                eprintln!("first build, {name}: round {round} of {}", options.repeat);
                let cost = first_build(&folder.join(name), name, dependencies, mode)?;
                least[at] = least[at].into_iter().chain([cost]).min_by_key(|cost| cost.cpu);
            }
        }
        costs.push(least.map(|cost| cost.map_or(Duration::ZERO, |cost| cost.cpu)));
    }
    let mut text = String::from(
        "## The first build of a project\n\n| CPU seconds | `cargo check` | `cargo build` |\n|---|---|---|\n",
    );
    let seconds = report::seconds;
    let (check, build) = (costs[0], costs[1]);
    writeln!(
        text,
        "| bluegate-core and bluegate-macros, with all they need | {} | {} |",
        seconds(check[0]),
        seconds(build[0])
    )?;
    writeln!(
        text,
        "| axum, serde and tokio | {} | {} |",
        seconds(check[1]),
        seconds(build[1])
    )?;
    writeln!(
        text,
        "| the same with bluegate | {} | {} |",
        seconds(check[2]),
        seconds(build[2])
    )?;
    let added = |costs: [Duration; 3]| costs[2].saturating_sub(costs[1]);
    writeln!(
        text,
        "| what bluegate adds to them | {} | {} |",
        seconds(added(check)),
        seconds(added(build))
    )?;
    writeln!(
        text,
        "\nThe goal is less than {} s for core and macros: {}.\n",
        GOAL.as_secs(),
        report::verdict(check[0] < GOAL && build[0] < GOAL)
    )?;
    Ok(text)
}

fn first_build(folder: &Path, name: &str, dependencies: &str, mode: Mode) -> Result<Cost, Box<dyn Error>> {
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::create_dir_all(folder.join("src"))?;
    let dependencies = dependencies.replace("@bluegate", &place::workspace().to_string_lossy());
    fs::write(
        folder.join("Cargo.toml"),
        format!(
            "[package]\nname = \"first-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [workspace]\n\n[dependencies]\n{dependencies}"
        ),
    )?;
    fs::write(folder.join("src/lib.rs"), "")?;
    fs::copy(place::workspace().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Cargo::new(&target).compile(folder, mode)
}
