//! Credentials that last as long as a run.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_apigateway::config::Credentials;
use tokio::sync::Mutex;

use crate::api::Redactor;

/// Credentials that expire within this time are asked for again: what is begun with them is done by then, and undone.
const MARGIN: Duration = Duration::from_secs(300);
/// Clocks of two machines may differ by so much.
const SKEW: Duration = Duration::from_secs(60);

/// Credentials that are asked for again before they expire, and not before: to ask may ask a person for a second factor.
#[derive(Debug, Clone)]
pub(super) struct Renewed {
    provider: SharedCredentialsProvider,
    redactor: Redactor,
    known: Arc<Mutex<Known>>,
}

/// Credentials end before what is to be done with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Short {
    /// How long they last.
    pub(super) lasts: Duration,
    /// How long they would have to last.
    pub(super) needed: Duration,
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
            known: Arc::new(Mutex::new(Known {
                credentials,
                in_vain: None,
            })),
        }
    }

    /// What learns the secrets of all of them.
    pub(super) fn redactor(&self) -> &Redactor {
        &self.redactor
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
        match self.renew(&mut known, expiry).await {
            // They last a little longer.
            Err(_) if expiry > now => known.in_vain = Some(expiry),
            renewed => renewed?,
        }
        Ok(known.credentials.clone())
    }

    async fn renew(&self, known: &mut Known, expiry: SystemTime) -> Result<(), CredentialsError> {
        let fresh = self.provider.provide_credentials().await?;
        self.redactor.learn(secrets(&fresh));
        known.in_vain = (fresh.expiry() == Some(expiry)).then_some(expiry);
        known.credentials = fresh;
        Ok(())
    }

    /// Whether they last for a run that may take so long: those that do not are asked for once more.
    pub(super) async fn last(&self, longest: Duration) -> Result<(), Short> {
        let needed = longest + SKEW;
        let mut known = self.known.lock().await;
        let Some(expiry) = ends_before(&known.credentials, needed) else {
            return Ok(());
        };
        if self.renew(&mut known, expiry).await.is_err() {
            known.in_vain = Some(expiry);
        }
        match ends_before(&known.credentials, needed) {
            None => Ok(()),
            Some(expiry) => Err(Short {
                lasts: expiry.duration_since(SystemTime::now()).unwrap_or_default(),
                needed,
            }),
        }
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

/// When credentials expire that do so too early, and not before the next ones are there.
fn ends_before(credentials: &Credentials, needed: Duration) -> Option<SystemTime> {
    let features = credentials.get_property::<Vec<AwsCredentialFeature>>();
    // A machine or a container has new ones before the old ones expire, and not earlier, whoever asks.
    let are_replaced = features.is_some_and(|features| {
        let is_machine = |one: &AwsCredentialFeature| {
            matches!(
                one,
                AwsCredentialFeature::CredentialsImds | AwsCredentialFeature::CredentialsHttp
            )
        };
        features.iter().any(is_machine)
    });
    let expiry = credentials.expiry().filter(|_| !are_replaced)?;
    (expiry < SystemTime::now() + needed).then_some(expiry)
}

/// What of credentials no text may show.
fn secrets(credentials: &Credentials) -> impl Iterator<Item = &str> {
    let keys = [credentials.access_key_id(), credentials.secret_access_key()];
    keys.into_iter().chain(credentials.session_token())
}

#[cfg(test)]
mod tests {
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

    fn renewed(first: Credentials, then: &[i64]) -> (Renewed, Arc<AtomicUsize>, Redactor) {
        let asked = Arc::new(AtomicUsize::new(0));
        let provider = Provider {
            lifetimes: then.to_vec(),
            asked: Arc::clone(&asked),
        };
        let redactor = Redactor::default();
        let shared = SharedCredentialsProvider::new(provider);
        (Renewed::new(shared, first, redactor.clone()), asked, redactor)
    }

    /// The tokens that three calls get, how often the provider was asked, and a redactor.
    async fn tokens(first: Option<i64>, then: &[i64]) -> (Vec<Option<String>>, usize, Redactor) {
        let (renewed, asked, redactor) = renewed(credentials(0, first), then);
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
    async fn credentials_that_end_before_a_run_may_are_refused_after_one_question() {
        const RUN: Duration = Duration::from_secs(720);
        for (first, then, lasts, questions) in [
            // Those of the AWS file and of the environment tell no end.
            (None, &[] as &[i64], None, 0),
            (Some(800), &[], None, 0),
            (Some(700), &[3600], None, 1),
            (Some(700), &[710], Some(710), 1),
            // They would last for the run, but not for clocks that differ.
            (Some(750), &[750], Some(750), 1),
            (Some(700), &[], Some(700), 1),
            (Some(-1), &[], Some(0), 1),
        ] {
            let (renewed, asked, _) = renewed(credentials(0, first), then);
            let short = renewed.last(RUN).await.err();
            let told = short.map(|short| short.lasts.as_secs_f64().ceil() as i64);
            assert_eq!(
                (told, asked.load(Ordering::Relaxed)),
                (lasts, questions),
                "{first:?} {then:?}"
            );
            assert!(short.is_none_or(|short| short.needed == RUN + SKEW));
        }
    }

    #[tokio::test]
    async fn credentials_of_a_machine_are_replaced_before_they_end() {
        for (feature, is_short) in [
            (AwsCredentialFeature::CredentialsImds, false),
            (AwsCredentialFeature::CredentialsHttp, false),
            (AwsCredentialFeature::CredentialsProcess, true),
        ] {
            let mut first = credentials(0, Some(400));
            first
                .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
                .push(feature.clone());
            let (renewed, ..) = renewed(first, &[]);
            assert_eq!(
                renewed.last(Duration::from_secs(720)).await.is_err(),
                is_short,
                "{feature:?}"
            );
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
