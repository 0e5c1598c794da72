//! Settings of an API that somebody changed and nobody deployed.

use super::*;

/// An API whose stage serves [`OLD`], made with settings that no file knows.
async fn deployed() -> (Fake, Machine) {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.expect("an API");
    (fake, machine)
}

/// Deploys [`OLD`] again, and gives what was planned.
async fn again(fake: &Fake, machine: &Machine) -> (Deployed, Plan) {
    let mut said = listener();
    let deployed = machine
        .run_as(fake.clone(), &by_id("abc", None), OLD, false, &mut said)
        .await;
    (deployed.expect("a deployment"), said.plans.remove(0))
}

#[tokio::test(start_paused = true)]
async fn a_setting_that_was_edited_and_never_deployed_is_told_and_made_live() {
    type Edit = fn(&mut RestApi);
    let edits: [(&str, Edit); 5] = [
        ("binary media types", |api| api.binary_media_types.clear()),
        ("minimum compression size", |api| api.minimum_compression_size = None),
        ("source of API keys", |api| api.api_key_source = Some("HEADER".into())),
        ("default address", |api| api.disable_execute_api_endpoint = false),
        ("resource policy", |api| {
            api.policy = Some(r#"{\"Statement\":[{\"Effect\":\"Allow\"}]}"#.into());
        }),
    ];
    for (setting, edit) in edits {
        let (fake, mut machine) = deployed().await;
        // It lets more pass.
        machine.allow.policy_change = setting == "resource policy";
        fake.edit("abc", |api| edit(&mut api.api));
        let wanted = fake.api("abc").api;
        let (done, plan) = again(&fake, &machine).await;
        assert_eq!(plan.waiting, [setting]);
        let told = format!("is not live; this deployment makes it so: {setting}");
        assert!(plan.notes.iter().any(|note| note.contains(&told)), "{:?}", plan.notes);
        // It is its owner's: no flag is asked for.
        assert_eq!((plan.action.overwrites(), plan.refusals.len()), (true, 0), "{setting}");
        assert!(done.changed);
        let api = fake.api("abc");
        let live = &api.live("dev").expect("a deployment").api;
        assert_eq!(crate::carry::mismatches(&wanted, live), [], "{setting}");
        // Then there is nothing left to do.
        let writes = fake.writes();
        let (done, plan) = again(&fake, &machine).await;
        assert!(
            !done.changed && matches!(plan.action, Action::Nothing { .. }) && plan.waiting.is_empty(),
            "{setting}"
        );
        assert_eq!(fake.writes(), writes, "{setting}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_somebody_loosened_takes_effect_only_when_permitted() {
    let (fake, mut machine) = deployed().await;
    fake.edit("abc", |api| {
        api.api.policy = Some(r#"{"Statement":[{"Effect":"Allow"}]}"#.into());
    });
    let RunError::Refused { refusals } = machine.deploy(&fake, OLD).await.unwrap_err() else {
        panic!()
    };
    let flags: Vec<_> = refusals.iter().map(|one| one.flag).collect();
    assert_eq!(flags, [Some("--allow-policy-change")]);
    machine.allow.policy_change = true;
    machine.deploy(&fake, OLD).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_default_address_that_is_switched_on_is_told_first() {
    let (fake, machine) = deployed().await;
    fake.edit("abc", |api| api.api.disable_execute_api_endpoint = false);
    let (_, plan) = again(&fake, &machine).await;
    assert_eq!(
        plan.security,
        ["the default address is switched on, by somebody since the last deployment"]
    );
}

#[tokio::test(start_paused = true)]
async fn names_descriptions_and_tags_need_no_deployment() {
    let (fake, machine) = deployed().await;
    fake.edit("abc", |api| {
        api.api.name = "Another".into();
        api.api.description = Some("Another.".into());
        api.api.tags.insert("team".into(), "shop".into());
    });
    let writes = fake.writes();
    let (done, plan) = again(&fake, &machine).await;
    assert!(!done.changed && plan.waiting.is_empty());
    assert_eq!(fake.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn a_canary_gets_settings_that_wait() {
    let (fake, mut machine) = deployed().await;
    machine.canary = Some(10.0);
    machine.deploy(&fake, NEW).await.expect("a canary");
    fake.edit("abc", |api| api.api.binary_media_types.clear());
    let mut said = listener();
    let done = machine
        .run_as(fake.clone(), &by_id("abc", None), NEW, false, &mut said)
        .await
        .expect("another canary");
    assert!(done.changed);
    let plan = &said.plans[0];
    assert_eq!(plan.waiting, ["binary media types"]);
    let told = "serves it to the canary: binary media types";
    assert!(plan.notes.iter().any(|note| note.contains(told)), "{:?}", plan.notes);
    let api = fake.api("abc");
    let canary = api.stages["dev"]
        .canary
        .as_ref()
        .and_then(|one| one.deployment_id.clone());
    assert_eq!(canary, Some(done.deployment_id.clone()));
    let made = api
        .deployments
        .iter()
        .find(|one| one.deployment.id == done.deployment_id);
    assert!(made.expect("its deployment").api.binary_media_types.is_empty());
}
