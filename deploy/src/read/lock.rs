//! One run at a time: a tag of the API, which a dead run leaves behind and which expires.

use std::fmt;

use crate::api::RestApi;

/// Who holds an API, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The run that holds it.
    pub run: String,
    /// When it expires, in seconds since 1970.
    pub until: u64,
    /// Whether the run has begun to change the API.
    pub begun: bool,
}

impl Lock {
    /// The tag's key.
    pub const TAG: &str = "bluegate:lock";

    /// The lock of an API, whether it expired or not.
    #[must_use]
    pub fn of(api: &RestApi) -> Option<Self> {
        let value = api.tags.get(Self::TAG)?;
        let word = |prefix: &str| value.split(' ').find_map(|word| word.strip_prefix(prefix));
        Some(Self {
            run: word("run=").unwrap_or_default().to_owned(),
            // What cannot be read has expired: a lock must not hold for ever.
            until: word("until=").and_then(|until| until.parse().ok()).unwrap_or_default(),
            begun: value.split(' ').any(|word| word == "begun"),
        })
    }

    /// Whether an API shows this run's lock.
    #[must_use]
    pub fn is_of(&self, api: &RestApi) -> bool {
        Self::of(api).is_some_and(|seen| seen.run == self.run)
    }

    /// The same, of a run that has begun to change the API.
    #[must_use]
    pub fn begun(&self) -> Self {
        Self {
            begun: true,
            ..self.clone()
        }
    }

    /// The same, expired: what a run leaves that was undone, so that the next one knows of it.
    #[must_use]
    pub fn expired(&self) -> Self {
        Self {
            until: 0,
            begun: true,
            ..self.clone()
        }
    }

    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: u64) -> bool {
        self.until > now
    }
}

/// Whether a run that died may have left an API half changed: one of this machine, or one whose lock is left.
#[must_use]
pub fn is_interrupted(api: &RestApi, died_here: bool, now: u64) -> bool {
    died_here || Lock::of(api).is_some_and(|lock| lock.begun && !lock.holds(now))
}

impl fmt::Display for Lock {
    /// The tag's value; the characters are among those that tags may have.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begun = if self.begun { " begun" } else { "" };
        write!(f, "run={} until={}{begun}", self.run, self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(value: &str) -> RestApi {
        let mut api = RestApi::default();
        api.tags.insert(Lock::TAG.to_owned(), value.to_owned());
        api
    }

    #[test]
    fn a_lock_holds_until_its_time_and_no_longer() {
        let lock = Lock {
            run: "a1".into(),
            until: 100,
            begun: false,
        };
        assert_eq!(Lock::of(&api(&lock.to_string())), Some(lock.clone()));
        assert!(lock.holds(99) && !lock.holds(100));
        assert!(!lock.expired().holds(1));
        assert_eq!(Lock::of(&api(&lock.begun().to_string())), Some(lock.begun()));
    }

    #[test]
    fn who_began_and_no_longer_has_the_lock_may_have_left_half_of_something() {
        for (value, is_left) in [
            ("run=a1 until=50 begun", true),
            ("run=a1 until=150 begun", false),
            ("run=a1 until=50", false),
        ] {
            assert_eq!(is_interrupted(&api(value), false, 100), is_left, "{value}");
            assert!(is_interrupted(&api(value), true, 100), "{value}");
        }
        assert!(!is_interrupted(&RestApi::default(), false, 100));
    }

    #[test]
    fn what_cannot_be_read_holds_nobody_up() {
        assert!(!Lock::of(&api("whatever")).unwrap().holds(1));
        assert_eq!(Lock::of(&RestApi::default()), None);
    }
}
