//! Functions that are not there, that are full, or that nobody may look at.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_function_or_an_alias_that_is_not_there_is_refused_before_anything_is_written() {
    let fake = shop();
    let (error, said) = machine().deploy_functions(&fake, &["GET /users shop:live"]).await;
    assert!(matches!(error, Err(RunError::Refused { .. })), "{error:?}");
    let refusal = &said.plans[0].refusals[0];
    assert!(
        refusal.reason.contains(&format!("`{SHOP}:live` is not found")),
        "{refusal:?}"
    );
    assert_eq!(refusal.flag, None);
    assert_eq!(fake.writes(), []);
    fake.has_function(&format!("{SHOP}:live"));
    machine()
        .deploy_functions(&fake, &["GET /users shop:live"])
        .await
        .0
        .unwrap();
    assert_eq!(permitted(&fake, &format!("{SHOP}:live")), calls(&["dev/GET/users"]));
    assert_eq!(permitted(&fake, SHOP), [""; 0], "an alias has a policy of its own");
}

#[tokio::test(start_paused = true)]
async fn the_owner_of_a_function_is_told_what_to_run() {
    let fake = Fake::with_api("abc", "Shop");
    fake.has_function(OTHER);
    fake.denies(Operation::AddPermission, OTHER);
    let route = format!("GET /users {OTHER}");
    let (error, _) = machine().deploy_functions(&fake, &[&route]).await;
    let error = error.unwrap_err();
    let command = format!(
        "aws lambda add-permission --region eu-west-1 --function-name {} --qualifier 'live'",
        OTHER.trim_end_matches(":live")
    );
    assert!(error.to_string().contains(&command), "{error}");
    assert!(error.to_string().contains(&call("dev/GET/users")), "{error}");
    assert!(live(&fake).is_empty(), "the stage is not made before it");
}

#[tokio::test(start_paused = true)]
async fn a_function_that_nobody_tells_of_is_told_and_stops_nothing() {
    let fake = Fake::with_api("abc", "Shop");
    fake.has_function(OTHER);
    fake.denies(Operation::GetPolicy, OTHER);
    let route = format!("GET /users {OTHER}");
    let (deployed, said) = machine().deploy_functions(&fake, &[&route]).await;
    deployed.unwrap();
    let note = said.plans[0]
        .notes
        .iter()
        .find(|note| note.contains("aws lambda add-permission"));
    assert!(note.is_some(), "{:?}", said.plans[0].notes);
    assert!(said.warnings.iter().any(|one| matches!(one, Warning::Hidden { .. })));
    assert_eq!(fake.calls(Operation::AddPermission), 0);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_full_is_refused_before_anything_is_written() {
    let fake = shop();
    let filled = fake.fills(SHOP);
    let (error, said) = machine().deploy_functions(&fake, BOTH).await;
    assert!(matches!(error, Err(RunError::Refused { .. })), "{error:?}");
    let refusal = &said.plans[0].refusals[0];
    assert!(refusal.reason.contains("no room"), "{refusal:?}");
    assert_eq!(refusal.flag, None);
    assert_eq!(fake.writes(), []);
    assert_eq!(fake.permitted(SHOP).len(), filled);
    // An alias has a policy of its own.
    let live = format!("{SHOP}:live");
    fake.has_function(&live);
    machine()
        .deploy_functions(&fake, &["GET /users shop:live"])
        .await
        .0
        .unwrap();
    assert_eq!(permitted(&fake, &live), calls(&["dev/GET/users"]));
}

#[tokio::test(start_paused = true)]
async fn latest_by_its_name_is_refused_for_it_has_no_policy() {
    let fake = shop();
    fake.has_function(&format!("{SHOP}:$LATEST"));
    let (error, said) = machine().deploy_functions(&fake, &["GET /users shop:$LATEST"]).await;
    assert!(matches!(error, Err(RunError::Refused { .. })), "{error:?}");
    let refusal = &said.plans[0].refusals[0];
    assert!(
        refusal
            .reason
            .contains(&format!("name the function `{SHOP}` without it")),
        "{refusal:?}"
    );
    assert_eq!(fake.writes(), []);
}

#[tokio::test(start_paused = true)]
async fn who_called_latest_by_its_name_and_does_so_no_more_is_held_up_by_nothing() {
    let fake = shop();
    fake.has_function(&format!("{SHOP}:$LATEST"));
    let machine = machine();
    machine.deploy_functions(&fake, &["GET /users shop"]).await.0.unwrap();
    // Somebody else's deployment.
    fake.edit("abc", |api| {
        api.put(&functions(&["GET /users shop:$LATEST"]).to_json());
        let by_hand = api.deploy("by hand");
        api.stages.get_mut("dev").unwrap().deployment_id = Some(by_hand.id);
    });
    for routes in [&["GET /users shop"][..], &["GET /users shop", "GET /books shop"]] {
        let (deployed, said) = machine.deploy_functions(&fake, routes).await;
        assert!(deployed.is_ok(), "{deployed:?} {:?}", said.plans[0].refusals);
    }
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/books", "dev/GET/users"]));
}

#[tokio::test(start_paused = true)]
async fn an_emulator_that_has_functions_tells_which_are_missing() {
    let on_emulator = async |fake: &Fake, route: &str| {
        let machine = machine();
        let deployer = machine.deployer(fake.clone(), &by_id("abc", None)).at(Address {
            service: Service::Emulator,
            ..address()
        });
        let document = functions(&[route]);
        deployer.deploy(&machine.order(&document), &mut listener()).await
    };
    let fake = shop();
    on_emulator(&fake, "GET /users shop").await.unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users"]));
    for missing in ["tried", "shop:7"] {
        let refused = on_emulator(&fake, &format!("GET /users {missing}")).await;
        assert!(matches!(refused, Err(RunError::Refused { .. })), "{refused:?}");
    }
    // Of an alias LocalStack tells when something is permitted.
    let error = on_emulator(&fake, "GET /users shop:live").await.unwrap_err();
    assert_eq!(error.state(), State::Restored);
    assert!(
        error.to_string().contains(&format!("`{SHOP}:live` is not found")),
        "{error}"
    );
    // One without functions finds nothing of all that it is asked for.
    let fake = Fake::with_api("abc", "Shop");
    for operation in [Operation::GetPolicy, Operation::GetFunctionConfiguration].repeat(2) {
        let message = "no such path".to_owned();
        fake.fail_next(operation, Fault::Before(Cause::NotFound { message }));
    }
    on_emulator(&fake, "GET /users shop").await.unwrap();
}
