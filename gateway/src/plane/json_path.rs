//! JSONPath in the dialect of [Jayway](https://github.com/json-path/JsonPath). Of its functions it has `length()`.

mod filter;

use super::value::Value;
use filter::Condition;

/// What a path leads to: nothing if there is no such place, a list if it may lead to several.
pub(super) fn select(root: &Value, path: &str) -> Result<Value, String> {
    let path = path.trim();
    // Jayway puts the root before a path that lacks it.
    let rest = path.strip_prefix('$').unwrap_or(path);
    let (rest, is_length) = match rest.strip_suffix(".length()") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let steps = parse(rest)?;
    let found = walk(root, &steps);
    let is_one = |step: &Step| matches!(step, Step::Name(_) | Step::Index(_));
    let found = match steps.iter().all(is_one) {
        true => found.first().map(|value| (*value).clone()).unwrap_or_default(),
        false => Value::List(found.into_iter().cloned().collect()),
    };
    Ok(if is_length { length(&found) } else { found })
}

fn length(value: &Value) -> Value {
    let length = match value {
        Value::List(items) => items.len(),
        Value::Map(entries) => entries.len(),
        Value::Text(text) => text.encode_utf16().count(),
        _ => return Value::Null,
    };
    i64::try_from(length).unwrap_or(i64::MAX).into()
}

fn parse(mut rest: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step;
        (step, rest) = next(rest, steps.is_empty())?;
        steps.push(step);
    }
    Ok(steps)
}

fn walk<'a>(root: &'a Value, steps: &[Step]) -> Vec<&'a Value> {
    steps.iter().fold(vec![root], |found, step| {
        found.into_iter().flat_map(|value| follow(value, step)).collect()
    })
}

enum Step {
    Name(String),
    Index(i64),
    Names(Vec<String>),
    Indices(Vec<i64>),
    Slice(Option<i64>, Option<i64>),
    All,
    Those(Condition),
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
    if let Some(condition) = inner.strip_prefix('?') {
        let condition = condition
            .trim_start()
            .strip_prefix('(')
            .ok_or("a condition has no start")?;
        let (condition, rest) = Condition::parse(condition)?;
        return Ok((Step::Those(condition), rest));
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
        (Step::Those(condition), Value::List(items)) => items.iter().filter(|item| condition.holds(item)).collect(),
        (Step::Those(condition), value) => [value].into_iter().filter(|value| condition.holds(value)).collect(),
        (Step::Deep(step), value) => follow_deep(value, step),
        _ => Vec::new(),
    }
}

fn follow_deep<'a>(value: &'a Value, step: &Step) -> Vec<&'a Value> {
    let mut found = match step {
        Step::Those(condition) => [value].into_iter().filter(|value| condition.holds(value)).collect(),
        step => follow(value, step),
    };
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
            ("$.a.b.length()", "3"),
            ("$.a.b[?(@.c)].c", "[3]"),
            ("$.a.b[?(@ >= 2)]", "[2]"),
            ("$..[?(@.c == 4)].c", "[4]"),
            ("$.list[?(@['c'] > 3 && !(@.d || @.c != 4))]", r#"[{"c":4}]"#),
            ("$.list[?(@.c == 'x' || @.c <= 4.0)].c", "[4]"),
            ("$.list[?(@.none == null)]", "[]"),
        ] {
            assert_eq!(select(&root, path).unwrap().to_json(), found, "{path}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for path in [
            "$.a[?(@.b =~ /x/)]",
            "$.a[?(@.b",
            "$.a[?(1)]",
            "$.a[?@.b]",
            "$.a[(@.length-1)]",
            "$.a.sum()",
            "$.a[",
            "$.",
            "$['a",
        ] {
            assert!(select(&Value::Null, path).is_err(), "{path}");
        }
        let deep = format!("$[?{}@.a", "(".repeat(5_000));
        assert!(select(&Value::Null, &deep).is_err());
    }
}
