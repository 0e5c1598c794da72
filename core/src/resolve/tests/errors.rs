//! How many errors a file has: all that there are, and each of them once.

use super::*;

#[test]
fn all_errors_of_a_file_come_in_one_run_and_in_order() {
    let text = r#"{"name": "b", "url_prefix": "p", "resources": [{"name": "r", "methods": [
        {"pth": "/a", "actions": []},
        {"path": "/b", "actions": [{"type": "GTE"}, {"type": "GET", "proxyIntegration": "yes"}]},
        {"path": "c", "cors": {"enable": 1}, "actions": [{"type": "GET"}]}]}]}"#;
    let found = read(text).diagnostics;
    let codes: Vec<Code> = found.iter().map(|found| found.code).collect();
    assert_eq!(
        codes,
        [
            Code::PathStart,
            Code::UnknownKey,
            Code::UnknownValue,
            Code::WrongType,
            Code::PathStart,
            Code::WrongType,
        ]
    );
}

#[test]
fn compat_tolerates_what_the_original_did() {
    let text = r#"{"blueprint": {"name": "b", "resources": [{"name": "r", "methods": [
        {"path": "/u", "cors": {"enable": true, "allowHeaders": [""]}, "actions": [{"type": "get", "authorization": ""}, {"type": "GET"}]}]}]}}"#;
    let source = Source::new("routes.json", text);
    assert!(read_blueprint(&source, Mode::Strict).diagnostics.has_errors());
    assert!(!read_blueprint(&source, Mode::Compat).diagnostics.has_errors());
}

#[test]
fn an_error_hides_no_other_error() {
    use Code::{HandlerName, HeaderName, MissingKey, MissingVpcLink, PathCharacter, WrongType};
    let link = r#"{"type": "GET", "handler": "a-b", "integration": "VPC_LINK"}"#;
    for (methods, expected) in [
        (
            format!(r#"[{{"path": "/a b", "actions": [{link}]}}]"#),
            vec![PathCharacter, HandlerName, MissingVpcLink],
        ),
        (r#"[{"path": "/a b"}]"#.to_owned(), vec![MissingKey, PathCharacter]),
        (
            r#"[{"path": "/a b", "actions": {}}]"#.to_owned(),
            vec![PathCharacter, WrongType],
        ),
        (
            r#"[{"path": "/a", "cors": {"enable": 1, "allowHeaders": ["a b"]}, "actions": [{"type": "GET"}]}]"#
                .to_owned(),
            vec![WrongType, HeaderName],
        ),
    ] {
        assert_eq!(codes(&methods), expected, "{methods}");
    }
    let resource = r#"{"methods": [{"path": "/a b", "actions": []}]}"#;
    let found = read(&format!(r#"{{"resources": [{resource}]}}"#)).diagnostics;
    let found: Vec<Code> = found.iter().map(|found| found.code).collect();
    assert_eq!(found, [MissingKey, MissingKey, PathCharacter]);
}

#[test]
fn an_error_is_reported_once() {
    for (methods, expected) in [
        (
            r#"[{"path": "/a", "actions": [{"type": "GET", "integration": "VPC_LINK", "vpclink": "abc"}]}]"#,
            Code::UnknownKey,
        ),
        (
            r#"[{"path": "/a", "actions": [{"type": "GET", "integration": "VPC_LINK", "vpcLink": 5}]}]"#,
            Code::WrongType,
        ),
        (
            r#"[{"path": "/a", "actions": [{"type": "GET", "integration": "VPC_LNK", "vpcLink": "abc"}]}]"#,
            Code::UnknownValue,
        ),
        (
            r#"[{"path": "/a", "pathParams": [{"nam": "id"}], "actions": [{"type": "GET"}]},
                {"path": "/a", "actions": [{"type": "GET"}]}]"#,
            Code::UnknownKey,
        ),
        (
            r#"[{"path": "/a", "pathParam": [{"name": "id"}], "actions": [{"type": "GET"}]},
                {"path": "/a", "actions": [{"type": "GET"}]}]"#,
            Code::UnknownKey,
        ),
        (
            r#"[{"path": "/a/{id}", "pathParams": [{"name": "id", "type": "nt"}], "actions": [{"type": "GET"}]},
                {"path": "/a/{id}", "pathParams": [{"name": "id", "type": "int"}], "actions": [{"type": "PUT"}]}]"#,
            Code::BadParameterType,
        ),
    ] {
        assert_eq!(codes(methods), [expected], "{methods}");
    }
    for (resource, expected) in [
        (r#"{"nme": "x", "methods": []}"#, Code::UnknownKey),
        (r#"{"name": 5, "methods": []}"#, Code::WrongType),
        (r#"{"flask": "x", "methods": []}"#, Code::WrongType),
        (r#"{"flask": {"resourceClas": "x"}, "methods": []}"#, Code::UnknownKey),
    ] {
        let found = read(&format!(r#"{{"name": "b", "resources": [{resource}]}}"#)).diagnostics;
        let found: Vec<Code> = found.iter().map(|found| found.code).collect();
        assert_eq!(found, [expected], "{resource}");
    }
}

#[cfg(feature = "yaml")]
#[test]
fn a_merge_key_is_one_error_and_no_missing_key_too() {
    let text = "blueprint:\n  name: b\n  resources:\n    - name: r\n      methods:\n        - path: /a\n          \
                actions:\n            - <<: {type: GET}\n";
    let found = read_blueprint(&Source::new("routes.yaml", text), Mode::Strict).diagnostics;
    let found: Vec<Code> = found.iter().map(|found| found.code).collect();
    assert_eq!(found, [Code::UnknownKey]);
}
