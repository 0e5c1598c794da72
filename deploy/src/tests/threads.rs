//! A program with several threads plans: whatever is awaited may move from one to another.

use super::*;

#[test]
fn a_plan_is_made_on_any_thread() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let plan = runtime.block_on(runtime.spawn(async {
        let clock = Clock::within(Duration::from_secs(TIME));
        let gateway = Retrying::new(
            Fake::with_api("abc", "Shop"),
            RetryPolicy::default(),
            clock.clone(),
            |_, _| {},
        );
        let document = document(NEW);
        let deployer = Deployer::new(gateway, clock, by_id("abc", None)).at(address());
        deployer.plan(&Deploy::of(&document), &mut listener()).await
    }));
    assert!(matches!(plan.unwrap().unwrap().action, Action::Replace(_)));
}

/// Whatever is awaited may move from one thread to another.
#[test]
fn every_run_moves_between_threads() {
    fn moves(_: &impl Send) {}
    let clock = Clock::within(Duration::ZERO);
    let gateway = Retrying::new(Fake::default(), RetryPolicy::default(), clock.clone(), |_, _| {});
    let deployer = Deployer::new(gateway, clock, by_id("abc", None));
    let document = document(NEW);
    let deploy = Deploy::of(&document);
    moves(&deployer.deploy(&deploy, &mut listener()));
    moves(&deployer.rollback(&Rollback::default(), &mut listener()));
    moves(&deployer.promote(&Promote::default(), &mut listener()));
    moves(&deployer.abort(&Abort::default(), &mut listener()));
    moves(&deployer.destroy(&mut listener()));
}
