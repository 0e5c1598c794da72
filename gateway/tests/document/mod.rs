//! The document of a case, and a signer of its own.

use std::fmt::Write as _;

use bluegate_gateway::plane::Request;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// The routes of a case with API Gateway's extensions.
pub(crate) fn of(case: &Json) -> Json {
    let setup = &case["setup"];
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": case["id"], "version": "1"},
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {
            "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
            "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        }},
        "x-amazon-apigateway-request-validators": {},
    });
    for (key, value) in [
        ("binary-media-types", &setup["binary_media_types"]),
        ("gateway-responses", &setup["gateway_responses"]),
        ("policy", &setup["policy"]),
    ] {
        if !value.is_null() {
            document[format!("x-amazon-apigateway-{key}")] = value.clone();
        }
    }
    for route in setup["routes"].as_array().unwrap() {
        let (path, verb) = (
            route["path"].as_str().unwrap(),
            route["method"].as_str().unwrap().to_lowercase(),
        );
        let verb = if verb == "any" {
            "x-amazon-apigateway-any-method".to_owned()
        } else {
            verb
        };
        document["paths"][path][verb] = operation(route, &mut document["components"], path);
        if let Some(check) = route["validator"].as_object() {
            document["x-amazon-apigateway-request-validators"][path] =
                json!({"validateRequestParameters": check["params"], "validateRequestBody": check["body"]});
        }
    }
    document
}

fn operation(route: &Json, components: &mut Json, path: &str) -> Json {
    let mut operation = json!({"responses": {}, "x-amazon-apigateway-integration": route["integration"]});
    let parameters = route["parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(source, required)| {
            let (place, name) = source.strip_prefix("method.request.").unwrap().split_once('.').unwrap();
            let place = if place == "querystring" { "query" } else { place };
            json!({"name": name, "in": place, "required": required})
        });
    operation["parameters"] = parameters.collect();
    for (at, (kind, schema)) in route["models"].as_object().into_iter().flatten().enumerate() {
        let name = format!("Model{at}{}", path.len());
        components["schemas"][&name] = schema.clone();
        operation["requestBody"]["content"][kind] = json!({"schema": {"$ref": format!("#/components/schemas/{name}")}});
    }
    if route["validator"].is_object() {
        operation["x-amazon-apigateway-request-validator"] = json!(path);
    }
    let mut security = Map::new();
    match route["auth"].as_str() {
        Some("AWS_IAM") => drop(security.insert("sigv4".to_owned(), json!([]))),
        Some("CUSTOM") => {
            let mut authorizer = route["authorizer"].clone();
            authorizer["authorizerResultTtlInSeconds"] = authorizer["ttl"].take();
            authorizer["authorizerUri"] =
                json!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations");
            components["securitySchemes"]["function"] = json!({
                "type": "apiKey", "name": "X-Auth", "in": "header", "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": authorizer,
            });
            security.insert("function".to_owned(), json!([]));
        }
        _ => {}
    }
    if route["api_key"] == true {
        security.insert("api_key".to_owned(), json!([]));
    }
    if !security.is_empty() {
        operation["security"] = json!([security]);
    }
    operation
}

/// Signs a request with `test:test` for a service in `us-east-1`, in its header.
pub(crate) fn sign(request: &mut Request, service: &str, now: OffsetDateTime) {
    let signer = Signer {
        key: "test",
        secret: "test",
        token: None,
        region: "us-east-1",
        service,
        date: date(now),
        signed: None,
        expires: None,
    };
    signer.sign(request);
}

/// A moment as signatures have it.
pub(crate) fn date(now: OffsetDateTime) -> String {
    let day = format!("{:04}{:02}{:02}", now.year(), u8::from(now.month()), now.day());
    format!("{day}T{:02}{:02}{:02}Z", now.hour(), now.minute(), now.second())
}

/// Who signs, for what, and when.
pub(crate) struct Signer<'a> {
    pub(crate) key: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) date: String,
    /// The headers that are signed; without, all are.
    pub(crate) signed: Option<Vec<String>>,
    /// How many seconds it holds if it is in the query.
    pub(crate) expires: Option<u64>,
}

impl Signer<'_> {
    pub(crate) fn sign(&self, request: &mut Request) {
        let Self { key, date, .. } = self;
        let scope = format!("{}/{}/{}/aws4_request", &date[..8], self.region, self.service);
        if self.expires.is_none() {
            request.headers.set("X-Amz-Date", date.as_str());
            if let Some(token) = self.token {
                request.headers.set("X-Amz-Security-Token", token);
            }
        }
        let mut names: Vec<String> = request.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        let names = self.signed.clone().unwrap_or(names);
        let signed = names.join(";");
        let mut query: Vec<String> = request.query.split('&').map(str::to_owned).collect();
        query.retain(|pair| !pair.is_empty());
        if let Some(expires) = self.expires {
            let credential = format!("{key}/{scope}").replace('/', "%2F");
            query.extend([
                "X-Amz-Algorithm=AWS4-HMAC-SHA256".to_owned(),
                format!("X-Amz-Credential={credential}"),
                format!("X-Amz-Date={date}"),
                format!("X-Amz-Expires={expires}"),
                format!("X-Amz-SignedHeaders={}", signed.replace(';', "%3B")),
            ]);
            query.extend(self.token.map(|token| format!("X-Amz-Security-Token={token}")));
        }
        query.sort();
        let path = request.sent_path.replace('%', "%25").replace("//", "/");
        let mut canonical = format!("{}\n{path}\n{}\n", request.method, query.join("&"));
        for name in &names {
            let values: Vec<&str> = request.headers.all(name).collect();
            let _ = writeln!(canonical, "{name}:{}", values.join(","));
        }
        let _ = write!(canonical, "\n{signed}\n{}", hex(&Sha256::digest(&request.body)));
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let mut keyed = format!("AWS4{}", self.secret).into_bytes();
        for part in scope.split('/').chain([to_sign.as_str()]) {
            let mut mac = Hmac::<Sha256>::new_from_slice(&keyed).unwrap();
            mac.update(part.as_bytes());
            keyed = mac.finalize().into_bytes().to_vec();
        }
        let signature = hex(&keyed);
        if self.expires.is_some() {
            query.push(format!("X-Amz-Signature={signature}"));
            request.query = query.join("&");
            return;
        }
        let header =
            format!("AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={signed}, Signature={signature}");
        request.headers.set("Authorization", header);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
