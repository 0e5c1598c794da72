//! The description of a deployment: enough to know later what it was made of.

use std::path::Path;
use std::process::{Command, Stdio};

/// The commit that a routes file is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    commit: String,
    /// Whether the file differs from the commit.
    modified: bool,
}

/// Enough of a commit's hash for any repository.
const SHORT_HASH: usize = 12;

impl Revision {
    /// Asks git about the file, then the variables that CI services set. `None` when nobody knows.
    #[must_use]
    pub fn of(file: &Path) -> Option<Self> {
        Self::from_git(file).or_else(|| {
            ["GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "BITBUCKET_COMMIT"]
                .iter()
                .filter_map(|name| std::env::var(name).ok())
                .find_map(|hash| Self::clean(&hash))
        })
    }

    fn from_git(file: &Path) -> Option<Self> {
        let file = std::fs::canonicalize(file).ok()?;
        let folder = file.parent()?;
        let mut revision = Self::clean(&git(folder, &["rev-parse", "HEAD"])?)?;
        let name = file.file_name()?.to_str()?;
        let status = git(folder, &["status", "--porcelain", "--ignored", "--", name]);
        revision.modified = status.is_none_or(|status| !status.trim().is_empty());
        Some(revision)
    }

    fn clean(hash: &str) -> Option<Self> {
        let hash = hash.trim();
        let is_hash = hash.len() >= SHORT_HASH && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self {
            commit: hash[..SHORT_HASH].to_ascii_lowercase(),
            modified: false,
        })
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("--no-optional-locks")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

/// The text of a deployment: the document's digest, the commit of the routes file, the tool.
///
/// ```
/// use bluegate_deploy::deploy::describe;
///
/// let text = describe("9f86d081", None);
/// assert!(text.starts_with("sha256:9f86d081 bluegate/"));
/// ```
#[must_use]
pub fn describe(digest: &str, revision: Option<&Revision>) -> String {
    let commit = revision.map_or_else(String::new, |revision| {
        let modified = if revision.modified { "+modified" } else { "" };
        format!(" git:{}{modified}", revision.commit)
    });
    format!("sha256:{digest}{commit} bluegate/{}", env!("CARGO_PKG_VERSION"))
}

/// Who deploys: the person behind a CI job, else the user of this machine. `None` when nobody knows.
#[must_use]
pub fn actor() -> Option<String> {
    [
        "GITHUB_ACTOR",
        "GITLAB_USER_LOGIN",
        "CIRCLE_USERNAME",
        "USER",
        "USERNAME",
    ]
    .iter()
    .filter_map(|name| std::env::var(name).ok())
    .find_map(|name| clean_name(&name))
}

/// A description is split at spaces.
fn clean_name(name: &str) -> Option<String> {
    let kept = |c: &char| c.is_ascii_alphanumeric() || "-_.@[]".contains(*c);
    let name: String = name.chars().filter(kept).take(64).collect();
    (!name.is_empty()).then_some(name)
}

/// The same text with who deploys.
///
/// ```
/// use bluegate_deploy::deploy::{describe, signed};
///
/// assert!(signed(describe("9f86d081", None), Some("ci")).ends_with(" by:ci"));
/// ```
#[must_use]
pub fn signed(mut description: String, by: Option<&str>) -> String {
    if let Some(by) = by {
        description.push_str(" by:");
        description.push_str(by);
    }
    description
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_shortened_and_a_change_is_told() {
        let mut revision = Revision::clean("0123456789ABCDEF0123456789abcdef01234567\n").unwrap();
        assert!(describe("d", Some(&revision)).contains(" git:0123456789ab bluegate/"));
        revision.modified = true;
        assert!(describe("d", Some(&revision)).contains(" git:0123456789ab+modified "));
    }

    #[test]
    fn a_name_stays_one_word() {
        assert_eq!(clean_name("Jane Doe\n").as_deref(), Some("JaneDoe"));
        assert_eq!(clean_name("dependabot[bot]").as_deref(), Some("dependabot[bot]"));
        assert_eq!(clean_name(" \u{1b}"), None);
        assert_eq!(signed("sha256:ab".into(), None), "sha256:ab");
    }

    #[test]
    fn what_is_no_hash_is_no_commit() {
        for text in ["", "main", "0123", "0123456789ab; rm -rf /"] {
            assert_eq!(Revision::clean(text), None, "{text}");
        }
    }
}
