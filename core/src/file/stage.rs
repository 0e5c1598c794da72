//! The settings of a stage, key by key.

use std::fmt;

use crate::decode::{Decode, named, one_of, record, wrong_type};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Spanned;
use crate::tree::{Node, Value};
use crate::words::words;

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
    pub struct ThrottlingEntry as "the throttling", short "rateLimit" {
        /// Requests a second, or `unlimited`.
        optional rate_limit("rateLimit"): Limit<f64>,
        /// Requests that may come at once, or `unlimited`.
        optional burst_limit("burstLimit"): Limit<u32>,
    }
}

record! {
    /// What API Gateway writes to CloudWatch. Logs need a role in the settings of the account.
    pub struct LoggingEntry as "the logging", short "level" {
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
    pub struct CacheEntry as "the cache", short "enabled" {
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
    pub struct AccessLogEntry as "the access log", short "destination" {
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
            Some((name, named(&member.key, &member.node, found)?))
        });
        Some(Self(entries.collect()))
    }
}

words! {
    /// What is logged, as API Gateway spells it.
    pub enum LogLevel {
        /// Nothing.
        Off = "OFF",
        /// Errors.
        Error = "ERROR",
        /// Everything.
        Info = "INFO",
    }
}

impl Decode for LogLevel {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let word = String::decode(node, found)?;
        one_of("log level", &word, Self::ALL, Self::as_str, node, found)
    }
}

/// A limit on requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit<T> {
    /// So many.
    Of(T),
    /// No limit of its own: that of the account holds.
    Unlimited,
}

impl<T> Limit<T> {
    /// The word of the file.
    pub const UNLIMITED: &'static str = "unlimited";
}

impl<T: fmt::Display> fmt::Display for Limit<T> {
    /// As API Gateway spells it: without a limit it is -1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Of(limit) => limit.fmt(f),
            Limit::Unlimited => f.write_str("-1"),
        }
    }
}

impl<T: Decode> Decode for Limit<T> {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            Value::String(word) if word == Self::UNLIMITED => Some(Self::Unlimited),
            Value::Number(number) if number.starts_with('-') => {
                found.push(
                    Diagnostic::new(Code::WrongType, "a limit is not negative")
                        .at(node.span)
                        .with_help(
                            "write `\"unlimited\"` for no limit but that of the account, or 0 to refuse all requests",
                        ),
                );
                None
            }
            _ => T::decode(node, found).map(Self::Of),
        }
    }
}

/// What is wrong with a number, if it is one.
fn wrong_number(node: &Node<'_>, expected: &str, example: &str) -> Diagnostic {
    let is_negative = matches!(&node.value, Value::Number(number) if number.starts_with('-'));
    let help = match &node.value {
        Value::Number(_) if is_negative => "leave the minus sign out".to_owned(),
        Value::Number(_) => format!("write it as `{example}`"),
        _ => format!("write it without quotes: `{example}`"),
    };
    let mut wrong = wrong_type(node, expected).with_help(help);
    if is_negative {
        wrong.message = format!("expected {expected}, found a negative number");
    }
    wrong
}

impl Decode for f64 {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let number = match &node.value {
            Value::Number(text) => text.parse::<f64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite() && *number >= 0.0);
        if number.is_none() {
            found.push(wrong_number(node, "a number from 0 on", "12.5"));
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
            found.push(wrong_number(node, "a whole number from 0 on", "100"));
        }
        number
    }
}
