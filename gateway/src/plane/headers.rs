//! Headers of requests and answers.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::encoding::is_header_value;
use super::header_rules::{self, Fate, REMAPPED, Rule};

/// Headers in their order. Names are compared without case. Clones share them until one is changed.
///
/// Those that come from a [`HeaderMap`] and go into another one are not copied on their way.
#[derive(Clone, Default)]
pub struct Headers(Arc<Vec<Line>>);

/// A name and a value.
#[derive(Debug, Clone)]
pub(super) struct Line {
    name: Name,
    value: HeaderText,
}

#[derive(Debug, Clone)]
enum Name {
    Known(&'static Known),
    /// The value of a known name, by another one.
    Remapped(&'static Known),
    Sent(HeaderName),
    Other(String),
}

/// The value of a header. What cannot be sent can be looked at, and is left out where headers are sent.
#[derive(Debug, Clone)]
pub struct HeaderText(Text);

#[derive(Debug, Clone)]
enum Text {
    /// It is UTF-8.
    Sent(HeaderValue),
    Other(String),
}

/// A name that arrives in one spelling, whatever the client's was.
#[derive(Debug)]
pub(super) struct Known {
    spelt: &'static str,
    name: HeaderName,
    rule: OnceLock<&'static Rule>,
    remapped: OnceLock<(String, HeaderName)>,
}

const fn known(spelt: &'static str, name: HeaderName) -> Known {
    Known {
        spelt,
        name,
        rule: OnceLock::new(),
        remapped: OnceLock::new(),
    }
}

/// One that needs no name of its own here.
macro_rules! other {
    ($spelt:literal, $name:expr) => {{
        static OTHER: Known = known($spelt, $name);
        &OTHER
    }};
}

pub(super) static ACCEPT: Known = known("Accept", header::ACCEPT);
pub(super) static API_ID: Known = known(
    "X-Amzn-Apigateway-Api-Id",
    HeaderName::from_static("x-amzn-apigateway-api-id"),
);
pub(super) static CONTENT_LENGTH: Known = known("Content-Length", header::CONTENT_LENGTH);
pub(super) static CONTENT_TYPE: Known = known("Content-Type", header::CONTENT_TYPE);
pub(super) static ERROR_TYPE: Known = known("x-amzn-ErrorType", HeaderName::from_static("x-amzn-errortype"));
pub(super) static EXTENDED_ID: Known = known("x-amz-apigw-id", HeaderName::from_static("x-amz-apigw-id"));
pub(super) static FORWARDED_FOR: Known = known("X-Forwarded-For", HeaderName::from_static("x-forwarded-for"));
pub(super) static FORWARDED_PORT: Known = known("X-Forwarded-Port", HeaderName::from_static("x-forwarded-port"));
pub(super) static FORWARDED_PROTO: Known = known("X-Forwarded-Proto", HeaderName::from_static("x-forwarded-proto"));
pub(super) static HOST: Known = known("Host", header::HOST);
pub(super) static REQUEST_ID: Known = known("x-amzn-RequestId", HeaderName::from_static("x-amzn-requestid"));
pub(super) static TRACE_ID: Known = known("X-Amzn-Trace-Id", HeaderName::from_static("x-amzn-trace-id"));
pub(super) static USER_AGENT: Known = known("User-Agent", header::USER_AGENT);

/// As recorded of AWS, and those that the gateway writes itself. Other names keep the spelling that they came in.
static KNOWN: [&Known; 35] = [
    &ACCEPT,
    &API_ID,
    &CONTENT_LENGTH,
    &CONTENT_TYPE,
    &ERROR_TYPE,
    &EXTENDED_ID,
    &FORWARDED_FOR,
    &FORWARDED_PORT,
    &FORWARDED_PROTO,
    &HOST,
    &REQUEST_ID,
    &TRACE_ID,
    &USER_AGENT,
    other!("Accept-Charset", header::ACCEPT_CHARSET),
    other!("Accept-Encoding", header::ACCEPT_ENCODING),
    other!("Accept-Language", header::ACCEPT_LANGUAGE),
    other!("Age", header::AGE),
    other!("Authorization", header::AUTHORIZATION),
    other!("Cache-Control", header::CACHE_CONTROL),
    other!("Connection", header::CONNECTION),
    other!("Content-Encoding", header::CONTENT_ENCODING),
    other!("Content-MD5", HeaderName::from_static("content-md5")),
    other!("Cookie", header::COOKIE),
    other!("Date", header::DATE),
    other!("If-Match", header::IF_MATCH),
    other!("If-Modified-Since", header::IF_MODIFIED_SINCE),
    other!("If-None-Match", header::IF_NONE_MATCH),
    other!("Pragma", header::PRAGMA),
    other!("Range", header::RANGE),
    other!("Referer", header::REFERER),
    other!("Server", header::SERVER),
    other!("Via", header::VIA),
    other!("X-Amz-Date", HeaderName::from_static("x-amz-date")),
    other!("X-Amz-Security-Token", HeaderName::from_static("x-amz-security-token")),
    other!("X-Api-Key", HeaderName::from_static("x-api-key")),
];

/// Whether a name arrives in one spelling, whatever the client's was.
pub(crate) fn is_known_header(name: &HeaderName) -> bool {
    KNOWN.iter().any(|known| known.name == name)
}

impl Headers {
    /// The last value of a name: what API Gateway reads of a header that was sent more than once.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().rev().find(|line| line.is(name));
        named.map(Line::value)
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |line| line.is(name)).map(Line::value)
    }

    /// Adds a value.
    pub fn add(&mut self, name: impl AsRef<str> + Into<String>, value: impl Into<HeaderText>) {
        let line = Line {
            name: Name::of(name),
            value: value.into(),
        };
        Arc::make_mut(&mut self.0).push(line);
    }

    /// Sets the one value of a name.
    pub fn set(&mut self, name: impl AsRef<str> + Into<String>, value: impl Into<HeaderText>) {
        self.remove(name.as_ref());
        self.add(name, value);
    }

    /// Removes a name.
    pub fn remove(&mut self, name: &str) {
        if self.get(name).is_some() {
            Arc::make_mut(&mut self.0).retain(|line| !line.is(name));
        }
    }

    /// Has a name spelt in another way.
    pub(crate) fn spell(&mut self, name: &HeaderName, spelt: &str) {
        for line in Arc::make_mut(&mut self.0) {
            if matches!(&line.name, Name::Sent(sent) if sent == name) {
                line.name = Name::Other(spelt.to_owned());
            }
        }
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|line| (line.name(), line.value()))
    }

    /// The same, to be passed on.
    pub(super) fn lines(&self) -> std::slice::Iter<'_, Line> {
        self.0.iter()
    }

    /// Sets the one value of a known name.
    pub(super) fn write(&mut self, name: &'static Known, value: impl Into<HeaderText>) {
        self.remove(name.spelt);
        Arc::make_mut(&mut self.0).push(Line::of(name, value));
    }
}

impl From<Vec<Line>> for Headers {
    fn from(lines: Vec<Line>) -> Self {
        Self(Arc::new(lines))
    }
}

impl Known {
    /// What an answer calls the service's value of it.
    fn remapped(&self) -> &(String, HeaderName) {
        self.remapped.get_or_init(|| {
            let spelt = format!("{REMAPPED}{}", self.spelt);
            let name = HeaderName::from_bytes(spelt.as_bytes());
            (spelt, name.unwrap_or_else(|_| unreachable!("it is made of two names")))
        })
    }
}

impl Line {
    pub(super) fn of(name: &'static Known, value: impl Into<HeaderText>) -> Self {
        Self {
            name: Name::Known(name),
            value: value.into(),
        }
    }

    /// What is so about its name.
    pub(super) fn rule(&self) -> &'static Rule {
        match &self.name {
            Name::Known(known) => known.rule.get_or_init(|| header_rules::of(known.spelt)),
            name => header_rules::of(name.as_str()),
        }
    }

    /// What a client sees of it in an answer.
    pub(super) fn fated(&self, fate: Fate) -> Option<Self> {
        let name = match (fate, &self.name) {
            (Fate::Pass, name) => name.clone(),
            (Fate::Remap, Name::Known(known)) => Name::Remapped(known),
            (fate, name) => Name::Other(header_rules::name_of(name.as_str(), fate)?),
        };
        let value = self.value.clone();
        Some(Self { name, value })
    }

    pub(super) fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn value(&self) -> &str {
        self.value.as_str()
    }

    /// Whether that is its name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }
}

impl Name {
    /// As it is spelt.
    fn of(name: impl AsRef<str> + Into<String>) -> Self {
        let spelt = name.as_ref();
        let known = KNOWN.iter().find(|known| known.spelt == spelt);
        known.map_or_else(|| Self::Other(name.into()), |known| Self::Known(known))
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Known(known) => known.spelt,
            Self::Remapped(known) => &known.remapped().0,
            Self::Sent(name) => name.as_str(),
            Self::Other(name) => name,
        }
    }
}

impl HeaderText {
    /// Of a text that can be sent.
    pub(super) const fn fixed(text: &'static str) -> Self {
        Self(Text::Sent(HeaderValue::from_static(text)))
    }

    fn as_str(&self) -> &str {
        match &self.0 {
            Text::Sent(value) => std::str::from_utf8(value.as_bytes()).unwrap_or_default(),
            Text::Other(text) => text,
        }
    }
}

impl From<&str> for HeaderText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for HeaderText {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for HeaderText {
    fn from(text: String) -> Self {
        if !is_header_value(&text) {
            return Self(Text::Other(text));
        }
        HeaderValue::try_from(text).map_or_else(|_| Self(Text::Other(String::new())), |value| Self(Text::Sent(value)))
    }
}

impl From<HeaderValue> for HeaderText {
    /// What is no UTF-8 is replaced.
    fn from(value: HeaderValue) -> Self {
        match String::from_utf8_lossy(value.as_bytes()) {
            Cow::Owned(text) => text.into(),
            Cow::Borrowed(_) => Self(Text::Sent(value)),
        }
    }
}

impl<N: AsRef<str> + Into<String>, V: Into<HeaderText>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        let mut made = Self::default();
        headers.into_iter().for_each(|(name, value)| made.add(name, value));
        made
    }
}

impl From<HeaderMap> for Headers {
    /// With the names as API Gateway spells them.
    fn from(mut map: HeaderMap) -> Self {
        let mut lines: Vec<Line> = Vec::with_capacity(map.len());
        for (name, value) in map.drain() {
            let name = match (name, lines.last()) {
                (Some(name), _) => match KNOWN.iter().find(|known| known.name == name) {
                    Some(known) => Name::Known(known),
                    None => Name::Sent(name),
                },
                // Another value of the same name.
                (None, Some(line)) => line.name.clone(),
                (None, None) => unreachable!("the first value has a name"),
            };
            let value = value.into();
            lines.push(Line { name, value });
        }
        spare::give(map);
        Self(Arc::new(lines))
    }
}

/// Maps without entries that keep their room: a request needs three, and their room is more than allocators have at hand.
mod spare {
    use std::cell::RefCell;

    use http::HeaderMap;

    /// How many a thread keeps.
    const KEPT: usize = 8;

    /// How much room one has at most.
    const LARGEST: usize = 64;

    thread_local! {
        static SPARE: RefCell<Vec<HeaderMap>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn give(mut map: HeaderMap) {
        map.clear();
        SPARE.with_borrow_mut(|spare| {
            if spare.len() < KEPT && (1..=LARGEST).contains(&map.capacity()) {
                spare.push(map);
            }
        });
    }

    pub(super) fn take(entries: usize) -> HeaderMap {
        let mut map = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        map.reserve(entries);
        map
    }
}

impl From<Headers> for HeaderMap {
    /// What of them can be sent.
    fn from(headers: Headers) -> Self {
        let mut map = spare::take(headers.0.len() + 1);
        for Line { name, value } in Arc::unwrap_or_clone(headers.0) {
            let name = match name {
                Name::Known(known) => Some(known.name.clone()),
                Name::Remapped(known) => Some(known.remapped().1.clone()),
                Name::Sent(name) => Some(name),
                Name::Other(name) => HeaderName::from_bytes(name.as_bytes()).ok(),
            };
            if let (Some(name), HeaderText(Text::Sent(value))) = (name, value) {
                map.append(name, value);
            }
        }
        map
    }
}

impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Headers {}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_spelt_as_aws_spells_them_and_others_as_they_came() {
        for Known { spelt, name, .. } in KNOWN {
            assert_eq!(spelt.to_lowercase(), name.as_str());
        }
        let mut sent = HeaderMap::new();
        for name in ["user-agent", "x-api-key", "x-other"] {
            sent.insert(HeaderName::from_static(name), HeaderValue::from_static("v"));
        }
        let headers = Headers::from(sent);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["User-Agent", "X-Api-Key", "x-other"]);
        let lines = headers.lines().filter_map(|line| line.fated(Fate::Remap));
        let remapped = Headers::from(lines.collect::<Vec<_>>());
        let names: Vec<&str> = remapped.iter().map(|(name, _)| name).collect();
        let expected = [
            "x-amzn-Remapped-User-Agent",
            "x-amzn-Remapped-X-Api-Key",
            "x-amzn-Remapped-x-other",
        ];
        assert_eq!(names, expected);
        assert_eq!(HeaderMap::from(remapped).len(), 3);
        let made = Headers::from_iter([("tEsT-HEADeR", "v")]);
        assert_eq!(made.iter().next(), Some(("tEsT-HEADeR", "v")));
    }

    #[test]
    fn what_cannot_be_sent_can_be_looked_at_and_is_left_out() {
        let headers = Headers::from_iter([("A", "1"), ("B", "line\nend"), ("no name", "2"), ("a", "3")]);
        assert_eq!(headers.get("b"), Some("line\nend"));
        let sent = HeaderMap::from(headers);
        assert_eq!(sent.len(), 2);
        assert_eq!(sent.get_all("a").iter().collect::<Vec<_>>(), ["1", "3"]);
    }

    #[test]
    fn values_of_one_name_stay_beside_each_other_and_maps_are_used_again() {
        for round in 0..20 {
            let mut sent = HeaderMap::new();
            for (name, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
                sent.append(name, HeaderValue::from_static(value));
            }
            let headers = Headers::from(sent);
            let lines: Vec<(&str, &str)> = headers.iter().collect();
            assert_eq!(lines, [("a", "1"), ("a", "3"), ("b", "2")], "{round}");
            let again = HeaderMap::from(headers);
            assert_eq!((again.len(), again.get("b").unwrap().to_str().unwrap()), (3, "2"));
            assert_eq!(Headers::from(again).iter().count(), 3);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let mut sent = HeaderMap::new();
        sent.insert("a", HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(Headers::from(sent).get("A"), Some("\u{fffd}"));
    }
}
