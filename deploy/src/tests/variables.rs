//! Variables of a stage that make functions and services others: what is asked about, and who may call whom afterwards.

use super::*;
use crate::api::Canary;

const SHOP: &str = "arn:aws:lambda:eu-west-1:111111111111:function:shop";
const NEXT: &str = "arn:aws:lambda:eu-west-1:111111111111:function:next";
const ASKS: &str = "arn:aws:lambda:eu-west-1:111111111111:function:asks";

/// Routes that call functions, one of which a variable names, and one whose authorizer another variable names.
fn files(more: &serde_json::Value) -> Document {
    let action = |path: &str, function: &str, authorization: &str| {
        let action = json!({"type": "GET", "function": function, "authorization": authorization});
        json!({"path": path, "actions": [action]})
    };
    let mut methods = vec![
        action("/named", "${stageVariables.shop}", "NONE"),
        action("/fixed", SHOP, "NONE"),
        action("/asked", SHOP, "asks"),
    ];
    methods.extend(more.as_array().cloned().unwrap_or_default());
    let asks = json!({"type": "LAMBDA", "identity": ["header.X-Token"],
        "function": "arn:aws:lambda:eu-west-1:111111111111:function:${stageVariables.asks}"});
    let blueprint = json!({"name": "shop", "authorizers": {"asks": asks},
        "resources": [{"name": "things", "methods": methods}]});
    let source = Source::new("routes.json", json!({"blueprint": blueprint}).to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    openapi::document(&blueprint, &target_of("shop"))
}

fn target_of(shop: &str) -> Target {
    Target::of(&Environment {
        account_id: Some("111111111111".to_owned()),
        backend: Some("https://backend.example.com".to_owned()),
        ..stage(shop, "asks")
    })
}

/// The stage with its variables.
fn stage(shop: &str, asks: &str) -> Environment {
    let mut settings = by_id("abc", None);
    settings.region = Some("eu-west-1".into());
    let values = &mut settings.stage_settings.values;
    values.insert("/variables/shop".into(), shop.into());
    values.insert("/variables/asks".into(), asks.into());
    settings
}

fn world() -> (Machine, Fake) {
    let fake = Fake::with_api("abc", "Shop");
    for function in [SHOP, NEXT, ASKS] {
        fake.has_function(function);
    }
    (Machine::new(), fake)
}

async fn deployed(machine: &Machine, fake: &Fake, settings: &Environment) -> Plan {
    let mut said = listener();
    let document = files(&json!([]));
    let run = machine.run_document(machine.patient(fake), settings, &document, false, &mut said);
    run.await.unwrap_or_else(|error| panic!("{error}"));
    said.plans.remove(0)
}

fn permitted(fake: &Fake, function: &str) -> Vec<String> {
    let sources = fake.permitted(function).into_values();
    let mut calls: Vec<String> = sources
        .map(|one| one.split_once("abc/").unwrap().1.to_owned())
        .collect();
    calls.sort();
    calls
}

#[tokio::test(start_paused = true)]
async fn a_function_that_a_variable_no_longer_names_permits_what_others_call_alone() {
    let (machine, fake) = world();
    deployed(&machine, &fake, &stage("shop", "asks")).await;
    fake.permits(
        SHOP,
        "console",
        "arn:aws:execute-api:eu-west-1:111111111111:abc/dev/GET/named",
    );
    assert_eq!(
        permitted(&fake, SHOP),
        ["dev/GET/asked", "dev/GET/fixed", "dev/GET/named", "dev/GET/named"]
    );
    let plan = deployed(&machine, &fake, &stage("next", "asks")).await;
    assert_eq!(plan.action, Action::StageSettings);
    let told: Vec<_> = plan
        .permissions
        .iter()
        .map(|one| (one.added.len(), one.removed.len()))
        .collect();
    assert_eq!(told, [(1, 0), (0, 1)], "{:?}", plan.permissions);
    // That of somebody else stays.
    assert_eq!(
        permitted(&fake, SHOP),
        ["dev/GET/asked", "dev/GET/fixed", "dev/GET/named"]
    );
    assert!(fake.permitted(SHOP).contains_key("console"));
    assert_eq!(permitted(&fake, NEXT), ["dev/GET/named"]);
    let writes = fake.writes().len();
    let plan = deployed(&machine, &fake, &stage("next", "asks")).await;
    assert!(plan.permissions.is_empty());
    assert_eq!(fake.writes().len(), writes);
}

#[tokio::test(start_paused = true)]
async fn a_permission_goes_after_the_variable_and_not_with_a_run_that_fails() {
    let (machine, fake) = world();
    deployed(&machine, &fake, &stage("shop", "asks")).await;
    let before = fake.permitted(SHOP);
    let document = files(&json!([]));
    let run = async || {
        let settings = stage("next", "asks");
        let gateway = machine.patient(&fake);
        machine
            .run_document(gateway, &settings, &document, false, &mut listener())
            .await
    };
    let refused = Cause::Refused {
        message: "Invalid patch path".into(),
    };
    fake.fail_next(Operation::UpdateStage, Fault::Before(refused));
    run().await.unwrap_err();
    assert_eq!(fake.permitted(SHOP), before);
    assert!(fake.permitted(NEXT).is_empty());
    // What cannot be taken away stops nothing.
    fake.denies(Operation::RemovePermission, SHOP);
    run().await.unwrap();
    assert_eq!(fake.permitted(SHOP), before);
}

#[tokio::test(start_paused = true)]
async fn beside_a_canary_a_function_permits_what_it_did() {
    let (machine, fake) = world();
    deployed(&machine, &fake, &stage("shop", "asks")).await;
    let before = fake.permitted(SHOP);
    fake.edit("abc", |api| {
        let stage = api.stages.get_mut("dev").unwrap();
        stage.canary = Some(Canary {
            deployment_id: stage.deployment_id.clone(),
            percent: 10.0,
            ..Canary::default()
        });
    });
    let plan = deployed(&machine, &fake, &stage("next", "asks")).await;
    assert!(plan.permissions.iter().all(|one| one.removed.is_empty()));
    assert_eq!(fake.permitted(SHOP), before);
}

/// A stage with a canary whose variables are others than its own.
async fn tried(overrides: &[(&str, &str)]) -> (Machine, Fake) {
    let (mut machine, fake) = world();
    deployed(&machine, &fake, &stage("shop", "asks")).await;
    machine.canary = Some(10.0);
    let document = files(&json!([{"path": "/new", "actions": [{"type": "GET", "function": SHOP}]}]));
    let mut said = listener();
    let settings = stage("shop", "asks");
    let run = machine.run_document(machine.patient(&fake), &settings, &document, false, &mut said);
    run.await.map(drop).unwrap_or_else(|error| panic!("{error}"));
    machine.canary = None;
    fake.edit("abc", |api| {
        let canary = api.stages.get_mut("dev").unwrap().canary.as_mut().unwrap();
        let overrides = overrides
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        canary.variable_overrides = overrides.collect();
    });
    (machine, fake)
}

async fn promoted(machine: &Machine, fake: &Fake) -> Result<Ended, RunError> {
    let deployer = machine.deployer(machine.patient(fake), &stage("shop", "asks"));
    deployer
        .promote(&Promote { allow: machine.allow }, &mut listener())
        .await
}

#[tokio::test(start_paused = true)]
async fn variables_of_a_canary_that_make_a_function_another_are_promoted_only_when_permitted() {
    for (overrides, told) in [
        (
            &[("asks", "next")][..],
            "the authorizer `asks` is another function by the stage variable `asks`",
        ),
        (
            &[("shop", "next")],
            "GET /named calls another service by the stage variable `shop`",
        ),
    ] {
        let (mut machine, fake) = tried(overrides).await;
        let writes = fake.writes();
        let error = promoted(&machine, &fake).await.unwrap_err();
        let RunError::Refused { refusals } = error else {
            panic!("{error}")
        };
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert_eq!(refusals[0].flag, Some("--allow-weaker"));
        assert!(refusals[0].reason.contains(told), "{refusals:?}");
        assert!(!refusals[0].reason.contains("next"), "a value is told: {refusals:?}");
        assert_eq!(fake.writes(), writes);
        // No other flag lets it through.
        machine.allow = Allow { weaker: false, ..ALL };
        assert!(promoted(&machine, &fake).await.is_err());
        machine.allow = Allow::default();
        machine.allow.weaker = true;
        promoted(&machine, &fake).await.unwrap();
        let variables = fake.api("abc").stages["dev"].variables.clone();
        assert_eq!(variables[overrides[0].0], "next");
    }
}

#[tokio::test(start_paused = true)]
async fn variables_of_a_canary_that_nothing_uses_or_that_the_stage_has_are_promoted() {
    for overrides in [&[("other", "next")][..], &[("shop", "shop"), ("asks", "asks")], &[]] {
        let (machine, fake) = tried(overrides).await;
        promoted(&machine, &fake).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_variable_of_a_canary_that_only_the_version_of_another_stage_uses_is_promoted() {
    let (machine, fake) = tried(&[("extra", "next")]).await;
    fake.edit("abc", |api| {
        let more = json!([{"path": "/extra", "actions": [{"type": "GET", "function": "${stageVariables.extra}"}]}]);
        api.put(&files(&more).to_json());
        api.deploy("for another stage");
        let stage = api.stages.get_mut("dev").unwrap();
        stage.variables.insert("extra".to_owned(), "shop".to_owned());
    });
    promoted(&machine, &fake).await.unwrap();
    assert_eq!(fake.api("abc").stages["dev"].variables["extra"], "next");
}

#[tokio::test(start_paused = true)]
async fn a_function_that_a_promoted_variable_names_is_permitted_and_the_former_one_no_more() {
    let (mut machine, fake) = tried(&[("shop", "next")]).await;
    machine.allow.weaker = true;
    promoted(&machine, &fake).await.unwrap();
    assert_eq!(permitted(&fake, NEXT), ["dev/GET/named"]);
    assert_eq!(
        permitted(&fake, SHOP),
        ["dev/GET/asked", "dev/GET/fixed", "dev/GET/new"]
    );
    assert_eq!(permitted(&fake, ASKS), ["authorizers/*"]);
}

#[tokio::test(start_paused = true)]
async fn a_cache_is_switched_on_over_routes_that_ask_who_calls_only_with_a_key_for_that_or_when_permitted() {
    let with = |keys: &serde_json::Value| {
        let asked = json!({"type": "GET", "authorization": "AWS_IAM", "headers": [{"name": "Authorization"}], "cacheKeys": keys});
        let open = json!({"type": "GET", "authorization": "NONE"});
        let methods = json!([{"path": "/asked", "actions": [asked]}, {"path": "/open", "actions": [open]}]);
        let text = json!({"blueprint": {"name": "shop", "resources": [{"name": "things", "methods": methods}]}});
        let source = Source::new("routes.json", text.to_string());
        let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
        openapi::document(&blueprint, &target())
    };
    let cached = |is_on: bool| {
        let mut settings = by_id("abc", None);
        let values = &mut settings.stage_settings.values;
        for name in ["/cacheClusterEnabled", "/*/*/caching/enabled"] {
            values.insert(name.into(), is_on.to_string());
        }
        if is_on {
            values.insert("/cacheClusterSize".into(), "0.5".into());
        }
        settings
    };
    let (bare, keyed) = (with(&json!([])), with(&json!(["header.Authorization"])));
    // Alone, with a new version, and a key that goes while answers are kept.
    for (was, is, before, after, is_refused) in [
        (&bare, &bare, false, true, true),
        (&keyed, &bare, false, true, true),
        (&keyed, &bare, true, true, true),
        (&keyed, &keyed, false, true, false),
        (&bare, &keyed, false, true, false),
        (&bare, &bare, true, false, false),
        (&bare, &keyed, true, true, false),
    ] {
        let fake = Fake::with_api("abc", "Shop");
        let mut machine = Machine::new();
        machine.allow.weaker = true;
        let run = async |machine: &Machine, is_on: bool, document: &Document| {
            let settings = cached(is_on);
            machine
                .run_document(machine.patient(&fake), &settings, document, false, &mut listener())
                .await
        };
        run(&machine, before, was).await.unwrap();
        machine.allow.weaker = false;
        let (writes, next) = (fake.writes().len(), run(&machine, after, is).await);
        if !is_refused {
            next.unwrap_or_else(|error| panic!("{error}"));
            continue;
        }
        let Err(RunError::Refused { refusals }) = next else {
            panic!("{before} {after}")
        };
        let flags: Vec<_> = refusals.iter().map(|one| one.flag).collect();
        assert_eq!(flags, [Some("--allow-weaker")], "{refusals:?}");
        assert!(refusals[0].reason.contains("GET /asked") && !refusals[0].reason.contains("GET /open"));
        assert_eq!(fake.writes().len(), writes);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_to_a_version_without_a_key_of_the_cache_is_refused_while_answers_are_kept() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.allow = ALL;
    let mut settings = by_id("abc", None);
    let values = &mut settings.stage_settings.values;
    for (name, value) in [
        ("/cacheClusterEnabled", "true"),
        ("/cacheClusterSize", "0.5"),
        ("/*/*/caching/enabled", "true"),
    ] {
        values.insert(name.into(), value.into());
    }
    for keys in [json!([]), json!(["header.Authorization"])] {
        let action = json!({"type": "GET", "authorization": "AWS_IAM", "headers": [{"name": "Authorization"}], "cacheKeys": keys});
        let methods = json!([{"path": "/a", "actions": [action]}]);
        let text = json!({"blueprint": {"name": "shop", "resources": [{"name": "things", "methods": methods}]}});
        let source = Source::new("routes.json", text.to_string());
        let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
        let document = openapi::document(&blueprint, &target());
        let mut said = listener();
        let run = machine.run_document(machine.patient(&fake), &settings, &document, false, &mut said);
        run.await.map(drop).unwrap_or_else(|error| panic!("{error}"));
    }
    let served = fake.api("abc").stages["dev"].deployment_id.clone();
    for (weaker, is_refused) in [(false, true), (true, false)] {
        let rollback = Rollback {
            allow: Allow {
                weaker,
                ..Allow::default()
            },
            ..Rollback::default()
        };
        let back = machine
            .deployer(machine.patient(&fake), &settings)
            .rollback(&rollback, &mut listener())
            .await;
        assert_eq!(back.is_err(), is_refused);
        if let Err(error) = back {
            assert!(error.to_string().contains("--allow-weaker"), "{error}");
            assert_eq!(fake.api("abc").stages["dev"].deployment_id, served);
        }
    }
}
