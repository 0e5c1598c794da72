//! What `$context` says of a request when it comes.

use super::exchange::Exchange;
use super::message::Arrival;
use super::value::Value;

impl Exchange<'_> {
    /// `$context`.
    #[must_use]
    pub fn context(&self) -> &Value {
        self.context.whole(|| self.known())
    }

    /// Knows more of a request than came with it.
    pub(crate) fn knowing(mut self, more: &std::collections::BTreeMap<String, String>) -> Self {
        for (name, value) in more {
            self.context_mut().set(name, value.as_str());
        }
        self
    }

    /// The same, for whoever writes to it as a whole.
    pub(super) fn context_mut(&mut self) -> &mut Value {
        let _ = self.context();
        self.context.made()
    }

    /// What is known of a request when it comes.
    fn known(&self) -> Value {
        let Self {
            stage,
            request,
            arrival,
            ..
        } = self;
        let mut context = Value::Map(Vec::with_capacity(24));
        let host = request.headers.get("host").unwrap_or_default();
        let prefix = host.split(['.', ':']).next().unwrap_or_default();
        let path = match stage.is_at_root {
            true => request.path.clone(),
            false => format!("/{}{}", stage.name, request.path),
        };
        for (name, text) in [
            ("requestId", self.request_id.clone()),
            ("extendedRequestId", self.extended_id.clone()),
            ("accountId", stage.account_id.clone()),
            ("apiId", stage.rest_api_id.clone()),
            ("stage", stage.name.clone()),
            ("deploymentId", stage.deployment_id.clone()),
            ("domainName", host.to_owned()),
            ("domainPrefix", prefix.to_owned()),
            ("httpMethod", self.verb.clone()),
            ("path", path),
            // Of HTTP/2 clients too.
            ("protocol", "HTTP/1.1".to_owned()),
            ("requestTime", common_log_time(arrival)),
            ("identity.sourceIp", arrival.source.to_string()),
        ] {
            context.set(name, text);
        }
        let milliseconds = i64::try_from(arrival.time.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
        context.set("requestTimeEpoch", milliseconds);
        if let Some(agent) = request.headers.get("user-agent") {
            context.set("identity.userAgent", agent);
        }
        if let Some(route) = &self.route {
            context.set("resourcePath", route.resource.path.as_str());
            context.set("resourceId", route.resource.id.as_str());
        }
        context
    }
}

/// Such as `25/Sep/2026:09:19:54 +0000`.
fn common_log_time(arrival: &Arrival) -> String {
    let time = arrival.time.to_offset(time::UtcOffset::UTC);
    let month = time.month().to_string();
    format!(
        "{:02}/{}/{}:{:02}:{:02}:{:02} +0000",
        time.day(),
        &month[..3],
        time.year(),
        time.hour(),
        time.minute(),
        time.second()
    )
}
