//! Preflights, and the headers that they name.

use super::*;

#[test]
fn header_names_cannot_leave_their_quotes() {
    let cors = |headers: &str| {
        format!(
            r#"[{{"path": "/u", "cors": {{"enable": true, "allowHeaders": [{headers}]}}, "actions": [{{"type": "GET"}}]}}]"#
        )
    };
    for header in ["X'", "X-A,X-B", "X A", "X:", "X\\n", "é", "X\\\""] {
        assert_eq!(codes(&cors(&format!("\"{header}\""))), [Code::HeaderName], "{header}");
    }
    assert_eq!(codes(&cors("\"\"")), [Code::EmptyHeaderName]);
    assert_eq!(codes(&cors("\"X-Tenant_Id\", \"*\"")), []);
}

#[test]
fn an_own_options_action_answers_the_preflight() {
    let methods = r#"[{"path": "/u", "cors": {"enable": true}, "actions": [{"type": "GET"}, {"type": "OPTIONS"}]}]"#;
    assert_eq!(codes(methods), [Code::OwnPreflight]);
    let blueprint = format!(r#"{{"name": "b", "resources": [{{"name": "r", "methods": {methods}}}]}}"#);
    let (blueprint, _) = read(&blueprint).into_result().unwrap();
    assert!(blueprint.preflights.is_empty());
}

#[test]
fn a_preflight_that_wants_a_signature_is_told_to_fail() {
    let options = |more: &str| {
        told(&format!(
            r#"{{"path": "/a", "cors": {{"enable": true}}, "actions": [{{"type": "GET"}}, {{"type": "OPTIONS"{more}}}]}}"#
        ))
    };
    let (code, message, help) = options(r#", "authorization": "AWS_IAM""#);
    assert_eq!(code, Code::OwnPreflight);
    assert!(message.contains("browsers do not sign preflights"), "{message}");
    assert!(help.contains("403"), "{help}");
    assert!(options("").2.contains("send the CORS headers"));
}
