//! What came of it, for people and for machines.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::assumption::{Ask, Assumption, Finding, all};
use crate::assumptions::GROUPS;
use crate::mask::Mask;
use crate::wire::{Call, Stopped};

/// What came of one assumption.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) known: &'static Assumption,
    pub(crate) answer: Answer,
    pub(crate) calls: Vec<Call>,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// AWS answered.
    Found(Finding),
    /// There is no answer, because a call was refused or failed.
    Refused(String),
    /// It was not asked, and why.
    NotAsked(String),
}

impl From<Result<Finding, Stopped>> for Answer {
    fn from(outcome: Result<Finding, Stopped>) -> Self {
        match outcome {
            Ok(finding) => Answer::Found(finding),
            Err(Stopped::Refused(why)) => Answer::Refused(why),
            Err(Stopped::Interrupted) => Answer::NotAsked("the run was ended".to_owned()),
        }
    }
}

impl Answer {
    /// One word, and what was said.
    pub(crate) fn parts(&self) -> (&'static str, &str) {
        match self {
            Answer::Found(Finding { is_right: true, said }) => ("right", said),
            Answer::Found(Finding { said, .. }) => ("wrong", said),
            Answer::Refused(why) => ("refused", why),
            Answer::NotAsked(why) => ("not asked", why),
        }
    }
}

/// A run as a whole.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) began: String,
    pub(crate) region: String,
    /// `aws` or `emulator`.
    pub(crate) service: Value,
    pub(crate) rows: Vec<Row>,
    /// What could not be deleted: what it is, and how to delete it.
    pub(crate) left: Vec<String>,
}

impl Report {
    /// How many answers have a word.
    pub(crate) fn count(&self, word: &str) -> usize {
        self.rows.iter().filter(|row| row.answer.parts().0 == word).count()
    }

    /// A table, and what follows from it.
    pub(crate) fn text(&self, mask: &Mask) -> String {
        let width = self.rows.iter().map(|row| row.known.name.len()).max().unwrap_or(0);
        let mut text = String::new();
        for Row { known, answer, .. } in &self.rows {
            let (word, said) = answer.parts();
            let said = mask.clean(said);
            let name = known.name;
            let _ = match answer {
                // A word of its own would say it twice.
                Answer::Refused(_) => writeln!(text, "{word:<9}  {name:<width$}  refused: {said}"),
                _ => writeln!(text, "{word:<9}  {name:<width$}  {said}"),
            };
            if word == "wrong" {
                let indent = " ".repeat(width + 13);
                let _ = writeln!(text, "{indent}assumed ({}): {}", known.evidence, known.sentence);
                let _ = writeln!(text, "{indent}so: {}", known.if_wrong);
                let _ = writeln!(text, "{indent}see {}", known.place);
            }
        }
        let _ = writeln!(
            text,
            "\n{} right, {} wrong, {} refused, {} not asked",
            self.count("right"),
            self.count("wrong"),
            self.count("refused"),
            self.count("not asked")
        );
        text
    }

    /// The same for machines.
    pub(crate) fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let (word, said) = row.answer.parts();
                let mut json = row.known.to_json();
                json["answer"] = word.into();
                json["said"] = said.into();
                json["calls"] = self.recordings(row).into();
                json
            })
            .collect();
        json!({
            "began": self.began,
            "region": self.region,
            "service": self.service,
            "bluegate": env!("CARGO_PKG_VERSION"),
            "assumptions": rows,
            "left": self.left,
        })
    }

    /// All answers as they came.
    pub(crate) fn all_recordings(&self) -> Value {
        self.rows.iter().flat_map(|row| self.recordings(row)).collect()
    }

    fn recordings(&self, row: &Row) -> Vec<Value> {
        let day = self.began.split('T').next().unwrap_or_default();
        let of = if self.service == "aws" {
            "probe"
        } else {
            "probe of an emulator"
        };
        let recorded = format!("{of}: {}, {day}", row.known.name);
        row.calls.iter().map(|call| call.recording(&recorded)).collect()
    }
}

/// The assumptions, without an answer.
pub(crate) fn list() -> String {
    let width = all().map(|known| known.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (title, group) in GROUPS {
        let _ = writeln!(text, "{title}");
        for known in group {
            let name = known.name;
            let asked = match known.ask {
                Ask::Free(..) => "",
                Ask::Paid(..) => " [--paid]",
                Ask::Slow(..) => " [--slow]",
                Ask::Never(_) => " [not asked]",
            };
            let _ = writeln!(
                text,
                "  {name:<width$}  {:<20}  {}{asked}",
                known.evidence, known.sentence
            );
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

/// The same for machines.
pub(crate) fn list_json() -> Value {
    all().map(Assumption::to_json).collect()
}
