//! The measuring: rounds in which the frameworks take turns.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bluegate_tests::place;

use crate::answers;
use crate::cargo::{Cargo, Cost, Mode};
use crate::framework::Framework;
use crate::options::{Measure, Options};
use crate::service::{Edit, Service};

/// What a number of the result is about, in the order of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    CheckWord,
    CheckLine,
    CheckPath,
    CheckWhole,
    BuildWord,
    BuildLine,
    BuildPath,
    BuildWhole,
    Release,
    StartDev,
    StartRelease,
}

/// The least cost by row and framework.
pub(crate) type Results = BTreeMap<(Row, &'static str), Cost>;

/// The edits, and where `cargo check` and `cargo build` after them are listed.
const EDITS: [(Edit, Row, Row); 3] = [
    (Edit::Word, Row::CheckWord, Row::BuildWord),
    (Edit::Line, Row::CheckLine, Row::BuildLine),
    (Edit::Path, Row::CheckPath, Row::BuildPath),
];

/// Routes of the service that builds what all others depend on.
const SMALLEST: usize = 10;

/// Builds the dependencies of all services, and compares what the services answer.
pub(crate) fn warm(cargo: &Cargo, folder: &Path, options: &Options) -> Result<(), Box<dyn Error>> {
    let mut expected = None;
    for &framework in &options.frameworks {
        eprintln!("{}: dependencies", framework.name());
        let service = Service::write(framework, SMALLEST, folder)?;
        // The versions of this workspace, for what the service shares with it.
        fs::copy(
            place::workspace().join("Cargo.lock"),
            service.folder().join("Cargo.lock"),
        )?;
        cargo.compile(service.folder(), Mode::Check)?;
        cargo.compile(service.folder(), Mode::Build)?;
        if options.measures.contains(&Measure::Release) || options.measures.contains(&Measure::Start) {
            cargo.compile(service.folder(), Mode::Release)?;
        }
        let answers = answers::of(&cargo.binary(&service.name(), Mode::Build))?;
        let expected = expected.get_or_insert_with(|| answers.clone());
        if answers != *expected {
            let name = framework.name();
            return Err(format!("{name} answers\n{answers:#?}\nwhere axum answers\n{expected:#?}").into());
        }
    }
    Ok(())
}

/// Measures services of so many routes.
pub(crate) fn measure(
    cargo: &Cargo,
    folder: &Path,
    routes: usize,
    options: &Options,
) -> Result<Results, Box<dyn Error>> {
    let mut services = Vec::new();
    for &framework in &options.frameworks {
        services.push(prepared(framework, routes, folder)?);
    }
    let mut run = Run {
        cargo,
        commands: &options.commands,
        services,
        results: Results::new(),
    };
    let wants = |measure| options.measures.contains(&measure);
    for round in 1..=options.repeat {
        eprintln!("{routes} routes: round {round} of {}", options.repeat);
        if wants(Measure::Whole) {
            run.whole()?;
        }
        if wants(Measure::Edits) {
            // Without the first round's builds there is nothing yet that an edit could be compiled against.
            if round == 1 {
                for &command in &options.commands {
                    run.each(|cargo, service| cargo.compile(service.folder(), command))?;
                }
            }
            for (edit, check, build) in EDITS {
                run.edited(edit, check, build)?;
            }
        }
        if wants(Measure::Release) {
            run.release()?;
        }
    }
    if wants(Measure::Start) {
        run.each(|cargo, service| {
            cargo.compile(service.folder(), Mode::Build)?;
            cargo.compile(service.folder(), Mode::Release)
        })?;
        for _ in 0..options.repeat {
            run.start(Row::StartDev, Mode::Build)?;
            run.start(Row::StartRelease, Mode::Release)?;
        }
    }
    Ok(run.results)
}

/// A service with the versions that [`warm`] has found.
fn prepared(framework: Framework, routes: usize, folder: &Path) -> io::Result<Service> {
    let smallest = Service::write(framework, SMALLEST, folder)?;
    let service = Service::write(framework, routes, folder)?;
    if routes != SMALLEST {
        fs::copy(
            smallest.folder().join("Cargo.lock"),
            service.folder().join("Cargo.lock"),
        )?;
    }
    Ok(service)
}

struct Run<'a> {
    cargo: &'a Cargo,
    commands: &'a [Mode],
    services: Vec<Service>,
    results: Results,
}

impl Run<'_> {
    fn each(
        &mut self,
        mut act: impl FnMut(&Cargo, &mut Service) -> Result<Cost, Box<dyn Error>>,
    ) -> Result<(), Box<dyn Error>> {
        self.services
            .iter_mut()
            .try_for_each(|service| act(self.cargo, service).map(|_| ()))
    }

    fn whole(&mut self) -> Result<(), Box<dyn Error>> {
        for at in 0..self.services.len() {
            let service = &self.services[at];
            self.cargo.forget(service.folder(), &service.name())?;
            self.compile_with_all(at, Row::CheckWhole, Row::BuildWhole)?;
        }
        Ok(())
    }

    fn edited(&mut self, edit: Edit, check: Row, build: Row) -> Result<(), Box<dyn Error>> {
        for at in 0..self.services.len() {
            self.services[at].edit(edit)?;
            self.compile_with_all(at, check, build)?;
        }
        Ok(())
    }

    fn compile_with_all(&mut self, at: usize, check: Row, build: Row) -> Result<(), Box<dyn Error>> {
        for &command in self.commands {
            let row = if command == Mode::Check { check } else { build };
            self.compile(at, command, row)?;
        }
        Ok(())
    }

    /// Optimised builds are not incremental: any edit compiles the whole crate.
    fn release(&mut self) -> Result<(), Box<dyn Error>> {
        for at in 0..self.services.len() {
            self.services[at].edit(Edit::Word)?;
            self.compile(at, Mode::Release, Row::Release)?;
        }
        Ok(())
    }

    fn compile(&mut self, at: usize, mode: Mode, row: Row) -> Result<(), Box<dyn Error>> {
        let cost = self.cargo.compile(self.services[at].folder(), mode)?;
        self.note(at, row, cost);
        Ok(())
    }

    /// The services build their routers for a while, and print the nanoseconds of the fastest time.
    fn start(&mut self, row: Row, mode: Mode) -> Result<(), Box<dyn Error>> {
        for at in 0..self.services.len() {
            let binary = self.cargo.binary(&self.services[at].name(), mode);
            let output = Command::new(&binary).arg("--construct").output()?;
            let printed = String::from_utf8_lossy(&output.stdout);
            let nanoseconds = printed.trim().parse();
            let time = Duration::from_nanos(nanoseconds.map_err(|_| format!("{}: {printed}", binary.display()))?);
            self.note(at, row, Cost { cpu: time, wall: time });
        }
        Ok(())
    }

    fn note(&mut self, at: usize, row: Row, cost: Cost) {
        let name = self.services[at].framework().name();
        eprintln!("{row:?} {name}: {:.6} s", cost.cpu.as_secs_f64());
        let least = self.results.entry((row, name)).or_insert(cost);
        least.cpu = least.cpu.min(cost.cpu);
        least.wall = least.wall.min(cost.wall);
    }
}
