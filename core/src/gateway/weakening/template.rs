//! What a template writes of the body that it is given
//! ([mapping templates](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html)).

use std::collections::BTreeSet;

/// Whether a template writes all of a body, be it by a variable that it sets. What it only looks at it does not write.
pub(super) fn is_whole(template: &str) -> bool {
    let mut whole = BTreeSet::new();
    let mut written = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('#') {
        written.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        if rest.starts_with('#') {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with('*') {
            rest = rest.split_once("*#").map_or("", |(_, behind)| behind);
        } else if let Some((name, argument, behind)) = directive(rest) {
            let sets = match name {
                "set" => argument.split_once('='),
                "foreach" => argument.split_once(" in "),
                _ => None,
            };
            if let Some((variable, value)) = sets
                && is_all(value, &whole)
            {
                whole.insert(variable.trim().trim_matches(['$', '!', '{', '}']));
            }
            rest = behind;
        }
    }
    written.push_str(rest);
    is_all(&written, &whole)
}

/// A directive that has an argument: its name, that, and what follows.
fn directive(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('(')?;
    let name = name.trim().trim_matches(['{', '}']);
    if !["if", "elseif", "set", "foreach"].contains(&name) {
        return None;
    }
    let (mut depth, mut quote) = (1_u32, None);
    for (at, next) in rest.char_indices() {
        match (quote, next) {
            (Some(begin), _) if begin == next => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(next),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((name, &rest[..at], &rest[at + 1..]));
        }
    }
    None
}

/// Whether a text has all of a body in it: the body, or a variable that is all of it, and not a part of these.
fn is_all(text: &str, whole: &BTreeSet<&str>) -> bool {
    const ALL: [&str; 4] = ["$", "$.*", "$[*]", "$..*"];
    text.match_indices('$').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches(['!', '{']);
        let end = rest.find(|next: char| !(next.is_ascii_alphanumeric() || "_-.".contains(next)));
        let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let name = name.trim_end_matches(['.', '-']);
        if matches!(name, "input.json" | "input.path") {
            let Some((path, behind)) = behind.strip_prefix('(').and_then(|rest| rest.split_once(')')) else {
                return false;
            };
            let is_all = ALL.contains(&path.trim().trim_matches(['"', '\'']));
            return is_all && (name == "input.json" || !has_part(behind));
        }
        let is_body = name == "input.body" || name.starts_with("input.body.");
        is_body || whole.contains(name) && !has_part(behind)
    })
}

/// Whether a part is taken of what stands before.
fn has_part(behind: &str) -> bool {
    let named = behind.strip_prefix('.').and_then(|name| name.chars().next());
    behind.starts_with('[') || named.is_some_and(|next| next.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_writes_is_told_from_what_it_looks_at() {
        for whole in [
            "$input.body",
            "$!{input.body}",
            "${input.json( \"$\" )}",
            r#"{"all": $input.json('$')}"#,
            "$input.path('$')",
            "$util.escapeJavaScript($input.body)",
            "#if($input.body != \"\")$input.body#end",
            "#set($all = $input.path('$'))\n{\"all\": $all}",
            "#set($all = $util.parseJson($input.body))#set($other = $all)${other}",
            "#foreach($one in $input.path('$'))$one#end",
            "$input.json('$.*')",
            "$input.body.trim()",
            "${input.path('$')}.",
        ] {
            assert!(is_whole(whole), "{whole}");
        }
        for part in [
            "",
            "{}",
            "#",
            "#if(",
            "#set($",
            "$input.json('$",
            "$input.bodyguard",
            r#"{"id": $input.json('$.id')}"#,
            "$input.path('$').id",
            "${input.path('$').id}",
            "#if($input.body != \"\")$input.json('$.id')#end",
            "#if($input.json('$') == \")\" && $input.body)$input.json('$.id')#end",
            "#set($all = $input.path('$'))\n{\"id\": \"$all.id\", \"to\": \"$all['to']\"}",
            "#foreach($one in $input.path('$'))$one.id#end",
            "#set($id = $input.path('$').id)$id",
            "## $input.body\n{}",
            "#* $input.body *#{}",
            "é#set($é = 1)$é",
        ] {
            assert!(!is_whole(part), "{part}");
        }
    }
}
