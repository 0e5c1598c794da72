//! Who may call the functions of an API.

use bluegate_core::aws::{Service, invocation_uri};

use super::*;

const SHOP: &str = "arn:aws:lambda:eu-west-1:111111111111:function:shop";
const TRIED: &str = "arn:aws:lambda:eu-west-1:111111111111:function:tried";
const OTHER: &str = "arn:aws:lambda:eu-west-1:222222222222:function:other:live";

/// A document of routes and the functions that answer them, such as `GET /users shop`.
fn functions(routes: &[&str]) -> Document {
    let mut document = document(
        &routes
            .iter()
            .map(|route| route.rsplit_once(' ').unwrap().0)
            .collect::<Vec<_>>(),
    );
    for route in routes {
        let (route, function) = route.rsplit_once(' ').unwrap();
        let (verb, path) = route.split_once(' ').unwrap();
        let mut all: serde_json::Value = serde_json::from_str(&document.to_json()).unwrap();
        all["paths"][path][verb.to_lowercase()]["x-amazon-apigateway-integration"] = json!({
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": invocation_uri(function, Some("eu-west-1"), Some("111111111111")),
        });
        document = all.to_string().parse().unwrap();
    }
    document
}

fn call(call: &str) -> String {
    format!("arn:aws:execute-api:eu-west-1:111111111111:abc/{call}")
}

fn calls(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| call(one)).collect()
}

fn permitted(fake: &Fake, function: &str) -> Vec<String> {
    let mut sources: Vec<String> = fake.permitted(function).into_values().collect();
    sources.sort();
    sources
}

/// Routes of one function come and go in these tests.
fn machine() -> Machine {
    let mut machine = Machine::new();
    machine.allow.mass_removal = true;
    machine
}

fn shop() -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    fake.has_function(SHOP);
    fake
}

const USERS: &[&str] = &["GET /users/{id} shop"];
const BOTH: &[&str] = &["GET /users/{id} shop", "POST /orders shop"];
const ORDERS: &[&str] = &["POST /orders shop"];

impl Machine {
    async fn deploy_functions(&self, fake: &Fake, routes: &[&str]) -> (Result<Deployed, RunError>, Listener) {
        let mut said = listener();
        let gateway = self.patient(fake);
        let deployed = self
            .run_document(gateway, &by_id("abc", None), &functions(routes), false, &mut said)
            .await;
        (deployed, said)
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_permits_its_routes_before_the_stage_needs_it() {
    let fake = shop();
    let (deployed, said) = machine().deploy_functions(&fake, BOTH).await;
    deployed.unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*", "dev/POST/orders"]));
    for id in fake.permitted(SHOP).keys() {
        assert!(id.starts_with("bluegate-abc-dev-"), "{id}");
    }
    assert_eq!(
        said.plans[0].permissions[0].added,
        ["dev/GET/users/*", "dev/POST/orders"]
    );
    let writes = fake.writes();
    let at = |operation| writes.iter().position(|made| *made == operation);
    assert!(
        at(Operation::CreateDeployment) < at(Operation::AddPermission),
        "{writes:?}"
    );
    assert!(at(Operation::AddPermission) < at(Operation::CreateStage), "{writes:?}");
}

#[tokio::test(start_paused = true)]
async fn a_run_without_changes_writes_nothing_and_asks_each_function_once() {
    let fake = shop();
    let machine = machine();
    machine.deploy_functions(&fake, BOTH).await.0.unwrap();
    let (calls, writes) = (fake.all_calls().len(), fake.writes().len());
    assert!(!machine.deploy_functions(&fake, BOTH).await.0.unwrap().changed);
    assert_eq!(fake.writes().len(), writes);
    assert_eq!(fake.all_calls().len() - calls, 8, "seven, and one for the function");
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_somebody_took_away_comes_back_without_a_deployment() {
    let fake = shop();
    let machine = machine();
    let first = machine.deploy_functions(&fake, BOTH).await.0.unwrap();
    let id = fake.permitted(SHOP).into_keys().next().unwrap();
    fake.forbids(SHOP, &id);
    let (deployed, said) = machine.deploy_functions(&fake, BOTH).await;
    let deployed = deployed.unwrap();
    assert!(deployed.changed);
    assert_eq!(deployed.deployment_id, first.deployment_id);
    assert_eq!(said.plans[0].action, Action::StageSettings);
    assert_eq!(said.plans[0].permissions[0].added.len(), 1);
    assert_eq!(permitted(&fake, SHOP).len(), 2);
    assert!(!machine.deploy_functions(&fake, BOTH).await.0.unwrap().changed);
}

#[tokio::test(start_paused = true)]
async fn what_the_version_before_needs_stays_until_the_next_deployment() {
    let fake = shop();
    let machine = machine();
    machine.deploy_functions(&fake, USERS).await.0.unwrap();
    machine.deploy_functions(&fake, ORDERS).await.0.unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*", "dev/POST/orders"]));
    let more = &["POST /orders shop", "PUT /orders shop"];
    let (deployed, said) = machine.deploy_functions(&fake, more).await;
    deployed.unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/POST/orders", "dev/PUT/orders"]));
    assert_eq!(said.plans[0].permissions[0].removed.len(), 1, "the plan says it");
}

#[tokio::test(start_paused = true)]
async fn a_function_that_no_version_calls_any_more_permits_nothing() {
    let fake = shop();
    fake.has_function(OTHER);
    let mut machine = machine();
    // It is one of another account.
    machine.allow.weaker = true;
    let with_other = format!("GET /users {OTHER}");
    machine.deploy_functions(&fake, &[&with_other]).await.0.unwrap();
    assert_eq!(permitted(&fake, OTHER), calls(&["dev/GET/users"]));
    machine.deploy_functions(&fake, &["GET /users shop"]).await.0.unwrap();
    assert_eq!(permitted(&fake, OTHER).len(), 1, "a rollback goes there");
    let more = &["GET /users shop", "GET /orders shop"];
    machine.deploy_functions(&fake, more).await.0.unwrap();
    assert_eq!(permitted(&fake, OTHER), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn statements_of_others_count_and_stay() {
    let fake = shop();
    fake.permits(SHOP, "console", &call("*/GET/users/*"));
    fake.permits(
        SHOP,
        "bluegate-other-dev-0123456789ab",
        "arn:aws:execute-api:eu-west-1:111111111111:other/dev/GET/a",
    );
    let machine = machine();
    machine.deploy_functions(&fake, BOTH).await.0.unwrap();
    assert_eq!(fake.calls(Operation::AddPermission), 1, "only what nobody permits");
    machine.deploy_functions(&fake, &["GET /a shop"]).await.0.unwrap();
    machine.deploy_functions(&fake, &["GET /b shop"]).await.0.unwrap();
    assert!(fake.permitted(SHOP).contains_key("console"));
    assert!(fake.permitted(SHOP).contains_key("bluegate-other-dev-0123456789ab"));
    assert!(!permitted(&fake, SHOP).contains(&call("dev/POST/orders")));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_fails_takes_its_permissions_away_again() {
    let fake = shop();
    let machine = machine();
    machine.deploy_functions(&fake, USERS).await.0.unwrap();
    let denied = Cause::AccessDenied {
        message: "not authorized".into(),
    };
    fake.fail_next(Operation::UpdateStage, Fault::Before(denied));
    let error = machine.deploy_functions(&fake, BOTH).await.0.unwrap_err();
    assert_eq!(error.state(), State::Restored);
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*"]));
}

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
async fn many_routes_become_one_statement_for_the_stage() {
    let fake = shop();
    let routes: Vec<String> = (0..80).map(|number| format!("GET /things/{number} shop")).collect();
    let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
    let (deployed, said) = machine().deploy_functions(&fake, &routes).await;
    deployed.unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/*"]));
    let plan = &said.plans[0];
    assert!(plan.permissions[0].is_wide);
    assert!(
        plan.notes.iter().any(|note| note.contains("no room")),
        "{:?}",
        plan.notes
    );
}

#[tokio::test(start_paused = true)]
async fn a_stage_with_fewer_routes_permits_each_of_them_again() {
    let fake = shop();
    let machine = machine();
    let many: Vec<String> = (0..80).map(|number| format!("GET /things/{number} shop")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    machine.deploy_functions(&fake, &many).await.0.unwrap();
    machine.deploy_functions(&fake, USERS).await.0.unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/*", "dev/GET/users/*"]));
    machine.deploy_functions(&fake, BOTH).await.0.unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*", "dev/POST/orders"]));
}

#[tokio::test(start_paused = true)]
async fn a_route_takes_its_statement_along_that_permitted_more_than_it() {
    let fake = shop();
    let machine = machine();
    let orders = "GET /users/{id}/orders shop";
    machine
        .deploy_functions(&fake, &["GET /users/{id} shop", orders])
        .await
        .0
        .unwrap();
    assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*"]), "it permits both");
    machine.deploy_functions(&fake, &[orders]).await.0.unwrap();
    assert_eq!(
        permitted(&fake, SHOP),
        calls(&["dev/GET/users/*", "dev/GET/users/*/orders"])
    );
    machine
        .deploy_functions(&fake, &[orders, "POST /orders shop"])
        .await
        .0
        .unwrap();
    assert_eq!(
        permitted(&fake, SHOP),
        calls(&["dev/GET/users/*/orders", "dev/POST/orders"])
    );
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

#[tokio::test(start_paused = true)]
async fn a_rollback_permits_what_the_older_version_needs() {
    let fake = shop();
    let machine = machine();
    let first = machine.deploy_functions(&fake, USERS).await.0.unwrap();
    machine.deploy_functions(&fake, ORDERS).await.0.unwrap();
    machine.deploy_functions(&fake, &["PUT /orders shop"]).await.0.unwrap();
    assert!(!permitted(&fake, SHOP).contains(&call("dev/GET/users/*")));
    let rollback = Rollback {
        to: Some(&first.deployment_id),
        allow: machine.allow,
        ..Rollback::default()
    };
    let gateway = machine.patient(&fake);
    let deployer = machine.deployer(gateway, &by_id("abc", None));
    deployer.rollback(&rollback, &mut listener()).await.unwrap();
    assert!(permitted(&fake, SHOP).contains(&call("dev/GET/users/*")));
}

#[tokio::test(start_paused = true)]
async fn a_stage_with_a_canary_keeps_what_both_versions_need() {
    let fake = shop();
    let mut machine = machine();
    machine.deploy_functions(&fake, USERS).await.0.unwrap();
    machine.canary = Some(10.0);
    machine.deploy_functions(&fake, ORDERS).await.0.unwrap();
    machine.deploy_functions(&fake, &["PUT /orders shop"]).await.0.unwrap();
    assert_eq!(
        permitted(&fake, SHOP),
        calls(&["dev/GET/users/*", "dev/POST/orders", "dev/PUT/orders"])
    );
    let gateway = machine.patient(&fake);
    let deployer = machine.deployer(gateway, &by_id("abc", None));
    deployer.abort(&Abort::default(), &mut listener()).await.unwrap();
    assert!(permitted(&fake, SHOP).contains(&call("dev/GET/users/*")));
}

#[tokio::test(start_paused = true)]
async fn a_function_that_a_canary_alone_called_permits_nothing_when_it_is_aborted() {
    for keep_draft in [false, true] {
        let (machine, fake) = Ending::Abort.prepared().await;
        fake.permits(TRIED, "console", &call("dev/GET/tried"));
        assert_eq!(permitted(&fake, TRIED).len(), 2);
        let abort = Abort {
            keep_draft,
            ..Abort::default()
        };
        let gateway = machine.patient(&fake);
        let deployer = machine.deployer(gateway, &by_id("abc", None));
        deployer.abort(&abort, &mut listener()).await.unwrap();
        assert_eq!(fake.permitted(TRIED).into_keys().collect::<Vec<_>>(), ["console"]);
        assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*"]));
    }
}

#[tokio::test(start_paused = true)]
async fn an_api_that_is_deleted_is_permitted_nothing_any_more() {
    let fake = shop();
    fake.permits(SHOP, "console", &call("*/GET/users/*"));
    let machine = machine();
    machine.deploy_functions(&fake, ORDERS).await.0.unwrap();
    let mut said = listener();
    said.typed = Some("Shop".into());
    let gateway = machine.patient(&fake);
    let deployer = machine.deployer(gateway, &by_id("abc", None));
    deployer.destroy(&mut said).await.unwrap();
    assert_eq!(fake.permitted(SHOP).into_keys().collect::<Vec<_>>(), ["console"]);
}

#[tokio::test(start_paused = true)]
async fn an_api_that_is_created_may_call_its_functions() {
    let fake = Fake::default();
    fake.has_function(SHOP);
    let machine = machine();
    let mut said = listener();
    machine
        .run_document(
            machine.patient(&fake),
            &by_name("Shop"),
            &functions(USERS),
            true,
            &mut said,
        )
        .await
        .unwrap();
    let id = &fake.ids()[0];
    assert_eq!(
        permitted(&fake, SHOP),
        [format!(
            "arn:aws:execute-api:eu-west-1:111111111111:{id}/dev/GET/users/*"
        )]
    );
    assert_eq!(said.plans[0].permissions[0].added, ["dev/GET/users/*"]);
}

#[tokio::test(start_paused = true)]
async fn any_fault_at_any_call_leaves_what_is_served_permitted() {
    let deployed = async || {
        let machine = machine();
        let fake = shop();
        machine.deploy_functions(&fake, USERS).await.0.unwrap();
        (machine, fake)
    };
    let (machine, fake) = deployed().await;
    let first = fake.all_calls().len();
    machine.deploy_functions(&fake, ORDERS).await.0.unwrap();
    let made = fake.all_calls().split_off(first);
    // What is not about functions fails in the tests of other files.
    let from = made.iter().position(|one| *one == Operation::CreateDeployment).unwrap();
    assert!(made[from..].contains(&Operation::AddPermission));
    for (name, fault) in faults::faults() {
        for number in from..made.len() {
            let what = format!("{name} at call {number}");
            let (machine, fake) = deployed().await;
            fake.fail_at(number, fault.clone());
            let run = machine.deploy_functions(&fake, ORDERS);
            let ended = tokio::time::timeout(Duration::from_secs(7200), run).await.ok();
            fake.heal();
            let served = live(&fake);
            let needed = if served == ["GET /users/{id}"] {
                "dev/GET/users/*"
            } else {
                "dev/POST/orders"
            };
            let is_told = |is_it: fn(&Warning) -> bool| {
                let said = ended.as_ref().map(|(_, said)| said);
                said.is_some_and(|said| said.warnings.iter().any(is_it))
            };
            // Who may not look at a function is told, and goes on.
            let is_permitted = permitted(&fake, SHOP).contains(&call(needed));
            assert!(
                is_permitted || is_told(|one| matches!(one, Warning::Hidden { .. })),
                "{what}: {served:?}"
            );
            if let Some((Err(error), _)) = &ended
                && error.state() == State::Restored
                && !is_told(|one| matches!(one, Warning::PermissionStays { .. }))
            {
                assert_eq!(permitted(&fake, SHOP), calls(&["dev/GET/users/*"]), "{what}: {error}");
            }
            machine
                .deploy_functions(&fake, ORDERS)
                .await
                .0
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(permitted(&fake, SHOP).contains(&call("dev/POST/orders")), "{what}");
        }
    }
}

/// What else changes who has to be permitted.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Rollback,
    Promote,
    Abort,
    Destroy,
}

impl Ending {
    /// An API that serves [`USERS`], or did so before, with what there is to end.
    async fn prepared(self) -> (Machine, Fake) {
        let fake = shop();
        fake.has_function(TRIED);
        let mut machine = machine();
        machine.deploy_functions(&fake, USERS).await.0.unwrap();
        let then = match self {
            Ending::Rollback => ORDERS,
            Ending::Promote | Ending::Abort => {
                machine.canary = Some(10.0);
                &["GET /users/{id} shop", "GET /tried tried"]
            }
            Ending::Destroy => return (machine, fake),
        };
        machine.deploy_functions(&fake, then).await.0.unwrap();
        machine.canary = None;
        (machine, fake)
    }

    async fn run(self, machine: &Machine, fake: &Fake) -> (Result<(), RunError>, Listener) {
        let mut said = listener();
        said.typed = Some("Shop".into());
        let allow = machine.allow;
        let deployer = machine.deployer(machine.patient(fake), &by_id("abc", None));
        let rollback = Rollback {
            allow,
            ..Rollback::default()
        };
        let abort = Abort {
            allow,
            ..Abort::default()
        };
        let ended = match self {
            Ending::Rollback => deployer.rollback(&rollback, &mut said).await.map(drop),
            Ending::Promote => deployer.promote(&Promote { allow }, &mut said).await.map(drop),
            Ending::Abort => deployer.abort(&abort, &mut said).await.map(drop),
            Ending::Destroy => deployer.destroy(&mut said).await.map(drop),
        };
        (ended, said)
    }
}

/// The calls that the stage needs by what it serves.
fn needed(fake: &Fake) -> Vec<(&'static str, String)> {
    let served = live(fake);
    let all = [
        ("GET /users/{id}", SHOP, "dev/GET/users/*"),
        ("POST /orders", SHOP, "dev/POST/orders"),
        ("GET /tried", TRIED, "dev/GET/tried"),
    ];
    let served = all
        .into_iter()
        .filter(|(route, ..)| served.iter().any(|one| one == route));
    served.map(|(_, function, needed)| (function, call(needed))).collect()
}

/// Whether a run said that it could not look at a function, or not take a permission away.
fn is_told(said: &Listener) -> bool {
    let mut warnings = said.warnings.iter();
    warnings.any(|one| matches!(one, Warning::Hidden { .. } | Warning::PermissionStays { .. }))
}

#[tokio::test(start_paused = true)]
async fn a_function_that_a_destroy_may_not_look_at_is_told() {
    let (machine, fake) = Ending::Destroy.prepared().await;
    fake.denies(Operation::GetPolicy, SHOP);
    let (ended, said) = Ending::Destroy.run(&machine, &fake).await;
    ended.unwrap();
    assert!(is_told(&said), "{:?}", said.warnings);
}

#[tokio::test(start_paused = true)]
async fn any_fault_at_the_end_of_a_version_leaves_what_is_served_permitted() {
    for ending in [Ending::Rollback, Ending::Promote, Ending::Abort, Ending::Destroy] {
        let (machine, fake) = ending.prepared().await;
        let first = fake.all_calls().len();
        ending.run(&machine, &fake).await.0.unwrap();
        let made = fake.all_calls().split_off(first);
        for (turn, (name, fault)) in faults::faults().into_iter().enumerate() {
            // Unless all of it is asked for, each fault meets a call or two, and together they meet most calls.
            let (from, step) = if std::env::var_os("HUNT").is_some() {
                (0, 1)
            } else {
                (turn * 5 % 48, 48)
            };
            for number in (from..made.len()).step_by(step) {
                let what = format!("{ending:?}: {name} at call {number}, {:?}", made[number]);
                let (machine, fake) = ending.prepared().await;
                fake.fail_at(number, fault.clone());
                let run = ending.run(&machine, &fake);
                let ended = tokio::time::timeout(Duration::from_secs(7200), run).await.ok();
                fake.heal();
                let is_told = ended.as_ref().is_some_and(|(_, said)| is_told(said));
                let is_done = ended.is_some_and(|(ended, _)| ended.is_ok());
                if fake.ids().is_empty() {
                    assert!(!is_done || is_told || permitted(&fake, SHOP).is_empty(), "{what}");
                    continue;
                }
                for (function, needed) in needed(&fake) {
                    assert!(
                        permitted(&fake, function).contains(&needed) || is_told,
                        "{what}: {needed}"
                    );
                }
                // What was not ended is ended now.
                if fake.api("abc").stages["dev"].canary.is_some() {
                    let (ended, _) = ending.run(&machine, &fake).await;
                    ended.unwrap_or_else(|error| panic!("{what}, again: {error}"));
                }
                let (deployed, _) = machine.deploy_functions(&fake, USERS).await;
                deployed.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert!(permitted(&fake, SHOP).contains(&call("dev/GET/users/*")), "{what}");
            }
        }
    }
}
