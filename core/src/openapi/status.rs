//! Statuses that an integration without proxy passes through.

/// The statuses that services answer with, with their reason phrases
/// ([RFC 9110, 15](https://www.rfc-editor.org/rfc/rfc9110#section-15)).
///
/// An integration response stands for one status, so each one has to be listed. 200 is where everything else goes
/// that is no error.
pub(super) const STATUSES: [(&str, &str); 37] = [
    ("200", "OK"),
    ("201", "Created"),
    ("202", "Accepted"),
    ("203", "Non-Authoritative Information"),
    ("204", "No Content"),
    ("205", "Reset Content"),
    ("206", "Partial Content"),
    ("300", "Multiple Choices"),
    ("301", "Moved Permanently"),
    ("302", "Found"),
    ("303", "See Other"),
    ("304", "Not Modified"),
    ("307", "Temporary Redirect"),
    ("308", "Permanent Redirect"),
    ("400", "Bad Request"),
    ("401", "Unauthorized"),
    ("402", "Payment Required"),
    ("403", "Forbidden"),
    ("404", "Not Found"),
    ("405", "Method Not Allowed"),
    ("406", "Not Acceptable"),
    ("408", "Request Timeout"),
    ("409", "Conflict"),
    ("410", "Gone"),
    ("411", "Length Required"),
    ("412", "Precondition Failed"),
    ("413", "Content Too Large"),
    ("415", "Unsupported Media Type"),
    ("418", "I'm a teapot"),
    ("422", "Unprocessable Content"),
    ("428", "Precondition Required"),
    ("429", "Too Many Requests"),
    ("500", "Internal Server Error"),
    ("501", "Not Implemented"),
    ("502", "Bad Gateway"),
    ("503", "Service Unavailable"),
    ("504", "Gateway Timeout"),
];

/// The reason phrase of a listed status.
pub(crate) fn reason(status: &str) -> &'static str {
    STATUSES
        .iter()
        .find(|(known, _)| *known == status)
        .map_or("Answer", |(_, reason)| reason)
}

/// A regular expression for the first status of a class (`4` or `5`) and for those of the class that are not listed.
pub(super) fn class(first: char) -> String {
    let listed: Vec<&str> = STATUSES
        .iter()
        .filter(|(status, _)| status.starts_with(first) && !status.ends_with("00"))
        .map(|(status, _)| &status[1..])
        .collect();
    format!("{first}(?!{})\\d{{2}}", listed.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_unique_and_in_order() {
        let statuses: Vec<&str> = STATUSES.iter().map(|(status, _)| *status).collect();
        let mut sorted = statuses.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(statuses, sorted);
    }

    #[test]
    fn a_class_leaves_the_other_listed_ones_out() {
        assert_eq!(class('5'), r"5(?!01|02|03|04)\d{2}");
    }
}
