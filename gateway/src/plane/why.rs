//! Why a request was refused, in words: AWS tells callers less, so that strangers learn nothing.

use serde::Serialize;

use super::exchange::Exchange;
use super::failure::{Denial, Expected, Failure, KeyFault, PolicyOf, Slip, Unidentified};
use super::near::Near;

/// Why the gateway answered by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// One sentence without a full stop.
    pub sentence: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Longer texts, each with what it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<(&'static str, String)>,
}

impl Why {
    fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            help: None,
            details: Vec::new(),
        }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Exchange<'_> {
    /// Why the gateway answered by itself, if it did. What callers sent is quoted, so that it is for their eyes alone.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        let failure = self.failure()?;
        let why = match failure {
            Failure::NoMethod => self.no_method(),
            Failure::MissingAuthenticationToken => {
                Why::new("the method needs a signature (AWS_IAM), and there is none")
                    .with_help("sign the request with Signature Version 4, service `execute-api`")
            }
            Failure::IncompleteSignature(text) => match self.route {
                None => self.no_method(),
                Some(_) => Why::new(format!("the signature is incomplete: {}", text.trim()))
                    .with_help("the method takes Signature Version 4 alone (AWS_IAM), and no other token"),
            },
            Failure::InvalidSignature(text) => Why::new(format!("the signature is not for this: {}", text.trim())),
            Failure::WrongSignature(expected) => mismatch(expected),
            Failure::UnknownKey(key) => Why::new(format!("nobody has the access key `{key}`"))
                .with_help("sign with the key `test` and the secret `test`, or make it known: `--credential`"),
            Failure::WrongToken(key) => Why::new(format!("the session token is not the one of the access key `{key}`")),
            Failure::Unauthorized(unidentified) => self.unidentified(unidentified),
            Failure::ExpiredToken => {
                Why::new("the token has expired").with_help("make another one: `bluegate local token`")
            }
            Failure::PathTooLong => Why::new("the ARN of what is called is longer than 1,600 bytes"),
            Failure::Authorizer(why) => {
                Why::new(format!("the authorizer {} cannot say who calls: {why}", self.asked()))
            }
            Failure::AccessDenied(denial) => self.denied(denial),
            Failure::InvalidApiKey(fault) => key(*fault),
            Failure::QuotaExceeded(plan) => Why::new(format!("the quota of the usage plan `{plan}` is used up")),
            Failure::Throttled(plan) => Why::new(format!("the throttle of {plan} lets no more in")),
            Failure::BadParameters(text) => Why::new(format!("the request validator: {text}")),
            Failure::BadBody(text) => Why::new(format!(
                "the body does not fit the model: {}",
                text.trim_matches(['[', ']'])
            )),
            Failure::InvalidJson => Why::new("a mapping reads the body, which is no JSON"),
            Failure::UnsupportedMediaType => Why::new(format!(
                "no template is for the media type `{}`, and bodies of others are not passed through",
                self.request.headers.get("content-type").unwrap_or("application/json")
            )),
            Failure::Configuration(text) => Why::new(format!("no call of this method can work: {text}")),
            Failure::Network(text) => Why::new(format!("nobody answers at {}: {text}", self.service()))
                .with_help("start the service, or say where it is"),
            Failure::Function(text) => Why::new(format!("the function failed: {text}")),
            Failure::Malformed(text) => Why::new(format!("what came back is no answer: {text}")),
            Failure::TimedOut => Why::new(format!("{} took too long", self.service())),
            Failure::NotServed(text) => Why::new(format!("AWS would serve it, this gateway does not: {text}")),
        };
        Some(why)
    }

    fn no_method(&self) -> Why {
        let path = &self.request.path;
        let why = Why::new(format!("no route `{} {path}`", self.verb));
        match Near::of(self.stage, &self.verb, path) {
            Some(near) => why.with_help(near.to_string()),
            None => why,
        }
    }

    fn unidentified(&self, unidentified: &Unidentified) -> Why {
        let name = self.asked();
        match unidentified {
            Unidentified::Lacks(source) => Why::new(format!(
                "the authorizer {name} is asked with `{source}`, which is not there"
            )),
            Unidentified::Unlike(pattern) => Why::new(format!(
                "what the authorizer {name} is asked with does not have the form `{pattern}`, so that nobody asked it"
            )),
            Unidentified::Token(what) => Why::new(format!("the authorizer {name} does not take the token: {what}")),
            Unidentified::Told => Why::new(format!("the authorizer {name} says `Unauthorized`")),
        }
    }

    fn denied(&self, denial: &Denial) -> Why {
        let policy = match denial.policy {
            PolicyOf::Api => "the resource policy of the API".to_owned(),
            PolicyOf::Authorizer => format!("the policy that the authorizer {} answered", self.asked()),
        };
        let resource = &denial.resource;
        match denial.statement {
            Some(number) => Why::new(format!("statement {} of {policy} denies {resource}", number + 1)),
            None => {
                let misses = denial.misses.iter();
                let misses =
                    misses.map(|miss| format!("statement {} is for another {}", miss.statement + 1, miss.part));
                let misses: Vec<String> = misses.collect();
                let why = Why::new(format!("no statement of {policy} allows {resource}"));
                match misses.as_slice() {
                    [] => why,
                    misses => why.with_help(misses.join(", ")),
                }
            }
        }
    }

    /// The name of the authorizer.
    fn asked(&self) -> String {
        let id = self.route.and_then(|route| route.method.authorizer_id.as_deref());
        let mut authorizers = self.stage.api().authorizers.iter();
        let found = authorizers.find(|one| Some(one.id.as_str()) == id);
        format!("`{}`", found.map_or("", |one| one.name.as_str()))
    }

    /// Where the method is answered.
    fn service(&self) -> &str {
        let integration = self.route.and_then(|route| route.method.integration.as_ref());
        integration.and_then(|one| one.uri.as_deref()).unwrap_or("the service")
    }
}

fn mismatch(expected: &Expected) -> Why {
    let mut why = Why::new("the signature is not that of the request").with_help(match expected.slip {
        Some(Slip::PathEncodedOnce) => "the signer encodes the path once, as for S3: it has to be encoded twice",
        Some(Slip::EmptyBody) => "the signer took the body for empty: sign the bytes that are sent",
        Some(Slip::UnsignedPayload) => "the signer left the body out (UNSIGNED-PAYLOAD), which only S3 takes",
        Some(Slip::HostWithoutPort) => "the signer left out the port of the host",
        Some(Slip::WithoutQuery) => "the signer left out the query",
        None => "compare what was signed with the texts below; if they are the same, the secret is another one",
    });
    why.details = vec![
        ("canonical request", expected.canonical_request.clone()),
        ("string to sign", expected.string_to_sign.clone()),
    ];
    why
}

fn key(fault: KeyFault) -> Why {
    match fault {
        KeyFault::Missing => {
            Why::new("the method needs an API key, and there is none").with_help("send it as `x-api-key`")
        }
        KeyFault::Unknown => Why::new("nobody has this API key"),
        KeyFault::Disabled => Why::new("the API key is not enabled"),
        KeyFault::NotPlanned => Why::new("no usage plan has both the API key and the stage"),
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::Api;
    use bluegate_core::openapi::Document;
    use serde_json::json;

    use super::*;
    use crate::plane::{ApiKey, Arrival, Credential, Gate, Headers, Request, Stage};

    /// Why a request is refused, with what to do.
    fn why(verb: &str, path: &str, headers: &[(&str, &str)], body: &str, policy: Option<&str>) -> (String, String) {
        let integration = json!({"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": {"statusCode": "200"}}});
        let method = |rest: serde_json::Value| {
            let mut method = json!({"responses": {}, "x-amazon-apigateway-integration": integration});
            method
                .as_object_mut()
                .unwrap()
                .extend(rest.as_object().unwrap().clone());
            method
        };
        let scheme = |more: serde_json::Value| {
            let mut scheme = json!({"type": "apiKey", "name": "Authorization", "in": "header"});
            scheme
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            scheme
        };
        let validated = json!({
            "x-amazon-apigateway-request-validator": "all",
            "parameters": [{"name": "page", "in": "query", "required": true, "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
        });
        let document: Document = serde_json::from_value(json!({
            "paths": {
                "/signed": {"get": method(json!({"security": [{"sigv4": []}]}))},
                "/keyed": {"get": method(json!({"security": [{"api_key": []}]}))},
                "/guarded": {"get": method(json!({"security": [{"guard": []}]}))},
                "/books": {"get": method(json!({})), "post": method(validated)},
            },
            "components": {
                "schemas": {"Book": {"type": "object", "required": ["title"]}},
                "securitySchemes": {
                    "sigv4": scheme(json!({"x-amazon-apigateway-authtype": "awsSigv4"})),
                    "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                    "guard": scheme(json!({"x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": {
                        "type": "token", "identityValidationExpression": "^Bearer .+",
                        "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations",
                    }})),
                },
            },
            "x-amazon-apigateway-request-validators": {
                "all": {"validateRequestBody": true, "validateRequestParameters": true}},
        }))
        .unwrap();
        let mut stage = Stage::new("abc", "dev", Api::from(&document));
        stage.policy = policy.map(str::to_owned);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let request = Request {
            method: verb.into(),
            sent_path: path.into(),
            path: path.into(),
            query: query.into(),
            headers: headers.iter().copied().collect::<Headers>(),
            body: body.to_owned().into(),
        };
        let arrival = Arrival {
            time: time::OffsetDateTime::UNIX_EPOCH,
            source: "127.0.0.1".parse().unwrap(),
            seed: 1,
        };
        let mut gate = Gate {
            credentials: vec![Credential::test()],
            ..Gate::default()
        };
        gate.usage.keys.push(ApiKey {
            id: "k".into(),
            name: "k".into(),
            value: "mine".into(),
            is_enabled: true,
        });
        let mut exchange = Exchange::new(&stage, request, arrival);
        exchange.start(&mut gate);
        let why = exchange.why().unwrap_or_else(|| panic!("{verb} {path} is answered"));
        (why.sentence, why.help.unwrap_or_default())
    }

    #[test]
    fn each_refusal_says_what_aws_does_not_say() {
        let bearer = [("Authorization", "Bearer x")];
        for (verb, path, headers, body, sentence, help) in [
            ("GET", "/book", &[][..], "", "no route `GET /book`", "`/books` is near"),
            (
                "PUT",
                "/books",
                &[],
                "",
                "no route `PUT /books`",
                "the path takes GET, POST",
            ),
            (
                "PUT",
                "/books",
                &bearer,
                "",
                "no route `PUT /books`",
                "the path takes GET, POST",
            ),
            (
                "GET",
                "/signed",
                &[],
                "",
                "the method needs a signature (AWS_IAM), and there is none",
                "sign the request",
            ),
            (
                "GET",
                "/signed",
                &bearer,
                "",
                "the signature is incomplete: Invalid key=value pair",
                "no other token",
            ),
            (
                "GET",
                "/keyed",
                &[],
                "",
                "the method needs an API key, and there is none",
                "`x-api-key`",
            ),
            (
                "GET",
                "/keyed",
                &[("x-api-key", "x")],
                "",
                "nobody has this API key",
                "",
            ),
            (
                "GET",
                "/keyed",
                &[("x-api-key", "mine")],
                "",
                "no usage plan has both the API key and the stage",
                "",
            ),
            (
                "GET",
                "/guarded",
                &[],
                "",
                "the authorizer `guard` is asked with `method.request.header.Authorization`, which is not there",
                "",
            ),
            (
                "GET",
                "/guarded",
                &[("Authorization", "x")],
                "",
                "does not have the form `^Bearer .+`",
                "",
            ),
            (
                "POST",
                "/books",
                &[],
                "",
                "Missing required request parameters: [page]",
                "",
            ),
            (
                "POST",
                "/books?page=1",
                &[],
                "{}",
                "object has missing required properties ([\"title\"])",
                "",
            ),
        ] {
            let (said, advice) = why(verb, path, headers, body, None);
            assert!(said.contains(sentence), "{verb} {path}: {said}");
            assert!(advice.contains(help), "{verb} {path}: {advice}");
        }
    }

    #[test]
    fn a_denial_names_its_statement() {
        let statement = |effect: &str, resource: &str| json!({"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource});
        let arn = "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/books";
        let policy =
            json!({"Statement": [statement("Allow", "execute-api:/*"), statement("Deny", "execute-api:/*/GET/*")]});
        let (said, _) = why("GET", "/books", &[], "", Some(&policy.to_string()));
        assert_eq!(
            said,
            format!("statement 2 of the resource policy of the API denies {arn}")
        );
        let mut elsewhere = statement("Allow", "execute-api:/*");
        elsewhere["Condition"] = json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}});
        let policy = json!({"Statement": [statement("Allow", "execute-api:/*/POST/*"), elsewhere]});
        let (said, help) = why("GET", "/books", &[], "", Some(&policy.to_string()));
        assert_eq!(
            said,
            format!("no statement of the resource policy of the API allows {arn}")
        );
        assert_eq!(
            help,
            "statement 1 is for another Resource, statement 2 is for another Condition IpAddress aws:SourceIp"
        );
    }
}
