//! Smoke requests: before the deployment, afterwards, and what becomes of a deployment that they fail.

use bluegate_core::aws::{Smoke, Smokes};

use super::*;
use crate::api::Request;

fn smoke(call: &str, status: u16) -> Smoke {
    let (verb, path) = call.split_once(' ').expect("a verb and a path");
    Smoke {
        request: Request {
            signed: verb.ends_with('!'),
            verb: verb.trim_end_matches('!').to_owned(),
            path: path.to_owned(),
            ..Request::default()
        },
        status,
        contains: None,
        digest: false,
    }
}

fn with(requests: Vec<Smoke>) -> Environment {
    Environment {
        smoke: Smokes {
            requests,
            ..Smokes::default()
        },
        ..by_id("abc", None)
    }
}

async fn deployed(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    machine.deploy(&fake, OLD).await.unwrap();
    fake
}

#[tokio::test(start_paused = true)]
async fn the_draft_is_tried_before_the_deployment_and_the_stage_is_called_after_it() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let first = fake.all_calls().len();
    let requests = vec![
        smoke("GET /health?deep=1", 200),
        smoke("GET! /users", 200),
        smoke("GET /users", 403),
        smoke("GET /nothing", 403),
    ];
    machine.once(&fake, with(requests), NEW, false).await.unwrap();
    let calls: Vec<Operation> = fake.all_calls()[first..]
        .iter()
        .copied()
        .filter(|call| {
            matches!(
                call,
                Operation::TestInvokeMethod | Operation::CreateDeployment | Operation::UpdateStage | Operation::Invoke
            )
        })
        .collect();
    let mut expected = vec![Operation::TestInvokeMethod; 2];
    expected.extend([Operation::CreateDeployment, Operation::UpdateStage]);
    // Each is asked until three answers in a row are right.
    expected.extend([Operation::Invoke; 3 * 4]);
    assert_eq!(calls, expected);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_on_the_draft_is_never_deployed() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let made = fake.calls(Operation::CreateDeployment);
    fake.answers("GET /health", 502);
    let error = machine
        .once(&fake, with(vec![smoke("GET /health", 200)]), NEW, false)
        .await
        .unwrap_err();
    assert_eq!(error.state(), State::Restored);
    assert!(
        error
            .to_string()
            .contains("GET /health is answered with 502 and not 200 on the draft"),
        "{error}"
    );
    assert_eq!(fake.calls(Operation::CreateDeployment), made);
    assert_eq!(routes_of(&fake.api("abc").resources), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_answers_otherwise_goes_back_to_what_it_served() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc").stages["dev"].deployment_id.clone();
    // The gateway lets nobody through to a route that the request takes for public.
    let error = machine
        .once(&fake, with(vec![smoke("POST /users", 201)]), NEW, false)
        .await
        .unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    fake.answers("POST /users", 201);
    let error = machine
        .once(&fake, with(vec![smoke("POST /users", 201)]), NEW, false)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("POST /users is answered with 403 and not 201;"),
        "{error}"
    );
    assert_eq!(error.state(), State::Restored);
    assert_eq!(fake.api("abc").stages["dev"].deployment_id, before);
    assert_eq!(live(&fake), sorted(OLD));
    machine
        .once(&fake, with(vec![smoke("POST! /users", 201)]), NEW, false)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_is_not_everywhere_yet_is_waited_for() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    const NEWER: &[&str] = &["GET! /users", "GET /health", "GET /new"];
    let new = || with(vec![smoke("GET /new", 200)]);
    fake.stays_stale(10);
    machine.once(&fake, new(), NEWER, false).await.unwrap();
    machine.deploy(&fake, OLD).await.unwrap();
    fake.stays_stale(1000);
    let error = machine.once(&fake, new(), NEWER, false).await;
    assert_eq!(error.unwrap_err().state(), State::Restored);
    assert_eq!(live(&fake), sorted(OLD));
    // A right answer may be one of few hosts that have it by now.
    fake.flickers(&[false, true, false, false, true]);
    let calls = fake.calls(Operation::Invoke);
    machine.once(&fake, new(), NEWER, false).await.unwrap();
    assert_eq!(
        fake.calls(Operation::Invoke) - calls,
        8,
        "until three in a row are right"
    );
}

#[tokio::test(start_paused = true)]
async fn without_requests_an_unsigned_call_must_be_refused() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let calls = fake.calls(Operation::Invoke);
    assert_eq!(calls, 3, "the first deployment asked until it was sure");
    fake.lets_anybody_in();
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert_eq!(error.state(), State::Restored);
    assert!(
        error
            .to_string()
            .contains("GET /users without a signature is answered with 200 and not 403"),
        "{error}"
    );
    assert_eq!(live(&fake), sorted(OLD));
    // Nobody who cannot be reached says anything about the API.
    let off = Environment {
        smoke: Smokes {
            is_off: true,
            ..Smokes::default()
        },
        ..by_id("abc", None)
    };
    machine.once(&fake, off, NEW, false).await.unwrap();
    let elsewhere = Environment {
        smoke: Smokes {
            url: Some("https://nowhere.example".into()),
            ..Smokes::default()
        },
        ..by_id("abc", None)
    };
    let mut said = listener();
    machine
        .run_as(fake.clone(), &elsewhere, OLD, false, &mut said)
        .await
        .unwrap();
    assert!(
        matches!(&said.warnings[0], Warning::Unproved { request, .. } if request == "GET /users"),
        "{:?}",
        said.warnings
    );
}

#[tokio::test(start_paused = true)]
async fn that_unsigned_calls_are_refused_is_known_from_the_gateway_alone() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.is_behind_a_proxy(403);
    let mut said = listener();
    machine
        .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
        .await
        .unwrap();
    let Warning::Unproved { request, reason } = &said.warnings[0] else {
        panic!("{:?}", said.warnings)
    };
    assert_eq!(
        (request.as_str(), reason.as_str()),
        ("GET /users", "is answered with 403 by something else")
    );
}

#[tokio::test(start_paused = true)]
async fn what_refuses_everybody_tells_nothing_of_a_route() {
    for error_type in ["AccessDeniedException", "ForbiddenException"] {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        fake.refuses_everybody(error_type);
        let mut said = listener();
        machine
            .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
            .await
            .unwrap();
        let reason = format!("is refused with {error_type}");
        assert!(
            matches!(&said.warnings[..], [Warning::Unproved { reason: why, .. }] if *why == reason),
            "{:?}",
            said.warnings
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_method_that_answers_every_verb_is_never_called_with_a_verb_of_that_name() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.answers("ANY /things", 405);
    let routes = &["ANY /things", "GET /health"];
    let requests = with(vec![smoke("DELETE /things", 200), smoke("GET /health", 200)]);
    let mut said = listener();
    machine
        .run_as(fake.clone(), &requests, routes, false, &mut said)
        .await
        .unwrap();
    let later = Warning::TriedLater {
        request: "DELETE /things".into(),
        reason: Untried::AnyMethod,
    };
    assert_eq!(said.warnings, [later]);
    assert_eq!(fake.calls(Operation::TestInvokeMethod), 2, "the other one is tried");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_writes_is_made_once_and_again_only_if_the_gateway_let_it_not_pass() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let orders = || with(vec![smoke("POST! /users", 201)]);
    let tries = fake.calls(Operation::TestInvokeMethod);
    machine.once(&fake, orders(), NEW, false).await.unwrap_err();
    assert_eq!(fake.calls(Operation::TestInvokeMethod), tries + 1);

    let denied = Fault::Before(Cause::AccessDenied {
        message: "not authorized".into(),
    });
    fake.fail_next(Operation::TestInvokeMethod, denied);
    let calls = fake.calls(Operation::Invoke);
    machine.once(&fake, orders(), NEW, false).await.unwrap_err();
    assert_eq!(fake.calls(Operation::Invoke), calls + 1, "it ordered more than once");

    fake.answers("POST /users", 201);
    fake.stays_stale(3);
    machine.once(&fake, orders(), NEW, false).await.unwrap();
    assert_eq!(fake.calls(Operation::Invoke), calls + 1 + 4);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_switched_off_is_not_called() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.edit("abc", |api| api.api.disable_execute_api_endpoint = true);
    let calls = fake.calls(Operation::Invoke);
    let mut said = listener();
    let requests = with(vec![smoke("GET /health", 200)]);
    machine
        .run_as(fake.clone(), &requests, NEW, false, &mut said)
        .await
        .unwrap();
    assert_eq!(fake.calls(Operation::Invoke), calls);
    let request = "GET /health".to_owned();
    assert_eq!(said.warnings[0], Warning::NotRequested { request });
}

#[tokio::test(start_paused = true)]
async fn a_role_that_may_not_try_methods_still_deploys() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.fail_next(
        Operation::TestInvokeMethod,
        Fault::Before(Cause::AccessDenied {
            message: "not authorized".into(),
        }),
    );
    let mut said = listener();
    let requests = with(vec![smoke("GET /health", 200)]);
    machine
        .run_as(fake.clone(), &requests, NEW, false, &mut said)
        .await
        .unwrap();
    assert_eq!(said.warnings[0], Warning::NotTried);
    assert_eq!(live(&fake), sorted(NEW));
}

#[tokio::test(start_paused = true)]
async fn a_first_deployment_that_fails_leaves_no_stage_and_an_empty_draft() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    fake.edit("abc", |api| {
        api.api.disable_execute_api_endpoint = false;
        api.responses.push(response());
    });
    let before = fake.api("abc").api;
    let refused = with(vec![smoke("GET /users", 200)]);
    let error = machine.once(&fake, refused, OLD, false).await.unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    let api = fake.api("abc");
    assert!(api.stages.is_empty());
    assert!(api.deployments.is_empty());
    assert!(routes_of(&api.resources).is_empty());
    assert_eq!(crate::carry::mismatches(&before, &api.api), []);
    machine.deploy(&fake, OLD).await.unwrap();
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_new_api_whose_stage_answers_otherwise_is_served_by_no_stage() {
    let machine = Machine::new();
    let fake = Fake::default();
    let settings = Environment {
        smoke: with(vec![smoke("GET /users", 200)]).smoke,
        ..by_name("Shop")
    };
    let error = machine.once(&fake, settings, OLD, true).await.unwrap_err();
    let State::DraftReplaced { rest_api_id } = error.state() else {
        panic!("{error}")
    };
    assert!(error.to_string().contains("but no stage serves it"), "{error}");
    assert!(fake.api(&rest_api_id).stages.is_empty());
    let made = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap();
    assert!(!made.created);
    assert_eq!(made.rest_api_id, rest_api_id);
}
