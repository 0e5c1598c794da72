//! The text of a parameter type: a name, and arguments in parentheses as Werkzeug takes them.

use std::fmt;

use super::Converter;
use crate::tree::nearest;

/// A text that is no parameter type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError {
    message: String,
    help: String,
}

impl TypeError {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TypeError {}

const TYPES: &str = "the types are `string`, `int`, `float`, `path`, `uuid` and `any(a,b)`";

/// Longer than any type that means something; keeps messages short.
const MAX_LENGTH: usize = 4096;

pub(super) fn parse(text: &str) -> Result<Converter, TypeError> {
    let text = text.trim();
    if text.len() > MAX_LENGTH {
        return Err(TypeError::new("the parameter type is too long", TYPES));
    }
    let (name, arguments) = match text.split_once('(') {
        None => (text, Vec::new()),
        Some((name, rest)) => {
            let Some(inner) = rest.trim_end().strip_suffix(')') else {
                return Err(TypeError::new(
                    format!("the parameter type `{text}` has no closing parenthesis"),
                    "write it as `int(min=1,max=5)`",
                ));
            };
            (name.trim_end(), split(inner, text)?)
        }
    };
    match name {
        "string" | "default" => string(&Arguments::new(name, &["minlength", "maxlength", "length"], arguments)?),
        "int" => int(&Arguments::new(
            name,
            &["fixed_digits", "min", "max", "signed"],
            arguments,
        )?),
        "float" => float(&Arguments::new(name, &["min", "max", "signed"], arguments)?),
        "path" => Arguments::new(name, &[], arguments).map(|_| Converter::Path),
        "uuid" => Arguments::new(name, &[], arguments).map(|_| Converter::Uuid),
        "any" => any(arguments),
        _ => {
            let near = match name.to_ascii_lowercase().as_str() {
                "integer" | "number" | "long" | "i32" | "i64" | "u32" | "u64" => Some("int"),
                "double" | "decimal" | "f64" => Some("float"),
                "str" | "text" => Some("string"),
                "guid" => Some("uuid"),
                "enum" => Some("any"),
                _ => nearest(name, Converter::NAMES),
            };
            let name = crate::decode::shortened(name);
            Err(match near {
                Some(near) => TypeError::new(
                    format!("there is no parameter type `{name}`; did you mean `{near}`?"),
                    format!("write `{near}`; {TYPES}"),
                ),
                None => TypeError::new(format!("there is no parameter type `{name}`"), TYPES),
            })
        }
    }
}

/// An argument: its name, if it has one, and its text.
struct Argument {
    name: Option<String>,
    value: String,
    quoted: bool,
}

/// Splits at commas outside quotes.
fn split(inner: &str, whole: &str) -> Result<Vec<Argument>, TypeError> {
    let mut arguments = Vec::new();
    let mut rest = inner.trim();
    while !rest.is_empty() {
        let mut name = None;
        if let Some((before, behind)) = rest.split_once('=')
            && !before.contains(['"', '\'', ','])
        {
            name = Some(before.trim().to_owned());
            rest = behind.trim_start();
        }
        let (value, quoted, behind) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let Some((value, behind)) = rest[1..].split_once(quote) else {
                    return Err(TypeError::new(
                        format!("the parameter type `{whole}` has a quote that is never closed"),
                        "close it",
                    ));
                };
                (value, true, behind.trim_start())
            }
            _ => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].trim(), false, &rest[end..])
            }
        };
        if value.is_empty() && !quoted {
            return Err(TypeError::new(
                format!("the parameter type `{whole}` has an empty argument"),
                "write a value between the commas",
            ));
        }
        arguments.push(Argument {
            name,
            value: value.to_owned(),
            quoted,
        });
        rest = match behind.strip_prefix(',') {
            Some(behind) => behind.trim_start(),
            None if behind.is_empty() => behind,
            None => {
                return Err(TypeError::new(
                    format!("the parameter type `{whole}` has text behind a quoted argument"),
                    "separate arguments with commas",
                ));
            }
        };
    }
    Ok(arguments)
}

/// The arguments of a converter by name; those without a name fill the names in order.
struct Arguments {
    converter: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Arguments {
    fn new(name: &str, known: &[&'static str], given: Vec<Argument>) -> Result<Self, TypeError> {
        let converter = match name {
            "default" => "string",
            other => Converter::NAMES
                .into_iter()
                .find(|known| *known == other)
                .unwrap_or("string"),
        };
        let listed = match known {
            [] => format!("`{converter}` takes no arguments"),
            _ => format!("`{converter}` takes `{}`", known.join("`, `")),
        };
        let mut values: Vec<(&'static str, String)> = Vec::new();
        // As in a Python call, an argument with a name takes no position from those without.
        let mut positions = known.iter().copied();
        for argument in given {
            let key = match &argument.name {
                Some(name) => known.iter().copied().find(|known| known == name),
                None => positions.next(),
            };
            let Some(key) = key else {
                let message = match &argument.name {
                    Some(name) => format!("`{converter}` has no argument `{}`", crate::decode::shortened(name)),
                    None => format!("`{converter}` has too many arguments"),
                };
                return Err(TypeError::new(message, listed));
            };
            if values.iter().any(|(other, _)| *other == key) {
                return Err(TypeError::new(format!("`{converter}` has `{key}` twice"), "remove one"));
            }
            values.push((key, argument.value));
        }
        Ok(Self { converter, values })
    }

    fn take<T: std::str::FromStr>(&self, key: &str, what: &str) -> Result<Option<T>, TypeError> {
        let Some((_, value)) = self.values.iter().find(|(name, _)| *name == key) else {
            return Ok(None);
        };
        if value == "None" {
            return Ok(None);
        }
        value.parse().map(Some).map_err(|_| {
            TypeError::new(
                format!(
                    "`{key}` of `{}` is `{}`, which is no {what}",
                    self.converter,
                    crate::decode::shortened(value)
                ),
                format!("write a {what}"),
            )
        })
    }

    fn flag(&self, key: &str) -> Result<bool, TypeError> {
        let Some((_, value)) = self.values.iter().find(|(name, _)| *name == key) else {
            return Ok(false);
        };
        match value.as_str() {
            "True" | "true" => Ok(true),
            "False" | "false" => Ok(false),
            other => Err(TypeError::new(
                format!(
                    "`{key}` of `{}` is `{}`",
                    self.converter,
                    crate::decode::shortened(other)
                ),
                "write `True` or `False`",
            )),
        }
    }

    /// Refuses bounds that no value fits.
    fn ordered<T: PartialOrd + fmt::Display>(&self, min: Option<T>, max: Option<T>) -> Result<(), TypeError> {
        match (min, max) {
            (Some(min), Some(max)) if min > max => Err(TypeError::new(
                format!("no value fits `{}`: {min} is greater than {max}", self.converter),
                "swap the bounds",
            )),
            _ => Ok(()),
        }
    }
}

fn string(arguments: &Arguments) -> Result<Converter, TypeError> {
    const NUMBER: &str = "number of characters";
    let length: Option<u32> = arguments.take("length", NUMBER)?;
    let min: Option<u32> = arguments.take("minlength", NUMBER)?;
    let max: Option<u32> = arguments.take("maxlength", NUMBER)?;
    // Werkzeug lets `length` win over the other two.
    let (min_length, max_length) = match length {
        Some(length) => (length, Some(length)),
        None => (min.unwrap_or(1), max),
    };
    if min_length == 0 || max_length == Some(0) {
        return Err(TypeError::new(
            "a path segment has at least one character",
            "write a length of 1 or more",
        ));
    }
    arguments.ordered(Some(min_length), max_length)?;
    Ok(Converter::String { min_length, max_length })
}

fn int(arguments: &Arguments) -> Result<Converter, TypeError> {
    let signed = arguments.flag("signed")?;
    let fixed_digits = arguments.take("fixed_digits", "number of digits")?.unwrap_or(0);
    let min: Option<i64> = arguments.take("min", "whole number")?;
    let max: Option<i64> = arguments.take("max", "whole number")?;
    arguments.ordered(min, max)?;
    if !signed && max.is_some_and(|max| max < 0) {
        return Err(no_sign(arguments.converter));
    }
    Ok(Converter::Int {
        signed,
        fixed_digits,
        min,
        max,
    })
}

fn float(arguments: &Arguments) -> Result<Converter, TypeError> {
    let signed = arguments.flag("signed")?;
    let min: Option<f64> = arguments.take("min", "number")?;
    let max: Option<f64> = arguments.take("max", "number")?;
    if [min, max].into_iter().flatten().any(|bound| !bound.is_finite()) {
        return Err(TypeError::new("a bound of `float` is not finite", "write a number"));
    }
    arguments.ordered(min, max)?;
    if !signed && max.is_some_and(|max| max < 0.0) {
        return Err(no_sign(arguments.converter));
    }
    Ok(Converter::Float { signed, min, max })
}

fn no_sign(converter: &str) -> TypeError {
    TypeError::new(
        format!("no value fits `{converter}`: without `signed=True` values are not negative"),
        "add `signed=True`",
    )
}

/// Whether a value of `any` needs no quotes: unquoted, Werkzeug takes letters, digits, `_` and `.` only.
fn is_bare(value: &str) -> bool {
    value
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// A value of `any` as a file spells it.
pub(super) fn spelled(value: &str) -> String {
    match value {
        bare if is_bare(bare) => bare.to_owned(),
        other if other.contains('"') => format!("'{other}'"),
        other => format!("\"{other}\""),
    }
}

fn any(arguments: Vec<Argument>) -> Result<Converter, TypeError> {
    if let Some(named) = arguments.iter().find_map(|argument| argument.name.as_ref()) {
        return Err(TypeError::new(
            format!("`any` has no argument `{}`", crate::decode::shortened(named)),
            "list the values: `any(red,green)`",
        ));
    }
    if arguments.is_empty() {
        return Err(TypeError::new(
            "`any` has no values",
            "list the values: `any(red,green)`",
        ));
    }
    let mut values: Vec<String> = Vec::with_capacity(arguments.len());
    for argument in arguments {
        if argument.value.is_empty() || argument.value.contains('/') {
            return Err(TypeError::new(
                "a value of `any` is empty or holds a slash",
                "a value fills one path segment",
            ));
        }
        if !argument.quoted && !is_bare(&argument.value) {
            return Err(TypeError::new(
                format!(
                    "the value `{}` of `any` needs quotes",
                    crate::decode::shortened(&argument.value)
                ),
                format!("write `\"{}\"`", argument.value),
            ));
        }
        if !values.contains(&argument.value) {
            values.push(argument.value);
        }
    }
    Ok(Converter::Any { values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_spelled_as_they_are_read() {
        for text in [
            "string",
            "string(length=2)",
            "string(minlength=2)",
            "string(minlength=2,maxlength=9)",
            "int",
            "int(fixed_digits=3,min=-1,max=500,signed=True)",
            "float(min=0.5)",
            "path",
            "uuid",
            "any(red,\"dark red\",'a \"b\"')",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        assert_eq!(parse("default(1, 2)").unwrap().to_string(), "string(maxlength=2)");
    }

    #[test]
    fn types_are_read_as_werkzeug_reads_them() {
        let int = |signed, fixed_digits, min, max| Converter::Int {
            signed,
            fixed_digits,
            min,
            max,
        };
        let string = |min_length, max_length| Converter::String { min_length, max_length };
        for (text, converter) in [
            ("string", string(1, None)),
            ("default", string(1, None)),
            ("string()", string(1, None)),
            ("string(length=3)", string(3, Some(3))),
            ("string(2)", string(2, None)),
            ("string(minlength=2, maxlength=4)", string(2, Some(4))),
            ("int", int(false, 0, None, None)),
            ("int(min=1,max=5)", int(false, 0, Some(1), Some(5))),
            ("int( min = 1 , max = 5 )", int(false, 0, Some(1), Some(5))),
            ("int(signed=True)", int(true, 0, None, None)),
            ("int(3)", int(false, 3, None, None)),
            ("int(fixed_digits=3)", int(false, 3, None, None)),
            ("int(max=9,1)", int(false, 1, None, Some(9))),
            ("string(maxlength=4,2)", string(2, Some(4))),
            ("int(signed=True,min=-5)", int(true, 0, Some(-5), None)),
            (
                "float(min=0.5,max=2)",
                Converter::Float {
                    signed: false,
                    min: Some(0.5),
                    max: Some(2.0),
                },
            ),
            ("path", Converter::Path),
            ("uuid", Converter::Uuid),
            (
                "any(red, green,\"light blue\",'x,y')",
                Converter::Any {
                    values: ["red", "green", "light blue", "x,y"].map(String::from).to_vec(),
                },
            ),
        ] {
            assert_eq!(parse(text), Ok(converter), "{text}");
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in [
            "",
            "number",
            "Int",
            "bool",
            "int(",
            "int)",
            "int(min=a)",
            "int(min=1,min=2)",
            "int(fixed_digits=3,3)",
            "int(foo=1)",
            "uuid(1)",
            "path(min=1)",
            "any",
            "any()",
            "any(a=1)",
            "any(a b)",
            "any('a)",
            "any(\"a/b\")",
            "int(min=5,max=1)",
            "string(length=0)",
            "int(1,2,3,True,5)",
            "int(,)",
            "float(min=inf)",
            "int(max=-1)",
            "string(length=x)",
            "any('a'b)",
            "int(signed=1)",
        ] {
            assert!(parse(text).is_err(), "`{text}` passed");
        }
    }

    #[test]
    fn a_slip_gets_a_suggestion() {
        for (text, near) in [("Int", "int"), ("integer", "int"), ("uid", "uuid"), ("strng", "string")] {
            assert!(
                parse(text).unwrap_err().to_string().contains(&format!("`{near}`")),
                "{text}"
            );
        }
    }
}
