//! Placeholders: what other tools fill in.

/// How tools write placeholders. What begins like another one stands after it.
const FORMS: [(&str, &str); 7] = [
    ("${", "}"),
    ("{{{", "}}}"),
    ("{{", "}}"),
    ("<%=", "%>"),
    ("<<", ">>"),
    ("#{", "}"),
    ("@@", "@@"),
];

/// The placeholder that a text begins with.
pub(crate) fn placeholder(text: &str) -> Option<&str> {
    named_placeholder(text).map(|(written, _)| written)
}

/// The placeholder that a text begins with, and its name. What API Gateway fills in is none.
pub(crate) fn named_placeholder(text: &str) -> Option<(&str, &str)> {
    for (open, close) in FORMS {
        let Some(rest) = text.strip_prefix(open) else { continue };
        let Some(end) = rest.find(close) else { continue };
        let name = &rest[..end];
        let is_name = !name.trim().is_empty() && name.len() <= 200 && !name.contains(['{', '\n', '<', '$']);
        if name.starts_with("stageVariables.") || !is_name {
            return None;
        }
        return Some((&text[..open.len() + end + close.len()], name));
    }
    None
}

/// Whether a text holds a placeholder.
pub(crate) fn has_placeholder(text: &str) -> bool {
    (0..text.len()).any(|at| text.is_char_boundary(at) && placeholder(&text[at..]).is_some())
}
