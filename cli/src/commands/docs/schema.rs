//! A schema as people read it.

use serde_json::{Map, Value};

use super::markdown::{escaped, html};

/// How deep schemas are shown in one another; deeper ones are named by their type.
const DEPTH: usize = 6;

/// A schema with everything in it.
pub(super) fn whole(schema: &Value) -> String {
    at_depth(schema, 0)
}

fn at_depth(schema: &Value, depth: usize) -> String {
    let Value::Object(members) = schema else {
        return format!(
            "<code>{}</code>",
            if schema == &Value::Bool(false) {
                "nothing"
            } else {
                "anything"
            }
        );
    };
    let mut shown = format!("<code>{}</code>{}", kind(members), limits(members));
    if let Some(Value::String(text)) = members.get("description") {
        shown.push_str(&html(text));
    }
    if depth == DEPTH {
        return shown;
    }
    if let Some(Value::Object(properties)) = members.get("properties") {
        shown.push_str(&table(properties, members.get("required"), depth));
    }
    let inner = |key: &str| members.get(key).filter(|inner| is_shown(inner));
    for (key, what) in [("items", "Each item"), ("additionalProperties", "Each value")] {
        if let Some(inner) = inner(key) {
            shown.push_str(&folded(what, &at_depth(inner, depth + 1)));
        }
    }
    for (key, what) in [
        ("oneOf", "One of"),
        ("anyOf", "Any of"),
        ("allOf", "All of"),
        ("prefixItems", "In this order"),
    ] {
        if let Some(Value::Array(forms)) = members.get(key).filter(|_| kind_of_parts(members).is_none()) {
            let forms = forms
                .iter()
                .map(|form| format!("<li>{}</li>", at_depth(form, depth + 1)));
            shown.push_str(&format!("<h4>{what}</h4><ul>{}</ul>", forms.collect::<String>()));
        }
    }
    if let Some(Value::Array(examples)) = members.get("examples") {
        for example in examples {
            shown.push_str(&format!("<pre>{}</pre>", escaped(&format!("{example:#}"))));
        }
    }
    shown
}

/// Whether there is more to say of a schema than its type.
fn is_shown(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| {
        let says = [
            "properties",
            "oneOf",
            "anyOf",
            "allOf",
            "items",
            "description",
            "prefixItems",
        ];
        says.iter().any(|key| members.contains_key(*key)) && kind_of_parts(members).is_none()
    })
}

fn folded(what: &str, inner: &str) -> String {
    format!("<details><summary class=dim>{what}</summary>{inner}</details>")
}

fn table(properties: &Map<String, Value>, required: Option<&Value>, depth: usize) -> String {
    let is_required = |name: &str| {
        let names = required.and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let rows = properties.iter().map(|(name, schema)| {
        let must = must(is_required(name));
        let shown = at_depth(schema, depth + 1);
        format!("<tr><td><code>{}</code>{must}</td><td>{shown}</td></tr>", escaped(name))
    });
    format!("<table>{}</table>", rows.collect::<String>())
}

/// What stands beside something that must be there.
pub(super) fn must(is_required: bool) -> &'static str {
    if is_required {
        " <span class=must>required</span>"
    } else {
        ""
    }
}

/// The type in one line, with links to models.
pub(super) fn kind(members: &Map<String, Value>) -> String {
    if let Some(Value::String(reference)) = members.get("$ref") {
        let name = escaped(reference.rsplit('/').next().unwrap_or_default());
        return format!("<a href=\"#model-{name}\">{name}</a>");
    }
    if let Some(parts) = kind_of_parts(members) {
        return parts;
    }
    if let Some(only) = members.get("const") {
        return escaped(&only.to_string());
    }
    if let Some(Value::Array(values)) = members.get("enum") {
        let values: Vec<String> = values.iter().map(|value| escaped(&value.to_string())).collect();
        return values.join(" | ");
    }
    let of = |key: &str| match members.get(key) {
        Some(Value::Object(inner)) => format!(" of {}", kind(inner)),
        _ => String::new(),
    };
    let word = |kind: &str| match kind {
        "array" => format!("list{}", of("items")),
        "object" => match of("additionalProperties") {
            of if of.is_empty() => "object".to_owned(),
            of => format!("object{of}"),
        },
        kind => escaped(kind),
    };
    match members.get("type") {
        Some(Value::String(kind)) => word(kind),
        Some(Value::Array(kinds)) => {
            let kinds: Vec<String> = kinds.iter().filter_map(Value::as_str).map(word).collect();
            kinds.join(" | ")
        }
        _ if members.contains_key("properties") => "object".to_owned(),
        _ if ["oneOf", "anyOf", "allOf"].iter().any(|key| members.contains_key(*key)) => "combined".to_owned(),
        _ => "anything".to_owned(),
    }
}

/// Several models, or one and null: what fits on a line.
fn kind_of_parts(members: &Map<String, Value>) -> Option<String> {
    let forms = ["anyOf", "oneOf"]
        .iter()
        .find_map(|key| members.get(*key)?.as_array())?;
    let is_plain = |form: &Value| {
        let members = form.as_object()?;
        let is_null = members.get("type") == Some(&Value::from("null"));
        (members.contains_key("$ref") || is_null).then(|| kind(members))
    };
    let kinds: Vec<String> = forms.iter().map(is_plain).collect::<Option<_>>()?;
    Some(kinds.join(" | "))
}

fn limits(members: &Map<String, Value>) -> String {
    const SAID: [(&str, &str); 11] = [
        ("format", ""),
        ("minimum", "≥ "),
        ("exclusiveMinimum", "> "),
        ("maximum", "≤ "),
        ("exclusiveMaximum", "< "),
        ("minLength", "at least so many characters: "),
        ("maxLength", "at most so many characters: "),
        ("minItems", "at least so many: "),
        ("maxItems", "at most so many: "),
        ("pattern", "matches "),
        ("default", "default "),
    ];
    let said = SAID.iter().filter_map(|(key, words)| {
        let value = members.get(*key)?;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{words}{}", escaped(&value)))
    });
    let said: Vec<String> = said.collect();
    match said.is_empty() {
        true => String::new(),
        false => format!(" <span class=dim>{}</span>", said.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_named_in_a_line() {
        for (schema, expected) in [
            (json!({"type": "string"}), "string"),
            (json!({"type": ["string", "null"]}), "string | null"),
            (
                json!({"type": "array", "items": {"$ref": "#/components/schemas/Book"}}),
                "list of <a href=\"#model-Book\">Book</a>",
            ),
            (
                json!({"anyOf": [{"$ref": "#/components/schemas/Book"}, {"type": "null"}]}),
                "<a href=\"#model-Book\">Book</a> | null",
            ),
            (json!({"enum": ["a", 1]}), "&quot;a&quot; | 1"),
            (
                json!({"additionalProperties": {"type": "integer"}, "type": "object"}),
                "object of integer",
            ),
            (json!({}), "anything"),
        ] {
            assert_eq!(kind(schema.as_object().unwrap()), expected, "{schema}");
        }
    }

    #[test]
    fn an_object_is_a_table_of_its_properties() {
        let shown = whole(&json!({
            "type": "object", "required": ["id"],
            "properties": {"id": {"type": "integer", "minimum": 1, "description": "The `id`."}, "<b>": {"type": "string"}},
        }));
        assert!(
            shown.contains("<code>id</code> <span class=must>required</span>"),
            "{shown}"
        );
        assert!(
            shown.contains("≥ 1") && shown.contains("The <code>id</code>."),
            "{shown}"
        );
        assert!(shown.contains("&lt;b&gt;") && !shown.contains("<b>"), "{shown}");
    }
}
