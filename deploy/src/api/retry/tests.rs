use std::sync::{Arc, Mutex};

use super::*;
use crate::fake::{Fake, Fault};
use crate::interrupt::Interrupt;

/// A document of an API that does nothing.
const NOTHING: &str = r#"{"openapi": "3.0.1", "paths": {}}"#;

fn throttled(seconds: Option<u64>) -> Cause {
    Cause::Throttled {
        retry_after: seconds.map(Duration::from_secs),
    }
}

/// A fake behind a patient wrapper, and the waits that the wrapper made.
fn patient(fake: Fake, total: u64) -> (Retrying<Fake>, Arc<Mutex<Vec<Duration>>>) {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&waits);
    let clock = Clock::within(Duration::from_secs(total));
    let gateway = Retrying::new(fake, RetryPolicy::default(), clock, move |_, delay| {
        seen.lock().unwrap().push(delay);
    });
    (gateway, waits)
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_waits_as_long_as_it_is_asked_to() {
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(Operation::GetRestApi, Fault::Before(throttled(Some(7))));
    let (gateway, waits) = patient(fake, 600);
    gateway.get_rest_api("abc").await.expect("second attempt");
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(7)]);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_away_is_called_again_when_it_says() {
    let fake = Fake::with_api("abc", "Shop");
    let away = Cause::Unavailable {
        status: 503,
        message: "busy".into(),
        retry_after: Some(Duration::from_secs(11)),
    };
    fake.fail_next(Operation::GetStages, Fault::Before(away));
    let (gateway, waits) = patient(fake, 600);
    gateway.get_stages("abc").await.expect("second attempt");
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(11)]);
}

#[tokio::test(start_paused = true)]
async fn a_concurrent_modification_is_waited_for_and_a_refusal_is_not() {
    let fake = Fake::with_api("abc", "Shop");
    let busy = Cause::Conflict {
        message: "Unable to complete operation due to concurrent modification. Please try again later.".into(),
    };
    fake.fail_next(Operation::PutRestApi, Fault::Before(busy));
    let refused = Cause::Refused {
        message: "Invalid OpenAPI input.".into(),
    };
    fake.fail_next(Operation::GetRestApi, Fault::Before(refused));
    let (gateway, waits) = patient(fake, 600);
    gateway
        .put_rest_api("abc", NOTHING, false)
        .await
        .expect("second attempt");
    gateway.get_rest_api("abc").await.unwrap_err();
    assert_eq!(gateway.inner.calls(Operation::GetRestApi), 1);
    assert_eq!(waits.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_not_done_is_waited_for_as_long_as_there_is_time() {
    let busy = || {
        Fault::Before(Cause::Busy {
            message: "There is already an update in progress.".into(),
        })
    };
    for (attempts, total, done) in [(60, 600, true), (60, 120, false)] {
        let fake = Fake::with_api("abc", "Shop");
        for _ in 1..attempts {
            fake.fail_next(Operation::UpdateRestApi, busy());
        }
        let (gateway, _) = patient(fake, total);
        let patch = [crate::api::Patch::replace("/name", "Shop")];
        let updated = gateway.update_rest_api("abc", &patch).await;
        assert_eq!(updated.is_ok(), done);
        assert!(updated.is_ok() || !updated.unwrap_err().is_ambiguous());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_there_already_is_not_made_again() {
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| {
        api.stages.insert("dev".into(), Stage::default());
    });
    let (gateway, waits) = patient(fake, 600);
    let error = gateway
        .create_stage("abc", "dev", "dep1", &Texts::new())
        .await
        .unwrap_err();
    assert_eq!(error.cause.kind(), "already_exists");
    assert!(waits.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn calls_of_one_run_are_spaced_as_the_quotas_ask() {
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| {
        api.put(
            r#"{"openapi": "3.0.1", "info": {"title": "Shop"}, "paths": {"/a": {"get": {
                "responses": {}, "x-amazon-apigateway-integration": {"type": "mock"}}}}}"#,
        );
    });
    let (gateway, _) = patient(fake, 600);
    let begun = Instant::now();
    for seconds in [0, 5, 10] {
        gateway.create_deployment("abc", "d").await.expect("a deployment");
        assert_eq!(begun.elapsed().as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_a_quota_of_its_own_is_not_called_again_before_that_lets_it_pass() {
    let fake = Fake::with_api("abc", "Shop");
    // Others in the account delete APIs, too.
    for _ in 0..3 {
        fake.fail_next(Operation::DeleteRestApi, Fault::Before(throttled(None)));
    }
    let (gateway, waits) = patient(fake, 600);
    gateway.delete_rest_api("abc").await.expect("fourth attempt");
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(30); 3]);
}

#[tokio::test(start_paused = true)]
async fn an_undo_waits_for_updates_beyond_its_time_and_not_for_ever() {
    for (attempts, done) in [(180, true), (1000, false)] {
        let fake = Fake::with_api("abc", "Shop");
        for _ in 1..attempts {
            let message = "There is already an update in progress.".to_owned();
            fake.fail_next(Operation::UpdateRestApi, Fault::Before(Cause::Busy { message }));
        }
        let (gateway, _) = patient(fake, 10);
        gateway.clock.begin_undo();
        let patch = [crate::api::Patch::replace("/name", "Shop")];
        assert_eq!(gateway.update_rest_api("abc", &patch).await.is_ok(), done);
    }
}

#[tokio::test(start_paused = true)]
async fn waits_grow_when_nobody_says_how_long() {
    let fake = Fake::with_api("abc", "Shop");
    for _ in 0..4 {
        fake.fail_next(Operation::GetRestApi, Fault::Before(throttled(None)));
    }
    let (gateway, waits) = patient(fake, 600);
    gateway.get_rest_api("abc").await.expect("fifth attempt");
    let waits = waits.lock().unwrap();
    assert_eq!(waits.len(), 4);
    for (nth, wait) in waits.iter().enumerate() {
        let full = Duration::from_millis(500) * (1 << nth);
        assert!(*wait >= full / 2 && *wait <= full, "wait {nth}: {wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_used_up_quota_is_not_tried_again() {
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(
        Operation::PutRestApi,
        Fault::Before(Cause::QuotaReached {
            message: "Maximum number of Resources for this API has been reached".into(),
        }),
    );
    let (gateway, waits) = patient(fake, 600);
    let error = gateway.put_rest_api("abc", NOTHING, false).await.unwrap_err();
    assert_eq!(error.cause.kind(), "quota_reached");
    assert!(waits.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_import_whose_answer_got_lost_is_not_repeated() {
    let fake = Fake::default();
    fake.fail_next(
        Operation::ImportRestApi,
        Fault::After(Cause::Unreachable {
            detail: "connection reset".into(),
        }),
    );
    let (gateway, waits) = patient(fake, 600);
    gateway.import_rest_api(NOTHING, true).await.unwrap_err();
    assert!(waits.lock().unwrap().is_empty());
    assert_eq!(gateway.inner.calls(Operation::ImportRestApi), 1);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_may_have_done_it_is_not_forgotten_when_the_next_one_is_refused() {
    let denied = Cause::AccessDenied {
        message: "not authorized".into(),
    };
    let lost = Cause::Unreachable {
        detail: "connection reset".into(),
    };
    let nothing = throttled(Some(1));
    for (first, may_have_happened) in [(Fault::After(lost), true), (Fault::Before(nothing), false)] {
        let fake = Fake::with_api("abc", "Shop");
        fake.fail_next(Operation::PutRestApi, first);
        fake.fail_next(Operation::PutRestApi, Fault::Before(denied.clone()));
        let (gateway, _) = patient(fake, 600);
        let error = gateway.put_rest_api("abc", NOTHING, false).await.unwrap_err();
        assert_eq!(error.cause, denied);
        assert_eq!(error.is_ambiguous(), may_have_happened);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_timed_out_is_not_repeated_but_a_read_is() {
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(Operation::PutRestApi, Fault::Before(Cause::TimedOut));
    fake.fail_next(Operation::GetRestApi, Fault::Before(Cause::TimedOut));
    let (gateway, _) = patient(fake, 600);
    gateway.put_rest_api("abc", NOTHING, false).await.unwrap_err();
    gateway.get_rest_api("abc").await.expect("second attempt");
    assert_eq!(gateway.inner.calls(Operation::PutRestApi), 1);
    assert_eq!(gateway.inner.calls(Operation::GetRestApi), 2);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_call_that_hangs() {
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(Operation::PutRestApi, Fault::Hang);
    let (gateway, _) = patient(fake, 30);
    let error = gateway.put_rest_api("abc", NOTHING, false).await.unwrap_err();
    assert_eq!(error.cause, Cause::DeadlinePassed);
    assert_eq!(error.rest_api_id.as_deref(), Some("abc"));
}

#[tokio::test(start_paused = true)]
async fn time_that_somebody_took_to_answer_is_granted() {
    let fake = Fake::with_api("abc", "Shop");
    let (gateway, _) = patient(fake, 3);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(
        gateway.get_rest_api("abc").await.unwrap_err().cause,
        Cause::DeadlinePassed
    );
    gateway.clock.grant(Duration::from_secs(60));
    assert_eq!(gateway.clock.granted(), Duration::from_secs(60));
    gateway.get_rest_api("abc").await.expect("as much time as before");
}

#[tokio::test(start_paused = true)]
async fn no_wait_goes_past_the_deadline() {
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(Operation::GetRestApi, Fault::Before(throttled(Some(60))));
    let (gateway, waits) = patient(fake, 30);
    let error = gateway.get_rest_api("abc").await.unwrap_err();
    assert_eq!(error.cause.kind(), "throttled");
    assert!(waits.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_end_stops_reads_and_waits_but_no_write_on_its_way() {
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(Operation::GetRestApi, Fault::Hang);
    fake.fail_next(Operation::GetStages, Fault::Before(throttled(Some(60))));
    let interrupt = Interrupt::default();
    let (gateway, _) = patient(fake, 600);
    let _ = gateway.clock.clone().stopped_by(interrupt.clone());
    let raise = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        interrupt.raise();
    };
    let (read, ()) = tokio::join!(gateway.get_rest_api("abc"), raise);
    assert_eq!(read.unwrap_err().cause, Cause::Interrupted);
    let start = Instant::now();
    let error = gateway.tag_resource("abc", "key", "value").await.unwrap_err();
    assert_eq!(error.cause, Cause::Interrupted);
    assert_eq!(gateway.inner.writes(), [], "a call was begun after the wish");
    gateway.clock.begin_undo();
    gateway
        .get_stages("abc")
        .await
        .expect("a second attempt: undoing is not stopped");
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_repeated_is_not_repeated_after_a_wish_to_end() {
    let lost = Cause::Unavailable {
        status: 503,
        message: "busy".into(),
        retry_after: Some(Duration::from_secs(60)),
    };
    for (first, may_have_happened) in [(Fault::Before(throttled(Some(60))), false), (Fault::After(lost), true)] {
        let fake = Fake::with_api("abc", "Shop");
        fake.fail_next(Operation::PutRestApi, first);
        let interrupt = Interrupt::default();
        let (gateway, _) = patient(fake, 600);
        let _ = gateway.clock.clone().stopped_by(interrupt.clone());
        let start = Instant::now();
        let raise = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            interrupt.raise();
        };
        let (put, ()) = tokio::join!(gateway.put_rest_api("abc", NOTHING, false), raise);
        let error = put.unwrap_err();
        assert_eq!(error.cause, Cause::Interrupted);
        assert_eq!(error.is_ambiguous(), may_have_happened);
        assert_eq!(gateway.inner.calls(Operation::PutRestApi), 1);
        assert_eq!(start.elapsed().as_secs(), 1);
        assert_eq!(interrupt.reached(), crate::interrupt::Reached::Changed);
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_who_is_always_busy_is_given_up() {
    let fake = Fake::with_api("abc", "Shop");
    for _ in 0..20 {
        fake.fail_next(Operation::GetRestApi, Fault::Before(throttled(None)));
    }
    let (gateway, _) = patient(fake, 600);
    gateway.get_rest_api("abc").await.unwrap_err();
    assert_eq!(gateway.inner.calls(Operation::GetRestApi), 7);
}
