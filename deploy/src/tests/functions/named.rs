//! Functions whose names the stage makes of its variables.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_name_with_a_variable_is_resolved_by_the_stage() {
    let fake = shop();
    fake.has_function(&format!("{SHOP}:live"));
    let machine = machine();
    let mut settings = by_id("abc", None);
    let mut set = |value: &str| {
        let values = &mut settings.stage_settings.values;
        values.insert("/variables/shop".into(), value.into());
        settings.clone()
    };
    let document = functions(&["GET /users ${stageVariables.shop}"]);
    let (plain, live) = (set("shop"), set("shop:live"));
    for settings in [plain, live] {
        machine
            .run_document(machine.patient(&fake), &settings, &document, false, &mut listener())
            .await
            .unwrap();
    }
    assert_eq!(permitted(&fake, SHOP), [""; 0], "no version calls it any more");
    assert_eq!(permitted(&fake, &format!("{SHOP}:live")), calls(&["dev/GET/users"]));
}

#[tokio::test(start_paused = true)]
async fn variables_that_make_no_name_of_a_function_are_refused() {
    let fake = shop();
    let machine = machine();
    let document = functions(&["GET /users ${stageVariables.shop}", "GET /orders shop"]);
    let mut settings = by_id("abc", None);
    for value in [SHOP, "shop:live:blue"] {
        let values = &mut settings.stage_settings.values;
        values.insert("/variables/shop".into(), value.into());
        let gateway = machine.patient(&fake);
        let refused = machine
            .run_document(gateway, &settings, &document, false, &mut listener())
            .await;
        let Err(RunError::Refused { refusals }) = refused else {
            panic!("{value}: {refused:?}")
        };
        assert!(
            refusals[0].reason.contains("function:${stageVariables.shop}`"),
            "{refusals:?}"
        );
        assert_eq!(fake.writes(), []);
    }
}

#[tokio::test(start_paused = true)]
async fn an_authorizer_is_permitted_as_the_function_that_the_stage_makes_of_its_name() {
    let fake = shop();
    let live = format!("{SHOP}:live");
    fake.has_function(&live);
    let machine = machine();
    let mut document: serde_json::Value = serde_json::from_str(&functions(USERS).to_json()).unwrap();
    let uri = invocation_uri("shop:${stageVariables.login}", Some("eu-west-1"), Some("111111111111"));
    document["components"]["securitySchemes"]["members"] = json!({
        "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri},
    });
    document["paths"]["/users/{id}"]["get"]["security"] = json!([{"members": []}]);
    let document: Document = document.to_string().parse().unwrap();
    let mut settings = by_id("abc", None);
    let deploy = async |settings: &Environment| {
        let gateway = machine.patient(&fake);
        machine
            .run_document(gateway, settings, &document, false, &mut listener())
            .await
    };
    let Err(RunError::Refused { refusals }) = deploy(&settings).await else {
        panic!("nobody has the variable")
    };
    assert!(refusals[0].reason.contains("stage variable `login`"), "{refusals:?}");
    settings
        .stage_settings
        .values
        .insert("/variables/login".into(), "live".into());
    deploy(&settings).await.unwrap();
    assert_eq!(permitted(&fake, &live), calls(&["authorizers/*"]));
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*"]));
}
