//! The settings of a stage as API Gateway answers with them, by the names of their patches.

use std::collections::HashMap;

use aws_sdk_apigateway::types as sdk;
use bluegate_core::aws::stage_path;

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
    pub(super) fn settings(self) -> Texts {
        let mut settings = Texts::new();
        let mut set = |name: String, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                settings.insert(name, value);
            }
        };
        set("/description".into(), self.description);
        set("/tracingEnabled".into(), Some(self.tracing.to_string()));
        set("/clientCertificateId".into(), self.client_certificate);
        set("/cacheClusterEnabled".into(), Some(self.cache.is_on().to_string()));
        set(
            "/cacheClusterSize".into(),
            self.cache_size
                .filter(|_| self.cache.is_on())
                .map(|size| size.as_str().to_owned()),
        );
        if let Some(log) = self.access_log {
            set("/accessLogSettings/destinationArn".into(), log.destination_arn);
            set("/accessLogSettings/format".into(), log.format);
        }
        for (name, value) in self.variables.unwrap_or_default() {
            set(format!("/variables/{name}"), Some(value));
        }
        for (key, method) in self.methods.unwrap_or_default() {
            let key = stage_path::of_answer(&key);
            let mut set = |name: &str, value: Option<String>| set(format!("{key}/{name}"), value);
            set("metrics/enabled", Some(method.metrics_enabled.to_string()));
            set("logging/loglevel", method.logging_level);
            set("logging/dataTrace", Some(method.data_trace_enabled.to_string()));
            set("throttling/burstLimit", Some(method.throttling_burst_limit.to_string()));
            set("throttling/rateLimit", Some(method.throttling_rate_limit.to_string()));
            set("caching/enabled", Some(method.caching_enabled.to_string()));
            set("caching/ttlInSeconds", Some(method.cache_ttl_in_seconds.to_string()));
            set("caching/dataEncrypted", Some(method.cache_data_encrypted.to_string()));
        }
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
