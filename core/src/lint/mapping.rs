//! Rules about what becomes of requests and answers on their way.

use std::collections::HashMap;

use crate::blueprint::{Blueprint, Mapping, Route};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Routes with their mapping, if the file says anything of it.
fn mapped(blueprint: &Blueprint) -> impl Iterator<Item = (&Route, &Mapping)> {
    let routes = blueprint.routes.iter();
    routes.filter_map(|route| Some((route, route.integration.mapping.as_deref()?)))
}

/// A method has one integration response a status
/// ([resource](https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html)).
pub(super) fn shared_statuses(blueprint: &Blueprint, found: &mut Diagnostics) {
    for (route, mapping) in mapped(blueprint) {
        let mut first: HashMap<&str, &str> = HashMap::new();
        for (pattern, response) in mapping.responses.iter().flatten() {
            let Some(other) = first.insert(&response.status, pattern) else {
                continue;
            };
            let message = format!(
                "API Gateway keeps one integration response a status: that of `{other}` is lost to that of `{pattern}`, both {}",
                response.status
            );
            found.push(Diagnostic::new(Code::SharedStatus, message).at(route.span).with_help(
                "write one regular expression for both, such as `(404|410)`, or give them different statuses",
            ));
        }
    }
}

/// An integration response answers with a status that its method declares.
pub(super) fn undeclared_statuses(blueprint: &Blueprint, found: &mut Diagnostics) {
    for (route, mapping) in mapped(blueprint) {
        let answers = route.contract.iter().flat_map(|contract| &contract.answers);
        let answers: Vec<&str> = answers.map(|(status, _)| status.as_str()).collect();
        if answers.is_empty() || route.integration.proxy {
            continue;
        }
        let responses = mapping.responses.iter().flatten();
        for (pattern, response) in responses.filter(|(_, one)| !answers.contains(&one.status.as_str())) {
            let message = format!(
                "`{pattern}` answers with {}, which is not among the `answers`",
                response.status
            );
            let help = format!("add it: `\"{}\": {{}}`", response.status);
            found.push(
                Diagnostic::new(Code::UndeclaredStatus, message)
                    .at(route.span)
                    .with_help(help),
            );
        }
    }
}

/// Answers that are passed on while they come
/// ([response streaming](https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html)).
pub(super) fn streams(blueprint: &Blueprint, found: &mut Diagnostics) {
    for (route, mapping) in mapped(blueprint).filter(|(_, mapping)| mapping.streams) {
        let (message, help) = if !route.integration.proxy {
            (
                "nothing but the answers of a proxy is streamed",
                "remove `\"proxyIntegration\": false`, or write `\"BUFFERED\"`",
            )
        } else if !mapping.cache_keys.is_empty() || mapping.cache_namespace.is_some() {
            (
                "an answer that is streamed is not kept in a cache",
                "remove `cacheKeys` and `cacheNamespace`, or write `\"BUFFERED\"`",
            )
        } else if !mapping.templates.is_empty() || mapping.responses.is_some() {
            (
                "a template does not work on an answer that is streamed, and a proxy has none",
                "remove `requestTemplates` and `integrationResponses`, or write `\"BUFFERED\"` and `\"proxyIntegration\": false`",
            )
        } else {
            continue;
        };
        found.push(Diagnostic::new(Code::Streaming, message).at(route.span).with_help(help));
    }
}

/// Without a proxy the gateway sets the headers of answers, and what it sets is one text for all.
pub(super) fn unnamed_origins(blueprint: &Blueprint, found: &mut Diagnostics) {
    let has = |kind: &str| blueprint.gateway.responses.iter().any(|(known, _)| known == kind);
    let crossed = blueprint.routes.iter().find(|route| route.cors.is_some());
    if let Some(route) = crossed
        && blueprint.cors_of_refusals().is_none()
        && !(has("DEFAULT_4XX") && has("DEFAULT_5XX"))
    {
        let message = "the gateway's own refusals name no origin: several may call, and a refusal looks at no request";
        found.push(Diagnostic::new(Code::UnnamedOrigin, message).at(route.span).with_help(
            "write `\"DEFAULT_4XX\": {\"headers\": {\"Access-Control-Allow-Origin\": \"header.Origin\"}}` in \
             `gatewayResponses`, and the same of `DEFAULT_5XX`: pages of all origins then read refusals; or `{}` for none",
        ));
    }
    for route in &blueprint.routes {
        let Some(cors) = route.cors.as_deref().filter(|cors| cors.origins.len() > 1) else {
            continue;
        };
        let is_said = route
            .integration
            .mapping
            .as_ref()
            .is_some_and(|mapping| mapping.responses.is_some());
        if !route.integration.proxy && !is_said {
            let message = format!(
                "the answers of `{} {}` name no origin: several may call, and without a proxy nobody knows which one asked",
                route.verb, route.path.gateway
            );
            found.push(
                Diagnostic::new(Code::UnnamedOrigin, message)
                    .at(route.span)
                    .with_help(if cors.credentials {
                        "let it be a proxy, or set the header in `integrationResponses`"
                    } else {
                        "let it be a proxy, name one origin or all of them, or set the header in `integrationResponses`"
                    }),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Mode, Source, read_blueprint};

    /// The findings about a file with one action, and something more in its blueprint.
    fn found(action: &str, more: &str) -> Vec<String> {
        let text = format!(
            r#"{{"blueprint": {{"name": "shop", "gatewayResponses": {{"DEFAULT_4XX": {{}}, "DEFAULT_5XX": {{}}}}, {more}
                "resources": [{{"name": "a", "methods": [
                {{"path": "/a", "cors": {{"enable": true, "origins": ["https://a.example", "https://b.example"]}},
                  "actions": [{action}]}}]}}]}}}}"#
        );
        let read = read_blueprint(&Source::new("routes.json", text), Mode::Strict);
        let found = read.diagnostics.iter();
        found
            .map(|one| format!("{} {}", one.code, one.span.is_some()))
            .collect()
    }

    fn of(action: &str) -> Vec<String> {
        found(action, "")
    }

    #[test]
    fn a_status_has_one_integration_response() {
        let action = |second: u16| {
            format!(
                r#"{{"type": "GET", "url": "https://b.example", "proxyIntegration": false,
                    "integrationResponses": {{"default": {{}}, "404": {{"status": 404}}, "410": {{"status": {second}}}}}}}"#
            )
        };
        assert_eq!(of(&action(404)), ["BG0143 true"]);
        assert!(of(&action(410)).is_empty());
    }

    #[test]
    fn a_status_of_an_integration_response_is_among_the_answers() {
        let action = |answers: &str| {
            format!(
                r#"{{"type": "GET", "url": "https://b.example", "proxyIntegration": false, "answers": {answers},
                    "integrationResponses": {{"default": {{}}, "404": {{"status": 404}}}}}}"#
            )
        };
        assert_eq!(of(&action(r#"{"200": {}}"#)), ["BG0144 true"]);
        assert!(of(&action(r#"{"200": {}, "404": {}}"#)).is_empty());
        assert!(of(&action("{}")).is_empty());
    }

    #[test]
    fn what_is_streamed_is_not_worked_on() {
        let action =
            |more: &str| format!(r#"{{"type": "GET", "url": "https://b.example", "transfer": "STREAM" {more}}}"#);
        assert!(of(&action("")).is_empty());
        assert_eq!(of(&action(r#", "cacheKeys": ["query.q"]"#)), ["BG0147 true"]);
        for template in [
            r#", "requestTemplates": {"text/plain": "a"}"#,
            r#", "integrationResponses": {"default": {"templates": {"text/plain": "a"}}}"#,
        ] {
            // A proxy makes nothing of it either.
            assert_eq!(of(&action(template)), ["BG0147 true", "BG0152 true"]);
            assert_eq!(of(&action(template).replace("STREAM", "BUFFERED")), ["BG0152 true"]);
        }
        let without_proxy = r#", "proxyIntegration": false, "integrationResponses": {"default": {}}"#;
        assert_eq!(of(&action(without_proxy)), ["BG0147 true"]);
    }

    #[test]
    fn several_origins_need_a_proxy_that_names_the_one_that_asked() {
        let action = r#"{"type": "GET", "url": "https://b.example", "proxyIntegration": false}"#;
        assert_eq!(of(action), ["BG0148 true"]);
        assert!(of(&action.replace("false", "true")).is_empty());
    }

    #[test]
    fn quotas_are_told() {
        let plain = r#"{"type": "GET"}"#;
        let authorizers = |number: usize| {
            let one = |n: usize| format!(r#""a{n}": {{"type": "LAMBDA_TOKEN", "function": "f"}}"#);
            let all: Vec<String> = (0..number).map(one).collect();
            format!(r#""authorizers": {{{}}},"#, all.join(","))
        };
        assert_eq!(found(plain, &authorizers(11)), ["BG0146 true"]);
        assert!(found(plain, &authorizers(10)).is_empty());
        let policy = |length: usize| format!(r#""policy": {{"a": "{}"}},"#, "x".repeat(length));
        assert_eq!(found(plain, &policy(8192)), ["BG0146 true"]);
        assert!(found(plain, &policy(8192 - 8)).is_empty());
        let template = |length: usize| {
            format!(
                r#"{{"type": "GET", "answer": {{"headers": {{"Access-Control-Allow-Origin": "*"}}, "templates": {{"text/plain": "{}"}}}}}}"#,
                "x".repeat(length)
            )
        };
        // The answer names an origin itself: nothing is added to its template.
        assert!(of(&template(300 * 1024 + 1)).contains(&"BG0145 true".to_owned()));
        assert!(!of(&template(300 * 1024)).contains(&"BG0145 true".to_owned()));
    }
}
