//! What a run did so far: the list of what there is to undo.

use serde::{Deserialize, Serialize};

use crate::api::Canary;

/// What one step may have done. The journal has it before the step begins, so that whoever finds a dead run knows how
/// far that came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "may_be", rename_all = "snake_case")]
pub enum Undo {
    /// An API was created. It stays: its id may be known already.
    Created {
        /// Its id.
        rest_api_id: String,
    },
    /// The definition of the API is another one, whole or in part.
    Draft,
    /// A function permits a call that it did not.
    Permission {
        /// The function, by its ARN.
        function: String,
        /// The id of the statement in its policy.
        statement_id: String,
    },
    /// A deployment was made.
    Deployment {
        /// Its id.
        id: String,
    },
    /// A stage was made.
    Stage {
        /// Its name.
        name: String,
        /// What it serves.
        deployment_id: String,
    },
    /// Settings of a stage that the file declares are others.
    Settings {
        /// The stage.
        stage: String,
    },
    /// A stage serves something else, all of it or its canary.
    Pointer {
        /// The stage.
        stage: String,
        /// What it served.
        deployment_id: Option<String>,
        /// The canary that it had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        canary: Option<Canary>,
    },
    /// The API was deleted.
    Deleted,
}

impl Undo {
    /// The step that did it, in a word.
    #[must_use]
    pub fn step(&self) -> &'static str {
        match self {
            Undo::Created { .. } => "created",
            Undo::Draft => "putting",
            Undo::Permission { .. } => "permitting",
            Undo::Deployment { .. } => "deployed",
            Undo::Stage { .. } | Undo::Pointer { .. } => "pointing",
            Undo::Settings { .. } => "configuring",
            Undo::Deleted => "deleting",
        }
    }

    /// Whether callers of a stage notice it. These are undone first, whatever else there is to undo.
    fn is_noticed(&self) -> bool {
        match self {
            Undo::Pointer { .. } | Undo::Settings { .. } | Undo::Stage { .. } => true,
            Undo::Created { .. } | Undo::Draft | Undo::Permission { .. } | Undo::Deployment { .. } | Undo::Deleted => {
                false
            }
        }
    }
}

/// In which order the steps that were applied are undone: backwards, but first what callers notice.
pub(crate) fn backwards(applied: &[Undo]) -> impl Iterator<Item = &Undo> {
    let noticed = applied.iter().rev().filter(|one| one.is_noticed());
    noticed.chain(applied.iter().rev().filter(|one| !one.is_noticed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_undone_backwards_and_first_what_callers_notice() {
        let pointer = Undo::Pointer {
            stage: "dev".into(),
            deployment_id: Some("dep1".into()),
            canary: None,
        };
        let settings = Undo::Settings { stage: "dev".into() };
        let made = Undo::Deployment { id: "dep2".into() };
        let deploy = [Undo::Draft, made.clone(), settings.clone(), pointer.clone()];
        let order: Vec<&Undo> = backwards(&deploy).collect();
        assert_eq!(order, [&pointer, &settings, &made, &Undo::Draft]);
        let rollback = [pointer.clone(), Undo::Draft];
        assert_eq!(backwards(&rollback).collect::<Vec<_>>(), [&pointer, &Undo::Draft]);
    }
}
