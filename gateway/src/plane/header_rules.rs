//! What becomes of headers on their way, as recorded of AWS and as it says in
//! [important notes](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).

/// What stands before the name of a service's header whose own name the gateway has taken.
pub(super) const REMAPPED: &str = "x-amzn-Remapped-";

/// What becomes of a header of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Pass,
    /// Its value goes by the name `x-amzn-Remapped-` and its own.
    Remap,
    Drop,
}

/// What becomes of a header that a mapping sets on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mapped {
    Pass,
    Drop,
    /// Each call fails.
    Fail,
}

/// What is so about a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    name: &'static str,
    /// Whether the client's goes to a service behind `HTTP_PROXY`. The gateway sends some of its own instead.
    pub(super) is_proxied: bool,
    /// What becomes of it if a mapping sets it on the request.
    pub(super) mapped: Mapped,
    /// Whether `$input.params` tells it.
    pub(super) is_visible: bool,
    /// What becomes of it in an answer of a service behind `HTTP_PROXY`.
    pub(super) answered: Fate,
    /// What becomes of it if a mapping sets it on the answer.
    pub(super) mapped_answer: Fate,
}

/// What is so about every other header.
const OTHER: Rule = Rule {
    name: "",
    is_proxied: true,
    mapped: Mapped::Pass,
    is_visible: true,
    answered: Fate::Pass,
    mapped_answer: Fate::Pass,
};

const fn rule(
    name: &'static str,
    is_proxied: bool,
    mapped: Mapped,
    is_visible: bool,
    answered: Fate,
    mapped_answer: Fate,
) -> Rule {
    Rule {
        name,
        is_proxied,
        mapped,
        is_visible,
        answered,
        mapped_answer,
    }
}

/// The headers that are not like the others.
#[rustfmt::skip]
const RULES: [Rule; 28] = [
    //    name                       proxied mapped        visible answered     mapped answer
    rule("authorization",            true,  Mapped::Pass, true,  Fate::Remap, Fate::Remap),
    rule("connection",               false, Mapped::Drop, false, Fate::Remap, Fate::Remap),
    rule("content-encoding",         false, Mapped::Pass, true,  Fate::Pass,  Fate::Pass),
    rule("content-length",           false, Mapped::Fail, false, Fate::Remap, Fate::Remap),
    rule("content-md5",              false, Mapped::Pass, false, Fate::Remap, Fate::Remap),
    rule("date",                     true,  Mapped::Pass, true,  Fate::Remap, Fate::Remap),
    rule("expect",                   false, Mapped::Drop, false, Fate::Drop,  Fate::Remap),
    rule("host",                     false, Mapped::Pass, true,  Fate::Drop,  Fate::Remap),
    rule("keep-alive",               false, Mapped::Drop, true,  Fate::Drop,  Fate::Drop),
    rule("max-forwards",             false, Mapped::Pass, false, Fate::Remap, Fate::Remap),
    rule("proxy-authenticate",       false, Mapped::Drop, false, Fate::Drop,  Fate::Remap),
    rule("proxy-connection",         false, Mapped::Drop, true,  Fate::Drop,  Fate::Drop),
    rule("server",                   false, Mapped::Pass, false, Fate::Remap, Fate::Remap),
    rule("te",                       false, Mapped::Drop, false, Fate::Drop,  Fate::Pass),
    rule("trailer",                  false, Mapped::Pass, false, Fate::Drop,  Fate::Remap),
    rule("transfer-encoding",        false, Mapped::Fail, false, Fate::Drop,  Fate::Drop),
    rule("upgrade",                  false, Mapped::Pass, false, Fate::Drop,  Fate::Remap),
    rule("user-agent",               true,  Mapped::Pass, true,  Fate::Remap, Fate::Remap),
    rule("via",                      false, Mapped::Drop, true,  Fate::Drop,  Fate::Pass),
    rule("www-authenticate",         false, Mapped::Pass, false, Fate::Remap, Fate::Remap),
    rule("x-amzn-apigateway-api-id", false, Mapped::Fail, true,  Fate::Pass,  Fate::Pass),
    rule("x-amzn-requestid",         false, Mapped::Pass, true,  Fate::Remap, Fate::Remap),
    rule("x-amz-apigw-id",           false, Mapped::Pass, true,  Fate::Remap, Fate::Remap),
    rule("x-amzn-trace-id",          false, Mapped::Fail, true,  Fate::Pass,  Fate::Pass),
    rule("x-forwarded-for",          false, Mapped::Pass, true,  Fate::Pass,  Fate::Pass),
    rule("x-forwarded-port",         false, Mapped::Pass, true,  Fate::Pass,  Fate::Pass),
    rule("x-forwarded-proto",        false, Mapped::Pass, true,  Fate::Pass,  Fate::Pass),
    rule("x-http-method-override",   false, Mapped::Pass, true,  Fate::Pass,  Fate::Pass),
];

/// The rule for a header.
pub(super) fn of(name: &str) -> &'static Rule {
    let found = RULES.iter().find(|rule| rule.name.eq_ignore_ascii_case(name));
    found.unwrap_or(&OTHER)
}

/// The name that a header of an answer has for the client, if it has one.
pub(super) fn name_of(name: &str, fate: Fate) -> Option<String> {
    match fate {
        Fate::Pass => Some(name.to_owned()),
        Fate::Remap => Some(format!("{REMAPPED}{name}")),
        Fate::Drop => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_stands_once() {
        let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        assert!(names.iter().all(|name| *name == name.to_lowercase()));
    }

    #[test]
    fn names_are_compared_without_case() {
        assert_eq!(of("Content-Length").mapped, Mapped::Fail);
        assert_eq!(of("X-Other"), &OTHER);
        assert_eq!(
            name_of("Server", of("SERVER").answered).as_deref(),
            Some("x-amzn-Remapped-Server")
        );
    }
}
