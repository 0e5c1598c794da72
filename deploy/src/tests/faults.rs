//! A fault at every call: whatever fails, the stage serves the old API or the new one, and running again ends well.

use super::*;

fn lost() -> Cause {
    Cause::Unreachable {
        detail: "connection reset".into(),
    }
}

fn twice(first: Fault, then: Cause) -> Fault {
    Fault::Twice(Box::new((first, Fault::Before(then))))
}

pub(super) fn faults() -> Vec<(&'static str, Fault)> {
    let throttled = Cause::Throttled {
        retry_after: Some(Duration::from_secs(3)),
    };
    let conflict = Cause::Conflict {
        message: "concurrent modification".into(),
    };
    let busy = Cause::Unavailable {
        status: 503,
        message: String::new(),
        retry_after: Some(Duration::from_secs(2)),
    };
    let denied = Cause::AccessDenied {
        message: "not authorized".into(),
    };
    let quota = Cause::QuotaReached {
        message: "Maximum number of Resources for this API has been reached".into(),
    };
    let updating = Cause::Busy {
        message: "There is already an update in progress.".into(),
    };
    vec![
        ("busy", Fault::Before(updating)),
        ("throttled", Fault::Before(throttled.clone())),
        ("conflict", Fault::Before(conflict)),
        ("unavailable", Fault::Before(busy.clone())),
        ("unavailable afterwards", Fault::After(busy.clone())),
        ("denied", Fault::Before(denied.clone())),
        ("quota", Fault::Before(quota)),
        ("request lost", Fault::Before(lost())),
        ("answer lost", Fault::After(lost())),
        ("timed out before", Fault::Before(Cause::TimedOut)),
        ("timed out afterwards", Fault::After(Cause::TimedOut)),
        ("half a put", Fault::Half),
        ("the other half of a put", Fault::OtherHalf),
        ("hangs", Fault::Hang),
        (
            "answer lost, then denied",
            twice(Fault::After(busy.clone()), denied.clone()),
        ),
        ("half a put, then denied", twice(Fault::Half, denied.clone())),
        (
            "the other half, then throttled",
            twice(Fault::OtherHalf, throttled.clone()),
        ),
        ("dies before", Fault::Hang),
        ("dies afterwards", Fault::HangAfter),
    ]
}

/// An API whose stage serves [`OLD`], with settings that no file knows.
async fn deployed(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.expect("the old API");
    fake
}

/// What must be so after any run, however it ended.
fn invariants(fake: &Fake, what: &str) {
    let live = live(fake);
    assert!(
        live == sorted(OLD) || live == sorted(NEW),
        "{what}: the stage serves {live:?}"
    );
    let served = fake.api("abc").live("dev").expect("a deployment").api.policy.clone();
    assert!(served.is_some(), "{what}: the stage serves without its policy");
}

#[tokio::test(start_paused = true)]
async fn any_fault_at_any_call_leaves_the_old_api_or_the_new_one() {
    // How many calls a run makes without a fault.
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let first = fake.all_calls().len();
    machine.deploy(&fake, NEW).await.unwrap();
    let calls = fake.all_calls().len() - first;
    assert!(calls > 20, "{calls}");

    let mut ended: BTreeMap<String, usize> = BTreeMap::new();
    for (name, fault) in faults() {
        for call in 0..calls {
            let what = format!("{name} at call {call}");
            let machine = Machine::new();
            let fake = deployed(&machine).await;
            let before = fake.api("abc").api;
            fake.fail_at(call, fault.clone());
            let result = if name.starts_with("dies") {
                // Whoever is dead neither undoes nor tells.
                let run = machine.once(&fake, by_id("abc", None), NEW, false);
                tokio::time::timeout(Duration::from_secs(3600), run).await.ok()
            } else {
                Some(machine.deploy(&fake, NEW).await)
            };
            fake.heal();
            invariants(&fake, &what);
            match &result {
                Some(Ok(_)) => {
                    assert_eq!(live(&fake), sorted(NEW), "{what}: success that is none");
                    assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), [], "{what}");
                }
                Some(Err(error)) => {
                    check_state(&fake, &machine.clock(), &before, error, &what);
                    *ended.entry(format!("{:?}", error.state())).or_default() += 1;
                }
                None => *ended.entry("dead".to_owned()).or_default() += 1,
            }

            // On the same machine at once, and on another one when the lock has expired.
            if result.is_none() {
                let machine = Machine::new();
                machine.now.set(1_000_000 + 2 * TIME);
                again(&copy(&fake), &machine, &before, &format!("{what}, elsewhere")).await;
            }
            again(&fake, &machine, &before, &what).await;
        }
    }
    // The faults reached every kind of ending.
    for state in ["Untouched", "Restored", "dead"] {
        assert!(ended.contains_key(state), "{ended:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_end_at_any_call_leaves_everything_as_it_was_or_done() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let first = fake.all_calls().len();
    machine.deploy(&fake, NEW).await.unwrap();
    let calls = fake.all_calls().len() - first;
    let mut ended: BTreeMap<String, usize> = BTreeMap::new();
    for call in 0..calls {
        let what = format!("a wish to end at call {call}");
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        let before = fake.api("abc").api;
        let interrupt = crate::interrupt::Interrupt::default();
        fake.interrupt_at(call, interrupt.clone());
        let gateway = machine.patient_until(&fake, interrupt);
        let result = machine
            .run_as(gateway, &by_id("abc", None), NEW, false, &mut listener())
            .await;
        invariants(&fake, &what);
        let state = match &result {
            Ok(_) => {
                assert_eq!(live(&fake), sorted(NEW), "{what}");
                "done".to_owned()
            }
            Err(error) => {
                check_state(&fake, &machine.clock(), &before, error, &what);
                format!("{:?}", error.state())
            }
        };
        *ended.entry(state).or_default() += 1;
        let lock = Lock::of(&fake.api("abc").api);
        assert!(
            lock.is_none_or(|lock| !lock.holds(machine.now.get())),
            "{what}: it stays locked"
        );
        again(&fake, &machine, &before, &what).await;
    }
    let states: Vec<&String> = ended.keys().collect();
    assert_eq!(states, ["Restored", "Untouched", "done"], "{ended:?}");
}

/// The same APIs once more.
pub(super) fn copy(fake: &Fake) -> Fake {
    let copy = Fake::with_api("abc", "");
    let api = fake.api("abc");
    copy.edit("abc", |other| *other = api);
    copy
}

async fn again(fake: &Fake, machine: &Machine, before: &RestApi, what: &str) {
    let result = machine.deploy(fake, NEW).await;
    result.unwrap_or_else(|error| panic!("{what}: running again ends with {error}"));
    assert_eq!(live(fake), sorted(NEW), "{what}");
    let after = fake.api("abc").api;
    assert_eq!(
        crate::carry::mismatches(before, &after),
        [],
        "{what}: a setting got lost"
    );
    let writes = fake.writes().len();
    let last = machine.deploy(fake, NEW).await.expect("a run without changes");
    assert!(!last.changed, "{what}");
    assert_eq!(fake.writes().len(), writes, "{what}: a run without changes wrote");
}

/// What an error says is so.
fn check_state(fake: &Fake, clock: &Clock, before: &RestApi, error: &RunError, what: &str) {
    let api = fake.api("abc");
    match error.state() {
        State::Untouched => {
            assert_eq!(live(fake), sorted(OLD), "{what}: {error}");
            assert_eq!(routes_of(&api.resources), sorted(OLD), "{what}: {error}");
            assert_eq!(crate::carry::mismatches(before, &api.api), [], "{what}: {error}");
        }
        State::Restored => {
            assert_eq!(live(fake), sorted(OLD), "{what}: {error}");
            assert_eq!(routes_of(&api.resources), sorted(OLD), "{what}: {error}");
            assert_eq!(crate::carry::mismatches(before, &api.api), [], "{what}: {error}");
            assert!(clock.undoes());
        }
        // These say that something is left; `again` shows that it is finished.
        State::DraftUnknown | State::DraftReplaced { .. } => assert_eq!(live(fake), sorted(OLD), "{what}: {error}"),
        State::StageUnknown => {}
        other => panic!("{what}: no deployment ends in {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_opens_routes_is_never_served() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.opens_deployments();
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert_eq!(error.state(), State::Restored);
    assert!(
        error.to_string().contains("the authorization of GET /users is NONE"),
        "{error}"
    );
    assert_eq!(live(&fake), sorted(OLD));
    assert_eq!(fake.api("abc").deployments.len(), 1, "the open deployment is gone");
    machine.deploy(&fake, NEW).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn undoing_has_time_of_its_own() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    // The answer comes when the run's time is over.
    fake.fail_next(Operation::CreateDeployment, Fault::Hang);
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(routes_of(&fake.api("abc").resources), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn no_step_warning_or_error_shows_a_stage_variable() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.edit("abc", |api| {
        let stage = api.stages.get_mut("dev").expect("the stage");
        stage.variables.insert("token".into(), "hush-hush".into());
    });
    let mut said = listener();
    let gateway = machine.patient(&fake);
    fake.fail_next(Operation::CreateDeployment, Fault::Before(Cause::ExpiredToken));
    let error = machine
        .run_as(gateway, &by_id("abc", None), NEW, false, &mut said)
        .await
        .unwrap_err();
    let all = format!("{:?} {:?} {error} {error:?} {:?}", said.said, said.warnings, said.plans);
    assert!(!all.contains("hush"), "{all}");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_dies_before_it_repairs_what_its_put_dropped_loses_nothing() {
    for served in [true, false] {
        let machine = Machine::new();
        let fake = Fake::with_api("abc", "Shop");
        fake.edit("abc", |api| unmanaged(&mut api.api));
        if served {
            machine.deploy(&fake, OLD).await.expect("the old API");
        }
        let before = fake.api("abc").api;
        fake.drops_policies();
        fake.fail_next(Operation::PutRestApi, Fault::HangAfter);
        let run = machine.once(&fake, by_id("abc", None), NEW, false);
        tokio::time::timeout(Duration::from_secs(3600), run).await.unwrap_err();
        assert_eq!(fake.api("abc").api.policy, None);
        // What is wanted now may as well be what is served.
        let wanted = if served { OLD } else { NEW };
        assert!(machine.deploy(&fake, wanted).await.unwrap().changed);
        let after = fake.api("abc");
        assert_eq!(crate::carry::mismatches(&before, &after.api), []);
        assert_eq!(crate::carry::mismatches(&before, &after.live("dev").unwrap().api), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_dies_over_another_name_of_the_same_document_loses_nothing() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc").api;
    fake.drops_policies();
    fake.fail_next(Operation::PutRestApi, Fault::HangAfter);
    let named = || by_id("abc", Some("Another name"));
    let run = machine.once(&fake, named(), OLD, false);
    tokio::time::timeout(Duration::from_secs(3600), run).await.unwrap_err();
    assert_eq!(fake.api("abc").api.policy, None);
    // The draft is what was deployed, and nothing but the snapshot tells that anything is missing.
    machine.once(&fake, named(), OLD, false).await.unwrap();
    let after = fake.api("abc");
    let renamed = RestApi {
        name: "Another name".into(),
        ..before
    };
    assert_eq!(crate::carry::mismatches(&renamed, &after.api), []);
    assert!(after.live("dev").unwrap().api.policy.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_first_deployment_that_fails_puts_back_what_its_put_dropped() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    let before = fake.api("abc").api;
    fake.drops_policies();
    let denied = Cause::AccessDenied {
        message: "not authorized".into(),
    };
    fake.fail_next(Operation::UpdateRestApi, Fault::Before(denied));
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert_ne!(error.state(), State::Untouched, "{error}");
    assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), []);
}
