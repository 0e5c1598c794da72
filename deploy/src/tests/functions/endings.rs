//! What becomes of permissions where a version ends: rollback, canary, destroy.

use super::*;

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
