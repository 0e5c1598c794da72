//! What a deployment's description says about what it was made of.

use crate::aws::Deployment;

/// The digests in a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Of the document.
    pub document: String,
    /// Of the draft as API Gateway read it back.
    pub draft: Option<String>,
    /// The commit of the routes file.
    pub commit: Option<String>,
}

impl Marker {
    /// Of a deployment that bluegate made.
    #[must_use]
    pub fn of(deployment: &Deployment) -> Option<Self> {
        let words = || deployment.description.as_deref().unwrap_or_default().split(' ');
        let word = |prefix: &str| words().find_map(|word| word.strip_prefix(prefix)).map(str::to_owned);
        Some(Self {
            document: word("sha256:")?,
            draft: word("draft:"),
            commit: word("git:"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_of_others_have_no_marker() {
        let of = |text: &str| {
            Marker::of(&Deployment {
                description: Some(text.to_owned()),
                ..Deployment::default()
            })
        };
        assert_eq!(of("RestApi deployment id: 0a1b"), None);
        assert_eq!(of(""), None);
        let marker = of("sha256:ab git:0123 draft:cd bluegate/0.1.0").unwrap();
        assert_eq!((marker.document.as_str(), marker.draft.as_deref()), ("ab", Some("cd")));
        assert_eq!(marker.commit.as_deref(), Some("0123"));
    }
}
