//! Which method answers a request.

use std::collections::BTreeMap;

use super::definition::{Definition, Facts, Key};

/// The verbs that `ANY` stands for
/// ([methods](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html)).
pub const VERBS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Methods by the requests that they answer.
///
/// Segment by segment a literal wins over a parameter, and that over a greedy one; on one path the verb itself wins
/// over `ANY`. A path that lacks the verb leaves the request to a less specific one that has it: recorded of AWS for
/// `OPTIONS /test`, where `/test` has `POST` only and `/{proxy+}` has `OPTIONS`. Nothing says that a method is found
/// less often than here, and much would become public unseen if it were found more often.
///
/// ```
/// use bluegate_core::gateway::Router;
///
/// let router: Router<_> = [("/users", "GET", 1), ("/users/{id}", "ANY", 2), ("/{proxy+}", "POST", 3)]
///     .into_iter()
///     .collect();
/// assert_eq!(router.answers("GET", "/users/?all=1"), Some(&1));
/// assert_eq!(router.answers("DELETE", "/users/7"), Some(&2));
/// assert_eq!(router.answers("POST", "/users"), Some(&3));
/// assert_eq!(router.answers("GET", "/users/7/orders"), None);
/// ```
#[derive(Debug, Clone)]
pub struct Router<T> {
    root: Node<T>,
}

#[derive(Debug, Clone)]
struct Node<T> {
    literals: BTreeMap<String, Node<T>>,
    parameter: Option<Box<Node<T>>>,
    greedy: Methods<T>,
    methods: Methods<T>,
}

#[derive(Debug, Clone)]
struct Methods<T>(BTreeMap<String, T>);

impl<T> Methods<T> {
    fn of(&self, verb: &str) -> Option<&T> {
        let any = || self.0.get("ANY").filter(|_| VERBS.contains(&verb));
        self.0.get(verb).or_else(any)
    }
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self {
            literals: BTreeMap::new(),
            parameter: None,
            greedy: Methods(BTreeMap::new()),
            methods: Methods(BTreeMap::new()),
        }
    }
}

impl<T> Node<T> {
    fn answers<'p, P: Iterator<Item = &'p str> + Clone>(&self, verb: &str, mut path: P) -> Option<&T> {
        let Some(first) = path.next() else {
            return self.methods.of(verb);
        };
        let literal = self
            .literals
            .get(first)
            .and_then(|node| node.answers(verb, path.clone()));
        if literal.is_some() || first.is_empty() {
            return literal;
        }
        let parameter = self.parameter.as_ref().and_then(|node| node.answers(verb, path));
        parameter.or_else(|| self.greedy.of(verb))
    }
}

impl<'a> Router<(&'a Key, &'a Facts)> {
    /// The routes of a definition, by the requests that they answer.
    #[must_use]
    pub fn of(definition: &'a Definition) -> Self {
        let routes = definition.routes.iter();
        routes
            .map(|(key, facts)| (&key.path, &key.verb, (key, facts)))
            .collect()
    }
}

impl<T> Router<T> {
    /// The method that answers a request. The query does not matter, nor do slashes at either end.
    #[must_use]
    pub fn answers(&self, verb: &str, path: &str) -> Option<&T> {
        let path = path.split('?').next().unwrap_or_default();
        self.root.answers(verb, segments(path))
    }

    /// The same for a path that was split.
    pub(super) fn answers_segments(&self, verb: &str, path: &[&str]) -> Option<&T> {
        self.root.answers(verb, path.iter().copied())
    }
}

impl<P: AsRef<str>, V: Into<String>, T> FromIterator<(P, V, T)> for Router<T> {
    /// Of the paths of resources and the verbs of their methods.
    fn from_iter<I: IntoIterator<Item = (P, V, T)>>(methods: I) -> Self {
        let mut root = Node::default();
        for (path, verb, method) in methods {
            let mut node = &mut root;
            let mut is_greedy = false;
            for segment in segments(path.as_ref()) {
                match Segment::of(segment) {
                    Segment::Literal(text) => node = node.literals.entry(text.to_owned()).or_default(),
                    Segment::Parameter => node = node.parameter.get_or_insert_default(),
                    Segment::Greedy => is_greedy = true,
                }
            }
            let methods = if is_greedy { &mut node.greedy } else { &mut node.methods };
            methods.0.insert(verb.into(), method);
        }
        Self { root }
    }
}

/// A segment of a resource's path. The names of parameters do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment<'a> {
    /// Itself.
    Literal(&'a str),
    /// `{id}`: any one segment that is not empty.
    Parameter,
    /// `{proxy+}`: one segment and all that follow.
    Greedy,
}

impl<'a> Segment<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            None => Self::Literal(text),
            Some(name) if name.ends_with('+') => Self::Greedy,
            Some(_) => Self::Parameter,
        }
    }
}

/// A path, however its parameters are called.
pub(super) fn pattern(path: &str) -> Vec<Segment<'_>> {
    segments(path).map(Segment::of).collect()
}

/// The segments of a path; the root has none.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> + Clone {
    let path = path.trim_matches('/');
    path.split('/').take(if path.is_empty() { 0 } else { usize::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(routes: &[&'static str], verb: &str, path: &str) -> Option<&'static str> {
        let split = |route: &&'static str| {
            let (verb, path) = route.split_once(' ').expect("a route");
            (path, verb, *route)
        };
        let router: Router<&str> = routes.iter().map(split).collect();
        router.answers(verb, path).copied()
    }

    #[test]
    fn requests_are_answered_as_recorded_of_aws() {
        let siblings = ["GET /part1", "GET /part1/hardcoded-value", "GET /{param+}"];
        for (path, route) in [
            ("/part1", "GET /part1"),
            ("/part1/hardcoded-value", "GET /part1/hardcoded-value"),
            ("/part1/random-value", "GET /{param+}"),
        ] {
            assert_eq!(answer(&siblings, "GET", path), Some(route), "{path}");
        }
        let verbs = ["POST /test", "ANY /test/any", "OPTIONS /{proxy+}"];
        for (verb, path, route) in [
            ("OPTIONS", "/test", Some("OPTIONS /{proxy+}")),
            ("POST", "/test", Some("POST /test")),
            ("OPTIONS", "/test/any", Some("ANY /test/any")),
            ("GET", "/test/any", Some("ANY /test/any")),
            ("GET", "/test", None),
        ] {
            assert_eq!(answer(&verbs, verb, path), route, "{verb} {path}");
        }
        let greedy = ["GET /hardcoded", "GET /{proxy+}"];
        for (path, route) in [
            ("/proxy-value/", "GET /{proxy+}"),
            ("//proxy-value", "GET /{proxy+}"),
            ("//hardcoded", "GET /hardcoded"),
            ("/a//b", "GET /{proxy+}"),
        ] {
            assert_eq!(answer(&greedy, "GET", path), Some(route), "{path}");
        }
    }

    #[test]
    fn the_more_specific_segment_wins_and_the_verb_over_any() {
        let routes = [
            "GET /",
            "ANY /users/{id}",
            "GET /users/{id}",
            "GET /users/me",
            "GET /{kind}/me/now",
            "GET /users/{id}/{rest+}",
        ];
        for (verb, path, route) in [
            ("GET", "/", Some("GET /")),
            ("GET", "/users/me", Some("GET /users/me")),
            ("PUT", "/users/me", Some("ANY /users/{id}")),
            ("GET", "/users/7", Some("GET /users/{id}")),
            ("GET", "/users/me/now", Some("GET /users/{id}/{rest+}")),
            ("GET", "/books/me/now", Some("GET /{kind}/me/now")),
            ("GET", "/users/7/", Some("GET /users/{id}")),
            ("GET", "/users//x", None),
            ("GET", "/USERS/7", None),
            ("TRACE", "/users/7", None),
            ("GET", "", Some("GET /")),
        ] {
            assert_eq!(answer(&routes, verb, path), route, "{verb} {path}");
        }
    }
}
