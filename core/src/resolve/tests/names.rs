//! Names of resources, handlers and operations.

use super::*;

#[test]
fn handlers_have_names_of_rust_methods() {
    for (handler, good) in [
        ("list", true),
        ("größe", true),
        ("type", true),
        ("a-b", false),
        ("1a", false),
        ("self", false),
        ("", false),
        ("a::b", false),
    ] {
        let methods = format!(r#"[{{"path": "/u", "actions": [{{"type": "GET", "handler": "{handler}"}}]}}]"#);
        let expected: &[Code] = if good { &[] } else { &[Code::HandlerName] };
        assert_eq!(codes(&methods), expected, "{handler}");
    }
}

#[test]
fn operation_ids_are_unique_and_usable() {
    let methods = r#"[{"path": "/a", "actions": [{"type": "GET", "operationId": "x y"}]},
        {"path": "/b", "actions": [{"type": "GET", "operationId": "same"}, {"type": "PUT", "operationId": "same"}]}]"#;
    assert_eq!(codes(methods), [Code::OperationId, Code::OperationId]);
}

#[test]
fn empty_files_and_names_are_told() {
    assert_eq!(codes("[]"), [Code::NoRoutes]);
    let found = read(r#"{"name": "s", "resources": []}"#).diagnostics;
    assert!(found.iter().all(|found| found.span.is_some()), "{found:?}");
    assert_eq!(
        codes(r#"[{"path": "/u", "actions": []}]"#),
        [Code::MethodWithoutActions, Code::NoRoutes][..]
            .iter()
            .copied()
            .rev()
            .collect::<Vec<_>>()
    );
    let found = read(r#"{"name": "", "resources": [{"name": " ", "methods": []}]}"#).diagnostics;
    assert!(found.iter().all(|found| found.code == Code::EmptyName), "{found:?}");
}

#[test]
fn a_resource_without_a_name_has_the_one_of_its_class() {
    let text = r#"{"name": "b", "resources": [{"flask": {"resourceModule": "app", "resourceClass": "Users", "strictSlashes": null},
        "methods": [{"path": "/u", "actions": [{"type": "GET"}]}]}]}"#;
    let (blueprint, _) = read(text).into_result().unwrap();
    assert_eq!(blueprint.resources[0].name, "Users");
    assert!(blueprint.routes[0].strict_slashes);
    let none = read(r#"{"name": "b", "resources": [{"methods": []}]}"#).diagnostics;
    assert!(none.iter().any(|found| found.code == Code::MissingKey));
    let both = read(
        r#"{"name": "b", "resources": [{"name": "r", "flask": {}, "axum": {}, "methods": [{"path": "/u", "actions": [{"type": "GET"}]}]}]}"#,
    );
    assert_eq!(both.diagnostics.iter().next().unwrap().code, Code::KeyConflict);
}

#[test]
fn entries_of_one_name_are_one_resource() {
    let text = r#"{"name": "b", "resources": [
        {"name": "r", "methods": [{"path": "/a", "actions": [{"type": "GET"}]}]},
        {"name": "r", "methods": [{"path": "/b", "actions": [{"type": "GET"}]}]}]}"#;
    let (blueprint, _) = read(text).into_result().unwrap();
    assert_eq!(blueprint.resources.len(), 1);
    assert_eq!(
        blueprint.routes[1].pointer,
        "/blueprint/resources/1/methods/0/actions/0"
    );
}

#[test]
fn operation_ids_are_made_of_handlers_where_the_file_says_so() {
    let ids = |key: &str| -> Vec<String> {
        let text = format!(
            r#"{{"blueprint": {{"name": "b", {key} "resources": [{{"name": "old books", "methods": [
                {{"path": "/a", "cors": {{"enable": true}}, "actions": [
                    {{"type": "GET", "handler": "show"}},
                    {{"type": "PUT", "handler": "show"}},
                    {{"type": "POST", "operationId": "add"}},
                    {{"type": "DELETE", "answer": {{"status": 204}}}}
                ]}}
            ]}}]}}}}"#
        );
        let outcome = crate::read_blueprint(&crate::Source::new("routes.json", text), Mode::Strict);
        let blueprint = outcome.into_result().unwrap().0;
        let routes = blueprint.routes.iter().map(|route| route.docs.operation_id.clone());
        routes
            .chain(blueprint.preflights.iter().map(|one| one.operation_id.clone()))
            .collect()
    };
    let made = ["get_a", "put_a", "add", "delete_a", "options_a"];
    assert_eq!(ids(""), made);
    assert_eq!(ids(r#""operationIds": "paths","#), made);
    assert_eq!(
        ids(r#""operationIds": "handlers","#),
        ["old_books_show", "old_books_show_2", "add", "delete_a", "options_a"]
    );
}
