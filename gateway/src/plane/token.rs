//! Tokens of user pools: JSON Web Tokens that are signed with RSA and SHA-256 (RFC 7519, RFC 7518, 3.3).

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use serde_json::{Map, Value as Json, json};
use time::{Duration, OffsetDateTime};

use super::cognito::issuer_of;

/// The name of the key that tokens are signed with here.
const LOCAL: &str = "bluegate-local";

/// The key itself. Everybody has it: it signs for pools on this machine, which nobody else asks.
fn local() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| {
        KeyPair::from_pkcs8(include_bytes!("cognito/local.der")).expect("a key that is part of the crate")
    })
}

/// The public keys of user pools. From the start there is the one that [`Token`] signs with.
#[derive(Debug, Clone)]
pub struct Pools(Vec<(String, PublicKeyComponents<Vec<u8>>)>);

impl Default for Pools {
    fn default() -> Self {
        Self(vec![(LOCAL.to_owned(), PublicKeyComponents::from(local().public()))])
    }
}

/// What is wrong with a set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeysError;

impl std::fmt::Display for KeysError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no JSON Web Key Set of RSA keys, such as the one at `https://cognito-idp.REGION.amazonaws.com/POOL/.well-known/jwks.json`")
    }
}

impl std::error::Error for KeysError {}

impl Pools {
    /// Adds the keys of a JSON Web Key Set (RFC 7517, 5), the file that a pool publishes.
    ///
    /// # Errors
    ///
    /// The text is no such set.
    pub fn add_jwks(&mut self, text: &str) -> Result<(), KeysError> {
        let set: Json = serde_json::from_str(text).map_err(|_| KeysError)?;
        let keys = set.get("keys").and_then(Json::as_array).ok_or(KeysError)?;
        for key in keys {
            let number = |name: &str| URL_SAFE_NO_PAD.decode(key.get(name)?.as_str()?).ok();
            let (Some(n), Some(e)) = (number("n"), number("e")) else {
                return Err(KeysError);
            };
            let name = key.get("kid").and_then(Json::as_str).ok_or(KeysError)?;
            self.0.push((name.to_owned(), PublicKeyComponents { n, e }));
        }
        Ok(())
    }

    /// The keys as a JSON Web Key Set, which services behind the gateway may want.
    #[must_use]
    pub fn to_jwks(&self) -> Json {
        let key = |(name, key): &(String, PublicKeyComponents<Vec<u8>>)| {
            json!({"kid": name, "kty": "RSA", "alg": "RS256", "use": "sig",
                "n": URL_SAFE_NO_PAD.encode(&key.n), "e": URL_SAFE_NO_PAD.encode(&key.e)})
        };
        json!({"keys": self.0.iter().map(key).collect::<Vec<Json>>()})
    }

    /// What a token claims, if one of the keys signed it.
    pub(super) fn claims(&self, token: &str) -> Result<Map<String, Json>, String> {
        let is_none = || "it is no JSON Web Token".to_owned();
        let (signed, signature) = token.rsplit_once('.').ok_or_else(is_none)?;
        let (header, claims) = signed.split_once('.').ok_or_else(is_none)?;
        let read = |text: &str| -> Option<Json> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok() };
        let header = read(header).ok_or_else(is_none)?;
        if header["alg"] != "RS256" {
            return Err(format!(
                "it is signed with {}, and pools sign with RS256",
                header["alg"]
            ));
        }
        let name = header["kid"].as_str().unwrap_or_default();
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| is_none())?;
        let mut keys = self.0.iter().filter(|(known, _)| known == name).peekable();
        if keys.peek().is_none() {
            return Err(format!("nobody has the key {name:?} that it is signed with"));
        }
        let is_of = |key: &PublicKeyComponents<Vec<u8>>| {
            key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
                .is_ok()
        };
        if !keys.any(|(_, key)| is_of(key)) {
            return Err(format!("it is not signed with the key {name:?}"));
        }
        match read(claims) {
            Some(Json::Object(claims)) => Ok(claims),
            _ => Err(is_none()),
        }
    }
}

/// A token of a user pool that is on this machine only.
///
/// ```
/// use bluegate_gateway::plane::Token;
///
/// let pool = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_shop";
/// let token = Token::of("me").pool(pool).scope("shop/read").claim("email", "me@a.example");
/// assert_eq!(token.signed(time::OffsetDateTime::UNIX_EPOCH).split('.').count(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Token {
    subject: String,
    pool: Option<String>,
    client: String,
    scopes: Vec<String>,
    lifetime: Duration,
    claims: Map<String, Json>,
}

impl Token {
    /// Of a user, by the claim `sub`: an identity token that holds an hour.
    pub fn of(subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            pool: None,
            client: "local-client".to_owned(),
            scopes: Vec::new(),
            lifetime: Duration::HOUR,
            claims: Map::new(),
        }
    }

    /// Of a pool, by its ARN.
    pub fn pool(mut self, arn: impl Into<String>) -> Self {
        self.pool = Some(arn.into());
        self
    }

    /// The pool, if one is said.
    #[must_use]
    pub fn pool_arn(&self) -> Option<&str> {
        self.pool.as_deref()
    }

    /// Has a scope. A token that has one is an access token.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Is for a client, by its id.
    pub fn client(mut self, id: impl Into<String>) -> Self {
        self.client = id.into();
        self
    }

    /// Holds for so many seconds.
    pub fn seconds(mut self, seconds: u32) -> Self {
        self.lifetime = Duration::seconds(seconds.into());
        self
    }

    /// Claims something, such as an `email`. What it claims by itself can be said otherwise.
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// The token, as of a moment.
    #[must_use]
    pub fn signed(&self, now: OffsetDateTime) -> String {
        let is_access = !self.scopes.is_empty();
        let mut claims = json!({
            "sub": self.subject,
            "iss": self.pool.as_deref().and_then(issuer_of),
            "token_use": if is_access { "access" } else { "id" },
            "auth_time": now.unix_timestamp(),
            "iat": now.unix_timestamp(),
            "exp": (now + self.lifetime).unix_timestamp(),
        });
        if is_access {
            claims["scope"] = self.scopes.join(" ").into();
            claims["client_id"] = self.client.as_str().into();
            claims["username"] = self.subject.as_str().into();
        } else {
            claims["aud"] = self.client.as_str().into();
            claims["cognito:username"] = self.subject.as_str().into();
        }
        for (name, value) in &self.claims {
            claims[name] = value.clone();
        }
        let text = |value: &Json| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", text(&json!({"alg": "RS256", "kid": LOCAL})), text(&claims));
        let key = local();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .expect("a signature that is as long as the key");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
