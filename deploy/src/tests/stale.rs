//! Reads that are older than the write before them.

use super::*;
use crate::api::Resource;

const LAG: Duration = Duration::from_secs(5);

/// An API whose stage serves [`OLD`], with settings that no file knows, which was left alone for long.
async fn deployed(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.expect("the old API");
    fake.begin();
    fake
}

#[tokio::test(start_paused = true)]
async fn what_a_put_drops_is_put_back_although_reads_show_it_still() {
    for every in 1..4 {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        let before = fake.api("abc").api;
        fake.drops_policies();
        fake.lags(LAG, every);
        machine.deploy(&fake, NEW).await.unwrap();
        let live = fake.api("abc").live("dev").unwrap().api.clone();
        assert_eq!(crate::carry::mismatches(&before, &live), [], "{every}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_that_shows_half_of_the_put_is_not_taken_for_the_draft() {
    for every in 1..4 {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        fake.lags(LAG, every);
        fake.shows_half();
        machine
            .deploy(&fake, &["GET! /users", "GET /healthy", "POST /orders"])
            .await
            .unwrap();
        tokio::time::sleep(2 * LAG).await;
        let again = machine
            .deploy(&fake, &["GET! /users", "GET /healthy", "POST /orders"])
            .await
            .unwrap();
        assert!(!again.changed, "{every}: the run remembered half of its draft");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_put_of_a_rollback_drops_is_put_back_although_reads_show_it_still() {
    for every in 1..4 {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        let before = fake.api("abc").api;
        machine.deploy(&fake, NEW).await.unwrap();
        fake.begin();
        fake.drops_policies();
        fake.lags(LAG, every);
        machine.back(&fake, None).await.unwrap();
        assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), [], "{every}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stage_whose_move_cannot_be_seen_yet_is_waited_for() {
    for every in 1..4 {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        fake.lags(LAG, every);
        machine.deploy(&fake, NEW).await.unwrap();
        assert_eq!(live(&fake), sorted(NEW), "{every}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stage_is_moved_back_although_reads_show_it_where_it_was() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    // The answer to the move is lost, and the run cannot see that it happened.
    let lost = Cause::Unreachable {
        detail: "connection reset".into(),
    };
    fake.lags(Duration::from_secs(30), 1);
    for _ in 0..4 {
        fake.fail_next(Operation::UpdateStage, Fault::After(lost.clone()));
    }
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(live(&fake), sorted(OLD), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_draft_that_is_remembered_is_the_one_after_the_put() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    // Somebody's edit of what may be spelt in many ways, which the put takes back.
    fake.edit("abc", |api| {
        let methods = api
            .resources
            .iter_mut()
            .flat_map(|one: &mut Resource| one.methods.values_mut());
        for integration in methods.filter_map(|method| method.integration.as_mut()) {
            integration.passthrough_behavior = Some("NEVER".into());
        }
    });
    fake.begin();
    fake.lags(LAG, 1);
    let mut permitted = Machine::new();
    permitted.allow.drift = true;
    permitted.deploy(&fake, OLD).await.unwrap();
    tokio::time::sleep(2 * LAG).await;
    let again = machine.deploy(&fake, OLD).await.unwrap();
    assert!(!again.changed, "the run remembered the draft before its put");
}

#[tokio::test(start_paused = true)]
async fn an_edit_just_before_the_run_is_seen_before_it_writes() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.lags(LAG, 1);
    fake.edit("abc", |api| api.api.description = Some("edited".into()));
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert!(matches!(error, RunError::ChangedMeanwhile { .. }), "{error}");
    assert_eq!(fake.calls(Operation::PutRestApi), 1, "only that of the old API");
}

#[tokio::test(start_paused = true)]
async fn an_api_that_was_just_created_is_waited_for() {
    for every in 1..4 {
        let fake = Fake::default();
        fake.begin();
        fake.lags(LAG, every);
        let machine = Machine::new();
        let made = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap();
        let api = fake.api(&made.rest_api_id);
        assert_eq!(routes_of(&api.live("dev").unwrap().resources), sorted(OLD));
    }
}
