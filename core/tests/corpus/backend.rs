//! How a backend is called, and what becomes of its answers.

use serde_json::Value;

use super::document::{entries, follow, items, media_types, text, text_at};
use super::facts::{Fact, Facts, VERBS, small, sorted, template};
use super::schema::Schema;

impl<'a> Facts<'a> {
    pub(crate) fn integration(&mut self, place: &str, verb: &str, kind: &str, integration: &Value) {
        self.put(format!("{place} type"), if kind.is_empty() { "none" } else { kind });
        let (is_http, is_proxy) = (kind.starts_with("http"), kind.ends_with("_proxy"));
        if kind != "mock" && !kind.is_empty() {
            self.call(place, verb, is_http, integration);
        }
        if self.has_binary {
            self.put(
                format!("{place} content handling"),
                text_at(integration, "contentHandling").to_uppercase(),
            );
        }
        if is_proxy || kind.is_empty() {
            return;
        }
        for (media, value) in entries(integration, "requestTemplates") {
            self.put(format!("{place} template {}", media.to_lowercase()), template(value));
        }
        let passthrough = text_at(integration, "passthroughBehavior").to_lowercase();
        self.put(format!("{place} passthrough"), passthrough.replace("when_no_match", ""));
        for (pattern, response) in entries(integration, "responses") {
            let place = format!("{place} answer {pattern}");
            let status = text_at(response, "statusCode");
            self.put(
                format!("{place} status"),
                if status.is_empty() { "none".to_owned() } else { status },
            );
            for (name, value) in entries(response, "responseParameters") {
                self.put(format!("{place} {}", small(name)), small(&text(value)));
            }
            for (media, value) in entries(response, "responseTemplates") {
                self.put(format!("{place} template {media}"), template(value));
            }
            if self.has_binary {
                self.put(
                    format!("{place} content handling"),
                    text_at(response, "contentHandling").to_uppercase(),
                );
            }
        }
    }

    fn call(&mut self, place: &str, verb: &str, is_http: bool, integration: &Value) {
        let method = text_at(integration, "httpMethod").to_uppercase();
        let is_any = is_http && method == "ANY" && verb != VERBS[7];
        self.put(
            format!("{place} method"),
            if is_any { verb.to_uppercase() } else { method },
        );
        let mut uri = text_at(integration, "uri")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let is_whole = is_http && uri.starts_with("${") && uri.find('}') == Some(uri.len() - 1);
        for (name, value) in entries(integration, "requestParameters") {
            let value = small(&text(value));
            if let Some(hole) = name.strip_prefix("integration.request.path.") {
                let hole = format!("{{{hole}}}");
                if uri.replace(&format!("${hole}"), "").contains(&hole) {
                    let guarded = uri
                        .replace(&format!("${hole}"), "\u{1}")
                        .replace(&hole, &format!("{{={value}}}"));
                    uri = guarded.replace('\u{1}', &format!("${hole}"));
                    continue;
                }
                if !is_whole {
                    continue;
                }
            }
            self.put(format!("{place} mapping {}", small(name.trim())), value);
        }
        let is_host = uri.strip_suffix('/').is_some_and(|host| host.matches('/').count() == 2);
        self.put(
            format!("{place} uri"),
            if is_http && is_host {
                uri.trim_end_matches('/').to_owned()
            } else {
                uri
            },
        );
        self.put(format!("{place} role"), text_at(integration, "credentials"));
        self.put(
            format!("{place} timeout"),
            text_at(integration, "timeoutInMillis").replace("29000", ""),
        );
        self.put(
            format!("{place} cache keys"),
            sorted(
                items(integration, "cacheKeyParameters")
                    .iter()
                    .map(|key| small(&text(key))),
            ),
        );
        self.put(format!("{place} cache"), text_at(integration, "cacheNamespace"));
        self.put(
            format!("{place} tls"),
            text_at(&integration["tlsConfig"], "insecureSkipVerification").replace("false", ""),
        );
        self.put(
            format!("{place} transfer"),
            text_at(integration, "responseTransferMode")
                .to_uppercase()
                .replace("BUFFERED", ""),
        );
        if is_http && text_at(integration, "connectionType").eq_ignore_ascii_case("VPC_LINK") {
            self.put(format!("{place} link"), text_at(integration, "connectionId"));
            self.put(format!("{place} target"), text_at(integration, "integrationTarget"));
        }
    }

    pub(crate) fn answers(&mut self, place: &str, operation: &'a Value) {
        let document = self.document;
        for (status, response) in entries(operation, "responses") {
            if status.len() != 3 || !status.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let response = follow(document, response);
            let place = format!("{place} declares {status}");
            self.put(place.clone(), "yes");
            let headers = entries(response, "headers")
                .into_iter()
                .map(|(name, _)| name.to_lowercase());
            self.put(format!("{place} headers"), sorted(headers));
            let content = entries(response, "content").into_iter();
            let mut found: Vec<(String, &Value)> = content
                .filter_map(|(media, content)| Some((media.to_owned(), content.get("schema")?)))
                .collect();
            if let Some(schema) = response.get("schema") {
                let media = media_types(document, operation, "produces");
                found.extend(media.into_iter().map(|media| (media, schema)));
            }
            for (media, schema) in found {
                if !Schema(document, schema).is_empty() {
                    self.facts.insert(
                        format!("{place} model {}", media.to_lowercase()),
                        Fact::Schema(Schema(document, schema)),
                    );
                }
            }
        }
    }
}
