//! What is refused unless a flag permits it, and what a plan says about it.

use super::*;

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
        DeployError::Refused { refusals } => refusals.iter().map(|one| one.flag).collect(),
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
    assert_eq!(refused(&fake, &machine, NEW).await, ["--allow-drift"]);
    machine.allow.drift = true;
    machine.deploy(&fake, NEW).await.unwrap();
    assert_eq!(live(&fake), sorted(NEW));
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

#[test]
fn a_vpc_link_must_be_available() {
    use crate::plan::{Reading, Wanted};
    let document = document(OLD);
    let wanted = |allow| Wanted {
        document: &document,
        digest: "d",
        name: None,
        stage: "dev",
        canary: None,
        allow,
    };
    for (status, refuses) in [
        (Some("AVAILABLE"), false),
        (Some("PENDING"), true),
        (Some("DELETING"), true),
        (Some("FAILED"), true),
        // One of the newer kind is not found by this call.
        (None, false),
    ] {
        let mut reading = Reading::default();
        reading.links.insert("link1".into(), status.map(str::to_owned));
        let flags = |allow| -> Vec<&str> {
            let plan = Plan::of(&reading, &wanted(allow), false);
            plan.refusals.iter().map(|one| one.flag).collect()
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
        .run_as(&fake, &by_id("abc", None), &changed, false, &mut listener)
        .await
        .unwrap_err();
    let plan = &listener.plans[0];
    assert_eq!(plan.drift, Drift::Edited);
    assert_eq!(plan.routes.added[0].to_string(), "DELETE /users");
    assert_eq!(plan.routes.changed.len(), 2);
    assert_eq!(plan.security, ["GET /users becomes public"]);
    assert_eq!(plan.access.as_ref().unwrap().changed.len(), 2);
    assert_eq!(plan.carried_over.len(), 8, "{:?}", plan.carried_over);
    assert_eq!(plan.limits.resources, 3);
    let text = &listener.said.last().unwrap();
    let plain = anstream::adapter::strip_str(text).to_string();
    let order: Vec<usize> = ["Security", "Refused", "Routes", "Carried over", "Limits"]
        .iter()
        .map(|word| plain.find(word).unwrap_or_else(|| panic!("{word} is not in {plain}")))
        .collect();
    assert!(order.is_sorted(), "{plain}");
    assert!(plain.contains("authorization: AWS_IAM -> NONE"), "{plain}");
    assert!(plain.contains("(--allow-drift permits it)"), "{plain}");
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
    assert!(fake.all_calls().len() - calls <= 10);
}
