//! What a value may be, and where it does something.

use super::*;

#[test]
fn what_is_named_on_aws_and_what_is_matched_can_be_read() {
    let authorizer = |entry: &str| format!("authorizers: {{a: {entry}}}");
    for (entry, code, at, help) in [
        (
            "{type: COGNITO, userPools: [eu-west-1_a]}",
            Code::Arn,
            "eu-west-1_a",
            "userpool/",
        ),
        ("{type: LAMBDA_TOKEN, function: a b}", Code::Arn, "a b", "`name:alias`"),
        (
            "{type: LAMBDA_TOKEN, function: a, role: r}",
            Code::Arn,
            "r}",
            "role/name",
        ),
        (
            "{type: LAMBDA_TOKEN, function: a, pattern: \"(a\"}",
            Code::Pattern,
            "\"(a\"",
            "parentheses",
        ),
    ] {
        refuses(&authorizer(entry), "{type: GET}", code, at, help);
    }
    for (action, code, at) in [
        ("{type: GET, function: \"https://f.example.com\"}", Code::Arn, "\"https"),
        ("{type: GET, function: f, role: r}", Code::Arn, "r}"),
        (
            "{type: GET, function: f, proxyIntegration: false, integrationResponses: {default: {}, \"*.bad\": {status: 500}}}",
            Code::Pattern,
            "\"*.bad\"",
        ),
    ] {
        refuses("", action, code, at, "write");
    }
    refuses(
        "backends: {b: {function: \"arn:f\"}}",
        "{type: GET}",
        Code::Arn,
        "\"arn:f\"",
        "write",
    );
    for action in [
        "{type: GET, function: \"arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f\", role: \"${stageVariables.r}\"}",
        "{type: GET, function: \"f:${stageVariables.alias}\", role: \"arn:aws:iam::${var.account}:role/r\"}",
        "{type: GET, function: f, proxyIntegration: false, integrationResponses: {default: {}, \".*bad\": {status: 500}}}",
    ] {
        let found = read("", action).diagnostics;
        assert!(found.is_empty(), "{action}: {found:?}");
    }
}

#[test]
fn a_misspelt_name_is_told_with_the_one_that_is_meant_and_opens_no_route() {
    refuses(
        MEMBERS,
        "{type: GET, authorization: member}",
        Code::UnknownValue,
        "member",
        "`members`",
    );
    assert!(
        read(MEMBERS, "{type: GET, authorization: member}")
            .value
            .unwrap()
            .routes
            .is_empty()
    );
    refuses(
        MEMBERS,
        "{type: GET, authorization: [members, NONE]}",
        Code::UnknownValue,
        "NONE",
        "AWS_IAM",
    );
    refuses(
        "backends: {search: {url: \"https://a.example.com\"}}",
        "{type: GET, backend: serch}",
        Code::UnknownValue,
        "serch",
        "`search`",
    );
    refuses(
        "models: {Book: {type: object}}",
        "{type: GET, body: Bok}",
        Code::UnknownValue,
        "Bok",
        "`Book`",
    );
    refuses(
        "",
        "{type: GET, answers: {200: {model: Book}}}",
        Code::UnknownValue,
        "Book",
        "declare it in `models`",
    );
    refuses(
        "models: {Book: {properties: {a: {$ref: \"#/models/Author\"}}}}",
        "{type: GET}",
        Code::UnknownValue,
        "\"#/models/Author\"",
        "`Book`",
    );
    refuses(
        "gatewayResponses: {BAD_REQUEST: {}}",
        "{type: GET}",
        Code::UnknownValue,
        "BAD_REQUEST",
        "BAD_REQUEST_BODY",
    );
}

#[test]
fn numbers_have_their_bounds() {
    refuses("", "{type: GET, timeout: 49}", Code::Timeout, "49", "between");
    refuses("", "{type: GET, timeout: 300001}", Code::Timeout, "300001", "between");
    refuses(
        "",
        "{type: GET, timeout: \"soon\"}",
        Code::WrongType,
        "\"soon\"",
        "`\"${var.name}\"`",
    );
    let long = read("", "{type: GET, timeout: 60000}").diagnostics;
    assert_eq!((long.errors(), long.warnings()), (0, 1));
    refuses("", "{type: GET, answer: {status: 99}}", Code::Status, "99", "599");
    refuses(
        "",
        "{type: GET, answers: {4XX: {}}}",
        Code::Status,
        "4XX",
        "three digits",
    );
    refuses(
        "minimumCompressionSize: 10485761",
        "{type: GET}",
        Code::ApiSetting,
        "10485761",
        "10485760",
    );
    refuses(
        "binaryMediaTypes: [png]",
        "{type: GET}",
        Code::ApiSetting,
        "png",
        "`image/png`",
    );
    for action in [
        "{type: GET, timeout: 50}",
        "{type: GET, timeout: \"${var.t}\"}",
        "{type: GET, answers: {default: {}}}",
    ] {
        assert!(read("", action).diagnostics.is_empty(), "{action}");
    }
}

#[test]
fn a_key_that_does_nothing_is_told_and_one_that_does_is_not() {
    let url = "url: \"https://a.example\"";
    for (action, at) in [
        ("{type: GET, backendPath: /x}", "/x"),
        ("{type: GET, answer: {}, timeout: 500}", "500"),
        ("{type: GET, answer: {}, transfer: BUFFERED}", "BUFFERED"),
        ("{type: GET, function: f, tls: {}}", "{}"),
        ("{type: GET, function: f, integration: INTERNET}", "INTERNET"),
        (
            "{type: GET, URL, requestTemplates: {application/json: x}}",
            "application/json",
        ),
        ("{type: GET, integrationResponses: {default: {}}}", "default"),
    ] {
        refuses("", &action.replace("URL", url), Code::IgnoredKey, at, "");
    }
    for action in [
        "{type: GET, backend: b, backendPath: /x, timeout: 500, tls: {}}",
        "{type: GET, answer: {}, requestTemplates: {application/json: x}, integrationResponses: {default: {}}}",
        "{type: GET, URL, proxyIntegration: false, requestTemplates: {application/json: x}}",
        "{type: GET, URL, integration: VPC_LINK, vpcLink: abc123, transfer: STREAM}",
        "{type: GET, function: f, timeout: 500, transfer: STREAM}",
    ] {
        let found = read(
            "backends: {b: {url: \"https://b.example\"}}",
            &action.replace("URL", url),
        )
        .diagnostics;
        assert!(found.is_empty(), "{action}: {found:?}");
    }
    refuses(
        "defaults: {cors: {origins: [\"https://a.example\"]}}",
        "{type: GET}",
        Code::IgnoredKey,
        "{",
        "`\"enable\": true`",
    );
    let off = "defaults: {cors: {enable: false, origins: [\"https://a.example\"]}}";
    assert!(read(off, "{type: GET}").diagnostics.is_empty());
    // What is inherited is about the others.
    let found = read("defaults: {timeout: 500}", "{type: GET, answer: {}}").diagnostics;
    assert!(found.is_empty(), "{found:?}");
}
