//! JSONPath in the dialect of [Jayway](https://github.com/json-path/JsonPath), without filters and functions.

use super::value::Value;

/// What a path leads to: nothing if there is no such place, a list if it may lead to several.
pub(super) fn select(root: &Value, path: &str) -> Result<Value, String> {
    let path = path.trim();
    // Jayway puts the root before a path that lacks it.
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    let mut found = vec![root];
    let mut is_several = false;
    let mut is_first = true;
    while !rest.is_empty() {
        let step;
        (step, rest) = next(rest, is_first)?;
        is_first = false;
        is_several |= !matches!(step, Step::Name(_) | Step::Index(_));
        found = found.into_iter().flat_map(|value| follow(value, &step)).collect();
    }
    Ok(if is_several {
        Value::List(found.into_iter().cloned().collect())
    } else {
        found.first().map(|value| (*value).clone()).unwrap_or_default()
    })
}

enum Step {
    Name(String),
    Index(i64),
    Names(Vec<String>),
    Indices(Vec<i64>),
    Slice(Option<i64>, Option<i64>),
    All,
    Deep(Box<Step>),
}

fn next(rest: &str, is_first: bool) -> Result<(Step, &str), String> {
    if let Some(rest) = rest.strip_prefix("..") {
        let (step, rest) = if rest.starts_with('[') {
            bracket(rest)?
        } else {
            name(rest)?
        };
        return Ok((Step::Deep(step.into()), rest));
    }
    if let Some(rest) = rest.strip_prefix('.') {
        return name(rest);
    }
    if rest.starts_with('[') {
        return bracket(rest);
    }
    if is_first {
        name(rest)
    } else {
        Err("a dot or a bracket is missing".to_owned())
    }
}

fn name(rest: &str) -> Result<(Step, &str), String> {
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    match name {
        "" => Err("a name is missing".to_owned()),
        "*" => Ok((Step::All, rest)),
        name if name.ends_with(')') => Err("functions are not understood".to_owned()),
        name => Ok((Step::Name(name.to_owned()), rest)),
    }
}

fn bracket(rest: &str) -> Result<(Step, &str), String> {
    let inner = &rest[1..];
    if inner.starts_with('?') || inner.starts_with('(') {
        return Err("filters are not understood".to_owned());
    }
    if inner.starts_with(['\'', '"']) {
        return names(inner);
    }
    let end = inner.find(']').ok_or("a bracket is not closed")?;
    let (inner, rest) = (inner[..end].trim(), &inner[end + 1..]);
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text} is no index"));
    let bound = |text: &str| match text.trim() {
        "" => Ok(None),
        text => number(text).map(Some),
    };
    let step = if inner == "*" {
        Step::All
    } else if let Some((start, end)) = inner.split_once(':') {
        Step::Slice(bound(start)?, bound(end)?)
    } else if inner.contains(',') {
        Step::Indices(inner.split(',').map(number).collect::<Result<_, _>>()?)
    } else {
        Step::Index(number(inner)?)
    };
    Ok((step, rest))
}

/// `'a','b']`
fn names(mut rest: &str) -> Result<(Step, &str), String> {
    let mut names = Vec::new();
    loop {
        let quote = rest
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'))
            .ok_or("a quote is missing")?;
        let inner = &rest[1..];
        let end = inner.find(quote).ok_or("a quote is not closed")?;
        names.push(inner[..end].to_owned());
        rest = inner[end + 1..].trim_start();
        if let Some(rest) = rest.strip_prefix(']') {
            let step = match names.len() {
                1 => Step::Name(names.remove(0)),
                _ => Step::Names(names),
            };
            return Ok((step, rest));
        }
        rest = rest.strip_prefix(',').ok_or("a bracket is not closed")?.trim_start();
    }
}

fn follow<'a>(value: &'a Value, step: &Step) -> Vec<&'a Value> {
    match (step, value) {
        (Step::Name(name), value) => value.get(name).into_iter().collect(),
        (Step::Names(names), value) => names.iter().filter_map(|name| value.get(name)).collect(),
        (Step::Index(index), Value::List(items)) => at(items, *index).into_iter().collect(),
        (Step::Indices(indices), Value::List(items)) => indices.iter().filter_map(|index| at(items, *index)).collect(),
        (Step::Slice(start, end), Value::List(items)) => {
            let place = |index: i64| {
                let from_end = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
                let at = if index < 0 {
                    items.len().saturating_sub(from_end)
                } else {
                    from_end
                };
                at.min(items.len())
            };
            let (start, end) = (start.map_or(0, place), end.map_or(items.len(), place));
            items.get(start..end).unwrap_or_default().iter().collect()
        }
        (Step::All, value) => children(value),
        (Step::Deep(step), value) => follow_deep(value, step),
        _ => Vec::new(),
    }
}

fn follow_deep<'a>(value: &'a Value, step: &Step) -> Vec<&'a Value> {
    let mut found = follow(value, step);
    for child in children(value) {
        found.extend(follow_deep(child, step));
    }
    found
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(items) => items.iter().collect(),
        Value::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

fn at(items: &[Value], index: i64) -> Option<&Value> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let at = if index < 0 {
        items.len().checked_sub(distance)?
    } else {
        distance
    };
    items.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_values_as_in_jayway() {
        let root = Value::parse(r#"{"a": {"b": [1, 2, {"c": 3}]}, "x y": "z", "list": [{"c": 4}]}"#).unwrap();
        for (path, found) in [
            ("$", root.to_json().as_str()),
            ("$.a.b[0]", "1"),
            ("a.b[1]", "2"),
            ("$['x y']", "\"z\""),
            ("$.a.b[-1].c", "3"),
            ("$.a.b[0:2]", "[1,2]"),
            ("$.a.b[*]", r#"[1,2,{"c":3}]"#),
            ("$.a.b[0,1]", "[1,2]"),
            ("$..c", "[3,4]"),
            ("$.missing.path", "null"),
        ] {
            assert_eq!(select(&root, path).unwrap().to_json(), found, "{path}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for path in ["$.a[?(@.b)]", "$.a.length()", "$.a[", "$.", "$['a"] {
            assert!(select(&Value::Null, path).is_err(), "{path}");
        }
    }
}
