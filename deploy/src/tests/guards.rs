//! What is refused unless a flag permits it, and what a plan says about it.

use bluegate_core::aws::StageSettings;

use super::*;
use crate::api::Stage;
use crate::plan::{Past, Wanted};
use crate::read::Reading;

/// A fake whose stage serves [`OLD`], and a machine that deployed it.
async fn deployed() -> (Fake, Machine) {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    (fake, machine)
}

async fn refused(fake: &Fake, machine: &Machine, routes: &[&str]) -> Vec<&'static str> {
    let writes = fake.writes().len();
    let error = machine.deploy(fake, routes).await.unwrap_err();
    assert_eq!(fake.writes().len(), writes, "a refused run wrote");
    match error {
        RunError::Refused { refusals } => refusals.iter().filter_map(|one| one.flag).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_method_becomes_public_only_when_permitted() {
    let (fake, mut machine) = deployed().await;
    let open = ["GET /users", "GET /health"];
    assert_eq!(refused(&fake, &machine, &open).await, ["--allow-public"]);
    assert_eq!(live(&fake), sorted(OLD));
    machine.allow.public = true;
    machine.deploy(&fake, &open).await.unwrap();
    assert_eq!(live(&fake), sorted(&open));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_had_to_be_signed_becomes_public_only_when_permitted() {
    for (signed, public) in OPENED {
        let fake = Fake::with_api("abc", "Shop");
        let mut machine = Machine::new();
        machine.deploy(&fake, signed).await.unwrap();
        assert_eq!(refused(&fake, &machine, public).await, ["--allow-public"], "{public:?}");
        machine.allow.public = true;
        machine.deploy(&fake, public).await.unwrap();
        assert_eq!(live(&fake), sorted(public));
    }
}

#[tokio::test(start_paused = true)]
async fn a_method_that_is_open_in_the_draft_only_becomes_public_too() {
    let (fake, mut machine) = deployed().await;
    // Somebody opened it in the console and did not deploy.
    fake.edit("abc", |api| {
        api.put(&document(&["GET /users", "GET /health"]).to_json());
    });
    machine.allow.drift = true;
    assert_eq!(
        refused(&fake, &machine, &["GET /users", "GET /health"]).await,
        ["--allow-public"]
    );
}

#[tokio::test(start_paused = true)]
async fn more_than_half_of_the_routes_vanish_only_when_permitted() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.deploy(&fake, NEW).await.unwrap();
    assert_eq!(
        refused(&fake, &machine, &["GET /health"]).await,
        ["--allow-mass-removal"]
    );
    machine.allow.mass_removal = true;
    machine.deploy(&fake, &["GET /health"]).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_somebody_else_gets_lost_only_when_permitted() {
    let (fake, mut machine) = deployed().await;
    fake.edit("abc", |api| {
        api.put(&document(&["GET! /users", "GET /health", "GET /byhand"]).to_json());
    });
    // The document is the one that is deployed, and still there is something to do.
    assert_eq!(refused(&fake, &machine, OLD).await, ["--allow-drift"]);
    let mut said = listener();
    machine
        .run_as(fake.clone(), &by_id("abc", None), OLD, false, &mut said)
        .await
        .unwrap_err();
    let notes = &said.plans[0].notes;
    assert!(
        notes.contains(&"since the last deployment, GET /byhand was added".to_owned()),
        "{notes:?}"
    );
    assert_eq!(refused(&fake, &machine, NEW).await, ["--allow-drift"]);
    machine.allow.drift = true;
    machine.deploy(&fake, NEW).await.unwrap();
    assert_eq!(live(&fake), sorted(NEW));
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_any_field_of_an_integration_is_seen() {
    let edits: [fn(&mut crate::api::Integration); 8] = [
        |it| it.cache_key_parameters.push("method.request.path.id".into()),
        |it| it.cache_namespace = Some("shared".into()),
        |it| it.skips_verification = true,
        |it| it.response_transfer_mode = Some("STREAM".into()),
        |it| it.integration_target = Some("arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/a".into()),
        |it| it.content_handling = Some("CONVERT_TO_BINARY".into()),
        |it| it.timeout_in_millis = Some(1000),
        |it| {
            let answer = it.responses.entry("200".into()).or_default();
            answer.content_handling = Some("CONVERT_TO_TEXT".into());
        },
    ];
    for edit in edits {
        let (fake, mut machine) = deployed().await;
        fake.edit("abc", |api| {
            let resource = api.resources.iter_mut().find(|one| one.path == "/users").unwrap();
            let method = resource.methods.get_mut("GET").unwrap();
            edit(method.integration.as_mut().unwrap());
        });
        assert_eq!(refused(&fake, &machine, OLD).await, ["--allow-drift"]);
        machine.allow.drift = true;
        machine.deploy(&fake, OLD).await.unwrap();
        machine.allow.drift = false;
        assert!(!machine.deploy(&fake, OLD).await.unwrap().changed);
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_version_deployed_is_not_called_edited() {
    for scheme in ["", "0:", "2:"] {
        let (fake, machine) = deployed().await;
        fake.edit("abc", |api| {
            for deployment in &mut api.deployments {
                let description = deployment.deployment.description.as_mut().expect("a description");
                assert!(description.contains(" draft:1:"), "{description}");
                *description = description.replace(" draft:1:", &format!(" draft:{scheme}"));
            }
        });
        let mut said = listener();
        machine
            .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
            .await
            .unwrap();
        assert_eq!(said.plans[0].drift, Drift::Unknown);
        // From here on it is known again.
        machine
            .run_as(fake.clone(), &by_id("abc", None), OLD, false, &mut said)
            .await
            .unwrap();
        assert_eq!(said.plans[1].drift, Drift::None);
    }
}

#[tokio::test(start_paused = true)]
async fn an_authorizer_disappears_only_when_permitted() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    fake.edit("abc", |api| {
        api.authorizers.push(Authorizer {
            id: "x1".into(),
            name: "staff".into(),
            kind: "TOKEN".into(),
            ..Authorizer::default()
        });
    });
    assert_eq!(refused(&fake, &machine, OLD).await, ["--allow-policy-change"]);
    machine.allow.policy_change = true;
    machine.deploy(&fake, OLD).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_served_disappears_only_when_permitted() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.unwrap();
    // Somebody removed it in the console and did not deploy: the stage still has it.
    fake.edit("abc", |api| api.api.policy = None);
    assert_eq!(refused(&fake, &machine, NEW).await, ["--allow-policy-change"]);
    machine.allow.policy_change = true;
    machine.deploy(&fake, NEW).await.unwrap();
    assert_eq!(fake.api("abc").live("dev").unwrap().api.policy, None);
}

#[test]
fn the_origin_of_everybody_with_credentials_is_refused() {
    use crate::plan::{Past, Wanted};
    use crate::read::Reading;
    use bluegate_core::aws::StageSettings;
    let mut document = document(OLD);
    let mut item = document.paths.get("/users").unwrap().clone();
    let mut operation = item.operations.get("get").unwrap().clone();
    let mut response = bluegate_core::openapi::IntegrationResponse {
        status_code: "200".into(),
        ..Default::default()
    };
    for (header, value) in [("Origin", "'*'"), ("Credentials", "'true'")] {
        let header = format!("method.response.header.Access-Control-Allow-{header}");
        response.response_parameters.insert(header, value.into());
    }
    let integration = operation.integration.as_mut().unwrap();
    integration.responses.insert("default", response);
    item.operations.insert("get", operation);
    document.paths.insert("/users", item);
    let flags = |open_credentials| -> Vec<&str> {
        let wanted = Wanted {
            document: &document,
            digest: "d",
            name: None,
            place: None,
            stage: "dev",
            stage_settings: &StageSettings::default(),
            canary: None,
            allow: Allow {
                open_credentials,
                ..Allow::default()
            },
        };
        let plan = Plan::of(&Reading::default(), &wanted, &Past::default());
        plan.refusals.iter().filter_map(|one| one.flag).collect()
    };
    assert_eq!(flags(false), ["--allow-open-credentials"]);
    assert!(flags(true).is_empty());
}

fn of_account(account: &str) -> Environment {
    Environment {
        account_id: Some(account.to_owned()),
        ..by_id("abc", None)
    }
}

#[tokio::test(start_paused = true)]
async fn the_wrong_account_is_refused_before_anything_is_read() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    let error = machine.once(&fake, of_account("222222222222"), OLD, false).await;
    let error = error.unwrap_err();
    assert!(
        matches!(&error, RunError::Read(ReadError::WrongAccount { wanted, found })
            if wanted == "222222222222" && found.account == "111111111111"),
        "{error}"
    );
    assert_eq!(fake.all_calls(), [Operation::GetCallerIdentity]);
    fake.is_called_by("222222222222");
    machine
        .once(&fake, of_account("222222222222"), OLD, false)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_account_that_nobody_confirms_is_refused_and_one_that_nobody_asks_for_is_not() {
    let machine = Machine::new();
    for fault in [Fault::Before(Cause::UnknownHost), Fault::Hang] {
        let fake = Fake::with_api("abc", "Shop");
        fake.fail_next(Operation::GetCallerIdentity, fault.clone());
        let mut said = listener();
        machine
            .run_as(fake.clone(), &by_id("abc", None), OLD, false, &mut said)
            .await
            .unwrap();
        assert_eq!(said.plans[0].caller, None);
        assert!(said.plans[0].notes[0].contains("STS does not say"), "{:?}", said.plans);
    }
    let fake = Fake::with_api("abc", "Shop");
    fake.fail_next(Operation::GetCallerIdentity, Fault::Before(Cause::UnknownHost));
    machine
        .once(&fake, of_account("111111111111"), OLD, false)
        .await
        .unwrap();
    let fake = Fake::with_api("abc", "Shop");
    for _ in 0..3 {
        fake.fail_next(Operation::GetCallerIdentity, Fault::Before(Cause::UnknownHost));
    }
    let error = machine.once(&fake, of_account("111111111111"), OLD, false).await;
    assert!(matches!(
        error.unwrap_err(),
        RunError::Read(ReadError::UnknownAccount { .. })
    ));
    assert_eq!(fake.all_calls(), [Operation::GetCallerIdentity; 3]);
}

#[tokio::test(start_paused = true)]
async fn the_plan_holds_the_document_against_what_is_served_down_to_the_address() {
    let (fake, machine) = deployed().await;
    // The draft is put back to what the file says; the stage serves something else.
    fake.edit("abc", |api| {
        let document = document(OLD).to_json().replace("/health\"", "/elsewhere\"");
        let live = api.deployments.last_mut().unwrap();
        live.document = document.replace("\"/elsewhere\":", "\"/health\":").into();
    });
    let mut said = listener();
    machine
        .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
        .await
        .unwrap();
    let access = said.plans[0].access.as_ref().unwrap();
    assert_eq!(access.added[0].to_string(), "POST /users");
    let change = &access.changed[0].changes[0];
    assert_eq!(change.field, "integration URI");
    assert!(change.from.as_deref().unwrap().ends_with("/elsewhere"), "{change:?}");
}

#[test]
fn a_vpc_link_must_be_available() {
    use crate::plan::{Past, Wanted};
    use crate::read::Reading;
    use bluegate_core::aws::StageSettings;
    let document = document(OLD);
    let settings = StageSettings::default();
    let wanted = |allow| Wanted {
        document: &document,
        digest: "d",
        name: None,
        place: None,
        stage: "dev",
        stage_settings: &settings,
        canary: None,
        allow,
    };
    for (status, refuses) in [
        (Some("AVAILABLE"), false),
        (Some("PENDING"), true),
        (Some("DELETING"), true),
        (Some("FAILED"), true),
        // One of the newer kind is not found by this call, and a mistyped one neither.
        (None, true),
    ] {
        let mut reading = Reading::default();
        reading
            .surroundings
            .links
            .insert("link1".into(), status.map(str::to_owned));
        let flags = |allow| -> Vec<&str> {
            let plan = Plan::of(&reading, &wanted(allow), &Past::default());
            plan.refusals.iter().filter_map(|one| one.flag).collect()
        };
        assert_eq!(
            flags(Allow::default()) == ["--allow-unavailable-link"],
            refuses,
            "{status:?}"
        );
        let permitted = Allow {
            unavailable_link: true,
            ..Allow::default()
        };
        assert!(flags(permitted).is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_api_is_not_created_over_a_vpc_link_that_cannot_be_called() {
    let action = json!({"type": "GET", "integration": "VPC_LINK", "vpcLink": "abc123"});
    let method = json!({"path": "/a", "actions": [action]});
    let text = json!({"blueprint": {"name": "shop", "resources": [{"name": "things", "methods": [method]}]}});
    let source = Source::new("routes.json", text.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    let document = openapi::document(&blueprint, &target());
    for (status, refused) in [("PENDING", true), ("AVAILABLE", false)] {
        let fake = Fake::default();
        fake.has_link("abc123", status);
        let machine = Machine::new();
        let mut said = listener();
        let settings = by_name("Shop");
        let run = machine.run_document(fake.clone(), &settings, &document, true, &mut said);
        match run.await {
            Err(RunError::Refused { refusals }) if refused => {
                assert_eq!(refusals[0].flag, Some("--allow-unavailable-link"));
                assert_eq!(fake.writes(), []);
            }
            Ok(deployed) if !refused => assert!(deployed.created),
            other => panic!("{status}: {other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_plan_says_what_changes_and_what_is_carried_over() {
    let (fake, machine) = deployed().await;
    fake.edit("abc", |api| {
        unmanaged(&mut api.api);
        api.responses.push(response());
    });
    // A gateway response is a part of the definition: somebody edited it.
    let mut listener = listener();
    let changed = ["GET /users", "GET! /health", "DELETE! /users"];
    machine
        .run_as(fake.clone(), &by_id("abc", None), &changed, false, &mut listener)
        .await
        .unwrap_err();
    let plan = &listener.plans[0];
    assert_eq!(plan.drift, Drift::Edited);
    assert_eq!(plan.routes.added[0].to_string(), "DELETE /users");
    assert_eq!(plan.routes.changed.len(), 2);
    assert_eq!(
        plan.security,
        ["GET /users becomes public", "a resource policy takes effect"]
    );
    assert_eq!(plan.access.as_ref().unwrap().changed.len(), 2);
    assert_eq!(plan.carried_over.len(), 10, "{:?}", plan.carried_over);
    assert_eq!(plan.limits.resources, 3);
}

#[tokio::test(start_paused = true)]
async fn the_number_of_calls_is_about_what_the_plan_says() {
    let (fake, machine) = deployed().await;
    let before = fake.all_calls().len();
    let mut said = listener();
    machine
        .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
        .await
        .unwrap();
    let made = fake.all_calls().len() - before;
    let told = said.plans[0].limits.calls;
    assert!(made.abs_diff(told) <= 6, "{made} calls, {told} in the plan");
}

#[tokio::test(start_paused = true)]
async fn the_plan_takes_about_ten_calls_whatever_the_size() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    let many: Vec<String> = (0..280).map(|number| format!("GET! /n{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    machine.deploy(&fake, &many).await.unwrap();
    let calls = fake.all_calls().len();
    machine.deploy(&fake, &many).await.unwrap();
    assert!(fake.all_calls().len() - calls <= 12);
}

#[test]
fn what_goes_beyond_a_quota_is_told_with_both_numbers() {
    let limits = |paths: usize, policy: usize| {
        let routes: Vec<String> = (0..paths).map(|number| format!("GET /r{number}")).collect();
        let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
        let mut reading = crate::read::Reading::default();
        reading.api.policy = Some("p".repeat(policy));
        crate::plan::Limits::of(&document(&routes), Some(&reading)).exceeded
    };
    // The root is a resource too.
    assert!(limits(299, 8192).is_empty());
    assert_eq!(
        limits(300, 8193),
        [
            "301 resources: the quota is 300 unless AWS raised it",
            "8193 characters of resource policy: the quota is 8192 unless AWS raised it",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stage_variable_is_declared_or_set_before_something_uses_it() {
    let environment = Environment {
        backend: Some("https://${stageVariables.host}".to_owned()),
        ..Environment::default()
    };
    let method = json!({"path": "/a", "actions": [{"type": "GET"}]});
    let text = json!({"blueprint": {"name": "shop", "resources": [{"name": "things", "methods": [method]}]}});
    let source = Source::new("routes.json", text.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    let document = openapi::document(&blueprint, &Target::of(&environment));
    let wanted = |stage_settings, canary, undefined_variable| Wanted {
        document: &document,
        digest: "d",
        name: None,
        place: None,
        stage: "dev",
        stage_settings,
        canary,
        allow: Allow {
            undefined_variable,
            ..Allow::default()
        },
    };
    let nothing = StageSettings::default();
    let mut declares = StageSettings::default();
    declares.values.insert("/variables/host".into(), "a.example.com".into());
    let mut bare = Reading::default();
    bare.stages.push(Stage {
        name: "dev".into(),
        ..Stage::default()
    });
    let mut set = bare.clone();
    set.stages[0].variables.insert("host".into(), "b.example.com".into());
    let mut other = bare.clone();
    other.stages[0].variables.insert("hosts".into(), "b.example.com".into());
    let none = Reading::default();
    for (reading, settings, canary, is_refused) in [
        (&bare, &nothing, None, true),
        (&none, &nothing, None, true),
        (&other, &nothing, None, true),
        (&set, &nothing, None, false),
        (&bare, &declares, None, false),
        (&none, &declares, None, false),
        // Settings of the stage wait until the canary has ended.
        (&bare, &declares, Some(10.0), true),
        (&set, &declares, Some(10.0), false),
    ] {
        let flags = |permitted| -> Vec<&str> {
            let plan = Plan::of(reading, &wanted(settings, canary, permitted), &Past::default());
            plan.refusals.iter().filter_map(|one| one.flag).collect()
        };
        let expected: &[&str] = if is_refused {
            &["--allow-undefined-variable"]
        } else {
            &[]
        };
        assert_eq!(flags(false), expected, "{:?} {settings:?} {canary:?}", reading.stages);
        assert!(flags(true).is_empty());
    }
    let creating = |settings| {
        Plan::creating(&wanted(settings, None, false), &Default::default())
            .refusals
            .len()
    };
    assert_eq!((creating(&nothing), creating(&declares)), (1, 0));
}
