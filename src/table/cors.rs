//! What pages of other origins may do with the answers of a rule.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap,
    HeaderValue, ORIGIN, VARY,
};

use super::Rule;

/// Who may read the answers of a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Cors {
    /// The origins. Empty: all of them.
    origins: &'static [&'static str],
    /// Whether a page may send cookies and other credentials.
    credentials: bool,
    /// The headers of answers that scripts may read, as a list for a header; or empty.
    exposed: &'static str,
}

impl Cors {
    /// Pages of all origins may read.
    pub(crate) const ALL: &'static Cors = &Cors::new(&[], false, "");

    /// What a file says. The texts are ones that stand in headers.
    #[must_use]
    pub const fn new(origins: &'static [&'static str], credentials: bool, exposed: &'static str) -> Cors {
        Cors {
            origins,
            credentials,
            exposed,
        }
    }

    /// What the answer to a request will say.
    pub(crate) fn to(&'static self, request: &Request) -> Shared {
        let origin = match self.origins {
            [] => Some("*"),
            [one] => Some(*one),
            several => request
                .headers()
                .get(ORIGIN)
                .and_then(|origin| several.iter().find(|one| origin == **one).copied()),
        };
        Shared { cors: self, origin }
    }
}

/// What an answer says of who may read it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shared {
    cors: &'static Cors,
    /// The origin that it names, if the one that asks may read it.
    origin: Option<&'static str>,
}

impl Shared {
    /// Writes it, unless the handler decided about that already.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        if self.cors.origins.len() > 1 {
            // Another origin gets another answer.
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        let Some(origin) = self.origin else { return };
        headers
            .entry(ACCESS_CONTROL_ALLOW_ORIGIN)
            .or_insert(HeaderValue::from_static(origin));
        if self.cors.credentials {
            headers
                .entry(ACCESS_CONTROL_ALLOW_CREDENTIALS)
                .or_insert(HeaderValue::from_static("true"));
        }
        if !self.cors.exposed.is_empty() {
            headers
                .entry(ACCESS_CONTROL_EXPOSE_HEADERS)
                .or_insert(HeaderValue::from_static(self.cors.exposed));
        }
    }
}

/// Rules of which some are shared otherwise than with all origins: which of them, and how.
///
/// # Panics
///
/// When there is no such rule, or no such way.
#[must_use]
pub const fn sharing<const N: usize>(
    mut rules: [Rule; N],
    ways: &'static [Cors],
    shared: &[(usize, usize)],
) -> [Rule; N] {
    let mut at = 0;
    while at < shared.len() {
        let (rule, way) = shared[at];
        rules[rule].cors = &ways[way];
        at += 1;
    }
    rules
}
