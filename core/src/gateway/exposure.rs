//! What becomes public.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Facts, Key, NONE};
use super::effect::fill_holes;
use super::field::Field;
use super::route::{Router, Segment, VERBS, pattern, segments};

/// Routes that everybody may call afterwards, with requests among those that they answer that not everybody could make
/// before.
///
/// It is asked of requests and not of routes: `GET /orders` opens what `ANY /orders` kept closed, `/users/{name}` what
/// `/users/{id}` did, and `/{proxy+}` what a route did that went. A new route that opens nothing of the kind is none of
/// them, nor is a preflight that the gateway answers itself unless its own route was closed. A route that calls what only
/// a closed route called which went is that route under another name; and who passes preflights on to a service opens it,
/// if another verb of the path was closed.
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
    let mut closed: BTreeSet<(Vec<Segment<'_>>, &str)> =
        closed.map(|(key, _)| (pattern(&key.path), key.verb.as_str())).collect();
    let paths: BTreeSet<Vec<Segment<'_>>> = closed.iter().map(|(path, _)| path.clone()).collect();
    // The gateway answers in the place of a service that not everybody may call.
    let shields = |key: &Key, facts: &Facts| is_preflight(key, facts) && paths.contains(&pattern(&key.path));
    let preflights = before.routes.iter().filter(|(key, facts)| shields(key, facts));
    let preflights: Vec<_> = preflights.map(|(key, _)| (pattern(&key.path), "OPTIONS")).collect();
    let own = closed.clone();
    closed.extend(preflights);
    let moved = moved(before, after);
    let is_exposed = |key: &Key, facts: &Facts| {
        let was_closed = |old: &&Key| !is_public(&before.routes[*old]);
        if moved.get(key).is_some_and(|olds| olds.iter().all(was_closed)) {
            return true;
        }
        let path = pattern(&key.path);
        if is_preflight(key, facts) {
            return own.contains(&(path, "OPTIONS"));
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
                    answers && before.is_some_and(|(key, facts)| !is_public(facts) || shields(key, facts))
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

/// Routes and those of another path or verb that take requests of theirs afterwards.
#[must_use]
pub fn replaced<'a>(before: &'a Definition, after: &'a Definition) -> BTreeSet<(&'a Key, &'a Key)> {
    let mut pairs = successors(before, after, |_, _| true);
    pairs.retain(|(old, new)| old != new);
    pairs
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
    for (key, olds) in moved(before, after) {
        let mut looks = olds.iter().map(|old| matters(&before.routes[*old], &after.routes[key]));
        if looks.all(|matters| matters) {
            found.extend(olds.first().map(|old| (*old, key)));
        }
    }
    found
}

/// Routes that are new or call something else than before, each with those that called the same and went. A proxy that calls
/// just the URL that others call takes the place of these too: to its service they are one.
fn moved<'a>(before: &'a Definition, after: &'a Definition) -> BTreeMap<&'a Key, Vec<&'a Key>> {
    let mut callers: BTreeMap<Target, Vec<&Key>> = BTreeMap::new();
    for (key, facts) in &before.routes {
        if let Some(target) = Target::of(facts) {
            callers.entry(target).or_default().push(key);
        }
    }
    let mut moved = BTreeMap::new();
    for (key, facts) in &after.routes {
        let Some(target) = Target::of(facts) else { continue };
        if before.routes.get(key).and_then(Target::of).as_ref() == Some(&target) {
            continue;
        }
        let is_url = target.kind == "HTTP_PROXY";
        let olds = callers.get(&target).into_iter().flatten().copied();
        // A function that answers routes which stay has others besides: one of them is no other one under another name.
        let stays = |old: &Key| after.routes.get(old).and_then(Target::of).as_ref() == Some(&target);
        if !target.kind.starts_with("HTTP") && olds.clone().any(stays) {
            continue;
        }
        let olds: Vec<&Key> = olds
            .filter(|old| is_url || !after.routes.contains_key(*old))
            .filter(|old| common(&key.verb, &old.verb).next().is_some())
            .collect();
        if !olds.is_empty() {
            moved.insert(key, olds);
        }
    }
    moved
}

/// What a route calls, however the parameters of its path are called.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    kind: String,
    uri: String,
    verb: Option<String>,
}

impl Target {
    fn of(facts: &Facts) -> Option<Self> {
        let mut facts = facts.clone();
        fill_holes(&mut facts);
        let (mut uri, mut rest) = (String::new(), facts.get(&Field::IntegrationUri)?.as_str());
        while let Some((text, behind)) = rest.split_once('{') {
            let hole = behind.find('}').filter(|_| !text.ends_with('$'));
            uri.push_str(text);
            uri.push('{');
            rest = &behind[hole.unwrap_or_default()..];
        }
        uri.push_str(rest);
        Some(Self {
            kind: facts.remove(&Field::Integration)?,
            uri,
            verb: facts.remove(&Field::IntegrationVerb),
        })
    }
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
    fn who_passes_preflights_on_opens_a_service_that_other_verbs_kept_closed() {
        let with = |preflight: &'static str| ["GET! /a/{id}", preflight];
        assert_eq!(
            opens(&with("OPTIONS~ /a/{id}"), &with("OPTIONS /a/{name}")),
            ["OPTIONS /a/{name}"]
        );
        assert_eq!(opens(&with("OPTIONS~ /a/{id}"), &["ANY /a/{id}"]), ["ANY /a/{id}"]);
        assert_eq!(opens(&["GET /a", "OPTIONS~ /a"], &["GET /a", "OPTIONS /a"]), [""; 0]);
        assert_eq!(opens(&with("OPTIONS! /a/{id}"), &with("OPTIONS! /a/{id}")), [""; 0]);
    }

    #[test]
    fn a_route_that_calls_what_a_closed_one_called_is_that_route_under_another_path() {
        const URL: &str = "https://b.example.com/books/{id}";
        const FUNCTION: &str = "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:f/invocations";
        let of = |routes: &[(&str, &str)]| {
            let mut definition = definition(&routes.iter().map(|(route, _)| *route).collect::<Vec<_>>());
            for (route, uri) in routes {
                let (verb, path) = route.split_once(' ').unwrap();
                let (path, verb) = (path.to_owned(), verb.trim_end_matches('!').to_owned());
                let facts = definition.routes.get_mut(&Key { path, verb }).unwrap();
                facts.insert(Field::IntegrationUri, (*uri).to_owned());
                if *uri == FUNCTION {
                    facts.insert(Field::Integration, "AWS_PROXY".to_owned());
                }
            }
            definition
        };
        let found = |before: &[(&str, &str)], after: &[(&str, &str)]| exposed(&of(before), &of(after)).len();
        let other = "https://b.example.com/books/{number}";
        // Moved, and opened on the way; or opened beside.
        assert_eq!(found(&[("GET! /a", URL)], &[("GET /b", URL)]), 1);
        assert_eq!(found(&[("GET! /a/{id}", URL)], &[("ANY /b/{number}", other)]), 1);
        assert_eq!(found(&[("GET! /a", URL)], &[("GET! /a", URL), ("GET /b", URL)]), 1);
        assert_eq!(found(&[("GET! /a", FUNCTION)], &[("GET /b", FUNCTION)]), 1);
        let open = |uri: &'static str| [("GET! /a", URL), ("GET /b", uri)];
        assert_eq!(found(&open("https://b.example.com/health"), &open(URL)), 1);
        assert_eq!(found(&open(URL), &open(URL)), 0);
        // Moved as it was, open before, another thing, and one function that answers many routes.
        assert_eq!(found(&[("GET! /a", URL)], &[("GET! /b", URL)]), 0);
        assert_eq!(found(&[("GET! /a", URL), ("GET /c", URL)], &[("GET /b", URL)]), 0);
        assert_eq!(
            found(&[("GET! /a", URL)], &[("GET /b", "https://b.example.com/books")]),
            0
        );
        assert_eq!(found(&[("GET! /a", URL)], &[("PUT /b", URL)]), 0);
        let both = [("GET! /a", FUNCTION), ("GET /b", FUNCTION)];
        assert_eq!(found(&both[..1], &both), 0);
        let [books, admin, health] = ["GET! /books", "GET! /admin", "GET /health"].map(|route| (route, FUNCTION));
        assert_eq!(found(&[books, admin], &[books, health]), 0);
        assert_eq!(found(&[books, admin], &[("GET! /books", URL), health]), 1, "none stays");
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
                    let shields = |key: &Key, facts: &Facts| {
                        let mut others = before.routes.iter().filter(|(other, _)| pattern(&other.path) == pattern(&key.path));
                        is_preflight(key, facts) && others.any(|(_, facts)| !is_public(facts))
                    };
                    let was = answer(&before, verb, request);
                    let was_closed = was.is_some_and(|(key, facts)| !is_public(facts) || shields(key, facts));
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
