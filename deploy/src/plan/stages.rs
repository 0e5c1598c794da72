//! Stages in a plan.

use bluegate_core::gateway::Change;
use serde::Serialize;

use crate::api::Canary;
use crate::read::Reading;

/// Where a stage points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StagePlan {
    /// Its name.
    pub name: String,
    /// Whether there is such a stage; if not it is created.
    pub exists: bool,
    /// The deployment that it serves.
    pub serves: Option<String>,
    /// The part of its traffic that goes elsewhere, and stays there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canary: Option<CanaryPlan>,
    /// Its settings that change, of those that the file declares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

impl StagePlan {
    /// A stage as it is.
    pub(super) fn of(reading: &Reading, name: &str) -> Self {
        let stage = reading.stage(name);
        Self {
            name: name.to_owned(),
            exists: stage.is_some(),
            serves: stage.and_then(|stage| stage.deployment_id.clone()),
            canary: stage.and_then(|stage| stage.canary.as_ref()).map(Into::into),
            changes: Vec::new(),
        }
    }
}

/// The canary of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CanaryPlan {
    /// The deployment that it serves.
    pub serves: Option<String>,
    /// How many percent of the traffic.
    pub percent: f64,
}

impl From<&Canary> for CanaryPlan {
    fn from(canary: &Canary) -> Self {
        Self {
            serves: canary.deployment_id.clone(),
            percent: canary.percent,
        }
    }
}
