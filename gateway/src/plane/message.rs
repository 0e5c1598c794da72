//! Requests and answers, as they are sent.

use std::net::IpAddr;

use bytes::Bytes;
use time::OffsetDateTime;

use super::headers::Headers;

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
    pub body: Bytes,
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
        let digits = self.seed.rotate_left(57);
        match sent {
            Some(trace) if trace.contains("Parent=") || !trace.contains("Root=") => trace.to_owned(),
            Some(trace) => format!("{trace};Parent={:016x}", digits >> 64),
            None => format!("Root=1-{:08x}-{:024x}", self.time.unix_timestamp(), digits >> 32),
        }
    }
}

/// A random UUID (RFC 9562, 5.4) of 128 random bits.
pub(crate) fn random_uuid(bits: u128) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let mut id = String::with_capacity(36);
    for at in 0..32 {
        if matches!(at, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(char::from(DIGITS[(bits >> (124 - 4 * at) & 0xf) as usize]));
    }
    id
}

/// Whether a text is one (RFC 9562, 4).
pub(super) fn is_uuid(text: &str) -> bool {
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
    pub body: Bytes,
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
            body: Bytes::from_static(br#"{"message":"Forbidden"}"#),
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
