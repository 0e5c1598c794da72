//! What an action takes and gives: parameters, bodies, answers.

use super::reach::parameters;
use super::{ignore, missing};
use crate::diagnostic::Diagnostics;
use crate::import::api::{Answer, Operation, Parameter};
use crate::import::item::{Entries, Item};
use crate::model_reference::OF_FILE;
use crate::openapi::reason;

/// The answers that an operation declares.
pub(super) fn answers(entries: &mut Entries, operation: &Operation) {
    let is_proxy = operation
        .integration
        .as_ref()
        .is_none_or(|integration| integration.kind.is_proxy());
    let plain = |answer: &Answer| answer.headers.is_empty() && answer.content.is_empty();
    // What every proxy declares by itself.
    if is_proxy
        && operation
            .answers
            .iter()
            .all(|(status, answer)| status == "200" && plain(answer))
    {
        return;
    }
    let set = |status: &str| {
        let responses = operation
            .integration
            .iter()
            .flat_map(|integration| &integration.responses);
        let own = responses.filter(|(_, response)| !is_proxy && response.status.as_deref() == Some(status));
        let names = own.flat_map(|(_, response)| &response.parameters);
        let names = names.filter_map(|(name, _)| name.strip_prefix("method.response.header."));
        names.map(str::to_lowercase).collect::<Vec<String>>()
    };
    let items = operation.answers.iter().map(|(status, answer)| {
        let set = set(status);
        (status.clone(), answer_item(status, answer, &set))
    });
    let items: Vec<(String, Item)> = items.collect();
    if is_proxy && items.is_empty() {
        return;
    }
    entries.put("answers", Item::Map(items));
}

/// Schemas of a body by media type; the one of JSON by itself. What is open is said raw.
pub(super) fn media(content: &[(String, Item)], is_alone: bool) -> Item {
    let content: Vec<&(String, Item)> = content.iter().filter(|(_, schema)| !missing::is_open(schema)).collect();
    match content.as_slice() {
        [(media, schema)] if is_alone && media == "application/json" => model(schema),
        _ => {
            let content = content.iter().map(|(media, schema)| (media.clone(), model(schema)));
            Item::Map(content.collect())
        }
    }
}

/// The name of a model, or the schema itself.
fn model(schema: &Item) -> Item {
    match schema {
        Item::Map(entries) if entries.len() == 1 => {
            match entries[0].1.as_text().and_then(|text| text.strip_prefix(OF_FILE)) {
                Some(name) if entries[0].0 == "$ref" => Item::text(name),
                _ => schema.clone(),
            }
        }
        _ => schema.clone(),
    }
}

fn answer_item(status: &str, answer: &Answer, set: &[String]) -> Item {
    let mut entries = Entries::default();
    // What an answer is described with where nothing is said.
    let made = reason(status);
    entries.text(
        "description",
        answer.description.as_deref().filter(|text| *text != made),
    );
    match media(&answer.content, false) {
        Item::Map(content) if matches!(content.as_slice(), [(media, _)] if media == "application/json") => {
            entries.put("model", content[0].1.clone());
        }
        content => entries.fill("content", content),
    }
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !set.contains(&name.to_lowercase()));
    let headers: Vec<_> = headers.collect();
    let is_text = |schema: &Option<Item>| {
        schema.as_ref().is_none_or(|schema| {
            matches!(schema, Item::Map(entries) if entries.len() == 1 && schema.get("type").and_then(Item::as_text) == Some("string"))
        })
    };
    if headers.iter().all(|(_, schema)| is_text(schema)) {
        entries.fill("headers", Item::texts(headers.into_iter().map(|(name, _)| name)));
    } else {
        let text = || Item::Map(vec![("type".into(), Item::text("string"))]);
        let items = headers.into_iter().map(|(name, schema)| {
            (
                name.clone(),
                schema.as_ref().map_or_else(text, |schema| missing::split(schema).0),
            )
        });
        entries.put("headers", Item::Map(items.collect()));
    }
    entries.item()
}

pub(super) fn parameter_items(list: &[Parameter]) -> Item {
    let items = list.iter().map(|parameter| {
        let mut entries = Entries::default();
        entries.put("name", Item::text(&parameter.name));
        let schema = parameter.schema.as_ref().map(|schema| missing::split(schema).0);
        match schema.filter(|schema| !schema.is_empty()) {
            None => {}
            Some(schema) => match converter(&schema) {
                Some(kind) => entries.put("type", (kind != "string").then(|| Item::text(kind))),
                None => entries.put("schema", schema),
            },
        }
        entries.put("required", parameter.required.then_some(Item::Bool(true)));
        entries.text("description", parameter.description.as_deref());
        entries.item()
    });
    Item::List(items.collect())
}

/// The types of the parameters of a path.
pub(super) fn path_parameters(operations: &[&Operation], found: &mut Diagnostics) -> Item {
    let Some(first) = operations.first() else {
        return Item::List(Vec::new());
    };
    let items = parameters(&first.path).filter_map(|name| {
        let declared = operations.iter().flat_map(|operation| &operation.path_parameters);
        let schema = declared
            .filter(|parameter| parameter.name == name)
            .find_map(|parameter| parameter.schema.as_ref())?;
        let Some(kind) = converter(schema) else {
            let message = format!("API Gateway ignores the form of the path parameter `{name}`");
            ignore(found, first.span, message);
            return None;
        };
        let is_greedy = first.path.contains(&format!("{{{name}+}}"));
        let mut entries = Entries::default();
        entries.put("name", Item::text(name));
        entries.put("type", Item::text(&kind));
        (kind != "string" && !is_greedy).then(|| entries.item())
    });
    Item::List(items.collect())
}

/// The type of a parameter that says the same as a schema.
fn converter(schema: &Item) -> Option<String> {
    let Item::Map(entries) = schema else { return None };
    let text = |key: &str| schema.get(key).and_then(Item::as_text);
    let digits = |key: &str| match schema.get(key) {
        None => Some(None),
        Some(Item::Number(digits)) => digits.parse::<i64>().ok().map(Some),
        Some(_) => None,
    };
    let has_only = |keys: &[&str]| {
        let told = ["type", "description", "example", "title"];
        entries
            .iter()
            .all(|(key, _)| keys.contains(&key.as_str()) || told.contains(&key.as_str()))
    };
    let arguments = |pairs: &[(&str, Option<i64>)]| {
        let written = pairs
            .iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name}={value}")));
        let written: Vec<String> = written.collect();
        if written.is_empty() {
            String::new()
        } else {
            format!("({})", written.join(","))
        }
    };
    match text("type")? {
        "string" if has_only(&["format"]) && text("format") == Some("uuid") => Some("uuid".into()),
        "string" if has_only(&["minLength", "maxLength"]) => {
            let least = digits("minLength")?.filter(|least| *least > 1);
            let most = digits("maxLength")?.filter(|most| *most > 0);
            Some(format!(
                "string{}",
                arguments(&[("minlength", least), ("maxlength", most)])
            ))
        }
        "string" if has_only(&["enum"]) => {
            let Some(Item::List(values)) = schema.get("enum") else {
                return None;
            };
            let values: Option<Vec<&str>> = values.iter().map(Item::as_text).collect();
            let is_word = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            let values = values.filter(|values| {
                values
                    .iter()
                    .all(|value| !value.is_empty() && value.chars().all(is_word))
            })?;
            Some(format!("any({})", values.join(",")))
        }
        "integer" if has_only(&["format", "minimum", "maximum"]) => {
            let (least, most) = (digits("minimum")?, digits("maximum")?);
            match least {
                Some(0) => Some(format!("int{}", arguments(&[("max", most)]))),
                Some(1..) => Some(format!("int{}", arguments(&[("min", least), ("max", most)]))),
                _ => {
                    let rest = arguments(&[("min", least), ("max", most)]);
                    let rest = rest.trim_start_matches('(').trim_end_matches(')').to_owned();
                    let rest = if rest.is_empty() { rest } else { format!(",{rest}") };
                    Some(format!("int(signed=True{rest})"))
                }
            }
        }
        _ => None,
    }
}
