//! What the code of `#[resource]` asks about the signature of a handler.
//!
//! A question is a method of [`Seen`]: one of the type itself wins over one of the trait [`Untyped`], as with the
//! constants of the proof.

#![expect(clippy::unused_self, reason = "the type of what is asked is the question")]

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::{Given, Gives, Never, Status};
use super::body::Body;
use super::models::Model;
use super::wire::{Json, Text, Wire};
use crate::proof::{Extracts, Queries, Seen, Signature, TakesHeader};

/// What is known of an argument or of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub(super) form: Form,
    /// What its contents are.
    pub(super) model: Option<Model>,
}

/// What an argument takes, or an answer gives.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Nothing is known.
    Unknown,
    /// Nothing that a file tells of.
    Nothing,
    /// A body of a media type.
    Body {
        /// The media type.
        media: &'static str,
        /// Whether a request without it is refused.
        is_required: bool,
    },
    /// Parameters of the query string, which are the fields of the contents.
    Query {
        /// Whether it takes several of one name.
        has_lists: bool,
    },
    /// A header.
    Header {
        /// Its name.
        name: &'static str,
        /// Whether a request without it is refused.
        is_required: bool,
    },
    /// Answers, with the contents that the compiler knows.
    Given(fn(Option<Model>, &mut Vec<Given>)),
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Unknown => "Unknown",
            Form::Nothing => "Nothing",
            Form::Body { media, .. } => media,
            Form::Query { .. } => "Query",
            Form::Header { name, .. } => name,
            Form::Given(_) => "Given",
        })
    }
}

const NOTHING: Look = Look {
    form: Form::Nothing,
    model: None,
};

const UNKNOWN: Look = Look {
    form: Form::Unknown,
    model: None,
};

impl Given {
    /// An answer that an attribute tells.
    #[must_use]
    pub fn said(
        status: u16,
        description: &'static str,
        headers: &'static [&'static str],
        body: Option<(&'static str, Look)>,
    ) -> Self {
        Given {
            description,
            headers,
            body: body.map(|(media, look)| (media, look.model)),
            ..Given::new(Status::Always(status))
        }
    }
}

/// What is in a body, a query string or an answer, and how it travels.
pub struct Contents<C, W = Json> {
    form: Form,
    of: PhantomData<fn() -> (C, W)>,
}

impl<C, W> Clone for Contents<C, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C, W> Copy for Contents<C, W> {}

impl<C, W> fmt::Debug for Contents<C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.fmt(f)
    }
}

impl<C, W> Contents<C, W> {
    const fn new(form: Form) -> Self {
        Contents { form, of: PhantomData }
    }

    fn told(&self, model: Option<Model>) -> Look {
        Look { form: self.form, model }
    }
}

/// Contents by themselves.
#[must_use]
pub const fn contents<C>() -> Contents<C> {
    Contents::new(Form::Nothing)
}

/// The arguments of a function, and its answer.
pub fn signature<F, A>(_: F) -> (F::Seen, Seen<<F::Returned as Future>::Output>)
where
    F: Signature<A, Returned: Future>,
{
    (F::SEEN, Seen::IT)
}

impl<T> Seen<T> {
    /// Its type, without the modules.
    #[must_use]
    pub fn bluegate_name(self) -> String {
        without_modules(std::any::type_name::<T>())
    }
}

impl<T: Body> Seen<T> {
    /// The body that it takes.
    #[must_use]
    pub fn bluegate_body(self) -> Contents<T::Contents, T::Wire> {
        Contents::new(match T::MEDIA {
            Some(media) => Form::Body {
                media,
                is_required: T::IS_REQUIRED,
            },
            None => Form::Nothing,
        })
    }
}

impl<T: Queries> Seen<T> {
    /// What it takes of the query string.
    #[must_use]
    pub fn bluegate_query(self) -> Contents<T::Contents, Text> {
        Contents::new(Form::Query {
            has_lists: T::READS.has_lists,
        })
    }
}

impl<T: TakesHeader> Seen<T> {
    /// The header that it takes.
    #[must_use]
    pub fn bluegate_header(self) -> Look {
        let form = Form::Header {
            name: T::NAME,
            is_required: T::REQUIRED,
        };
        Look { form, model: None }
    }
}

impl<T: Extracts> Seen<T> {
    /// What it takes of the path, which the file of routes tells.
    #[must_use]
    pub fn bluegate_path(self) -> Look {
        NOTHING
    }
}

impl<T: Gives> Seen<T> {
    /// What it answers.
    #[must_use]
    pub fn bluegate_answer(self) -> Contents<T::Contents> {
        Contents::new(Form::Given(T::given))
    }
}

impl<A, E> Seen<Result<A, E>> {
    /// What is answered when all is well.
    #[must_use]
    pub fn bluegate_ok(self) -> Seen<A> {
        Seen::IT
    }

    /// What is answered when it is not.
    #[must_use]
    pub fn bluegate_err(self) -> Seen<E> {
        Seen::IT
    }
}

/// The answers for types that nothing is known about.
pub trait Untyped: Sized {
    /// It is not known to take a body.
    fn bluegate_body(self) -> Contents<()> {
        Contents::new(Form::Unknown)
    }

    /// It is not known to read the query string.
    fn bluegate_query(self) -> Contents<()> {
        Contents::new(Form::Unknown)
    }

    /// It is not known to take a header.
    fn bluegate_header(self) -> Look {
        UNKNOWN
    }

    /// It is not known to take anything of the path.
    fn bluegate_path(self) -> Look {
        UNKNOWN
    }

    /// It is not known what it answers.
    fn bluegate_answer(self) -> Contents<()> {
        Contents::new(Form::Unknown)
    }

    /// It answers as it does.
    fn bluegate_ok(self) -> Self {
        self
    }

    /// It has no other answer.
    fn bluegate_err(self) -> Seen<Never> {
        Seen::IT
    }
}

impl<T> Untyped for Seen<T> {}

/// What tells of contents, the first that can: `(&&&&&&contents).bluegate_model()` takes away one reference after the
/// other until one of them is implemented.
macro_rules! tells {
    ($($name:ident)+) => {
        $(
            /// One of those that tell.
            pub trait $name {
                /// The model, if there is one.
                fn bluegate_model(self) -> Look;
            }
        )+
    };
}

tells!(Tell1 Tell2 Tell3 Tell4 Tell5 Tell6 Tell7);

impl<C: JsonSchema + DeserializeOwned + Serialize, W: Wire> Tell1 for &&&&&&Contents<C, W> {
    fn bluegate_model(self) -> Look {
        self.told(Some(Model::of::<C>().read_and_written::<C, W>()))
    }
}

impl<C: JsonSchema + DeserializeOwned, W: Wire> Tell2 for &&&&&Contents<C, W> {
    fn bluegate_model(self) -> Look {
        self.told(Some(Model::of::<C>().read::<C, W>()))
    }
}

impl<C: JsonSchema, W> Tell3 for &&&&Contents<C, W> {
    fn bluegate_model(self) -> Look {
        self.told(Some(Model::of::<C>()))
    }
}

#[cfg(feature = "utoipa")]
impl<C: ::utoipa::ToSchema + DeserializeOwned + Serialize, W: Wire> Tell4 for &&&Contents<C, W> {
    fn bluegate_model(self) -> Look {
        self.told(Some(Model::of_utoipa::<C>().read_and_written::<C, W>()))
    }
}

#[cfg(feature = "utoipa")]
impl<C: ::utoipa::ToSchema + DeserializeOwned, W: Wire> Tell5 for &&Contents<C, W> {
    fn bluegate_model(self) -> Look {
        self.told(Some(Model::of_utoipa::<C>().read::<C, W>()))
    }
}

#[cfg(feature = "utoipa")]
impl<C: ::utoipa::ToSchema, W> Tell6 for &Contents<C, W> {
    fn bluegate_model(self) -> Look {
        self.told(Some(Model::of_utoipa::<C>()))
    }
}

impl<C, W> Tell7 for Contents<C, W> {
    fn bluegate_model(self) -> Look {
        self.told(None)
    }
}

/// `Json<Book>` of `axum::json::Json<shop::books::Book>`.
fn without_modules(name: &str) -> String {
    let mut plain = String::new();
    let mut word = String::new();
    for sign in name.chars() {
        match sign {
            ':' => word.clear(),
            sign if sign.is_alphanumeric() || sign == '_' => word.push(sign),
            sign => {
                plain.push_str(&word);
                word.clear();
                plain.push(sign);
            }
        }
    }
    plain + &word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_type_is_shown_without_its_modules() {
        let name = "core::result::Result<axum::json::Json<alloc::vec::Vec<shop::Book>>, (u8, &str)>";
        assert_eq!(without_modules(name), "Result<Json<Vec<Book>>, (u8, &str)>");
    }
}
