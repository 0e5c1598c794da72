//! How an API stands: what its stages serve, whether its draft is what was deployed, and what the next deployment
//! will find.

use serde::Serialize;

use crate::api::Stage;
use crate::plan::{CanaryPlan, Drift, drift};
use crate::read::{Lock, Reading, is_interrupted, moment, waiting};

use super::{Entry, history};

/// How an API stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Its id.
    pub rest_api_id: String,
    /// Its name.
    pub name: String,
    /// `AVAILABLE` and so on, where the service says.
    pub state: Option<String>,
    /// `REGIONAL`, `EDGE` or `PRIVATE`.
    pub endpoint_types: Vec<String>,
    /// The stages.
    pub stages: Vec<StageStatus>,
    /// How many deployments there are.
    pub deployments: usize,
    /// Whether somebody edited the draft since the last deployment.
    pub drift: Drift,
    /// Who has the API, or had it when it died.
    pub lock: Option<LockStatus>,
    /// What a run of this machine did last that did not end.
    pub interrupted: Option<DeadRun>,
    /// The routes file of this machine.
    pub routes: Option<RoutesStatus>,
    /// What the next deployment will do about all that.
    pub next_deploy: Vec<String>,
}

/// How a stage stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageStatus {
    /// Its name.
    pub name: String,
    /// The id of the deployment that it serves.
    pub serves: Option<String>,
    /// What is known of that deployment.
    pub deployment: Option<Entry>,
    /// The part of its traffic that goes elsewhere.
    pub canary: Option<CanaryPlan>,
    /// Settings of the API that it does not serve, since they were changed after its deployment was made.
    pub waiting: Vec<&'static str>,
    /// When it was changed last.
    pub updated: Option<String>,
}

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockStatus {
    /// The run that took it.
    pub run: String,
    /// How many seconds it still holds; 0 for one that expired.
    pub seconds: u64,
    /// Whether the run had begun to write.
    pub begun: bool,
}

/// A run that died after it had begun to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadRun {
    /// Its name.
    pub run: String,
    /// What it did last.
    pub step: String,
}

/// The routes file beside what is deployed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoutesStatus {
    /// The digest of its document.
    pub digest: String,
    /// The stages that serve this document.
    pub served_by: Vec<String>,
}

impl Status {
    /// From one reading of the API and what the journal of this machine tells of a run.
    #[must_use]
    pub fn of(reading: &Reading, interrupted: Option<DeadRun>, routes: Option<&str>, now: u64) -> Self {
        let lock = Lock::of(&reading.api).map(|lock| LockStatus {
            seconds: lock.until.saturating_sub(now),
            run: lock.run,
            begun: lock.begun,
        });
        let is_interrupted = is_interrupted(&reading.api, interrupted.is_some(), now);
        let entries = history(&reading.deployments, &reading.stages);
        let stages: Vec<StageStatus> = reading.stages.iter().map(|one| stage(one, reading, &entries)).collect();
        let routes = routes.map(|digest| RoutesStatus {
            digest: digest.to_owned(),
            served_by: stages
                .iter()
                .filter(|stage| {
                    let entry = stage.deployment.as_ref();
                    entry.and_then(|entry| entry.digest.as_deref()) == Some(digest)
                })
                .map(|stage| stage.name.clone())
                .collect(),
        });
        let mut status = Self {
            rest_api_id: reading.api.id.clone(),
            name: reading.api.name.clone(),
            state: reading.api.status.clone(),
            endpoint_types: reading.api.endpoint_types.clone(),
            stages,
            deployments: reading.deployments.len(),
            drift: drift(reading, &reading.definition(), is_interrupted),
            lock,
            interrupted,
            routes,
            next_deploy: Vec::new(),
        };
        status.next_deploy = status.outlook();
        status
    }

    /// What stands in the way of the next deployment, and what it does about it.
    fn outlook(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(lock) = self.lock.as_ref().filter(|lock| lock.seconds > 0) {
            lines.push(match &self.interrupted {
                Some(running) if running.run == lock.run => {
                    "is not held up by the lock: its run died on this machine".to_owned()
                }
                _ => format!(
                    "is refused until the run {} is done, {} s at most",
                    lock.run, lock.seconds
                ),
            });
        }
        match self.drift {
            Drift::Interrupted => {
                lines.push("finishes what an interrupted or undone run left: it replaces the draft".to_owned());
            }
            Drift::Edited => lines.push("is refused unless --allow-drift lets the edits of the draft go".to_owned()),
            Drift::None | Drift::Unknown => {}
        }
        for stage in self.stages.iter().filter(|stage| !stage.waiting.is_empty()) {
            lines.push(format!(
                "makes settings live on the stage {} that were changed since its deployment: {}",
                stage.name,
                stage.waiting.join(", ")
            ));
        }
        let canaries: Vec<&str> = self
            .stages
            .iter()
            .filter(|stage| stage.canary.is_some())
            .map(|stage| stage.name.as_str())
            .collect();
        if !canaries.is_empty() {
            lines.push(format!(
                "is refused on the stages {} until their canary is promoted or aborted",
                canaries.join(", ")
            ));
        }
        lines
    }
}

fn stage(stage: &Stage, reading: &Reading, entries: &[Entry]) -> StageStatus {
    let serves = stage.deployment_id.clone();
    let deployment = reading.deployments.iter().find(|one| Some(&one.id) == serves.as_ref());
    StageStatus {
        name: stage.name.clone(),
        deployment: entries.iter().find(|entry| Some(&entry.id) == serves.as_ref()).cloned(),
        serves,
        canary: stage.canary.as_ref().map(Into::into),
        waiting: deployment.map_or_else(Vec::new, |one| waiting(&reading.api, one)),
        updated: stage.updated.and_then(moment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Canary, Deployment, RestApi};
    use crate::read::DraftMark;

    fn reading() -> Reading {
        let mut reading = Reading {
            api: RestApi {
                id: "abc".into(),
                name: "Shop".into(),
                ..RestApi::default()
            },
            ..Reading::default()
        };
        let draft = reading.definition().digest();
        reading.deployments = vec![Deployment {
            id: "d1".into(),
            description: Some(format!("sha256:aa bluegate/0.1.0 draft:{draft}")),
            created: Some(1_700_000_000),
            summary: None,
        }];
        reading.stages = vec![Stage {
            name: "dev".into(),
            deployment_id: Some("d1".into()),
            updated: Some(1_700_000_060),
            ..Stage::default()
        }];
        reading
    }

    fn lock(reading: &mut Reading, value: &str) {
        reading.api.tags.insert(Lock::TAG.into(), value.into());
    }

    #[test]
    fn nothing_stands_in_the_way_of_an_api_that_is_as_it_was_deployed() {
        let status = Status::of(&reading(), None, Some("aa"), 100);
        assert_eq!((status.drift, status.next_deploy.len()), (Drift::None, 0));
        let stage = &status.stages[0];
        assert_eq!(stage.serves.as_deref(), Some("d1"));
        assert_eq!(stage.updated.as_deref(), Some("2023-11-14T22:14:20Z"));
        assert_eq!(status.routes.unwrap().served_by, ["dev"]);
        let other = Status::of(&reading(), None, Some("bb"), 100);
        assert!(other.routes.unwrap().served_by.is_empty());
    }

    #[test]
    fn settings_that_no_deployment_has_taken_are_told() {
        let mut reading = reading();
        let made_with = crate::carry::imprint(&reading.api);
        let description = reading.deployments[0].description.as_mut().unwrap();
        description.push_str(&format!(" settings:{made_with}"));
        assert!(Status::of(&reading, None, None, 100).next_deploy.is_empty());
        reading.api.binary_media_types = vec!["image/png".into()];
        let status = Status::of(&reading, None, None, 100);
        assert_eq!(status.stages[0].waiting, ["binary media types"]);
        // They are their owner's: nobody is asked for a flag.
        assert_eq!(status.drift, Drift::None);
        let line = &status.next_deploy[0];
        assert!(
            line.contains("on the stage dev") && line.contains("binary media types"),
            "{line}"
        );
    }

    #[test]
    fn a_lock_that_holds_refuses_and_one_that_expired_is_finished() {
        let mut held = reading();
        lock(&mut held, "run=r1 until=150 begun");
        let status = Status::of(&held, None, None, 100);
        assert_eq!(status.lock.as_ref().unwrap().seconds, 50);
        assert!(
            status.next_deploy[0].contains("refused until the run r1"),
            "{:?}",
            status.next_deploy
        );

        let mut dead = reading();
        dead.draft.resources.push(crate::api::Resource {
            id: String::new(),
            path: "/half".into(),
            methods: [("GET".to_owned(), crate::api::Method::default())].into(),
        });
        assert_eq!(Status::of(&dead, None, None, 100).drift, Drift::Edited);
        lock(&mut dead, "run=r1 until=50 begun");
        let status = Status::of(&dead, None, None, 100);
        assert_eq!(status.drift, Drift::Interrupted);
        assert!(status.next_deploy[0].contains("finishes"), "{:?}", status.next_deploy);
    }

    #[test]
    fn the_lock_of_a_run_that_died_here_holds_nobody_up() {
        let mut held = reading();
        lock(&mut held, "run=r1 until=150 begun");
        let died = DeadRun {
            run: "r1".into(),
            step: "putting".into(),
        };
        let status = Status::of(&held, Some(died), None, 100);
        assert!(
            status.next_deploy[0].contains("not held up"),
            "{:?}",
            status.next_deploy
        );
    }

    #[test]
    fn a_canary_and_a_draft_that_was_put_back_are_told() {
        let mut reading = reading();
        reading.stages[0].canary = Some(Canary {
            deployment_id: Some("d2".into()),
            percent: 10.0,
            ..Canary::default()
        });
        reading.draft.resources.push(crate::api::Resource {
            id: String::new(),
            path: "/spelt/otherwise".into(),
            methods: [("GET".to_owned(), crate::api::Method::default())].into(),
        });
        let mark = DraftMark {
            deployment: "d1".into(),
            draft: reading.definition().digest(),
        };
        reading.api.tags.insert(DraftMark::TAG.into(), mark.to_string());
        let status = Status::of(&reading, None, None, 100);
        assert_eq!(status.drift, Drift::None);
        assert_eq!(status.stages[0].canary.as_ref().unwrap().serves.as_deref(), Some("d2"));
        assert!(status.next_deploy[0].contains("promoted or aborted"));
    }
}
