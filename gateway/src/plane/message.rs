//! Requests and answers, as they are sent.

use std::net::IpAddr;
use std::sync::Arc;

use time::OffsetDateTime;

/// Headers in their order. Names are compared without case. Clones share them until one is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Arc<Vec<(String, String)>>);

impl Headers {
    /// The last value of a name: what API Gateway reads of a header that was sent more than once.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().rev().find(|(given, _)| given.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(given, _)| given.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }

    /// Adds a value.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        Arc::make_mut(&mut self.0).push((name.into(), value.into()));
    }

    /// Sets the one value of a name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.remove(&name);
        self.add(name, value);
    }

    /// Removes a name.
    pub fn remove(&mut self, name: &str) {
        if self.get(name).is_some() {
            Arc::make_mut(&mut self.0).retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        }
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        let headers = headers.into_iter();
        Self(Arc::new(
            headers.map(|(name, value)| (name.into(), value.into())).collect(),
        ))
    }
}

/// A request of a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub method: String,
    /// The path as it was sent, with what stands before the stage. Signatures are about it.
    pub sent_path: String,
    /// The path behind the stage.
    pub path: String,
    /// The query as it was sent, without its question mark.
    pub query: String,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

/// When and from where a request came, and what it is called.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// When.
    pub time: OffsetDateTime,
    /// The address of the client.
    pub source: IpAddr,
    /// 128 bits that no other request has. The ids of the request are made of them.
    pub seed: u128,
}

impl Arrival {
    /// The id of the request: the client's, if that is a UUID.
    pub(super) fn request_id(&self, sent: Option<&str>) -> String {
        if let Some(id) = sent.filter(|id| is_uuid(id)) {
            return id.to_lowercase();
        }
        random_uuid(self.seed)
    }

    /// The extended id of the request: fifteen characters and an equals sign.
    pub(super) fn extended_id(&self) -> String {
        const CHARACTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mixed = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let characters = (0..15).map(|at| char::from(CHARACTERS[(mixed >> (6 * at + 32) & 63) as usize]));
        characters.chain(['=']).collect()
    }

    /// The trace header towards the service: the client's, or a new root.
    pub(super) fn trace(&self, sent: Option<&str>) -> String {
        let digits = format!("{:032x}", self.seed.rotate_left(57));
        match sent {
            Some(trace) if trace.contains("Parent=") || !trace.contains("Root=") => trace.to_owned(),
            Some(trace) => format!("{trace};Parent={}", &digits[..16]),
            None => format!("Root=1-{:08x}-{}", self.time.unix_timestamp(), &digits[..24]),
        }
    }
}

/// A random UUID (RFC 9562, 5.4) of 128 random bits.
pub(crate) fn random_uuid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let digits = format!("{bits:032x}");
    let parts = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    parts.join("-")
}

fn is_uuid(text: &str) -> bool {
    let is_digit = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_digit)
}

/// An answer to a client, or of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// That of a path that no stage is at
    /// ([403 errors](https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden)).
    pub(crate) fn forbidden() -> Self {
        Self {
            status: 403,
            headers: Headers::from_iter([
                ("Content-Type", "application/json"),
                ("x-amzn-ErrorType", "ForbiddenException"),
            ]),
            body: br#"{"message":"Forbidden"}"#.to_vec(),
        }
    }

    /// To a client that hung up before its request was whole. Nobody reads it.
    pub(crate) fn hung_up() -> Self {
        Self {
            status: 400,
            ..Self::default()
        }
    }
}

/// The largest body of a request, in bytes
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
pub const LARGEST_BODY: usize = 10_485_760;

/// The answer to a body that is too large. It is a text, and no gateway response decorates it.
#[must_use]
pub fn too_large() -> Answer {
    Answer {
        status: 413,
        headers: Headers::from_iter([("Content-Type", "text/plain")]),
        body: format!("HTTP content length exceeded {LARGEST_BODY} bytes.").into_bytes(),
    }
}
