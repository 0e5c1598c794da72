//! What is signed of a request
//! ([canonical requests](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)).

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::super::encoding::{path_encoded_strictly, query_encoded};
use super::super::failure::Slip;
use super::super::message::Request;
use super::{ALGORITHM, hex, raw_pairs};

/// A canonical request.
#[derive(Debug, Clone)]
pub(super) struct Canonical {
    method: String,
    path: String,
    query: String,
    /// Names in small letters, and values.
    headers: Vec<(String, String)>,
    /// The hash of the body.
    payload: String,
}

impl Canonical {
    pub(super) fn of(request: &Request, signed_headers: &[String], is_in_query: bool) -> Self {
        let mut query: Vec<(String, String)> = raw_pairs(&request.query)
            .into_iter()
            .filter(|(name, _)| !is_in_query || name != "X-Amz-Signature")
            .map(|(name, value)| (query_encoded(&name).to_string(), query_encoded(&value).to_string()))
            .collect();
        query.sort();
        let query = query.into_iter().map(|(name, value)| format!("{name}={value}"));
        let value = |name: &str| {
            let values = request.headers.all(name);
            let values = values.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "));
            values.collect::<Vec<String>>().join(",")
        };
        Self {
            method: request.method.clone(),
            path: path_encoded_strictly(&normal(&request.sent_path)),
            query: query.collect::<Vec<String>>().join("&"),
            headers: signed_headers.iter().map(|name| (name.clone(), value(name))).collect(),
            payload: hash(&request.body),
        }
    }

    /// The string to sign.
    pub(super) fn to_sign(&self, date: &str, scope: &[String]) -> String {
        let (scope, hash) = (scope.join("/"), hash(self.to_string().as_bytes()));
        format!("{ALGORITHM}\n{date}\n{scope}\n{hash}")
    }

    /// What signers make of a request by mistake.
    pub(super) fn slips<'r>(&'r self, request: &'r Request) -> impl Iterator<Item = (Slip, Self)> + 'r {
        const ALL: [Slip; 5] = [
            Slip::PathEncodedOnce,
            Slip::EmptyBody,
            Slip::UnsignedPayload,
            Slip::HostWithoutPort,
            Slip::WithoutQuery,
        ];
        ALL.into_iter().map(|slip| {
            let mut slipped = self.clone();
            match slip {
                Slip::PathEncodedOnce => slipped.path.clone_from(&request.sent_path),
                Slip::EmptyBody => slipped.payload = hash(b""),
                Slip::UnsignedPayload => "UNSIGNED-PAYLOAD".clone_into(&mut slipped.payload),
                Slip::HostWithoutPort => {
                    for (_, value) in slipped.headers.iter_mut().filter(|(name, _)| name == "host") {
                        value.truncate(value.rfind(':').unwrap_or(value.len()));
                    }
                }
                Slip::WithoutQuery => slipped.query.clear(),
            }
            (slip, slipped)
        })
    }
}

impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.method, self.path, self.query)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}:{value}")?;
        }
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        write!(f, "\n{}\n{}", names.join(";"), self.payload)
    }
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Without dots and double slashes, as every signer but S3's has it. It is encoded once more then.
fn normal(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let end = if path.ends_with('/') && !segments.is_empty() {
        "/"
    } else {
        ""
    };
    format!("/{}{end}", segments.join("/"))
}
