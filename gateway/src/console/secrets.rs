//! What of a request must not be shown.

use serde_json::Value as Json;

use crate::plane::{Headers, Request};

/// What stands in the place of a secret.
const MASK: &str = "****";

/// Headers that hold secrets.
const HEADERS: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "x-amz-security-token",
];

/// Parameters of the query that hold secrets.
const QUERY: [&str; 2] = ["X-Amz-Security-Token", "X-Amz-Signature"];

/// Shorter texts stand in others by chance.
const SHORTEST: usize = 8;

/// The secrets of one request.
#[derive(Debug)]
pub(super) struct Secrets {
    /// The names of headers, in small letters.
    names: Vec<String>,
    values: Vec<String>,
}

impl Secrets {
    /// Those of a request; `names` are further headers, such as those that an authorizer reads.
    pub(super) fn of(request: &Request, names: impl IntoIterator<Item = String>) -> Self {
        let names = names.into_iter().map(|name| name.to_lowercase());
        let names: Vec<String> = HEADERS.iter().map(|name| (*name).to_owned()).chain(names).collect();
        let mut secrets = Self {
            names,
            values: Vec::new(),
        };
        secrets.add(&request.headers);
        let query = request.query.split('&').filter_map(|part| part.split_once('='));
        let hidden = query.filter(|(name, _)| QUERY.contains(name)).map(|(_, value)| value);
        secrets.values.extend(hidden.map(str::to_owned));
        secrets
    }

    /// Those of an answer too.
    pub(super) fn add(&mut self, headers: &Headers) {
        let secret: Vec<_> = headers.iter().filter(|(name, _)| self.is_secret(name)).collect();
        for (name, value) in secret {
            // A signature is one part of its header, a token one behind its scheme, a cookie one behind its name.
            let signature = value.rsplit_once("Signature=").map(|(_, signature)| signature);
            let is_cookie = name.to_lowercase().ends_with("cookie");
            let found: Vec<&str> = match signature {
                Some(signature) => vec![signature],
                None if is_cookie => value
                    .split(';')
                    .filter_map(|part| Some(part.split_once('=')?.1))
                    .collect(),
                None => vec![value.split_once(' ').map_or(value, |(_, token)| token)],
            };
            let long = found.into_iter().filter(|text| text.len() >= SHORTEST);
            self.values.extend(long.map(str::to_owned));
        }
    }

    fn is_secret(&self, header: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(header))
    }

    /// The value of a header, as far as it may be shown.
    pub(super) fn header(&self, name: &str, value: &str) -> String {
        if !self.is_secret(name) {
            return self.text(value);
        }
        if let Some((before, _)) = value.rsplit_once("Signature=") {
            return format!("{before}Signature={MASK}");
        }
        match value.split_once(' ') {
            Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => format!("{scheme} {MASK}"),
            _ => MASK.to_owned(),
        }
    }

    /// A text without them.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for value in &self.values {
            if text.contains(value) {
                text = text.replace(value, MASK);
            }
        }
        text
    }

    /// Takes them out of whatever is told.
    pub(super) fn blot(&self, told: &mut Json) {
        match told {
            Json::String(text) => *text = self.text(text),
            Json::Array(items) => items.iter_mut().for_each(|item| self.blot(item)),
            Json::Object(entries) => {
                for (name, value) in entries {
                    match value {
                        Json::String(text) => *text = self.header(name, text),
                        Json::Array(_) if self.is_secret(name) => *value = Json::from([MASK]),
                        value => self.blot(value),
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_secret_of_a_request_is_in_what_is_told() {
        let request = Request {
            query: "page=1&X-Amz-Security-Token=sessiontoken".into(),
            headers: Headers::from_iter([
                ("Authorization", "Bearer abcdefghijkl"),
                ("X-Api-Key", "short"),
                ("Cookie", "id=cookievalue; theme=dark"),
                ("X-Auth", "custom-secret"),
                ("Accept", "*/*"),
            ]),
            ..Request::default()
        };
        let secrets = Secrets::of(&request, ["X-AUTH".to_owned()]);
        let mut told = json!({
            "log": ["x-amz-security-token:sessiontoken", "abcdefghijkl"],
            "event": {"headers": {"X-Api-Key": "short", "accept": "*/*"}, "multi": {"x-api-key": ["short"]}},
            "body": "cookievalue custom-secret dark",
        });
        secrets.blot(&mut told);
        assert_eq!(
            told,
            json!({
                "log": ["x-amz-security-token:****", "****"],
                "event": {"headers": {"X-Api-Key": "****", "accept": "*/*"}, "multi": {"x-api-key": ["****"]}},
                "body": "**** **** dark",
            })
        );
        for (name, value, shown) in [
            ("authorization", "Bearer abcdefghijkl", "Bearer ****"),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/1/x, SignedHeaders=host, Signature=0123",
                "AWS4-HMAC-SHA256 Credential=test/1/x, SignedHeaders=host, Signature=****",
            ),
            ("Cookie", "id=cookievalue; theme=dark", "****"),
            ("Accept", "*/*", "*/*"),
        ] {
            assert_eq!(secrets.header(name, value), shown);
        }
    }
}
