//! What AWS would refuse after the put is refused before the first write.

use super::*;

/// An AWS file that has the stage write logs.
fn logging() -> Environment {
    let mut environment = by_id("abc", None);
    let values = &mut environment.stage_settings.values;
    values.insert("/*/*/logging/loglevel".into(), "INFO".into());
    environment
}

#[tokio::test(start_paused = true)]
async fn logs_without_a_role_are_refused_before_the_first_write() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    fake.may_not_log();
    // Of a new document, and of one that is served already.
    for is_served in [false, true] {
        let error = machine.once(&fake, logging(), OLD, false).await.unwrap_err();
        let RunError::Refused { refusals } = error else {
            panic!("{error}")
        };
        assert_eq!((refusals.len(), refusals[0].flag), (1, None), "{is_served}");
        assert!(refusals[0].reason.contains("update-account"), "{refusals:?}");
        machine.deploy(&fake, OLD).await.unwrap();
    }
    let writes = fake.writes().len();
    machine.once(&fake, logging(), OLD, false).await.unwrap_err();
    assert_eq!(fake.writes().len(), writes);
}

#[tokio::test(start_paused = true)]
async fn the_role_for_logs_is_asked_for_only_when_the_stage_begins_to_write_some() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    assert_eq!(fake.calls(Operation::GetAccount), 0);
    machine.once(&fake, logging(), OLD, false).await.unwrap();
    // In the plan, and under the lock.
    assert_eq!(fake.calls(Operation::GetAccount), 2);
    // From now on it has the setting.
    fake.may_not_log();
    machine.once(&fake, logging(), NEW, false).await.unwrap();
    assert_eq!(fake.calls(Operation::GetAccount), 2);
    // Who may not ask goes on.
    let fake = Fake::with_api("abc", "Shop");
    let message = "no".to_owned();
    fake.fail_next(Operation::GetAccount, Fault::Before(Cause::AccessDenied { message }));
    machine.once(&fake, logging(), OLD, false).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_a_role_that_is_deleted_is_refused_before_the_first_write() {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    let writes = fake.writes().len();
    fake.edit("abc", |api| {
        let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"}}]}"#;
        api.api.policy = Some(policy.into());
    });
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    let RunError::Refused { refusals } = error else {
        panic!("{error}")
    };
    assert!(
        refusals
            .iter()
            .any(|one| one.flag.is_none() && one.reason.contains("AROA")),
        "{refusals:?}"
    );
    assert_eq!(fake.writes().len(), writes);
}

#[tokio::test(start_paused = true)]
async fn what_an_emulator_does_not_have_is_no_reason_to_refuse() {
    use crate::read::{Needs, read_surroundings};
    use bluegate_core::aws::Service;
    let needs = Needs {
        links: ["abc123".to_owned()].into(),
        log_role: true,
        ..Needs::default()
    };
    let around = async |service| {
        let fake = Fake::default();
        fake.may_not_log();
        let read = read_surroundings(&fake, &needs, service).await;
        let read = read.unwrap();
        (read.links.into_iter().collect::<Vec<_>>(), read.has_log_role)
    };
    let of_aws = (vec![("abc123".to_owned(), None)], Some(false));
    assert_eq!(around(Service::Aws).await, of_aws);
    assert_eq!(around(Service::Emulator).await, (Vec::new(), None));
}

#[tokio::test(start_paused = true)]
async fn an_api_is_not_created_without_a_name_and_is_named_by_either_file() {
    for (title, name, is_refused) in [
        ("", None, true),
        ("", Some(""), true),
        ("", Some("Shop"), false),
        ("The shop", None, false),
        ("The shop", Some(""), false),
    ] {
        let fake = Fake::default();
        let machine = Machine::new();
        let mut document = document(OLD);
        title.clone_into(&mut document.info.title);
        let settings = Environment {
            rest_api_id: None,
            name: name.map(str::to_owned),
            ..by_name("")
        };
        let mut said = listener();
        let run = machine.run_document(fake.clone(), &settings, &document, true, &mut said);
        match run.await {
            Err(RunError::Refused { refusals }) if is_refused => {
                assert_eq!((refusals.len(), refusals[0].flag), (1, None));
                assert!(refusals[0].reason.contains("apiGateway.name"), "{refusals:?}");
                assert_eq!(fake.writes(), []);
            }
            Ok(deployed) if !is_refused => {
                let called = name.filter(|name| !name.is_empty()).unwrap_or(title);
                assert_eq!(deployed.name, called);
            }
            other => panic!("{title:?} {name:?}: {other:?}"),
        }
    }
}
