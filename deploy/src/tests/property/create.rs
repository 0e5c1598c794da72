//! The same for an API that is not there yet.

use super::*;

const NAME: &str = "Shop API";

async fn create(machine: &Machine, fake: &Fake, document: &Document, patient: bool) -> Result<Deployed, RunError> {
    let settings = by_name(NAME);
    let mut said = listener();
    if patient {
        let gateway = machine.patient(fake);
        machine
            .run_document(gateway, &settings, document, true, &mut said)
            .await
    } else {
        machine
            .run_document(fake.clone(), &settings, document, true, &mut said)
            .await
    }
}

/// What is so whatever failed: one API of the name at most, whose stage serves all of the document or nothing.
fn always(fake: &Fake, new: &Serving, what: &str) {
    let ids = fake.ids();
    assert!(ids.len() <= 1, "{what}: the APIs {ids:?} have one name");
    for id in &ids {
        fake.each_state(id, |state| {
            let live = oracle::live(state, "dev");
            assert!(live.is_none() || live.as_ref() == Some(new), "{what}: {live:#?}");
        });
    }
}

async fn again(machine: &Machine, fake: &Fake, document: &Document, new: &Serving, what: &str) {
    tokio::time::sleep(Duration::from_secs(60)).await;
    let result = create(machine, fake, document, true).await;
    let deployed = result.unwrap_or_else(|error| panic!("{what}: running again ends with {error}"));
    always(fake, new, what);
    let api = fake.api(&deployed.rest_api_id);
    assert_eq!(oracle::live(&api, "dev").as_ref(), Some(new), "{what}");
    assert_eq!(api.api.name, NAME, "{what}");
    tokio::time::sleep(Duration::from_secs(60)).await;
    let writes = fake.writes().len();
    let last = create(machine, fake, document, true)
        .await
        .expect("a run without changes");
    assert!(!last.changed && !last.created, "{what}");
    assert_eq!(fake.writes().len(), writes, "{what}: a run without changes wrote");
}

async fn try_creating(world: &World, first_fault: usize) {
    let document = document_of(&world.wanted);
    let make = || {
        let fake = Fake::default();
        world.behaviour.set(&fake);
        fake.begin();
        (machine_for(world), fake)
    };
    let (machine, fake) = make();
    let deployed = create(&machine, &fake, &document, true).await.expect("no fault");
    let new = oracle::live(&fake.api(&deployed.rest_api_id), "dev").expect("it is served");
    let mut empty = FakeApi::default();
    empty.api.endpoint_types = fake.api(&deployed.rest_api_id).api.endpoint_types;
    assert_eq!(new, oracle::wanted(&empty, &document, &[]), "without a fault");
    let calls = fake.all_calls().len();
    again(&machine, &fake, &document, &new, "without a fault").await;

    let faults = faults();
    for call in 0..calls {
        let (name, fault) = &faults[(first_fault + call) % faults.len()];
        let what = format!("{name} at call {call}");
        let (machine, fake) = make();
        fake.fail_at(call, fault.clone());
        let result = if name.starts_with("dies") {
            let run = create(&machine, &fake, &document, false);
            tokio::time::timeout(Duration::from_secs(3600), run).await.ok()
        } else {
            Some(create(&machine, &fake, &document, true).await)
        };
        fake.heal();
        always(&fake, &new, &what);
        let live = fake.ids().first().and_then(|id| oracle::live(&fake.api(id), "dev"));
        match &result {
            Some(Ok(_)) => assert_eq!(live.as_ref(), Some(&new), "{what}: success that is none"),
            Some(Err(error)) => match error.state() {
                State::Untouched => assert_eq!(fake.ids().len(), 0, "{what}: {error}"),
                State::DraftReplaced { rest_api_id } => {
                    assert_eq!(fake.ids(), [rest_api_id], "{what}: {error}");
                    assert_eq!(live, None, "{what}: {error}");
                }
                State::MaybeCreated => assert_eq!(live, None, "{what}: {error}"),
                State::StageUnknown => assert_eq!(fake.ids().len(), 1, "{what}: {error}"),
                state => panic!("{what}: {state:?} of an API that was not there: {error}"),
            },
            None => {}
        }
        again(&machine, &fake, &document, &new, &what).await;
    }
}

proptest! {
    #![proptest_config(config(5))]

    #[test]
    fn whatever_fails_one_api_is_created_and_serves_all_or_nothing(world in world(), first_fault in 0_usize..100) {
        in_time(try_creating(&world, first_fault))?;
    }
}
