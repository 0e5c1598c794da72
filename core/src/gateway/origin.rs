//! Which pages of other origins may call.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Facts, Key, short_digest};
use super::field::Field;
use super::route::{Segment, pattern};
use crate::blueprint::Verb;

/// Any origin.
const ANY: &str = "*";

/// Routes of paths that were there before, which pages of more origins may call afterwards, and of which origin.
#[must_use]
pub fn widened_origins(before: &Definition, after: &Definition) -> BTreeMap<Key, String> {
    let mut widened = BTreeMap::new();
    let there = Known::of(before);
    for (key, facts) in &after.routes {
        let Some(Before { facts: was, .. }) = there.route(key) else {
            continue;
        };
        let (was, is) = (origins(was), origins(facts));
        if !was.contains(ANY) && !is.is_subset(&was) {
            let new: Vec<&str> = is.difference(&was).map(String::as_str).collect();
            widened.insert(key.clone(), new.join(", "));
        }
    }
    widened
}

/// What of them protects less than before, in words: pages of an origin more, where some could call already or may send
/// credentials, credentials of pages that sent none, and headers that they could not send or see. That a path is opened to
/// pages at all is none of these.
#[must_use]
pub fn weakened_origins(before: &Definition, after: &Definition) -> Vec<String> {
    let mut found = Vec::new();
    let there = Known::of(before);
    let routes = after.routes.iter();
    let routes = routes.filter_map(|(key, facts)| Some((key.to_string(), there.route(key)?, facts)));
    let may = after.routes.values().filter(|facts| sends_credentials(facts));
    let may: BTreeSet<String> = may.flat_map(origins).collect();
    let responses = after.responses.iter().filter_map(|(kind, facts)| {
        let was = before.responses.get(kind);
        // A new one that lets those pages see a refusal that may call routes anyway, of which the above is asked.
        let is_asked = was.is_some() || !origins(facts).is_subset(&may);
        let was = Before {
            facts: was.unwrap_or(&NOTHING),
            has_verb: was.is_some(),
        };
        is_asked.then(|| (format!("the gateway response {kind}"), was, facts))
    });
    for (what, Before { facts: was, has_verb }, is) in routes.chain(responses) {
        let (then, now) = (origins(was), origins(is));
        let new: Vec<&str> = now.difference(&then).map(String::as_str).collect();
        let is_open = then.contains(ANY) || new.is_empty();
        if !is_open && (!then.is_empty() || sends_credentials(is)) {
            found.push(format!(
                "{what} may be called by pages of the origin {}",
                new.join(", ")
            ));
        } else if sends_credentials(is) && !sends_credentials(was) && !then.is_empty() {
            found.push(format!("{what} lets pages of other origins send credentials"));
        }
        for (header, may) in [(ALLOW_HEADERS, "send"), (EXPOSE_HEADERS, "see")] {
            let (had, has) = (words(was, header), words(is, header));
            let new: Vec<&str> = has.difference(&had).map(String::as_str).collect();
            if has_verb && !then.is_empty() && !had.contains(ANY) && !new.is_empty() {
                found.push(format!("{what} lets pages {may} the headers {}", new.join(", ")));
            }
        }
    }
    found
}

/// The routes that there are, by their paths whatever the parameters in them are called.
struct Known<'a>(BTreeMap<Vec<Segment<'a>>, BTreeMap<&'a str, &'a Facts>>);

impl<'a> Known<'a> {
    fn of(definition: &'a Definition) -> Self {
        let mut known: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (Key { path, verb }, facts) in &definition.routes {
            known.entry(pattern(path)).or_default().insert(verb.as_str(), facts);
        }
        Self(known)
    }

    /// What was so about a route; `None` when the path is new. Of a new verb the preflight of the path says which pages
    /// may call.
    fn route(&self, key: &Key) -> Option<Before<'a>> {
        let verbs = self.0.get(&pattern(&key.path))?;
        let own = verbs.get(key.verb.as_str()).or_else(|| verbs.get(Verb::Any.as_str()));
        let facts = own.or_else(|| verbs.get(Verb::Options.as_str()));
        Some(Before {
            facts: facts.copied().unwrap_or(&NOTHING),
            has_verb: own.is_some(),
        })
    }
}

/// What a route or an answer of the gateway is held against.
struct Before<'a> {
    facts: &'a Facts,
    /// Whether that are its own.
    has_verb: bool,
}

static NOTHING: Facts = Facts::new();

/// The words of a list that a header is set to, in small letters.
fn words(facts: &Facts, header: &str) -> BTreeSet<String> {
    let set = facts.iter().filter(|(field, _)| field.sets_header(header));
    let words = set.flat_map(|(_, value)| value.trim_matches('\'').split(','));
    let words = words.map(|word| word.trim().to_ascii_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}

/// The origins that answers name: each by itself, or those that a template holds the one against that asks.
fn origins(facts: &Facts) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (field, value) in facts {
        if field.sets_header(ALLOW_ORIGIN) {
            found.insert(value.trim_matches('\'').to_owned());
        } else if matches!(field, Field::AnswerTemplate(..))
            && let Some(last) = lower(value).rfind(&lower(ALLOW_ORIGIN))
        {
            // What is set stands before the body, which may have addresses of its own.
            let end = value[last..].find('\n').map_or(value.len(), |line| last + line);
            let set = &value[..end];
            let texts = set.split(['"', '\'']).skip(1).step_by(2);
            let named = texts.filter(|text| *text == ANY || text.contains("://") || text.starts_with('.'));
            let named: BTreeSet<String> = named.map(str::to_owned).collect();
            if named.is_empty() {
                // Any, perhaps: nobody but the template knows.
                found.insert(format!("that a template tells ({})", &short_digest(set)[..8]));
            }
            found.extend(named);
        }
    }
    found
}

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
const EXPOSE_HEADERS: &str = "Access-Control-Expose-Headers";

/// A text with names of headers in one case.
fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

fn sends_credentials(facts: &Facts) -> bool {
    facts.iter().any(|(field, value)| match field {
        Field::AnswerTemplate(..) => lower(value).contains(&lower(ALLOW_CREDENTIALS)),
        field => field.sets_header(ALLOW_CREDENTIALS) && value.trim_matches('\'').eq_ignore_ascii_case("true"),
    })
}

/// Whether answers let pages of any origin send credentials: browsers refuse it, and whoever widens the origin later
/// opens it to everybody.
fn opens_credentials(facts: &Facts) -> bool {
    sends_credentials(facts) && origins(facts).contains(ANY)
}

/// Routes and gateway responses that allow the origin `*` with credentials, and did not before.
#[must_use]
pub fn open_credentials(before: &Definition, after: &Definition) -> Vec<String> {
    let routes = after.routes.iter().filter(|(key, facts)| {
        let was = before.routes.get(key).is_some_and(opens_credentials);
        opens_credentials(facts) && !was
    });
    let responses = after.responses.iter().filter(|(kind, facts)| {
        let was = before.responses.get(*kind).is_some_and(opens_credentials);
        opens_credentials(facts) && !was
    });
    let responses = responses.map(|(kind, _)| format!("the gateway response {kind}"));
    routes.map(|(key, _)| key.to_string()).chain(responses).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::NONE;
    use crate::gateway::definition::tests::{Pairs, definition};

    const OPEN: Pairs<'_> = &[(Field::Authorization, NONE)];

    #[test]
    fn credentials_of_any_origin_are_found_on_routes_and_gateway_responses() {
        let answer = |header: &str| Field::Answer("200".into(), format!("method.response.header.{header}"));
        let open = [
            (answer("Access-Control-Allow-Origin"), "'*'"),
            (answer("access-control-allow-credentials"), "'true'"),
        ];
        let after = definition(&[("OPTIONS", "/a", &open), ("OPTIONS", "/b", &open[..1])]);
        assert_eq!(open_credentials(&Definition::default(), &after), ["OPTIONS /a"]);
        assert!(open_credentials(&after, &after).is_empty(), "it was so before");
        let header = |header: &str| Field::Header(format!("gatewayresponse.header.{header}"));
        let facts = [
            (header("Access-Control-Allow-Origin"), "'*'".to_owned()),
            (header("Access-Control-Allow-Credentials"), "'true'".to_owned()),
        ];
        let after = Definition {
            responses: BTreeMap::from([("DEFAULT_4XX".to_owned(), facts.into())]),
            ..Definition::default()
        };
        assert_eq!(
            open_credentials(&Definition::default(), &after),
            ["the gateway response DEFAULT_4XX"]
        );
    }

    #[test]
    fn an_origin_widens_from_one_or_none_to_any() {
        let header = "method.response.header.Access-Control-Allow-Origin";
        let origin = |value| [(Field::Answer("200".into(), header.into()), value)];
        let (any, one) = (origin("'*'"), origin("'https://a.example'"));
        let after = definition(&[("OPTIONS", "/a", &any)]);
        for (before, widens) in [
            (definition(&[("OPTIONS", "/a", &one)]), true),
            (definition(&[("GET", "/a", OPEN)]), true),
            (definition(&[("OPTIONS", "/a", &any)]), false),
            (Definition::default(), false),
        ] {
            assert_eq!(!widened_origins(&before, &after).is_empty(), widens, "{before:?}");
        }
    }

    #[test]
    fn an_origin_more_is_weaker_and_one_less_is_not() {
        let answer = |header: &str| {
            Field::Answer(
                "200".into(),
                format!("method.response.header.Access-Control-Allow-{header}"),
            )
        };
        let template = |origins: &[&str]| {
            let is_one: Vec<String> = origins.iter().map(|one| format!("$origin == \"{one}\"")).collect();
            let text = format!(
                "#set($origin = $input.params().header.get(\"Origin\"))\n\
                 #if({})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end",
                is_one.join(" || ")
            );
            (Field::AnswerTemplate("200".into(), "application/json".into()), text)
        };
        let of = |facts: &[(Field, String)]| Definition {
            routes: BTreeMap::from([(
                Key {
                    path: "/a".into(),
                    verb: "OPTIONS".into(),
                },
                facts.iter().cloned().collect(),
            )]),
            ..Definition::default()
        };
        let origin = |text: &str| (answer("Origin"), format!("'{text}'"));
        let credentials = (answer("Credentials"), "'true'".to_owned());
        let one = of(&[origin("https://a.example")]);
        for (before, after, told) in [
            (
                &one,
                of(&[origin("https://b.example")]),
                "OPTIONS /a may be called by pages of the origin https://b.example",
            ),
            (
                &one,
                of(&[origin("*")]),
                "OPTIONS /a may be called by pages of the origin *",
            ),
            (
                &one,
                of(&[template(&["https://a.example", "https://b.example"])]),
                "OPTIONS /a may be called by pages of the origin https://b.example",
            ),
            (
                &one,
                of(&[origin("https://a.example"), credentials.clone()]),
                "OPTIONS /a lets pages of other origins send credentials",
            ),
        ] {
            assert_eq!(weakened_origins(before, &after), [told]);
        }
        let many = of(&[template(&["https://a.example", "https://b.example"])]);
        for (before, after) in [
            (&many, &one),
            (&one, &one),
            (&of(&[origin("*")]), &one),
            (&of(&[]), &many),
        ] {
            assert_eq!(weakened_origins(before, after), [""; 0], "{after:?}");
        }
        // A path that pages could not call, and the cookies of their users with it.
        assert_eq!(
            weakened_origins(&of(&[]), &of(&[origin("https://a.example"), credentials])).len(),
            1
        );
        assert!(weakened_origins(&Definition::default(), &many).is_empty());
    }

    #[test]
    fn a_path_whose_parameter_has_another_name_is_the_same_path() {
        let of = |path: &str, origin: &str| {
            let header = Field::Answer("200".into(), format!("method.response.header.{ALLOW_ORIGIN}"));
            let key = Key {
                path: path.into(),
                verb: "OPTIONS".into(),
            };
            Definition {
                routes: [(key, Facts::from([(header, format!("'{origin}'"))]))].into(),
                ..Definition::default()
            }
        };
        let (before, after) = (of("/a/{id}", "https://a.example"), of("/a/{name}", "*"));
        let told = ["OPTIONS /a/{name} may be called by pages of the origin *"];
        assert_eq!(weakened_origins(&before, &after), told);
        assert_eq!(widened_origins(&before, &after).len(), 1);
        assert_eq!(weakened_origins(&before, &of("/b/{id}", "*")), [""; 0]);
    }

    #[test]
    fn headers_that_pages_may_send_or_see_besides_and_a_template_that_names_no_origin_are_told() {
        let field = |name: &str| Field::Answer("200".into(), format!("method.response.header.{name}"));
        let of = |pairs: &[(Field, &str)]| {
            let key = Key {
                path: "/a".into(),
                verb: "OPTIONS".into(),
            };
            let facts = pairs.iter().map(|(field, value)| (field.clone(), (*value).to_owned()));
            Definition {
                routes: [(key, facts.collect())].into(),
                ..Definition::default()
            }
        };
        let origin = (field(ALLOW_ORIGIN), "'https://a.example'");
        let with = |header: &str, value: &'static str| of(&[origin.clone(), (field(header), value)]);
        for (header, may) in [(ALLOW_HEADERS, "send"), (EXPOSE_HEADERS, "see")] {
            let (one, two) = (with(header, "'X-A'"), with(header, "'x-b,x-a'"));
            assert_eq!(
                weakened_origins(&one, &two),
                [format!("OPTIONS /a lets pages {may} the headers x-b")]
            );
            assert_eq!(weakened_origins(&two, &one), [""; 0]);
            assert_eq!(weakened_origins(&with(header, "'*'"), &two), [""; 0]);
            assert_eq!(weakened_origins(&of(&[]), &two), [""; 0]);
        }
        let template = Field::AnswerTemplate("200".into(), "application/json".into());
        let echo = "#set($context.responseOverride.header.Access-Control-Allow-Origin = $input.params().header.Origin)";
        let echoes = of(&[(template.clone(), echo)]);
        assert_eq!(weakened_origins(&of(std::slice::from_ref(&origin)), &echoes).len(), 1);
        assert_eq!(weakened_origins(&echoes, &echoes), [""; 0]);
        let ends = r#"#if($o.endsWith(".example"))#set($context.responseOverride.header.Access-Control-Allow-Origin = $o)#end"#;
        assert_eq!(weakened_origins(&of(&[origin]), &of(&[(template, ends)])).len(), 1);
    }

    #[test]
    fn an_address_in_the_body_of_an_answer_is_no_origin() {
        let of = |home: &str| {
            let text = format!(
                "#if($origin == \"https://a.example\")#set($context.responseOverride.header.{ALLOW_ORIGIN} = $origin)#end\n\
                 {{\"home\": \"{home}\"}}"
            );
            let facts = [(
                Field::AnswerTemplate("200".into(), "application/json".into()),
                text.as_str(),
            )];
            definition(&[("GET", "/a", &facts)])
        };
        let (before, after) = (of("https://b.example"), of("https://c.example"));
        assert_eq!(weakened_origins(&before, &after), Vec::<String>::new());
        assert!(widened_origins(&before, &after).is_empty());
    }

    #[test]
    fn a_template_names_headers_in_any_case() {
        let header = |name: &str| Field::Answer("200".into(), format!("method.response.header.{name}"));
        let template = Field::AnswerTemplate("200".into(), "application/json".into());
        let echo = |to: &str| format!("#set($context.responseOverride.header{to} = $input.params('Origin'))");
        let one = [(header(ALLOW_ORIGIN), "'https://a.example'")];
        for to in [".access-control-allow-origin", "['ACCESS-CONTROL-ALLOW-ORIGIN']"] {
            let text = echo(to);
            let after = definition(&[("OPTIONS", "/a", &[(template.clone(), text.as_str())])]);
            let before = definition(&[("OPTIONS", "/a", &one)]);
            assert_eq!(weakened_origins(&before, &after).len(), 1, "{to}");
            assert_eq!(widened_origins(&before, &after).len(), 1, "{to}");
        }
        let credentials = "#set($context.responseOverride.header.access-control-allow-credentials = 'true')";
        let with = [one[0].clone(), (template, credentials)];
        let told = ["OPTIONS /a lets pages of other origins send credentials"];
        let (before, after) = (
            definition(&[("OPTIONS", "/a", &one)]),
            definition(&[("OPTIONS", "/a", &with)]),
        );
        assert_eq!(weakened_origins(&before, &after), told);
    }

    /// An answer of the gateway for pages of an origin, which may send credentials.
    fn refusal(origin: &str) -> Facts {
        let header = |name: &str| Field::Header(format!("gatewayresponse.header.{name}"));
        Facts::from([
            (header(ALLOW_ORIGIN), origin.to_owned()),
            (header(ALLOW_CREDENTIALS), "'true'".to_owned()),
        ])
    }

    #[test]
    fn a_new_gateway_response_that_opens_refusals_to_pages_is_told_unless_these_may_call_routes() {
        let header = |name: &str| Field::Answer("200".into(), format!("method.response.header.{name}"));
        let allows = [
            (header(ALLOW_ORIGIN), "'https://a.example'"),
            (header(ALLOW_CREDENTIALS), "'true'"),
        ];
        let told = |routes: &[(&str, &str, Pairs<'_>)], origin| {
            let before = definition(&[("GET", "/a", OPEN)]);
            let mut after = definition(routes);
            after.responses.insert("DEFAULT_4XX".into(), refusal(origin));
            weakened_origins(&before, &after)
        };
        let routes: [(&str, &str, Pairs<'_>); 2] = [("GET", "/a", OPEN), ("OPTIONS", "/b", &allows)];
        let any = "method.request.header.Origin";
        let weaker = format!("the gateway response DEFAULT_4XX may be called by pages of the origin {any}");
        for routes in [&routes[..1], &routes] {
            assert_eq!(told(routes, any), [weaker.as_str()]);
        }
        assert_eq!(told(&routes, "'https://a.example'"), [""; 0]);
        assert_eq!(told(&routes[..1], "'https://a.example'").len(), 1);
    }

    #[test]
    fn a_new_verb_that_the_pages_of_its_path_may_call_opens_nothing() {
        let header = |name: &str| Field::Answer("200".into(), format!("method.response.header.{name}"));
        let allows = |origin: &'static str| {
            [
                (header(ALLOW_ORIGIN), origin),
                (header(ALLOW_CREDENTIALS), "'true'"),
                (header(EXPOSE_HEADERS), "'X-Total'"),
            ]
        };
        let of_a = allows("'https://a.example'");
        let before = definition(&[("OPTIONS", "/a/{id}", &of_a[..2])]);
        let with = |verb: &str, facts: Pairs<'_>| {
            let after = definition(&[("OPTIONS", "/a/{id}", &of_a[..2]), (verb, "/a/{name}", facts)]);
            (
                weakened_origins(&before, &after),
                widened_origins(&before, &after).len(),
            )
        };
        assert_eq!(with("POST", &of_a), (vec![], 0));
        let told = "POST /a/{name} may be called by pages of the origin https://b.example";
        assert_eq!(with("POST", &allows("'https://b.example'")), (vec![told.to_owned()], 1));
        // Where no page could call, one with credentials is more.
        let closed = definition(&[("GET", "/a", OPEN)]);
        let opened = definition(&[("GET", "/a", OPEN), ("POST", "/a", &of_a)]);
        assert_eq!(weakened_origins(&closed, &opened).len(), 1);
        // What answered the verb before is its own.
        let (any, get) = (definition(&[("ANY", "/a", &of_a)]), definition(&[("GET", "/a", &of_a)]));
        assert_eq!(weakened_origins(&any, &get), [""; 0]);
    }
}
