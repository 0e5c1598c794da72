//! What was found of a handler.

use super::answer::{Given, Status};
use super::ask::{Form, Look};
use super::models::Model;

/// The handlers of a block, as `#[resource]` registers them: the resource, and each of them.
#[derive(Debug)]
pub struct Typed(pub &'static str, pub &'static [TypedHandler]);

inventory::collect!(Typed);

/// A handler: its name, its documentation, the status of answers whose types do not tell it, where 0 is none, what is
/// allowed there, with what of it the handler says itself in the upper four bits, and what asks about its types.
#[derive(Debug)]
pub struct TypedHandler(pub &'static str, pub &'static str, pub u16, pub u8, pub fn(&mut Found));

/// What a handler takes and gives.
#[derive(Debug, Default)]
pub struct Found {
    pub(super) body: Option<Taken>,
    /// Those of query strings, and whether they take several of one name.
    pub(super) queries: Vec<(Model, bool)>,
    pub(super) headers: Vec<(&'static str, bool)>,
    pub(super) answers: Vec<Given>,
    /// What tells nothing, as it is written.
    pub(super) unknown: Vec<String>,
}

/// The body that a handler takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) media: &'static str,
    pub(super) is_required: bool,
    pub(super) model: Option<Model>,
}

impl Found {
    /// What asking about an argument found.
    pub fn takes(&mut self, written: &str, looks: &[Look]) {
        let mut is_known = false;
        for Look { form, model } in looks {
            match (*form, *model) {
                (Form::Unknown | Form::Given(_), _) | (Form::Query { .. }, None) => continue,
                (Form::Nothing, _) => {}
                (Form::Query { has_lists }, Some(model)) => self.queries.push((model, has_lists)),
                (Form::Header { name, is_required }, _) => self.headers.push((name, is_required)),
                (Form::Body { media, is_required }, model) => {
                    let taken = Taken {
                        media,
                        is_required,
                        model,
                    };
                    self.body = Some(taken);
                    if model.is_none() {
                        continue;
                    }
                }
            }
            is_known = true;
        }
        if !is_known {
            self.unknown(written);
        }
    }

    /// What asking about an answer found.
    pub fn gives(&mut self, written: &str, is_error: bool, look: Look) {
        let Form::Given(given) = look.form else {
            self.unknown(written);
            return;
        };
        let start = self.answers.len();
        given(look.model, &mut self.answers);
        let is_open = |given: &Given| given.body.is_some_and(|(_, model)| model.is_none());
        if self.answers[start..].iter().any(is_open) {
            self.unknown(written);
        }
        if !is_error {
            // The answer of a handler that is all well, unless something says otherwise.
            let answers = self.answers[start..].iter_mut();
            for given in answers.filter(|given| given.status == Status::Any) {
                given.status = Status::Usually(200);
            }
        }
    }

    /// Something that tells nothing.
    pub fn unknown(&mut self, written: &str) {
        if !self.unknown.iter().any(|known| known == written) {
            self.unknown.push(written.to_owned());
        }
    }
}
