//! The deployments of an API, and which of them are served.

use serde::Serialize;

use crate::api::{Deployment, Stage};
use crate::read::{Marker, moment};

/// A deployment in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: Option<String>,
    /// The stages that serve it.
    pub stages: Vec<String>,
    /// The stages whose canary serves it.
    pub canaries: Vec<String>,
    /// The digest of the document that it was made of; `None` for one that bluegate did not make.
    pub digest: Option<String>,
    /// The commit of the routes file.
    pub commit: Option<String>,
    /// Who made it, as far as it says.
    pub by: Option<String>,
    /// The version of bluegate that made it.
    pub version: Option<String>,
    /// What its maker wrote about it.
    pub description: Option<String>,
}

/// The deployments in the order in which they are given.
#[must_use]
pub fn history(deployments: &[Deployment], stages: &[Stage]) -> Vec<Entry> {
    deployments.iter().map(|one| entry(one, stages)).collect()
}

fn entry(deployment: &Deployment, stages: &[Stage]) -> Entry {
    let is_it = |id: Option<&str>| id == Some(deployment.id.as_str());
    let named = |serves: &dyn Fn(&Stage) -> Option<&str>| -> Vec<String> {
        let serving = stages.iter().filter(|stage| is_it(serves(stage)));
        serving.map(|stage| stage.name.clone()).collect()
    };
    let marker = Marker::of(deployment);
    Entry {
        id: deployment.id.clone(),
        created: deployment.created.and_then(moment),
        stages: named(&|stage| stage.deployment_id.as_deref()),
        canaries: named(&|stage| stage.canary.as_ref()?.deployment_id.as_deref()),
        digest: marker.as_ref().map(|marker| marker.document.clone()),
        commit: marker.as_ref().and_then(|marker| marker.commit.clone()),
        by: marker.as_ref().and_then(|marker| marker.by.clone()),
        version: marker.as_ref().and_then(|marker| marker.version.clone()),
        description: deployment.description.clone().filter(|text| !text.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Canary;

    fn deployment(id: &str, description: Option<&str>) -> Deployment {
        Deployment {
            id: id.to_owned(),
            description: description.map(str::to_owned),
            created: Some(1_700_000_000),
            summary: None,
        }
    }

    fn stage(name: &str, serves: &str, canary: Option<&str>) -> Stage {
        Stage {
            name: name.to_owned(),
            deployment_id: Some(serves.to_owned()),
            canary: canary.map(|id| Canary {
                deployment_id: Some(id.to_owned()),
                percent: 10.0,
                ..Canary::default()
            }),
            ..Stage::default()
        }
    }

    #[test]
    fn every_deployment_says_where_it_is_served_and_what_it_was_made_of() {
        let deployments = [
            deployment("d3", Some("sha256:aa git:0123456789ab bluegate/0.1.0 by:ci draft:bb")),
            deployment("d2", Some("by hand, before the holidays")),
            deployment("d1", None),
        ];
        let stages = [stage("dev", "d3", None), stage("prod", "d2", Some("d3"))];
        let entries = history(&deployments, &stages);
        assert_eq!(entries[0].stages, ["dev"]);
        assert_eq!(entries[0].canaries, ["prod"]);
        assert_eq!(entries[0].digest.as_deref(), Some("aa"));
        assert_eq!(entries[0].commit.as_deref(), Some("0123456789ab"));
        assert_eq!(
            (entries[0].by.as_deref(), entries[0].version.as_deref()),
            (Some("ci"), Some("0.1.0"))
        );
        assert_eq!(entries[0].created.as_deref(), Some("2023-11-14T22:13:20Z"));
        // Somebody else's are told too, in their own words.
        assert_eq!((&entries[1].digest, entries[1].stages.len()), (&None, 1));
        assert_eq!(entries[1].description.as_deref(), Some("by hand, before the holidays"));
        assert!(entries[2].stages.is_empty() && entries[2].description.is_none());
    }
}
