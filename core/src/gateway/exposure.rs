//! What becomes public.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Facts, Key, NONE};
use super::field::Field;
use super::route::{Router, Segment, VERBS, segments};

/// Routes that everybody may call afterwards, with requests among those that they answer that not everybody could make
/// before.
///
/// It is asked of requests and not of routes: `GET /orders` opens what `ANY /orders` kept closed, `/users/{name}` what
/// `/users/{id}` did, and `/{proxy+}` what a route did that went. A new route that opens nothing of the kind is none of
/// them, nor is a preflight that the gateway answers itself unless its own route was closed.
///
/// ```
/// use bluegate_core::gateway::{Access, Definition, exposed};
///
/// let of = |verb: &str, path: &str, authorization: &str| {
///     let access = Access { authorization: Some(authorization.into()), ..Access::default() };
///     Definition::of_access(&[(path.to_owned(), [(verb.to_owned(), access)].into())].into())
/// };
/// let before = of("ANY", "/orders/{id}", "AWS_IAM");
/// assert_eq!(exposed(&before, &of("GET", "/orders/{number}", "NONE")).len(), 1);
/// assert!(exposed(&before, &of("GET", "/books/{id}", "NONE")).is_empty());
/// ```
#[must_use]
pub fn exposed(before: &Definition, after: &Definition) -> Vec<Key> {
    let (was, is) = (Router::of(before), Router::of(after));
    let longest = [before, after].into_iter().flat_map(|one| one.routes.keys());
    let longest = longest.map(|key| segments(&key.path).count()).max().unwrap_or_default();
    let closed = before.routes.iter().filter(|(_, facts)| !is_public(facts));
    // Routes of one form stand for one another: what they answer is asked of the router.
    let closed: BTreeSet<(Vec<Segment<'_>>, &str)> =
        closed.map(|(key, _)| (pattern(&key.path), key.verb.as_str())).collect();
    let is_exposed = |key: &Key, facts: &Facts| {
        let path = pattern(&key.path);
        if is_preflight(key, facts) {
            return closed.contains(&(path, "OPTIONS"));
        }
        closed.iter().any(|(other, verb)| {
            let requests = requests(&path, other, longest);
            let verbs = common(&key.verb, verb);
            requests.iter().any(|request| {
                verbs.clone().any(|verb| {
                    let answers = is
                        .answers_segments(verb, request)
                        .is_some_and(|(found, _)| *found == key);
                    let before = was.answers_segments(verb, request);
                    answers && before.is_some_and(|(_, facts)| !is_public(facts))
                })
            })
        })
    };
    let public = after.routes.iter().filter(|(_, facts)| is_public(facts));
    let exposed = public.filter(|(key, facts)| is_exposed(key, facts));
    exposed.map(|(key, _)| key.clone()).collect()
}

/// The backends that everybody reaches, each with the routes that lead there: hosts of services, functions, and what else an
/// integration calls.
#[must_use]
pub fn open_backends(definition: &Definition) -> BTreeMap<&str, Vec<&Key>> {
    let mut backends: BTreeMap<&str, Vec<&Key>> = BTreeMap::new();
    let public = definition.routes.iter().filter(|(_, facts)| is_public(facts));
    for (key, facts) in public {
        // What API Gateway fills in when it imports cannot be compared.
        let uri = facts.get(&Field::IntegrationUri);
        if let Some(uri) = uri.filter(|uri| !uri.contains("${AWS::")) {
            backends.entry(backend(uri)).or_default().push(key);
        }
    }
    backends
}

/// A URL without its path, and any other URI as it is.
fn backend(uri: &str) -> &str {
    let start = uri.find("://").map(|at| at + 3);
    let end = start.and_then(|start| Some(start + uri[start..].find(['/', '?'])?));
    end.map_or(uri, |end| &uri[..end])
}

/// Routes and those that take requests of theirs afterwards, where that matters.
pub(super) fn successors<'a>(
    before: &'a Definition,
    after: &'a Definition,
    matters: impl Fn(&Facts, &Facts) -> bool,
) -> BTreeSet<(&'a Key, &'a Key)> {
    let (was, is) = (Router::of(before), Router::of(after));
    let patterns = |one: &'a Definition| -> Vec<_> {
        let routes = one.routes.iter();
        routes.map(|(key, facts)| (pattern(&key.path), key, facts)).collect()
    };
    let (olds, news) = (patterns(before), patterns(after));
    let longest = olds.iter().chain(&news).map(|(path, ..)| path.len());
    let longest = longest.max().unwrap_or_default();
    let mut found = BTreeSet::new();
    for (path, key, facts) in &news {
        for (other, old, old_facts) in &olds {
            let verbs = common(&key.verb, &old.verb);
            // A preflight takes the place of none but a preflight.
            let is_asked = !is_preflight(key, facts) || old.verb == "OPTIONS";
            if !is_asked || verbs.clone().next().is_none() {
                continue;
            }
            let requests = requests(path, other, longest);
            if requests.is_empty() || !matters(old_facts, facts) {
                continue;
            }
            let takes = |router: &Router<(&Key, &Facts)>, verb: &str, request: &[&str], key: &Key| {
                router
                    .answers_segments(verb, request)
                    .is_some_and(|(found, _)| *found == key)
            };
            let mut requests = requests.iter();
            if requests.any(|request| {
                let mut verbs = verbs.clone();
                verbs.any(|verb| takes(&is, verb, request, key) && takes(&was, verb, request, old))
            }) {
                found.insert((*old, *key));
            }
        }
    }
    found
}

fn pattern(path: &str) -> Vec<Segment<'_>> {
    segments(path).map(Segment::of).collect()
}

/// Whether everybody may call a route.
pub(super) fn is_public(facts: &Facts) -> bool {
    let is_none = facts.get(&Field::Authorization).is_none_or(|value| value == NONE);
    is_none && !facts.contains_key(&Field::ApiKey)
}

/// Whether a route is there for browsers that ask before they call, and reaches no service as far as it is known.
fn is_preflight(key: &Key, facts: &Facts) -> bool {
    key.verb == "OPTIONS" && facts.get(&Field::Integration).is_none_or(|kind| kind == "MOCK")
}

/// The verbs that two methods have in common.
fn common<'a>(one: &'a str, other: &'a str) -> impl Iterator<Item = &'a str> + Clone {
    let is_of = |verb: &str, method: &str| method == "ANY" || method == verb;
    VERBS
        .into_iter()
        .filter(move |verb| is_of(verb, one) && is_of(verb, other))
}

/// A segment that no route spells out.
const OTHER: &str = "\u{0}";

/// The requests that two paths have in common: of each length the one with the fewest literals. A route that takes it
/// from both of them takes all others of that length too.
fn requests<'a>(one: &[Segment<'a>], other: &[Segment<'a>], longest: usize) -> Vec<Vec<&'a str>> {
    let literal = |segment: &Segment<'a>| match segment {
        Segment::Literal(text) => Some(*text),
        Segment::Parameter | Segment::Greedy => None,
    };
    let mut pairs = one.iter().zip(other).map(|(one, other)| (literal(one), literal(other)));
    if pairs.any(|(one, other)| one.is_some() && other.is_some() && one != other) {
        return Vec::new();
    }
    let is_greedy = |path: &[Segment<'_>]| path.last() == Some(&Segment::Greedy);
    let least = one.len().max(other.len());
    let most = match (is_greedy(one), is_greedy(other)) {
        // None is longer, so that all requests longer than it are answered alike.
        (true, true) => longest + 1,
        (true, false) => other.len(),
        (false, true) => one.len(),
        (false, false) => one.len().min(other.len()),
    };
    let at = |place: usize| {
        let segments = [one.get(place), other.get(place)];
        segments.into_iter().flatten().find_map(literal).unwrap_or(OTHER)
    };
    (least..=most).map(|length| (0..length).map(at).collect()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Routes such as `GET /a`, `GET! /a` for a signed one and `OPTIONS~ /a` for a mock.
    fn definition(routes: &[impl AsRef<str>]) -> Definition {
        let mut definition = Definition::default();
        for route in routes {
            let (verb, path) = route.as_ref().split_once(' ').expect("a route");
            let authorization = if verb.ends_with('!') { "AWS_IAM" } else { NONE };
            let kind = if verb.ends_with('~') { "MOCK" } else { "HTTP_PROXY" };
            let key = Key {
                path: path.to_owned(),
                verb: verb.trim_end_matches(['!', '~']).to_owned(),
            };
            let facts = Facts::from([
                (Field::Authorization, authorization.to_owned()),
                (Field::Integration, kind.to_owned()),
            ]);
            definition.routes.insert(key, facts);
        }
        definition
    }

    fn opens(before: &[&str], after: &[&str]) -> Vec<String> {
        let exposed = exposed(&definition(before), &definition(after));
        exposed.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_request_that_had_to_be_signed_opens_whatever_the_route_is_called() {
        for (before, after) in [
            ("GET! /a", "GET /a"),
            ("ANY! /orders", "GET /orders"),
            ("GET! /users/{id}", "GET /users/{user_id}"),
            ("ANY! /{proxy+}", "GET /admin"),
            ("GET! /admin", "GET /{proxy+}"),
            ("GET! /admin", "ANY /{name}"),
            ("GET! /{a}/b", "GET /a/{b}"),
            ("GET! /a/{rest+}", "GET /{a}/{b}/{c}"),
            ("GET! /a/{rest+}", "GET /{all+}"),
        ] {
            assert_eq!(opens(&[before], &[after]), [after], "{before}");
        }
    }

    #[test]
    fn what_was_public_and_what_was_not_there_opens_nothing() {
        for (before, after) in [
            (&["GET /a"][..], &["GET /a"][..]),
            (&[], &["GET /a"]),
            (&["GET! /a"], &["GET! /a", "POST /a"]),
            (&["GET! /a"], &["GET! /a", "GET /{proxy+}"]),
            (&["GET! /a"], &["GET! /a", "ANY /a"]),
            (&["GET! /{id}", "GET /me"], &["GET! /{id}", "GET /me"]),
            (&["ANY! /{id}", "GET /me"], &["ANY! /{id}", "GET /me"]),
            (&["GET! /a/b"], &["GET /a", "GET /a/b/c"]),
            (&["GET! /"], &["GET /{proxy+}"]),
        ] {
            assert_eq!(opens(before, after), [""; 0], "{before:?}");
        }
    }

    #[test]
    fn a_preflight_opens_only_what_was_a_closed_preflight() {
        assert_eq!(opens(&["ANY! /a"], &["ANY! /a", "OPTIONS~ /a"]), [""; 0]);
        assert_eq!(opens(&["ANY! /a"], &["ANY! /a", "OPTIONS /a"]), ["OPTIONS /a"]);
        assert_eq!(opens(&["OPTIONS! /{a}"], &["OPTIONS~ /{b}"]), ["OPTIONS /{b}"]);
        assert_eq!(opens(&["GET! /a"], &["GET~ /a"]), ["GET /a"]);
    }

    /// Whether a path takes a request, and how specifically: told without the router.
    fn rank(path: &str, request: &[&str]) -> Option<Vec<u8>> {
        let path = pattern(path);
        let mut rank = Vec::new();
        for (place, segment) in path.iter().enumerate() {
            match (segment, request.get(place)?) {
                (Segment::Literal(text), value) if text != value => return None,
                (Segment::Literal(_), _) => rank.push(2),
                (Segment::Parameter, _) => rank.push(1),
                (Segment::Greedy, _) => {
                    rank.push(0);
                    return Some(rank);
                }
            }
        }
        (path.len() == request.len()).then_some(rank)
    }

    fn answer<'a>(definition: &'a Definition, verb: &str, request: &[&str]) -> Option<(&'a Key, &'a Facts)> {
        let able = definition.routes.iter().filter_map(|(key, facts)| {
            let is_verb = key.verb == verb;
            let rank = rank(&key.path, request).filter(|_| is_verb || key.verb == "ANY")?;
            Some(((rank, is_verb), (key, facts)))
        });
        able.max_by(|one, other| one.0.cmp(&other.0)).map(|(_, found)| found)
    }

    fn routes() -> impl Strategy<Value = Vec<String>> {
        let segment = prop_oneof![Just("a"), Just("b"), Just("{p}")];
        let path = (
            proptest::collection::vec(segment, 0..3),
            prop_oneof![2 => Just(""), 1 => Just("{rest+}")],
        );
        let verb = prop_oneof![Just("GET"), Just("PUT"), Just("OPTIONS"), Just("ANY")];
        let route = (verb, prop_oneof![Just(""), Just("!"), Just("~")], path).prop_map(|(verb, kind, (path, rest))| {
            let rest = Some(rest).filter(|rest| !rest.is_empty());
            let path: Vec<&str> = path.into_iter().chain(rest).collect();
            format!("{verb}{kind} /{}", path.join("/"))
        });
        proptest::collection::vec(route, 0..6)
    }

    proptest! {
        #[test]
        fn exposed_is_what_trying_every_request_finds(before in routes(), after in routes()) {
            let (before, after) = (definition(&before), definition(&after));
            let mut requests: Vec<Vec<&str>> = vec![Vec::new()];
            for length in 0..4 {
                let longer: Vec<Vec<&str>> = requests
                    .iter()
                    .filter(|request| request.len() == length)
                    .flat_map(|request| ["a", "b", "c"].map(|next| request.iter().copied().chain([next]).collect()))
                    .collect();
                requests.extend(longer);
            }
            let mut expected: Vec<&Key> = Vec::new();
            for verb in VERBS {
                for request in &requests {
                    let Some((key, facts)) = answer(&after, verb, request) else { continue };
                    let was_closed = answer(&before, verb, request).is_some_and(|(_, facts)| !is_public(facts));
                    if is_public(facts) && was_closed && !is_preflight(key, facts) {
                        expected.push(key);
                    }
                }
            }
            let closed = |key: &Key| before.routes.get(key).is_some_and(|facts| !is_public(facts));
            let preflights = after.routes.iter().filter(|(key, facts)| is_preflight(key, facts) && is_public(facts));
            expected.extend(preflights.map(|(key, _)| key).filter(|key| closed(key)));
            expected.sort();
            expected.dedup();
            let found = exposed(&before, &after);
            prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        }
    }
}
