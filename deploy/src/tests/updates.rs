//! Updates that API Gateway is not done with: of this run, of somebody else, and of what takes a quarter of an hour.

use super::*;

const SHORT: Duration = Duration::from_secs(9);
const QUARTER: Duration = Duration::from_secs(15 * 60);

/// An API whose stage serves [`OLD`], with settings that no file knows, which was left alone for long.
async fn deployed(machine: &Machine) -> Fake {
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| unmanaged(&mut api.api));
    machine.deploy(&fake, OLD).await.expect("the old API");
    fake.begin();
    fake
}

fn denied() -> Fault {
    Fault::Before(Cause::AccessDenied {
        message: "not authorized".into(),
    })
}

/// Deploys [`NEW`] with patience, and gives what was said.
async fn deploy(machine: &Machine, fake: &Fake) -> (Result<Deployed, RunError>, Vec<Event>) {
    let mut said = listener();
    let gateway = machine.patient(fake);
    let deployed = machine
        .run_as(gateway, &by_id("abc", None), NEW, false, &mut said)
        .await;
    (deployed, said.said)
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_not_done_is_waited_for_before_anything_else_is_written() {
    for every in 0..4 {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        fake.updates_slowly(SHORT, Duration::ZERO);
        // A read that is older than the put says that the API is available.
        fake.lags(Duration::from_secs(5), every);
        machine.once(&fake, by_id("abc", None), NEW, false).await.unwrap();
        assert_eq!(live(&fake), sorted(NEW), "{every}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_private_api_one_read_is_not_believed() {
    for (kind, address, reads) in [("REGIONAL", "ipv4", 1), ("PRIVATE", "dualstack", 2)] {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        fake.edit("abc", |api| {
            api.api.endpoint_types = vec![kind.into()];
            api.api.ip_address_type = Some(address.into());
        });
        let first = fake.all_calls().len();
        machine.deploy(&fake, NEW).await.unwrap();
        let calls = fake.all_calls().split_off(first);
        let put = calls.iter().position(|call| *call == Operation::PutRestApi).unwrap();
        let after = calls[put + 1..].iter();
        let settled = after.take_while(|call| **call == Operation::GetRestApi).count();
        // The last of them is the one that the draft is read with.
        assert_eq!(settled, reads + 1, "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_update_is_told_and_waited_for_before_the_lock() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let writes = fake.writes().len();
    fake.edit("abc", |api| api.updating_for(Duration::from_secs(60)));
    let (done, said) = deploy(&machine, &fake).await;
    done.unwrap();
    assert!(said.contains(&Event::UpdatedBySomebody), "{said:?}");
    assert!(
        said.iter().any(|event| matches!(event, Event::Updating { .. })),
        "{said:?}"
    );

    fake.edit("abc", |api| api.updating_for(QUARTER));
    let before = fake.writes().len();
    assert!(before > writes);
    let error = machine.deploy(&fake, OLD).await.unwrap_err();
    assert_eq!(error, RunError::Updating);
    assert_eq!(error.to_string(), "somebody else's update of the API is in progress");
    assert_eq!(fake.writes().len(), before, "it wrote, if only a lock");
}

#[tokio::test(start_paused = true)]
async fn an_update_that_fails_is_told_with_the_words_of_aws() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.fails_to_update("the VPC endpoint vpce-1 is gone");
    let error = machine.deploy(&fake, NEW).await.unwrap_err();
    assert!(error.to_string().contains("the VPC endpoint vpce-1 is gone"), "{error}");
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(live(&fake), sorted(OLD));

    // Somebody's that failed is told by the plan, and mended by the next put.
    fake.fails_to_update("no");
    fake.update_rest_api("abc", &[]).await.unwrap();
    let mut said = listener();
    let gateway = machine.patient(&fake);
    machine
        .run_as(gateway, &by_id("abc", None), NEW, false, &mut said)
        .await
        .unwrap();
    let notes = &said.plans[0].notes;
    assert!(
        notes.contains(&"API Gateway could not apply the last change: no".to_owned()),
        "{notes:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_address_type_that_is_put_right_is_waited_for() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    fake.edit("abc", |api| api.api.ip_address_type = Some("dualstack".into()));
    fake.updates_slowly(SHORT, Duration::ZERO);
    machine.once(&fake, by_id("abc", None), OLD, false).await.unwrap();
    assert_eq!(fake.api("abc").api.ip_address_type.as_deref(), Some("dualstack"));
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_change_of_the_tls_policy_takes_none_of_the_time_of_the_run() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    let before = fake.api("abc").api;
    fake.drops_policies();
    fake.updates_slowly(SHORT, QUARTER);
    let began = tokio::time::Instant::now();
    let (done, said) = deploy(&machine, &fake).await;
    done.unwrap();
    assert!(began.elapsed() > 2 * QUARTER, "{:?}", began.elapsed());
    assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), []);
    let told = said.iter().filter(|event| matches!(event, Event::Updating { .. }));
    assert!(told.count() >= 20, "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn the_lock_holds_as_long_as_an_update_takes() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.drops_policies();
    fake.updates_slowly(SHORT, QUARTER);
    let gateway = machine.patient(&fake);
    let document = document(NEW);
    let order = machine.order(&document);
    let deployer = machine.deployer(gateway, &by_id("abc", None));
    let began = tokio::time::Instant::now();
    let (now, api) = (machine.now.get(), fake.clone());
    let mut told = move |event: &Event| {
        if let Event::Updating { seconds } = event {
            let lock = Lock::of(&api.api("abc").api).expect("a lock");
            let holds = lock.holds(now + began.elapsed().as_secs());
            assert!(lock.begun && holds, "after {seconds} s");
        }
    };
    deployer.deploy(&order, &mut told).await.unwrap();
    assert!(Lock::of(&fake.api("abc").api).is_none());
}

#[tokio::test(start_paused = true)]
async fn an_undo_has_the_time_that_updates_take() {
    for fault in [
        // What is put back changes the TLS policy, too.
        (Operation::CreateDeployment, denied()),
        // The put happened, and what is tried again meets its update until the time is up.
        (
            Operation::PutRestApi,
            Fault::After(Cause::Unavailable {
                status: 503,
                message: String::new(),
                retry_after: None,
            }),
        ),
    ] {
        let machine = Machine::new();
        let fake = deployed(&machine).await;
        let before = fake.api("abc").api;
        fake.drops_policies();
        fake.updates_slowly(SHORT, QUARTER);
        let (operation, fault) = fault;
        fake.fail_next(operation, fault);
        let (done, _) = deploy(&machine, &fake).await;
        let error = done.unwrap_err();
        assert_eq!(error.state(), State::Restored, "{operation}: {error}");
        assert_eq!(routes_of(&fake.api("abc").resources), sorted(OLD));
        assert_eq!(crate::carry::mismatches(&before, &fake.api("abc").api), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stage_is_moved_back_although_an_update_is_not_done() {
    let machine = Machine::new();
    let fake = Fake::with_api("abc", "Shop");
    machine.deploy(&fake, OLD).await.unwrap();
    fake.lets_anybody_in();
    // Somebody changes the TLS policy just before the run finds out that the new version is open.
    fake.edit_after(Operation::UpdateStage, |api| api.updating_for(QUARTER));
    let (done, _) = deploy(&machine, &fake).await;
    let error = done.unwrap_err();
    assert_eq!(error.state(), State::Restored, "{error}");
    assert_eq!(live(&fake), sorted(OLD));
}

#[tokio::test(start_paused = true)]
async fn a_plan_names_the_wait_for_the_tls_policy() {
    let machine = Machine::new();
    let fake = deployed(&machine).await;
    fake.drops_policies();
    fake.fail_next(Operation::PutRestApi, Fault::HangAfter);
    let run = machine.once(&fake, by_id("abc", None), NEW, false);
    tokio::time::timeout(Duration::from_secs(3600), run).await.unwrap_err();
    let (document, mut said) = (document(NEW), listener());
    let deployer = machine.deployer(fake.clone(), &by_id("abc", None));
    let plan = deployer.plan(&machine.order(&document), &mut said).await.unwrap();
    assert!(
        plan.notes.iter().any(|note| note.contains("the TLS policy changes")),
        "{:?}",
        plan.notes
    );
}
