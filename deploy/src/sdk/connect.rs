//! From the settings of an AWS file to a client that may call.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_apigateway::config::{Credentials, SharedHttpClient, StalledStreamProtectionConfig};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls;
use aws_types::service_config::ServiceConfigKey;
use bluegate_core::aws::{Environment, Service, is_this_machine};

use crate::api::{Redactor, without_userinfo};

use super::client::Client;
use super::invoke::Visitor;

/// A command that asks for a second factor may take its time, but not forever.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(120);

/// Where the credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialsOrigin {
    /// The keys in the AWS file.
    AwsFile,
    /// The profile that the AWS file names.
    Profile(String),
    /// The SDK's default chain.
    DefaultChain,
}

impl fmt::Display for CredentialsOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CredentialsOrigin::AwsFile => f.write_str("the keys in the AWS file"),
            CredentialsOrigin::Profile(name) => write!(f, "the profile `{name}`"),
            CredentialsOrigin::DefaultChain => {
                f.write_str("the credentials of the environment (the AWS file has no keys)")
            }
        }
    }
}

/// Where calls go, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The region.
    pub region: String,
    /// The endpoint that the environment sets instead of AWS's own.
    pub endpoint: Option<String>,
    /// Where the credentials come from.
    pub credentials: CredentialsOrigin,
    /// The account that the credentials belong to, when they say so.
    pub account_id: Option<String>,
    /// What answers there.
    pub service: Service,
}

impl Destination {
    /// The endpoint, when it is that of an emulator.
    #[must_use]
    pub fn emulator(&self) -> Option<&str> {
        self.endpoint.as_deref().filter(|_| self.service == Service::Emulator)
    }

    /// Where a stage answers.
    #[must_use]
    pub fn stage_url(&self, rest_api_id: &str, stage: &str) -> String {
        let endpoint = self.endpoint.as_deref();
        self.service.stage_url(endpoint, &self.region, rest_api_id, stage)
    }
}

/// Why there is nothing to call with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectError {
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
            ConnectError::NoRegion => f.write_str("there is no region to deploy to"),
            ConnectError::NoCredentials { .. } => f.write_str("there are no AWS credentials"),
            ConnectError::BrokenCredentials { origin, detail } => {
                write!(f, "{origin} cannot be used: {detail}")
            }
            ConnectError::SlowCredentials { origin } => {
                write!(f, "{origin} did not come within {} s", CREDENTIALS_TIMEOUT.as_secs())
            }
            ConnectError::NoEmulator => f.write_str("no emulator answers: the calls would go to AWS"),
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
    let config = loader.load().await;
    let region = config.region().cloned().ok_or(ConnectError::NoRegion)?;
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
    let (credentials, origin) = credentials(wanted, &config, &region, &http_client).await?;

    let mut secrets = vec![
        credentials.access_key_id().to_owned(),
        credentials.secret_access_key().to_owned(),
    ];
    secrets.extend(credentials.session_token().map(str::to_owned));
    let destination = Destination {
        region: region.to_string(),
        endpoint,
        credentials: origin,
        account_id: credentials.account_id().map(|id| id.as_str().to_owned()),
        service: service.unwrap_or_default(),
    };
    let visitor = Visitor::new(credentials.clone(), region);
    // The credentials are asked for once: asking again may ask a person for a second factor.
    let config = config
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let mut client = Client::new(&config, destination, Redactor::new(secrets), visitor);
    if service.is_none() {
        client.learn_service().await;
    }
    Ok(client)
}

async fn credentials(
    wanted: &Environment,
    config: &SdkConfig,
    region: &Region,
    http_client: &SharedHttpClient,
) -> Result<(Credentials, CredentialsOrigin), ConnectError> {
    if let Some(keys) = &wanted.keys {
        let credentials = Credentials::new(
            keys.access_key_id.expose(),
            keys.secret_access_key.expose(),
            keys.session_token.as_ref().map(|token| token.expose().to_owned()),
            None,
            "bluegate",
        );
        return Ok((credentials, CredentialsOrigin::AwsFile));
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
        Ok(Ok(credentials)) => Ok((credentials, origin)),
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

/// The endpoint that the SDK will use for API Gateway, when it is not AWS's own.
fn endpoint(config: &SdkConfig) -> Result<Option<String>, ConnectError> {
    let own = config.service_config().and_then(|services| {
        let key = ServiceConfigKey::builder()
            .service_id("API Gateway")
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        services.load_config(key)
    });
    let Some(url) = own.or_else(|| config.endpoint_url().map(str::to_owned)) else {
        return Ok(None);
    };
    let shown = without_userinfo(url.trim_end_matches('/'));
    let host = shown.strip_prefix("http://").or_else(|| shown.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with(['/', ':', '?', '#']) => Ok(Some(shown)),
        _ => Err(ConnectError::BadEndpoint { endpoint: shown }),
    }
}

/// One HTTP stack, and the proxies that the environment names.
pub(super) fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = aws_smithy_http_client::Connector::builder().proxy_config(proxies(None));
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build()
    })
}

/// The proxies on the way to a URL, or to AWS. A proxy elsewhere does not reach an emulator on this machine.
pub(super) fn proxies(url: Option<&str>) -> ProxyConfig {
    let endpoints = ["AWS_ENDPOINT_URL_API_GATEWAY", "AWS_ENDPOINT_URL"];
    let is_local = match url {
        Some(url) => is_this_machine(url),
        None => endpoints
            .iter()
            .any(|name| std::env::var(name).is_ok_and(|url| is_this_machine(&url))),
    };
    if is_local {
        ProxyConfig::disabled()
    } else {
        ProxyConfig::from_env()
    }
}

/// An error and what caused it, each said once.
pub(super) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    said.join(": ")
}
