//! The command line.

use std::path::PathBuf;

use crate::cargo::Mode;
use crate::framework::Framework;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// What bluegate adds to the first build of a project.
    First,
    /// `cargo check` and `cargo build` after an edit.
    Edits,
    /// `cargo check` and `cargo build` of the whole crate, its dependencies built.
    Whole,
    /// The same, optimised.
    Release,
    /// Building the router.
    Start,
}

const MEASURES: [(&str, Measure); 5] = [
    ("first", Measure::First),
    ("edits", Measure::Edits),
    ("whole", Measure::Whole),
    ("release", Measure::Release),
    ("start", Measure::Start),
];

const COMMANDS: [(&str, Mode); 2] = [("check", Mode::Check), ("build", Mode::Build)];

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) routes: Vec<usize>,
    /// axum by hand is always the first.
    pub(crate) frameworks: Vec<Framework>,
    pub(crate) measures: Vec<Measure>,
    /// Which commands follow an edit or compile the whole crate.
    pub(crate) commands: Vec<Mode>,
    pub(crate) repeat: usize,
    pub(crate) markdown: Option<PathBuf>,
}

impl Options {
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut options = Options {
            routes: vec![100, 1_000],
            frameworks: Framework::ALL.to_vec(),
            measures: MEASURES.map(|(_, measure)| measure).to_vec(),
            commands: COMMANDS.map(|(_, mode)| mode).to_vec(),
            repeat: 3,
            markdown: None,
        };
        let mut arguments = arguments;
        while let Some(key) = arguments.next() {
            if key == "--bench" {
                // cargo says so to every bench.
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{key} needs a value"))?;
            match &*key {
                "--routes" => options.routes = list(&value, |count| count.parse().ok())?,
                "--frameworks" => {
                    options.frameworks = vec![Framework::Axum];
                    let named = list(&value, Framework::named)?;
                    options
                        .frameworks
                        .extend(named.into_iter().filter(|named| *named != Framework::Axum));
                }
                "--measure" => options.measures = list(&value, |name| named(name, &MEASURES))?,
                "--commands" => options.commands = list(&value, |name| named(name, &COMMANDS))?,
                "--repeat" => options.repeat = value.parse().map_err(|error| format!("{key} {value}: {error}"))?,
                "--markdown" => options.markdown = Some(PathBuf::from(value)),
                _ => return Err(format!("unknown option {key}")),
            }
        }
        if options.repeat == 0 {
            return Err("--repeat starts at 1".to_owned());
        }
        Ok(options)
    }
}

fn list<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    let read = |word: &str| read(word).ok_or_else(|| format!("what is `{word}`?"));
    text.split(',').map(read).collect()
}

fn named<T: Copy>(name: &str, known: &[(&str, T)]) -> Option<T> {
    known.iter().find(|(known, _)| *known == name).map(|(_, named)| *named)
}
