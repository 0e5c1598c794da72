//! A program with several threads plans: whatever is awaited may move from one to another.

use super::*;

#[test]
fn a_plan_is_made_on_any_thread() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let survey = runtime.block_on(runtime.spawn(async {
        let clock = Clock::within(Duration::from_secs(TIME));
        let fake = Fake::with_api("abc", "Shop");
        let gateway = Retrying::new(fake, RetryPolicy::default(), clock.clone(), |_, _| {});
        let folder = tempfile::tempdir().unwrap();
        let document = document(NEW);
        let settings = by_id("abc", None);
        let order = Order {
            settings: &settings,
            stage: "dev",
            document: &document,
            digest: &document.digest(),
            marker: &Marker::of_document("d"),
            create: false,
            canary: None,
            allow: Allow::default(),
            fail_on_warnings: true,
            allowed_warnings: &[],
            keep: 3,
            emulated: false,
            run: "run",
            now: 1,
            lock_seconds: TIME,
            clock: &clock,
            region: "eu-west-1",
            endpoint: None,
        };
        let journal = Journal::in_folder(folder.path());
        survey(&gateway, &order, &journal, &mut listener()).await
    }));
    assert!(matches!(
        survey.unwrap().unwrap().plan.action,
        crate::plan::Action::Replace(_)
    ));
}
