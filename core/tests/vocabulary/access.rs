//! Who may call.

use super::*;

#[test]
fn an_authorizer_has_what_its_type_needs_and_nothing_else() {
    for (entry, at, help) in [
        ("{type: COGNITO}", "{", "userPools"),
        ("{type: LAMBDA, identity: [header.X]}", "{", "function"),
        (
            "{type: LAMBDA_TOKEN, function: a, identity: [header.X]}",
            "[header.X]",
            "`LAMBDA`",
        ),
        (
            "{type: LAMBDA, function: a, identity: [header.X], pattern: x}",
            "x",
            "`COGNITO` or `LAMBDA_TOKEN`",
        ),
        (
            "{type: COGNITO, userPools: [\"${var.pool}\"], role: \"${var.role}\"}",
            "\"${var.role}\"",
            "remove it",
        ),
        ("{type: LAMBDA, function: a}", "{", "`\"ttl\": 0`"),
        ("{type: LAMBDA_TOKEN, function: a, ttl: 3601}", "3601", "3600"),
        (
            "{type: LAMBDA, function: a, identity: [X-Token]}",
            "X-Token",
            "`header.X`",
        ),
    ] {
        refuses(
            &format!("authorizers: {{a: {entry}}}"),
            "{type: GET}",
            Code::Authorizer,
            at,
            help,
        );
    }
    for name in ["sigv4", "api_key", "NONE", "AWS_IAM"] {
        let keys = format!("authorizers: {{{name}: {{type: LAMBDA_TOKEN, function: a}}}}");
        refuses(&keys, "{type: GET}", Code::Authorizer, name, "another name");
    }
    for entry in [
        "{type: LAMBDA, function: a, ttl: 0}",
        "{type: LAMBDA, function: a, identity: [query.k, context.identity.sourceIp, stageVariables.s], ttl: 3600}",
        "{type: LAMBDA_TOKEN, function: \"${var.f}\", ttl: \"${var.t}\", pattern: x, role: \"${var.r}\"}",
    ] {
        let keys = format!("authorizers: {{a: {entry}}}");
        assert!(read(&keys, "{type: GET}").diagnostics.is_empty(), "{entry}");
    }
}

#[test]
fn the_nearest_place_says_who_may_call() {
    let keys = format!("{MEMBERS}\ndefaults: {{authorization: members, scopes: [a], apiKey: true}}");
    let security = |action: &str| operation(&keys, action)["security"].clone();
    assert_eq!(security("{type: GET}"), json!([{"members": ["a"], "api_key": []}]));
    assert_eq!(
        security("{type: GET, authorization: null}"),
        json!([{"members": ["a"], "api_key": []}])
    );
    assert_eq!(
        security("{type: GET, scopes: [b, c]}"),
        json!([{"members": ["b", "c"], "api_key": []}])
    );
    assert_eq!(
        security("{type: GET, authorization: AWS_IAM}"),
        json!([{"sigv4": [], "api_key": []}])
    );
    assert_eq!(security("{type: GET, authorization: NONE, apiKey: false}"), json!([]));
    assert_eq!(security("{type: GET, authorization: NONE}"), json!([{"api_key": []}]));
}

#[test]
fn scopes_without_a_user_pool_are_refused_where_they_stand() {
    refuses(MEMBERS, "{type: GET, scopes: [a]}", Code::Scopes, "[a]", "COGNITO");
    refuses(
        MEMBERS,
        "{type: GET, authorization: AWS_IAM, scopes: [a]}",
        Code::Scopes,
        "[a]",
        "COGNITO",
    );
}

#[test]
fn the_original_is_given_nothing_that_it_would_leave_out_of_who_may_call() {
    for (keys, action, at) in [
        (MEMBERS, "{type: GET, authorization: members}", "members"),
        ("defaults: {authorization: AWS_IAM}", "{type: GET}", "AWS_IAM"),
        ("", "{type: GET, apiKey: true}", "true"),
        ("", "{type: GET, function: f}", "f"),
        ("policy: {Version: \"2012-10-17\"}", "{type: GET}", "{"),
    ] {
        let source = file(keys, action);
        let all = found(&source, &read_blueprint(&source, Mode::Compat).diagnostics);
        assert!(
            all.iter()
                .any(|(code, text, _)| *code == Code::OriginalLacks && text.starts_with(at)),
            "{keys} {action}: {all:?}"
        );
    }
    let readers = file(
        "",
        "{type: GET, deprecated: true, query: [{name: q}], answers: {200: {}}}",
    );
    assert!(read_blueprint(&readers, Mode::Compat).diagnostics.is_empty());
}

#[test]
fn a_policy_in_a_text_is_read_once_it_is_known() {
    let policy = r#"policy: '{"Version": "2012-10-17", "Statement": []}'"#;
    let made = document(policy, "{type: GET}");
    assert_eq!(made["x-amazon-apigateway-policy"]["Version"], "2012-10-17");
    for text in ["open", "'[]'"] {
        refuses(
            &format!("policy: {text}"),
            "{type: GET}",
            Code::ApiSetting,
            text,
            "{\"file\"",
        );
    }
}
