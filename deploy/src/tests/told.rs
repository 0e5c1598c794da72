//! What deployments tell of themselves, and what is made of it when they tell it otherwise than resources do.

use bluegate_core::aws::{Smoke, Smokes};

use super::*;
use crate::fake::Telling;

const TELLINGS: [Telling; 3] = [Telling::Nothing, Telling::NotAll, Telling::Otherwise];
/// Paths and verbs of every spelling.
const ALL: &[&str] = &["ANY! /", "GET! /users", "GET /health", "ANY /things"];

async fn deployed(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    machine.deploy(&fake, OLD).await.unwrap();
    fake
}

fn unclear(said: &Listener) -> usize {
    let is_unclear = |warning: &&Warning| matches!(warning, Warning::Unclear { .. });
    said.warnings.iter().filter(is_unclear).count()
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_tells_late_is_asked_again() {
    for telling in TELLINGS {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        let mut said = listener();
        // The first is asked for what is served, before the plan and under the lock.
        fake.tells_unclearly(telling, 4);
        machine
            .run_as(fake.clone(), &by_id("abc", None), ALL, false, &mut said)
            .await
            .unwrap();
        assert_eq!(unclear(&said), 0, "{telling:?}: {:?}", said.warnings);
        assert_eq!(live(&fake), sorted(ALL));
    }
}

#[tokio::test(start_paused = true)]
async fn where_a_deployment_does_not_tell_all_the_export_decides_or_the_draft() {
    for canary in [None, Some(10.0)] {
        for (telling, is_told) in [(Telling::Nothing, 0), (Telling::NotAll, 1), (Telling::Otherwise, 0)] {
            let mut machine = Machine::new();
            let fake = deployed(&machine).await;
            machine.canary = canary;
            fake.tells_unclearly(telling, usize::MAX);
            let mut said = listener();
            machine
                .run_as(fake.clone(), &by_id("abc", None), ALL, false, &mut said)
                .await
                .unwrap();
            assert_eq!(unclear(&said), is_told, "{telling:?}: {:?}", said.warnings);
            let expected = if canary.is_some() { OLD } else { ALL };
            assert_eq!(live(&fake), sorted(expected), "{telling:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_somebody_edits_just_before_its_deployment_is_not_served_for_long() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let settings = Environment {
        smoke: Smokes {
            requests: vec![Smoke {
                request: crate::api::Request {
                    verb: "GET".into(),
                    path: "/health".into(),
                    ..Default::default()
                },
                status: 200,
                contains: None,
                digest: false,
            }],
            ..Smokes::default()
        },
        ..by_id("abc", None)
    };
    fake.edit_after(Operation::TestInvokeMethod, |api| {
        api.put(&document(&["GET! /users", "GET /health", "POST! /users", "GET /else"]).to_json());
    });
    let error = machine.once(&fake, settings, NEW, false).await.unwrap_err();
    assert!(error.to_string().contains("GET /else is there"), "{error}");
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_rollback_is_not_held_up_by_what_a_deployment_does_not_tell() {
    for telling in TELLINGS {
        let mut machine = Machine::new();
        machine.allow.mass_removal = true;
        let fake = deployed(&machine).await;
        machine.deploy(&fake, ALL).await.unwrap();
        fake.tells_unclearly(telling, usize::MAX);
        machine.back(&fake, None).await.unwrap();
        assert_eq!(live(&fake), sorted(OLD), "{telling:?}");
        assert_eq!(routes_of(&fake.api("abc").resources), sorted(OLD), "{telling:?}");
    }
}
