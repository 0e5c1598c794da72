//! Finding the rule of a request as Flask would.
//!
//! axum's router settles nearly every request by itself. What is left comes here: values that do not fit, verbs
//! that a path does not have, spellings of a path that axum does not know. The rules are searched in the order of
//! Werkzeug's state machine (`werkzeug.routing`): a fixed segment before a parameter, narrow parameters before wide
//! ones, backtracking when a path is known but the verb is not.

use std::collections::HashMap;

use super::url::{self, Decoded};
use crate::table::{Cors, Kind, Resource, Rule, Verbs};

/// The rules, one level a segment.
#[derive(Debug)]
pub(super) struct Trie {
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
pub(super) struct Place {
    /// Index into the table's resources.
    pub(super) resource: usize,
    /// The rule.
    pub(super) rule: &'static Rule,
}

/// What becomes of a request.
#[derive(Debug)]
pub(super) enum Decision {
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
pub(super) struct Refusal {
    /// The verbs that the path has.
    pub(super) allow: Verbs,
    /// Whether pages of other origins may read it.
    pub(super) cors: Option<&'static Cors>,
}

/// The rule that serves a request.
#[derive(Debug)]
pub(crate) struct Hit {
    /// Where it is.
    pub(super) place: Place,
    /// The verb to serve, which may have been sent in small letters.
    pub(super) verb: Verbs,
    /// The path in its plainest spelling.
    pub(super) path: String,
    /// Whether axum's extractors read the path as it was sent in the same way.
    pub(super) as_sent: bool,
}

impl Trie {
    pub(super) fn new(resources: &'static [Resource]) -> Self {
        let mut trie = Trie {
            nodes: vec![Node::default()],
        };
        for (resource, declared) in resources.iter().enumerate() {
            for rule in declared.rules.get() {
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
    pub(super) fn decide(&self, path: &str, method: &str) -> Decision {
        let decoded = url::decode(path);
        let verb = Verbs::named(&method.to_ascii_uppercase());
        let mut walk = Walk {
            nodes: &self.nodes,
            verb,
            refusal: Refusal {
                allow: Verbs::NONE,
                cors: None,
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
        let merged = url::merge_slashes(text);
        values.clear();
        match walk.find(0, Some(&merged), &mut values) {
            Some(Found::Rule(_)) => Decision::Redirect(format!("/{merged}")),
            Some(Found::WithSlash) => Decision::Redirect(format!("/{merged}/")),
            None => walk.refuse(),
        }
    }

    /// The verbs of the rules that have a path, for an automatic answer to OPTIONS.
    pub(super) fn allowed(&self, path: &str) -> Verbs {
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
            self.refusal.cors = self.refusal.cors.or(place.rule.cors());
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
            self.refusal.cors = self.refusal.cors.or(place.rule.cors());
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
                url::encode(&readable, &mut path);
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
mod tests;
