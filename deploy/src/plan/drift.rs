//! Whether the draft of an API is what was deployed.

use bluegate_core::gateway::Definition;
use serde::Serialize;

use crate::api::Deployment;
use crate::read::{DraftMark, Marker, Reading, waiting};

/// Whether the draft is what the last deployment was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// It is.
    None,
    /// Nobody knows: the last deployment does not say what it was made of.
    Unknown,
    /// Somebody edited it since.
    Edited,
    /// An earlier run was interrupted after it had begun to write.
    Interrupted,
}

/// Whether the draft of an API is what was deployed last, or what a stage serves.
#[must_use]
pub fn drift(reading: &Reading, draft: &Definition, interrupted: bool) -> Drift {
    let newest = reading.deployments.iter().map(|one| one.created).max();
    let is_served = |id: &str| {
        reading
            .stages
            .iter()
            .any(|stage| stage.deployment_id.as_deref() == Some(id))
    };
    let mut digests: Vec<String> = reading
        .deployments
        .iter()
        .filter(|one| Some(one.created) == newest || is_served(&one.id))
        .filter_map(|one| Marker::of(one)?.draft)
        .collect();
    digests.extend(DraftMark::of(&reading.api).map(|mark| mark.draft));
    // What another version of bluegate wrote in its own way says nothing about edits.
    digests.retain(|digest| Definition::is_comparable(digest));
    if digests.contains(&draft.digest()) {
        Drift::None
    } else if interrupted {
        Drift::Interrupted
    } else if digests.is_empty() {
        Drift::Unknown
    } else {
        Drift::Edited
    }
}

/// Whether a deployment was made of a document, and the draft is still what it was then.
pub(super) fn is_made_of(reading: &Reading, draft: &Definition, deployment: &Deployment, document: &str) -> bool {
    let Some(marker) = Marker::of(deployment) else {
        return false;
    };
    if marker.document != document || !waiting(&reading.api, deployment).is_empty() {
        return false;
    }
    is_draft_of(reading, draft, deployment) == Some(true)
}

/// Whether the draft is what a deployment was made of. `None` when that says nothing about its draft.
#[must_use]
pub fn is_draft_of(reading: &Reading, draft: &Definition, deployment: &Deployment) -> Option<bool> {
    let digest = draft.digest();
    let made_of = Marker::of(deployment).and_then(|marker| marker.draft);
    let put_back = DraftMark::of(&reading.api).filter(|mark| mark.deployment == deployment.id);
    let said = made_of.into_iter().chain(put_back.map(|mark| mark.draft));
    let mut said = said.filter(|said| Definition::is_comparable(said)).peekable();
    said.peek()?;
    Some(said.any(|said| said == digest))
}
