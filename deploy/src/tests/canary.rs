//! A version on a part of the traffic: how it begins, grows, and ends.

use super::faults::faults;
use super::*;
use bluegate_core::aws::stage_path;

use crate::api::{Canary, Texts};

impl Machine {
    async fn end_with(
        &self,
        gateway: impl ApiGateway,
        ending: Ending,
        listener: &mut Listener,
    ) -> Result<Ended, RunError> {
        let deployer = self.deployer(gateway, &by_id("abc", None));
        match ending {
            Ending::Promote => deployer.promote(&Promote { allow: self.allow }, listener).await,
            Ending::Abort => {
                let abort = Abort {
                    keep_draft: false,
                    allow: self.allow,
                };
                deployer.abort(&abort, listener).await
            }
        }
    }

    async fn end(&self, fake: &Fake, ending: Ending) -> Result<Ended, RunError> {
        let gateway = self.patient(fake);
        self.end_with(gateway, ending, &mut listener()).await
    }
}

fn canary(fake: &Fake) -> Option<(String, f64)> {
    let canary = fake.api("abc").stages["dev"].canary.clone()?;
    Some((canary.deployment_id.unwrap_or_default(), canary.percent))
}

fn draft(fake: &Fake) -> Vec<String> {
    routes_of(&fake.api("abc").resources)
}

/// An API whose stage serves [`OLD`], and [`NEW`] to ten percent, with settings that no file knows.
async fn tried() -> (Fake, Machine) {
    let mut machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.expect("the old API");
    machine.canary = Some(10.0);
    machine.deploy(&fake, NEW).await.expect("a canary");
    (fake, machine)
}

#[tokio::test(start_paused = true)]
async fn the_stage_stays_and_a_part_of_the_traffic_goes_to_the_new_version() {
    let (fake, machine) = tried().await;
    assert_eq!(live(&fake), sorted(OLD));
    assert_eq!(canary(&fake), Some(("dep2".into(), 10.0)));
    // Once more there is nothing to do; another part is one call.
    let writes = fake.writes().len();
    let mut said = listener();
    let settings = by_id("abc", None);
    let run = machine.run_as(fake.clone(), &settings, NEW, false, &mut said);
    let unchanged = run.await.unwrap();
    assert_eq!((unchanged.changed, unchanged.deployment_id.as_str()), (false, "dep2"));
    let served_by = Server::Canary;
    assert_eq!(said.plans[0].action, Action::Nothing { served_by });
    assert_eq!(fake.writes().len(), writes);
    let machine = Machine {
        canary: Some(50.0),
        ..machine
    };
    let mut said = listener();
    let ramped = machine
        .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
        .await
        .unwrap();
    assert!(ramped.changed);
    assert_eq!(ramped.deployment_id, "dep2");
    assert_eq!(
        fake.writes()[writes..],
        [Operation::TagResource, Operation::UpdateStage, Operation::UntagResource]
    );
    assert_eq!(canary(&fake), Some(("dep2".into(), 50.0)));
    let stage = "dev".to_owned();
    assert_eq!(said.questions[0].intent, Intent::Send { stage, percent: 50.0 });
    let action = &said.plans[0].action;
    assert!(
        matches!(action, Action::CanaryPercent(canary) if canary.percent == 50.0),
        "{action:?}"
    );
    assert!(
        said.plans[0]
            .notes
            .iter()
            .any(|line| line.contains("its production pointer stays at dep1"))
    );
    // Another version takes the canary's place.
    machine
        .deploy(&fake, &["GET! /users", "GET /health", "GET /third"])
        .await
        .unwrap();
    assert_eq!(canary(&fake), Some(("dep3".into(), 50.0)));
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_canary_needs_a_stage_that_serves_something() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.canary = Some(10.0);
    for create in [false, true] {
        let settings = if create { by_name("Other") } else { by_id("abc", None) };
        let mut said = listener();
        let run = machine.run_as(fake.clone(), &settings, OLD, create, &mut said);
        let error = run.await.unwrap_err();
        assert!(matches!(error, RunError::NoStage { .. }), "{error}");
        assert!(said.plans.is_empty(), "a plan that would never be carried out");
    }
    assert_eq!(fake.writes(), []);
}

#[tokio::test(start_paused = true)]
async fn nobody_deploys_beside_a_canary_by_accident() {
    let (fake, mut machine) = tried().await;
    machine.canary = None;
    let third = ["GET! /users", "GET /health", "GET /third"];
    let writes = fake.writes();
    let error = machine.deploy(&fake, &third).await.unwrap_err();
    let RunError::Refused { refusals } = error else {
        panic!("{error}")
    };
    assert_eq!(refusals[0].flag, Some("--allow-canary"));
    assert!(refusals[0].reason.contains("bluegate promote"), "{refusals:?}");
    assert_eq!(fake.writes(), writes);
    machine.allow.canary = true;
    machine.deploy(&fake, &third).await.unwrap();
    assert_eq!(live(&fake), sorted(&third));
    assert_eq!(canary(&fake), Some(("dep2".into(), 10.0)));
}

#[tokio::test(start_paused = true)]
async fn a_promoted_canary_is_what_the_stage_serves_with_its_variables() {
    let (fake, machine) = tried().await;
    fake.edit("abc", |api| {
        let stage = api.stages.get_mut("dev").unwrap();
        stage.variables = Texts::from([("backend".into(), "old".into()), ("kept".into(), "1".into())]);
        stage.canary.as_mut().unwrap().variable_overrides = Texts::from([("backend".into(), "new".into())]);
        stage.cache = crate::api::Cache::On;
    });
    let ended = machine.end(&fake, Ending::Promote).await.unwrap();
    assert_eq!((ended.serves.as_str(), ended.served.as_str()), ("dep2", "dep1"));
    assert_eq!((live(&fake), canary(&fake)), (sorted(NEW), None));
    let variables = fake.api("abc").stages["dev"].variables.clone();
    assert_eq!(variables["backend"], "new");
    assert_eq!(variables["kept"], "1");
    assert_eq!(fake.calls(Operation::FlushStageCache), 1);
    // The file is what is served by now.
    let machine = Machine {
        canary: None,
        ..machine
    };
    assert!(!machine.deploy(&fake, NEW).await.unwrap().changed);
    let error = machine.end(&fake, Ending::Promote).await.unwrap_err();
    assert!(matches!(error, RunError::Canary { there: false, .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_aborted_canary_is_gone_and_the_draft_is_what_is_served() {
    let (fake, machine) = tried().await;
    let before = fake.api("abc").api;
    let ended = machine.end(&fake, Ending::Abort).await.unwrap();
    assert!(ended.draft_is_live);
    assert_eq!((live(&fake), canary(&fake)), (sorted(OLD), None));
    assert_eq!(draft(&fake), sorted(OLD));
    assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), []);
    let mut machine = machine;
    machine.canary = None;
    assert!(!machine.deploy(&fake, OLD).await.unwrap().changed);
    assert!(machine.deploy(&fake, NEW).await.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_opens_a_route_is_promoted_only_when_permitted() {
    let (fake, mut machine) = tried().await;
    // Somebody else's canary.
    fake.edit("abc", |api| {
        api.put(&document(&["GET /users", "GET /health"]).to_json());
        let open = api.deploy("by hand");
        let stage = api.stages.get_mut("dev").unwrap();
        stage.canary.as_mut().unwrap().deployment_id = Some(open.id);
    });
    let writes = fake.writes();
    let error = machine.end(&fake, Ending::Promote).await.unwrap_err();
    let RunError::Refused { refusals } = error else {
        panic!("{error}")
    };
    assert_eq!(refusals[0].flag, Some("--allow-public"));
    assert_eq!(fake.writes(), writes);
    machine.allow.public = true;
    machine.end(&fake, Ending::Promote).await.unwrap();
    assert_eq!(live(&fake), sorted(&["GET /users", "GET /health"]));
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_opens_a_request_under_another_route_is_promoted_only_when_permitted() {
    for (signed, public) in OPENED {
        let fake = Fake::with_api("abc", "Shop");
        let mut machine = Machine::new();
        machine.deploy(&fake, signed).await.unwrap();
        machine.canary = Some(10.0);
        machine.allow.public = true;
        machine.deploy(&fake, public).await.unwrap();
        machine.allow.public = false;
        let error = machine.end(&fake, Ending::Promote).await.unwrap_err();
        let RunError::Refused { refusals } = error else {
            panic!("{error}")
        };
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert_eq!(refusals[0].flag, Some("--allow-public"));
        machine.allow.public = true;
        machine.end(&fake, Ending::Promote).await.unwrap();
        assert_eq!(live(&fake), sorted(public));
    }
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_leaves_the_limits_of_a_route_behind_is_deployed_promoted_and_rolled_back_only_when_permitted() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.allow.mass_removal = true;
    machine.deploy(&fake, &["GET! /files/{path+}"]).await.unwrap();
    let limit = |route: &str| {
        let name = format!("{}/throttling/rateLimit", stage_path::of_method(route));
        fake.edit("abc", |api| {
            let stage = api.stages.get_mut("dev").unwrap();
            stage
                .settings
                .retain(|name, _| !name.ends_with("/throttling/rateLimit"));
            stage.settings.insert(name, "5".to_owned());
        });
    };
    limit("GET /files/{path+}");
    let refused = |error: RunError| error.to_string();
    let what = "throttling rateLimit of GET /files/{rest+} becomes unlimited, which for GET /files/{path+} is 5";
    machine.canary = Some(10.0);
    let writes = fake.writes();
    let error = machine.deploy(&fake, &["GET! /files/{rest+}"]).await.unwrap_err();
    let RunError::Refused { refusals } = error else {
        panic!("{error}")
    };
    assert_eq!(refusals[0].flag, Some("--allow-weaker"));
    assert!(refusals[0].reason.contains(what), "{refusals:?}");
    assert_eq!(fake.writes(), writes);
    machine.allow.weaker = true;
    machine.deploy(&fake, &["GET! /files/{rest+}"]).await.unwrap();
    machine.allow.weaker = false;
    let error = refused(machine.end(&fake, Ending::Promote).await.unwrap_err());
    assert!(error.contains(what) && error.contains("--allow-weaker"), "{error}");
    assert_eq!(live(&fake), ["GET! /files/{path+}"]);
    machine.allow.weaker = true;
    machine.end(&fake, Ending::Promote).await.unwrap();
    assert_eq!(live(&fake), ["GET! /files/{rest+}"]);
    // And back.
    limit("GET /files/{rest+}");
    machine.allow.weaker = false;
    let deployer = machine.deployer(machine.patient(&fake), &by_id("abc", None));
    let mut rollback = Rollback {
        to: None,
        keep_draft: false,
        allow: machine.allow,
    };
    let error = refused(deployer.rollback(&rollback, &mut listener()).await.unwrap_err());
    assert!(
        error.contains("becomes unlimited, which for GET /files/{rest+} is 5"),
        "{error}"
    );
    rollback.allow.weaker = true;
    deployer.rollback(&rollback, &mut listener()).await.unwrap();
    assert_eq!(live(&fake), ["GET! /files/{path+}"]);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_fails_leaves_the_canary_as_it_was() {
    let (fake, mut machine) = tried().await;
    let settings = Canary {
        deployment_id: Some("dep2".into()),
        percent: 12.5,
        variable_overrides: Texts::from([("backend".into(), "new".into())]),
        use_stage_cache: true,
    };
    fake.edit("abc", |api| {
        api.stages.get_mut("dev").unwrap().canary = Some(settings.clone());
    });
    machine.canary = Some(50.0);
    // The stage is patched, but that cannot be seen.
    for _ in 0..4 {
        fake.fail_next(
            Operation::GetStage,
            Fault::Before(Cause::Unavailable {
                retry_after: None,
                status: 503,
                message: String::new(),
            }),
        );
    }
    let error = machine
        .deploy(&fake, &["GET! /users", "GET /health", "GET /third"])
        .await
        .unwrap_err();
    // The draft was what the canary serves, which nobody exports.
    let stage = "dev".to_owned();
    assert_eq!(error.state(), State::DraftServed { stage }, "{error}");
    assert_eq!(fake.api("abc").stages["dev"].canary, Some(settings));
    assert_eq!(draft(&fake), sorted(OLD));
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn any_fault_while_a_canary_begins_or_ends_leaves_a_state_that_is_told() {
    for ending in [None, Some(Ending::Promote), Some(Ending::Abort)] {
        let run = async |fake: &Fake, machine: &Machine| match ending {
            None => machine
                .deploy(fake, &["GET! /users", "GET /health", "GET /third"])
                .await
                .map(drop),
            Some(ending) => machine.end(fake, ending).await.map(drop),
        };
        let (fake, machine) = tried().await;
        let first = fake.all_calls().len();
        run(&fake, &machine).await.unwrap();
        let calls = fake.all_calls().len() - first;
        for (name, fault) in faults() {
            // One of each kind: before, afterwards, and in the middle.
            if !["denied", "answer lost", "timed out afterwards", "half a put", "hangs"].contains(&name) {
                continue;
            }
            for call in 0..calls {
                let what = format!("{ending:?}: {name} at call {call}");
                let (fake, machine) = tried().await;
                let before = fake.api("abc");
                fake.fail_at(call, fault.clone());
                let result = run(&fake, &machine).await;
                let after = fake.api("abc");
                let (old, new) = (&before.stages["dev"], &after.stages["dev"]);
                assert!([sorted(OLD), sorted(NEW)].contains(&live(&fake)), "{what}");
                let Err(error) = result else { continue };
                match error.state() {
                    State::Untouched | State::Returned | State::Restored => {
                        assert_eq!(
                            (&new.deployment_id, &new.canary),
                            (&old.deployment_id, &old.canary),
                            "{what}"
                        );
                        assert_eq!(crate::carry::mismatches(&before.api, &after.api), [], "{what}: {error}");
                    }
                    State::DraftUnknown | State::DraftServed { .. } => {
                        assert_eq!(
                            (&new.deployment_id, &new.canary),
                            (&old.deployment_id, &old.canary),
                            "{what}"
                        );
                    }
                    State::DraftLeft { deployment } => {
                        assert_eq!(
                            (new.deployment_id.as_ref(), &new.canary),
                            (Some(&deployment), &None),
                            "{what}"
                        );
                    }
                    State::StageUnknown | State::PointerUnknown => {}
                    other => panic!("{what}: {other:?}"),
                }
            }
        }
    }
}

fn refused() -> Fault {
    Fault::Before(Cause::Refused {
        message: "Invalid patch path".into(),
    })
}

#[tokio::test(start_paused = true)]
async fn an_ending_that_is_refused_at_once_has_changed_nothing() {
    for ending in [Ending::Promote, Ending::Abort] {
        let (fake, machine) = tried().await;
        let before = fake.api("abc");
        let updates = fake.calls(Operation::UpdateStage);
        fake.fail_next(Operation::UpdateStage, refused());
        let error = machine.end(&fake, ending).await.unwrap_err();
        assert_eq!(error.state(), State::Untouched, "{ending:?}: {error}");
        // There is nothing to be put back either.
        assert_eq!(fake.calls(Operation::UpdateStage), updates + 1, "{ending:?}");
        assert_eq!(fake.api("abc").stages["dev"], before.stages["dev"], "{ending:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_part_of_the_traffic_that_is_refused_has_changed_nothing() {
    let (fake, mut machine) = tried().await;
    let updates = fake.calls(Operation::UpdateStage);
    machine.canary = Some(50.0);
    fake.fail_next(Operation::UpdateStage, refused());
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert_eq!(error.state(), State::Untouched, "{error}");
    assert_eq!(fake.calls(Operation::UpdateStage), updates + 1);
    assert_eq!(canary(&fake), Some(("dep2".into(), 10.0)));
}

#[tokio::test(start_paused = true)]
async fn a_promotion_that_fails_half_way_gives_the_canary_back() {
    // Whatever reads say meanwhile: all of them are old, or none.
    for old in [0, 1] {
        let begin = async || {
            let (fake, machine) = tried().await;
            tokio::time::sleep(Duration::from_secs(60)).await;
            fake.lags(Duration::from_secs(3), old);
            let calls = fake.all_calls().len();
            (fake, machine, calls)
        };
        let (fake, machine, begun) = begin().await;
        machine.end(&fake, Ending::Promote).await.unwrap();
        let calls = fake.all_calls().split_off(begun);
        let is_update = |call: &Operation| *call == Operation::UpdateStage;
        let first = calls.iter().position(is_update).unwrap();
        let second = calls.iter().rposition(is_update).unwrap();
        assert!(first + 1 < second, "{calls:?}");
        // The look at what the promotion did, and the call that takes the canary away.
        for (call, operation) in [(first + 1, Operation::GetStage), (second, Operation::UpdateStage)] {
            let (fake, machine, begun) = begin().await;
            let before = fake.api("abc");
            fake.fail_at(call, refused());
            let error = machine.end(&fake, Ending::Promote).await.unwrap_err();
            assert_eq!(fake.all_calls()[begun + call], operation, "{old}");
            assert_eq!(error.state(), State::Returned, "{old}: {error}");
            assert_eq!(fake.api("abc").stages["dev"], before.stages["dev"], "{old}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_canary_begins_grows_and_ends_while_reads_are_old() {
    for ending in [Ending::Promote, Ending::Abort] {
        let mut machine = Machine::new();
        let fake = Fake::with_api("abc", "Shop");
        machine.deploy(&fake, OLD).await.expect("the old API");
        let calm = || tokio::time::sleep(Duration::from_secs(60));
        calm().await;
        fake.lags(Duration::from_secs(3), 1);
        for percent in [10.0, 50.0] {
            machine.canary = Some(percent);
            machine.deploy(&fake, NEW).await.expect("a canary");
            assert_eq!(canary(&fake), Some(("dep2".into(), percent)));
            calm().await;
        }
        machine.end(&fake, ending).await.expect("an end");
        let served = if ending == Ending::Promote { NEW } else { OLD };
        assert_eq!((live(&fake), canary(&fake)), (sorted(served), None), "{ending:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_an_abort_left_follows_a_rollback_to_what_is_served() {
    let (fake, machine) = tried().await;
    // Both readings, the snapshot, and what is to become the draft.
    for _ in 0..4 {
        let refused = Cause::Refused {
            message: "Export requires model schemas to be JSON".into(),
        };
        fake.fail_next(Operation::GetExport, Fault::Before(refused));
    }
    let error = machine.end(&fake, Ending::Abort).await.unwrap_err();
    let deployment = "dep1".to_owned();
    assert_eq!(error.state(), State::DraftLeft { deployment }, "{error}");
    assert_eq!((live(&fake), canary(&fake)), (sorted(OLD), None));
    assert_eq!(draft(&fake), sorted(NEW));
    machine.back(&fake, Some("dep1")).await.unwrap();
    assert_eq!(draft(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_promotion_that_died_is_finished_by_the_next_one() {
    let (fake, machine) = tried().await;
    let first = fake.all_calls().len();
    machine.end(&fake, Ending::Promote).await.unwrap();
    let calls = fake.all_calls().len() - first;
    for (name, fault) in faults().into_iter().filter(|(name, _)| name.starts_with("dies")) {
        for call in 0..calls {
            let what = format!("{name} at call {call}");
            let (fake, machine) = tried().await;
            fake.fail_at(call, fault.clone());
            let mut said = listener();
            let run = machine.end_with(fake.clone(), Ending::Promote, &mut said);
            let died = tokio::time::timeout(Duration::from_secs(3600), run).await.is_err();
            assert!(died, "{what}");
            assert!([sorted(OLD), sorted(NEW)].contains(&live(&fake)), "{what}");
            match machine.end(&fake, Ending::Promote).await {
                Ok(ended) => assert_eq!(ended.serves, "dep2", "{what}"),
                // It had taken the canary away before it died.
                Err(RunError::Canary { there: false, .. }) => {}
                Err(error) => panic!("{what}: {error}"),
            }
            assert_eq!((live(&fake), canary(&fake)), (sorted(NEW), None), "{what}");
            let machine = Machine {
                canary: None,
                ..machine
            };
            machine
                .deploy(&fake, NEW)
                .await
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(live(&fake), sorted(NEW), "{what}");
        }
    }
}
