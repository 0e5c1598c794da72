//! What answers a route, and over which network.

use super::*;

#[test]
fn links_and_networks_have_to_agree() {
    let action = |rest: &str| format!(r#"[{{"path": "/u", "actions": [{{"type": "GET", {rest}}}]}}]"#);
    assert_eq!(codes(&action(r#""integration": "VPC_LINK""#)), [Code::MissingVpcLink]);
    assert_eq!(
        codes(&action(r#""integration": "VPC_LINK", "vpcLink": """#)),
        [Code::MissingVpcLink]
    );
    assert_eq!(
        codes(&action(r#""integration": "VPC_LINK", "vpcLink": "no link""#)),
        [Code::VpcLinkId]
    );
    assert_eq!(
        codes(&action(
            r#""integration": "VPC_LINK", "vpcLink": "${stageVariables.link}""#
        )),
        []
    );
    for (link, code) in [
        ("vpc-0a1b2c3d4e5f67890", Code::VpcLinkId),
        ("vpce-0a1b2c3d", Code::VpcLinkId),
        ("vpce-svc-0a1b2c3d4e5f67890", Code::VpcLinkId),
        ("subnet-0a1b2c3d4e5f67890", Code::VpcLinkId),
        ("arn:aws:apigateway:eu-west-1::/vpclinks/abc123", Code::VpcLinkId),
        ("{link}", Code::VpcLinkId),
        ("x${stageVariables.link}", Code::VpcLinkId),
        ("${stageVariable.link}", Code::Reference),
        ("${stageVariables.link", Code::Reference),
        ("${stageVariables.my-link}", Code::Reference),
    ] {
        let action = action(&format!(r#""integration": "VPC_LINK", "vpcLink": "{link}""#));
        assert_eq!(codes(&action), [code], "{link}");
    }
    for link in ["gim7c3", "vpc-link", "a1b2c3-d4e5f6", "my_link"] {
        let action = action(&format!(r#""integration": "VPC_LINK", "vpcLink": "{link}""#));
        assert_eq!(codes(&action), [], "{link}");
    }
    assert_eq!(codes(&action(r#""vpcLink": "abc123""#)), [Code::UnusedVpcLink]);
}

#[test]
fn a_service_is_called_by_an_arn() {
    let action = |uri: &str| {
        format!(
            r#"[{{"path": "/u", "actions": [{{"type": "GET", "service": {{"uri": "{uri}", "method": "POST"}}}}]}}]"#
        )
    };
    for uri in [
        "arn:aws:apigateway:eu-west-1:sqs:action/SendMessage",
        "arn:aws:apigateway:${var.region}:s3:path/{key}",
        "${var.uri}",
    ] {
        assert_eq!(codes(&action(uri)), [], "{uri}");
    }
    for uri in ["https://sqs.eu-west-1.amazonaws.com", "sqs:action/SendMessage", ""] {
        assert_eq!(codes(&action(uri)), [Code::Arn], "{uri}");
    }
    let backend = read(
        r#"{"name": "b", "backends": {"queue": {"service": {"uri": "sqs"}}}, "resources": [{"name": "r", "methods": [
            {"path": "/u", "actions": [{"type": "POST", "backend": "queue"}]}]}]}"#,
    );
    let first = backend.diagnostics.iter().next().expect("a finding");
    assert_eq!((first.code, backend.diagnostics.iter().count()), (Code::Arn, 1));
    assert!(
        first.message.contains("`sqs` is not the URI of a service"),
        "{}",
        first.message
    );
}

#[test]
fn an_integration_without_proxy_drops_the_query_and_says_so() {
    let get = r#"{"type": "GET", "proxyIntegration": false}"#;
    let put = r#"{"type": "PUT", "proxyIntegration": false}"#;
    for actions in [get.to_owned(), format!("{get}, {put}")] {
        let (code, _, _) = told(&format!(r#"{{"path": "/a", "actions": [{actions}]}}"#));
        assert_eq!(code, Code::DroppedQuery, "{actions}");
    }
    for proxy in ["true", "null"] {
        let method = format!(r#"[{{"path": "/a", "actions": [{{"type": "GET", "proxyIntegration": {proxy}}}]}}]"#);
        assert_eq!(codes(&method), [], "{proxy}");
    }
}
