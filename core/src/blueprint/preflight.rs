//! The answers to CORS preflights.

use super::{Preflight, Verb};

pub(crate) const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
pub(crate) const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";

/// Request headers that clients of API Gateway need.
pub(crate) const USUAL_HEADERS: [&str; 5] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
];

impl Preflight {
    /// The headers of the answer, with their values. Where several origins may call, the first of them stands there, and
    /// the one that asks belongs in its place.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let methods: Vec<&str> = self.verbs.iter().copied().map(Verb::as_str).collect();
        let usual: &[&str] = if self.cors.usual_headers { &USUAL_HEADERS } else { &[] };
        // Those of the file are there once each.
        let own = self.allow_headers.iter().map(String::as_str);
        let own = own.filter(|header| !usual.iter().any(|usual| usual.eq_ignore_ascii_case(header)));
        let headers: Vec<&str> = usual.iter().copied().chain(own).collect();
        let origin = self.cors.origins.first().map_or("*", String::as_str);
        let mut values = vec![
            (ALLOW_ORIGIN, origin.to_owned()),
            ("Access-Control-Allow-Methods", methods.join(",")),
        ];
        if !headers.is_empty() {
            values.push(("Access-Control-Allow-Headers", headers.join(",")));
        }
        if self.cors.credentials {
            values.push((ALLOW_CREDENTIALS, "true".to_owned()));
        }
        if let Some(seconds) = self.cors.max_age {
            values.push(("Access-Control-Max-Age", seconds.to_string()));
        }
        if self.cors.origins.len() > 1 {
            values.push(("Vary", "Origin".to_owned()));
        }
        values
    }
}
