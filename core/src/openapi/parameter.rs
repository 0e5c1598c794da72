//! Path parameters: their types in the document, and how they get to the service.

use super::document::{Map, Number, Parameter, PlainSchema, Schema};
use crate::blueprint::RoutePath;
use crate::converter::Converter;

/// The declarations of a path's parameters.
pub(super) fn declarations(path: &RoutePath) -> Vec<Parameter> {
    let mut declarations = Vec::with_capacity(path.parameters().count());
    declarations.extend(path.parameters().map(|parameter| Parameter {
        name: parameter.name.clone(),
        location: "path".into(),
        required: true,
        schema: Some(Schema::Plain(schema(&parameter.converter))),
        ..Parameter::default()
    }));
    declarations
}

/// Without a mapping the gateway sends the braces of the integration's URL as they are. A URL that is not made of the path
/// may have some of its parameters, or none.
pub(super) fn mappings(path: &RoutePath, url: Option<&str>) -> Map<String> {
    let stands_in = |name: &str| url.is_none_or(|url| url.contains(&format!("{{{name}}}")));
    path.parameters()
        .filter(|parameter| stands_in(&parameter.name))
        .map(|parameter| {
            (
                format!("integration.request.path.{}", parameter.name),
                format!("method.request.path.{}", parameter.name),
            )
        })
        .collect()
}

/// The values of a type.
pub(super) fn schema(converter: &Converter) -> PlainSchema {
    let formatted = |kind, format: &'static str| PlainSchema {
        format: Some(format.into()),
        ..PlainSchema::of(kind)
    };
    match converter {
        Converter::String { min_length, max_length } => PlainSchema {
            min_length: (*min_length > 1).then_some(*min_length),
            max_length: *max_length,
            ..PlainSchema::of("string")
        },
        Converter::Int {
            signed,
            fixed_digits,
            min,
            max,
        } => {
            let least = if *signed { *min } else { Some(min.unwrap_or(0).max(0)) };
            PlainSchema {
                minimum: least.map(Number::Int),
                maximum: (*max).or_else(|| greatest(*fixed_digits)).map(Number::Int),
                ..formatted("integer", "int64")
            }
        }
        Converter::Float { signed, min, max } => {
            let least = if *signed {
                *min
            } else {
                Some(min.unwrap_or(0.0).max(0.0))
            };
            PlainSchema {
                minimum: least.map(number),
                maximum: max.map(number),
                ..formatted("number", "double")
            }
        }
        Converter::Path => PlainSchema::of("string"),
        Converter::Uuid => formatted("string", "uuid"),
        Converter::Any { values } => PlainSchema {
            values: values.clone(),
            ..PlainSchema::of("string")
        },
    }
}

/// The greatest value of so many digits.
fn greatest(digits: u32) -> Option<i64> {
    if digits == 0 {
        return None;
    }
    10_i64.checked_pow(digits).map(|power| power - 1)
}

/// A whole number is written without a point.
fn number(value: f64) -> Number {
    // 2^53: every whole number up to it is one of f64's.
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        #[allow(clippy::cast_possible_truncation)]
        return Number::Int(value as i64);
    }
    Number::Float(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_keep_their_format_bounds_and_values() {
        for (text, expected) in [
            ("string", json!({"type": "string"})),
            (
                "string(length=3)",
                json!({"type": "string", "minLength": 3, "maxLength": 3}),
            ),
            ("int", json!({"type": "integer", "format": "int64", "minimum": 0})),
            (
                "int(min=1,max=5)",
                json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": 5}),
            ),
            ("int(signed=True)", json!({"type": "integer", "format": "int64"})),
            (
                "int(3)",
                json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": 999}),
            ),
            (
                "float(max=1.5)",
                json!({"type": "number", "format": "double", "minimum": 0, "maximum": 1.5}),
            ),
            ("uuid", json!({"type": "string", "format": "uuid"})),
            ("path", json!({"type": "string"})),
            ("any(red,green)", json!({"type": "string", "enum": ["red", "green"]})),
        ] {
            let converter = Converter::parse(text).unwrap();
            assert_eq!(serde_json::to_value(schema(&converter)).unwrap(), expected, "{text}");
        }
    }
}
