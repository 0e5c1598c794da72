//! What stages served before, and which deployments are still needed.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Deployment;

use super::marker::Marker;
use super::reading::Reading;

/// What a stage served before it served a deployment: where a rollback goes.
///
/// The deployment says it, when it was made for that stage; else it is the next older one that may have been.
#[must_use]
pub fn previous<'a>(deployments: &'a [Deployment], stage: &str, serves: &str) -> Option<&'a Deployment> {
    let by_id = |id: &str| deployments.iter().find(|one| one.id == id);
    let current = by_id(serves).and_then(Marker::of);
    let was = current.filter(|marker| marker.stage.as_deref() == Some(stage));
    if let Some(was) = was.and_then(|marker| by_id(&marker.was?)) {
        return Some(was);
    }
    let may_be_of_stage = |one: &&Deployment| {
        let made_for = Marker::of(one).and_then(|marker| marker.stage);
        made_for.is_none_or(|made_for| made_for == stage)
    };
    let mut older = deployments.iter().skip_while(|one| one.id != serves).skip(1);
    older.find(may_be_of_stage)
}

/// The deployments of bluegate that nobody needs any more once there is a newer one for a stage: not among the newest
/// `keep` of those that were made for one stage, served by no stage and no canary, and nothing that a stage would be
/// rolled back to.
#[must_use]
pub fn superfluous<'a>(reading: &'a Reading, stage: &str, keep: usize) -> Vec<&'a str> {
    let mut needed = BTreeSet::new();
    for stage in &reading.stages {
        let canary = stage.canary.as_ref().and_then(|canary| canary.deployment_id.as_deref());
        let served = stage.deployment_id.as_deref();
        let back = served.and_then(|served| previous(&reading.deployments, &stage.name, served));
        needed.extend([canary, served, back.map(|one| one.id.as_str())].into_iter().flatten());
    }
    // The newer one is one of its stage.
    let mut kept = BTreeMap::from([(Some(stage.to_owned()), 1)]);
    let mut old = Vec::new();
    for one in &reading.deployments {
        let Some(marker) = Marker::of(one) else { continue };
        let of_stage: &mut usize = kept.entry(marker.stage).or_default();
        *of_stage += 1;
        if *of_stage > keep && !needed.contains(one.id.as_str()) {
            old.push(one.id.as_str());
        }
    }
    old
}
