//! Rust for the routes that the service answers: a type for each resource, with a handler for each action.

use bluegate_core::{Blueprint, Converter, Route, Verb, is_keyword};

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
    let handlers: Vec<String> = routes.iter().map(|route| handler(route)).collect();
    let takes = |extractor: Extractor| routes.iter().any(|route| extractor.is_of(route));
    let extractors = [Extractor::Path, Extractor::Query]
        .into_iter()
        .filter(|one| takes(*one));
    let extractors: Vec<&str> = extractors.map(Extractor::name).collect();
    let mut imports = String::new();
    if takes(Extractor::Query) {
        imports.push_str("use std::collections::HashMap;\n\n");
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
    imports.push_str(&format!("use axum::http::{headers};\nuse bluegate::resource;\n"));
    format!(
        "//! The resource `{name}`.\n\n{imports}\n/// Answers nothing yet.\nstruct {kind};\n\n#[resource(name = {name:?})]\n\
         impl {kind} {{\n{}}}\n",
        handlers.join("\n")
    )
}

/// What a handler takes of a request, where the file declares it.
#[derive(Debug, Clone, Copy)]
enum Extractor {
    Path,
    Query,
    Headers,
    Body,
}

impl Extractor {
    fn name(self) -> &'static str {
        match self {
            Extractor::Path => "Path",
            Extractor::Query => "Query",
            Extractor::Headers => "HeaderMap",
            Extractor::Body => "Bytes",
        }
    }

    fn is_of(self, route: &Route) -> bool {
        let contract = route.contract.as_deref();
        match self {
            Extractor::Path => route.path.parameters().next().is_some(),
            Extractor::Query => contract.is_some_and(|contract| !contract.query.is_empty()),
            Extractor::Headers => contract.is_some_and(|contract| !contract.headers.is_empty()),
            // As bytes, for the package has no reader of JSON or anything else.
            Extractor::Body => contract.is_some_and(|contract| !contract.bodies.is_empty()),
        }
    }
}

/// A handler that says that it is not there yet.
fn handler(route: &Route) -> String {
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
    for (extractor, argument) in [
        (Extractor::Query, "Query(_query): Query<HashMap<String, String>>"),
        (Extractor::Headers, "_headers: HeaderMap"),
        (Extractor::Body, "_body: Bytes"),
    ] {
        if extractor.is_of(route) {
            arguments.push(argument.to_owned());
        }
    }
    let arguments = arguments.join(", ");
    format!(
        "    /// `{} {}`{says}\n{mark}    async fn {name}({arguments}) -> StatusCode {{\n        StatusCode::NOT_IMPLEMENTED\n    }}\n",
        route.verb, route.path.service
    )
}

/// The name of a variable that nobody uses yet.
fn binding(parameter: &str) -> String {
    let mut name = String::from("_");
    for c in parameter.chars() {
        if c.is_ascii_uppercase() && !name.ends_with('_') {
            name.push('_');
        }
        name.push(if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        });
    }
    name
}

/// What a handler takes for a parameter.
fn rust_type(converter: &Converter) -> &'static str {
    match converter {
        Converter::Int { signed: true, .. } => "i64",
        Converter::Int { .. } => "u64",
        Converter::Float { .. } => "f64",
        Converter::String { .. } | Converter::Path | Converter::Uuid | Converter::Any { .. } => "String",
    }
}

/// `api_keys` as `ApiKeys`.
fn type_name(resource: &str) -> String {
    let mut name = String::new();
    for word in resource.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_keyword(&name) {
        return name;
    }
    format!("Resource{name}")
}

/// The name of a module for a resource.
fn module(resource: &str, taken: &[(String, String)]) -> String {
    let mut name: String = resource
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || is_keyword(&name) || name == "main" {
        name = format!("resource_{name}");
    }
    while taken.iter().any(|(other, _)| *other == name) {
        name.push('_');
    }
    name
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
}
