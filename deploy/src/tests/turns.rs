//! Two runs, or a run and a person, want the same API at the same time.

use bluegate_core::gateway::Change;

use super::*;
use crate::plan::{Became, Part};

#[tokio::test(start_paused = true)]
async fn a_second_run_at_the_same_time_is_refused_until_the_lock_expires() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    let other = Lock {
        run: "other".into(),
        until: machine.now.get() + 50,
        begun: false,
    };
    fake.edit("abc", |api| {
        api.api.tags.insert(Lock::TAG.into(), other.to_string());
    });
    let error = machine.deploy(&fake, OLD).await.unwrap_err();
    assert!(
        matches!(&error, RunError::Locked { run, .. } if run == "other"),
        "{error}"
    );
    assert_eq!(fake.writes(), []);
    machine.now.set(machine.now.get() + 50);
    machine.deploy(&fake, OLD).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_loses_the_race_for_the_lock_leaves_it_to_the_winner() {
    let fake = Fake::with_api("abc", "Shop");
    fake.edit_after(Operation::TagResource, |api| {
        let winner = Lock {
            run: "winner".into(),
            until: u64::MAX,
            begun: false,
        };
        api.api.tags.insert(Lock::TAG.into(), winner.to_string());
    });
    let machine = Machine::new();
    let error = machine.deploy(&fake, OLD).await.unwrap_err();
    assert!(
        matches!(&error, RunError::Locked { run, .. } if run == "winner"),
        "{error}"
    );
    let lock = Lock::of(&fake.api("abc").api);
    assert_eq!(lock.map(|lock| lock.run).as_deref(), Some("winner"));
}

#[tokio::test(start_paused = true)]
async fn a_lock_whose_answer_never_came_does_not_stop_the_next_run() {
    for stays in [false, true] {
        let fake = Fake::with_api("abc", "Shop");
        let machine = Machine::new();
        fake.fail_next(Operation::TagResource, Fault::HangAfter);
        if stays {
            let denied = Cause::AccessDenied {
                message: "not authorized".into(),
            };
            fake.fail_next(Operation::UntagResource, Fault::Before(denied));
        }
        machine.deploy(&fake, OLD).await.unwrap_err();
        assert_eq!(Lock::of(&fake.api("abc").api).is_some(), stays);
        machine.deploy(&fake, OLD).await.unwrap();
    }
}

/// Another run has the lock, whatever it is when this is called.
fn locked_by_another(api: &mut FakeApi) {
    let other = Lock {
        run: "other".into(),
        until: u64::MAX,
        begun: true,
    };
    api.api.tags.insert(Lock::TAG.into(), other.to_string());
}

/// Something happens while the person thinks about the question.
struct Slow<'a>(&'a Fake, fn(&mut FakeApi));

impl Caller for Slow<'_> {
    fn event(&mut self, _: &Event) {}

    fn confirm(&mut self, _: &Question) -> bool {
        self.0.edit("abc", self.1);
        true
    }
}

/// Deploys and asks somebody meanwhile, who takes long.
async fn deploy_slowly(fake: &Fake, settings: &Environment, meanwhile: fn(&mut FakeApi)) -> RunError {
    let document = document(OLD);
    let machine = Machine::new();
    let order = Deploy {
        create: true,
        ..machine.order(&document)
    };
    let deployer = machine.deployer(fake.clone(), settings);
    deployer.deploy(&order, &mut Slow(fake, meanwhile)).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_is_taken_between_plan_and_answer_is_not_replaced() {
    let fake = Fake::with_api("abc", "Shop");
    let error = deploy_slowly(&fake, &by_id("abc", None), locked_by_another).await;
    assert!(
        matches!(&error, RunError::Locked { run, .. } if run == "other"),
        "{error}"
    );
    assert_eq!(fake.writes(), []);
}

#[tokio::test(start_paused = true)]
async fn a_lock_holds_from_when_it_is_taken_on_and_a_little_longer_for_clocks_that_are_ahead() {
    let machine = Machine::new();
    let deployer = machine.deployer(Fake::default(), &by_id("abc", None));
    let mut said = listener();
    let run = deployer.transaction(&mut said);
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(run.new_lock().until, machine.now.get() + 300 + TIME + 60);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_expires_while_the_run_waits_does_not_hold_it_up() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    let other = Lock {
        run: "other".into(),
        until: machine.now.get() + 3,
        begun: false,
    };
    fake.edit("abc", |api| {
        api.api.tags.insert(Lock::TAG.into(), other.to_string());
    });
    // Two seconds go by until STS is reached.
    for _ in 0..2 {
        fake.fail_next(Operation::GetCallerIdentity, Fault::Before(Cause::TimedOut));
    }
    let settings = Environment {
        account_id: Some("111111111111".into()),
        ..by_id("abc", None)
    };
    machine.once(&fake, settings, OLD, false).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_finds_its_lock_replaced_before_the_first_write_does_not_write() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    let written = fake.writes().len();
    // Another stage is exported for the snapshot alone, which is kept under the lock.
    fake.edit("abc", |api| {
        let stage = api.stages.remove("dev").unwrap();
        api.stages.insert(
            "prod".into(),
            Stage {
                name: "prod".into(),
                ..stage
            },
        );
    });
    fake.edit_after(Operation::GetExport, locked_by_another);
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert!(
        matches!(&error, RunError::Locked { run, .. } if run == "other"),
        "{error}"
    );
    assert_eq!(fake.writes()[written..], [Operation::TagResource]);
    let lock = Lock::of(&fake.api("abc").api);
    assert_eq!(lock.map(|lock| lock.run).as_deref(), Some("other"));
}

#[tokio::test(start_paused = true)]
async fn who_replaced_a_lock_and_is_done_was_there_all_the_same() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    fake.edit_after(Operation::TagResource, locked_by_another);
    let deploy = machine.deploy(&fake, OLD);
    let done = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        fake.edit("abc", |api| _ = api.api.tags.remove(Lock::TAG));
    };
    let (result, ()) = tokio::join!(deploy, done);
    let error = result.unwrap_err();
    assert!(
        matches!(&error, RunError::Locked { run, .. } if run == "other"),
        "{error}"
    );
    assert_eq!(fake.writes(), [Operation::TagResource]);
}

#[tokio::test(start_paused = true)]
async fn an_api_that_somebody_creates_while_a_person_is_asked_stays_the_only_one() {
    let fake = Fake::with_api("abc", "Other");
    let error = deploy_slowly(&fake, &by_name("Shop"), |api| api.api.name = "Shop".into()).await;
    assert!(matches!(error, RunError::ChangedMeanwhile { .. }), "{error}");
    assert_eq!(fake.ids(), ["abc"]);
}

#[tokio::test(start_paused = true)]
async fn of_two_apis_that_are_created_at_the_same_time_the_one_of_this_run_goes() {
    let fake = Fake::with_api("abc", "Other");
    fake.edit_after(Operation::ImportRestApi, |api| api.api.name = "Shop".into());
    let machine = Machine::new();
    let error = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap_err();
    assert_eq!(error, RunError::CreatedMeanwhile { name: "Shop".into() });
    assert_eq!(fake.ids(), ["abc"]);
    // Now there is one.
    let made = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap();
    assert_eq!((made.rest_api_id.as_str(), made.created), ("abc", false));
}

#[tokio::test(start_paused = true)]
async fn of_two_apis_that_are_created_at_the_same_time_the_first_id_stays_when_the_other_goes() {
    for goes in [true, false] {
        let fake = Fake::with_api("zzz", "Other");
        fake.edit_after(Operation::ImportRestApi, |api| api.api.name = "Shop".into());
        let machine = Machine::new();
        let deploy = machine.once(&fake, by_name("Shop"), OLD, true);
        let other = async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            if goes {
                crate::api::ApiGateway::delete_rest_api(&fake, "zzz").await.unwrap();
            }
        };
        let (result, ()) = tokio::join!(deploy, other);
        if goes {
            assert!(result.unwrap().created);
            assert_eq!(fake.ids().len(), 1);
        } else {
            assert_eq!(result.unwrap_err(), RunError::CreatedMeanwhile { name: "Shop".into() });
            assert_eq!(fake.ids(), ["zzz"]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_api_is_locked_while_it_is_created() {
    let fake = Fake::default();
    let message = "Active stages pointing to no method".into();
    fake.fail_next(Operation::CreateDeployment, Fault::Before(Cause::Refused { message }));
    let machine = Machine::new();
    machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap_err();
    assert_eq!(
        fake.writes(),
        [
            Operation::ImportRestApi,
            Operation::TagResource,
            Operation::CreateDeployment,
            Operation::UntagResource
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_edit_between_plan_and_lock_stops_the_run() {
    let fake = Fake::with_api("abc", "Shop");
    let error = deploy_slowly(&fake, &by_id("abc", None), |api| {
        api.api.description = Some("edited".into());
    })
    .await;
    let RunError::ChangedMeanwhile { edit } = error else {
        panic!("{error}")
    };
    let change = Change {
        field: "description".into(),
        from: Some(String::new()),
        to: Some("edited".into()),
    };
    assert_eq!((edit.part, edit.became), (Part::Api, Became::Changed(change)));
    assert_eq!(fake.writes(), [Operation::TagResource, Operation::UntagResource]);
}

#[tokio::test(start_paused = true)]
async fn a_read_under_the_lock_that_is_older_than_the_plan_is_made_again() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    fake.edit("abc", |api| api.api.binary_media_types.push("image/png".into()));
    tokio::time::sleep(Duration::from_secs(60)).await;
    // What is read first under the lock is what was before that.
    fake.edit_after(Operation::TagResource, |api| api.api.binary_media_types.clear());
    let document = document(NEW);
    let order = machine.order(&document);
    let deployer = machine.deployer(fake.clone(), &by_id("abc", None));
    let mut quiet = |_: &Event| {};
    let deploy = deployer.deploy(&order, &mut quiet);
    let heals = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        fake.edit("abc", |api| api.api.binary_media_types.push("image/png".into()));
    };
    let (deployed, ()) = tokio::join!(deploy, heals);
    assert!(deployed.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn lists_in_another_order_and_exports_in_another_spelling_are_no_edit() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    machine.deploy(&fake, NEW).await.unwrap();
    fake.edit("abc", |api| {
        for name in ["A", "B"] {
            let name = name.to_owned();
            api.models.push(crate::api::Model {
                name,
                ..Default::default()
            });
        }
        api.api.binary_media_types = vec!["a/b".into(), "c/d".into()];
    });
    fake.forgets_order();
    assert!(machine.deploy(&fake, OLD).await.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn locks_go_by_the_clock_of_the_service_and_a_wrong_one_is_told() {
    // A machine whose clock is slow by this much.
    for (slow, is_told) in [(600, true), (100, false)] {
        let fake = Fake::with_api("abc", "Shop");
        let machine = Machine::new();
        let now = machine.now.get() + slow;
        fake.has_clock(now.cast_signed());
        // It expired by the clock of everybody else.
        let other = Lock {
            run: "other".into(),
            until: now - 50,
            begun: false,
        };
        fake.edit("abc", |api| {
            api.api.tags.insert(Lock::TAG.into(), other.to_string());
        });
        let mut said = listener();
        let settings = by_id("abc", None);
        machine
            .run_as(fake.clone(), &settings, OLD, false, &mut said)
            .await
            .unwrap();
        let mut clocks = said.warnings.iter().filter(|one| matches!(one, Warning::Clock { .. }));
        assert_eq!(clocks.next().is_some(), is_told);
        // And the lock of this run is one of that clock.
        let mut until = 0;
        fake.each_state("abc", |api| {
            until = until.max(Lock::of(&api.api).map_or(0, |lock| lock.until));
        });
        assert!(until >= now + TIME, "{until}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_api_without_room_for_another_tag_is_deployed_without_a_lock() {
    let fake = Fake::with_api("abc", "Shop");
    for _ in 0..2 {
        let message = "Too many tags".to_owned();
        fake.fail_next(Operation::TagResource, Fault::Before(Cause::QuotaReached { message }));
    }
    fake.edit("abc", |api| {
        let tags = (0..50).map(|number| (format!("tag{number}"), "x".to_owned()));
        api.api.tags = tags.collect();
    });
    let mut said = listener();
    let settings = by_id("abc", None);
    let machine = Machine::new();
    machine
        .run_as(fake.clone(), &settings, OLD, false, &mut said)
        .await
        .unwrap();
    assert!(said.warnings.contains(&Warning::Unlocked), "{:?}", said.warnings);
    let note = said.plans[0]
        .notes
        .iter()
        .find(|note| note.contains("50 tags of the 50"));
    assert!(note.is_some(), "{:?}", said.plans[0].notes);
    assert_eq!(live(&fake), sorted(OLD));
}
