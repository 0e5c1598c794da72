//! Rust for the routes that the service answers: a type for each resource, with a handler for each action.

mod names;
mod query;

use bluegate_core::{Blueprint, Contract, Route, Verb, is_keyword};

use names::{binding, module, rust_type, type_name};

/// The files of a service by their names: `main.rs`, and one for each resource that it answers.
pub(super) fn files(blueprint: &Blueprint, routes: &str) -> Vec<(String, String)> {
    let mut modules: Vec<(String, String)> = Vec::new();
    for (number, resource) in blueprint.resources.iter().enumerate() {
        let served = blueprint.routes.iter();
        let served: Vec<&Route> = served
            .filter(|route| route.resource == number && route.handler.is_some())
            .collect();
        if !served.is_empty() {
            let module = module(&resource.name, &modules);
            modules.push((module, of_resource(&resource.name, &served)));
        }
    }
    let names: String = modules.iter().map(|(name, _)| format!("mod {name};\n")).collect();
    let main = format!(
        "//! The service of `{routes}`.\n\n{names}\nuse bluegate::routes;\n\n#[tokio::main]\nasync fn main() -> std::io::Result<()> {{\n    \
         let app: axum::Router = routes!({routes:?});\n    \
         let listener = tokio::net::TcpListener::bind(\"127.0.0.1:3000\").await?;\n    \
         println!(\"listening on http://{{}}\", listener.local_addr()?);\n    axum::serve(listener, app).await\n}}\n"
    );
    let mut files = vec![("main.rs".to_owned(), main)];
    files.extend(modules.into_iter().map(|(name, text)| (format!("{name}.rs"), text)));
    files
}

fn of_resource(name: &str, routes: &[&Route]) -> String {
    let kind = type_name(name);
    let mut names = vec![kind.clone()];
    let mut structs = Vec::new();
    let mut handlers = Vec::new();
    for route in routes {
        let query = query::of(route, &names);
        handlers.push(handler(route, query.as_ref().map(|query| query.name.as_str())));
        if let Some(query) = query {
            names.push(query.name);
            structs.extend(query.code);
        }
    }
    let has_map = names.iter().any(|name| name.starts_with("HashMap"));
    let takes = |extractor: Extractor| routes.iter().any(|route| extractor.is_of(route));
    let extractors = [Extractor::Path, Extractor::Query]
        .into_iter()
        .filter(|one| takes(*one));
    let extractors: Vec<&str> = extractors.map(Extractor::name).collect();
    let mut imports = String::new();
    if has_map {
        imports.push_str("use std::collections::HashMap;\n\n");
    }
    if takes(Extractor::Json) {
        imports.push_str("use axum::Json;\n");
    }
    if takes(Extractor::Body) {
        imports.push_str("use axum::body::Bytes;\n");
    }
    match extractors.as_slice() {
        [] => {}
        [one] => imports.push_str(&format!("use axum::extract::{one};\n")),
        several => imports.push_str(&format!("use axum::extract::{{{}}};\n", several.join(", "))),
    }
    let headers = if takes(Extractor::Headers) {
        "{HeaderMap, StatusCode}"
    } else {
        "StatusCode"
    };
    imports.push_str(&format!("use axum::http::{headers};\n"));
    imports.push_str(if structs.is_empty() {
        "use bluegate::resource;\n"
    } else {
        "use bluegate::{QueryParams, resource};\nuse serde::Deserialize;\n"
    });
    let structs: String = structs.iter().map(|code| format!("\n{code}")).collect();
    format!(
        "//! The resource `{name}`.\n\n{imports}\n/// Answers nothing yet.\nstruct {kind};\n\n#[resource(name = {name:?})]\n\
         impl {kind} {{\n{}}}\n{structs}",
        handlers.join("\n")
    )
}

/// What a handler takes of a request, where the file declares it.
#[derive(Debug, Clone, Copy)]
enum Extractor {
    Path,
    Query,
    Headers,
    Json,
    Body,
}

impl Extractor {
    fn name(self) -> &'static str {
        match self {
            Extractor::Path => "Path",
            Extractor::Query => "Query",
            Extractor::Headers => "HeaderMap",
            Extractor::Json => "Json",
            Extractor::Body => "Bytes",
        }
    }

    fn is_of(self, route: &Route) -> bool {
        let contract = route.contract.as_deref();
        match self {
            Extractor::Path => route.path.parameters().next().is_some(),
            Extractor::Query => contract.is_some_and(|contract| !contract.query.is_empty()),
            Extractor::Headers => contract.is_some_and(|contract| !contract.headers.is_empty()),
            Extractor::Json => contract.is_some_and(is_json),
            // As bytes, for the package has no reader of anything but JSON.
            Extractor::Body => contract.is_some_and(|contract| !contract.bodies.is_empty() && !is_json(contract)),
        }
    }
}

/// Whether the bodies of a route are JSON, by what the file declares.
fn is_json(contract: &Contract) -> bool {
    let is_json = |media: &str| media == "application/json" || media.ends_with("+json");
    !contract.bodies.is_empty() && contract.bodies.iter().all(|(media, _)| is_json(media))
}

/// A handler that says that it is not there yet.
fn handler(route: &Route, query: Option<&str>) -> String {
    let name = route.handler.as_deref().unwrap_or_default();
    let summary = route.docs.summary.as_deref().and_then(|text| text.lines().next());
    let says = summary.map(|line| format!(": {line}")).unwrap_or_default();
    let is_verb = Verb::ALL.iter().any(|verb| verb.lower() == name);
    let mark = if is_verb { "" } else { "    #[handler]\n" };
    let name = if is_keyword(name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    };
    let parameters: Vec<(String, &str)> = route
        .path
        .parameters()
        .map(|parameter| (binding(&parameter.name), rust_type(&parameter.converter)))
        .collect();
    let path = match parameters.as_slice() {
        [] => String::new(),
        [(name, kind)] => format!("Path({name}): Path<{kind}>"),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| name.as_str()).collect();
            let kinds: Vec<&str> = several.iter().map(|(_, kind)| *kind).collect();
            format!("Path(({})): Path<({})>", names.join(", "), kinds.join(", "))
        }
    };
    let mut arguments = Vec::from_iter((!path.is_empty()).then_some(path));
    arguments.extend(query.map(|name| format!("Query(_query): Query<{name}>")));
    for (extractor, argument) in [
        (Extractor::Headers, "headers: HeaderMap"),
        (Extractor::Json, "Json(_body): Json<serde_json::Value>"),
        (Extractor::Body, "_body: Bytes"),
    ] {
        if extractor.is_of(route) {
            arguments.push(argument.to_owned());
        }
    }
    let arguments = arguments.join(", ");
    let headers = route.contract.iter().flat_map(|contract| &contract.headers);
    let reads = headers.map(|header| {
        format!(
            "        let {} = headers.get({:?});\n",
            binding(&header.name),
            header.name
        )
    });
    let reads: String = reads.collect();
    format!(
        "    /// `{} {}`{says}\n{mark}    async fn {name}({arguments}) -> StatusCode {{\n{reads}        \
         StatusCode::NOT_IMPLEMENTED\n    }}\n",
        route.verb, route.path.service
    )
}

#[cfg(test)]
mod tests {
    use bluegate_core::{Mode, Source, read_blueprint};

    use super::*;

    #[test]
    fn each_served_route_has_a_handler_that_takes_its_parameters() {
        let routes = r#"{"blueprint": {"name": "shop", "resources": [
            {"name": "api-keys", "methods": [
                {"path": "/keys/{keyId}/{n}", "pathParams": [{"name": "n", "type": "int"}], "actions": [
                    {"type": "GET", "handler": "show", "summary": "One key"}, {"type": "DELETE"}]}]},
            {"name": "type", "methods": [{"path": "/type", "actions": [{"type": "GET", "answer": {}}, {"type": "PUT"}]}]},
            {"name": "mock", "methods": [{"path": "/mock", "actions": [{"type": "GET", "answer": {}}]}]}
        ]}}"#;
        let blueprint = read_blueprint(&Source::new("routes.json", routes), Mode::Strict);
        let files = files(&blueprint.value.expect("a blueprint"), "routes.json");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["main.rs", "api_keys.rs", "resource_type.rs"]);
        assert!(files[0].1.contains("mod api_keys;\nmod resource_type;\n"));
        let keys = &files[1].1;
        assert!(
            keys.contains("#[resource(name = \"api-keys\")]\nimpl ApiKeys {"),
            "{keys}"
        );
        let show = "/// `GET /keys/{keyId}/{n}`: One key\n    #[handler]\n    async fn show(Path((_key_id, _n)): Path<(String, u64)>)";
        assert!(keys.contains(show), "{keys}");
        assert!(keys.contains("    async fn delete("), "{keys}");
        let put = &files[2].1;
        assert!(
            !put.contains("Path") && put.contains("async fn put()") && !put.contains("fn get"),
            "{put}"
        );
    }

    #[test]
    fn a_body_of_json_is_read_and_another_one_stays_bytes() {
        let routes = r#"{"blueprint": {"name": "shop", "resources": [{"name": "books", "methods": [{"path": "/a", "actions": [
            {"type": "POST", "body": {"type": "object"}},
            {"type": "PUT", "body": {"text/csv": {"type": "string"}}}]}]}]}}"#;
        let blueprint = read_blueprint(&Source::new("routes.json", routes), Mode::Strict);
        let files = files(&blueprint.value.expect("a blueprint"), "routes.json");
        let text = &files[1].1;
        for part in [
            "use axum::Json;\nuse axum::body::Bytes;",
            "async fn post(Json(_body): Json<serde_json::Value>)",
            "async fn put(_body: Bytes)",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn declared_headers_are_read_by_their_names() {
        let routes = r#"{"blueprint": {"name": "shop", "resources": [{"name": "books", "methods": [{"path": "/a", "actions": [
            {"type": "GET", "headers": [{"name": "X-Tenant", "required": true}, {"name": "type"}]}]}]}]}}"#;
        let blueprint = read_blueprint(&Source::new("routes.json", routes), Mode::Strict);
        let files = files(&blueprint.value.expect("a blueprint"), "routes.json");
        let text = &files[1].1;
        let body = "async fn get(headers: HeaderMap) -> StatusCode {\n        let _x_tenant = headers.get(\"X-Tenant\");\n        \
                    let _type = headers.get(\"type\");\n        StatusCode::NOT_IMPLEMENTED\n";
        assert!(text.contains(body), "{text}");
    }

    #[test]
    fn a_declared_query_string_is_a_struct_that_is_compared() {
        let routes = r#"{"blueprint": {"name": "shop", "resources": [{"name": "find-query", "methods": [{"path": "/a", "actions": [
            {"type": "GET", "handler": "find", "query": [
                {"name": "pageSize", "type": "int"}, {"name": "page-size"}, {"name": "type", "required": true},
                {"name": "exact", "schema": {"type": "boolean"}}, {"name": "self"}]},
            {"type": "POST", "query": [{"name": "ids", "schema": {"type": "array"}}]}]}]}]}}"#;
        let blueprint = read_blueprint(&Source::new("routes.json", routes), Mode::Strict);
        let files = files(&blueprint.value.expect("a blueprint"), "routes.json");
        let text = &files[1].1;
        for part in [
            "use std::collections::HashMap;",
            "async fn find(Query(_query): Query<FindQuery2>)",
            "async fn post(Query(_query): Query<HashMap<String, String>>)",
            "#[serde(rename = \"pageSize\")]\n    page_size: Option<u64>,\n    #[serde(rename = \"page-size\")]\n    \
             page_size2: Option<String>,\n    r#type: String,\n    exact: Option<bool>,\n    #[serde(rename = \"self\")]\n    \
             parameter_self: Option<String>,\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
