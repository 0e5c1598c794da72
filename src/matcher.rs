//! Finding the rule of a request as Flask would.
//!
//! axum's router settles nearly every request by itself. What is left comes here: values that do not fit, verbs
//! that a path does not have, spellings of a path that axum does not know. The rules are searched in the order of
//! Werkzeug's state machine (`werkzeug.routing`): a fixed segment before a parameter, narrow parameters before wide
//! ones, backtracking when a path is known but the verb is not.

use std::collections::HashMap;

use crate::spelling::{self, Decoded};
use crate::table::{Part, Rule, Verbs};
use crate::value::Kind;

/// The rules, one level a segment.
#[derive(Debug)]
pub(crate) struct Trie {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    fixed: HashMap<&'static str, usize>,
    /// Parameters, in the order in which they are tried.
    open: Vec<(Kind, usize)>,
    rules: Vec<Place>,
}

/// A rule and the resource that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Index into the table's resources.
    pub(crate) resource: usize,
    /// The rule.
    pub(crate) rule: &'static Rule,
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Decision {
    /// No rule has the path.
    NotFound(Refusal),
    /// Rules have the path, but none has the verb.
    NotAllowed(Refusal),
    /// A rule has the path when it is written as here (decoded, without a query).
    Redirect(String),
    /// A rule has path and verb.
    Serve(Hit),
}

/// What a refusal says beside its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The verbs that the path has.
    pub(crate) allow: Verbs,
    /// Whether pages of other origins may read it.
    pub(crate) cors: bool,
}

/// The rule that serves a request.
#[derive(Debug)]
pub(crate) struct Hit {
    /// Where it is.
    pub(crate) place: Place,
    /// The verb to serve, which may have been sent in small letters.
    pub(crate) verb: Verbs,
    /// The path in its plainest spelling.
    pub(crate) path: String,
    /// Whether axum's extractors read the path as it was sent in the same way.
    pub(crate) as_sent: bool,
}

impl Trie {
    pub(crate) fn new(resources: &'static [Part<Rule>]) -> Self {
        let mut trie = Trie {
            nodes: vec![Node::default()],
        };
        for (resource, rules) in resources.iter().enumerate() {
            let rules = rules.get();
            for rule in rules {
                let mut kinds = rule.params().iter().map(|param| param.kind);
                let node = rule.path[1..].split('/').fold(0, |node, segment| {
                    let kind = if segment.starts_with('{') { kinds.next() } else { None };
                    match kind {
                        Some(kind) => trie.open(node, kind),
                        None => trie.fixed(node, segment),
                    }
                });
                trie.nodes[node].rules.push(Place { resource, rule });
            }
        }
        for node in &mut trie.nodes {
            // A stable sort: parameters of one weight are tried in the order of the file.
            node.open.sort_by_key(|(kind, _)| kind.weight());
        }
        trie
    }

    fn fixed(&mut self, node: usize, segment: &'static str) -> usize {
        let next = self.nodes.len();
        let child = *self.nodes[node].fixed.entry(segment).or_insert(next);
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    fn open(&mut self, node: usize, kind: Kind) -> usize {
        let known = self.nodes[node]
            .open
            .iter()
            .find(|(other, _)| other.is_shaped_as(&kind));
        if let Some(&(_, child)) = known {
            return child;
        }
        let child = self.nodes.len();
        self.nodes.push(Node::default());
        self.nodes[node].open.push((kind, child));
        child
    }

    /// What becomes of a request with this path (as it was sent) and method.
    pub(crate) fn decide(&self, path: &str, method: &str) -> Decision {
        let decoded = spelling::decode(path);
        let verb = Verbs::named(&method.to_ascii_uppercase());
        let mut walk = Walk {
            nodes: &self.nodes,
            verb,
            refusal: Refusal {
                allow: Verbs::NONE,
                cors: false,
            },
        };
        let Some(text) = decoded.text.strip_prefix('/') else {
            return Decision::NotFound(walk.refusal);
        };
        // Slashes at the start count as one.
        let text = text.trim_start_matches('/');
        let mut values = Vec::new();
        match walk.find(0, Some(text), &mut values) {
            Some(Found::Rule(place)) => return walk.serve(place, verb, &values, &decoded),
            Some(Found::WithSlash) => return Decision::Redirect(format!("/{text}/")),
            None => {}
        }
        // Once more, with every run of slashes as one slash. Where a rule was found, values are looked at only when
        // the client comes back.
        let merged = spelling::merge_slashes(text);
        values.clear();
        match walk.find(0, Some(&merged), &mut values) {
            Some(Found::Rule(_)) => Decision::Redirect(format!("/{merged}")),
            Some(Found::WithSlash) => Decision::Redirect(format!("/{merged}/")),
            None => walk.refuse(),
        }
    }

    /// The verbs of the rules that have a path, for an automatic answer to OPTIONS.
    pub(crate) fn allowed(&self, path: &str) -> Verbs {
        match self.decide(path, "") {
            Decision::NotAllowed(refusal) => refusal.allow,
            _ => Verbs::NONE,
        }
    }
}

enum Found {
    Rule(Place),
    /// The rule's path ends with a slash, and this one does not.
    WithSlash,
}

struct Walk<'t> {
    nodes: &'t [Node],
    verb: Option<Verbs>,
    refusal: Refusal,
}

impl Walk<'_> {
    /// Follows what is left of a path from a node; `None` is nothing, an empty text is a slash at the end.
    fn find<'p>(&mut self, node: usize, path: Option<&'p str>, values: &mut Vec<&'p str>) -> Option<Found> {
        let nodes = self.nodes;
        let node = &nodes[node];
        let Some(path) = path else {
            if let Some(place) = self.with_verb(&node.rules) {
                return Some(Found::Rule(place));
            }
            let behind_slash = &nodes[*node.fixed.get("")?].rules;
            let place = behind_slash.iter().find(|place| self.has_verb(place.rule))?;
            return Some(if place.rule.strict() {
                Found::WithSlash
            } else {
                Found::Rule(*place)
            });
        };
        let (segment, rest) = match path.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (path, None),
        };
        if let Some(&next) = node.fixed.get(segment)
            && let Some(found) = self.find(next, rest, values)
        {
            return Some(found);
        }
        for &(kind, next) in &node.open {
            let (value, rest) = if kind == Kind::Rest {
                (path, None)
            } else {
                (segment, rest)
            };
            if !kind.has_shape_of(value) {
                continue;
            }
            let count = values.len();
            values.push(value);
            if let Some(found) = self.find(next, rest, values) {
                return Some(found);
            }
            values.truncate(count);
        }
        if path.is_empty() {
            let loose: Vec<Place> = node
                .rules
                .iter()
                .filter(|place| !place.rule.strict())
                .copied()
                .collect();
            return self.with_verb(&loose).map(Found::Rule);
        }
        None
    }

    /// The rule that has the verb; one with a handler of its own wins over an automatic answer. The verbs of the
    /// rules before it are noted.
    fn with_verb(&mut self, rules: &[Place]) -> Option<Place> {
        let own = rules
            .iter()
            .position(|place| self.verb.is_some_and(|verb| place.rule.own_verbs().contains(verb)));
        let found = own.or_else(|| rules.iter().position(|place| self.has_verb(place.rule)));
        for place in &rules[..found.unwrap_or(rules.len())] {
            self.refusal.allow = self.refusal.allow.and(place.rule.verbs());
            self.refusal.cors |= place.rule.cors();
        }
        found.map(|at| rules[at])
    }

    fn has_verb(&self, rule: &Rule) -> bool {
        self.verb.is_some_and(|verb| rule.verbs().contains(verb))
    }

    fn refuse(&self) -> Decision {
        if self.refusal.allow.is_empty() {
            Decision::NotFound(self.refusal)
        } else {
            Decision::NotAllowed(self.refusal)
        }
    }

    fn serve(mut self, place: Place, verb: Option<Verbs>, values: &[&str], decoded: &Decoded<'_>) -> Decision {
        let kinds = || place.rule.params().iter().map(|param| &param.kind);
        if !kinds().zip(values).all(|(kind, value)| kind.has_in_range(value)) {
            self.refusal.cors |= place.rule.cors();
            return self.refuse();
        }
        let mut as_sent = !decoded.reread;
        let mut path = String::with_capacity(decoded.text.len());
        let mut fitting = kinds().zip(values);
        for segment in place.rule.path[1..].split('/') {
            path.push('/');
            let value = if segment.starts_with('{') { fitting.next() } else { None };
            if let Some((kind, value)) = value {
                let readable = kind.readable(value);
                as_sent &= readable == *value;
                spelling::encode(&readable, &mut path);
            } else {
                path.push_str(segment);
            }
        }
        Decision::Serve(Hit {
            place,
            verb: verb.unwrap_or(Verbs::NONE),
            path,
            as_sent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::short::{action, param, rule};
    use crate::table::{Action, Table};

    const STRICT: u8 = 1;
    const INT: Kind = Kind::Int {
        signed: false,
        digits: 0,
        min: None,
        max: Some(5),
    };
    const GET: &[Action] = &[action("get", 1, 1, 1)];
    const PUT: &[Action] = &[action("put", 8, 1, 1)];
    const POST: &[Action] = &[action("post", 4, 1, 1)];

    static TABLE: Table = Table::new(
        &[
            Part::all(&[
                rule("/v/{id}", STRICT, &[param(3, INT)], GET),
                rule("/people/me", STRICT, &[], GET),
                rule("/slash/", STRICT, &[], GET),
                rule("/loose/", 0, &[], GET),
                rule("/plain", 0, &[], GET),
                rule("/files/{*path}", STRICT, &[param(7, Kind::Rest)], GET),
                rule("/s/{x}/t", STRICT, &[param(3, Kind::Text)], GET),
                rule("/", STRICT, &[], GET),
            ]),
            Part::all(&[
                rule("/v/{id}", STRICT, &[param(3, Kind::Text)], PUT),
                rule("/people/{id}", STRICT, &[param(8, Kind::Text)], POST),
                rule("/slash", STRICT, &[], POST),
            ]),
        ],
        &[],
    );

    fn decide(method: &str, path: &str) -> String {
        let allow = |refusal: Refusal| {
            let names: Vec<&str> = Verbs::NAMED
                .into_iter()
                .filter(|(verb, _)| refusal.allow.contains(*verb))
                .map(|(_, name)| name)
                .collect();
            names.join(" ")
        };
        match TABLE.trie().decide(path, method) {
            Decision::NotFound(_) => "404".to_owned(),
            Decision::NotAllowed(refusal) => format!("405 {}", allow(refusal)),
            Decision::Redirect(path) => format!("308 {path}"),
            Decision::Serve(hit) => {
                format!(
                    "{} {}{}",
                    hit.place.rule.path,
                    hit.path,
                    if hit.as_sent { "" } else { " reread" }
                )
            }
        }
    }

    #[test]
    fn a_path_is_looked_for_before_its_verb() {
        assert_eq!(decide("GET", "/nope"), "404");
        assert_eq!(decide("DELETE", "/nope"), "404");
        assert_eq!(decide("DELETE", "/people/me"), "405 GET HEAD POST OPTIONS");
        assert_eq!(decide("FOO", "/slash/"), "405 GET HEAD OPTIONS");
        assert_eq!(decide("GET", "*"), "404");
    }

    #[test]
    fn the_shape_of_a_value_finds_the_rule_and_its_range_comes_after_the_verb() {
        assert_eq!(decide("GET", "/v/5"), "/v/{id} /v/5");
        assert_eq!(decide("GET", "/v/x"), "405 PUT OPTIONS");
        assert_eq!(decide("GET", "/v/9"), "404");
        assert_eq!(decide("POST", "/v/9"), "405 GET HEAD PUT OPTIONS");
        assert_eq!(decide("PUT", "/v/9"), "/v/{id} /v/9");
    }

    #[test]
    fn a_verb_that_a_fixed_path_lacks_is_looked_for_behind_a_parameter() {
        assert_eq!(decide("GET", "/people/me"), "/people/me /people/me");
        assert_eq!(decide("POST", "/people/me"), "/people/{id} /people/me");
        assert_eq!(decide("GET", "/people/%6de"), "/people/me /people/me");
    }

    #[test]
    fn a_slash_at_the_end_is_added_by_a_redirect_where_it_is_strict() {
        assert_eq!(decide("GET", "/slash"), "308 /slash/");
        assert_eq!(decide("POST", "/slash"), "/slash /slash");
        assert_eq!(decide("PUT", "/slash"), "405 POST OPTIONS");
        assert_eq!(decide("POST", "/slash/"), "405 GET HEAD OPTIONS");
        assert_eq!(decide("GET", "/people/me/"), "404");
        assert_eq!(decide("GET", "/"), "/ /");
    }

    #[test]
    fn a_slash_at_the_end_means_nothing_where_it_is_loose() {
        assert_eq!(decide("GET", "/loose"), "/loose/ /loose/");
        assert_eq!(decide("GET", "/loose//"), "/loose/ /loose/");
        assert_eq!(decide("PUT", "/loose"), "404");
        assert_eq!(decide("GET", "/plain/"), "/plain /plain");
        assert_eq!(decide("GET", "/plain//"), "308 /plain/");
    }

    #[test]
    fn runs_of_slashes_are_redirected_to_one() {
        assert_eq!(decide("GET", "/people//me"), "308 /people/me");
        assert_eq!(decide("GET", "//people/me"), "/people/me /people/me");
        assert_eq!(decide("GET", "/files//a//b"), "308 /files/a/b");
        assert_eq!(decide("GET", "/files/a//b"), "/files/{*path} /files/a//b");
        assert_eq!(decide("GET", "/v//9"), "308 /v/9");
        assert_eq!(decide("GET", "/s//t"), "404");
        assert_eq!(decide("GET", "/x//y"), "404");
    }

    #[test]
    fn what_axum_would_read_differently_is_spelt_anew() {
        assert_eq!(decide("GET", "/v/%D9%A3"), "/v/{id} /v/3 reread");
        assert_eq!(decide("PUT", "/v/%FF"), "/v/{id} /v/%EF%BF%BD reread");
        assert_eq!(decide("PUT", "/v%2Fa%20b"), "/v/{id} /v/a%20b reread");
        assert_eq!(decide("PUT", "/v/a%2Fb"), "404");
    }

    #[test]
    fn verbs_count_in_either_case() {
        assert_eq!(decide("get", "/people/me"), "/people/me /people/me");
        assert_eq!(decide("Put", "/v/x"), "/v/{id} /v/x");
    }
}
