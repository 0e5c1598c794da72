//! The requests of an AWS file that show whether a deployment works.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::file::{ApiGatewayEntry, Entries, SmokeEntry};

use super::set;

/// A request to an API.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub verb: String,
    /// The path on the gateway with its query, or a whole URL.
    pub path: String,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Option<String>,
    /// Whether it is signed.
    pub signed: bool,
}

impl fmt::Debug for Request {
    /// Without what may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("verb", &self.verb)
            .field("path", &self.path.split('?').next())
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Request {
    /// Without the query, which may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "{} {path}", self.verb)
    }
}

/// A request and what it must be answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smoke {
    /// The request.
    pub request: Request,
    /// The status of the answer.
    pub status: u16,
    /// A text that the answer has in it.
    pub contains: Option<String>,
    /// Whether the answer says the digest of the routes file.
    pub digest: bool,
}

impl Smoke {
    fn of(entry: &SmokeEntry) -> Self {
        let headers = entry.headers.iter().flat_map(Entries::iter);
        let status = entry.status.as_ref().map(|status| u16::try_from(status.value));
        Self {
            request: Request {
                verb: entry
                    .method
                    .as_ref()
                    .map_or("GET", |word| word.verb.as_str())
                    .to_owned(),
                path: entry.path.value.clone(),
                headers: headers
                    .map(|(name, value)| (name.value.clone(), value.value.clone()))
                    .collect(),
                body: entry.body.as_ref().map(|body| body.value.clone()),
                signed: entry.signed.unwrap_or_default(),
            },
            status: status.and_then(Result::ok).unwrap_or(200),
            contains: entry.contains.as_ref().map(|text| text.value.clone()),
            digest: entry.digest.unwrap_or_default(),
        }
    }
}

impl fmt::Display for Smoke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

/// All requests of a deployment, and how long they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smokes {
    /// The requests of the file.
    pub requests: Vec<Smoke>,
    /// Where the stage is called, when that is not its own address.
    pub url: Option<String>,
    /// How long all of them together may be answered otherwise: a deployment is not at once everywhere.
    pub patience: Duration,
    /// The digest of the routes file.
    pub file_digest: Option<String>,
    /// Whether none is made.
    pub is_off: bool,
}

impl Default for Smokes {
    fn default() -> Self {
        Self {
            requests: Vec::new(),
            url: None,
            patience: Duration::from_secs(60),
            file_digest: None,
            is_off: false,
        }
    }
}

impl Smokes {
    pub(super) fn of(file: &ApiGatewayEntry) -> Self {
        Self {
            requests: file.smoke.iter().flatten().map(Smoke::of).collect(),
            url: set(file.smoke_url.as_ref()).map(|url| url.trim().trim_end_matches('/').to_owned()),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_shows_neither_its_headers_nor_its_query_nor_its_body() {
        let request = Request {
            verb: "POST".to_owned(),
            path: "/users?token=hush".to_owned(),
            headers: BTreeMap::from([("x-api-key".to_owned(), "hush".to_owned())]),
            body: Some("hush".to_owned()),
            signed: true,
        };
        assert_eq!(request.to_string(), "POST /users");
        let shown = format!("{request:?}");
        assert!(shown.contains("/users") && !shown.contains("hush"), "{shown}");
    }
}
