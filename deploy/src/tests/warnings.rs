//! Documents that API Gateway warns about.

use bluegate_core::aws::Service;

use super::*;

#[tokio::test(start_paused = true)]
async fn a_document_with_warnings_is_put_only_when_they_are_allowed() {
    let fake = Fake::with_api("abc", "Shop");
    let mut machine = Machine::new();
    fake.warn("Parse issue: schema X was ignored");
    let error = machine.deploy(&fake, OLD).await.unwrap_err();
    assert_eq!(error.state(), State::Untouched);
    assert!(matches!(error, RunError::Call { .. }), "{error}");
    machine.warnings = vec!["schema X".into()];
    let deployed = machine.deploy(&fake, OLD).await.unwrap();
    assert_eq!(deployed.warnings, ["Parse issue: schema X was ignored"]);
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn an_api_is_created_of_a_document_with_warnings_only_when_they_are_allowed() {
    let fake = Fake::default();
    let mut machine = Machine::new();
    fake.warn("Parse issue: schema X was ignored");
    let error = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap_err();
    assert_eq!(error.state(), State::Untouched);
    assert_eq!(fake.ids(), [""; 0]);
    machine.warnings = vec!["schema X".into()];
    let made = machine.once(&fake, by_name("Shop"), OLD, true).await.unwrap();
    assert_eq!(made.warnings, ["Parse issue: schema X was ignored"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_emulator_warns_about_stops_nothing() {
    let fake = Fake::with_api("abc", "Shop");
    fake.warn("Parse issue: schema X was ignored");
    let machine = Machine::new();
    let deployer = machine.deployer(fake.clone(), &by_id("abc", None)).at(Address {
        service: Service::Emulator,
        ..address()
    });
    let document = document(OLD);
    let deployed = deployer
        .deploy(&machine.order(&document), &mut listener())
        .await
        .unwrap();
    assert_eq!(deployed.warnings, ["Parse issue: schema X was ignored"]);
}

#[tokio::test(start_paused = true)]
async fn warnings_of_a_document_that_may_have_some_are_told_and_stop_nothing() {
    let fake = Fake::with_api("abc", "Shop");
    fake.warn("Parse issue: schema X was ignored");
    let machine = Machine::new();
    let document = document(OLD);
    let order = Deploy {
        fail_on_warnings: false,
        ..machine.order(&document)
    };
    let deployer = machine.deployer(fake.clone(), &by_id("abc", None));
    let deployed = deployer.deploy(&order, &mut listener()).await.unwrap();
    assert_eq!(deployed.warnings, ["Parse issue: schema X was ignored"]);
    assert_eq!(live(&fake), sorted(OLD));
}
