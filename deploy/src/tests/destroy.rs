//! Deleting an API: by its name only, and never without a snapshot.

use super::*;
use crate::interrupt::Interrupt;

impl Machine {
    async fn destroy(&self, fake: &Fake, typed: Option<&str>) -> Result<Destroyed, RunError> {
        self.destroy_until(fake, typed, Interrupt::default()).await
    }

    async fn destroy_until(
        &self,
        fake: &Fake,
        typed: Option<&str>,
        interrupt: Interrupt,
    ) -> Result<Destroyed, RunError> {
        let mut listener = Listener {
            typed: typed.map(str::to_owned),
            ..listener()
        };
        let gateway = self.patient_until(fake, interrupt);
        let deployer = self.deployer(gateway, &by_id("abc", None));
        deployer.destroy(&mut listener).await
    }
}

async fn deployed() -> (Fake, Machine) {
    let fake = Fake::with_api("abc", "Shop");
    let machine = Machine::new();
    machine.deploy(&fake, OLD).await.unwrap();
    (fake, machine)
}

fn is_there(fake: &Fake) -> bool {
    fake.has_api("abc")
}

#[tokio::test(start_paused = true)]
async fn only_the_name_of_the_api_deletes_it() {
    let (fake, machine) = deployed().await;
    let writes = fake.writes();
    for typed in [None, Some(""), Some("shop"), Some("y"), Some("abc")] {
        let error = machine.destroy(&fake, typed).await.unwrap_err();
        assert!(matches!(error, RunError::NotNamed { .. }), "{typed:?}: {error}");
    }
    assert_eq!(fake.writes(), writes);
    let destroyed = machine.destroy(&fake, Some("Shop")).await.unwrap();
    assert_eq!(
        (destroyed.stages.as_slice(), destroyed.deployments),
        (&["dev".to_owned()][..], 1)
    );
    assert!(!is_there(&fake));
    let run = machine
        .folder
        .path()
        .join("abc")
        .join(format!("run{}", machine.now.get()));
    assert!(run.join("snapshot.json").exists() && run.join("export-dev.json").exists());
    assert!(!machine.folder.path().join("abc/running.json").exists());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_says_nothing_and_the_api_does() {
    let lost = || Cause::Unreachable {
        detail: "connection reset".into(),
    };
    // It happened: the next attempt finds nothing to delete.
    let (fake, machine) = deployed().await;
    fake.fail_next(Operation::DeleteRestApi, Fault::After(lost()));
    machine.destroy(&fake, Some("Shop")).await.unwrap();
    assert!(!is_there(&fake));
    // A write that timed out is not repeated.
    for (fault, deleted) in [
        (Fault::After(Cause::TimedOut), true),
        (Fault::Before(Cause::TimedOut), false),
    ] {
        let (fake, machine) = deployed().await;
        fake.fail_next(Operation::DeleteRestApi, fault);
        let result = machine.destroy(&fake, Some("Shop")).await;
        assert_eq!((result.is_ok(), is_there(&fake)), (deleted, !deleted));
        if let Err(error) = result {
            assert_eq!(error.state(), State::Untouched);
            assert!(fake.api("abc").api.tags.is_empty(), "the lock stays");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_api_that_something_leads_to_stays() {
    let (fake, machine) = deployed().await;
    fake.fail_next(
        Operation::DeleteRestApi,
        Fault::Before(Cause::Refused {
            message: "Please remove all base path mappings related to the API".into(),
        }),
    );
    let error = machine.destroy(&fake, Some("Shop")).await.unwrap_err();
    assert_eq!(error.state(), State::Untouched, "{error}");
    assert_eq!(live(&fake), sorted(OLD));
    machine.deploy(&fake, NEW).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_end_leaves_an_api_that_is_there_and_unlocked_or_none() {
    let (fake, machine) = deployed().await;
    let first = fake.all_calls().len();
    machine.destroy(&fake, Some("Shop")).await.unwrap();
    let calls = fake.all_calls().len() - first;
    let mut kept = 0;
    for call in 0..calls {
        let (fake, machine) = deployed().await;
        let interrupt = Interrupt::default();
        fake.interrupt_at(call, interrupt.clone());
        let result = machine.destroy_until(&fake, Some("Shop"), interrupt).await;
        assert_eq!(result.is_err(), is_there(&fake), "at call {call}: {result:?}");
        let Err(error) = result else { continue };
        kept += 1;
        assert_eq!(error.state(), State::Untouched, "at call {call}: {error}");
        let lock = Lock::of(&fake.api("abc").api);
        assert!(lock.is_none_or(|lock| !lock.holds(machine.now.get())), "at call {call}");
        machine.destroy(&fake, Some("Shop")).await.unwrap();
    }
    assert!(kept > 0 && kept < calls, "{kept} of {calls}");
}
