//! Who may call the functions of an API.

use bluegate_core::aws::{Service, invocation_uri};

use super::*;

mod endings;
mod named;
mod refused;

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
