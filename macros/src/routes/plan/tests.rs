use bluegate_core::{Mode, read_blueprint};

use super::*;

const ROUTES: &str = r#"{"blueprint": {"name": "shop", "url_prefix": "/api", "resources": [
  {"name": "books", "methods": [
{"path": "/books", "actions": [{"type": "GET"}, {"type": "ANY", "handler": "rest"}]},
{"path": "/books/{id}/pages/{page}", "pathParams": [{"name": "id", "type": "int"}], "actions": [{"type": "GET"}]},
{"path": "/books", "actions": [{"type": "PUT"}]},
{"path": "/shelf/", "actions": [{"type": "GET"}]},
{"path": "/shelf", "actions": [{"type": "POST"}]},
{"path": "/door/", "actions": [{"type": "GET"}]}
  ]},
  {"name": "loose", "axum": {"strictSlashes": false}, "methods": [
{"path": "/books", "actions": [{"type": "DELETE"}]},
{"path": "/files/{path+}", "actions": [{"type": "GET"}]},
{"path": "/files", "cors": {"enable": true}, "actions": [{"type": "GET"}]},
{"path": "/", "actions": [{"type": "GET"}]}
  ]}
]}}"#;

fn with_plan(check: impl FnOnce(&Plan<'_>)) {
    let source = Source::new("routes.json", ROUTES);
    let outcome = read_blueprint(&source, Mode::Strict);
    let (blueprint, _) = outcome
        .into_result()
        .map_err(|found| bluegate_core::render::diagnostics(&source, &found, Default::default()))
        .unwrap();
    check(&Plan::new(&blueprint, &source));
}

fn paths<'p>(resource: &'p Resource<'_>) -> Vec<&'p str> {
    resource.rules.iter().map(|rule| rule.path.axum.as_str()).collect()
}

#[test]
fn what_the_file_says_twice_about_a_path_is_one_rule() {
    with_plan(|plan| {
        assert_eq!(
            paths(&plan.resources[0]),
            [
                "/api/books",
                "/api/books/{id}/pages/{page}",
                "/api/shelf/",
                "/api/shelf",
                "/api/door/"
            ]
        );
        let actions: Vec<&str> = plan.resources[0].rules[0]
            .actions
            .iter()
            .map(|action| action.handler)
            .collect();
        assert_eq!(actions, ["get", "rest", "put"]);
    });
}

#[test]
fn any_is_every_verb_that_the_path_does_not_name_in_any_resource() {
    with_plan(|plan| {
        let [get, any, ..] = &plan.resources[0].rules[0].actions[..] else {
            panic!("two actions")
        };
        assert_eq!(
            (any.verb, &any.but[..]),
            (Verb::Any, &[Verb::Get, Verb::Put, Verb::Delete][..])
        );
        assert!(get.but.is_empty());
    });
}

#[test]
fn a_path_has_one_owner() {
    with_plan(|plan| {
        let [books, loose] = &plan.resources[..] else { panic!() };
        assert!(books.rules.iter().all(|rule| rule.owns));
        let owns: Vec<bool> = loose.rules.iter().map(|rule| rule.owns).collect();
        assert_eq!(owns, [false, true, true, true]);
    });
}

#[test]
fn loose_paths_have_two_forms_unless_they_are_greedy() {
    with_plan(|plan| {
        let others: Vec<&[(&str, bool)]> = plan.resources[1].rules.iter().map(|rule| &rule.others[..]).collect();
        let expected: [&[(&str, bool)]; 4] = [
            &[("/api/books/", true)],
            &[],
            &[("/api/files/", true)],
            &[("/api", true), ("/api//", true)],
        ];
        assert_eq!(others, expected);
        assert!(plan.resources[0].rules.iter().all(|rule| rule.others.is_empty()));
    });
}

#[test]
fn strict_paths_with_a_slash_redirect_where_nothing_else_is() {
    with_plan(|plan| assert_eq!(plan.bare, ["/api/door"]));
}

#[test]
fn places_are_those_of_the_file() {
    with_plan(|plan| {
        let place = plan.resources[0].rules[0].actions[1].location;
        assert_eq!(place.to_string(), "3:49");
        assert_eq!(plan.resources[1].location.to_string(), "10:12");
    });
}
