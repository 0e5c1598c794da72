//! Lambda authorizers
//! ([Lambda authorizers](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html)),
//! as recorded of AWS.

use std::collections::BTreeMap;

use bluegate_core::aws::written_function;
use bluegate_core::gateway::{AUTHORIZER_TTL, Authorizer};
use serde_json::{Value as Json, json};
use time::Duration;

use super::exchange::Exchange;
use super::failure::{Denial, Failure, PolicyOf, Unidentified};
use super::function::{all_values, last_values};
use super::integration::{TIMEOUT, with_variables};
use super::policy::{Asked, INVOKE, Verdict, evaluate};
use super::question::{Kept, Key, Known, Question, Said};

/// How long answers for an authorizer hold.
pub(super) fn ttl(authorizer: &Authorizer) -> Duration {
    Duration::seconds(authorizer.ttl.unwrap_or(AUTHORIZER_TTL).into())
}

impl Exchange<'_> {
    /// The authorizer of the method.
    pub(super) fn authorizer(&self) -> Result<&Authorizer, Failure> {
        let id = self.route.and_then(|route| route.method.authorizer_id.as_deref());
        let mut authorizers = self.stage.api().authorizers.iter();
        let found = authorizers.find(|one| Some(one.id.as_str()) == id);
        found.ok_or_else(|| Failure::Authorizer("the method has no authorizer".to_owned()))
    }

    pub(super) fn kept_by(&self, authorizer: &Authorizer, identity: Vec<String>) -> Key {
        (
            self.stage.rest_api_id.clone(),
            self.stage.name.clone(),
            authorizer.id.clone(),
            identity,
        )
    }

    /// What the authorizer's function is asked, unless its answer is known.
    pub(super) fn consult(&mut self, kept: &Kept) -> Result<Known, Failure> {
        let authorizer = self.authorizer()?;
        let ttl = ttl(authorizer);
        let identity = self.identity(authorizer, ttl)?;
        let token = identity.first().cloned();
        let key = self.kept_by(authorizer, identity);
        if let Some(answer) = kept.still(&key, self.arrival.time).filter(|_| !ttl.is_zero()) {
            return Ok(Known::Answer(answer.clone()));
        }
        let uri = with_variables(authorizer.uri.as_deref().unwrap_or_default(), &self.stage.variables);
        let function = written_function(&uri)
            .ok_or_else(|| Failure::Authorizer(format!("{uri} names no function")))?
            .to_owned();
        let event = match authorizer.kind.as_str() {
            "TOKEN" => json!({
                "type": "TOKEN",
                "methodArn": self.method_arn(),
                "authorizationToken": token,
            }),
            "REQUEST" => self.request_event(),
            kind => {
                return Err(Failure::NotServed(format!(
                    "authorizers of the type {kind} are not served here"
                )));
            }
        };
        self.note(|this| format!("Starting authorizer: {} for request: {}", key.2, this.request_id));
        let caller = self.stage.arn_of(&format!("authorizers/{}", key.2));
        Ok(Known::Ask(Question {
            function,
            caller,
            event,
            timeout: TIMEOUT,
        }))
    }

    /// What the function is asked with. Nobody asks it without.
    fn identity(&self, authorizer: &Authorizer, ttl: Duration) -> Result<Vec<String>, Failure> {
        let sources = authorizer
            .identity_source
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .map(str::trim);
        let mut identity = Vec::new();
        for source in sources.filter(|source| !source.is_empty()) {
            let value = self
                .sources(None)
                .read(source)
                .unwrap_or_default()
                .pop()
                .unwrap_or_default();
            if value.is_empty() && (authorizer.kind == "TOKEN" || !ttl.is_zero()) {
                return Err(Failure::Unauthorized(Unidentified::Lacks(source.to_owned())));
            }
            identity.push(value);
        }
        if let Some(pattern) = authorizer.validation.as_deref().filter(|pattern| !pattern.is_empty()) {
            let given = identity.first().map_or("", String::as_str);
            if !self.stage.fits(pattern, given).map_err(Failure::Authorizer)? {
                return Err(Failure::Unauthorized(Unidentified::Unlike(pattern.to_owned())));
            }
        }
        Ok(identity)
    }

    /// What the function said: an answer that can be used is kept, whatever it allows.
    pub(super) fn heard(&mut self, said: Said, kept: &mut Kept) -> Result<Json, Failure> {
        let answer = match said {
            Said::Answer(answer) => answer,
            Said::Error(message) if message == "Unauthorized" => {
                return Err(Failure::Unauthorized(Unidentified::Told));
            }
            Said::Error(message) => return Err(Failure::Authorizer(message)),
        };
        let has_policy = answer.get("policyDocument").is_some_and(Json::is_object);
        let has_principal = answer.get("principalId").is_some_and(Json::is_string);
        let is_flat = match answer.get("context") {
            None | Some(Json::Null) => true,
            Some(Json::Object(context)) => context.values().all(|value| !value.is_object() && !value.is_array()),
            Some(_) => false,
        };
        if !has_policy || !has_principal || !is_flat {
            return Err(Failure::Authorizer(
                "the answer of the function is none of an authorizer".to_owned(),
            ));
        }
        let authorizer = self.authorizer()?;
        let ttl = ttl(authorizer);
        if !ttl.is_zero() {
            let key = self.kept_by(authorizer, self.identity(authorizer, ttl)?);
            kept.keep(key, self.arrival.time + ttl, answer.clone());
        }
        Ok(answer)
    }

    /// What the policy of an answer says of an action.
    pub(super) fn said(&self, answer: &Json, action: &str, resource: &str) -> Result<Verdict, Failure> {
        let asked = Asked {
            action,
            resource,
            principal: None,
            user_id: None,
            source: self.arrival.source,
            user_agent: self.request.headers.get("user-agent"),
            referer: self.request.headers.get("referer"),
            now: self.arrival.time,
        };
        evaluate(&answer["policyDocument"], &asked).map_err(Failure::Authorizer)
    }

    /// Lets the caller in or not, as the policy of the answer says of this very method; how long the function took, and
    /// nothing for an answer that was kept.
    pub(super) fn judge(&mut self, answer: &Json, took: std::time::Duration) -> Result<(), Failure> {
        let resource = self.method_arn();
        let (why, statement, misses) = match self.said(answer, INVOKE, &resource)? {
            Verdict::Allow => {
                let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.context.set("authorizer.principalId", text(&answer["principalId"]));
                let millis = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
                self.context.set("authorizer.integrationLatency", millis);
                for (name, value) in answer.get("context").and_then(Json::as_object).into_iter().flatten() {
                    *self.context_mut().entry("authorizer").entry(name) = text(value).into();
                }
                self.note(|_| "Successfully completed authorizer execution".to_owned());
                return Ok(());
            }
            Verdict::Deny(number) => {
                let why = "with an explicit deny in an identity-based policy";
                (why, Some(number), Vec::new())
            }
            Verdict::Silent(misses) => (
                "because no identity-based policy allows the execute-api:Invoke action",
                None,
                misses,
            ),
        };
        Err(Failure::AccessDenied(Denial {
            message: format!("User is not authorized to access this resource {why}"),
            policy: PolicyOf::Authorizer,
            statement,
            misses,
            resource,
        }))
    }

    pub(super) fn method_arn(&self) -> String {
        self.stage.arn(&self.verb, &self.request.path, &self.stage.account_id)
    }

    /// The request, as a function of the type REQUEST is told of it. Maps without entries are empty.
    fn request_event(&self) -> Json {
        let headers: Vec<(&str, &str)> = self.request.headers.iter().collect();
        let query: Vec<(&str, &str)> = self
            .parameters
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let path = self.parameters.path.iter();
        json!({
            "type": "REQUEST",
            "methodArn": self.method_arn(),
            "resource": self.text("resourcePath"),
            "path": self.request.path,
            "httpMethod": self.verb,
            "headers": last_values(&headers),
            "multiValueHeaders": all_values(&headers),
            "queryStringParameters": last_values(&query),
            "multiValueQueryStringParameters": all_values(&query),
            "pathParameters": path.cloned().collect::<BTreeMap<String, String>>(),
            "stageVariables": self.stage.variables,
            "requestContext": self.context(),
        })
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::Api;
    use bluegate_core::openapi::Document;

    use super::*;
    use crate::plane::{Answer, Arrival, Headers, Request};
    use crate::plane::{Gate, Next, Stage};

    fn stage(authorizer: &Json) -> Stage {
        let mut authorizer = authorizer.clone();
        let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:f/invocations";
        authorizer["authorizerUri"] = json!(uri);
        let method = json!({
            "security": [{"function": []}],
            "responses": {},
            "x-amazon-apigateway-integration": {
                "type": "mock",
                "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
                "responses": {"default": {"statusCode": "200", "responseTemplates": {
                    "application/json": "$context.authorizer.principalId $context.authorizer.number"}}},
            },
        });
        let document: Document = serde_json::from_value(json!({
            "paths": {"/a": {"get": method}, "/b": {"get": method}},
            "components": {"securitySchemes": {"function": {
                "type": "apiKey", "name": "X-Auth", "in": "header", "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": authorizer,
            }}},
        }))
        .unwrap();
        Stage::new("abc", "dev", Api::from(&document))
    }

    /// The status, the body, and whether the function was asked.
    fn ask(stage: &Stage, gate: &mut Gate, path: &str, token: Option<&str>, said: &Said) -> (u16, String, bool) {
        let request = Request {
            method: "GET".into(),
            path: path.into(),
            headers: token.map(|token| ("X-Auth", token)).into_iter().collect::<Headers>(),
            ..Request::default()
        };
        let arrival = Arrival {
            time: time::OffsetDateTime::UNIX_EPOCH,
            source: "127.0.0.1".parse().unwrap(),
            seed: 1,
        };
        let mut exchange = Exchange::new(stage, request, arrival);
        let (next, is_asked) = match exchange.start(gate) {
            Next::Ask(_) => (
                exchange.authorize(gate, Ok(said.clone()), std::time::Duration::ZERO),
                true,
            ),
            next => (next, false),
        };
        let Next::Answer(Answer { status, body, .. }) = next else {
            panic!("{next:?}")
        };
        (status, String::from_utf8(body.into()).unwrap(), is_asked)
    }

    fn policy(effect: &str, resource: &str) -> Said {
        let statement = json!({"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource});
        Said::Answer(json!({
            "principalId": "me",
            "policyDocument": {"Statement": statement},
            "context": {"number": 1.5},
        }))
    }

    const ONE: &str = "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/a";

    #[test]
    fn a_policy_that_is_kept_decides_about_other_methods_too() {
        let stage = stage(&json!({"type": "token", "identitySource": "method.request.header.X-Auth"}));
        let mut gate = Gate::default();
        let said = policy("Allow", ONE);
        assert_eq!(
            ask(&stage, &mut gate, "/a", Some("t"), &said),
            (200, "me 1.5".to_owned(), true)
        );
        assert_eq!(
            ask(&stage, &mut gate, "/a", Some("t"), &said),
            (200, "me 1.5".to_owned(), false)
        );
        let (status, body, is_asked) = ask(&stage, &mut gate, "/b", Some("t"), &said);
        assert_eq!((status, body.len(), is_asked), (403, 130, false), "{body}");
        gate.kept.forget("abc", "dev");
        assert!(ask(&stage, &mut gate, "/a", Some("t"), &said).2);
        // Another token is another caller.
        assert!(ask(&stage, &mut gate, "/a", Some("u"), &said).2);
    }

    #[test]
    fn what_is_no_answer_is_not_kept() {
        let stage = stage(&json!({"type": "token", "identitySource": "method.request.header.X-Auth"}));
        let mut gate = Gate::default();
        for (said, status) in [
            (Said::Error("Unauthorized".into()), 401),
            (Said::Error("other".into()), 500),
            (Said::Answer(json!({"principalId": "me"})), 500),
            (
                Said::Answer(json!({"principalId": "me", "policyDocument": {}, "context": {"a": {}}})),
                500,
            ),
            (policy("Deny", "*"), 403),
        ] {
            let (found, _, is_asked) = ask(&stage, &mut gate, "/a", Some("t"), &said);
            assert_eq!((found, is_asked), (status, true), "{said:?}");
        }
        // A denial is.
        let (status, _, is_asked) = ask(&stage, &mut gate, "/a", Some("t"), &policy("Allow", "*"));
        assert_eq!((status, is_asked), (403, false));
    }

    #[test]
    fn nobody_is_asked_without_what_it_takes() {
        let token = json!({"type": "token", "identitySource": "method.request.header.X-Auth",
            "identityValidationExpression": "^(?!reject).*"});
        let request = json!({"type": "request", "identitySource": "method.request.header.X-Auth, context.none"});
        let open = json!({"type": "request", "authorizerResultTtlInSeconds": 0});
        let said = policy("Allow", "*");
        for (authorizer, sent, status, is_asked) in [
            (&token, None, 401, false),
            (&token, Some(""), 401, false),
            (&token, Some("reject me"), 401, false),
            (&token, Some("t"), 200, true),
            (&request, Some("t"), 401, false),
            (&open, None, 200, true),
        ] {
            let (found, _, asked) = ask(&stage(authorizer), &mut Gate::default(), "/a", sent, &said);
            assert_eq!((found, asked), (status, is_asked), "{authorizer} {sent:?}");
        }
    }
}
