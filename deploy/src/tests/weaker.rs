//! What protects less than before, and what of it is the file's.

use super::*;

/// The document of a file with a blueprint of its own.
fn document_of(blueprint: &serde_json::Value) -> bluegate_core::openapi::Document {
    let source = Source::new("routes.json", json!({"blueprint": blueprint}).to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    openapi::document(&blueprint, &target())
}

/// A shop whose staff is asked for, in every way that there is.
fn strict() -> serde_json::Value {
    json!({
        "name": "shop",
        "authorizers": {"staff": {
            "type": "COGNITO", "ttl": 60, "pattern": "^ey",
            "userPools": ["arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_a"],
        }},
        "policy": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
            {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/admin/*"},
        ]},
        "models": {"Book": {"type": "object"}},
        "resources": [{"name": "books", "methods": [{"path": "/books", "actions": [{
            "type": "POST", "authorization": "staff", "scopes": ["books/write"], "apiKey": true, "validate": "ALL",
            "body": "Book", "query": [{"name": "page", "required": true}],
        }]}]}],
    })
}

type Loosen = (&'static str, fn(&mut serde_json::Value));

/// What makes it less strict, and the flag that permits that.
const LOOSER: [Loosen; 10] = [
    ("--allow-weaker", |it| {
        it["resources"][0]["methods"][0]["actions"][0]["scopes"] = json!([]);
    }),
    ("--allow-weaker", |it| {
        it["resources"][0]["methods"][0]["actions"][0]["scopes"] = json!(["books/write", "all"]);
    }),
    ("--allow-weaker", |it| {
        it["resources"][0]["methods"][0]["actions"][0]["apiKey"] = json!(false);
    }),
    ("--allow-weaker", |it| {
        it["resources"][0]["methods"][0]["actions"][0]["validate"] = json!("BODY");
    }),
    ("--allow-weaker", |it| {
        it["resources"][0]["methods"][0]["actions"][0]["body"] = json!(null);
    }),
    ("--allow-weaker", |it| {
        it["resources"][0]["methods"][0]["actions"][0]["query"][0]["required"] = json!(false);
    }),
    ("--allow-weaker", |it| it["authorizers"]["staff"]["ttl"] = json!(3600)),
    ("--allow-weaker", |it| {
        it["authorizers"]["staff"]["pattern"] = json!(null);
    }),
    ("--allow-weaker", |it| {
        let pools = it["authorizers"]["staff"]["userPools"].as_array_mut().unwrap();
        pools.push(json!("arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_b"));
    }),
    ("--allow-policy-change", |it| {
        it["policy"]["Statement"].as_array_mut().unwrap().pop();
    }),
];

#[tokio::test(start_paused = true)]
async fn what_protects_less_is_deployed_and_rolled_back_to_only_when_permitted() {
    let run = async |fake: &Fake, machine: &Machine, file: &serde_json::Value| {
        let document = document_of(file);
        let settings = by_id("abc", None);
        machine
            .run_document(fake.clone(), &settings, &document, false, &mut listener())
            .await
    };
    for (flag, loosen) in LOOSER {
        let mut looser = strict();
        loosen(&mut looser);
        let fake = Fake::with_api("abc", "Shop");
        let mut machine = Machine::new();
        machine.allow.policy_change = true;
        run(&fake, &machine, &strict()).await.unwrap();
        machine.allow.policy_change = false;
        let writes = fake.writes().len();
        let refused = run(&fake, &machine, &looser).await;
        let Err(RunError::Refused { refusals }) = refused else {
            panic!("{looser}")
        };
        assert_eq!(fake.writes().len(), writes);
        let flags: Vec<_> = refusals.iter().map(|one| one.flag).collect();
        assert_eq!(flags, [Some(flag)], "{refusals:?}");
        let permit = |machine: &mut Machine, is_permitted| match flag {
            "--allow-weaker" => machine.allow.weaker = is_permitted,
            _ => machine.allow.policy_change = is_permitted,
        };
        permit(&mut machine, true);
        run(&fake, &machine, &looser).await.unwrap();
        permit(&mut machine, false);
        // Back to what is stricter, which is no matter, and from there back to what is looser.
        run(&fake, &machine, &strict()).await.unwrap();
        for keep_draft in [false, true] {
            let rollback = |allow| Rollback {
                to: None,
                keep_draft,
                allow,
            };
            let served = fake.api("abc").stages["dev"].deployment_id.clone();
            let back = async |machine: &Machine| {
                let deployer = machine.deployer(machine.patient(&fake), &by_id("abc", None));
                deployer.rollback(&rollback(machine.allow), &mut listener()).await
            };
            let error = back(&machine).await.unwrap_err();
            // A list of deployments tells of keys, so that nothing is moved for them.
            let is_named = match &error {
                RunError::Refused { refusals } => refusals.iter().any(|one| one.flag == Some(flag)),
                error => error.to_string().contains(flag),
            };
            assert!(is_named, "{error}");
            assert_eq!(fake.api("abc").stages["dev"].deployment_id, served);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_whose_model_has_no_name_is_no_less_checked_the_second_time() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.allow.policy_change = true;
    let mut file = strict();
    file["resources"][0]["methods"][0]["actions"][0]["body"] = json!({"type": "object"});
    let settings = by_id("abc", None);
    for description in ["once", "twice"] {
        file["description"] = json!(description);
        let document = document_of(&file);
        let mut said = listener();
        let run = machine.run_document(fake.clone(), &settings, &document, false, &mut said);
        assert!(run.await.unwrap().changed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_shows_another_schema_of_a_body_without_a_name() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.allow.policy_change = true;
    let mut file = strict();
    let settings = by_id("abc", None);
    for (schema, changes, is_told) in [
        // The route is new.
        (json!({"type": "object"}), true, false),
        (json!({"maxProperties": 2, "type": "object"}), true, true),
        (json!({"maxProperties": 2, "type": "object"}), false, false),
    ] {
        file["resources"][0]["methods"][0]["actions"][0]["body"] = schema.clone();
        let mut said = listener();
        let document = document_of(&file);
        let run = machine.run_document(fake.clone(), &settings, &document, false, &mut said);
        assert_eq!(run.await.unwrap().changed, changes, "{schema}");
        let told = said.plans[0].routes.changed.iter().flat_map(|route| &route.changes);
        let told: Vec<_> = told.filter(|change| change.field == "body application/json").collect();
        assert_eq!(!told.is_empty(), is_told, "{schema}");
        if let Some(change) = told.first() {
            assert_eq!(change.to, Some(schema.to_string()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn settings_of_the_file_take_effect_and_others_are_carried_over() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    fake.edit("abc", |api| unmanaged(&mut api.api));
    let mut file = strict();
    file["binaryMediaTypes"] = json!(["image/webp"]);
    machine.allow.policy_change = true;
    let document = document_of(&file);
    let mut said = listener();
    let settings = by_id("abc", None);
    machine
        .run_document(fake.clone(), &settings, &document, false, &mut said)
        .await
        .unwrap();
    let api = fake.api("abc").api;
    let policy = bluegate_core::gateway::policy::parse(&api.policy.unwrap()).unwrap();
    assert_eq!(policy, document.policy.unwrap());
    assert_eq!(api.binary_media_types, ["image/webp"]);
    assert_eq!(api.minimum_compression_size, Some(1024));
    assert!(api.disable_execute_api_endpoint);
    let plan = &said.plans[0];
    let told = |what: &str| plan.carried_over.iter().any(|one| one.contains(what));
    assert!(
        !told("resource policy") && !told("binary") && told("1024"),
        "{:?}",
        plan.carried_over
    );
    let changed = plan.settings.iter().map(|one| one.field.as_str());
    let changed: Vec<&str> = changed.filter(|name| !name.starts_with("authorizer")).collect();
    assert_eq!(changed[..2], ["resource policy", "binary media types"]);
    assert!(changed.contains(&"model Book"), "{changed:?}");
    // Nothing is left to do.
    let mut again = listener();
    let document = document_of(&file);
    let done = machine.run_document(fake.clone(), &settings, &document, false, &mut again);
    assert!(!done.await.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn the_file_switches_the_default_address_on_only_when_permitted() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    fake.edit("abc", |api| api.api.disable_execute_api_endpoint = true);
    let mut document = document(OLD);
    document.servers[0].endpoint = Some(bluegate_core::openapi::EndpointConfiguration {
        disable_execute_api_endpoint: Some(false),
        ..Default::default()
    });
    let settings = by_id("abc", None);
    let mut said = listener();
    let refused = machine.run_document(fake.clone(), &settings, &document, false, &mut said);
    let RunError::Refused { refusals } = refused.await.unwrap_err() else {
        panic!()
    };
    assert_eq!(refusals[0].flag, Some("--allow-weaker"));
    machine.allow.weaker = true;
    let done = machine.run_document(fake.clone(), &settings, &document, false, &mut said);
    done.await.unwrap();
    assert!(!fake.api("abc").api.disable_execute_api_endpoint);
}
