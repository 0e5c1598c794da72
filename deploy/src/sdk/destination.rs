//! Where calls go, and as whom.

use std::fmt;

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use bluegate_core::aws::Service;

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

/// The endpoint that the environment or the profile gives a service of AWS, as
/// [the SDKs look for it](https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
pub(super) fn configured_endpoint(config: &SdkConfig, service_id: &'static str) -> Option<String> {
    // Whoever names one for a run means all services.
    if config.get_origin("endpoint_url").is_client_config() {
        return config.endpoint_url().map(str::to_owned);
    }
    let key = ServiceConfigKey::builder()
        .service_id(service_id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let own = config.service_config().zip(key.ok());
    own.and_then(|(services, key)| services.load_config(key))
        .or_else(|| config.endpoint_url().map(str::to_owned))
}

/// A URL without the user and password that may stand in it.
pub(super) fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_dropped() {
        assert_eq!(without_userinfo("http://me:pw@host:80/x@y"), "http://host:80/x@y");
        assert_eq!(without_userinfo("http://host/x"), "http://host/x");
    }
}
