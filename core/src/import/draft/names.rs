//! Names for what a document has no name for.

use crate::import::api::Operation;
use crate::keyword::is_keyword;

/// A text as a name of Rust: `listUsers` and `List users` are `list_users`.
pub(super) fn snake(text: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            let starts_word = c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
            if starts_word && !name.ends_with('_') {
                name.push('_');
            }
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        before = c;
    }
    let name = name.trim_end_matches('_');
    if is_keyword(name) {
        return format!("{name}_");
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{name}");
    }
    name.to_owned()
}

/// A name that is not among the taken ones, with a number behind it if need be.
pub(super) fn unique(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut made = name.to_owned();
    let mut number = 1;
    while is_taken(&made) {
        number += 1;
        made = format!("{name}_{number}");
    }
    made
}

/// The resource of each operation: the first word of its path that does not hold for all of them.
pub(super) fn resources(operations: &[&Operation]) -> Vec<String> {
    let words: Vec<Vec<&str>> = operations.iter().map(|operation| literals(&operation.path)).collect();
    let mut common = 0;
    while let Some(word) = words.first().and_then(|words| words.get(common)) {
        // The last word of a path is what it is about.
        if words
            .iter()
            .all(|other| other.len() > common + 1 && other[common] == *word)
        {
            common += 1;
        } else {
            break;
        }
    }
    let name = |words: &Vec<&str>| {
        let rest = &words[common.min(words.len())..];
        let word = rest.iter().find(|word| !is_version(word)).or_else(|| rest.first());
        let name = snake(word.copied().unwrap_or("root"));
        if name.is_empty() { "root".to_owned() } else { name }
    };
    words.iter().map(name).collect()
}

/// The parts of a path that are no parameters.
fn literals(path: &str) -> Vec<&str> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.filter(|part| !part.starts_with('{')).collect()
}

/// `v1`, `2`, `v2.1`.
fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix(['v', 'V']).unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// The functions that serve the operations of one resource: the verb where that is enough, else what the document calls
/// the operation, else verb and path.
pub(super) fn handlers(operations: &[&Operation]) -> Vec<String> {
    let mut handlers: Vec<String> = Vec::new();
    for operation in operations {
        let verb = operation.verb.as_str().to_lowercase();
        let is_alone = operations.iter().filter(|other| other.verb == operation.verb).count() == 1;
        let id = operation.operation_id.as_deref().filter(|id| is_word(id));
        let id = id.map(snake).unwrap_or_default();
        let name = match id.as_str() {
            _ if is_alone => verb,
            "" => format!("{verb}_{}", snake(&operation.path)),
            id => id.to_owned(),
        };
        let name = unique(name.trim_end_matches('_'), |name| {
            handlers.iter().any(|taken| taken == name)
        });
        handlers.push(if is_keyword(&name) { format!("{name}_") } else { name });
    }
    handlers
}

/// Whether a text can stand in a URL as it is, and so be an `operationId` of a routes file.
pub(super) fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
}

/// The name of a function in its URI, or of the placeholder that stands for it.
pub(super) fn function(uri: &str) -> String {
    let inner = uri.split("/functions/").nth(1).unwrap_or(uri);
    let inner = inner.strip_suffix("/invocations").unwrap_or(inner);
    let inner = inner.rsplit_once(":function:").map_or(inner, |(_, name)| name);
    let inner = inner.trim_end_matches("/invocations");
    let mut name: String = inner
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    for end in ["_arn", "_Arn", "_invoke", "_invokearn", "Arn", "_function", "_lambda"] {
        let trimmed = name.trim_matches('_');
        name = trimmed.strip_suffix(end).unwrap_or(trimmed).to_owned();
    }
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    let name = name.trim_matches('_').to_owned();
    if name.is_empty() { "function".to_owned() } else { name }
}

/// The name of an API with this title, without the placeholders in it: nothing that is compiled may depend on a variable.
pub(super) fn api(title: &str) -> String {
    let mut name = String::new();
    let mut rest = title;
    while let Some(next) = rest.chars().next() {
        let length = crate::placeholder::placeholder(rest).map_or(0, str::len);
        if length == 0 && !rest.starts_with("${") {
            name.push(next);
        }
        rest = match length {
            0 if rest.starts_with("${") => &rest[rest.find('}').map_or(rest.len(), |end| end + 1)..],
            0 => &rest[next.len_utf8()..],
            length => &rest[length..],
        };
    }
    let name = name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    if name.is_empty() { "api".to_owned() } else { name }
}

/// The name of a server in its URL, or of the placeholder that stands for it.
pub(super) fn server(url: &str) -> String {
    let host = url.split("://").nth(1).unwrap_or(url);
    let host = host.trim_start_matches("www.");
    let end = host
        .find(['/', ':'])
        .filter(|_| !host.starts_with("${"))
        .unwrap_or(host.len());
    let word = match host.strip_prefix("${") {
        Some(rest) => rest
            .split('}')
            .next()
            .unwrap_or(rest)
            .trim_start_matches("stageVariables."),
        None => host[..end].split('.').next().unwrap_or(host),
    };
    let name = snake(word);
    if name.is_empty() { "server".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_a_person_would_give() {
        for (text, name) in [
            ("listUsers", "list_users"),
            ("List all-users", "list_all_users"),
            ("type", "type_"),
            ("2fa", "_2fa"),
            ("HTTPServer", "httpserver"),
            ("/users/{id}", "users_id"),
        ] {
            assert_eq!(snake(text), name);
        }
        for (title, name) in [
            ("Shop", "Shop"),
            ("${env}-shop API", "shop API"),
            ("${stageVariables.Project}-${stageVariables.Use}", "api"),
            ("", "api"),
        ] {
            assert_eq!(api(title), name);
        }
        for (uri, name) in [
            ("${lambda_addtask_invokearn}", "lambda_addtask"),
            ("arn:aws:lambda:eu-west-1:111122223333:function:books", "books"),
            (
                "arn:aws:apigateway:${r}:lambda:path/2015-03-31/functions/${GetUsers.Arn}/invocations",
                "GetUsers",
            ),
            (
                "http://127.0.0.1:3000/default/invocations",
                "http_127_0_0_1_3000_default",
            ),
        ] {
            assert_eq!(function(uri), name);
        }
    }
}
