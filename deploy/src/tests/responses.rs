//! Gateway responses: those that a file brought go with it, those of somebody else stay.

use super::*;

/// The document of `GET /users`, for pages of other origins or for none.
fn document(cors: bool) -> Document {
    let method = json!({"path": "/users", "actions": [{"type": "GET"}], "cors": {"enable": cors}});
    let text = json!({"blueprint": {"name": "shop", "resources": [{"name": "things", "methods": [method]}]}});
    let source = Source::new("routes.json", text.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    openapi::document(&blueprint, &target())
}

async fn deploy(machine: &Machine, fake: &Fake, cors: bool) -> Plan {
    let mut said = listener();
    let settings = by_id("abc", None);
    let document = document(cors);
    let run = machine.run_document(fake.clone(), &settings, &document, false, &mut said);
    run.await.expect("a deployment");
    said.plans.remove(0)
}

fn kinds(fake: &Fake) -> Vec<String> {
    fake.api("abc").responses.into_iter().map(|one| one.kind).collect()
}

#[tokio::test(start_paused = true)]
async fn the_answers_that_a_file_brought_go_when_it_no_longer_has_them() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.allow.mass_removal = true;
    fake.edit("abc", |api| api.responses.push(response()));
    deploy(&machine, &fake, true).await;
    assert_eq!(kinds(&fake), ["DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED"]);
    let plan = deploy(&machine, &fake, false).await;
    assert_eq!(kinds(&fake), ["THROTTLED"]);
    assert_eq!(plan.carried_over, ["gateway responses: THROTTLED"]);
    let change = plan
        .settings
        .iter()
        .find(|one| one.field.starts_with("gateway response DEFAULT_4XX"));
    assert_eq!(change.expect("a change").to, None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_somebody_changed_since_is_theirs() {
    let status: fn(&mut GatewayResponse) = |one| one.status_code = Some("444".into());
    let header: fn(&mut GatewayResponse) = |one| {
        one.parameters.insert("gatewayresponse.header.x".into(), "'y'".into());
    };
    for change in [status, header] {
        let fake = Fake::with_api("abc", "Shop");
        let mut machine = Machine::new();
        machine.allow.mass_removal = true;
        machine.allow.drift = true;
        deploy(&machine, &fake, true).await;
        fake.edit("abc", |api| {
            let theirs = api.responses.iter_mut().find(|one| one.kind == "DEFAULT_5XX");
            change(theirs.expect("it was put"));
        });
        deploy(&machine, &fake, false).await;
        assert_eq!(kinds(&fake), ["DEFAULT_5XX"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_looks_like_ours_and_was_there_first_stays() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    fake.edit("abc", |api| api.put(&document(true).to_json()));
    deploy(&machine, &fake, false).await;
    assert_eq!(kinds(&fake), ["DEFAULT_4XX", "DEFAULT_5XX"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_died_after_it_took_its_own_away_did_not_lose_them() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    machine.allow.mass_removal = true;
    deploy(&machine, &fake, true).await;
    fake.fail_next(Operation::UpdateStage, Fault::HangAfter);
    let dies = deploy(&machine, &fake, false);
    tokio::time::timeout(Duration::from_secs(3600), dies).await.unwrap_err();
    let plan = deploy(&machine, &fake, false).await;
    assert!(matches!(plan.action, Action::Nothing { .. }), "{:?}", plan.notes);
    assert_eq!(kinds(&fake), [""; 0]);
}
