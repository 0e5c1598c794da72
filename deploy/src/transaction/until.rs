//! Reads that may be older than the write before them: API Gateway answers from copies that lag behind for seconds.
//! Whoever writes reads until it is so, and not once.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::api::{CallError, Cause};

use super::StepError;

/// Between two reads.
pub(super) const POLL: Duration = Duration::from_secs(2);
/// So many reads, and the last one is as new as the write.
pub(crate) const MOST_READS: usize = 5;
/// For so long a read may be older than a write.
pub(crate) const LONGEST_LAG: Duration = POLL.saturating_mul(MOST_READS as u32 - 1);

/// What the reads came to.
#[derive(Debug)]
pub(crate) enum Seen<T> {
    /// It is so.
    So(T),
    /// It is not, and was this at last.
    Otherwise(T),
    /// There is no such thing.
    Missing(CallError),
}

impl<T> Seen<T> {
    /// What was read, when it is so.
    pub(crate) fn so(self) -> Option<T> {
        match self {
            Seen::So(found) => Some(found),
            Seen::Otherwise(_) | Seen::Missing(_) => None,
        }
    }

    /// What was read last, whether it is so or not.
    pub(crate) fn last(self) -> Result<T, StepError> {
        match self {
            Seen::So(found) | Seen::Otherwise(found) => Ok(found),
            Seen::Missing(error) => Err(error.into()),
        }
    }
}

/// Reads until it is so, or until what is read is not older than the last write. What is not found yet may have been
/// made a moment ago.
pub(crate) async fn until<T, E: Into<StepError>, F: Future<Output = Result<T, E>>>(
    read: impl FnMut() -> F,
    is_so: impl FnMut(&T) -> bool,
) -> Result<Seen<T>, StepError> {
    until_within(LONGEST_LAG, read, is_so).await
}

/// The same for so long, for what takes its time.
pub(super) async fn until_within<T, E: Into<StepError>, F: Future<Output = Result<T, E>>>(
    longest: Duration,
    mut read: impl FnMut() -> F,
    mut is_so: impl FnMut(&T) -> bool,
) -> Result<Seen<T>, StepError> {
    let mut missed = 0;
    let began = Instant::now();
    loop {
        let is_last = began.elapsed() >= longest;
        match read().await.map_err(Into::into) {
            Ok(found) if is_so(&found) => return Ok(Seen::So(found)),
            Ok(found) if is_last => return Ok(Seen::Otherwise(found)),
            Ok(_) => {}
            Err(StepError::Call(error)) if matches!(error.cause, Cause::NotFound { .. }) => {
                missed += 1;
                if missed == MOST_READS || is_last {
                    return Ok(Seen::Missing(error));
                }
            }
            Err(error) => return Err(error),
        }
        sleep(POLL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Operation;

    fn missing() -> CallError {
        let message = String::new();
        CallError::new(Operation::GetStage, Cause::NotFound { message })
    }

    /// Reads this list, and gives what that came to and how many reads it took.
    async fn read_all(answers: Vec<Result<u8, CallError>>, wanted: u8) -> (Result<Seen<u8>, StepError>, usize) {
        let mut answers = answers.into_iter();
        let mut reads = 0;
        let seen = until(
            || {
                reads += 1;
                std::future::ready(answers.next().expect("no more reads"))
            },
            |found| *found == wanted,
        );
        let seen = seen.await;
        (seen, reads)
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_old_or_not_there_yet_is_read_again() {
        let (seen, reads) = read_all(vec![Err(missing()), Ok(1), Ok(2), Ok(2)], 2).await;
        assert!(matches!(seen, Ok(Seen::So(2))), "{seen:?}");
        assert_eq!(reads, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_stays_otherwise_is_believed_after_the_longest_lag() {
        let began = tokio::time::Instant::now();
        let (seen, _) = read_all(vec![Ok(1); MOST_READS], 2).await;
        assert!(matches!(seen, Ok(Seen::Otherwise(1))), "{seen:?}");
        assert_eq!(began.elapsed(), LONGEST_LAG);
        let (seen, _) = read_all(vec![Err(missing()); MOST_READS], 2).await;
        assert!(matches!(seen, Ok(Seen::Missing(_))), "{seen:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn another_error_ends_it_at_once() {
        let denied = CallError::new(Operation::GetStage, Cause::Interrupted);
        let (seen, reads) = read_all(vec![Err(denied.clone())], 2).await;
        assert!(matches!(seen, Err(StepError::Call(error)) if error == denied));
        assert_eq!(reads, 1);
    }
}
