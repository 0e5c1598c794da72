//! What a deployment would do. Who has the files and the credentials finds it out.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;

/// What a deployment would do.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// In a word.
    pub outcome: Outcome,
    /// In the words that people read at a terminal, without colours.
    pub text: String,
}

/// What comes of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There is nothing to do.
    Nothing,
    /// Something would change.
    Changes,
    /// A guard refuses what would change.
    Refused,
    /// There is no plan; the text says why.
    Failed,
}

type Planning = Pin<Box<dyn Future<Output = Plan> + Send>>;

/// Plans deployments to a stage.
#[derive(Clone)]
pub(super) struct Planner(Arc<dyn Fn(Option<String>) -> Planning + Send + Sync>);

impl fmt::Debug for Planner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planner").finish_non_exhaustive()
    }
}

impl Planner {
    pub(super) fn new<F>(plan: impl Fn(Option<String>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Plan> + Send + 'static,
    {
        Self(Arc::new(move |stage| Box::pin(plan(stage))))
    }

    pub(super) fn plan(&self, stage: Option<String>) -> Planning {
        (self.0)(stage)
    }
}
