//! The settings of a stage as API Gateway answers with them, by the names of their patches.

use std::collections::HashMap;

use aws_sdk_apigateway::types as sdk;
use bluegate_core::gateway::stage;
use serde_json::json;

use crate::api::{Cache, Texts};

/// The settings that have a place of their own in an answer.
#[derive(Debug, Default)]
pub(super) struct Answered {
    pub(super) description: Option<String>,
    pub(super) variables: Option<HashMap<String, String>>,
    pub(super) tracing: bool,
    pub(super) client_certificate: Option<String>,
    pub(super) cache: Cache,
    pub(super) cache_size: Option<sdk::CacheClusterSize>,
    pub(super) access_log: Option<sdk::AccessLogSettings>,
    pub(super) methods: Option<HashMap<String, sdk::MethodSetting>>,
}

impl Answered {
    /// As API Gateway tells them, and from there as for the gateway on this machine.
    pub(super) fn settings(self) -> Texts {
        let methods = self.methods.unwrap_or_default().into_iter().map(|(key, one)| {
            let told = json!({
                "metricsEnabled": one.metrics_enabled,
                "loggingLevel": one.logging_level,
                "dataTraceEnabled": one.data_trace_enabled,
                "throttlingBurstLimit": one.throttling_burst_limit,
                "throttlingRateLimit": one.throttling_rate_limit,
                "cachingEnabled": one.caching_enabled,
                "cacheTtlInSeconds": one.cache_ttl_in_seconds,
                "cacheDataEncrypted": one.cache_data_encrypted,
                "requireAuthorizationForCacheControl": one.require_authorization_for_cache_control,
                "unauthorizedCacheControlHeaderStrategy":
                    one.unauthorized_cache_control_header_strategy.map(|strategy| strategy.as_str().to_owned()),
            });
            (key, told)
        });
        let size = self.cache_size.filter(|_| self.cache.is_on());
        let log = self.access_log;
        let told = json!({
            "description": self.description,
            "tracingEnabled": self.tracing,
            "clientCertificateId": self.client_certificate,
            "cacheClusterEnabled": self.cache.is_on(),
            "cacheClusterSize": size.map(|size| size.as_str().to_owned()),
            "accessLogSettings": log.map(|log| json!({"destinationArn": log.destination_arn, "format": log.format})),
            "variables": self.variables,
            "methodSettings": methods.collect::<serde_json::Map<_, _>>(),
        });
        let mut settings = stage::settings(&told);
        settings.retain(|_, value| !value.is_empty());
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_stage_has_its_settings_under_the_names_of_their_patches() {
        // As recorded of AWS after `/*/*/throttling/burstLimit` was set to 123.
        let method = sdk::MethodSetting::builder()
            .caching_enabled(true)
            .cache_ttl_in_seconds(300)
            .throttling_burst_limit(123)
            .throttling_rate_limit(10000.0)
            .build();
        let answered = Answered {
            description: Some("stage new".into()),
            variables: Some(HashMap::from([("var1".into(), "test".into())])),
            tracing: true,
            methods: Some(HashMap::from([
                ("*/*".into(), method.clone()),
                ("test/GET".into(), method),
            ])),
            ..Answered::default()
        };
        let settings = answered.settings();
        for (name, value) in [
            ("/description", "stage new"),
            ("/tracingEnabled", "true"),
            ("/variables/var1", "test"),
            ("/*/*/throttling/burstLimit", "123"),
            ("/*/*/throttling/rateLimit", "10000"),
            ("/~1test/GET/throttling/burstLimit", "123"),
            ("/~1test/GET/metrics/enabled", "false"),
        ] {
            assert_eq!(settings.get(name).map(String::as_str), Some(value), "{name}");
        }
    }
}
