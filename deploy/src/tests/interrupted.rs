//! What the run after a dead one finds, and brings back.

use super::*;

/// An API whose stage serves [`OLD`], with settings that no file knows, whose puts drop the policy.
async fn deployed(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.expect("the old API");
    fake.drops_policies();
    fake
}

/// Long after its put, and before it repairs what that dropped.
const LONG: Duration = Duration::from_secs(3600);

/// A run dies after its put.
async fn dies(fake: &Fake, machine: &Machine, settings: Environment, routes: &[&str], after: Duration) {
    fake.fail_next(Operation::PutRestApi, Fault::HangAfter);
    let run = machine.once(fake, settings, routes, false);
    tokio::time::timeout(after, run).await.unwrap_err();
    assert_eq!(fake.api("abc").api.policy, None);
}

/// Nothing of the settings is lost, neither in the draft nor in what is served.
fn is_whole(fake: &Fake, before: &RestApi) {
    let after = fake.api("abc");
    assert_eq!(crate::carry::mismatches(before, &after.api), []);
    assert_eq!(crate::carry::mismatches(before, &after.live("dev").unwrap().api), []);
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_run_dropped_comes_back_although_its_routes_were_served_before() {
    for lag in [None, Some(Duration::from_secs(6))] {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        // Another name is all that changes: the draft has the routes that the stage serves, before and after.
        let named = by_id("abc", Some("Another name"));
        let mut before = fake.api("abc").api;
        before.name = "Another name".into();
        if let Some(lag) = lag {
            fake.begin();
            fake.lags(lag, 1);
        }
        dies(&fake, &machine, named.clone(), OLD, LONG).await;
        machine.once(&fake, named, OLD, false).await.unwrap();
        is_whole(&fake, &before);
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_a_patch_sets_comes_back_after_a_dead_run() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.edit("abc", |api| api.api.ip_address_type = Some("dualstack".into()));
    let before = fake.api("abc").api;
    dies(&fake, &machine, by_id("abc", None), NEW, LONG).await;
    assert_eq!(fake.api("abc").api.ip_address_type.as_deref(), Some("ipv4"));
    machine.deploy(&fake, OLD).await.unwrap();
    is_whole(&fake, &before);
}

#[tokio::test(start_paused = true)]
async fn a_run_right_after_a_dead_one_waits_until_reads_show_what_that_left() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc").api;
    fake.begin();
    fake.lags(Duration::from_secs(5), 1);
    // The lock is seen after six seconds, then comes the put.
    dies(&fake, &machine, by_id("abc", None), NEW, Duration::from_secs(7)).await;
    machine.deploy(&fake, OLD).await.unwrap();
    is_whole(&fake, &before);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_after_a_dead_run_brings_its_settings_back() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc").api;
    dies(&fake, &machine, by_id("abc", None), NEW, LONG).await;
    machine.back(&fake, Some("dep1")).await.unwrap();
    is_whole(&fake, &before);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_leaves_the_draft_leaves_the_next_run_what_a_dead_one_took() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc").api;
    machine.deploy(&fake, NEW).await.unwrap();
    dies(&fake, &machine, by_id("abc", None), OLD, LONG).await;
    let back = machine
        .back_with(fake.clone(), Some("dep1"), true, &mut listener())
        .await;
    assert!(!back.unwrap().draft_is_live);
    assert!(machine.deploy(&fake, NEW).await.unwrap().changed);
    is_whole(&fake, &before);
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_gets_another_part_of_the_traffic_gets_back_what_a_dead_run_took() {
    let mut machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc").api;
    machine.canary = Some(10.0);
    machine.deploy(&fake, NEW).await.unwrap();
    dies(&fake, &machine, by_id("abc", Some("Another")), NEW, LONG).await;
    fake.edit("abc", |api| api.api.name.clone_from(&before.name));
    machine.canary = Some(20.0);
    machine.deploy(&fake, NEW).await.unwrap();
    assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), []);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_died_when_all_was_done_takes_nothing_back_later() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.fail_next(Operation::UntagResource, Fault::Hang);
    let run = machine.once(&fake, by_id("abc", None), NEW, false);
    tokio::time::timeout(LONG, run).await.unwrap_err();
    assert!(!machine.deploy(&fake, NEW).await.unwrap().changed);
    assert_eq!(Lock::of(&fake.api("abc").api), None, "the lock of the dead run");
    // Somebody means it.
    fake.edit("abc", |api| api.api.description = None);
    machine.deploy(&fake, OLD).await.unwrap();
    assert_eq!(fake.api("abc").api.description, None);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_may_not_write_tags_is_not_taken_for_a_dead_one() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let denied = Fault::Before(Cause::AccessDenied {
        message: "not authorized".into(),
    });
    for operation in [Operation::TagResource, Operation::TagResource, Operation::UntagResource] {
        fake.fail_next(operation, denied.clone());
    }
    machine.deploy(&fake, NEW).await.unwrap();
    let journal = Journal::in_folder(machine.folder.path());
    assert_eq!(journal.interrupted("abc"), None);
}
