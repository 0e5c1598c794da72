//! What a value may be, and what holds without one.

use super::*;

#[test]
fn defaults_are_the_obvious_ones() {
    let route = &routes(r#"[{"path": "/u", "actions": [{"type": "DELETE"}]}]"#)[0];
    assert_eq!(route.handler.as_deref(), Some("delete"));
    assert_eq!(route.authorization, Authorization::Public);
    assert_eq!(route.integration.connection, Connection::Internet);
    assert!(route.integration.proxy);
    assert!(route.strict_slashes);
    assert_eq!(route.cors, None);
    assert_eq!(route.pointer, "/blueprint/resources/0/methods/0/actions/0");
    assert_eq!(route.docs.operation_id, "delete_u");
}

#[test]
fn null_is_absent() {
    let route = &routes(
        r#"[{"path": "/u", "cors": null, "queryParams": null, "pathParams": null, "actions": [{"type": "GET",
            "integration": null, "proxyIntegration": null, "vpcLink": null, "authorization": null, "handler": null,
            "summary": null, "tags": null, "operationId": null}]}]"#,
    )[0];
    assert_eq!(route.authorization, Authorization::Public);
    assert_eq!(route.handler.as_deref(), Some("get"));
}

#[test]
fn a_policy_that_is_a_text_is_what_the_text_says() {
    let of = |policy: &str| {
        read(&format!(
            r#"{{"name": "b", "policy": {policy}, "resources": [{{"name": "r", "methods": [
                {{"path": "/u", "actions": [{{"type": "GET"}}]}}]}}]}}"#
        ))
    };
    let written = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Resource": "${aws:username}"}]}"#;
    let text = serde_json::to_string(written).expect("JSON");
    let policy = |policy: &str| {
        let (blueprint, _) = of(policy).into_result().expect("no errors");
        crate::value::value(&blueprint.gateway.policy.expect("a policy").0)
    };
    assert_eq!(policy(&text), policy(written));
    assert!(policy(written).is_object());
    for open in ["\"${var.policy}\"", "\"${policy}\""] {
        assert!(policy(open).is_string(), "{open}");
    }
    for none in ["\"Deny all\"", "\"[]\"", "\"\""] {
        let found = of(none).diagnostics;
        let first = found.iter().next().expect(none);
        assert_eq!((first.code, found.iter().count()), (Code::ApiSetting, 1), "{none}");
        assert!(first.message.ends_with("is no policy"), "{}", first.message);
    }
}

#[test]
fn a_variable_without_a_name_is_told_wherever_it_stands() {
    let action = |rest: &str| format!(r#"[{{"path": "/u", "actions": [{{"type": "GET", {rest}}}]}}]"#);
    for rest in [
        r#""function": "f", "role": "${var.}""#,
        r#""description": "about ${var. }""#,
        r#""url": "https://${var.}/a""#,
        r#""answer": {"body": "${var.}"}"#,
        r#""integration": "VPC_LINK", "vpcLink": "${var.}""#,
    ] {
        assert_eq!(codes(&action(rest)), [Code::Reference], "{rest}");
    }
    assert_eq!(codes(&action(r#""description": "$var.} ${var.x}""#)), []);
}

#[test]
fn a_misspelt_word_is_never_a_default() {
    let action = |rest: &str| format!(r#"[{{"path": "/u", "actions": [{{"type": "GET", {rest}}}]}}]"#);
    for rest in [
        r#""authorization": "aws_iam""#,
        r#""authorization": "AWS_IAN""#,
        r#""authorization": "none""#,
        r#""authorization": """#,
        r#""integration": "internet""#,
        r#""integration": "VPCLINK""#,
    ] {
        assert_eq!(codes(&action(rest)), [Code::UnknownValue], "{rest}");
    }
    for rest in [
        r#""authorization": true"#,
        r#""proxyIntegration": "false""#,
        r#""proxyIntegration": 1"#,
        r#""tags": "a""#,
    ] {
        assert_eq!(codes(&action(rest)), [Code::WrongType], "{rest}");
    }
    assert_eq!(
        codes(r#"[{"path": "/u", "actions": [{"type": "GTE"}]}]"#),
        [Code::UnknownValue]
    );
    assert_eq!(codes(&action(r#""authorisation": "AWS_IAM""#)), [Code::UnknownKey]);
}

#[test]
fn verbs_are_read_in_any_case_and_told() {
    assert_eq!(
        codes(r#"[{"path": "/u", "actions": [{"type": "Post"}]}]"#),
        [Code::VerbCase]
    );
    let any = r#"[{"path": "/u", "actions": [{"type": "x-amazon-apigateway-any-method"}]}]"#;
    assert_eq!(codes(any), []);
    assert_eq!(routes(any)[0].verb, Verb::Any);
}

#[test]
fn values_in_place_of_objects_lists_and_words_are_shown_as_they_are_meant() {
    let get = r#"[{"type": "GET"}]"#;
    for (method, key, help) in [
        (
            format!(r#"{{"path": "/a", "cors": true, "actions": {get}}}"#),
            "cors",
            r#"`{"enable": true}`"#,
        ),
        (
            format!(r#"{{"path": "/a", "cors": [], "actions": {get}}}"#),
            "cors",
            "without the square brackets",
        ),
        (
            r#"{"path": "/a", "actions": ["GET"]}"#.to_owned(),
            "actions",
            r#"`{"type": "GET"}`"#,
        ),
        (
            r#"{"path": "/a", "actions": {"type": "GET"}}"#.to_owned(),
            "actions",
            "`[{ … }]`",
        ),
        (
            r#"{"path": "/a", "actions": [{"type": ["GET"]}]}"#.to_owned(),
            "type",
            r#"`"GET"`, without the square"#,
        ),
        (
            r#"{"path": "/a", "actions": [{"type": ["GET", "PUT"]}]}"#.to_owned(),
            "type",
            "an action for each verb",
        ),
        (
            r#"{"path": "/a", "actions": [{"type": "GET", "authorization": ["AWS_IAM"]}]}"#.to_owned(),
            "authorization",
            r#"`"AWS_IAM"`, without the square"#,
        ),
        (
            r#"{"path": "/a", "actions": [{"type": "GET", "authorization": true}]}"#.to_owned(),
            "authorization",
            r#"`"AWS_IAM"`, or `null`"#,
        ),
        (
            format!(r#"{{"path": "/a/{{id}}", "pathParams": ["id"], "actions": {get}}}"#),
            "pathParams",
            r#"`{"name": "id"}`"#,
        ),
    ] {
        let (code, message, told) = told(&method);
        assert_eq!(code, Code::WrongType, "{method}");
        assert!(message.contains(&format!("`{key}`: expected")), "{method}: {message}");
        assert!(told.contains(help), "{method}: {told}");
    }
}

#[test]
fn manners_are_those_of_flask_unless_the_file_says_otherwise() {
    let with = |key: &str| {
        let methods = r#"[{"path": "/x", "actions": [{"type": "GET"}]}]"#;
        read(&format!(
            r#"{{"name": "b", {key} "resources": [{{"name": "r", "methods": {methods}}}]}}"#
        ))
    };
    for (key, manners) in [
        ("", Manners::Flask),
        (r#""manners": null,"#, Manners::Flask),
        (r#""manners": "flask","#, Manners::Flask),
        (r#""manners": "axum","#, Manners::Axum),
    ] {
        assert_eq!(with(key).into_result().unwrap().0.manners, manners, "{key}");
    }
    let found = with(r#""manners": "axon","#).diagnostics;
    let help = found.iter().map(|found| (found.code, found.help.clone())).next();
    let told = "did you mean `axum`? The known ones are `flask`, `axum`";
    assert_eq!(help, Some((Code::UnknownValue, Some(told.to_owned()))));
}
