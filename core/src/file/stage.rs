//! The settings of a stage, key by key.

use crate::decode::{Decode, record, unknown_word, wrong_type};
use crate::diagnostic::Diagnostics;
use crate::span::Spanned;
use crate::tree::{Node, Value};

record! {
    /// The settings of a stage. Those that are left out are left as they are.
    pub struct StageEntry as "the stage" {
        /// What the stage is for.
        optional description("description"): Spanned<String>,
        /// Stage variables. Those that do not stand here are left as they are. No message shows their values.
        optional variables("variables"): Entries<String>,
        /// How many requests all methods take.
        optional throttling("throttling"): ThrottlingEntry,
        /// What API Gateway writes to CloudWatch.
        optional logging("logging"): LoggingEntry,
        /// The cache of the stage.
        optional cache("cache"): CacheEntry,
        /// Settings of single methods, such as `"GET /users/{id}"`, which win over those of the stage.
        optional methods("methods"): Entries<MethodSettingsEntry>,
        /// A line for each request.
        optional access_log("accessLog"): AccessLogEntry,
        /// Whether requests are traced with X-Ray.
        optional tracing("tracing"): bool,
        /// The id of the client certificate that API Gateway shows to the service.
        optional client_certificate("clientCertificate"): Spanned<String>,
        /// Tags of the stage. Those that do not stand here are left as they are.
        optional tags("tags"): Entries<String>,
    }
}

record! {
    /// Settings of one method.
    pub struct MethodSettingsEntry as "the method" {
        /// How many requests it takes.
        optional throttling("throttling"): ThrottlingEntry,
        /// What API Gateway writes to CloudWatch.
        optional logging("logging"): LoggingEntry,
    }
}

record! {
    /// How many requests are taken; more are answered with 429.
    pub struct ThrottlingEntry as "the throttling" {
        /// Requests a second.
        optional rate_limit("rateLimit"): f64,
        /// Requests that may come at once.
        optional burst_limit("burstLimit"): u32,
    }
}

record! {
    /// What API Gateway writes to CloudWatch. Logs need a role in the settings of the account.
    pub struct LoggingEntry as "the logging" {
        /// What is logged: `OFF`, `ERROR` or `INFO`.
        optional level("level"): LogLevel,
        /// Whether whole requests and responses are logged, secrets included.
        optional data_trace("dataTrace"): bool,
        /// Whether there are metrics for each method.
        optional metrics("metrics"): bool,
    }
}

record! {
    /// The cache of a stage. It costs by the hour.
    pub struct CacheEntry as "the cache" {
        /// Whether there is one. Default: `true`.
        optional enabled("enabled"): bool,
        /// Its size in gigabytes: `0.5`, `1.6`, `6.1`, `13.5`, `28.4`, `58.2`, `118` or `237`.
        optional size("size"): Spanned<String>,
        /// How long an answer is kept, in seconds, 3600 at most.
        optional ttl("ttl"): Spanned<u32>,
        /// Whether it is encrypted.
        optional encrypted("encrypted"): bool,
    }
}

record! {
    /// A line for each request.
    pub struct AccessLogEntry as "the access log" {
        /// The ARN of a log group or of a Firehose stream.
        optional destination("destination"): Spanned<String>,
        /// The line, with variables such as `$context.requestId`.
        optional format("format"): Spanned<String>,
    }
}

/// An object whose keys are names, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entries<T>(pub Vec<(Spanned<String>, Spanned<T>)>);

impl<T> Entries<T> {
    /// The entry of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        let entry = self.0.iter().find(|(known, _)| known.value == name);
        entry.map(|(_, value)| &value.value)
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<String>, &Spanned<T>)> {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl<T: Decode> Decode for Entries<T> {
    /// Entries that are wrong are reported and left out, and so are those that are null.
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let Value::Object(members) = &node.value else {
            found.push(wrong_type(node, "an object").with_help("put it in braces: `{ … }`"));
            return None;
        };
        let there = members.iter().filter(|member| member.node.value != Value::Null);
        let entries = there.filter_map(|member| {
            let name = Spanned::new(member.key.clone().into_owned(), member.key_span);
            Some((name, Spanned::decode(&member.node, found)?))
        });
        Some(Self(entries.collect()))
    }
}

/// What is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Errors.
    Error,
    /// Everything.
    Info,
}

impl LogLevel {
    /// The words of the file.
    pub const WORDS: [&'static str; 3] = ["OFF", "ERROR", "INFO"];

    /// As API Gateway spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

impl Decode for LogLevel {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let word = String::decode(node, found)?;
        match word.as_str() {
            "OFF" => Some(Self::Off),
            "ERROR" => Some(Self::Error),
            "INFO" => Some(Self::Info),
            _ => {
                found.push(unknown_word("log level", &word, &Self::WORDS, node.span));
                None
            }
        }
    }
}

impl Decode for f64 {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let number = match &node.value {
            Value::Number(text) => text.parse::<f64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite() && *number >= 0.0);
        if number.is_none() {
            found.push(wrong_type(node, "a number from 0 on").with_help("write it without quotes: `12.5`"));
        }
        number
    }
}

impl Decode for u32 {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let number = match &node.value {
            Value::Number(text) => text.parse::<u32>().ok(),
            _ => None,
        };
        if number.is_none() {
            found.push(wrong_type(node, "a whole number from 0 on").with_help("write it without quotes: `100`"));
        }
        number
    }
}
