//! What time it is.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What time it is for signatures, quotas and logs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clock {
    /// That of the machine.
    #[default]
    Machine,
    /// One that stands still.
    Still(OffsetDateTime),
}

impl Clock {
    /// What time it is.
    #[must_use]
    pub fn now(self) -> OffsetDateTime {
        match self {
            Self::Machine => OffsetDateTime::now_utc(),
            Self::Still(moment) => moment,
        }
    }
}

/// What is wrong with the text of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MomentError;

impl std::fmt::Display for MomentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a moment is written as RFC 3339 has it, such as 2026-11-28T10:00:00Z")
    }
}

impl std::error::Error for MomentError {}

impl std::str::FromStr for Clock {
    type Err = MomentError;

    /// One that stands still at a moment as RFC 3339 writes it.
    fn from_str(text: &str) -> Result<Self, MomentError> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map(Self::Still)
            .map_err(|_| MomentError)
    }
}
