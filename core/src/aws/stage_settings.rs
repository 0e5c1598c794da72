//! What an AWS file declares of a stage.
//!
//! A setting has the name that a patch of it has
//! ([patches of stages](https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html)), such as
//! `/*/*/throttling/rateLimit`.

use std::collections::BTreeMap;

use super::stage_path::{self, EVERY};
use crate::file::{CacheEntry, Entries, LoggingEntry, StageEntry, ThrottlingEntry};
use crate::span::Spanned;

/// What the file declares of a stage. Nothing else of it is touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageSettings {
    /// Values by the names of their patches.
    pub values: BTreeMap<String, String>,
    /// The tags.
    pub tags: BTreeMap<String, String>,
}

impl StageSettings {
    pub(super) fn of(entry: &StageEntry) -> Self {
        let texts = |entries: &Option<Entries<String>>| -> BTreeMap<String, String> {
            let entries = entries.iter().flat_map(Entries::iter);
            entries
                .map(|(name, value)| (name.value.clone(), value.value.clone()))
                .collect()
        };
        let mut settings = Self {
            values: BTreeMap::new(),
            tags: texts(&entry.tags),
        };
        settings.set("/description", text(&entry.description));
        settings.set("/tracingEnabled", entry.tracing);
        settings.set("/clientCertificateId", text(&entry.client_certificate));
        if let Some(log) = &entry.access_log {
            settings.set("/accessLogSettings/destinationArn", text(&log.destination));
            settings.set("/accessLogSettings/format", text(&log.format));
        }
        for (name, value) in texts(&entry.variables) {
            settings.set(&format!("/variables/{name}"), Some(value));
        }
        settings.set_method(EVERY, entry.throttling.as_ref(), entry.logging.as_ref());
        if let Some(cache) = &entry.cache {
            settings.set_cache(cache);
        }
        for (method, entry) in entry.methods.iter().flat_map(Entries::iter) {
            settings.set_method(
                &stage_path::of_method(method),
                entry.throttling.as_ref(),
                entry.logging.as_ref(),
            );
        }
        settings
    }

    fn set(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.values.insert(name.to_owned(), value.to_string());
        }
    }

    fn set_method(&mut self, key: &str, throttling: Option<&ThrottlingEntry>, logging: Option<&LoggingEntry>) {
        if let Some(throttling) = throttling {
            self.set(&format!("{key}/throttling/rateLimit"), throttling.rate_limit);
            self.set(&format!("{key}/throttling/burstLimit"), throttling.burst_limit);
        }
        if let Some(logging) = logging {
            let level = logging.level.map(|level| level.as_str());
            self.set(&format!("{key}/logging/loglevel"), level);
            self.set(&format!("{key}/logging/dataTrace"), logging.data_trace);
            self.set(&format!("{key}/metrics/enabled"), logging.metrics);
        }
    }

    fn set_cache(&mut self, cache: &CacheEntry) {
        let enabled = cache.enabled.unwrap_or(true);
        self.set("/cacheClusterEnabled", Some(enabled));
        self.set(&format!("{EVERY}/caching/enabled"), Some(enabled));
        self.set("/cacheClusterSize", text(&cache.size).filter(|_| enabled));
        let ttl = cache.ttl.as_ref().map(|ttl| ttl.value);
        self.set(&format!("{EVERY}/caching/ttlInSeconds"), ttl);
        self.set(&format!("{EVERY}/caching/dataEncrypted"), cache.encrypted);
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.tags.is_empty()
    }
}

fn text(text: &Option<Spanned<String>>) -> Option<&str> {
    text.as_ref().map(|text| text.value.as_str())
}

#[cfg(test)]
mod tests {
    use crate::{Source, read_aws};

    use super::*;

    #[test]
    fn each_setting_has_the_name_of_its_patch() {
        let stage = r#"{
            "description": "d", "variables": {"host": "h"}, "tracing": true, "clientCertificate": "c",
            "throttling": {"rateLimit": 12.5, "burstLimit": 100},
            "logging": {"level": "INFO", "dataTrace": true, "metrics": false},
            "cache": {"size": "0.5", "ttl": 60, "encrypted": true},
            "methods": {"GET /users/{id}": {"throttling": {"rateLimit": 1}}, "ANY /": {"logging": {"metrics": true}}},
            "accessLog": {"destination": "arn:aws:logs:eu-west-1:111111111111:log-group:a", "format": "$context.requestId"},
            "tags": {"team": "shop"}}"#;
        let source = Source::new(
            "aws.json",
            format!(r#"{{"apiGateway": {{"stages": {{"dev": {stage}}}}}}}"#),
        );
        let file = read_aws(&source.secret()).into_result().expect("an AWS file").0;
        let declared = StageSettings::of(file.api_gateway.stages.unwrap().get("dev").unwrap());
        let values: Vec<String> = declared.values.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(
            values,
            [
                "/*/*/caching/dataEncrypted=true",
                "/*/*/caching/enabled=true",
                "/*/*/caching/ttlInSeconds=60",
                "/*/*/logging/dataTrace=true",
                "/*/*/logging/loglevel=INFO",
                "/*/*/metrics/enabled=false",
                "/*/*/throttling/burstLimit=100",
                "/*/*/throttling/rateLimit=12.5",
                "/accessLogSettings/destinationArn=arn:aws:logs:eu-west-1:111111111111:log-group:a",
                "/accessLogSettings/format=$context.requestId",
                "/cacheClusterEnabled=true",
                "/cacheClusterSize=0.5",
                "/clientCertificateId=c",
                "/description=d",
                "/tracingEnabled=true",
                "/variables/host=h",
                "/~1/ANY/metrics/enabled=true",
                "/~1users~1{id}/GET/throttling/rateLimit=1",
            ]
        );
        assert_eq!(declared.tags, BTreeMap::from([("team".into(), "shop".into())]));
        assert!(!declared.is_empty());
    }
}
