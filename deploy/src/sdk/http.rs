//! The HTTP stack that everything is called with: AWS, STS, whoever gives credentials, and deployed APIs.

use std::error::Error as StdError;
use std::time::Duration;

use aws_sdk_apigateway::config::http::HttpRequest;
use aws_sdk_apigateway::config::{RuntimeComponents, SharedHttpClient};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Builder, Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpClient as _, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use bluegate_core::aws::is_this_machine;

/// Nothing is reached that does not answer a connection within this time.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const TLS: tls::Provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);

/// Which proxy a URL is called by: the one that the environment names, but none to this machine. A proxy elsewhere does
/// not reach an emulator here, whoever named it: the environment, a profile or the AWS file.
fn proxies(url: &str) -> ProxyConfig {
    if is_this_machine(url) {
        ProxyConfig::disabled()
    } else {
        ProxyConfig::from_env()
    }
}

/// Makes one call; the connection is a new one.
pub(super) fn connector(url: &str) -> Connector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT);
    Connector::builder()
        .proxy_config(proxies(url))
        .connector_settings(settings.build())
        .tls_provider(TLS)
        .build()
}

/// The client of the SDK: it keeps connections, and takes the way that each URL asks for.
pub(super) fn http_client() -> SharedHttpClient {
    let client = |url: &'static str| {
        Builder::new().build_with_connector_fn(move |settings, components| {
            let mut connector = Connector::builder().proxy_config(proxies(url));
            connector.set_connector_settings(settings.cloned());
            connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
            connector.tls_provider(TLS).build()
        })
    };
    let (here, elsewhere) = (client("http://localhost"), client("https://amazonaws.com"));
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(ByUrl {
            here: here.clone(),
            elsewhere: elsewhere.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    })
}

/// Both ways; only the one that is taken is made.
#[derive(Debug)]
struct ByUrl {
    here: SharedHttpClient,
    elsewhere: SharedHttpClient,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for ByUrl {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = if is_this_machine(request.uri()) {
            &self.here
        } else {
            &self.elsewhere
        };
        client.http_connector(&self.settings, &self.components).call(request)
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
