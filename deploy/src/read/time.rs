//! Times as people and machines read them.

/// Seconds since 1970 as a time in UTC ([RFC 3339](https://www.rfc-editor.org/rfc/rfc3339)).
///
/// `None` for a time before the year 1 or beyond the year 9999.
///
/// ```
/// use bluegate_deploy::read::moment;
///
/// assert_eq!(moment(1_700_000_000).as_deref(), Some("2023-11-14T22:13:20Z"));
/// ```
// A library for times would be more than what it is used for.
#[must_use]
pub fn moment(seconds: i64) -> Option<String> {
    const DAY: i64 = 86_400;
    // Years that begin with March, and eras of 400 of them, in which every leap day is the last one
    // (http://howardhinnant.github.io/date_algorithms.html#civil_from_days).
    let days = seconds.div_euclid(DAY) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    let second = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    (1..=9999)
        .contains(&year)
        .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn days_months_and_years_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(moment(seconds).as_deref(), Some(text), "{seconds}");
        }
        for seconds in [253_402_300_800, -62_135_596_801, i64::MAX, i64::MIN] {
            assert_eq!(moment(seconds), None, "{seconds}");
        }
    }
}
