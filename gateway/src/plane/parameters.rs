//! The parameters of a request.

use super::header_rules;
use super::headers::Headers;
use super::value::Value;

/// The parameters of a request, decoded.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters {
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Headers,
}

impl Parameters {
    /// The value of a path parameter.
    pub(super) fn path(&self, name: &str) -> Option<&str> {
        last(&self.path, name)
    }

    /// The last value of a name in the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        last(&self.query, name)
    }

    /// What templates find by a name: in the path, else in the query, else in the headers.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        let header = || self.headers.get(name).filter(|_| header_rules::of(name).is_visible);
        self.path(name).or_else(|| self.query(name)).or_else(header)
    }

    /// What templates see of all of them.
    pub(super) fn all(&self) -> Value {
        let map = |pairs: &[(String, String)]| {
            let mut map = Value::Map(Vec::new());
            for (name, value) in pairs {
                *map.entry(name) = value.as_str().into();
            }
            map
        };
        let visible = self
            .headers
            .iter()
            .filter(|(name, _)| header_rules::of(name).is_visible);
        let visible: Vec<(String, String)> = visible.map(|(name, value)| (name.into(), value.into())).collect();
        [
            ("path", map(&self.path)),
            ("querystring", map(&self.query)),
            ("header", map(&visible)),
        ]
        .into_iter()
        .collect()
    }
}

/// What API Gateway reads of a name that stands more than once: the last.
fn last<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let named = pairs.iter().rev().find(|(given, _)| given == name);
    named.map(|(_, value)| value.as_str())
}
