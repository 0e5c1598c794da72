//! What a handler takes of a query string: a struct that `routes!` compares with what the file declares.

use bluegate_core::{ParameterForm, RequestParameter, Route, is_keyword};

use super::names::{rust_type, snake, type_name};

/// The type that a handler takes of a query string.
pub(super) struct Query {
    /// Its name.
    pub(super) name: String,
    /// The struct, unless it is a map.
    pub(super) code: Option<String>,
}

/// What takes every parameter, once.
const MAP: &str = "HashMap<String, String>";

/// The type for a route that declares a query string. `taken` are the names of other types of its file.
pub(super) fn of(route: &Route, taken: &[String]) -> Option<Query> {
    let declared = route.contract.as_deref().map(|contract| contract.query.as_slice())?;
    if declared.is_empty() {
        return None;
    }
    // axum's own `Query` takes one value of a name into a field, and no list.
    let Some(types) = declared.iter().map(value_type).collect::<Option<Vec<&str>>>() else {
        return Some(Query {
            name: MAP.to_owned(),
            code: None,
        });
    };
    let handler = route.handler.as_deref().unwrap_or_default();
    let name = unused(format!("{}Query", type_name(handler)), taken);
    let mut names: Vec<String> = Vec::new();
    let mut fields = String::new();
    for (parameter, kind) in declared.iter().zip(types) {
        let field = field(&parameter.name, &names);
        if field != parameter.name {
            fields.push_str(&format!("    #[serde(rename = {:?})]\n", parameter.name));
        }
        let raw = if is_keyword(&field) { "r#" } else { "" };
        let kind = match parameter.required {
            true => kind.to_owned(),
            false => format!("Option<{kind}>"),
        };
        fields.push_str(&format!("    {raw}{field}: {kind},\n"));
        names.push(field);
    }
    let code = format!(
        "/// The query string of `{} {}`.\n#[derive(Deserialize, QueryParams)]\n#[expect(dead_code, reason = \"nothing \
         reads it yet\")]\nstruct {name} {{\n{fields}}}\n",
        route.verb, route.path.service
    );
    Some(Query { name, code: Some(code) })
}

/// What a parameter is in Rust; `None` for one that may have several values.
fn value_type(parameter: &RequestParameter) -> Option<&'static str> {
    let schema = match &parameter.form {
        ParameterForm::Typed(converter) => return Some(rust_type(converter)),
        ParameterForm::Schema(schema) => serde_json::to_value(schema).unwrap_or_default(),
    };
    match schema["type"].as_str() {
        Some("array" | "object") => None,
        Some("integer") => Some("i64"),
        Some("number") => Some("f64"),
        Some("boolean") => Some("bool"),
        _ => Some("String"),
    }
}

/// The name of a field for a parameter that no other field has.
fn field(parameter: &str, taken: &[String]) -> String {
    let name = snake(parameter);
    let is_name =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && !matches!(name.as_str(), "self" | "super" | "crate");
    unused(
        if is_name {
            name
        } else {
            format!("parameter_{}", name.trim_start_matches('_'))
        },
        taken,
    )
}

fn unused(name: String, taken: &[String]) -> String {
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or(name)
}
