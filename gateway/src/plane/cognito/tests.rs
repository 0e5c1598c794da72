use bluegate_core::openapi::Document;
use serde_json::json;

use super::*;
use crate::plane::{Arrival, Headers, Next, Request, Stage, Token};

const POOL: &str = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_shop";
const OTHER: &str = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_other";

fn stage(scopes: &[&str]) -> Stage {
    let document: Document = serde_json::from_value(json!({
        "paths": {"/a": {"get": {
            "security": [{"pool": scopes}],
            "x-amazon-apigateway-integration": {"type": "mock",
                "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
                "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json":
                    "$context.authorizer.claims.sub $context.authorizer.claims.exp $context.authorizer.claims['cognito:groups']"}}}},
        }}},
        "components": {"securitySchemes": {"pool": {
            "type": "apiKey", "name": "Authorization", "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL],
                "identityValidationExpression": "local.*"},
        }}},
    }))
    .unwrap();
    Stage::of("abc", "dev", &document)
}

fn noon() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_790_337_600).unwrap()
}

fn ask(stage: &Stage, gate: &mut Gate, header: Option<&str>, now: OffsetDateTime) -> (u16, String) {
    let request = Request {
        method: "GET".into(),
        path: "/a".into(),
        headers: header
            .map(|header| ("Authorization", header))
            .into_iter()
            .collect::<Headers>(),
        ..Request::default()
    };
    let arrival = Arrival {
        time: now,
        source: "127.0.0.1".parse().unwrap(),
        seed: 1,
    };
    let mut exchange = Exchange::new(stage, request, arrival);
    let Next::Answer(answer) = exchange.start(gate) else {
        panic!("no answer")
    };
    (answer.status, String::from_utf8(answer.body.into()).unwrap())
}

fn token() -> Token {
    Token::of("me").pool(POOL).claim("cognito:groups", json!(["a", "b"]))
}

#[test]
fn a_token_of_the_pool_is_let_in_with_its_claims() {
    let told = (200, "me Fri Sep 25 13:00:00 UTC 2026 a,b".to_owned());
    let (identity, access) = (token().signed(noon()), token().scope("shop/read").signed(noon()));
    let mut gate = Gate::default();
    for (scopes, token) in [(&[][..], &identity), (&["shop/write", "shop/read"], &access)] {
        for header in [token.clone(), format!("Bearer {token}"), format!("bearer  {token} ")] {
            assert_eq!(ask(&stage(scopes), &mut gate, Some(&header), noon()), told, "{header}");
        }
    }
}

#[test]
fn what_is_no_token_for_the_method_is_unauthorized() {
    let signed = token().signed(noon());
    let (head, signature) = signed.rsplit_once('.').unwrap();
    let forged = format!(
        "{head}.{}{}",
        if signature.starts_with('A') { 'B' } else { 'A' },
        &signature[1..]
    );
    for (scopes, header) in [
        (&[][..], None),
        (&[], Some(String::new())),
        (&[], Some("Bearer".to_owned())),
        (&[], Some("Bearer x.y.z".to_owned())),
        (&[], Some(forged)),
        (&[], Some(format!("{head}."))),
        (&[], Some(token().pool(OTHER).signed(noon()))),
        (&[], Some(token().scope("shop/read").signed(noon()))),
        (&[], Some(token().client("elsewhere").signed(noon()))),
        (&[], Some(token().signed(noon() + Duration::hours(1)))),
        (&["shop/read"], Some(signed.clone())),
        (&["shop/read"], Some(token().scope("shop/write").signed(noon()))),
    ] {
        let found = ask(&stage(scopes), &mut Gate::default(), header.as_deref(), noon());
        assert_eq!(
            found,
            (401, r#"{"message":"Unauthorized"}"#.to_owned()),
            "{scopes:?} {header:?}"
        );
    }
}

#[test]
fn a_token_holds_until_it_expires_even_when_its_claims_are_kept() {
    let token = token().signed(noon());
    let (stage, mut gate) = (stage(&[]), Gate::default());
    for (minutes, status) in [(0, 200), (4, 200), (59, 200), (60, 401)] {
        let (found, body) = ask(&stage, &mut gate, Some(&token), noon() + Duration::minutes(minutes));
        assert_eq!(found, status, "{minutes}: {body}");
        let is_told = body == r#"{"message":"The incoming token has expired"}"#;
        assert_eq!(is_told, status == 401);
    }
}

#[test]
fn no_algorithm_but_that_of_pools_is_taken() {
    use base64::Engine as _;
    let text = |value: &Json| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = token().signed(noon());
    let parts: Vec<&str> = signed.split('.').collect();
    for algorithm in ["none", "HS256"] {
        let header = text(&json!({"alg": algorithm, "kid": "bluegate-local"}));
        let token = format!("{header}.{}.{}", parts[1], parts[2]);
        assert_eq!(ask(&stage(&[]), &mut Gate::default(), Some(&token), noon()).0, 401);
    }
}

#[test]
fn keys_of_a_real_pool_are_read_of_its_file() {
    let mut pools = super::super::Pools::default();
    let signed = token().signed(noon());
    assert!(pools.claims(&signed).is_ok());
    let set = pools.to_jwks();
    assert!(set["keys"][0]["n"].as_str().unwrap().len() > 300);
    pools.add_jwks(&set.to_string()).unwrap();
    for wrong in [
        "",
        "{}",
        r#"{"keys": [{"kid": "a", "kty": "RSA", "n": "!", "e": "AQAB"}]}"#,
    ] {
        assert!(pools.add_jwks(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_resource_policy_has_to_allow_it_too() {
    let token = token().signed(noon());
    let mut stage = stage(&[]);
    for (effect, status) in [("Allow", 200), ("Deny", 403)] {
        let policy = json!({"Statement": {"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"}});
        stage.policy = Some(policy.to_string());
        assert_eq!(ask(&stage, &mut Gate::default(), Some(&token), noon()).0, status);
    }
    stage.policy = Some(json!({"Statement": []}).to_string());
    assert_eq!(ask(&stage, &mut Gate::default(), Some(&token), noon()).0, 403);
}
