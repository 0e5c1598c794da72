use super::*;
use crate::gateway::MethodResponse;
use crate::gateway::model::{IntegrationResponse, Resource};

/// The method of a mocked preflight, as recorded of AWS.
fn recorded() -> Method {
    Method {
        authorization: Some("NONE".into()),
        responses: BTreeMap::from([(
            "200".into(),
            MethodResponse {
                parameters: BTreeMap::from([("method.response.header.Access-Control-Allow-Origin".into(), false)]),
                ..MethodResponse::default()
            },
        )]),
        integration: Some(Integration {
            kind: "MOCK".into(),
            passthrough_behavior: Some("WHEN_NO_MATCH".into()),
            timeout_in_millis: Some(29_000),
            request_templates: Texts::from([("application/json".into(), "{\"statusCode\":200}".into())]),
            responses: BTreeMap::from([(
                "200".into(),
                IntegrationResponse {
                    parameters: Texts::from([(
                        "method.response.header.Access-Control-Allow-Origin".into(),
                        "'*'".into(),
                    )]),
                    ..IntegrationResponse::default()
                },
            )]),
            ..Integration::default()
        }),
        ..Method::default()
    }
}

fn of(method: Method, responses: Vec<GatewayResponse>) -> Definition {
    Definition::of(&Api {
        resources: vec![Resource {
            id: String::new(),
            path: "/a".into(),
            methods: BTreeMap::from([("GET".into(), method)]),
        }],
        responses,
        ..Api::default()
    })
}

/// Facts, as tests write them.
pub(crate) type Pairs<'a> = &'a [(Field, &'a str)];

/// Routes with these facts.
pub(crate) fn definition(routes: &[(&str, &str, Pairs<'_>)]) -> Definition {
    let mut definition = Definition::default();
    for (verb, path, facts) in routes {
        let key = Key {
            path: (*path).to_owned(),
            verb: (*verb).to_owned(),
        };
        let facts = facts.iter().map(|(k, v)| (k.clone(), (*v).to_owned())).collect();
        definition.routes.insert(key, facts);
    }
    definition
}

#[test]
fn defaults_that_aws_writes_down_are_no_facts() {
    let mut plain = recorded();
    let integration = plain.integration.as_mut().unwrap();
    integration.passthrough_behavior = None;
    integration.timeout_in_millis = None;
    integration
        .request_templates
        .insert("application/json".into(), "{\"statusCode\": 200}".into());
    plain.authorization = None;
    assert_eq!(facts(&plain, "a1"), facts(&recorded(), "a1"));
}

#[test]
fn what_an_integration_says_beyond_its_defaults_is_a_fact() {
    let of = |change: &dyn Fn(&mut Integration)| -> Vec<String> {
        let mut method = recorded();
        change(method.integration.as_mut().unwrap());
        let before = facts(&recorded(), "a1");
        let mut found = facts(&method, "a1");
        found.retain(|field, value| before.get(field) != Some(value));
        found.iter().map(|(field, value)| format!("{field}: {value}")).collect()
    };
    // As recorded of AWS: the namespace of a cache is the resource's id unless somebody gave it a name.
    assert!(of(&|it| it.cache_namespace = Some("a1".into())).is_empty());
    assert!(of(&|it| it.response_transfer_mode = Some("BUFFERED".into())).is_empty());
    assert_eq!(of(&|it| it.cache_namespace = Some("b".into())), ["cache namespace: b"]);
    assert_eq!(of(&|it| it.cache_key_parameters.push("c".into())), ["cache key c: yes"]);
    assert_eq!(of(&|it| it.skips_verification = true), ["certificate check: off"]);
    assert_eq!(
        of(&|it| it.response_transfer_mode = Some("STREAM".into())),
        ["response transfer: STREAM"]
    );
    assert_eq!(
        of(&|it| it.integration_target = Some("d".into())),
        ["integration target: d"]
    );
    assert_eq!(
        of(&|it| it.content_handling = Some("CONVERT_TO_TEXT".into())),
        ["content handling: CONVERT_TO_TEXT"]
    );
    let answer = |it: &mut Integration| {
        let answer = it.responses.get_mut("200").unwrap();
        answer.content_handling = Some("CONVERT_TO_BINARY".into());
    };
    assert_eq!(of(&answer), ["answer content handling 200: CONVERT_TO_BINARY"]);
}

#[test]
fn the_digest_knows_every_fact_and_no_order() {
    let of = |change: &dyn Fn(&mut Method)| {
        let mut method = recorded();
        change(&mut method);
        of(method, Vec::new()).digest()
    };
    let same = of(&|_| {});
    assert_eq!(same, of(&|method| method.authorization = None));
    assert_ne!(same, of(&|method| method.authorization = Some("AWS_IAM".into())));
    assert_ne!(same, of(&|method| method.api_key_required = true));
    assert_ne!(
        same,
        of(&|method| method.integration.as_mut().unwrap().uri = Some("x".into()))
    );
}

#[test]
fn whatever_an_authorizer_is_asked_with_is_a_fact_and_what_is_so_by_default_is_none() {
    let authorizer = |change: fn(&mut Authorizer)| {
        let mut authorizer = Authorizer {
            kind: "TOKEN".into(),
            ..Authorizer::default()
        };
        change(&mut authorizer);
        authorizer_facts(&authorizer)
    };
    let plain = authorizer(|_| {});
    assert_eq!(authorizer(|it| it.ttl = Some(300)), plain);
    let changes: [fn(&mut Authorizer); 3] = [
        |it| it.ttl = Some(0),
        |it| it.credentials = Some("arn:aws:iam::111111111111:role/calls".into()),
        |it| it.validation = Some("^Bearer ".into()),
    ];
    for change in changes {
        assert_eq!(authorizer(change).len(), plain.len() + 1);
    }
}

/// What is written here stands in the descriptions of deployments: who has to change it makes a new scheme.
#[test]
fn the_digest_is_made_of_codes_and_of_no_word() {
    let response = GatewayResponse {
        kind: "DEFAULT_4XX".into(),
        parameters: Texts::from([("gatewayresponse.header.foo".into(), "'bar'".into())]),
        ..GatewayResponse::default()
    };
    let mut method = recorded();
    method.api_key_required = true;
    let mut definition = of(method, vec![response]);
    let authorizer = Authorizer {
        kind: "TOKEN".into(),
        ..Authorizer::default()
    };
    definition
        .authorizers
        .insert("staff".into(), authorizer_facts(&authorizer));
    assert_eq!(
        definition.canonical(),
        concat!(
            r#"[[["route","/a","GET"],["#,
            r#"[["answer","200","method.response.header.Access-Control-Allow-Origin"],"'*'"],"#,
            r#"[["answers","200",""],"default"],[["api-key","",""],"required"],"#,
            r#"[["authorization","",""],"NONE"],"#,
            r#"[["declares","200",""],"method.response.header.Access-Control-Allow-Origin"],"#,
            r#"[["integration","",""],"MOCK"],[["template","application/json",""],"{\"statusCode\":200}"]"#,
            r#"]],[["authorizer","staff",""],[[["type","",""],"TOKEN"]]],"#,
            r#"[["response","DEFAULT_4XX",""],[[["header","gatewayresponse.header.foo",""],"'bar'"]]]]"#,
        )
    );
    // `API key` is the word for it.
    assert!(
        definition
            .routes
            .values()
            .any(|facts| facts.contains_key(&Field::ApiKey))
    );
    assert_eq!(Field::ApiKey.to_string(), "API key");
    assert_eq!(definition.digest(), "1:13a7540fb91c72b66a708efd2a6f1d50");
}

#[test]
fn digests_of_another_scheme_say_nothing() {
    assert!(Definition::is_comparable(&Definition::default().digest()));
    for other in [
        "0f343b0931126a20f133d67c2b018a3b",
        "2:0f343b0931126a20f133d67c2b018a3b",
        "",
    ] {
        assert!(!Definition::is_comparable(other), "{other}");
    }
}

#[test]
fn a_gateway_response_is_customised_by_what_differs_from_the_default() {
    let response = GatewayResponse {
        kind: "DEFAULT_4XX".into(),
        parameters: Texts::from([("gatewayresponse.header.foo".into(), "'bar'".into())]),
        templates: Texts::from([("application/json".into(), DEFAULT_BODY.into())]),
        ..GatewayResponse::default()
    };
    let default = GatewayResponse {
        kind: "ACCESS_DENIED".into(),
        is_default: true,
        ..GatewayResponse::default()
    };
    let status = |status: &str| GatewayResponse {
        kind: "THROTTLED".into(),
        status_code: Some(status.into()),
        ..GatewayResponse::default()
    };
    assert_eq!(response_facts(&status("429")), Facts::new());
    assert_eq!(
        response_facts(&status("503")),
        Facts::from([(Field::Status, "503".into())])
    );
    let definition = Definition::of(&Api {
        responses: vec![response, default],
        ..Api::default()
    });
    assert_eq!(definition.responses.len(), 1);
    assert_eq!(
        definition.responses["DEFAULT_4XX"],
        Facts::from([(Field::Header("gatewayresponse.header.foo".into()), "'bar'".into())])
    );
}
