//! The settings of a stage, as far as the file declares them.

use bluegate_core::aws::{Smoke, Smokes, StageSettings};

use super::*;
use crate::read::Reading;
use crate::transaction::Before;

fn declares(values: &[(&str, &str)]) -> Environment {
    let values = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Environment {
        stage_settings: StageSettings {
            values,
            tags: Texts::from([("team".into(), "shop".into())]),
        },
        ..by_id("abc", None)
    }
}

fn settings(fake: &Fake) -> Texts {
    fake.api("abc").stages["dev"].settings.clone()
}

const SETTINGS: &[(&str, &str)] = &[
    ("/variables/host", "backend.example.com"),
    ("/*/*/throttling/rateLimit", "12.5"),
    ("/~1users/GET/metrics/enabled", "true"),
    ("/tracingEnabled", "true"),
    ("/cacheClusterEnabled", "true"),
    ("/cacheClusterSize", "0.5"),
];

/// A stage that serves [`OLD`], with settings of somebody else.
async fn deployed(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    machine.once(&fake, by_id("abc", None), OLD, false).await.unwrap();
    fake.edit("abc", |api| {
        let stage = api.stages.get_mut("dev").unwrap();
        stage.settings = Texts::from([
            ("/variables/host".into(), "old.example.com".into()),
            ("/variables/other".into(), "theirs".into()),
            ("/description".into(), "theirs".into()),
            ("/tracingEnabled".into(), "false".into()),
            ("/cacheClusterEnabled".into(), "false".into()),
        ]);
        stage.tags = Texts::from([("owner".into(), "them".into())]);
    });
    fake.makes_caches_slowly(MINUTES);
    fake
}

#[tokio::test(start_paused = true)]
async fn a_new_stage_begins_with_its_variables_and_has_all_settings_in_the_end() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.once(&fake, declares(SETTINGS), OLD, false).await.unwrap();
    let found = settings(&fake);
    for (name, value) in SETTINGS {
        assert_eq!(found.get(*name).map(String::as_str), Some(*value), "{name}");
    }
    assert_eq!(fake.api("abc").stages["dev"].tags["team"], "shop");
    let writes = fake.writes();
    let made = writes.iter().position(|call| *call == Operation::CreateStage).unwrap();
    assert_eq!(writes[made + 1], Operation::UpdateStage);

    let again = machine.once(&fake, declares(SETTINGS), OLD, false).await.unwrap();
    assert!(!again.changed);
    assert_eq!(fake.writes(), writes, "a run without changes wrote");
}

#[tokio::test(start_paused = true)]
async fn the_pointer_and_the_settings_move_in_one_call_and_nothing_else_is_touched() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let calls = fake.calls(Operation::UpdateStage);
    machine.once(&fake, declares(SETTINGS), NEW, false).await.unwrap();
    assert_eq!(fake.calls(Operation::UpdateStage) - calls, 1);
    let found = settings(&fake);
    assert_eq!(found["/variables/host"], "backend.example.com");
    assert_eq!(found["/variables/other"], "theirs");
    assert_eq!(found["/description"], "theirs");
    assert_eq!(fake.api("abc").stages["dev"].tags["owner"], "them");
    assert_eq!(live(&fake), sorted(NEW));
}

#[tokio::test(start_paused = true)]
async fn settings_alone_are_a_plan_with_changes_and_put_no_document() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.writes().len();
    let mut said = listener();
    let done = machine
        .run_as(fake.clone(), &declares(SETTINGS), OLD, false, &mut said)
        .await
        .unwrap();
    assert!(done.changed);
    let plan = &said.plans[0];
    assert!(plan.action == Action::StageSettings);
    let fields: Vec<&str> = plan.stage.changes.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "throttling rateLimit",
            "cache",
            "cache size",
            "tracing",
            "variable host",
            "metrics enabled of GET /users",
            "tag team"
        ]
    );
    assert!(!format!("{:?} {plan:?}", said.said).contains("example.com"));
    assert_eq!(
        fake.writes()[before..],
        [
            Operation::TagResource,
            Operation::UpdateStage,
            Operation::TagResource,
            Operation::UntagResource
        ],
        "lock, settings, tag, unlock"
    );
}

#[tokio::test(start_paused = true)]
async fn a_setting_that_is_refused_undoes_everything() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc");
    let mut refused = SETTINGS.to_vec();
    refused.push(("/~1nologs/GET/logging/loglevel", "INFO"));
    let error = machine.once(&fake, declares(&refused), NEW, false).await.unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(live(&fake), sorted(OLD));
    assert_eq!(settings(&fake), before.stages["dev"].settings);
    let error = machine.once(&fake, declares(&refused), OLD, false).await.unwrap_err();
    assert_eq!(routes_of(&fake.api("abc").resources), sorted(OLD), "{error}");
    assert_eq!(settings(&fake), before.stages["dev"].settings);
}

#[tokio::test(start_paused = true)]
async fn any_fault_at_any_call_leaves_the_old_settings_or_the_new_ones() {
    for routes in [OLD, NEW] {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        let first = fake.all_calls().len();
        machine.once(&fake, declares(SETTINGS), routes, false).await.unwrap();
        let calls = fake.all_calls().len() - first;
        let new = settings(&fake);
        let lost = Cause::Unreachable {
            detail: "connection reset".into(),
        };
        let denied = Cause::AccessDenied {
            message: "not authorized".into(),
        };
        for (name, fault) in [
            ("denied", Fault::Before(denied)),
            ("lost", Fault::Before(lost.clone())),
            ("answer lost", Fault::After(lost)),
        ] {
            for call in 0..calls {
                let what = format!("{name} at call {call} to {}", routes.len());
                let machine = Machine::new();
                let fake = deployed(&machine).await;
                let old = fake.api("abc").stages["dev"].clone();
                fake.fail_at(call, fault.clone());
                let result = machine.once(&fake, declares(SETTINGS), routes, false).await;
                let now = fake.api("abc").stages["dev"].clone();
                assert!(now.settings == old.settings || now.settings == new, "{what}: {now:?}");
                match &result {
                    Ok(_) => assert_eq!(now.settings, new, "{what}"),
                    Err(error) if error.state().is_clean() => {
                        assert_eq!(
                            (&now.settings, &now.tags),
                            (&old.settings, &old.tags),
                            "{what}: {error}"
                        );
                    }
                    Err(_) => {}
                }
                machine
                    .once(&fake, declares(SETTINGS), routes, false)
                    .await
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(settings(&fake), new, "{what}");
                assert_eq!(live(&fake), sorted(routes), "{what}");
                let writes = fake.writes().len();
                machine.once(&fake, declares(SETTINGS), routes, false).await.unwrap();
                assert_eq!(fake.writes().len(), writes, "{what}: a run without changes wrote");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stage_of_somebody_else_is_not_taken_away() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let deployer = machine.deployer(fake.clone(), &by_id("abc", None));
    let mut said = listener();
    let run = deployer.transaction(&mut said);
    run.begin_with(Before {
        reading: Reading {
            api: fake.api("abc").api,
            ..Reading::default()
        },
        exports: BTreeMap::new(),
    });
    run.stage_away("dev", "dep9").await.unwrap();
    assert!(fake.api("abc").stages.contains_key("dev"));
    run.stage_away("gone", "dep1").await.unwrap();
    run.stage_away("dev", "dep1").await.unwrap();
    assert!(fake.api("abc").stages.is_empty());
}

#[tokio::test(start_paused = true)]
async fn settings_that_cannot_be_put_back_are_told_and_the_pointer_is_back() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let settings = Environment {
        smoke: Smokes {
            requests: vec![Smoke {
                request: crate::api::Request {
                    verb: "GET".into(),
                    path: "/users".into(),
                    ..Default::default()
                },
                status: 403,
                contains: Some("never".into()),
                digest: false,
            }],
            ..Smokes::default()
        },
        ..declares(SETTINGS)
    };
    let denied = Fault::Before(Cause::AccessDenied {
        message: "not authorized".into(),
    });
    // The tag of the stage is what cannot be taken away.
    fake.fail_next(Operation::UntagResource, denied);
    let error = machine.once(&fake, settings, NEW, false).await.unwrap_err();
    assert_eq!(error.state(), State::SettingsUnknown, "{error}");
    assert_eq!(live(&fake), sorted(OLD));
    assert_eq!(routes_of(&fake.api("abc").resources), sorted(OLD));
}

const CACHED: &[(&str, &str)] = &[("/cacheClusterEnabled", "true"), ("/cacheClusterSize", "0.5")];
const LARGER: &[(&str, &str)] = &[("/cacheClusterEnabled", "true"), ("/cacheClusterSize", "1.6")];
const UNCACHED: &[(&str, &str)] = &[("/cacheClusterEnabled", "false")];
const MINUTES: Duration = Duration::from_secs(4 * 60);

/// A stage that serves [`OLD`] without a cache, and caches that take their time.
async fn slow_caches(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    machine.once(&fake, declares(&[]), OLD, false).await.unwrap();
    fake.makes_caches_slowly(MINUTES);
    fake
}

fn cache(fake: &Fake) -> (Option<String>, Option<String>) {
    let settings = settings(fake);
    let of = |name: &str| settings.get(name).cloned();
    (of("/cacheClusterEnabled"), of("/cacheClusterSize"))
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_takes_its_time_undoes_nothing_and_is_told() {
    let machine = Machine::new();
    let fake = slow_caches(&machine).await;
    // Switched on with a new version, made larger and switched off alone.
    for (settings, routes, is_made) in [
        (CACHED, NEW, Some(true)),
        (LARGER, NEW, Some(false)),
        (UNCACHED, NEW, Some(false)),
        (CACHED, OLD, Some(true)),
        (UNCACHED, NEW, Some(false)),
    ] {
        let mut said = listener();
        let file = declares(settings);
        let done = machine.run_as(fake.clone(), &file, routes, false, &mut said).await;
        assert!(done.unwrap().changed);
        let told: Vec<_> = said
            .warnings
            .iter()
            .filter_map(|warning| match warning {
                Warning::CacheTakesTime { is_made, .. } => Some(*is_made),
                _ => None,
            })
            .collect();
        assert_eq!(told, Vec::from_iter(is_made), "{settings:?}: {:?}", said.warnings);
        tokio::time::sleep(2 * MINUTES).await;
        let writes = fake.writes().len();
        let again = machine.once(&fake, declares(settings), routes, false).await.unwrap();
        assert!(!again.changed, "{settings:?}");
        assert_eq!(fake.writes().len(), writes, "{settings:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_is_being_made_is_there_and_has_nothing_to_empty() {
    let machine = Machine::new();
    let fake = slow_caches(&machine).await;
    machine.once(&fake, declares(CACHED), NEW, false).await.unwrap();
    let again = machine.once(&fake, declares(CACHED), NEW, false).await.unwrap();
    assert!(!again.changed, "it is on its way");
    assert_eq!(fake.calls(Operation::FlushStageCache), 0);
    tokio::time::sleep(MINUTES).await;
    machine.once(&fake, declares(CACHED), OLD, false).await.unwrap();
    assert_eq!(fake.calls(Operation::FlushStageCache), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_somebody_deletes_is_off() {
    let machine = Machine::new();
    let fake = slow_caches(&machine).await;
    machine.once(&fake, declares(CACHED), OLD, false).await.unwrap();
    tokio::time::sleep(MINUTES).await;
    let off = [crate::api::Patch::replace("/cacheClusterEnabled", "false")];
    fake.update_stage("abc", "dev", &off).await.unwrap();
    let mut said = listener();
    let done = machine
        .run_as(fake.clone(), &declares(CACHED), OLD, false, &mut said)
        .await;
    assert!(done.unwrap().changed);
    let fields: Vec<&str> = said.plans[0]
        .stage
        .changes
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(fields, ["cache", "cache size"]);
}

#[tokio::test(start_paused = true)]
async fn a_cache_is_put_back_with_its_size_and_never_with_none() {
    let off = (Some("false".to_owned()), None);
    let on = |size: &str| (Some("true".to_owned()), Some(size.to_owned()));
    for (before, wanted, was) in [
        (UNCACHED, CACHED, off),
        (CACHED, LARGER, on("0.5")),
        (CACHED, UNCACHED, on("0.5")),
    ] {
        let machine = Machine::new();
        let fake = slow_caches(&machine).await;
        machine.once(&fake, declares(before), OLD, false).await.unwrap();
        tokio::time::sleep(MINUTES).await;
        fake.lets_anybody_in();
        let error = machine.once(&fake, declares(wanted), NEW, false).await.unwrap_err();
        assert_eq!(error.state(), State::Restored, "{wanted:?}: {error}");
        assert_eq!(live(&fake), sorted(OLD));
        let (enabled, size) = cache(&fake);
        assert_eq!((enabled, size.filter(|_| was.1.is_some())), was, "{wanted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn settings_of_a_method_that_aws_has_not_are_no_reason_to_leave_others() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = settings(&fake);
    let deployer = machine.deployer(fake.clone(), &declares(SETTINGS));
    let mut said = listener();
    let run = deployer.transaction(&mut said);
    let patches = [
        crate::api::Patch::remove("/~1users/GET"),
        crate::api::Patch::replace("/tracingEnabled", "true"),
    ];
    run.begin_with(Before {
        reading: Reading {
            api: fake.api("abc").api,
            ..Reading::default()
        },
        exports: BTreeMap::new(),
    });
    run.update_or_skip("dev", &patches).await.unwrap();
    run.update_or_skip("dev", &patches[..1]).await.unwrap();
    let after = settings(&fake);
    assert_eq!(after["/tracingEnabled"], "true");
    assert_eq!(after.len(), before.len());
}
