//! What stands before paths: the prefix of the service, and those of resources.

use super::*;

#[test]
fn a_prefix_may_be_absent_empty_or_end_with_a_slash() {
    for (prefix, service) in [
        ("null", "/u"),
        ("\"\"", "/u"),
        ("\"/\"", "/u"),
        ("\"/p/\"", "/p/u"),
        ("\"/p/v1\"", "/p/v1/u"),
    ] {
        let blueprint = format!(
            r#"{{"name": "b", "url_prefix": {prefix}, "resources": [{{"name": "r", "methods": [
                {{"path": "/u", "actions": [{{"type": "GET"}}]}}]}}]}}"#
        );
        let (blueprint, _) = read(&blueprint).into_result().unwrap();
        assert_eq!(blueprint.routes[0].path.service, service, "{prefix}");
    }
}

/// A resource with a prefix, and a method with a path.
fn behind(prefix: &str, method: &str) -> Outcome<Blueprint> {
    read(&format!(
        r#"{{"name": "b", "url_prefix": "/p", "resources": [{{"name": "r", "prefix": "{prefix}", "methods": [{method}]}}]}}"#
    ))
}

#[test]
fn a_prefix_of_a_resource_stands_before_its_paths_everywhere() {
    for (prefix, written, gateway, service) in [
        ("/v1", "/u", "/v1/u", "/p/v1/u"),
        ("/v1/", "/u", "/v1/u", "/p/v1/u"),
        ("/v1", "", "/v1", "/p/v1"),
        ("/v1", "/", "/v1", "/p/v1/"),
        ("/", "/u", "/u", "/p/u"),
        ("", "", "/", "/p"),
        ("/a/b", "/u/{id}", "/a/b/u/{id}", "/p/a/b/u/{id}"),
        ("/w/{ws}", "/u/{id}", "/w/{ws}/u/{id}", "/p/w/{ws}/u/{id}"),
    ] {
        let method = format!(r#"{{"path": "{written}", "actions": [{{"type": "GET"}}]}}"#);
        let (blueprint, _) = behind(prefix, &method).into_result().expect("no errors");
        let path = &blueprint.routes[0].path;
        assert_eq!(
            [&path.gateway, &path.service, &path.axum, &path.backend],
            [gateway, service, service, service]
        );
        assert_eq!(path.prefix_segments, 1);
    }
    let typed = r#"{"path": "/u", "pathParams": [{"name": "ws", "type": "int"}], "actions": [{"type": "GET"}]}"#;
    let (blueprint, _) = behind("/w/{ws}", typed).into_result().expect("no errors");
    let path = &blueprint.routes[0].path;
    assert_eq!(path.gateway, "/w/{ws}/u");
    let types: Vec<&str> = path.parameters().map(|parameter| parameter.converter.name()).collect();
    assert_eq!(types, ["int"]);
}

#[test]
fn one_resource_may_stand_behind_several_prefixes() {
    let entry = |prefix: &str| {
        format!(
            r#"{{"name": "r", "prefix": "{prefix}", "methods": [{{"path": "/u", "actions": [{{"type": "GET"}}]}}]}}"#
        )
    };
    let both = format!(r#"{{"name": "b", "resources": [{}, {}]}}"#, entry("/v1"), entry("/v2"));
    let (blueprint, _) = read(&both).into_result().expect("no errors");
    let paths: Vec<&str> = blueprint
        .routes
        .iter()
        .map(|route| route.path.gateway.as_str())
        .collect();
    assert_eq!((blueprint.resources.len(), &paths[..]), (1, &["/v1/u", "/v2/u"][..]));
    let twice = format!(r#"{{"name": "b", "resources": [{}, {}]}}"#, entry("/v1"), entry("/v1/"));
    assert!(
        read(&twice)
            .diagnostics
            .iter()
            .any(|found| found.code == Code::DuplicateRoute)
    );
}

#[test]
fn a_prefix_that_is_none_is_found_where_it_stands() {
    let get = r#"{"path": "/u/{id}", "actions": [{"type": "GET"}]}"#;
    for (prefix, code) in [
        ("v1", Code::PathStart),
        ("/a//b", Code::PathStart),
        ("/a b", Code::PathCharacter),
        ("/:ws", Code::ForeignParameter),
        ("/x{ws}", Code::PartialSegment),
        ("/{rest+}", Code::GreedyNotLast),
    ] {
        let found = behind(prefix, get).diagnostics;
        let one: Vec<_> = found.iter().map(|found| (found.code, found.span)).collect();
        let start = r#"{"blueprint": {"name": "b", "url_prefix": "/p", "resources": [{"name": "r", "prefix": "#;
        assert_eq!(one.len(), 1, "{prefix}: {found:?}");
        assert_eq!(
            (one[0].0, one[0].1.map(|span| span.start)),
            (code, Some(start.len())),
            "{prefix}"
        );
    }
    let found = behind("/w/{id}", get).diagnostics;
    assert!(found.iter().any(|found| found.code == Code::RepeatedParameter));
    let long = format!("/{}", "a".repeat(9000));
    assert!(
        behind(&long, get)
            .diagnostics
            .iter()
            .any(|found| found.code == Code::DeepPath)
    );
}
