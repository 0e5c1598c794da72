//! A credential at the wrong place of an AWS file must not be quoted either.

use bluegate_core::{Diagnostics, EndpointEntry, StageEntry};

/// Access key ids have 20 characters, secrets 40, tokens more.
const SHORTEST: usize = 16;

/// The same findings without words that look like credentials.
pub(crate) fn conceal(found: &Diagnostics) -> Diagnostics {
    let concealed = found.iter().cloned().map(|mut one| {
        one.message = without_credentials(&one.message);
        one.help = one.help.as_deref().map(without_credentials);
        for note in &mut one.notes {
            note.message = without_credentials(&note.message);
        }
        one
    });
    concealed.collect()
}

fn without_credentials(text: &str) -> String {
    let of_a_word = |c: char| c.is_ascii_alphanumeric() || "/+=_-".contains(c);
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(|c| !of_a_word(c)).unwrap_or(rest.len());
        let (found, behind) = rest.split_at(word);
        clean.push_str(if is_like_a_credential(found) { "[hidden]" } else { found });
        let gap = behind.find(of_a_word).unwrap_or(behind.len());
        clean.push_str(&behind[..gap]);
        rest = &behind[gap..];
    }
    clean
}

/// A JSON pointer, unless a key in it looks like a credential.
pub(super) fn pointer(pointer: String) -> Option<String> {
    (!pointer.split('/').any(is_like_a_credential)).then_some(pointer)
}

/// Names of settings are long too, but in small letters without digits, or they are known.
fn is_like_a_credential(word: &str) -> bool {
    let is_setting = [EndpointEntry::KEYS, StageEntry::KEYS]
        .iter()
        .any(|keys| keys.contains(&word));
    word.len() >= SHORTEST
        && !is_setting
        && word
            .bytes()
            .any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_through_a_credential_is_dropped() {
        let known = "/apiGateway/baseEndpointURL".to_owned();
        assert_eq!(pointer(known.clone()), Some(known));
        let of_stage = "/apiGateway/stages/dev/clientCertificate".to_owned();
        assert_eq!(pointer(of_stage.clone()), Some(of_stage));
        assert_eq!(pointer("/aws/wJalrXUtnFEMI~1K7MDENG".to_owned()), None);
    }

    #[test]
    fn what_looks_like_a_credential_is_hidden_and_nothing_else() {
        for (text, clean) in [
            ("`AKIAIOSFODNN7EXAMPLE` is no region", "`[hidden]` is no region"),
            ("`wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`", "`[hidden]`"),
            ("`wJalrXUtnFEMI/K7M…`", "`[hidden]…`"),
            ("there is a `secret_access_key`", "there is a `secret_access_key`"),
            (
                "`disableExecuteApiEndpoitn`: did you mean `disableExecuteApiEndpoint`?",
                "`[hidden]`: did you mean `disableExecuteApiEndpoint`?",
            ),
            (
                "`https://backend.example.com:8080/` é",
                "`https://backend.example.com:8080/` é",
            ),
            ("`Ireland` is no AWS region", "`Ireland` is no AWS region"),
            ("", ""),
        ] {
            assert_eq!(without_credentials(text), clean);
        }
    }
}
