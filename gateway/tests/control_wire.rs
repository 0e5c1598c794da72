//! Whatever comes over the wire, the control plane answers in the form of AWS.

mod calling;
#[expect(dead_code, reason = "the documents of cases are for another test")]
mod document;

use bluegate_gateway::control::{Control, Outcome, Reply};
use bluegate_gateway::plane::Credential;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn call(control: &mut Control, verb: &str, target: &str, body: Vec<u8>) -> Option<Reply> {
    match calling::outcome(control, verb, target, body) {
        Outcome::Reply(reply) => Some(reply),
        Outcome::Trial(_) => None,
    }
}

/// An API with a method, a stage, a key, a plan and a domain name; the ids of all.
fn full() -> (Control, Vec<String>) {
    let mut control = Control::new(vec![Credential::test()]);
    let mut made = |verb: &str, target: &str, body: Json| {
        let reply = call(&mut control, verb, target, body.to_string().into_bytes()).unwrap();
        assert!(reply.status < 300, "{verb} {target}: {reply:?}");
        reply.body
    };
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let api = made("POST", "/restapis", json!({"name": "a"}));
    let (id, root) = (text(&api["id"]), text(&api["rootResourceId"]));
    let method = format!("/restapis/{id}/resources/{root}/methods/GET");
    made("PUT", &method, json!({"authorizationType": "NONE"}));
    made("PUT", &format!("{method}/integration"), json!({"type": "MOCK"}));
    made("PUT", &format!("{method}/responses/200"), json!({}));
    let deployment = made(
        "POST",
        &format!("/restapis/{id}/deployments"),
        json!({"stageName": "dev"}),
    );
    let validator = made(
        "POST",
        &format!("/restapis/{id}/requestvalidators"),
        json!({"name": "v"}),
    );
    let key = made("POST", "/apikeys", json!({"name": "k"}));
    let plan = made("POST", "/usageplans", json!({"name": "p"}));
    made("POST", "/domainnames", json!({"domainName": "a.example"}));
    let ids = [&deployment["id"], &validator["id"], &key["id"], &plan["id"]].map(text);
    let more = [
        "GET",
        "200",
        "dev",
        "Empty",
        "DEFAULT_4XX",
        "a.example",
        "oas30",
        "none",
    ]
    .map(str::to_owned);
    (control, [id, root].into_iter().chain(ids).chain(more).collect())
}

const PLACES: [&str; 41] = [
    "/account",
    "/restapis",
    "/restapis/*",
    "/restapis/*/resources",
    "/restapis/*/resources/*",
    "/restapis/*/resources/*/methods/*",
    "/restapis/*/resources/*/methods/*/responses/*",
    "/restapis/*/resources/*/methods/*/integration",
    "/restapis/*/resources/*/methods/*/integration/responses/*",
    "/restapis/*/authorizers",
    "/restapis/*/models",
    "/restapis/*/models/*",
    "/restapis/*/models/*/default_template",
    "/restapis/*/requestvalidators/*",
    "/restapis/*/gatewayresponses/*",
    "/restapis/*/deployments",
    "/restapis/*/deployments/*",
    "/restapis/*/stages",
    "/restapis/*/stages/*",
    "/restapis/*/stages/*/exports/*",
    "/restapis/*/documentation/parts",
    "/restapis/*/documentation/parts/*",
    "/restapis/*/documentation/versions",
    "/restapis/*/documentation/versions/*",
    "/sdktypes/*",
    "/apikeys",
    "/apikeys/*",
    "/usageplans",
    "/usageplans/*",
    "/usageplans/*/usage",
    "/usageplans/*/keys",
    "/usageplans/*/keys/*/usage",
    "/domainnames",
    "/domainnames/*/basepathmappings",
    "/clientcertificates",
    "/clientcertificates/*",
    "/domainnameaccessassociations",
    "/domainnameaccessassociations/*",
    "/rejectdomainnameaccessassociations",
    "/vpclinks",
    "/tags/*",
];

const MEMBERS: [&str; 27] = [
    "name",
    "description",
    "endpointConfiguration",
    "binaryMediaTypes",
    "minimumCompressionSize",
    "tags",
    "pathPart",
    "authorizationType",
    "requestParameters",
    "requestModels",
    "type",
    "uri",
    "integrationHttpMethod",
    "timeoutInMillis",
    "responseTemplates",
    "patchOperations",
    "stageName",
    "variables",
    "apiStages",
    "quota",
    "throttle",
    "schema",
    "domainName",
    "targetArns",
    "location",
    "properties",
    "documentationVersion",
];

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[a-zA-Z{}+/$ ~'\\\\.0-9]{0,12}".prop_map(Json::from),
        prop::sample::select(vec![
            "MOCK", "HTTP", "AWS", "PRIVATE", "CUSTOM", "NONE", "1e999", "\u{0}"
        ])
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let operation = (
            prop::sample::select(vec!["add", "remove", "replace", "move", "copy", "test", "none"]),
            "(/[a-zA-Z*~0-9{}]{0,16}){0,5}",
            inner.clone(),
        );
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((prop::sample::select(MEMBERS.to_vec()), inner.clone()), 0..4).prop_map(|entries| {
                entries
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()
            }),
            prop::collection::vec(
                operation.prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value})),
                0..3
            )
            .prop_map(Json::from),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let members = prop::collection::vec((prop::sample::select(MEMBERS.to_vec()), value()), 0..6);
    prop_oneof![
        6 => members.prop_map(|entries| {
            let object: serde_json::Map<String, Json> = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            Json::Object(object).to_string().into_bytes()
        }),
        1 => prop::collection::vec(any::<u8>(), 0..64),
        1 => (1usize..2000).prop_map(|depth| "[".repeat(depth).into_bytes()),
        1 => (1usize..2000).prop_map(|depth| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)).into_bytes()),
        1 => "(openapi|swagger|paths|info): .{0,40}".prop_map(String::into_bytes),
    ]
}

fn asked() -> impl Strategy<Value = (&'static str, String, Vec<usize>, String, Vec<u8>)> {
    (
        prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]),
        prop_oneof![
            8 => prop::sample::select(PLACES.to_vec()).prop_map(str::to_owned),
            1 => "(/[a-z%0-9.*]{0,12}){0,12}",
            1 => (1usize..3000).prop_map(|length| format!("/restapis/{}", "a/".repeat(length))),
        ],
        prop::collection::vec(0usize..100, 6),
        prop::sample::select(vec![
            "",
            "embed=methods",
            "mode=import",
            "mode=overwrite",
            "mode=merge&failonwarnings=true",
            "mode=import&format=csv",
            "limit=0",
            "limit=-1&position=x",
            "limit=1",
            "position=%ff%fe",
            "tagKeys=a",
            "startDate=2026-13-99&endDate=x",
            "startDate=0000-01-01&endDate=9999-12-31",
            "%zz=%",
            "=&&=",
        ])
        .prop_map(str::to_owned),
        body(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_is_answered_in_the_form_of_aws(calls in prop::collection::vec(asked(), 1..12)) {
        let (mut control, ids) = full();
        for (verb, place, picks, query, body) in calls {
            let mut picks = picks.into_iter();
            let parts = place.split('/').map(|part| match part {
                "*" => ids[picks.next().unwrap_or_default() % ids.len()].clone(),
                part => part.to_owned(),
            });
            let path = parts.collect::<Vec<_>>().join("/");
            // STS is asked at the root.
            let path = if path.trim_matches('/').is_empty() { "/restapis".to_owned() } else { path };
            let Some(reply) = call(&mut control, verb, &format!("{path}?{query}"), body) else {
                continue;
            };
            prop_assert!(matches!(reply.status, 200..=204 | 400 | 403 | 404 | 409), "{} {}: {:?}", verb, path, reply);
            if reply.status >= 400 {
                let message = reply.body["message"].as_str().unwrap_or_default();
                prop_assert!(!message.is_empty() && reply.error.is_some(), "{} {}: {:?}", verb, path, reply);
            } else {
                prop_assert!(reply.error.is_none());
            }
        }
        // Whatever it was, all of it can be kept, and is the same again.
        let records = control.records();
        let mut again = Control::new(vec![Credential::test()]);
        again.restore(records.clone()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(again.records(), records);
    }
}

#[test]
fn a_request_that_is_too_large_is_refused_as_such() {
    let (mut control, _) = full();
    let reply = call(&mut control, "POST", "/restapis", vec![b' '; 10_485_761]).unwrap();
    assert_eq!(
        (reply.status, reply.error),
        (413, Some("RequestEntityTooLargeException"))
    );
}

#[test]
fn deep_and_endless_documents_end() {
    let (mut control, ids) = full();
    let deep = format!("{}{}", "{\"paths\":".repeat(5_000), "}".repeat(5_000));
    let anchors = "a: &a [x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n".to_owned();
    for text in [
        deep,
        anchors,
        "- ".repeat(20_000),
        "{".repeat(100_000),
        "a: ".repeat(10_000),
    ] {
        let target = format!("/restapis/{}?mode=overwrite", ids[0]);
        let reply = call(&mut control, "PUT", &target, text.into_bytes()).unwrap();
        assert_eq!((reply.status, reply.error), (400, Some("BadRequestException")));
    }
}
