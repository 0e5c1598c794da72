//! Where a deployment comes from: the commit of the routes file, and who deploys it.

use std::path::Path;
use std::process::{Command, Stdio};

/// Enough of a commit's hash for any repository.
const SHORT_HASH: usize = 12;

/// The commit that a file is of: asks git, then the variables that CI services set. `None` when nobody knows.
pub(crate) fn commit(file: &Path) -> Option<String> {
    from_git(file).or_else(|| {
        first_of(
            &["GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "BITBUCKET_COMMIT"],
            clean,
        )
    })
}

/// With a sign when the file differs from the commit.
fn from_git(file: &Path) -> Option<String> {
    let file = std::fs::canonicalize(file).ok()?;
    let folder = file.parent()?;
    let commit = clean(&git(folder, &["rev-parse", "HEAD"])?)?;
    let name = file.file_name()?.to_str()?;
    let status = git(folder, &["status", "--porcelain", "--ignored", "--", name]);
    let is_modified = status.is_none_or(|status| !status.trim().is_empty());
    Some(if is_modified {
        format!("{commit}+modified")
    } else {
        commit
    })
}

fn clean(hash: &str) -> Option<String> {
    let hash = hash.trim();
    let is_hash = hash.len() >= SHORT_HASH && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| hash[..SHORT_HASH].to_ascii_lowercase())
}

/// What the first of some variables that says something says.
fn first_of(names: &[&str], read: impl Fn(&str) -> Option<String>) -> Option<String> {
    names
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find_map(|value| read(&value))
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

/// Who deploys: the person behind a CI job, else the user of this machine. `None` when nobody knows.
pub(crate) fn actor() -> Option<String> {
    let names = [
        "GITHUB_ACTOR",
        "GITLAB_USER_LOGIN",
        "CIRCLE_USERNAME",
        "USER",
        "USERNAME",
    ];
    first_of(&names, |name| {
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_shortened() {
        let commit = clean("0123456789ABCDEF0123456789abcdef01234567\n");
        assert_eq!(commit.as_deref(), Some("0123456789ab"));
    }

    #[test]
    fn what_is_no_hash_is_no_commit() {
        for text in ["", "main", "0123", "0123456789ab; rm -rf /"] {
            assert_eq!(clean(text), None, "{text}");
        }
    }
}
