//! What a plan comes to: one of five things, with all that it takes to do it.

use serde::{Serialize, Serializer};

use crate::api::RestApi;
use crate::carry::Kept;

use super::Definition;

/// What a deployment would do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Nothing: the document is served already, and the draft is what it was made of.
    Nothing {
        /// By whom.
        served_by: Server,
    },
    /// The stage serves the document already, and only its settings change.
    StageSettings,
    /// The stage's canary serves the document already, and only its part of the traffic changes.
    CanaryPercent(CanaryMove),
    /// The definition of the API is replaced and deployed.
    Replace(Box<Overwrite>),
    /// The API is created and deployed.
    Create(Box<Overwrite>),
}

/// What serves a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// A stage.
    Stage,
    /// The canary of a stage.
    Canary,
}

/// A canary that a deployment would make, replace or change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CanaryMove {
    /// How many percent of the traffic it gets.
    pub percent: f64,
    /// The deployment that the stage's canary serves now.
    pub replaces: Option<String>,
}

/// A definition that takes the place of another one: computed once, and put as it was planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Overwrite {
    /// What the settings of the API are to be afterwards.
    pub expected: RestApi,
    /// The document that is put: the one of the file, with all that an overwrite would reset.
    pub body: String,
    /// What the API does afterwards.
    pub desired: Definition,
    /// What of somebody else stands in the document.
    pub kept: Kept,
    /// The canary that serves it; `None` when the stage does.
    pub canary: Option<CanaryMove>,
}

impl Action {
    /// The canary that is made, replaced or changed.
    #[must_use]
    pub fn canary(&self) -> Option<&CanaryMove> {
        match self {
            Action::CanaryPercent(canary) => Some(canary),
            Action::Replace(overwrite) | Action::Create(overwrite) => overwrite.canary.as_ref(),
            Action::Nothing { .. } | Action::StageSettings => None,
        }
    }

    /// Whether the definition of the API is written.
    #[must_use]
    pub fn overwrites(&self) -> bool {
        matches!(self, Action::Replace(_) | Action::Create(_))
    }
}

impl Serialize for Action {
    /// As the members of a plan that tell it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Told<'a> {
            up_to_date: bool,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            served_by_canary: bool,
            only_stage: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            canary: Option<Canary<'a>>,
        }
        #[derive(Serialize)]
        struct Canary<'a> {
            #[serde(flatten)]
            canary: &'a CanaryMove,
            only_percent: bool,
        }
        let told = Told {
            up_to_date: matches!(self, Action::Nothing { .. }),
            served_by_canary: matches!(
                self,
                Action::Nothing {
                    served_by: Server::Canary
                }
            ),
            only_stage: matches!(self, Action::StageSettings),
            canary: self.canary().map(|canary| Canary {
                canary,
                only_percent: matches!(self, Action::CanaryPercent(_)),
            }),
        };
        told.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_action_is_told_by_the_members_that_machines_know() {
        let canary = CanaryMove {
            percent: 10.0,
            replaces: Some("d2".into()),
        };
        let overwrite = Box::new(Overwrite {
            expected: RestApi::default(),
            body: "{}".into(),
            desired: Definition::default(),
            kept: Kept::default(),
            canary: Some(canary.clone()),
        });
        let told = |up_to_date: bool, only_stage: bool| json!({"up_to_date": up_to_date, "only_stage": only_stage});
        let with = |mut told: serde_json::Value, name: &str, value: serde_json::Value| {
            told[name] = value;
            told
        };
        let percent = |only: bool| json!({"percent": 10.0, "replaces": "d2", "only_percent": only});
        for (action, members) in [
            (
                Action::Nothing {
                    served_by: Server::Stage,
                },
                told(true, false),
            ),
            (
                Action::Nothing {
                    served_by: Server::Canary,
                },
                with(told(true, false), "served_by_canary", true.into()),
            ),
            (Action::StageSettings, told(false, true)),
            (
                Action::CanaryPercent(canary),
                with(told(false, false), "canary", percent(true)),
            ),
            (
                Action::Replace(overwrite),
                with(told(false, false), "canary", percent(false)),
            ),
        ] {
            assert_eq!(serde_json::to_value(action).unwrap(), members);
        }
    }
}
