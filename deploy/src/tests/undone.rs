//! What an undo puts back, and what it says of that.

use super::*;

fn denied() -> Fault {
    Fault::Before(Cause::AccessDenied {
        message: "not authorized".into(),
    })
}

fn draft(fake: &Fake) -> Vec<String> {
    routes_of(&fake.api("abc").resources)
}

/// For the stage `prod` of the API.
fn prod() -> Environment {
    Environment {
        stage: Some("prod".into()),
        ..by_id("abc", None)
    }
}

const THIRD: &[&str] = &["GET! /users", "GET /third"];

/// An API whose stages serve [`OLD`] (`prod`) and [`THIRD`] (`dev`), which is its draft.
async fn two_stages(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    machine.once(&fake, prod(), OLD, false).await.unwrap();
    machine.deploy(&fake, THIRD).await.unwrap();
    fake
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_another_stage_was_deployed_from_is_put_back() {
    let machine = Machine::new();
    let fake = two_stages(&machine).await;
    fake.fail_next(Operation::CreateDeployment, denied());
    let error = machine.once(&fake, prod(), NEW, false).await.unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(draft(&fake), sorted(THIRD));
    // The other stage is what its file says, and is left alone.
    assert_eq!(live(&fake), sorted(THIRD));
    assert!(!machine.deploy(&fake, THIRD).await.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_nobody_serves_is_not_said_to_be_put_back() {
    let mut machine = Machine::new();
    machine.allow.drift = true;
    let fake = two_stages(&machine).await;
    fake.edit("abc", |api| api.put(&document(&["GET! /byhand"]).to_json()));
    fake.fail_next(Operation::CreateDeployment, denied());
    let error = machine.once(&fake, prod(), NEW, false).await.unwrap_err();
    let stage = "prod".to_owned();
    assert_eq!(error.state(), State::DraftServed { stage }, "{error}");
    assert_eq!(draft(&fake), sorted(OLD));
    // Nobody edited that: no flag is asked for.
    machine.allow.drift = false;
    machine.once(&fake, prod(), NEW, false).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_put_that_may_still_be_running_is_waited_out_before_the_old_draft_is_put() {
    for after in [1, 10, 25] {
        let machine = Machine::new();
        let fake = Fake::with_api("abc", "Shop");
        machine.deploy(&fake, OLD).await.unwrap();
        fake.fail_next(Operation::PutRestApi, Fault::Later(Duration::from_secs(after)));
        let error = machine.deploy(&fake, NEW).await.unwrap_err();
        tokio::time::sleep(Duration::from_secs(60)).await;
        let _ = fake.get_rest_api("abc").await;
        assert_eq!(draft(&fake), sorted(OLD), "after {after} s: {error}");
        assert_eq!(error.state(), State::Restored, "after {after} s: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_undo_waits_until_the_api_is_available() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    machine.deploy(&fake, OLD).await.unwrap();
    let puts = fake.calls(Operation::PutRestApi);
    fake.fail_next(Operation::CreateDeployment, denied());
    fake.updates_slowly(Duration::from_secs(7), Duration::ZERO);
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(fake.calls(Operation::PutRestApi), puts + 2);
    assert_eq!(draft(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_was_not_put_back_is_not_said_to_be() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    machine.deploy(&fake, OLD).await.unwrap();
    fake.fail_next(Operation::CreateDeployment, denied());
    // Somebody puts something else meanwhile, right after the draft was put back.
    fake.edit_after(Operation::DeleteDeployment, |_| {});
    let document = document(NEW);
    let order = machine.order(&document);
    let deployer = machine.deployer(fake.clone(), &by_id("abc", None));
    let mut undoing = false;
    let other = fake.clone();
    let mut told = move |event: &Event| {
        undoing |= *event == Event::Undoing;
        if undoing {
            other.edit_after(Operation::PutRestApi, |api| {
                api.put(&super::document(&["GET /else"]).to_json());
            });
        }
    };
    let error = deployer.deploy(&order, &mut told).await.unwrap_err();
    assert_eq!(error.state(), State::DraftUnknown, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_deployment_whose_answer_is_lost_is_found_on_any_page_and_although_reads_are_old() {
    for lag in [0, 5] {
        let machine = Machine::new();
        let fake = Fake::with_api("abc", "Shop");
        machine.deploy(&fake, OLD).await.unwrap();
        machine.deploy(&fake, THIRD).await.unwrap();
        fake.begin();
        fake.paginate(1);
        if lag > 0 {
            fake.lags(Duration::from_secs(lag), 1);
        }
        let lost = Cause::Unreachable {
            detail: "connection reset".into(),
        };
        fake.fail_next(Operation::CreateDeployment, Fault::After(lost));
        let deployed = machine.deploy(&fake, NEW).await.unwrap();
        assert_eq!(deployed.deployment_id, "dep3", "{lag}");
        assert_eq!(fake.api("abc").deployments.len(), 3, "a second one was made: {lag}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_does_not_get_the_lock_is_not_one_that_died() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| {
        let other = Lock {
            run: "other".into(),
            until: u64::MAX,
            begun: false,
        };
        api.api.tags.insert(Lock::TAG.into(), other.to_string());
    });
    machine.deploy(&fake, OLD).await.unwrap_err();
    assert!(!machine.folder.path().join("abc/running.json").exists());
}

#[tokio::test(start_paused = true)]
async fn the_journal_of_a_dead_run_lists_what_it_did() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    machine.deploy(&fake, OLD).await.unwrap();
    fake.fail_next(Operation::UpdateStage, Fault::HangAfter);
    let run = machine.once(&fake, by_id("abc", None), NEW, false);
    let died = tokio::time::timeout(Duration::from_secs(3600), run).await;
    died.unwrap_err();
    let running = Journal::in_folder(machine.folder.path()).interrupted("abc").unwrap();
    assert_eq!(
        running.applied,
        [
            Undo::Draft,
            Undo::Deployment { id: "dep2".into() },
            Undo::Pointer {
                stage: "dev".into(),
                deployment_id: Some("dep1".into()),
                canary: None
            }
        ]
    );
    assert_eq!(running.step, "pointing");
}
