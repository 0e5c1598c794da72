//! What an assumption about AWS is, and all of them.

use std::fmt;
use std::pin::Pin;

use serde_json::{Value, json};

use crate::assumptions::GROUPS;
use crate::stand::Stand;
use crate::wire::Stopped;

/// Something that the code takes for true of AWS.
#[derive(Debug)]
pub(crate) struct Assumption {
    /// A word for it.
    pub(crate) name: &'static str,
    /// What is assumed.
    pub(crate) sentence: &'static str,
    /// How it is known.
    pub(crate) evidence: Evidence,
    /// What bluegate does if it is wrong.
    pub(crate) if_wrong: &'static str,
    /// The file or folder that depends on it.
    pub(crate) place: &'static str,
    /// How AWS is asked.
    pub(crate) ask: Ask,
}

/// How an assumption is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// An answer of AWS was recorded.
    Recorded,
    /// AWS's documentation or the model of the service says it.
    Documented,
    /// Another tool depends on it.
    Used,
    /// Nobody outside has shown it.
    Unverified,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Evidence::Recorded => "recorded",
            Evidence::Documented => "documented",
            Evidence::Used => "used by another tool",
            Evidence::Unverified => "unverified",
        })
    }
}

/// How AWS is asked.
#[derive(Debug)]
pub(crate) enum Ask {
    /// For nothing, in so many seconds.
    Free(u64, Question),
    /// With `--paid`: so many seconds, and so many cents at most.
    Paid(u64, u64, Question),
    /// With `--slow`, in so many seconds at most.
    Slow(u64, Question),
    /// Not at all, and why.
    Never(&'static str),
}

/// Asks AWS.
pub(crate) type Question = for<'a> fn(&'a mut Stand) -> Asking<'a>;
type Asking<'a> = Pin<Box<dyn Future<Output = Result<Finding, Stopped>> + 'a>>;

/// What AWS answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Whether bluegate is right about it.
    pub(crate) is_right: bool,
    /// What was answered, in a sentence or two.
    pub(crate) said: String,
}

impl Finding {
    /// Bluegate is right if the condition holds.
    pub(crate) fn of(is_right: bool, said: impl Into<String>) -> Self {
        let said = said.into();
        Self { is_right, said }
    }
}

/// All assumptions, in the order in which they are asked.
pub(crate) fn all() -> impl Iterator<Item = &'static Assumption> {
    GROUPS.iter().flat_map(|(_, group)| group.iter())
}

impl Assumption {
    /// For machines.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "assumption": self.sentence,
            "evidence": self.evidence.to_string(),
            "if_wrong": self.if_wrong,
            "place": self.place,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bluegate_tests::place::workspace;

    use super::*;

    #[test]
    fn each_has_a_name_of_its_own_and_a_place_that_is_there() {
        let mut names = BTreeSet::new();
        for known in all() {
            assert!(names.insert(known.name), "{} is there twice", known.name);
            assert!(
                workspace().join(known.place).exists(),
                "{}: {}",
                known.name,
                known.place
            );
        }
    }

    #[test]
    fn what_nobody_has_shown_is_asked_or_it_says_why_not() {
        for known in all() {
            match known.ask {
                Ask::Never(why) => assert!(!why.is_empty(), "{}", known.name),
                Ask::Free(seconds, _) | Ask::Paid(seconds, ..) | Ask::Slow(seconds, _) => {
                    assert!(seconds > 0, "{}: a question takes time", known.name);
                }
            }
        }
    }
}
