//! What others may see: no account, no key, no id of anything that somebody has.

use std::collections::BTreeMap;

/// The account of AWS's own examples.
const ACCOUNT: &str = "111111111111";

/// What is replaced by what.
#[derive(Debug, Default)]
pub(crate) struct Mask {
    names: BTreeMap<String, String>,
}

impl Mask {
    /// Replaces a text by a name.
    pub(crate) fn hide(&mut self, text: &str, name: &str) {
        if !text.is_empty() {
            self.names.insert(text.to_owned(), name.to_owned());
        }
    }

    /// Replaces an id of something that a run made by what it is, and which of its kind.
    pub(crate) fn number(&mut self, id: &str, kind: &str) {
        let start = format!("<{kind}:");
        let known = self.names.values().filter(|name| name.starts_with(&start)).count();
        self.names
            .entry(id.to_owned())
            .or_insert(format!("{start}{}>", known + 1));
    }

    /// A text as others may see it.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // A name that contains another one goes first, or its rest would stay.
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|(hidden, _)| std::cmp::Reverse(hidden.len()));
        for (hidden, name) in names {
            text = text.replace(hidden.as_str(), name);
        }
        let mut clean = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
            let (before, word) = rest.split_at(start);
            let end = word.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            clean.push_str(before);
            clean.push_str(masked(word));
            rest = after;
        }
        clean.push_str(rest);
        clean
    }
}

/// A word, if nobody is told anything by it: no account, and no id of a key, a user or a role
/// ([unique identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html)).
fn masked(word: &str) -> &str {
    let is_account = word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit());
    let heads = ["AKIA", "ASIA", "AROA", "AIDA", "AGPA", "ANPA"];
    let is_id = word.len() >= 16
        && heads.iter().any(|head| word.starts_with(head))
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    match (is_account, is_id) {
        (true, _) => ACCOUNT,
        (_, true) => "<id>",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_keys_and_ids_do_not_get_out() {
        let mut mask = Mask::default();
        mask.number("a1b2c3d4e5", "api");
        mask.number("a1b2c3d4e5x", "api");
        mask.number("a1b2c3d4e5", "api");
        let text = r#"arn:aws:iam::123456789012:role/x AKIAIOSFODNN7EXAMPLE "a1b2c3d4e5" a1b2c3d4e5x 1751461463"#;
        let clean = r#"arn:aws:iam::111111111111:role/x <id> "<api:1>" <api:2> 1751461463"#;
        assert_eq!(mask.clean(text), clean);
        assert_eq!(mask.clean("é, 12"), "é, 12");
    }
}
