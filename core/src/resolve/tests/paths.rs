//! Paths and their parameters: how they are spelt, and which cannot be.

use super::*;

const ID: &str = r#"[{"name": "id", "type": "int"}]"#;

#[test]
fn every_spelling_of_a_path_is_one_truth() {
    for (written, parameters, gateway, service, axum, backend) in [
        ("/u", "null", "/u", "/p/u", "/p/u", "/p/u"),
        ("/u", ID, "/u/{id}", "/p/u/{id}", "/p/u/{id}", "/p/u/{id}"),
        ("/u/{id}", "null", "/u/{id}", "/p/u/{id}", "/p/u/{id}", "/p/u/{id}"),
        (
            "/u/{id}/x",
            ID,
            "/u/{id}/x",
            "/p/u/{id}/x",
            "/p/u/{id}/x",
            "/p/u/{id}/x",
        ),
        ("/u/", ID, "/u/{id}", "/p/u/{id}", "/p/u/{id}", "/p/u/{id}"),
        ("/u/", "null", "/u", "/p/u/", "/p/u/", "/p/u/"),
        ("", "null", "/", "/p", "/p", "/p"),
        ("/", "null", "/", "/p/", "/p/", "/p/"),
        ("", ID, "/{id}", "/p/{id}", "/p/{id}", "/p/{id}"),
        ("/", ID, "/{id}", "/p/{id}", "/p/{id}", "/p/{id}"),
        ("/f/{n+}", "null", "/f/{n+}", "/p/f/{n+}", "/p/f/{*n}", "/p/f/{n}"),
    ] {
        let path = path(written, parameters);
        assert_eq!(
            [&path.gateway, &path.service, &path.axum, &path.backend],
            [gateway, service, axum, backend],
            "{written:?}"
        );
    }
}

#[test]
fn a_list_of_parameters_never_makes_another_route_of_one_with_braces() {
    let method = |path: &str, key: &str, names: &str| {
        codes(&format!(
            r#"[{{"path": "{path}", "{key}": [{names}], "actions": [{{"type": "GET"}}]}}]"#
        ))
    };
    const TASK: &str = r#"{"name": "task"}"#;
    const BOTH: &str = r#"{"name": "task"}, {"name": "comment"}"#;
    assert_eq!(
        method("/tasks/{task}/comments/{id}", "pathParams", BOTH),
        [Code::ForeignPathParameter]
    );
    assert!(method("/tasks/{task}/comments/{comment}", "pathParams", BOTH).is_empty());
    assert!(method("/tasks/{task}/comments/{comment}", "pathParams", TASK).is_empty());
    assert!(method("/tasks", "pathParams", BOTH).is_empty());
    assert!(method("/tasks/{task}", "queryParams", TASK).is_empty());
}

#[test]
fn parameters_that_lengthen_a_path_are_the_seeds_own_way() {
    let file = |of_resource: &str, path: &str| {
        let outcome = read(&format!(
            r#"{{"name": "b", "resources": [{{{of_resource}, "methods": [
                {{"path": "{path}", "queryParams": [{{"name": "since"}}], "actions": [{{"type": "GET"}}]}}]}}]}}"#
        ));
        let codes: Vec<Code> = outcome.diagnostics.iter().map(|found| found.code).collect();
        codes
    };
    const SEED: &str = r#""flask": {"resourceModule": "a", "resourceClass": "B"}"#;
    assert_eq!(file(r#""name": "r""#, "/tasks"), [Code::AppendedParameter]);
    assert_eq!(file(r#""name": "r""#, "/tasks/{id}"), [Code::AppendedParameter]);
    assert!(file(SEED, "/tasks").is_empty());
}

#[test]
fn parameters_are_found_by_the_bytes_before_them() {
    let path = path("/u/{id}/pages/{page}/", "null");
    let offsets: Vec<usize> = path.parameters().map(|parameter| parameter.offset).collect();
    assert_eq!(offsets, ["/p/u/".len(), "/pages/".len()]);
}

#[test]
fn a_path_has_other_forms_where_a_slash_at_its_end_does_not_matter() {
    let loose = |written| path(written, "null").axum_loose;
    assert_eq!(loose("/u"), ["/p/u/"]);
    assert_eq!(loose("/u/"), ["/p/u", "/p/u//"]);
    assert_eq!(loose("/u/{id}"), ["/p/u/{id}/"]);
    assert_eq!(loose(""), ["/p/"]);
    assert!(loose("/f/{n+}").is_empty());
    let blueprint =
        r#"{"name": "b", "resources": [{"name": "r", "methods": [{"path": "/", "actions": [{"type": "GET"}]}]}]}"#;
    let (blueprint, _) = read(blueprint).into_result().unwrap();
    assert!(blueprint.routes[0].path.axum_loose.is_empty());
}

#[test]
fn a_path_parameter_is_greedy_only_at_the_end() {
    let parameters = r#"[{"name": "name", "type": "path"}, {"name": "uid", "type": "uuid"}]"#;
    let path = path("/f", parameters);
    assert_eq!(path.gateway, "/f/{name}/{uid}");
    let Segment::Parameter(name) = &path.segments[1] else {
        panic!("{path:?}")
    };
    assert!(!name.greedy);
    assert_eq!(
        codes(&format!(
            r#"[{{"path": "/f", "pathParams": {parameters}, "actions": [{{"type": "GET"}}]}}]"#
        )),
        [Code::GreedyBecomesSegment]
    );
}

#[test]
fn paths_that_the_gateway_or_axum_refuse_are_refused() {
    for (path, code) in [
        ("u", Code::PathStart),
        ("/a//b", Code::PathStart),
        ("/a b", Code::PathCharacter),
        ("/a?x=1", Code::PathCharacter),
        ("/é", Code::PathCharacter),
        ("/a%20b", Code::PathCharacter),
        ("/a/../b", Code::PathCharacter),
        ("/a\\u0000", Code::PathCharacter),
        ("/{base}...{head}", Code::PartialSegment),
        ("/x-{a}", Code::PartialSegment),
        ("/{a", Code::PartialSegment),
        ("/{{a}}", Code::PartialSegment),
        ("/<int:id>", Code::ForeignParameter),
        ("/<id>", Code::ForeignParameter),
        ("/:id", Code::ForeignParameter),
        ("/*rest", Code::ForeignParameter),
        ("/{*rest}", Code::ForeignParameter),
        ("/{id:int}", Code::ForeignParameter),
        ("/v1/{name=shelves/*}", Code::ForeignParameter),
        ("/{id}:cancel", Code::PartialSegment),
        ("/${id}", Code::ForeignParameter),
        ("/${stageVariables.base}/a", Code::Reference),
        ("/${var.base}/a", Code::Reference),
        ("/v-${var.version}", Code::Reference),
        ("/{rest+}/x", Code::GreedyNotLast),
        ("/{id}/{id}", Code::RepeatedParameter),
        ("/{}", Code::ParameterName),
        ("/{a b}", Code::ParameterName),
    ] {
        let methods = format!(r#"[{{"path": "{path}", "actions": [{{"type": "GET"}}]}}]"#);
        assert_eq!(codes(&methods), [code], "{path}");
    }
}

#[test]
fn a_trailing_slash_is_kept_by_the_service_and_told() {
    assert_eq!(
        codes(r#"[{"path": "/u/", "actions": [{"type": "GET"}]}]"#),
        [Code::TrailingSlash]
    );
}

#[test]
fn parameters_that_cannot_be_are_refused() {
    for (parameters, code) in [
        (r#"[{"name": "page[size]"}]"#, Code::ParameterName),
        (r#"[{"name": ""}]"#, Code::ParameterName),
        (r#"[{"name": "id"}, {"name": "id"}]"#, Code::RepeatedParameter),
        (r#"[{"name": "id", "type": "number"}]"#, Code::BadParameterType),
    ] {
        let methods = format!(r#"[{{"path": "/u", "pathParams": {parameters}, "actions": [{{"type": "GET"}}]}}]"#);
        assert_eq!(codes(&methods), [code], "{parameters}");
    }
    let both = r#"[{"path": "/u", "pathParams": [], "queryParams": [], "actions": [{"type": "GET"}]}]"#;
    assert_eq!(codes(both), [Code::KeyConflict]);
    let greedy =
        r#"[{"path": "/u/{id+}", "pathParams": [{"name": "id", "type": "int"}], "actions": [{"type": "GET"}]}]"#;
    assert_eq!(codes(greedy), [Code::BadParameterType]);
}

#[test]
fn routes_that_collide_are_refused_with_both_places() {
    let methods = r#"[{"path": "/u", "actions": [{"type": "GET"}]}, {"path": "/u", "actions": [{"type": "get"}]}]"#;
    let blueprint = format!(r#"{{"name": "b", "resources": [{{"name": "r", "methods": {methods}}}]}}"#);
    let found = read(&blueprint).diagnostics;
    let duplicate = found.iter().find(|found| found.code == Code::DuplicateRoute).unwrap();
    assert_eq!(duplicate.notes.len(), 1);
    assert!(duplicate.span.unwrap() > duplicate.notes[0].span);
}

#[test]
fn two_names_at_one_place_are_one_finding() {
    let methods = r#"[{"path": "/u/{id}", "actions": [{"type": "GET"}, {"type": "PUT"}]},
        {"path": "/u/{uid}/orders", "actions": [{"type": "GET"}, {"type": "POST"}]}]"#;
    assert_eq!(codes(methods), [Code::SiblingParameters]);
    let greedy =
        r#"[{"path": "/u/{id}", "actions": [{"type": "GET"}]}, {"path": "/u/{id+}", "actions": [{"type": "PUT"}]}]"#;
    assert_eq!(codes(greedy), [Code::SiblingParameters]);
}

#[test]
fn limits_and_reserved_paths_are_told() {
    assert_eq!(
        codes(r#"[{"path": "/ping", "actions": [{"type": "GET"}]}]"#),
        [Code::ReservedPath]
    );
    let many: Vec<String> = (0..300)
        .map(|n| format!(r#"{{"path": "/r{n}", "actions": [{{"type": "GET"}}]}}"#))
        .collect();
    assert_eq!(codes(&format!("[{}]", many.join(","))), [Code::TooManyResources]);
    let long = "x".repeat(9000);
    assert_eq!(
        codes(&format!(r#"[{{"path": "/{long}", "actions": [{{"type": "GET"}}]}}]"#)),
        [Code::DeepPath]
    );
}

#[test]
fn one_parameter_with_two_types_is_told() {
    let methods = r#"[{"path": "/u", "pathParams": [{"name": "id", "type": "int"}], "actions": [{"type": "GET"}]},
        {"path": "/u", "pathParams": [{"name": "id", "type": "string"}], "actions": [{"type": "PUT"}]}]"#;
    assert_eq!(codes(methods), [Code::MixedConverters]);
}
