use super::*;
use crate::blueprint::{Authorization, Connection, Manners, Segment, Verb};
use crate::{Outcome, Source, read_blueprint};

fn read(blueprint: &str) -> Outcome<Blueprint> {
    let source = Source::new("routes.json", format!("{{\"blueprint\": {blueprint}}}"));
    read_blueprint(&source, Mode::Strict)
}

/// What is found about methods under the prefix `/p`.
fn codes(methods: &str) -> Vec<Code> {
    let blueprint =
        format!(r#"{{"name": "b", "url_prefix": "/p", "resources": [{{"name": "r", "methods": {methods}}}]}}"#);
    read(&blueprint).diagnostics.iter().map(|found| found.code).collect()
}

fn routes(methods: &str) -> Vec<Route> {
    let blueprint =
        format!(r#"{{"name": "b", "url_prefix": "/p", "resources": [{{"name": "r", "methods": {methods}}}]}}"#);
    read(&blueprint).into_result().expect("no errors").0.routes
}

fn path(path: &str, parameters: &str) -> RoutePath {
    let routes = routes(&format!(
        r#"[{{"path": "{path}", "queryParams": {parameters}, "actions": [{{"type": "GET"}}]}}]"#
    ));
    RoutePath::clone(&routes[0].path)
}

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
fn one_parameter_with_two_types_is_told() {
    let methods = r#"[{"path": "/u", "pathParams": [{"name": "id", "type": "int"}], "actions": [{"type": "GET"}]},
        {"path": "/u", "pathParams": [{"name": "id", "type": "string"}], "actions": [{"type": "PUT"}]}]"#;
    assert_eq!(codes(methods), [Code::MixedConverters]);
}

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

/// The one finding of a method, in words.
fn told(method: &str) -> (Code, String, String) {
    let text = format!(r#"{{"blueprint": {{"name": "b", "resources": [{{"name": "r", "methods": [{method}]}}]}}}}"#);
    let found = crate::read_blueprint(&crate::Source::new("routes.json", text), Mode::Strict).diagnostics;
    let all: Vec<_> = found.iter().collect();
    assert_eq!(all.len(), 1, "{method}: {found:?}");
    (
        all[0].code,
        all[0].message.clone(),
        all[0].help.clone().unwrap_or_default(),
    )
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
