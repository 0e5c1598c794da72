//! Calling no faster than the quotas of an account allow
//! ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::operation::Operation;

/// Calls of all kinds together, a second.
const RATE: f64 = 10.0;
/// Calls that may follow each other at once.
const BURST: f64 = 40.0;

/// One bucket of tokens for all calls, and the time of the last call of those that have a quota of their own.
#[derive(Debug)]
pub(super) struct Pace(Mutex<Bucket>);

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
    last: Vec<(Operation, Instant)>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Bucket {
            tokens: BURST,
            filled: Instant::now(),
            last: Vec::new(),
        }))
    }

    /// When a call may be made; it counts as made then.
    pub(super) fn next(&self, operation: Operation) -> Instant {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let earned = now.saturating_duration_since(bucket.filled).as_secs_f64() * RATE;
        bucket.tokens = (bucket.tokens + earned).min(BURST) - 1.0;
        bucket.filled = now;
        let mut at = now;
        if bucket.tokens < 0.0 {
            at += Duration::from_secs_f64(-bucket.tokens / RATE);
        }
        let interval = operation.interval();
        if !interval.is_zero() {
            match bucket.last.iter_mut().find(|(known, _)| *known == operation) {
                Some((_, before)) => {
                    at = at.max(*before + interval);
                    *before = at;
                }
                None => bucket.last.push((operation, at)),
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_free_and_what_follows_is_paced() {
        let pace = Pace::new();
        let start = Instant::now();
        for _ in 0..40 {
            assert_eq!(pace.next(Operation::GetStages), start);
        }
        for number in 1_u32..=20 {
            let wait = pace.next(Operation::GetStages) - start;
            let expected = Duration::from_millis(100) * number;
            assert!(wait.abs_diff(expected) < Duration::from_millis(1), "{number}: {wait:?}");
        }
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(pace.next(Operation::GetStages), Instant::now(), "it fills again");
    }

    #[tokio::test(start_paused = true)]
    async fn operations_with_a_quota_of_their_own_keep_their_distance() {
        for (operation, seconds) in [
            (Operation::CreateDeployment, 5),
            (Operation::PutRestApi, 1),
            (Operation::ImportRestApi, 3),
            (Operation::DeleteRestApi, 30),
        ] {
            let pace = Pace::new();
            let first = pace.next(operation);
            assert_eq!(first, Instant::now());
            assert_eq!(
                pace.next(operation) - first,
                Duration::from_secs(seconds),
                "{operation}"
            );
            assert_eq!(
                pace.next(operation) - first,
                Duration::from_secs(2 * seconds),
                "{operation}"
            );
        }
    }
}
