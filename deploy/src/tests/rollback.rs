//! Going back to an older deployment, and what that leaves when something fails.

use super::faults::{copy, faults};
use super::*;
use crate::read::{DraftMark, Reading};

impl Machine {
    pub(super) async fn back_with(
        &self,
        gateway: impl ApiGateway,
        to: Option<&str>,
        keep_draft: bool,
        listener: &mut Listener,
    ) -> Result<RolledBack, RunError> {
        let rollback = Rollback {
            to,
            keep_draft,
            allow: self.allow,
        };
        let deployer = self.deployer(gateway, &by_id("abc", None));
        deployer.rollback(&rollback, listener).await
    }

    pub(super) async fn back(&self, fake: &Fake, to: Option<&str>) -> Result<RolledBack, RunError> {
        let gateway = self.patient(fake);
        self.back_with(gateway, to, false, &mut listener()).await
    }
}

/// An API whose stage serves [`NEW`] after [`OLD`], with settings that no file knows.
async fn deployed_twice() -> (Fake, Machine) {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.expect("the old API");
    machine.deploy(&fake, NEW).await.expect("the new API");
    (fake, machine)
}

fn draft(fake: &Fake) -> Vec<String> {
    routes_of(&fake.api("abc").resources)
}

#[tokio::test(start_paused = true)]
async fn the_stage_and_the_draft_are_the_old_ones_afterwards() {
    let (fake, machine) = deployed_twice().await;
    let before = fake.api("abc").api;
    let left = machine.back(&fake, None).await.unwrap();
    assert_eq!((left.from.as_str(), left.to.as_str()), ("dep2", "dep1"));
    assert!(left.changed && left.draft_is_live);
    assert_eq!((live(&fake), draft(&fake)), (sorted(OLD), sorted(OLD)));
    let api = fake.api("abc").api;
    assert_eq!(crate::carry::mismatches(&before, &api), []);
    assert_eq!(api.tags, before.tags, "the lock is gone");
    // What is served now is known: the old file has nothing to do, the new one no edits to fear for.
    assert!(!machine.deploy(&fake, OLD).await.unwrap().changed);
    assert!(machine.deploy(&fake, NEW).await.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn a_move_that_is_refused_has_changed_nothing() {
    let (fake, machine) = deployed_twice().await;
    let updates = fake.calls(Operation::UpdateStage);
    let message = "Deployment id does not exist".to_owned();
    fake.fail_next(Operation::UpdateStage, Fault::Before(Cause::Refused { message }));
    let error = machine.back(&fake, None).await.unwrap_err();
    assert_eq!(error.state(), State::Untouched, "{error}");
    assert_eq!(fake.calls(Operation::UpdateStage), updates + 1);
    assert_eq!((live(&fake), draft(&fake)), (sorted(NEW), sorted(NEW)));
}

#[tokio::test(start_paused = true)]
async fn going_forward_again_works_by_name() {
    let (fake, machine) = deployed_twice().await;
    machine.back(&fake, None).await.unwrap();
    let left = machine.back(&fake, Some("dep2")).await.unwrap();
    assert_eq!((left.from.as_str(), left.to.as_str()), ("dep1", "dep2"));
    assert_eq!((live(&fake), draft(&fake)), (sorted(NEW), sorted(NEW)));
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_is_spelt_otherwise_when_it_is_put_back_is_nobodys_edit() {
    let (fake, machine) = deployed_twice().await;
    fake.spells_exports_otherwise();
    machine.back(&fake, None).await.unwrap();
    let mark = fake.api("abc").api.tags[DraftMark::TAG].clone();
    assert!(mark.starts_with("deployment=dep1 draft="), "{mark}");
    let writes = fake.writes().len();
    assert!(!machine.deploy(&fake, OLD).await.unwrap().changed);
    assert!(!machine.back(&fake, Some("dep1")).await.unwrap().changed);
    assert_eq!(fake.writes().len(), writes);
    machine.deploy(&fake, NEW).await.unwrap();
    assert_eq!(fake.api("abc").api.tags.get(DraftMark::TAG), None);
}

#[tokio::test(start_paused = true)]
async fn the_draft_stays_when_asked_for() {
    let (fake, machine) = deployed_twice().await;
    let puts = fake.calls(Operation::PutRestApi);
    let left = machine
        .back_with(fake.clone(), None, true, &mut listener())
        .await
        .unwrap();
    assert!(left.changed && !left.draft_is_live);
    assert_eq!((live(&fake), draft(&fake)), (sorted(OLD), sorted(NEW)));
    assert_eq!(fake.calls(Operation::PutRestApi), puts);
    // Naming what is served makes the draft follow.
    let left = machine.back(&fake, Some("dep1")).await.unwrap();
    assert!(left.changed && left.draft_is_live);
    assert_eq!(draft(&fake), sorted(OLD));
    assert!(!machine.back(&fake, Some("dep1")).await.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_is_gone_and_one_that_is_live_are_told() {
    let (fake, machine) = deployed_twice().await;
    let writes = fake.writes();
    let error = machine.back(&fake, Some("dep9")).await.unwrap_err();
    let known = vec!["dep2".to_owned(), "dep1".to_owned()];
    assert_eq!(
        error,
        RunError::NoDeployment {
            id: Some("dep9".into()),
            known
        }
    );
    let left = machine.back(&fake, Some("dep2")).await.unwrap();
    assert!(!left.changed);
    assert_eq!(fake.writes(), writes);

    let empty = Fake::with_api("abc", "Shop");
    let error = machine.back(&empty, None).await.unwrap_err();
    assert!(matches!(error, RunError::NoStage { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn it_goes_back_to_what_this_stage_served_and_not_to_what_another_did() {
    let (fake, machine) = deployed_twice().await;
    // Somebody deployed to another stage in between, and a third version failed before it was served.
    fake.edit("abc", |api| {
        api.deployments[1].deployment.description = Some("sha256:x stage:prod was:dep0".into());
        let mut third = api.deployments[1].clone();
        third.deployment.id = "dep3".into();
        third.deployment.created = Some(1_800_000_000);
        third.deployment.description = Some("sha256:y draft:z stage:dev was:dep1".into());
        api.deployments.push(third);
        api.stages.get_mut("dev").unwrap().deployment_id = Some("dep3".into());
    });
    let machine = Machine {
        allow: Allow {
            drift: true,
            ..machine.allow
        },
        ..machine
    };
    assert_eq!(machine.back(&fake, None).await.unwrap().to, "dep1");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_opens_a_route_is_refused_unless_permitted() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.deploy(&fake, &["GET /users", "GET /health"]).await.unwrap();
    machine.deploy(&fake, OLD).await.unwrap();
    let writes = fake.writes();
    let flags = |error| match error {
        RunError::Refused { refusals } => refusals.iter().filter_map(|one| one.flag).collect::<Vec<_>>(),
        other => panic!("{other}"),
    };
    assert_eq!(flags(machine.back(&fake, None).await.unwrap_err()), ["--allow-public"]);
    // Somebody edited the draft as well, and that would be lost.
    fake.edit("abc", |api| {
        api.put(&document(&["GET! /users", "GET /byhand"]).to_json());
    });
    assert_eq!(
        flags(machine.back(&fake, None).await.unwrap_err()),
        ["--allow-public", "--allow-drift"]
    );
    assert_eq!(fake.writes(), writes);
    machine.allow.public = true;
    machine.allow.drift = true;
    machine.back(&fake, None).await.unwrap();
    assert_eq!(live(&fake), sorted(&["GET /users", "GET /health"]));
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_opens_a_request_under_another_route_is_refused_too() {
    for (signed, public) in OPENED {
        let fake = Fake::with_api("abc", "Shop");
        let mut machine = Machine::new();
        machine.deploy(&fake, public).await.unwrap();
        machine.deploy(&fake, signed).await.unwrap();
        let error = machine.back(&fake, None).await.unwrap_err();
        let RunError::Refused { refusals } = error else {
            panic!("{error}")
        };
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert_eq!(refusals[0].flag, Some("--allow-public"));
        machine.allow.public = true;
        machine.back(&fake, None).await.unwrap();
        assert_eq!(live(&fake), sorted(public));
    }
}

#[tokio::test(start_paused = true)]
async fn a_deployment_with_another_policy_or_none_is_not_served_for_long() {
    for (then, keep_draft) in [None, Some(r#"{\"Statement\":[]}"#)]
        .map(|then| [(then, false), (then, true)])
        .concat()
    {
        let mut machine = Machine::new();
        machine.allow.drift = true;
        let fake = Fake::with_api("abc", "Shop");
        fake.edit("abc", |api| api.api.policy = then.map(str::to_owned));
        machine.deploy(&fake, OLD).await.unwrap();
        // The policy became stricter after the old deployment was made.
        fake.edit("abc", |api| unmanaged(&mut api.api));
        machine.deploy(&fake, NEW).await.unwrap();
        let run = machine.back_with(fake.clone(), None, keep_draft, &mut listener()).await;
        let error = run.unwrap_err();
        assert_eq!(error.state(), State::Returned, "{error}");
        assert!(error.to_string().contains("--allow-policy-change"), "{error}");
        assert_eq!((live(&fake), draft(&fake)), (sorted(NEW), sorted(NEW)));
        let policy = fake.api("abc").api.policy;
        machine.allow.policy_change = true;
        let run = machine.back_with(fake.clone(), None, keep_draft, &mut listener()).await;
        run.unwrap();
        assert_eq!(live(&fake), sorted(OLD));
        // The policy of now stays the one of the draft.
        assert_eq!(fake.api("abc").api.policy, policy);
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_was_served_may_be_served_again() {
    let (fake, machine) = deployed_twice().await;
    // Somebody changed it since, and deployed nothing.
    fake.edit("abc", |api| api.api.policy = Some(r#"{\"Statement\":[]}"#.into()));
    machine
        .back_with(fake.clone(), None, true, &mut listener())
        .await
        .unwrap();
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_deployment_without_an_authorizer_of_now_is_not_served_for_long() {
    let (fake, mut machine) = deployed_twice().await;
    let mut asking = document(NEW);
    let scheme = json!({
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:aws:cognito"]}
    });
    let scheme = serde_json::from_value(scheme).unwrap();
    asking.components.security_schemes.insert("staff", scheme);
    machine
        .run_document(fake.clone(), &by_id("abc", None), &asking, false, &mut listener())
        .await
        .unwrap();
    for keep_draft in [false, true] {
        let run = machine.back_with(fake.clone(), None, keep_draft, &mut listener()).await;
        let error = run.unwrap_err();
        assert_eq!(error.state(), State::Returned, "{error}");
        assert!(
            error
                .to_string()
                .contains("would disappear: staff: --allow-policy-change"),
            "{error}"
        );
    }
    machine.allow.policy_change = true;
    machine.back(&fake, None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn caches_are_emptied_and_a_canary_is_not_run_over() {
    let (fake, machine) = deployed_twice().await;
    fake.edit("abc", |api| {
        api.stages.get_mut("dev").unwrap().cache = crate::api::Cache::On;
    });
    machine.back(&fake, None).await.unwrap();
    assert_eq!(fake.calls(Operation::FlushStageCache), 1);
    assert_eq!(fake.calls(Operation::FlushStageAuthorizersCache), 1);
    fake.edit("abc", |api| {
        api.stages.get_mut("dev").unwrap().canary = Some(crate::api::Canary::default());
    });
    let error = machine.back(&fake, Some("dep2")).await.unwrap_err();
    assert!(matches!(error, RunError::Canary { there: true, .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_no_writes_nothing_and_the_journal_has_what_was_served() {
    let (fake, machine) = deployed_twice().await;
    let writes = fake.writes();
    let mut no = listener();
    no.answer = false;
    let error = machine.back_with(fake.clone(), None, false, &mut no).await.unwrap_err();
    assert_eq!(error, RunError::Declined { interrupted: false });
    assert_eq!(fake.writes(), writes);
    let Intent::Move { from, to, .. } = &no.questions[0].intent else {
        panic!("{:?}", no.questions)
    };
    assert_eq!((from.as_str(), to.id.as_str()), ("dep2", "dep1"));

    machine.back(&fake, None).await.unwrap();
    let run = machine
        .folder
        .path()
        .join("abc")
        .join(format!("run{}", machine.now.get()));
    let snapshot = std::fs::read_to_string(run.join("snapshot.json")).unwrap();
    let reading: Reading = serde_json::from_str(&snapshot).unwrap();
    assert_eq!(routes_of(&reading.draft.resources), sorted(NEW));
    assert!(run.join("export-dev-dep1.json").exists());
}

#[tokio::test(start_paused = true)]
async fn any_fault_at_any_call_leaves_one_of_both_versions_and_is_finished_by_the_next_run() {
    let (fake, machine) = deployed_twice().await;
    let first = fake.all_calls().len();
    machine.back(&fake, None).await.unwrap();
    let calls = fake.all_calls().len() - first;
    assert!(calls > 20, "{calls}");

    let mut ended: BTreeMap<String, usize> = BTreeMap::new();
    for (name, fault) in faults() {
        for call in 0..calls {
            let what = format!("{name} at call {call}");
            let (fake, machine) = deployed_twice().await;
            let before = fake.api("abc").api;
            fake.fail_at(call, fault.clone());
            let result = if name.starts_with("dies") {
                let mut said = listener();
                let run = machine.back_with(fake.clone(), None, false, &mut said);
                tokio::time::timeout(Duration::from_secs(3600), run).await.ok()
            } else {
                Some(machine.back(&fake, None).await)
            };
            let served = live(&fake);
            assert!(served == sorted(OLD) || served == sorted(NEW), "{what}: {served:?}");
            match &result {
                Some(Ok(left)) => {
                    assert!(left.draft_is_live, "{what}");
                    assert_eq!((served, draft(&fake)), (sorted(OLD), sorted(OLD)), "{what}");
                }
                Some(Err(error)) => {
                    match error.state() {
                        State::Untouched | State::Returned | State::Restored => {
                            assert_eq!((served, draft(&fake)), (sorted(NEW), sorted(NEW)), "{what}: {error}");
                            assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), [], "{what}");
                        }
                        State::DraftUnknown => assert_eq!(served, sorted(NEW), "{what}: {error}"),
                        State::PointerUnknown => {}
                        other => panic!("{what}: {other:?}"),
                    }
                    *ended.entry(format!("{:?}", error.state())).or_default() += 1;
                }
                None => *ended.entry("dead".to_owned()).or_default() += 1,
            }
            if result.is_none() {
                let elsewhere = Machine::new();
                elsewhere.now.set(1_000_000 + 2 * TIME);
                finish(&copy(&fake), &elsewhere, &before, &format!("{what}, elsewhere")).await;
            }
            finish(&fake, &machine, &before, &what).await;
        }
    }
    for state in ["Untouched", "Returned", "Restored", "dead"] {
        assert!(ended.contains_key(state), "{ended:?}");
    }
}

/// Running again, by name, ends well.
async fn finish(fake: &Fake, machine: &Machine, before: &RestApi, what: &str) {
    let result = machine.back(fake, Some("dep1")).await;
    result.unwrap_or_else(|error| panic!("{what}: running again ends with {error}"));
    assert_eq!((live(fake), draft(fake)), (sorted(OLD), sorted(OLD)), "{what}");
    assert_eq!(crate::carry::mismatches(before, &fake.api("abc").api), [], "{what}");
    let writes = fake.writes().len();
    assert!(!machine.back(fake, Some("dep1")).await.unwrap().changed, "{what}");
    assert!(!machine.deploy(fake, OLD).await.unwrap().changed, "{what}");
    assert_eq!(fake.writes().len(), writes, "{what}: a run without changes wrote");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_keeps_the_draft_of_a_dead_run_leaves_it_to_the_next_deployment() {
    let (fake, machine) = deployed_twice().await;
    let newer = ["GET! /users", "GET /health", "POST! /users", "PUT! /users"];
    fake.fail_next(Operation::PutRestApi, Fault::HangAfter);
    let run = machine.once(&fake, by_id("abc", None), &newer, false);
    tokio::time::timeout(Duration::from_secs(3600), run).await.unwrap_err();
    let older = fake.api("abc").deployments[0].deployment.id.clone();
    let mut said = listener();
    let back = machine.back_with(fake.clone(), Some(&older), true, &mut said);
    assert!(!back.await.unwrap().draft_is_live);
    // Nobody edited the draft: no flag is asked for.
    machine.deploy(&fake, NEW).await.unwrap();
    assert_eq!(live(&fake), sorted(NEW));
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_would_put_a_policy_of_a_role_that_is_deleted_is_refused() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    machine.deploy(&fake, NEW).await.unwrap();
    fake.edit("abc", |api| {
        let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"}}]}"#;
        api.api.policy = Some(policy.into());
    });
    let writes = fake.writes();
    let error = machine.back(&fake, None).await.unwrap_err();
    assert!(
        matches!(&error, RunError::Refused { refusals } if refusals[0].flag.is_none()),
        "{error}"
    );
    assert_eq!(fake.writes(), writes);
}
