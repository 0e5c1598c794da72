//! The routes of a file as constant data: what `routes!` writes, the proof asks and routers are made of.

mod contract;
mod cors;
mod flat;
mod kind;
mod part;

pub use contract::{Contract, RequestParameter, declaring};
pub(crate) use cors::Shared;
pub use cors::{Cors, sharing};
pub use flat::{actions, others, params, resources, rules};
pub use kind::Kind;
pub use part::Part;

/// The verbs of a rule, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verbs(pub(crate) u8);

impl Verbs {
    /// No verb.
    pub(crate) const NONE: Verbs = Verbs(0);
    /// GET.
    pub(crate) const GET: Verbs = Verbs(1);
    /// HEAD.
    pub(crate) const HEAD: Verbs = Verbs(1 << 1);
    /// POST.
    pub(crate) const POST: Verbs = Verbs(1 << 2);
    /// PUT.
    pub(crate) const PUT: Verbs = Verbs(1 << 3);
    /// PATCH.
    pub(crate) const PATCH: Verbs = Verbs(1 << 4);
    /// DELETE.
    pub(crate) const DELETE: Verbs = Verbs(1 << 5);
    /// OPTIONS.
    pub(crate) const OPTIONS: Verbs = Verbs(1 << 6);
    /// Marks an action that the file declares as ANY, beside the verbs that it serves.
    pub(crate) const MARK: Verbs = Verbs(1 << 7);
    /// All of them, with the mark.
    pub(crate) const ANY: Verbs = Verbs(u8::MAX);

    /// The verbs with their names, in the order of an `Allow` header.
    pub(crate) const NAMED: [(Verbs, &'static str); 7] = [
        (Verbs::GET, "GET"),
        (Verbs::HEAD, "HEAD"),
        (Verbs::POST, "POST"),
        (Verbs::PUT, "PUT"),
        (Verbs::PATCH, "PATCH"),
        (Verbs::DELETE, "DELETE"),
        (Verbs::OPTIONS, "OPTIONS"),
    ];

    /// The verb of a request's method in capitals, if a file can name it.
    pub(crate) fn named(method: &str) -> Option<Verbs> {
        Verbs::NAMED
            .into_iter()
            .find(|(_, name)| *name == method)
            .map(|(verb, _)| verb)
    }

    pub(crate) const fn contains(self, other: Verbs) -> bool {
        self.0 & other.0 == other.0
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Verbs) -> Verbs {
        Verbs(self.0 | other.0)
    }

    /// Those that the other does not have.
    #[must_use]
    pub const fn but(self, other: Verbs) -> Verbs {
        Verbs(self.0 & !other.0)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One verb, or ANY, of a [`Rule`].
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// The name of its handler.
    pub(crate) handler: &'static str,
    /// What it serves.
    pub(crate) verbs: Verbs,
    /// Line of the action in the routes file.
    pub(crate) line: u32,
    /// Column of the action in the routes file.
    pub(crate) column: u32,
    /// What it declares of requests beside the path.
    pub(crate) contract: &'static Contract,
}

/// How requests are answered that no handler answers.
#[derive(Debug, Clone, Copy)]
pub enum Manners {
    /// As Flask answers them. These paths only redirect, to themselves with a slash at the end.
    Flask(&'static [&'static str]),
    /// As axum answers them.
    Axum,
}

/// A resource of the file.
#[derive(Debug, Clone, Copy)]
pub struct Resource {
    /// Its name.
    pub(crate) name: &'static str,
    /// Line of its name in the routes file.
    pub(crate) line: u32,
    /// Column of its name in the routes file.
    pub(crate) column: u32,
    /// Its rules, in the order of the file.
    pub(crate) rules: Part<Rule>,
}

/// A path parameter.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// The bytes of the path between the parameter before it, or the path's start, and this one.
    pub(crate) skip: u16,
    /// What values it takes.
    pub(crate) kind: Kind,
}

/// One path with the verbs that one resource serves there.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// As axum spells it: `/api/users/{id}`.
    pub(crate) path: &'static str,
    /// Its parameters, in the order of the path.
    pub(crate) params: Part<Param>,
    /// Its actions, in the order of the file.
    pub(crate) actions: Part<Action>,
    /// Its other paths.
    pub(crate) others: Part<Other>,
    /// Bits: see the constants.
    pub(crate) flags: u8,
    /// Who may read its responses, if the flag is set.
    pub(crate) cors: &'static Cors,
    /// Whether its parameters take any text: then a path that axum matched fits, unless something in it is encoded.
    pub(crate) only_text: bool,
}

/// The path of a rule in another spelling that it serves: with a slash at the end, or without.
#[derive(Debug, Clone, Copy)]
pub struct Other {
    /// As axum spells it.
    pub(crate) path: &'static str,
    /// Whether no rule before it has that path.
    pub(crate) owns: bool,
}

impl Rule {
    /// A slash at the end of a request's path matters.
    pub const STRICT: u8 = 1;
    /// Responses may be read by pages of other origins.
    pub const CORS: u8 = 1 << 1;
    /// It is the first rule with its path: axum takes one fallback a path.
    pub const OWNS: u8 = 1 << 2;

    /// Its parameters, in the order of the path.
    pub(crate) const fn params(&self) -> &'static [Param] {
        self.params.get()
    }

    /// Its actions, in the order of the file.
    pub(crate) const fn actions(&self) -> &'static [Action] {
        self.actions.get()
    }

    /// Its other paths.
    pub(crate) const fn others(&self) -> &'static [Other] {
        self.others.get()
    }

    pub(crate) const fn strict(&self) -> bool {
        self.flags & Self::STRICT != 0
    }

    /// Who of other origins may read its responses.
    pub(crate) const fn cors(&self) -> Option<&'static Cors> {
        if self.flags & Self::CORS == 0 {
            return None;
        }
        Some(self.cors)
    }

    pub(crate) const fn owns(&self) -> bool {
        self.flags & Self::OWNS != 0
    }

    /// The name of a parameter, as the path shows it.
    pub(crate) const fn param_name(&self, number: usize) -> &'static str {
        let path = self.path.as_bytes();
        let mut passed = 0;
        let mut start = 0;
        let mut at = 0;
        while at < path.len() {
            match path[at] {
                b'{' if at + 1 < path.len() && path[at + 1] == b'*' => start = at + 2,
                b'{' => start = at + 1,
                b'}' if passed == number => return self.path.split_at(at).0.split_at(start).1,
                b'}' => passed += 1,
                _ => {}
            }
            at += 1;
        }
        ""
    }

    /// The verbs that it has handlers for.
    pub(crate) fn own_verbs(&self) -> Verbs {
        self.actions()
            .iter()
            .fold(Verbs::NONE, |verbs, action| verbs.and(action.verbs))
    }

    /// The verbs that it answers, as Flask counts them: HEAD with GET, and OPTIONS always.
    pub(crate) fn verbs(&self) -> Verbs {
        let own = self.own_verbs();
        let head = if own.contains(Verbs::GET) {
            Verbs::HEAD
        } else {
            Verbs::NONE
        };
        own.and(head).and(Verbs::OPTIONS)
    }
}

/// Rules as tests write them.
#[cfg(test)]
pub(crate) mod short {
    use super::{Action, Contract, Cors, Kind, Param, Part, Rule, Verbs, flat};

    pub(crate) const fn action(handler: &'static str, verbs: u8, line: u32, column: u32) -> Action {
        Action {
            handler,
            verbs: Verbs(verbs),
            line,
            column,
            contract: Contract::SILENT,
        }
    }

    pub(crate) const fn int(signed: bool, digits: u32, min: Option<i64>, max: Option<i64>) -> Kind {
        Kind::Int {
            signed,
            digits,
            min,
            max,
        }
    }

    pub(crate) const fn param(skip: u16, kind: Kind) -> Param {
        Param { skip, kind }
    }

    pub(crate) const fn rule(
        path: &'static str,
        flags: u8,
        params: &'static [Param],
        actions: &'static [Action],
    ) -> Rule {
        Rule {
            path,
            flags,
            cors: Cors::ALL,
            only_text: flat::only_text(Part::all(params)),
            params: Part::all(params),
            actions: Part::all(actions),
            others: Part::all(&[]),
        }
    }
}

#[cfg(test)]
mod tests;
