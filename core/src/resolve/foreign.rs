//! Parameters of paths as others write them, and how they are written here.

use crate::decode::shortened;

/// How to write a segment that is a parameter in the syntax of Flask, Django, Express, Next.js, Remix, Go, Spring, axum
/// or of URI templates. `None` for one that is none.
pub(super) fn meant(piece: &str) -> Option<String> {
    let named = |name: &str| format!("write `{{{}}}`", word(name));
    let greedy = |name: &str| format!("write `{{{}+}}` for the rest of the path", word(name));
    let between = |start: &str, end: &str| piece.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    if let Some(inner) = between("<", ">") {
        return Some(match inner.split_once(':') {
            Some((converter, name)) => format!(
                "{}, and its type in `pathParams`: `{{\"name\": \"{}\", \"type\": \"{}\"}}`",
                named(name),
                word(name),
                shortened(converter)
            ),
            None => named(inner),
        });
    }
    if let Some(name) = piece.strip_prefix("(?P<").or_else(|| piece.strip_prefix("(?<")) {
        return Some(named(name));
    }
    if let Some(name) = between("[[...", "]]").or_else(|| between("[...", "]")) {
        return Some(greedy(name));
    }
    if let Some(name) = between("[", "]")
        .or_else(|| between("#{", "}"))
        .or_else(|| between("%{", "}"))
    {
        return Some(named(name));
    }
    if let Some(name) = between("${", "}").or_else(|| piece.strip_prefix('$')) {
        return is_word(name).then(|| named(name));
    }
    if let Some(name) = piece.strip_prefix(':') {
        return Some(if name.ends_with(['*', '+']) {
            greedy(name)
        } else {
            named(name)
        });
    }
    if let Some(name) = piece.strip_prefix('*') {
        return Some(greedy(if is_word(name) { name } else { "rest" }));
    }
    let inner = between("{", "}")?;
    if let Some(name) = inner.strip_prefix(['*', '+']).or_else(|| inner.strip_suffix("...")) {
        return Some(greedy(name));
    }
    if let Some(name) = inner.strip_suffix('*') {
        return Some(greedy(name));
    }
    if let Some(name) = inner.strip_suffix('?') {
        let both = format!("{}, and the path without it as a path of its own", named(name));
        return Some(both);
    }
    let (name, _) = inner.split_once(':')?;
    Some(format!("{}, and its type in `pathParams`", named(name)))
}

/// The word that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._$-".contains(c)));
    match &text[..end.unwrap_or(text.len()).min(64)] {
        "" => "name",
        word => word,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && word(text).len() == text.len()
}

/// A path with parameters such as `{name=shelves/*}`, as Google's services have them, with the segments that they stand
/// for. `None` for one without.
pub(super) fn expanded(path: &str) -> Option<String> {
    let mut expanded = String::new();
    let mut rest = path;
    let mut is_one = false;
    while let Some(start) = rest.find('{') {
        let (before, behind) = rest.split_at(start);
        expanded.push_str(before);
        let end = behind.find('}')?;
        let inner = &behind[1..end];
        match inner.split_once('=') {
            Some((name, template)) => {
                is_one = true;
                expanded.push_str(&segments(word(name), template));
            }
            None => expanded.push_str(&behind[..=end]),
        }
        rest = &behind[end + 1..];
    }
    // What follows is a custom verb, which is part of a segment.
    let verb = rest.strip_prefix(':').map(|verb| format!("/{verb}"));
    expanded.push_str(verb.as_deref().unwrap_or(rest));
    is_one.then(|| shortened(&expanded))
}

fn segments(name: &str, template: &str) -> String {
    let mut number = 0;
    let segments = template.split('/').map(|segment| {
        let plus = match segment {
            "*" => "",
            "**" => "+",
            text => return text.to_owned(),
        };
        number += 1;
        match number {
            1 => format!("{{{name}{plus}}}"),
            _ => format!("{{{name}_{number}{plus}}}"),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// How to write a segment that is partly a parameter, or whose braces are not a pair: each part as a segment of its own.
pub(super) fn parted(piece: &str) -> String {
    let mut segments: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut part = String::new();
    let mut end = |part: &mut String, is_parameter: bool| {
        let is_separator = |c: char| !c.is_ascii_alphanumeric();
        let text = part.trim_matches(is_separator).to_owned();
        part.clear();
        match text.as_str() {
            "" => {}
            text if is_parameter => segments.push(format!("{{{}}}", word(text))),
            text => segments.push(text.to_owned()),
        }
    };
    for c in piece.chars() {
        match c {
            '{' => {
                end(&mut part, depth > 0);
                depth += 1;
            }
            '}' => {
                // One that was never opened closes what stands before it.
                end(&mut part, true);
                depth = depth.saturating_sub(1);
            }
            other => part.push(other),
        }
    }
    end(&mut part, depth > 0);
    shortened(&segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_others_are_recognised() {
        for (piece, written) in [
            ("<int:id>", "`{id}`"),
            ("<id>", "`{id}`"),
            (":id", "`{id}`"),
            (":id(\\\\d+)", "`{id}`"),
            (":id?", "`{id}`"),
            (":rest*", "`{rest+}`"),
            ("*", "`{rest+}`"),
            ("*path", "`{path+}`"),
            ("{*path}", "`{path+}`"),
            ("{+path}", "`{path+}`"),
            ("{path...}", "`{path+}`"),
            ("{path*}", "`{path+}`"),
            ("{id?}", "`{id}`"),
            ("{id:[0-9]+}", "`{id}`"),
            ("[id]", "`{id}`"),
            ("[...slug]", "`{slug+}`"),
            ("[[...slug]]", "`{slug+}`"),
            ("$id", "`{id}`"),
            ("${id}", "`{id}`"),
            ("#{id}", "`{id}`"),
            ("(?P<id>[0-9]+)", "`{id}`"),
        ] {
            let help = meant(piece).unwrap_or_default();
            assert!(help.contains(written), "{piece}: {help}");
        }
        for piece in ["users", "{id}", "{rest+}", "v1", "a:b", "$", "a.b", "{a b}", ""] {
            assert_eq!(meant(piece), None, "{piece}");
        }
    }

    #[test]
    fn templates_become_the_segments_that_they_stand_for() {
        for (path, written) in [
            ("/v1/{name=shelves/*}", "/v1/shelves/{name}"),
            (
                "/v1/{name=shelves/*/books/*}:move",
                "/v1/shelves/{name}/books/{name_2}/move",
            ),
            (
                "/v1/{parent=projects/*}/files/{path=**}",
                "/v1/projects/{parent}/files/{path+}",
            ),
            ("/{a.b=x/*}", "/x/{a.b}"),
        ] {
            assert_eq!(expanded(path).as_deref(), Some(written), "{path}");
        }
        for path in ["/users/{id}", "/a=b", "/{name", "/{name=a/*", ""] {
            assert_eq!(expanded(path), None, "{path}");
        }
    }

    #[test]
    fn parts_of_a_segment_become_segments() {
        for (piece, written) in [
            ("{id}:cancel", "{id}/cancel"),
            ("{base}...{head}", "{base}/{head}"),
            ("v{version}", "v/{version}"),
            ("{id}.json", "{id}/json"),
            ("x-{a}", "x/{a}"),
            ("{a", "{a}"),
            ("a}", "{a}"),
            ("{{a}}", "{a}"),
            ("{a}{b}", "{a}/{b}"),
            ("{}x", "x"),
        ] {
            assert_eq!(parted(piece), written, "{piece}");
        }
    }
}
