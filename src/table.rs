//! The routes of a file as constant data: what `routes!` writes and everything at run time reads.

mod part;
mod served;
mod written;

pub use part::Part;
pub(crate) use served::By;
pub use written::{actions, params, resources, rules};

use std::any::Any;
use std::marker::PhantomData;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::matcher::Trie;
use crate::mount::bits::Bit;
use crate::mount::{Id, MountFn};
use crate::value::Kind;

/// The verbs of a rule, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Verbs(pub(crate) u16);

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
    pub(crate) const ANY: Verbs = Verbs(1 << 7);

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

    pub(crate) const fn and(self, other: Verbs) -> Verbs {
        Verbs(self.0 | other.0)
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
    /// The hash of that name, which is quicker to compare.
    pub(crate) id: Id,
    /// What it serves.
    pub(crate) verbs: Verbs,
    /// Line of the action in the routes file.
    pub(crate) line: u32,
    /// Column of the action in the routes file.
    pub(crate) column: u32,
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
    /// The bits of those parameters that take any integer without a sign.
    pub(crate) integers: u64,
    /// Bits: see the constants.
    pub(crate) flags: u8,
}

impl Rule {
    const STRICT: u8 = 1;
    const CORS: u8 = 1 << 1;
    const OWNS: u8 = 1 << 2;
    const OWNS_OTHER: u8 = 1 << 3;
    const BOTH: u8 = 1 << 4;
    const TEXT: u8 = 1 << 5;

    /// Its parameters, in the order of the path.
    pub(crate) const fn params(&self) -> &'static [Param] {
        self.params.get()
    }

    /// Its actions, in the order of the file.
    pub(crate) const fn actions(&self) -> &'static [Action] {
        self.actions.get()
    }

    /// Whether a slash at the end of a request's path matters.
    pub(crate) const fn strict(&self) -> bool {
        self.flags & Self::STRICT != 0
    }

    /// Whether responses may be read by pages of other origins.
    pub(crate) const fn cors(&self) -> bool {
        self.flags & Self::CORS != 0
    }

    /// Whether it is the first rule with its path: axum takes one fallback a path.
    pub(crate) const fn owns(&self) -> bool {
        self.flags & Self::OWNS != 0
    }

    /// The same for its path with, or without, a slash at the end.
    pub(crate) const fn owns_other(&self) -> bool {
        self.flags & Self::OWNS_OTHER != 0
    }

    /// Whether axum has to know the path with and without a slash at its end.
    pub(crate) const fn both(&self) -> bool {
        self.flags & Self::BOTH != 0
    }

    /// Whether requests have to be looked at, or answers, before or behind its handlers.
    pub(crate) const fn is_guarded(&self) -> bool {
        self.cors() || !self.params.is_empty()
    }

    /// Whether its parameters take any text: then a path that axum matched fits, unless something in it is encoded.
    pub(crate) const fn only_text(&self) -> bool {
        self.flags & Self::TEXT != 0
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

    /// The path with a slash at the end if it has none, without if it has one.
    pub(crate) fn other_path(&self) -> String {
        match self.path.strip_suffix('/') {
            Some(bare) => bare.to_owned(),
            None => format!("{}/", self.path),
        }
    }

    /// The verbs that it has handlers for.
    pub(crate) fn own_verbs(&self) -> Verbs {
        self.actions()
            .iter()
            .fold(Verbs::NONE, |verbs, action| verbs.and(action.verbs))
    }

    /// The verbs that one of its handlers serves.
    pub(crate) fn verbs_of(&self, handler: Id) -> Verbs {
        let own = self.actions().iter().filter(|action| action.id == handler);
        own.fold(Verbs::NONE, |verbs, action| verbs.and(action.verbs))
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

/// The router that rules are in. `routes!` implements it once.
pub trait InTable: Send + Sync + 'static {
    /// The path of the routes file.
    const FILE: &'static str;
    /// The rules of every resource.
    const RESOURCES: &'static [Part<Rule>];

    /// All rules: those of the resources, at the same place. A constant that has one of them would have the compiler look
    /// at all of them again.
    fn rules() -> &'static [Rule];

    /// The table.
    fn table() -> &'static Table;
}

/// The rules of one resource in one router.
pub trait Rules: Send + Sync + 'static {
    /// The router that they are in.
    type Table: InTable;
    /// The number of the resource.
    const NUMBER: usize;
}

/// The rules of the resource whose number has these two digits of 64.
#[derive(Debug)]
pub struct Nth<T, High, Low>(PhantomData<(T, High, Low)>);

impl<T: InTable, High: Bit, Low: Bit> Rules for Nth<T, High, Low> {
    type Table = T;
    const NUMBER: usize = (64 * High::BIT + Low::BIT) as usize;
}

/// All routes of a file.
#[derive(Debug)]
pub struct Table {
    /// The rules of each resource.
    pub(crate) resources: &'static [Part<Rule>],
    /// Paths that only redirect, to themselves with a slash at the end.
    pub(crate) bare: &'static [&'static str],
    trie: OnceLock<Trie>,
    /// The resources that serve it, once for each type of state: `&'static [MountFn<S>]`.
    mounts: Mutex<Vec<Box<dyn Any + Send>>>,
}

impl Table {
    /// The rules of each resource, and the paths that only redirect.
    #[must_use]
    pub const fn new(resources: &'static [Part<Rule>], bare: &'static [&'static str]) -> Self {
        Table {
            resources,
            bare,
            trie: OnceLock::new(),
            mounts: Mutex::new(Vec::new()),
        }
    }

    /// The rules as Flask would search them. Only requests that axum's router cannot settle need it, so that the
    /// first one builds it.
    pub(crate) fn trie(&'static self) -> &'static Trie {
        self.trie.get_or_init(|| Trie::new(self.resources))
    }

    /// Keeps what serves the table in routers with this state.
    pub(crate) fn keep<S: 'static>(&self, mounts: &'static [MountFn<S>]) {
        let mut kept = self.mounts.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.iter().any(|kept| kept.is::<&'static [MountFn<S>]>()) {
            kept.push(Box::new(mounts));
        }
    }

    /// What serves the table in routers with this state. Handlers do not carry it with them: a handler without data
    /// is one that axum clones without an allocation.
    pub(crate) fn kept<S: 'static>(&self) -> &'static [MountFn<S>] {
        let kept = self.mounts.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find_map(|kept| kept.downcast_ref::<&'static [MountFn<S>]>())
            .copied()
            .unwrap_or_default()
    }
}

/// Rules as tests write them.
#[cfg(test)]
pub(crate) mod short {
    use super::{Action, Param, Part, Rule, Verbs, written};
    use crate::value::Kind;

    /// Any number that only one name has will do.
    pub(crate) const fn id(name: &str) -> u64 {
        let (mut id, mut rest) = (0, name.as_bytes());
        while let [byte, others @ ..] = rest {
            id = id << 8 | *byte as u64;
            rest = others;
        }
        id
    }

    pub(crate) const fn action(handler: &'static str, verbs: u16, line: u32, column: u32) -> Action {
        Action {
            handler,
            id: id(handler),
            verbs: Verbs(verbs),
            line,
            column,
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
            integers: written::integers(Part::all(params)),
            params: Part::all(params),
            actions: Part::all(actions),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::short::rule;

    #[test]
    fn parameters_have_the_names_of_their_path() {
        let rule = rule("/a/{id}/b/{*rest}", 0, &[], &[]);
        assert_eq!(rule.param_name(0), "id");
        assert_eq!(rule.param_name(1), "rest");
        assert_eq!(rule.param_name(2), "");
    }
}
