//! What values, `$input` and `$util` can do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::TemplateError;
use super::scope::{BYTES, Scope};
use super::syntax::Operator;
use crate::plane::{Value, encoding, json_path};

/// `$input.name(arguments)`.
pub(super) fn of_input(scope: &Scope<'_>, method: &str, arguments: &[Value]) -> Result<Value, TemplateError> {
    match (method, arguments) {
        ("path", [path]) => select(scope, path),
        ("json", [path]) => Ok(match select(scope, path)? {
            Value::Null => "\"\"".into(),
            value => value.to_json().into(),
        }),
        ("params", []) => Ok(scope.parameters.all()),
        ("params", [name]) => Ok(scope
            .parameters
            .find(&name.to_string())
            .map_or(Value::Null, Value::from)),
        _ => Err(unknown("$input", method, arguments)),
    }
}

fn select(scope: &Scope<'_>, path: &Value) -> Result<Value, TemplateError> {
    let body = Value::parse(&scope.body()).unwrap_or_default();
    let path = path.to_string();
    json_path::select(&body, &path).map_err(|what| TemplateError(format!("{path}: {what}")))
}

/// `$util.name(arguments)`.
pub(super) fn of_util(method: &str, arguments: &[Value]) -> Result<Value, TemplateError> {
    let [argument] = arguments else {
        return Err(unknown("$util", method, arguments));
    };
    let text = match argument {
        Value::Null => String::new(),
        argument => argument.to_string(),
    };
    Ok(match method {
        "escapeJavaScript" => escape_java_script(&text).into(),
        "parseJson" => Value::parse(&text).map_err(|error| TemplateError(format!("$util.parseJson: {error}")))?,
        "urlEncode" => encoding::form_encoded(&text).into(),
        "urlDecode" => encoding::form_decoded(&text).into(),
        "base64Encode" => STANDARD.encode(text).into(),
        "base64Decode" => {
            let bytes = STANDARD.decode(text.trim());
            let bytes = bytes.map_err(|error| TemplateError(format!("$util.base64Decode: {error}")))?;
            String::from_utf8_lossy(&bytes).into_owned().into()
        }
        _ => return Err(unknown("$util", method, arguments)),
    })
}

/// As `StringEscapeUtils` of Commons Lang does it.
fn escape_java_script(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '"' | '\'' | '\\' | '/' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            ' '..='~' => escaped.push(c),
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    escaped.push_str(&format!("\\u{unit:04X}"));
                }
            }
        }
        escaped
    })
}

/// `value.name`.
pub(super) fn property(value: Value, name: &str) -> Value {
    match value {
        Value::Map(entries) => entries.into_iter().find(|(key, _)| key == name).map(|(_, value)| value),
        _ => None,
    }
    .unwrap_or_default()
}

/// `value[index]`.
pub(super) fn index(value: Value, index: &Value) -> Value {
    match (value, index.as_integer()) {
        (Value::List(items), Some(at)) => usize::try_from(at)
            .ok()
            .and_then(|at| items.into_iter().nth(at))
            .unwrap_or_default(),
        (value, _) => property(value, &index.to_string()),
    }
}

/// Whether a method changes what it is called on.
pub(super) fn changes(method: &str) -> bool {
    matches!(method, "put" | "putAll" | "add" | "addAll" | "set" | "remove")
}

/// Calls a method that changes what it is called on.
pub(super) fn change(place: &mut Value, method: &str, arguments: Vec<Value>) -> Result<Value, TemplateError> {
    let count = arguments.len();
    let mut given = arguments.into_iter();
    let mut next = || given.next().unwrap_or_default();
    match (method, place, count) {
        ("put", place @ (Value::Map(_) | Value::Null), 2) => {
            let (key, value) = (next().to_string(), next());
            Ok(std::mem::replace(place.entry(&key), value))
        }
        ("putAll", place @ Value::Map(_), 1) => {
            if let Value::Map(entries) = next() {
                for (key, value) in entries {
                    *place.entry(&key) = value;
                }
            }
            Ok(Value::Null)
        }
        ("add", Value::List(items), 1) => {
            items.push(next());
            Ok(true.into())
        }
        ("addAll", Value::List(items), 1) => {
            if let Value::List(more) = next() {
                if items.len() + more.len() > BYTES / size_of::<Value>() {
                    return Err(TemplateError("the list is too long".to_owned()));
                }
                items.extend(more);
            }
            Ok(true.into())
        }
        ("set", Value::List(items), 2) => {
            let at = next().as_integer().and_then(|at| usize::try_from(at).ok());
            let place = at.and_then(|at| items.get_mut(at));
            let place = place.ok_or_else(|| TemplateError("the list has no such item".to_owned()))?;
            Ok(std::mem::replace(place, next()))
        }
        ("remove", Value::Map(entries), 1) => {
            let key = next().to_string();
            let at = entries.iter().position(|(name, _)| *name == key);
            Ok(at.map(|at| entries.remove(at).1).unwrap_or_default())
        }
        ("remove", Value::List(items), 1) => {
            let at = next().as_integer().and_then(|at| usize::try_from(at).ok());
            let at = at.filter(|at| *at < items.len());
            Ok(at.map(|at| items.remove(at)).unwrap_or_default())
        }
        (_, _, count) => Err(unknown("the value", method, &vec![Value::Null; count])),
    }
}

/// `value.name(arguments)`.
pub(super) fn call(value: Value, method: &str, arguments: &[Value]) -> Result<Value, TemplateError> {
    let texts: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Ok(match (value, method, texts.as_slice()) {
        (Value::Null, ..) => Value::Null,
        (value, "toString", []) => value.to_string().into(),
        (value, "equals", [_]) => (value == arguments[0]).into(),
        (Value::Map(entries), method, texts) => match (method, texts) {
            ("keySet", []) => Value::List(entries.into_iter().map(|(key, _)| key.into()).collect()),
            ("values", []) => Value::List(entries.into_iter().map(|(_, value)| value).collect()),
            ("entrySet", []) => {
                let entry = |(key, value)| [("key", Value::from(key)), ("value", value)].into_iter().collect();
                Value::List(
                    entries
                        .into_iter()
                        .map(|(key, value): (String, Value)| entry((key, value)))
                        .collect(),
                )
            }
            ("get", [key]) => property(Value::Map(entries), key),
            ("containsKey", [key]) => entries.iter().any(|(name, _)| name == key).into(),
            ("containsValue", [_]) => entries.iter().any(|(_, value)| *value == arguments[0]).into(),
            ("size", []) => length(entries.len()),
            ("isEmpty", []) => entries.is_empty().into(),
            // The entries that `entrySet()` gives.
            ("getKey", []) => property(Value::Map(entries), "key"),
            ("getValue", []) => property(Value::Map(entries), "value"),
            _ => return Err(unknown("the map", method, arguments)),
        },
        (Value::List(items), method, texts) => match (method, texts) {
            ("get", [_]) => index(Value::List(items), &arguments[0]),
            ("size", []) => length(items.len()),
            ("isEmpty", []) => items.is_empty().into(),
            ("contains", [_]) => items.contains(&arguments[0]).into(),
            _ => return Err(unknown("the list", method, arguments)),
        },
        // Templates have no `Integer`, and call what belongs to it on any number.
        (Value::Number(_), "parseInt" | "valueOf", [text]) => {
            let number = text.parse::<i64>();
            number
                .map_err(|_| TemplateError(format!("{text} is no number")))?
                .into()
        }
        (value @ (Value::Text(_) | Value::Number(_) | Value::Bool(_)), method, texts) => {
            of_text(&value.to_string(), method, texts, arguments)?
        }
    })
}

fn of_text(text: &str, method: &str, texts: &[&str], arguments: &[Value]) -> Result<Value, TemplateError> {
    let pattern = |pattern: &str| {
        fancy_regex::Regex::new(pattern).map_err(|error| TemplateError(format!("the pattern {pattern}: {error}")))
    };
    let failed = |error: fancy_regex::Error| TemplateError(error.to_string());
    Ok(match (method, texts) {
        ("length", []) => length(text.encode_utf16().count()),
        ("isEmpty", []) => text.is_empty().into(),
        ("trim", []) => text.trim().into(),
        ("toLowerCase", []) => text.to_lowercase().into(),
        ("toUpperCase", []) => text.to_uppercase().into(),
        ("contains", [part]) => text.contains(part).into(),
        ("startsWith", [part]) => text.starts_with(part).into(),
        ("endsWith", [part]) => text.ends_with(part).into(),
        ("indexOf", [part]) => text
            .find(part)
            .map_or(Value::from(-1), |at| length(text[..at].encode_utf16().count())),
        ("lastIndexOf", [part]) => text
            .rfind(part)
            .map_or(Value::from(-1), |at| length(text[..at].encode_utf16().count())),
        ("equalsIgnoreCase", [other]) => (text.to_lowercase() == other.to_lowercase()).into(),
        ("concat", [other]) => format!("{text}{other}").into(),
        ("replace", [from, to]) => text.replace(from, to).into(),
        ("replaceAll", [from, to]) => pattern(from)?.replace_all(text, *to).into_owned().into(),
        ("replaceFirst", [from, to]) => pattern(from)?.replace(text, *to).into_owned().into(),
        ("matches", [whole]) => pattern(&format!("^(?:{whole})$"))?
            .is_match(text)
            .map_err(failed)?
            .into(),
        ("split", [by]) => {
            let by = pattern(by)?;
            let parts: Result<Vec<&str>, _> = by.split(text).collect();
            let mut parts = parts.map_err(failed)?;
            // As Java does it: no empty parts at the end.
            while parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
                parts.pop();
            }
            Value::List(parts.into_iter().map(Value::from).collect())
        }
        ("charAt", [_]) => {
            let end = arithmetic(Operator::Plus, &arguments[0], &Value::from(1));
            substring(text, &arguments[0], Some(&end))?
        }
        ("substring", [_]) => substring(text, &arguments[0], None)?,
        ("substring", [_, _]) => substring(text, &arguments[0], Some(&arguments[1]))?,
        _ => return Err(unknown("the text", method, arguments)),
    })
}

fn substring(text: &str, start: &Value, end: Option<&Value>) -> Result<Value, TemplateError> {
    let characters: Vec<char> = text.chars().collect();
    let place = |value: &Value| value.as_integer().and_then(|at| usize::try_from(at).ok());
    let end = end.map_or(Some(characters.len()), place);
    let part = place(start)
        .zip(end)
        .and_then(|(start, end)| characters.get(start..end));
    let part = part.ok_or_else(|| TemplateError("substring() goes beyond the text".to_owned()))?;
    Ok(part.iter().collect::<String>().into())
}

fn length(count: usize) -> Value {
    Value::from(i64::try_from(count).unwrap_or(i64::MAX))
}

fn unknown(of: &str, method: &str, arguments: &[Value]) -> TemplateError {
    TemplateError(format!(
        "{of} has no method {method}() that takes {} arguments",
        arguments.len()
    ))
}

/// What an operator makes of two values.
pub(super) fn binary(operator: Operator, left: &Value, right: &Value) -> Value {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = || match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64().partial_cmp(&right.as_f64()),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    };
    match operator {
        Operator::Equal => equal(left, right).into(),
        Operator::Unequal => (!equal(left, right)).into(),
        Operator::Less => (order() == Some(Less)).into(),
        Operator::Greater => (order() == Some(Greater)).into(),
        Operator::LessOrEqual => matches!(order(), Some(Less | Equal)).into(),
        Operator::GreaterOrEqual => matches!(order(), Some(Greater | Equal)).into(),
        operator => arithmetic(operator, left, right),
    }
}

/// Velocity compares what is not of one type by what it prints; recorded of AWS: nothing is the empty text.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Null, Value::Text(text)) | (Value::Text(text), Value::Null) => text.is_empty(),
        (Value::Null, other) | (other, Value::Null) => *other == Value::Null,
        (left, right) => left == right || left.to_string() == right.to_string(),
    }
}

/// A number, or a text for a sum of texts; nothing where Java would fail.
pub(super) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Value {
    if let (Some(left), Some(right)) = (left.as_integer(), right.as_integer()) {
        let result = match operator {
            Operator::Plus => left.checked_add(right),
            Operator::Minus => left.checked_sub(right),
            Operator::Times => left.checked_mul(right),
            Operator::Divide => left.checked_div(right),
            _ => left.checked_rem(right),
        };
        return result.map_or(Value::Null, Value::from);
    }
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        let (left, right) = (left.as_f64().unwrap_or_default(), right.as_f64().unwrap_or_default());
        let result = match operator {
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Times => left * right,
            Operator::Divide => left / right,
            _ => left % right,
        };
        return serde_json::Number::from_f64(result).map_or(Value::Null, Value::Number);
    }
    match operator {
        Operator::Plus if matches!((left, right), (Value::Text(_), _) | (_, Value::Text(_))) => {
            format!("{left}{right}").into()
        }
        _ => Value::Null,
    }
}
