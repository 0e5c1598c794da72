//! Signatures of requests
//! ([Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)),
//! and what AWS says of those that are not right.

mod canonical;
mod sign;

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::encoding::path_decoded;
use super::failure::{Expected, Failure};
use super::message::Request;
use canonical::Canonical;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// How far the clock of a caller may be off.
const MINUTES: i64 = 5;

/// A key that may sign, and whose it is. Its holder may do everything in the account of the ARN.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The access key.
    pub access_key: String,
    /// The secret.
    pub secret: String,
    /// The session token.
    pub token: Option<String>,
    /// Who has it.
    pub arn: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { access_key, arn, .. } = self;
        f.debug_struct("Credential")
            .field("access_key", access_key)
            .field("arn", arn)
            .finish_non_exhaustive()
    }
}

impl Credential {
    /// The one that local tools agree on: the key `test` with the secret `test`, of the account 000000000000.
    #[must_use]
    pub fn test() -> Self {
        Self {
            access_key: "test".to_owned(),
            secret: "test".to_owned(),
            token: None,
            arn: "arn:aws:iam::000000000000:user/test".to_owned(),
        }
    }

    /// The account of its holder.
    #[must_use]
    pub fn account(&self) -> &str {
        self.arn.split(':').nth(4).unwrap_or_default()
    }
}

/// What is wrong with the text of a credential. It does not say the text, which holds a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialError;

impl std::fmt::Display for CredentialError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a credential has the form KEY:SECRET[:TOKEN]=ARN")
    }
}

impl std::error::Error for CredentialError {}

impl std::str::FromStr for Credential {
    type Err = CredentialError;

    /// Of `KEY:SECRET[:TOKEN]=ARN`.
    fn from_str(text: &str) -> Result<Self, CredentialError> {
        // Secrets and tokens may have equals signs.
        let at = text.rfind("=arn:").ok_or(CredentialError)?;
        let mut parts = text[..at].splitn(3, ':').map(str::to_owned);
        let credential = Self {
            access_key: parts.next().unwrap_or_default(),
            secret: parts.next().ok_or(CredentialError)?,
            token: parts.next(),
            arn: text[at + 1..].to_owned(),
        };
        let is_whole = !credential.access_key.is_empty() && !credential.secret.is_empty();
        if is_whole && credential.arn.split(':').count() >= 6 {
            Ok(credential)
        } else {
            Err(CredentialError)
        }
    }
}

/// What a signature claims.
struct Signature {
    access_key: String,
    /// Date, region, service and `aws4_request`.
    scope: Vec<String>,
    date: String,
    /// How long a presigned URL holds, in seconds.
    expires: Option<i64>,
    signed_headers: Vec<String>,
    signature: String,
    token: Option<String>,
    is_in_query: bool,
}

/// Whose signature a request has; `service` and `region` are what it has to be for.
pub(crate) fn verify<'c>(
    request: &Request,
    service: &str,
    region: Option<&str>,
    credentials: &'c [Credential],
    now: OffsetDateTime,
) -> Result<(&'c Credential, String), Failure> {
    let claim = claim(request)?;
    let [_, scope_region, scope_service, _] = claim.scope.as_slice() else {
        return Err(Failure::MissingAuthenticationToken);
    };
    let mut wrong = String::new();
    if region.is_some_and(|region| region != scope_region) {
        let _ = write!(
            wrong,
            "Credential should be scoped to a valid region, not '{scope_region}'. "
        );
    }
    if service != scope_service {
        let _ = write!(wrong, "Credential should be scoped to correct service: '{service}'. ");
    }
    if !wrong.is_empty() {
        return Err(Failure::InvalidSignature(wrong));
    }
    if !claim.signed_headers.iter().any(|name| name == "host") {
        let text = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
        return Err(Failure::InvalidSignature(text.to_owned()));
    }
    in_time(&claim, now)?;
    let known = credentials.iter().find(|one| one.access_key == claim.access_key);
    let known = known.ok_or_else(|| Failure::UnknownKey(claim.access_key.clone()))?;
    if known.token != claim.token {
        return Err(Failure::WrongToken(claim.access_key));
    }
    let canonical = Canonical::of(request, &claim.signed_headers, claim.is_in_query);
    let key = signing_key(known, &claim.scope);
    let claimed = unhex(&claim.signature).unwrap_or_default();
    let is_of = |canonical: &Canonical| {
        let to_sign = canonical.to_sign(&claim.date, &claim.scope);
        // Compares in constant time.
        keyed(&key, to_sign.as_bytes()).verify_slice(&claimed).is_ok()
    };
    if is_of(&canonical) {
        return Ok((known, scope_region.clone()));
    }
    let slip = canonical.slips(request).find(|(_, slipped)| is_of(slipped));
    Err(Failure::WrongSignature(Box::new(Expected {
        string_to_sign: canonical.to_sign(&claim.date, &claim.scope),
        canonical_request: canonical.to_string(),
        slip: slip.map(|(slip, _)| slip),
    })))
}

fn signing_key(credential: &Credential, scope: &[String]) -> Vec<u8> {
    let secret = format!("AWS4{}", credential.secret).into_bytes();
    scope.iter().fold(secret, |key, part| {
        keyed(&key, part.as_bytes()).finalize().into_bytes().to_vec()
    })
}

/// What a request without a method is told: of a signature, if it has half of one.
pub(super) fn unsigned(request: &Request) -> Failure {
    match claim(request) {
        Err(failure) if failure != Failure::MissingAuthenticationToken => failure,
        _ => Failure::NoMethod,
    }
}

fn claim(request: &Request) -> Result<Signature, Failure> {
    if let Some(header) = request.headers.get("authorization").filter(|header| !header.is_empty()) {
        return in_header(request, header);
    }
    let pairs = raw_pairs(&request.query);
    let get = |name: &str| {
        pairs
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.clone())
    };
    if get("X-Amz-Credential").is_none() && get("X-Amz-Signature").is_none() {
        return Err(Failure::MissingAuthenticationToken);
    }
    let mut texts = Vec::new();
    for name in [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
        "X-Amz-Date",
    ] {
        let missing =
            format!("AWS query-string parameters must include '{name}'. Re-examine the query-string parameters.");
        texts.push(get(name).ok_or(Failure::IncompleteSignature(missing))?);
    }
    let [_, credential, signature, signed_headers, date] = <[String; 5]>::try_from(texts).unwrap_or_default();
    let (access_key, scope) = scope(&credential)?;
    Ok(Signature {
        access_key,
        scope,
        date,
        expires: get("X-Amz-Expires").and_then(|seconds| seconds.parse().ok()),
        signed_headers: signed_headers.split(';').map(str::to_lowercase).collect(),
        signature,
        token: get("X-Amz-Security-Token"),
        is_in_query: true,
    })
}

fn in_header(request: &Request, header: &str) -> Result<Signature, Failure> {
    // The hash is over the whole value, found by computing published pairs of header and answer again.
    let hash = || STANDARD.encode(Sha256::digest(header.as_bytes()));
    let (_, parts) = header.split_once(' ').unwrap_or((header, ""));
    let mut pairs = Vec::new();
    for part in parts.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            return Err(Failure::IncompleteSignature(format!(
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
                 with Base64): '{}'.",
                hash()
            )));
        };
        pairs.push((name, value));
    }
    let get = |name: &str| {
        pairs
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, value)| (*value).to_owned())
    };
    let date = request
        .headers
        .get("x-amz-date")
        .or_else(|| request.headers.get("date"))
        .map(str::to_owned);
    let (Some(credential), Some(signature), Some(signed_headers), Some(date)) =
        (get("Credential"), get("Signature"), get("SignedHeaders"), date.clone())
    else {
        let mut text = String::new();
        for name in ["Credential", "Signature", "SignedHeaders"]
            .iter()
            .filter(|name| get(name).is_none())
        {
            let _ = write!(text, "Authorization header requires '{name}' parameter. ");
        }
        if date.is_none() {
            text.push_str("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        }
        let _ = write!(
            text,
            "(Hashed with SHA-256 and encoded with Base64) Authorization={}",
            hash()
        );
        return Err(Failure::IncompleteSignature(text));
    };
    let (access_key, scope) = scope(&credential)?;
    Ok(Signature {
        access_key,
        scope,
        date,
        expires: None,
        signed_headers: signed_headers.split(';').map(str::to_lowercase).collect(),
        signature,
        token: request.headers.get("x-amz-security-token").map(str::to_owned),
        is_in_query: false,
    })
}

fn scope(credential: &str) -> Result<(String, Vec<String>), Failure> {
    let mut parts = credential.split('/').map(str::to_owned);
    let access_key = parts.next().unwrap_or_default();
    let scope: Vec<String> = parts.collect();
    if scope.len() != 4 {
        return Err(Failure::IncompleteSignature(format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
             '{credential}'"
        )));
    }
    Ok((access_key, scope))
}

fn in_time(claim: &Signature, now: OffsetDateTime) -> Result<(), Failure> {
    let Some(date) = parse_date(&claim.date) else {
        let text = format!("Date must be in ISO-8601 'basic format'. Got '{}'.", claim.date);
        return Err(Failure::IncompleteSignature(text));
    };
    let allowed = Duration::minutes(MINUTES);
    let text = |moment: OffsetDateTime| basic_date(moment);
    let end = date + claim.expires.map_or(allowed, Duration::seconds);
    if now > end {
        let (earliest, now) = (text(now - (end - date)), text(now));
        let late = match claim.expires {
            None => format!(
                "Signature expired: {} is now earlier than {earliest} ({now} - {MINUTES} min.)",
                claim.date
            ),
            Some(_) => format!("Signature expired: {} is now earlier than {earliest}", claim.date),
        };
        return Err(Failure::InvalidSignature(late));
    }
    if date > now + allowed {
        let (latest, now) = (text(now + allowed), text(now));
        let early = format!(
            "Signature not yet current: {} is still later than {latest} ({now} + {MINUTES} min.)",
            claim.date
        );
        return Err(Failure::InvalidSignature(early));
    }
    Ok(())
}

/// Of `20260925T091954Z`.
fn parse_date(text: &str) -> Option<OffsetDateTime> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u8>().ok();
    let is_basic = text.len() == 16 && text.as_bytes()[8] == b'T' && text.ends_with('Z');
    let month = time::Month::try_from(number(4, 6)?).ok()?;
    let day = time::Date::from_calendar_date(text.get(..4)?.parse().ok()?, month, number(6, 8)?).ok()?;
    let time = time::Time::from_hms(number(9, 11)?, number(11, 13)?, number(13, 15)?).ok()?;
    is_basic.then(|| PrimitiveDateTime::new(day, time).assume_utc())
}

fn basic_date(moment: OffsetDateTime) -> String {
    let at = moment.to_offset(UtcOffset::UTC);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    format!(
        "{year:04}{:02}{day:02}T{hour:02}{minute:02}{second:02}Z",
        u8::from(month)
    )
}

/// Names and values of a query in which a plus is a plus.
fn raw_pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    let pairs = parts.map(|part| part.split_once('=').unwrap_or((part, "")));
    pairs
        .map(|(name, value)| (path_decoded(name), path_decoded(value)))
        .collect()
}

fn keyed(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    // A key of any length will do.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes every key"));
    mac.update(text);
    mac
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let is_hex = digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    is_hex.then(|| (0..digits.len()).step_by(2).map(byte).collect())?
}

#[cfg(test)]
mod tests;
