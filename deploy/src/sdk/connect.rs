//! From the settings of an AWS file to a client that may call.

use std::fmt;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_apigateway::config::{Credentials, IdentityCache, SharedHttpClient, StalledStreamProtectionConfig};
use aws_types::os_shim_internal::{Env, Fs};
use bluegate_core::aws::{Environment, Service};

use crate::api::Redactor;

use super::client::Client;
use super::credentials::{Renewed, Short};
use super::destination::{CredentialsOrigin, Destination, configured_endpoint, without_userinfo};
use super::http::{chain, http_client};
use super::invoke::Invoker;

/// A command that asks for a second factor may take its time, but not forever.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(120);

/// Why there is nothing to call with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectError {
    /// The profile is in none of the configuration files.
    UnknownProfile {
        /// Its name.
        name: String,
        /// The ones that are.
        known: Vec<String>,
    },
    /// No region anywhere.
    NoRegion,
    /// No credentials anywhere.
    NoCredentials {
        /// Where they were looked for.
        origin: CredentialsOrigin,
        /// What the last place said.
        detail: String,
    },
    /// There are credentials, but they cannot be had.
    BrokenCredentials {
        /// Where they were looked for.
        origin: CredentialsOrigin,
        /// What is wrong with them.
        detail: String,
    },
    /// Looking for credentials took too long.
    SlowCredentials {
        /// Where they were looked for.
        origin: CredentialsOrigin,
    },
    /// They end before a run may, and no longer ones can be had.
    ShortCredentials {
        /// Where they are from.
        origin: CredentialsOrigin,
        /// How long they last.
        lasts: Duration,
        /// How long a run may take.
        needed: Duration,
    },
    /// Somebody says that an emulator answers, and calls go to AWS.
    NoEmulator,
    /// The endpoint in the environment is no URL.
    BadEndpoint {
        /// As it stands there, without a password.
        endpoint: String,
    },
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectError::UnknownProfile { name, .. } => {
                write!(f, "there is no profile `{name}` in the AWS configuration files")
            }
            ConnectError::NoRegion => f.write_str("there is no region to deploy to"),
            ConnectError::NoCredentials { .. } => f.write_str("there are no AWS credentials"),
            ConnectError::BrokenCredentials { origin, detail } => {
                write!(f, "{origin} cannot be used: {detail}")
            }
            ConnectError::SlowCredentials { origin } => {
                write!(f, "{origin} did not come within {} s", CREDENTIALS_TIMEOUT.as_secs())
            }
            ConnectError::ShortCredentials { origin, lasts, needed } => write!(
                f,
                "{origin} last {} more minutes, and a run may need {}",
                lasts.as_secs() / 60,
                needed.as_secs().div_ceil(60)
            ),
            ConnectError::NoEmulator => f.write_str("no emulator answers: the calls would go to AWS"),
            // The SDK does not take an empty one for none, as it does with other variables.
            ConnectError::BadEndpoint { endpoint } if endpoint.trim().is_empty() => {
                f.write_str("the endpoint in the environment or the profile is empty")
            }
            ConnectError::BadEndpoint { endpoint } => {
                write!(f, "the endpoint `{endpoint}` is no http or https URL")
            }
        }
    }
}

impl std::error::Error for ConnectError {}

/// Finds region, endpoint and credentials. Nothing is sent to API Gateway yet.
///
/// # Errors
///
/// [`ConnectError`] when one of them is missing or cannot be used.
pub async fn connect(wanted: &Environment) -> Result<Client, ConnectError> {
    connect_at(wanted, None).await
}

/// The same at an endpoint, whatever the environment and the profile say of one.
///
/// # Errors
///
/// Those of [`connect`].
pub async fn connect_at(wanted: &Environment, endpoint: Option<&str>) -> Result<Client, ConnectError> {
    let error = match client(wanted, endpoint).await {
        Ok(client) => return Ok(client),
        Err(error) => error,
    };
    let may_be_missing = matches!(
        error,
        ConnectError::NoRegion | ConnectError::NoCredentials { .. } | ConnectError::BrokenCredentials { .. }
    );
    // What a profile that is not there does not say is looked for elsewhere, and missed there.
    Err(match unknown_profile(wanted).await {
        Some(unknown) if may_be_missing => unknown,
        _ => error,
    })
}

/// The profile of the file, else of the environment, if no configuration file has it.
async fn unknown_profile(wanted: &Environment) -> Option<ConnectError> {
    let of_environment = || std::env::var("AWS_PROFILE").ok();
    let name = wanted.profile.clone().or_else(of_environment)?;
    let (fs, env) = (Fs::real(), Env::real());
    let profiles = aws_config::profile::load(&fs, &env, &Default::default(), None)
        .await
        .ok()?;
    if profiles.get_profile(&name).is_some() {
        return None;
    }
    let mut known: Vec<String> = profiles.profiles().map(str::to_owned).collect();
    known.sort();
    Some(ConnectError::UnknownProfile { name, known })
}

async fn client(wanted: &Environment, at: Option<&str>) -> Result<Client, ConnectError> {
    let http_client = http_client();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client.clone())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(region) = &wanted.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(profile) = &wanted.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = at {
        loader = loader.endpoint_url(endpoint);
    }
    let config = loader.load().await;
    let said = |region: &&Region| !region.as_ref().trim().is_empty();
    let region = config.region().filter(said).cloned().ok_or(ConnectError::NoRegion)?;
    let endpoint = endpoint(&config)?;
    let known = Service::at(endpoint.as_deref());
    if wanted.emulator && known == Some(Service::Aws) {
        return Err(ConnectError::NoEmulator);
    }
    let service = if wanted.emulator {
        Some(Service::Emulator)
    } else {
        known
    };
    let (provider, credentials, origin) = credentials(wanted, &config, &region, &http_client).await?;
    let destination = Destination {
        region: region.to_string(),
        endpoint,
        credentials: origin,
        account_id: credentials.account_id().map(|id| id.as_str().to_owned()),
        service: service.unwrap_or_default(),
    };
    let renewed = Renewed::new(provider, credentials, Redactor::default());
    let credentials = SharedCredentialsProvider::new(renewed.clone());
    let invoker = Invoker::new(credentials.clone(), region);
    let config = config
        .into_builder()
        // What is renewed is kept already, and a person may take longer to answer than this cache waits.
        .identity_cache(IdentityCache::no_cache())
        .credentials_provider(credentials)
        .build();
    let mut client = Client::new(&config, destination, renewed, invoker);
    if service.is_none() {
        client.learn_service().await;
    }
    Ok(client)
}

impl Client {
    /// Looks whether the credentials last for a run that may take so long, undoing included
    /// ([`Deployer::longest`](crate::Deployer::longest)). Those that may end before it are asked for once more; those
    /// that tell no end pass.
    ///
    /// # Errors
    ///
    /// [`ConnectError::ShortCredentials`]: what the run began could be neither finished nor undone.
    pub async fn check_credentials(&self, longest: Duration) -> Result<(), ConnectError> {
        let checked = self.credentials().last(longest).await;
        checked.map_err(|Short { lasts, needed }| ConnectError::ShortCredentials {
            origin: self.destination().credentials.clone(),
            lasts,
            needed,
        })
    }
}

async fn credentials(
    wanted: &Environment,
    config: &SdkConfig,
    region: &Region,
    http_client: &SharedHttpClient,
) -> Result<(SharedCredentialsProvider, Credentials, CredentialsOrigin), ConnectError> {
    if let Some(keys) = &wanted.keys {
        let credentials = Credentials::new(
            keys.access_key_id.expose(),
            keys.secret_access_key.expose(),
            keys.session_token.as_ref().map(|token| token.expose().to_owned()),
            None,
            "bluegate",
        );
        let provider = SharedCredentialsProvider::new(credentials.clone());
        return Ok((provider, credentials, CredentialsOrigin::AwsFile));
    }
    let (provider, origin) = if let Some(profile) = &wanted.profile {
        let context = ProviderConfig::without_region()
            .with_region(Some(region.clone()))
            .with_http_client(http_client.clone());
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&context)
            .profile_name(profile)
            .build();
        (
            Some(SharedCredentialsProvider::new(provider)),
            CredentialsOrigin::Profile(profile.clone()),
        )
    } else {
        (config.credentials_provider(), CredentialsOrigin::DefaultChain)
    };
    let Some(provider) = provider else {
        return Err(ConnectError::NoCredentials {
            origin,
            detail: "no provider".to_owned(),
        });
    };
    match tokio::time::timeout(CREDENTIALS_TIMEOUT, provider.provide_credentials()).await {
        Ok(Ok(credentials)) => Ok((provider, credentials, origin)),
        Ok(Err(error)) => {
            let detail = Redactor::default().clean(&chain(&error));
            Err(match error {
                CredentialsError::CredentialsNotLoaded(_) => ConnectError::NoCredentials { origin, detail },
                CredentialsError::ProviderTimedOut(_) => ConnectError::SlowCredentials { origin },
                _ => ConnectError::BrokenCredentials { origin, detail },
            })
        }
        Err(_) => Err(ConnectError::SlowCredentials { origin }),
    }
}

/// The endpoint that is called instead of AWS's own, without the password that may stand in it.
fn endpoint(config: &SdkConfig) -> Result<Option<String>, ConnectError> {
    let Some(url) = configured_endpoint(config, "API Gateway") else {
        return Ok(None);
    };
    let shown = without_userinfo(url.trim_end_matches('/'));
    let host = shown.strip_prefix("http://").or_else(|| shown.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with(['/', ':', '?', '#']) => Ok(Some(shown)),
        _ => Err(ConnectError::BadEndpoint { endpoint: shown }),
    }
}
