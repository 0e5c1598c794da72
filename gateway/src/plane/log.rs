//! Texts in which `$context` is filled in: lines of access logs, and templates of gateway responses. They know no
//! directives
//! ([gateway responses](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html)).

/// Fills in `$context.NAME` and `$stageVariables.NAME`; `value` is asked for what stands behind the dollar sign.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>, missing: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut parts = text.split('$');
    filled.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (inner, is_braced) = part.strip_prefix('{').map_or((part, false), |inner| (inner, true));
        let is_known = inner.starts_with("context.") || inner.starts_with("stageVariables.");
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'));
        let name = &inner[..end.unwrap_or(inner.len())];
        // A dot or a hyphen at the end belongs to the text.
        let name = name.trim_end_matches(['.', '-']);
        let rest = &inner[name.len()..];
        let closed = if is_braced { rest.strip_prefix('}') } else { Some(rest) };
        match closed {
            Some(rest) if is_known => {
                filled.push_str(&value(name).unwrap_or_else(|| missing.to_owned()));
                filled.push_str(rest);
            }
            _ => {
                filled.push('$');
                filled.push_str(part);
            }
        }
    }
    filled
}

/// A secret as asterisks and its last six characters.
pub(super) fn masked(secret: &str) -> String {
    let end = secret.get(secret.len().saturating_sub(6)..).unwrap_or_default();
    format!("{}{end}", "*".repeat(secret.len() - end.len()))
}

/// An event of an execution log. AWS cuts longer ones, as recorded.
pub(crate) fn event(id: &str, line: &str) -> String {
    const LONGEST: usize = 1_024;
    const CUT: &str = " [TRUNCATED]";
    let mut event = format!("({id}) {line}");
    if event.len() > LONGEST {
        event.truncate(event.floor_char_boundary(LONGEST - CUT.len()));
        event.push_str(CUT);
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_event_is_cut_between_characters() {
        assert_eq!(event("r", "short"), "(r) short");
        let cut = event("r", &"ü".repeat(600));
        assert!(cut.ends_with("ü [TRUNCATED]"));
        assert_eq!(cut.len(), 1_024);
        assert_eq!(event("r", &"a".repeat(1_020)).len(), 1_024);
        assert!(event("", &"ü".repeat(600)).len() <= 1_024);
    }

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_stays() {
        let value = |name: &str| match name {
            "context.requestId" => Some("r".to_owned()),
            "context.error.messageString" => Some("\"no\"".to_owned()),
            _ => None,
        };
        for (text, filled) in [
            ("$context.requestId|$context.none|x", "r|-|x"),
            (r#"{"message":$context.error.messageString}"#, r#"{"message":"no"}"#),
            ("${context.requestId}s, $5, $other, $", "rs, $5, $other, $"),
            ("$context.requestId. $context.requestId-", "r. r-"),
            ("${context.requestId", "${context.requestId"),
        ] {
            assert_eq!(fill(text, value, "-"), filled, "{text}");
        }
    }
}
