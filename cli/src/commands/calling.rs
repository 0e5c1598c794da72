//! What every command needs that calls AWS.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::aws::{Client, Clock, Destination, RetryPolicy, Retrying};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// One thread is enough for one call after the other.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new("runtime", format!("cannot start: {error}")))
}

/// Whether an endpoint of the environment stands in for AWS.
pub(super) fn is_emulated(at: &Destination) -> bool {
    at.emulator().is_some()
}

/// The client, patient for so many seconds, which tells about each wait.
pub(super) fn patient(client: Client, seconds: u32, terminal: &Terminal) -> Retrying<Client> {
    let clock = Clock::within(Duration::from_secs(u64::from(seconds)));
    let quiet = terminal.is_quiet();
    Retrying::new(client, RetryPolicy::default(), clock, move |error, delay| {
        if !quiet {
            let seconds = delay.as_secs_f64();
            let _ = writeln!(io::stderr(), "     Waiting {seconds:.1} s: {error}");
        }
    })
}

pub(super) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A name that no other run has.
pub(super) fn run_name() -> String {
    let random = RandomState::new().build_hasher().finish();
    format!("{}-{:08x}", now(), random >> 32)
}
