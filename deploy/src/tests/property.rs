//! Whatever the API is, whatever is wanted, whatever fails at whatever call: the stage serves the old API or the new
//! one, nothing that no file knows is lost, and running again ends well.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

use self::oracle::Serving;
use self::telling::{fail, holds, same};
use self::world::{SECRET, World, document_of, world};
use super::faults::faults;
use super::*;

mod create;
mod oracle;
mod telling;
mod world;

/// Of so many calls one fails in a run of a random API, before the first put and from it on. Which one is as random.
const STRIDES: (usize, usize) = (6, 2);

/// How many random APIs there are; `PROPTEST_CASES` says otherwise.
fn config(cases: u32) -> Config {
    let default = Config::default();
    let is_set = std::env::var_os("PROPTEST_CASES").is_some();
    Config {
        cases: if is_set { default.cases } else { cases },
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        max_shrink_time: 30_000,
        ..default
    }
}

/// What was so before the run, and what is to be so after it.
struct Expected {
    before: FakeApi,
    old: Option<Serving>,
    new: Serving,
    settings: oracle::Settled,
    document: Document,
    name: Option<String>,
}

impl Expected {
    fn of(world: &World, fake: &Fake) -> Self {
        let before = fake.api("abc");
        let document = document_of(&world.wanted);
        Self {
            old: oracle::live(&before, "dev"),
            new: oracle::wanted(&before, &document, &world.brought()),
            settings: oracle::wanted_settings(&before, &document, world.name.as_deref()),
            before,
            document,
            name: world.name.clone(),
        }
    }

    /// What is so in every state that the API is ever in.
    fn always(&self, api: &FakeApi, what: &str) {
        let now = oracle::live(api, "dev");
        if now != self.old {
            let neither = || format!("{what}: the stage serves neither the old API nor the new one, which differs in");
            same(&now.as_ref(), &Some(&self.new), neither);
        }
        for (name, stage) in &self.before.stages {
            let is = &api.stages[name];
            let deployment_id = if name == "dev" {
                is.deployment_id.clone()
            } else {
                stage.deployment_id.clone()
            };
            let was = Stage {
                deployment_id,
                ..stage.clone()
            };
            same(is, &was, || format!("{what}: the stage {name} is not what it was"));
            for id in [
                &is.deployment_id,
                &is.canary.as_ref().and_then(|one| one.deployment_id.clone()),
            ] {
                let Some(id) = id else { continue };
                let exists = api.deployments.iter().any(|one| one.deployment.id == *id);
                holds(exists, || {
                    format!("{what}: the deployment {id} of the stage {name} is gone")
                });
            }
        }
        let kinds = (&api.api.endpoint_types, &self.before.api.endpoint_types);
        same(kinds.0, kinds.1, || what.to_owned());
    }

    /// What is so after a run that says that it went well.
    fn done(&self, api: &FakeApi, what: &str) {
        same(&oracle::live(api, "dev").as_ref(), &Some(&self.new), || {
            format!("{what}: success that is none")
        });
        same(&oracle::draft(api), &self.new, || {
            format!("{what}: the draft is something else")
        });
        same(&oracle::settled(&api.api), &self.settings, || {
            format!("{what}: a setting got lost")
        });
        self.keeps(api, what);
    }

    /// What somebody made is there.
    fn keeps(&self, api: &FakeApi, what: &str) {
        let kept = |api| oracle::kept(api, &self.document);
        same(&kept(api), &kept(&self.before), || {
            format!("{what}: a model or validator got lost")
        });
    }

    /// What a run that failed says is so.
    fn failed(&self, api: &FakeApi, error: &RunError, what: &str) {
        let told = || format!("{what}: {error}");
        let is_old = || same(&oracle::live(api, "dev"), &self.old, told);
        let has_settings = || same(&oracle::settled(&api.api), &oracle::settled(&self.before.api), told);
        match error.state() {
            State::Untouched => {
                is_old();
                same(&oracle::draft(api), &oracle::draft(&self.before), told);
                has_settings();
            }
            State::Restored => {
                is_old();
                same(&oracle::draft(api), &oracle::draft(&self.before), told);
                self.keeps(api, what);
                has_settings();
            }
            State::DraftServed { stage } => {
                is_old();
                let served = api.live(&stage).map(|served| oracle::routes(&served.resources));
                same(&Some(oracle::routes(&api.resources)), &served, told);
                self.keeps(api, what);
                has_settings();
            }
            State::DraftUnknown | State::DraftReplaced { .. } => is_old(),
            State::StageUnknown => {}
            other => fail(format!(
                "{what}: no deployment of a document ends with {other:?}: {error}"
            )),
        }
    }
}

fn machine_for(world: &World) -> Machine {
    let mut machine = Machine::new();
    machine.allow = ALL;
    if world.behaviour.warns() {
        machine.warnings = vec!["Parse issue".into()];
    }
    machine
}

/// A run with patience, and all that it said.
async fn run_once(machine: &Machine, fake: &Fake, expected: &Expected, patient: bool) -> Result<Deployed, RunError> {
    let mut said = listener();
    let settings = by_id("abc", expected.name.as_deref());
    let document = &expected.document;
    let result = if patient {
        let gateway = machine.patient(fake);
        machine
            .run_document(gateway, &settings, document, false, &mut said)
            .await
    } else {
        machine
            .run_document(fake.clone(), &settings, document, false, &mut said)
            .await
    };
    let plans: Vec<String> = said
        .plans
        .iter()
        .map(|plan| serde_json::to_string(plan).unwrap())
        .collect();
    let all = format!(
        "{:?}{:?}{:?}{plans:?}{result:?}",
        said.said, said.warnings, said.questions
    );
    holds(!all.contains(SECRET), || format!("a secret is told: {all}"));
    result
}

/// What a run came to. Whoever is dead neither undoes nor tells, and the next run may begin at once.
async fn until_dead<T>(fake: &Fake, run: impl Future<Output = T>) -> Option<T> {
    let mut run = std::pin::pin!(run);
    loop {
        match tokio::time::timeout(Duration::from_millis(100), &mut run).await {
            Ok(result) => return Some(result),
            Err(_) if fake.hangs() => return None,
            Err(_) => {}
        }
    }
}

/// Runs again until nothing is left to do, and checks that it comes to a good end.
async fn again(machine: &Machine, fake: &Fake, expected: &Expected, what: &str) {
    let result = run_once(machine, fake, expected, true).await;
    result.unwrap_or_else(|error| fail(format!("{what}: running again ends with {error}")));
    expected.done(&fake.api("abc"), &format!("{what}, again"));
    tokio::time::sleep(Duration::from_secs(60)).await;
    let writes = fake.writes().len();
    let last = run_once(machine, fake, expected, true).await;
    let last = last.unwrap_or_else(|error| fail(format!("{what}: a run without changes ends with {error}")));
    holds(!last.changed, || format!("{what}: something is left to do"));
    same(&fake.writes().len(), &writes, || {
        format!("{what}: a run without changes wrote")
    });
    fake.each_state("abc", |api| expected.always(api, what));
}

/// The calls that fail, and how.
fn failing(calls: &[Operation], first: usize) -> Vec<(usize, &'static str, Fault)> {
    let faults = faults();
    let position = |operation| calls.iter().position(|one| *one == operation);
    let put = position(Operation::PutRestApi).unwrap_or(calls.len());
    let early = (first % STRIDES.0..put).step_by(STRIDES.0);
    let late = (put + first % STRIDES.1..calls.len()).step_by(STRIDES.1);
    let mut failing: Vec<_> = early
        .chain(late)
        .enumerate()
        .map(|(number, call)| {
            let (name, fault) = faults[(first + number) % faults.len()].clone();
            (call, name, fault)
        })
        .collect();
    // The moment at which most is to be undone: the stage was moved, and nobody may say so.
    if let Some(moved) = position(Operation::UpdateStage) {
        let (name, fault) = faults.into_iter().find(|(name, _)| *name == "denied").expect("it");
        failing.push((moved + 1, name, fault));
    }
    failing
}

/// One random API, and a fault at one call or another.
async fn try_world(world: &World, first_fault: usize) {
    let made = world.make().await;
    let machine = machine_for(world);
    let fake = world.fake(&made);
    let expected = Expected::of(world, &fake);
    let begun = fake.all_calls().len();
    let result = run_once(&machine, &fake, &expected, true).await;
    let calls = fake.all_calls().split_off(begun);
    let what = "without a fault";
    result.unwrap_or_else(|error| fail(format!("{what}: {error}")));
    expected.done(&fake.api("abc"), what);
    tokio::time::sleep(Duration::from_secs(60)).await;
    again(&machine, &fake, &expected, what).await;

    for (call, name, fault) in failing(&calls, first_fault) {
        let what = format!("{name} at call {call}");
        let machine = machine_for(world);
        let fake = world.fake(&made);
        fake.fail_at(call, fault);
        let result = if name.starts_with("dies") {
            until_dead(&fake, run_once(&machine, &fake, &expected, false)).await
        } else {
            Some(run_once(&machine, &fake, &expected, true).await)
        };
        // A run that did not wait made fewer calls.
        fake.heal();
        let api = fake.api("abc");
        match &result {
            Some(Ok(_)) => expected.done(&api, &what),
            Some(Err(error)) => expected.failed(&api, error, &what),
            None => {}
        }
        if result.is_some() {
            // Reads that are old do not stay so. After a dead run it is the next one that waits.
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        again(&machine, &fake, &expected, &what).await;
    }
}

/// Runs a test in a time of its own. A failed assertion is a failed property, to be made smaller.
fn in_time(test: impl Future<Output = ()>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    catch_unwind(AssertUnwindSafe(|| runtime.block_on(test))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        TestCaseError::fail(text.unwrap_or_default())
    })
}

proptest! {
    #![proptest_config(config(9))]

    #[test]
    fn whatever_fails_the_stage_serves_the_old_api_or_the_new_one(world in world(), first_fault in 0_usize..100) {
        in_time(try_world(&world, first_fault))?;
    }
}
