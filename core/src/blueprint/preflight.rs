//! What pages of other origins are told: in preflights, and in answers that the gateway gives itself.

use super::{Blueprint, Cors, Preflight, Verb};

pub(crate) const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
pub(crate) const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";

/// Request headers that clients of API Gateway need.
pub(crate) const USUAL_HEADERS: [&str; 5] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
];

impl Preflight {
    /// The headers of the answer, with their values. Where several origins may call, the first of them stands there, and
    /// the one that asks belongs in its place.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let methods: Vec<&str> = self.verbs.iter().copied().map(Verb::as_str).collect();
        let usual: &[&str] = if self.cors.usual_headers { &USUAL_HEADERS } else { &[] };
        // Those of the file are there once each.
        let own = self.allow_headers.iter().map(String::as_str);
        let own = own.filter(|header| !usual.iter().any(|usual| usual.eq_ignore_ascii_case(header)));
        let headers: Vec<&str> = usual.iter().copied().chain(own).collect();
        let origin = self.cors.origins.first().map_or("*", String::as_str);
        let mut values = vec![
            (ALLOW_ORIGIN, origin.to_owned()),
            ("Access-Control-Allow-Methods", methods.join(",")),
        ];
        if !headers.is_empty() {
            values.push(("Access-Control-Allow-Headers", headers.join(",")));
        }
        if self.cors.credentials {
            values.push((ALLOW_CREDENTIALS, "true".to_owned()));
        }
        if let Some(seconds) = self.cors.max_age {
            values.push(("Access-Control-Max-Age", seconds.to_string()));
        }
        if self.cors.origins.len() > 1 {
            values.push(("Vary", "Origin".to_owned()));
        }
        values
    }
}

impl Cors {
    /// The headers that let pages read an answer. The origin is that of all pages or the first one: where several may call,
    /// who sends the answer names the one that asks.
    #[must_use]
    pub fn answer_headers(&self) -> Vec<(&'static str, String)> {
        let origin = self.origins.first().map_or("*", String::as_str);
        let mut values = vec![(ALLOW_ORIGIN, origin.to_owned())];
        if self.credentials {
            values.push((ALLOW_CREDENTIALS, "true".to_owned()));
        }
        if !self.expose_headers.is_empty() {
            values.push(("Access-Control-Expose-Headers", self.expose_headers.join(",")));
        }
        if self.origins.len() > 1 {
            values.push(("Vary", "Origin".to_owned()));
        }
        values
    }

    /// A template that names the origin that asks, where several may call. It writes nothing. Names of headers come in any
    /// case
    /// ([overrides](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html)).
    pub(crate) fn origin_template(&self) -> Option<String> {
        let (_, [_, ..]) = self.origins.split_first()? else {
            return None;
        };
        let is_one: Vec<String> = self
            .origins
            .iter()
            .map(|origin| format!("$origin == \"{origin}\""))
            .collect();
        Some(format!(
            "#set($origin = $input.params().header.get(\"Origin\"))\n\
             #if(!$origin || $origin == \"\")#set($origin = $input.params().header.get(\"origin\"))#end\n\
             #if({})#set($context.responseOverride.header.{ALLOW_ORIGIN} = $origin)#end\n",
            is_one.join(" || ")
        ))
    }
}

impl Blueprint {
    /// The cross-origin access of all paths that have some.
    pub(crate) fn all_cors(&self) -> Vec<&Cors> {
        let of_routes = self.routes.iter().filter_map(|route| route.cors.as_deref());
        let of_preflights = self.preflights.iter().map(|preflight| &*preflight.cors);
        let mut all: Vec<&Cors> = of_routes.chain(of_preflights).collect();
        all.dedup_by(|one, other| std::ptr::eq(*one, *other));
        all
    }

    /// Whose origin the gateway names in its own refusals, which look at no request: that of all pages, or the only one.
    pub(crate) fn cors_of_refusals(&self) -> Option<&Cors> {
        let all = self.all_cors();
        let first = *all.first()?;
        let any = all.iter().copied().find(|cors| cors.origins.is_empty());
        let is_one = first.origins.len() == 1 && all.iter().all(|cors| cors.origins == first.origins);
        any.or(is_one.then_some(first))
    }
}
