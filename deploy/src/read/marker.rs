//! What a deployment's description says about what it was made of.

use std::fmt;

use crate::api::{Deployment, RestApi};
use crate::carry;

/// What a description says, word by word: [`Display`](fmt::Display) writes what [`Marker::of`] reads.
///
/// ```
/// use bluegate_deploy::read::Marker;
///
/// let marker = Marker {
///     by: Some("ci".into()),
///     ..Marker::of_document("9f86d081")
/// };
/// let text = marker.to_string();
/// assert!(text.starts_with("sha256:9f86d081 bluegate/") && text.ends_with(" by:ci"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marker {
    /// Of the document.
    pub document: String,
    /// Of the draft as API Gateway read it back.
    pub draft: Option<String>,
    /// Of the settings that the API had, one after the other.
    pub settings: Option<String>,
    /// The gateway responses that the document brought, and what they were.
    pub responses: Option<String>,
    /// The commit of the routes file, with `+modified` when the file differs from that.
    pub commit: Option<String>,
    /// The version of bluegate.
    pub version: Option<String>,
    /// Who deployed.
    pub by: Option<String>,
    /// The stage that it was made for.
    pub stage: Option<String>,
    /// What that stage served until then.
    pub was: Option<String>,
    /// The functions that this called and the new version does not: they may still permit it.
    pub left: Vec<String>,
}

/// No description is longer. AWS documents no limit for those of deployments; others of its descriptions end here.
const MOST_CHARACTERS: usize = 1024;
/// The longest word whose text comes from outside.
const LONGEST_WORD: usize = 64;

impl Marker {
    /// Of a document that this version of bluegate deploys.
    #[must_use]
    pub fn of_document(digest: &str) -> Self {
        Self {
            document: digest.to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..Self::default()
        }
    }

    /// Of a deployment that bluegate made.
    #[must_use]
    pub fn of(deployment: &Deployment) -> Option<Self> {
        Self::read(deployment.description.as_deref()?)
    }

    /// Of a description that bluegate wrote.
    #[must_use]
    pub fn read(description: &str) -> Option<Self> {
        let words = || description.split(' ');
        let word = |prefix: &str| words().find_map(|word| word.strip_prefix(prefix)).map(str::to_owned);
        Some(Self {
            document: word("sha256:")?,
            draft: word("draft:"),
            settings: word("settings:"),
            responses: word("responses:"),
            commit: word("git:"),
            version: word("bluegate/"),
            by: word("by:"),
            stage: word("stage:"),
            was: word("was:"),
            left: word("left:").map_or_else(Vec::new, |left| left.split(',').map(str::to_owned).collect()),
        })
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_kept = |c: &char| c.is_ascii_alphanumeric() || "-_.+@[]".contains(*c);
        let clean = |text: &Option<String>| -> Option<String> {
            let text: String = text.as_ref()?.chars().filter(is_kept).take(LONGEST_WORD).collect();
            Some(text).filter(|text| !text.is_empty())
        };
        let mut words = format!("sha256:{}", self.document);
        for (prefix, word) in [
            ("git:", clean(&self.commit)),
            ("bluegate/", clean(&self.version)),
            ("by:", clean(&self.by)),
            ("draft:", self.draft.clone()),
            ("settings:", self.settings.clone()),
            ("stage:", self.stage.clone()),
            ("was:", self.was.clone()),
            // Left out when they are too many: then a permission stays that nobody needs.
            ("left:", Some(self.left.join(",")).filter(|left| !left.is_empty())),
            // Last, and left out when they are too many: then they are carried over as if somebody else had made them.
            ("responses:", self.responses.clone()),
        ] {
            if let Some(word) = word
                && words.len() + 1 + prefix.len() + word.len() <= MOST_CHARACTERS
            {
                words.extend([" ", prefix, &word]);
            }
        }
        f.write_str(&words)
    }
}

/// The settings that an API has and a deployment of it has not. None when the deployment does not say what it was made
/// with.
#[must_use]
pub fn waiting(api: &RestApi, deployment: &Deployment) -> Vec<&'static str> {
    let made_with = Marker::of(deployment).and_then(|marker| marker.settings);
    made_with.map_or_else(Vec::new, |made_with| carry::waiting(api, &made_with))
}

/// What a tag says about a draft that was put from an export: API Gateway may spell it otherwise than when the
/// deployment was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftMark {
    /// The deployment that the draft is equal to.
    pub deployment: String,
    /// The digest of the draft as it was read back.
    pub draft: String,
}

impl DraftMark {
    /// The tag's key.
    pub const TAG: &str = "bluegate:draft";

    /// The mark of an API.
    #[must_use]
    pub fn of(api: &RestApi) -> Option<Self> {
        let words = || api.tags.get(Self::TAG).map_or("", String::as_str).split(' ');
        let word = |prefix: &str| words().find_map(|word| word.strip_prefix(prefix)).map(str::to_owned);
        Some(Self {
            deployment: word("deployment=")?,
            draft: word("draft=")?,
        })
    }
}

impl fmt::Display for DraftMark {
    /// The tag's value; the characters are among those that tags may have.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "deployment={} draft={}", self.deployment, self.draft)
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
        let marker = of("sha256:ab git:0123 bluegate/0.1.0 by:ci draft:cd stage:dev was:d1").unwrap();
        assert_eq!((marker.document.as_str(), marker.draft.as_deref()), ("ab", Some("cd")));
        assert_eq!(marker.commit.as_deref(), Some("0123"));
        assert_eq!(
            (marker.version.as_deref(), marker.by.as_deref()),
            (Some("0.1.0"), Some("ci"))
        );
        assert_eq!(
            (marker.stage.as_deref(), marker.was.as_deref()),
            (Some("dev"), Some("d1"))
        );
    }

    #[test]
    fn a_description_is_read_as_it_was_written() {
        let marker = Marker {
            commit: Some("0123456789ab+modified".into()),
            by: Some("dependabot[bot]".into()),
            draft: Some("1:ab".into()),
            settings: Some("aa.bb".into()),
            responses: Some("THROTTLED=01234567".into()),
            stage: Some("dev".into()),
            was: Some("d1".into()),
            left: vec![
                "arn:aws:lambda:eu-west-1:111111111111:function:shop:live".into(),
                "b".into(),
            ],
            ..Marker::of_document("9f86d081")
        };
        assert_eq!(Marker::read(&marker.to_string()), Some(marker));
    }

    #[test]
    fn a_name_stays_one_word() {
        let by = |name: &str| {
            let marker = Marker {
                by: Some(name.to_owned()),
                ..Marker::of_document("9f86d081")
            };
            Marker::read(&marker.to_string()).unwrap().by
        };
        assert_eq!(by("Jane Doe\n").as_deref(), Some("JaneDoe"));
        assert_eq!(by("Jane was:d7").as_deref(), Some("Janewasd7"));
        assert_eq!(by(" \u{1b}"), None);
        assert_eq!(by(&"x".repeat(1000)).unwrap().len(), LONGEST_WORD);
    }

    #[test]
    fn a_description_ends_before_it_is_too_long_and_keeps_what_a_rollback_needs() {
        let kinds: Vec<String> = (0..60).map(|kind| format!("SOME_LONG_KIND_{kind}=01234567")).collect();
        let marker = Marker {
            responses: Some(kinds.join(".")),
            was: Some("d1".into()),
            ..Marker::of_document(&"a".repeat(64))
        };
        let text = marker.to_string();
        assert!(text.len() <= MOST_CHARACTERS, "{}", text.len());
        let read = Marker::read(&text).unwrap();
        assert_eq!((read.was.as_deref(), read.responses), (Some("d1"), None));
    }

    #[test]
    fn a_deployment_that_says_less_makes_nothing_wait() {
        let api = RestApi {
            binary_media_types: vec!["a/b".into()],
            ..RestApi::default()
        };
        let of = |text: &str| {
            let description = Some(text.to_owned());
            waiting(
                &api,
                &Deployment {
                    description,
                    ..Deployment::default()
                },
            )
        };
        assert!(of("by hand").is_empty());
        assert!(of("sha256:ab draft:cd").is_empty());
        let before = carry::imprint(&RestApi::default());
        assert_eq!(of(&format!("sha256:ab settings:{before}")), ["binary media types"]);
    }

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let mark = DraftMark {
            deployment: "d1".into(),
            draft: "ab".into(),
        };
        let mut api = RestApi::default();
        assert_eq!(DraftMark::of(&api), None);
        api.tags.insert(DraftMark::TAG.into(), mark.to_string());
        assert_eq!(DraftMark::of(&api), Some(mark));
        api.tags.insert(DraftMark::TAG.into(), "something else".into());
        assert_eq!(DraftMark::of(&api), None);
    }
}
