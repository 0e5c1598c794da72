//! What is done to an API, at random.

use bluegate_deploy::api::{Patch, PatchOp, Texts};
use serde_json::json;

use crate::FUNCTION;

/// Numbers that look like chance.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn is(&mut self, one_of: usize) -> bool {
        self.below(one_of) == 0
    }
}

/// What is done.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Put(String),
    Patch(Vec<Patch>),
    Deploy,
    CreateStage(&'static str, usize, Texts),
    /// With the numbers of deployments in place of `DEPLOYMENT`.
    UpdateStage(&'static str, Vec<Patch>, usize),
    DeleteStage(&'static str),
    DeleteDeployment(usize),
    Tag(&'static str),
    Untag(&'static str),
    TagStage(&'static str),
    Flush(&'static str),
    Permit(&'static str),
    Forbid(&'static str),
}

fn patch(op: PatchOp, path: &str, value: Option<&str>) -> Patch {
    Patch {
        op,
        path: path.to_owned(),
        value: value.map(str::to_owned),
    }
}

pub(crate) fn document(random: &mut Random) -> String {
    if random.is(12) {
        return random
            .of(&[
                "",
                "{",
                "[]",
                r#"{"openapi": "3.0.1"}"#,
                r#"{"openapi": "3.0.1", "info": {"title": "a", "version": "1"}, "paths": 1}"#,
            ])
            .to_owned();
    }
    let integration = |random: &mut Random| match random.below(5) {
        0 => json!({"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": {"statusCode": "200"}}}),
        1 => json!({"type": "aws_proxy", "httpMethod": "POST",
            "uri": format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations")}),
        2 => json!({"type": "http", "httpMethod": "GET", "uri": "https://b.example.com/x", "timeoutInMillis": 5000,
            "passthroughBehavior": "never", "requestParameters": {"integration.request.header.X-A": "'a'"},
            "responses": {"4\\d{2}": {"statusCode": "400"}, "default": {"statusCode": "200"}}}),
        3 => json!({"type": "http_proxy", "httpMethod": "ANY", "uri": "https://b.example.com/{proxy}",
            "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}}),
        _ => {
            json!({"type": "http_proxy", "httpMethod": "GET", "uri": "https://b.example.com/", "cacheKeyParameters": ["method.request.querystring.page"]})
        }
    };
    let mut paths = serde_json::Map::new();
    for _ in 0..=random.below(3) {
        let path = random.of(&["/", "/a", "/a/{id}", "/a/b/c", "/{proxy+}"]);
        let mut operation = json!({"responses": {"200": {"description": "d"}}, "parameters": [
            {"name": "page", "in": "query", "required": random.is(2), "schema": {"type": "string"}}]});
        if !random.is(12) {
            operation["x-amazon-apigateway-integration"] = integration(random);
        }
        let security = random.of(&[
            json!(null),
            json!([]),
            json!([{"sigv4": []}]),
            json!([{"asks": []}]),
            json!([{"api_key": []}]),
            json!([{"pool": ["a/b"]}]),
            json!([{"sigv4": [], "api_key": []}]),
        ]);
        if !security.is_null() {
            operation["security"] = security;
        }
        if random.is(2) {
            operation["x-amazon-apigateway-request-validator"] = json!("all");
            operation["requestBody"] =
                json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}});
        }
        let verb = random.of(&["get", "post", "options", "x-amazon-apigateway-any-method"]);
        paths.entry(path).or_insert_with(|| json!({}))[verb] = operation;
    }
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": random.of(&["shop", "another shop"]), "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {"Book": {"type": "object", "properties": {"title": {"type": "string"}}}},
            "securitySchemes": {
                "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
                "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                "asks": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom",
                    "x-amazon-apigateway-authorizer": {"type": "request", "identitySource": "method.request.header.Authorization",
                        "authorizerUri": format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations")}},
                "pool": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "cognito_user_pools",
                    "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools",
                        "providerARNs": ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"]}},
            },
        },
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true, "validateRequestParameters": true}},
    });
    let allows = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
        "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]});
    for (key, value) in [
        ("x-amazon-apigateway-policy", allows),
        ("x-amazon-apigateway-binary-media-types", json!(["image/png", "*/*"])),
        (
            "x-amazon-apigateway-minimum-compression-size",
            json!(random.below(2) * 1024),
        ),
        ("x-amazon-apigateway-api-key-source", json!("AUTHORIZER")),
        ("x-amazon-apigateway-security-policy", json!("TLS_1_2")),
        (
            "x-amazon-apigateway-gateway-responses",
            json!({"DEFAULT_4XX": {"responseParameters":
            {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}, "UNAUTHORIZED": {"statusCode": 403}}),
        ),
        (
            "servers",
            json!([{"url": "https://x.example.com/{basePath}", "variables": {"basePath": {"default": "dev"}},
            "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": true}}]),
        ),
    ] {
        if random.is(3) {
            document[key] = value;
        }
    }
    if random.is(3) {
        document["info"]["description"] = json!("What it is for.");
    }
    document.to_string()
}

fn patches_of_api(random: &mut Random) -> Vec<Patch> {
    let one = |random: &mut Random| {
        let (path, values): (&str, &[Option<&str>]) = random.of(&[
            ("/name", &[Some("shop"), Some("x"), Some(""), None] as &[_]),
            ("/description", &[Some("d"), Some(""), None]),
            (
                "/apiKeySource",
                &[Some("HEADER"), Some("AUTHORIZER"), Some("NOBODY"), Some("")],
            ),
            (
                "/minimumCompressionSize",
                &[Some("0"), Some("10485760"), Some("-1"), Some("many"), None],
            ),
            (
                "/disableExecuteApiEndpoint",
                &[Some("true"), Some("false"), Some("perhaps")],
            ),
            ("/binaryMediaTypes/image~1gif", &[None]),
            ("/binaryMediaTypes/image~1png", &[None]),
            (
                "/policy",
                &[
                    Some(""),
                    Some(r#"{"Version": "2012-10-17", "Statement": []}"#),
                    Some("no policy"),
                ],
            ),
            ("/securityPolicy", &[Some("TLS_1_2"), Some("TLS_1_0"), Some("TLS_0")]),
            (
                "/endpointConfiguration/ipAddressType",
                &[Some("dualstack"), Some("ipv4"), Some("ipv5")],
            ),
            ("/endpointConfiguration/types/REGIONAL", &[Some("EDGE")]),
            ("/nothing", &[Some("a")]),
            ("", &[Some("a")]),
        ]);
        let op = random.of(&[
            PatchOp::Replace,
            PatchOp::Replace,
            PatchOp::Add,
            PatchOp::Remove,
            PatchOp::Copy,
        ]);
        patch(op, path, random.of(values))
    };
    (0..=random.below(2)).map(|_| one(random)).collect()
}

fn patches_of_stage(random: &mut Random) -> Vec<Patch> {
    let one = |random: &mut Random| {
        let (path, values): (&str, &[Option<&str>]) = random.of(&[
            ("/deploymentId", &[Some("DEPLOYMENT"), Some("nope"), None] as &[_]),
            ("/description", &[Some("d"), Some("")]),
            ("/tracingEnabled", &[Some("true"), Some("false"), Some("x")]),
            ("/clientCertificateId", &[Some("c"), Some("")]),
            ("/variables/host", &[Some("a.example.com"), Some("")]),
            (
                "/*/*/throttling/rateLimit",
                &[Some("5"), Some("-1"), Some("x"), Some("1.5")],
            ),
            ("/*/*/throttling/burstLimit", &[Some("5"), Some("1.5")]),
            ("/*/*/logging/loglevel", &[Some("INFO"), Some("OFF"), Some("LOUD")]),
            ("/~1a/GET/logging/dataTrace", &[Some("true")]),
            ("/~1a~1{id}/GET/caching/ttlInSeconds", &[Some("60"), Some("x")]),
            ("/~1a/GET", &[None]),
            ("/accessLogSettings/format", &[Some("$context.requestId"), Some("")]),
            (
                "/accessLogSettings/destinationArn",
                &[Some("arn:aws:logs:us-east-1:000000000000:log-group:a:*")],
            ),
            ("/accessLogSettings", &[None]),
            ("/canarySettings/deploymentId", &[Some("DEPLOYMENT"), Some("nope")]),
            ("/canarySettings/percentTraffic", &[Some("10"), Some("101"), Some("x")]),
            ("/canarySettings/stageVariableOverrides/host", &[Some("b.example.com")]),
            ("/canarySettings/useStageCache", &[Some("true")]),
            ("/canarySettings", &[None]),
            ("/variables", &[Some("/canarySettings/stageVariableOverrides")]),
            ("/deploymentId", &[Some("/canarySettings/deploymentId")]),
            ("/nothing", &[Some("a")]),
        ]);
        let value = random.of(values);
        let op = match value {
            Some(from) if from.starts_with("/canary") => PatchOp::Copy,
            None => PatchOp::Remove,
            _ => random.of(&[
                PatchOp::Replace,
                PatchOp::Replace,
                PatchOp::Replace,
                PatchOp::Add,
                PatchOp::Remove,
            ]),
        };
        patch(op, path, value)
    };
    (0..=random.below(2)).map(|_| one(random)).collect()
}

pub(crate) fn step(random: &mut Random) -> Step {
    let stage = random.of(&["dev", "prod"]);
    match random.below(20) {
        0..4 => Step::Put(document(random)),
        4..7 => Step::Patch(patches_of_api(random)),
        7..9 => Step::Deploy,
        9..11 => {
            let (name, value) = random.of(&[
                ("/description", "d"),
                ("/tracingEnabled", "true"),
                ("/variables/host", "a"),
            ]);
            let settings = Texts::from([(name.to_owned(), value.to_owned())]);
            Step::CreateStage(
                stage,
                random.below(4),
                if random.is(2) { settings } else { Texts::new() },
            )
        }
        11..15 => Step::UpdateStage(stage, patches_of_stage(random), random.below(4)),
        15 => random.of(&[Step::DeleteStage(stage), Step::Flush(stage)]),
        16 => Step::DeleteDeployment(random.below(4)),
        17 => random.of(&[
            Step::Tag("team"),
            Step::Tag("a b"),
            Step::Untag("team"),
            Step::TagStage(stage),
        ]),
        18 => Step::Permit(random.of(&["one", "two"])),
        _ => Step::Forbid(random.of(&["one", "two"])),
    }
}
