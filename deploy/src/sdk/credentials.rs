//! Credentials that last as long as a run.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_apigateway::config::Credentials;
use tokio::sync::Mutex;

use crate::api::Redactor;

/// Credentials that expire within this time are asked for again: what is begun with them is done by then, and undone.
const MARGIN: Duration = Duration::from_secs(300);

/// Credentials that are asked for again before they expire, and not before: to ask may ask a person for a second factor.
#[derive(Debug)]
pub(super) struct Renewed {
    provider: SharedCredentialsProvider,
    redactor: Redactor,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    credentials: Credentials,
    /// Those that expired then were asked for again, in vain.
    in_vain: Option<SystemTime>,
}

impl Renewed {
    /// Those that a provider gave, which the redactor learns.
    pub(super) fn new(provider: SharedCredentialsProvider, credentials: Credentials, redactor: Redactor) -> Self {
        redactor.learn(secrets(&credentials));
        Self {
            provider,
            redactor,
            known: Mutex::new(Known {
                credentials,
                in_vain: None,
            }),
        }
    }

    async fn give(&self) -> Result<Credentials, CredentialsError> {
        let mut known = self.known.lock().await;
        let Some(expiry) = known.credentials.expiry() else {
            return Ok(known.credentials.clone());
        };
        let now = SystemTime::now();
        let is_due = expiry <= now + MARGIN && known.in_vain != Some(expiry);
        if expiry > now && !is_due {
            return Ok(known.credentials.clone());
        }
        match self.provider.provide_credentials().await {
            Ok(fresh) => {
                self.redactor.learn(secrets(&fresh));
                known.in_vain = (fresh.expiry() == Some(expiry)).then_some(expiry);
                known.credentials = fresh;
            }
            // They last a little longer.
            Err(_) if expiry > now => known.in_vain = Some(expiry),
            Err(error) => return Err(error),
        }
        Ok(known.credentials.clone())
    }
}

impl ProvideCredentials for Renewed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.give())
    }
}

/// What of credentials no text may show.
fn secrets(credentials: &Credentials) -> impl Iterator<Item = &str> {
    let keys = [credentials.access_key_id(), credentials.secret_access_key()];
    keys.into_iter().chain(credentials.session_token())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Gives credentials that last so long, numbered; after the last one an error.
    #[derive(Debug)]
    struct Provider {
        lifetimes: Vec<i64>,
        asked: Arc<AtomicUsize>,
    }

    fn credentials(number: usize, lifetime: Option<i64>) -> Credentials {
        let expiry = lifetime.map(|seconds| {
            let span = Duration::from_secs(seconds.unsigned_abs());
            let now = SystemTime::now();
            if seconds < 0 { now - span } else { now + span }
        });
        Credentials::new("AKIAEXAMPLE", "hush", Some(format!("token-{number}")), expiry, "test")
    }

    impl ProvideCredentials for Provider {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let number = self.asked.fetch_add(1, Ordering::Relaxed);
            let given = self
                .lifetimes
                .get(number)
                .map(|&lifetime| credentials(number + 1, Some(lifetime)));
            future::ProvideCredentials::ready(given.ok_or_else(|| CredentialsError::not_loaded("signed out")))
        }
    }

    /// The tokens that three calls get, how often the provider was asked, and a redactor.
    async fn tokens(first: Option<i64>, then: &[i64]) -> (Vec<Option<String>>, usize, Redactor) {
        let asked = Arc::new(AtomicUsize::new(0));
        let provider = Provider {
            lifetimes: then.to_vec(),
            asked: Arc::clone(&asked),
        };
        let redactor = Redactor::default();
        let shared = SharedCredentialsProvider::new(provider);
        let renewed = Renewed::new(shared, credentials(0, first), redactor.clone());
        let mut tokens = Vec::new();
        for _ in 0..3 {
            let given = renewed.provide_credentials().await.ok();
            tokens.push(given.and_then(|given| given.session_token().map(str::to_owned)));
        }
        (tokens, asked.load(Ordering::Relaxed), redactor)
    }

    #[tokio::test]
    async fn credentials_that_last_are_asked_for_once() {
        for lifetime in [None, Some(3600)] {
            let (tokens, asked, _) = tokens(lifetime, &[]).await;
            assert_eq!((tokens, asked), (vec![Some("token-0".to_owned()); 3], 0));
        }
    }

    #[tokio::test]
    async fn credentials_that_expire_are_renewed_once_and_no_text_shows_the_new_ones() {
        for lifetime in [-1, 200] {
            let (tokens, asked, redactor) = tokens(Some(lifetime), &[3600]).await;
            assert_eq!((tokens, asked), (vec![Some("token-1".to_owned()); 3], 1));
            assert_eq!(redactor.clean("token-0 token-1"), "[hidden] [hidden]");
        }
    }

    #[tokio::test]
    async fn credentials_that_cannot_be_renewed_are_used_to_their_end() {
        let (used, asked, _) = tokens(Some(200), &[]).await;
        assert_eq!((used, asked), (vec![Some("token-0".to_owned()); 3], 1));
        let (used, asked, _) = tokens(Some(-1), &[]).await;
        assert_eq!((used, asked), (vec![None; 3], 3));
    }
}
