//! Which answers a cache gives to callers that they were not made for
//! ([caching](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html)). API Gateway asks who
//! calls before it looks into the cache, and keeps an answer by the path and the keys of the cache alone: no proof of a caller
//! is a key unless it is declared as one.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Facts, Key, NONE};
use super::exposure::{is_public, successors};
use super::field::Field;
use super::import::API_KEY;
use super::route::segments;
use super::weakening::one_case;

/// What becomes of answers, in words: those of a route are given to others than the caller that they were made for and were
/// not before, since the cache has no key for who calls any more, or since they are kept now. `keeps` says of both whether
/// answers of a route are kept.
///
/// A route that everybody may call, and one that takes no request of another one, is none of them.
///
/// ```
/// use bluegate_core::gateway::{Access, Definition, Key, shared_answers};
///
/// let access = Access { authorization: Some("AWS_IAM".into()), ..Access::default() };
/// let shop = Definition::of_access(&[("/a".to_owned(), [("GET".to_owned(), access)].into())].into());
/// assert_eq!(shared_answers((&shop, &|_: &Key| false), (&shop, &|_: &Key| true)).len(), 1);
/// assert!(shared_answers((&shop, &|_: &Key| true), (&shop, &|_: &Key| true)).is_empty());
/// ```
#[must_use]
pub fn shared_answers(
    (before, kept): (&Definition, &dyn Fn(&Key) -> bool),
    (after, keeps): (&Definition, &dyn Fn(&Key) -> bool),
) -> Vec<String> {
    let mut found = BTreeSet::new();
    let has_keys = |facts: &Facts| facts.keys().any(|field| matches!(field, Field::CacheKey(_)));
    let may_matter = |was: &Facts, is: &Facts| has_keys(was) || !unasked(after, is).is_empty();
    for (old, new) in successors(before, after, may_matter) {
        if !keeps(new) {
            continue;
        }
        let (was, is) = (&before.routes[old], &after.routes[new]);
        let lost = lost_keys((old, was), (new, is)).into_iter();
        found.extend(
            lost.map(|key| format!("the cache of the stage no longer tells answers of {new} apart by its {key}")),
        );
        let was_shared = kept(old) && !unasked(before, was).is_empty();
        let missing = unasked(after, is);
        if !is_public(was) && !was_shared && !missing.is_empty() {
            let missing = missing.join(", ");
            found.insert(format!(
                "the cache of the stage gives answers of {new} to other callers than those that they are for: it has no key {missing}"
            ));
        }
    }
    found.extend(shared_with_others((before, kept), (after, keeps)));
    found.into_iter().collect()
}

/// Answers of routes that are kept in one place with those of a route that asks less, and were not before.
fn shared_with_others(
    (before, kept): (&Definition, &dyn Fn(&Key) -> bool),
    (after, keeps): (&Definition, &dyn Fn(&Key) -> bool),
) -> Vec<String> {
    let (was, is) = (Places::of(before, kept), Places::of(after, keeps));
    let mut takes: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
    for (old, new) in successors(before, after, |_, facts| facts.contains_key(&Field::CacheNamespace)) {
        takes.entry(new).or_default().push(old);
    }
    let of = |key: &Key| takes.get(key).map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for key in takes.keys() {
        // What everybody was given before is no secret now.
        let closed: Vec<&Key> = of(key)
            .iter()
            .copied()
            .filter(|old| !is_public(&before.routes[*old]))
            .collect();
        let gives = |old: &Key, with: &Key| of(with).iter().any(|other| was.gives(old, other));
        let mut new = is
            .beside(key)
            .filter(|with| is.gives(key, with) && closed.iter().any(|old| !gives(old, with)));
        if let Some(with) = new.next() {
            found.push(match new.count() {
                0 => format!("the cache of the stage gives answers of {key} to callers of {with}, which asks less"),
                more => format!(
                    "the cache of the stage gives answers of {key} to callers of {with} and {more} more, which ask less"
                ),
            });
        }
    }
    found
}

/// The keys by which a route told answers apart, and another one does not.
fn lost_keys<'a>((old, was): (&Key, &'a Facts), (new, is): (&Key, &Facts)) -> Vec<&'a Field> {
    let keys: BTreeSet<String> = is.keys().filter_map(|field| place(new, field)).collect();
    let is_lost = |field: &&Field| place(old, field).is_some_and(|place| !keys.contains(&place));
    was.keys().filter(is_lost).collect()
}

/// What of a request a key of the cache is, whatever the parameter of the path is called and however a header is spelt.
fn place(route: &Key, field: &Field) -> Option<String> {
    let Field::CacheKey(name) = field else { return None };
    let Some(parameter) = name.strip_prefix("method.request.path.") else {
        return Some(one_case(name));
    };
    let is_it = |segment: &str| segment.trim_matches(['{', '+', '}']) == parameter;
    Some(match segments(&route.path).position(is_it) {
        Some(at) => format!("path {at}"),
        None => name.clone(),
    })
}

/// Where callers prove who they are, and which the cache of a route does not look at.
fn unasked(definition: &Definition, facts: &Facts) -> Vec<String> {
    // The gateway answers every caller alike.
    if is_public(facts) || facts.get(&Field::Integration).is_some_and(|kind| kind == "MOCK") {
        return Vec::new();
    }
    let keys: Vec<&str> = facts
        .keys()
        .filter_map(|field| match field {
            Field::CacheKey(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    // A key may be what the service is told.
    let told = |key: &str| facts.get(&Field::Parameter(key.to_owned())).map_or("", String::as_str);
    if keys.iter().any(|key| identifies(facts, told(key))) {
        return Vec::new();
    }
    let asked: BTreeSet<String> = keys
        .iter()
        .flat_map(|key| [one_case(key), one_case(told(key))])
        .collect();
    let mut missing = proofs(definition, facts);
    missing.retain(|source| !asked.contains(&one_case(source)));
    missing
}

/// Whether a value of the context tells callers of a route apart: `userAgent` and `sourceIp` do not, and neither does what the
/// context has nothing of where callers prove who they are in another way
/// ([variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html)).
fn identifies(facts: &Facts, told: &str) -> bool {
    let identity = told.strip_prefix("context.identity.").unwrap_or_default();
    match facts.get(&Field::Authorization).map_or(NONE, String::as_str) {
        NONE => ["apiKey", "apiKeyId"].contains(&identity),
        "AWS_IAM" => ["accessKey", "caller", "cognitoIdentityId", "user", "userArn"].contains(&identity),
        _ => told.starts_with("context.authorizer."),
    }
}

/// Where callers of a route prove who they are.
fn proofs(definition: &Definition, facts: &Facts) -> Vec<String> {
    let header = |name: &str| vec![format!("method.request.header.{name}")];
    if facts.get(&Field::Authorization).is_none_or(|kind| kind == NONE) {
        return header(API_KEY);
    }
    let authorizer = facts
        .get(&Field::Authorizer)
        .and_then(|name| definition.authorizers.get(name));
    let sources = authorizer.and_then(|facts| facts.get(&Field::IdentitySource));
    let sources = sources.map_or("", String::as_str).split([',', ' ']);
    let sources: Vec<String> = sources
        .filter(|source| source.starts_with("method.request."))
        .map(str::to_owned)
        .collect();
    match sources.is_empty() {
        true => header("Authorization"),
        false => sources,
    }
}

/// Where answers are kept together: those of one namespace and verb.
#[derive(Default)]
struct Places<'a> {
    members: BTreeMap<(&'a String, &'a str), Vec<&'a Key>>,
    routes: BTreeMap<&'a Key, ((&'a String, &'a str), [bool; 3])>,
}

impl<'a> Places<'a> {
    fn of(definition: &'a Definition, keeps: &dyn Fn(&Key) -> bool) -> Self {
        let mut places = Self::default();
        for (key, facts) in definition.routes.iter().filter(|(key, _)| keeps(key)) {
            let Some(space) = facts.get(&Field::CacheNamespace) else {
                continue;
            };
            let place = (space, key.verb.as_str());
            let asked = [Field::Authorization, Field::Authorizer, Field::ApiKey];
            let asked = asked.map(|field| facts.get(&field).is_some_and(|value| value != NONE));
            places.members.entry(place).or_default().push(key);
            places.routes.insert(key, (place, asked));
        }
        places
    }

    /// The routes whose answers are kept where those of a route are.
    fn beside(&self, key: &Key) -> impl Iterator<Item = &'a Key> {
        let place = self.routes.get(key).map(|(place, _)| place);
        place
            .and_then(|place| self.members.get(place))
            .into_iter()
            .flatten()
            .copied()
    }

    /// Whether callers of another route, which asks less, are given answers of a route.
    fn gives(&self, key: &Key, with: &Key) -> bool {
        let (Some((place, asked)), Some((other, less))) = (self.routes.get(key), self.routes.get(with)) else {
            return false;
        };
        place == other && asked.iter().zip(less).any(|(asked, other)| *asked && !other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pairs: &[(Field, &str)]) -> Facts {
        pairs
            .iter()
            .map(|(field, value)| (field.clone(), (*value).to_owned()))
            .collect()
    }

    fn api(routes: &[(&str, Facts)]) -> Definition {
        let routes = routes.iter().map(|(path, facts)| {
            let key = Key {
                path: (*path).to_owned(),
                verb: "GET".to_owned(),
            };
            (key, facts.clone())
        });
        let sources = "method.request.header.X-Token,method.request.querystring.t,context.identity.sourceIp";
        Definition {
            routes: routes.collect(),
            authorizers: [("asks".to_owned(), facts(&[(Field::IdentitySource, sources)]))].into(),
            ..Definition::default()
        }
    }

    fn told(before: &Definition, kept: bool, after: &Definition, keeps: bool) -> Vec<String> {
        shared_answers((before, &|_: &Key| kept), (after, &|_: &Key| keeps))
    }

    fn key(name: &str) -> (Field, &'static str) {
        (Field::CacheKey(name.to_owned()), "yes")
    }

    #[test]
    fn answers_that_are_kept_from_now_on_need_a_key_for_who_calls() {
        let iam = (Field::Authorization, "AWS_IAM");
        let custom = [(Field::Authorization, "CUSTOM"), (Field::Authorizer, "asks")];
        let with = |more: &[(Field, &'static str)], asks: &[(Field, &'static str)]| facts(&[asks, more].concat());
        let told_as = |value: &'static str| {
            let name = "integration.request.header.X";
            [key(name), (Field::Parameter(name.into()), value)]
        };
        let by_mapping = told_as("context.authorizer.principalId");
        for (route, missing) in [
            (
                facts(std::slice::from_ref(&iam)),
                Some("method.request.header.Authorization"),
            ),
            (
                facts(&[iam.clone(), key("method.request.querystring.page")]),
                Some("method.request.header.Authorization"),
            ),
            (facts(&[iam.clone(), key("method.request.header.authorization")]), None),
            (
                facts(&[(Field::ApiKey, "required")]),
                Some("method.request.header.x-api-key"),
            ),
            (
                facts(&[(Field::ApiKey, "required"), key("method.request.header.X-Api-Key")]),
                None,
            ),
            (
                with(&[], &custom),
                Some("method.request.header.X-Token, method.request.querystring.t"),
            ),
            (
                with(&[key("method.request.header.X-Token")], &custom),
                Some("method.request.querystring.t"),
            ),
            (
                with(
                    &[
                        key("method.request.header.x-token"),
                        key("method.request.querystring.t"),
                    ],
                    &custom,
                ),
                None,
            ),
            (with(&by_mapping, &custom), None),
            (
                with(&told_as("context.identity.userAgent"), &custom),
                Some("method.request.header.X-Token, method.request.querystring.t"),
            ),
            (
                with(&told_as("context.identity.apiKeyId"), std::slice::from_ref(&iam)),
                Some("method.request.header.Authorization"),
            ),
            (
                with(&told_as("context.identity.userArn"), std::slice::from_ref(&iam)),
                None,
            ),
            (
                with(&told_as("context.identity.sourceIp"), &[(Field::ApiKey, "required")]),
                Some("method.request.header.x-api-key"),
            ),
            (
                with(&told_as("context.identity.apiKeyId"), &[(Field::ApiKey, "required")]),
                None,
            ),
            (facts(&[(Field::Authorization, NONE)]), None),
            (facts(&[iam, (Field::Integration, "MOCK")]), None),
        ] {
            let api = api(&[("/a", route)]);
            let expected = missing.map(|missing| {
                format!(
                    "the cache of the stage gives answers of GET /a to other callers than those that they are for: it has \
                     no key {missing}"
                )
            });
            assert_eq!(told(&api, false, &api, true), expected.into_iter().collect::<Vec<_>>());
            for (kept, keeps) in [(true, true), (true, false), (false, false)] {
                assert_eq!(told(&api, kept, &api, keeps), [""; 0]);
            }
        }
    }

    #[test]
    fn a_key_that_goes_and_a_route_that_asks_from_now_on_are_told_apart() {
        let iam = (Field::Authorization, "AWS_IAM");
        let bare = api(&[("/a", facts(std::slice::from_ref(&iam)))]);
        let page = api(&[("/a", facts(&[iam, key("method.request.querystring.page")]))]);
        let lost = "the cache of the stage no longer tells answers of GET /a apart by its cache key method.request.querystring.page";
        assert_eq!(told(&page, true, &bare, true), [lost]);
        assert_eq!(told(&bare, true, &page, true), [""; 0]);
        // The same under another name.
        let id = api(&[(
            "/a/{id}",
            facts(&[key("method.request.path.id"), key("method.request.header.X-A")]),
        )]);
        let number = api(&[(
            "/a/{number}",
            facts(&[key("method.request.path.number"), key("method.request.header.x-a")]),
        )]);
        assert_eq!(told(&id, true, &number, true), [""; 0]);
        let other = api(&[("/a/{number}", facts(&[key("method.request.header.x-a")]))]);
        assert_eq!(told(&id, true, &other, true).len(), 1);
        // What everybody was given before is no secret now, and a new route takes nobody's requests.
        let open = api(&[("/a", facts(&[(Field::Authorization, NONE)]))]);
        assert_eq!(told(&open, true, &bare, true), [""; 0]);
        assert_eq!(told(&Definition::default(), true, &bare, true), [""; 0]);
    }

    #[test]
    fn answers_that_are_kept_beside_those_of_a_route_that_asks_less_are_told() {
        let space = (Field::CacheNamespace, "one");
        let token = key("method.request.header.Authorization");
        let closed = [(Field::Authorization, "AWS_IAM"), token];
        let open = [(Field::Authorization, NONE), space.clone()];
        let apart = api(&[("/a", facts(&closed)), ("/b", facts(&open))]);
        let together = api(&[("/a", facts(&[&closed[..], &[space]].concat())), ("/b", facts(&open))]);
        let lost = "the cache of the stage gives answers of GET /a to callers of GET /b, which asks less";
        assert_eq!(told(&apart, true, &together, true), [lost]);
        assert_eq!(told(&together, true, &together, true), [""; 0]);
        assert_eq!(told(&together, true, &apart, true), [""; 0]);
        assert_eq!(told(&apart, true, &together, false), [""; 0]);
        assert_eq!(told(&together, false, &together, true), [lost]);
        // What everybody was given before is no secret now, and a new route takes nobody's requests.
        let all_open = api(&[("/a", facts(&open)), ("/b", facts(&open))]);
        assert_eq!(told(&all_open, true, &together, true), [""; 0]);
        let b = api(&[("/b", facts(&open))]);
        assert_eq!(told(&b, true, &together, true), [""; 0]);
    }

    #[test]
    fn a_route_under_another_name_is_held_against_the_one_whose_requests_it_takes() {
        let space = (Field::CacheNamespace, "one");
        let closed = [
            (Field::Authorization, "AWS_IAM"),
            key("method.request.header.Authorization"),
        ];
        let inside = facts(&[&closed[..], std::slice::from_ref(&space)].concat());
        let open = facts(&[(Field::Authorization, NONE), space]);
        let with = |path: &str, facts: Facts, other: &str| api(&[(path, facts), (other, open.clone())]);
        let before = with("/a/{id}", facts(&closed), "/b/{id}");
        let after = with("/a/{n}", inside.clone(), "/b/{n}");
        let lost = "the cache of the stage gives answers of GET /a/{n} to callers of GET /b/{n}, which asks less";
        assert_eq!(told(&before, true, &after, true), [lost]);
        assert_eq!(told(&with("/a/{id}", inside, "/b/{id}"), true, &after, true), [""; 0]);
    }

    #[test]
    fn many_routes_in_one_namespace_are_told_at_once() {
        let space = (Field::CacheNamespace, "one");
        let token = key("method.request.header.Authorization");
        let closed = facts(&[(Field::Authorization, "AWS_IAM"), token, space.clone()]);
        let open = facts(&[(Field::Authorization, NONE), space]);
        let paths: Vec<String> = (0..200).map(|at| format!("/r{at:03}")).collect();
        let facts = |at: usize| {
            if at.is_multiple_of(2) {
                closed.clone()
            } else {
                open.clone()
            }
        };
        let routes: Vec<(&str, Facts)> = paths
            .iter()
            .enumerate()
            .map(|(at, path)| (path.as_str(), facts(at)))
            .collect();
        let all = api(&routes);
        assert_eq!(told(&all, true, &all, true), [""; 0]);
        let told = told(&all, false, &all, true);
        assert_eq!(told.len(), 100);
        assert!(
            told[0].ends_with("callers of GET /r001 and 99 more, which ask less"),
            "{}",
            told[0]
        );
    }
}
