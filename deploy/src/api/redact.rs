//! Keeps credentials out of texts.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// Knows the credentials of a run and blots them out of any text.
///
/// AWS repeats what it was sent: the answer to a wrong signature quotes the signed headers, session token
/// included.
///
/// ```
/// use bluegate_deploy::api::Redactor;
///
/// let redactor = Redactor::new(["hush-hush"]);
/// assert_eq!(redactor.clean("said hush-hush twice"), "said [hidden] twice");
/// ```
#[derive(Clone, Default)]
pub struct Redactor {
    // Shared: credentials that are renewed during a run are known to all clones.
    secrets: Arc<RwLock<Vec<String>>>,
}

/// A text from outside is cut behind this many characters.
const LONGEST: usize = 2000;

/// Shorter texts are too common to be blotted out.
const SHORTEST_SECRET: usize = 4;

impl Redactor {
    /// Blots out each of `secrets`.
    pub fn new<S: Into<String>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let redactor = Self::default();
        redactor.learn(secrets);
        redactor
    }

    /// Blots out these as well, from now on and in every clone.
    pub fn learn<S: Into<String>>(&self, secrets: impl IntoIterator<Item = S>) {
        let mut known = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        let secrets = secrets.into_iter().map(Into::into);
        known.extend(secrets.filter(|secret: &String| secret.len() >= SHORTEST_SECRET));
        // A secret that contains another one goes first, or its rest would stay.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        known.dedup();
    }

    fn known(&self) -> RwLockReadGuard<'_, Vec<String>> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// `text` without credentials, without control characters, and not longer than a page.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.known().iter() {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), "[hidden]");
            }
        }
        let mut clean: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(LONGEST)
            .collect();
        if text.chars().nth(LONGEST).is_some() {
            clean.push('…');
        }
        clean.trim().to_owned()
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("secrets", &self.known().len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_of_two_overlapping_secrets_goes_first() {
        let redactor = Redactor::new(["abcd", "abcdefgh"]);
        assert_eq!(redactor.clean("x abcdefgh y abcd"), "x [hidden] y [hidden]");
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        let clean = Redactor::default().clean("\u{1b}[2Jgone\nnext");
        assert!(!clean.contains('\u{1b}') && !clean.contains('\n'), "{clean:?}");
    }

    #[test]
    fn a_long_text_is_cut() {
        let clean = Redactor::default().clean(&"é".repeat(5000));
        assert_eq!(clean.chars().count(), LONGEST + 1);
        assert!(clean.ends_with('…'));
    }

    #[test]
    fn the_debug_form_shows_no_secret() {
        assert!(!format!("{:?}", Redactor::new(["hush-hush"])).contains("hush"));
    }
}
