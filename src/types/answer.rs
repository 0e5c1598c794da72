//! What handlers answer.

use std::any::TypeId;
use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{Html, NoContent, Redirect, Sse};
use axum::{Form, Json};
use serde_json::Value;

use super::body::{BYTES, FORM, JSON, TEXT};
use super::models::Model;

#[doc = include_str!("../docs/answers.md")]
pub trait Answers {
    /// What it stands for: a `Json<T>`, a tuple with one, or another type with this trait or the derive.
    type Inner;
}

/// An answer of which it is known what it is. `#[derive(Answers)]` implements it.
pub trait Gives {
    /// What is in its body.
    type Contents;

    /// Adds what it answers, with what is known about its contents.
    fn given(model: Option<Model>, to: &mut Vec<Given>);
}

impl<T: Answers<Inner: Gives>> Gives for T {
    type Contents = <T::Inner as Gives>::Contents;

    fn given(model: Option<Model>, to: &mut Vec<Given>) {
        T::Inner::given(model, to);
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Given {
    pub(super) status: Status,
    pub(super) description: &'static str,
    pub(super) body: Option<(&'static str, Option<Model>)>,
    /// The names of headers.
    pub(super) headers: &'static [&'static str],
}

/// How the status of an answer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// The type has it.
    Always(u16),
    /// The type leaves it at that, and layers may change it.
    Usually(u16),
    /// It is a value.
    Any,
}

impl Given {
    pub(super) fn new(status: Status) -> Self {
        Given {
            status,
            description: "",
            body: None,
            headers: &[],
        }
    }
}

/// What never answers.
#[derive(Debug)]
pub struct Never;

impl Gives for Never {
    type Contents = ();

    fn given(_: Option<Model>, _: &mut Vec<Given>) {}
}

/// Answers with the status 200 and a body of a media type.
macro_rules! bodies {
    ($(($($generics:tt)*) $type:ty => $media:expr, $contents:ty;)+) => {
        $(
            impl<$($generics)*> Gives for $type {
                type Contents = $contents;

                fn given(model: Option<Model>, to: &mut Vec<Given>) {
                    to.push(Given {
                        body: Some(($media, model)),
                        ..Given::new(Status::Usually(200))
                    });
                }
            }
        )+
    };
}

bodies! {
    (T) Json<T> => JSON, T;
    (T) Form<T> => FORM, T;
    (T) Html<T> => "text/html", String;
    (S) Sse<S> => "text/event-stream", String;
    () String => TEXT, String;
    () &'static str => TEXT, String;
    () Box<str> => TEXT, String;
    () Cow<'static, str> => TEXT, String;
    () Bytes => BYTES, Value;
    () Vec<u8> => BYTES, Value;
    () Box<[u8]> => BYTES, Value;
    () &'static [u8] => BYTES, Value;
}

/// Answers without a body.
macro_rules! bare {
    ($($type:ty => $status:expr, $headers:expr;)+) => {
        $(
            impl Gives for $type {
                type Contents = ();

                fn given(_: Option<Model>, to: &mut Vec<Given>) {
                    to.push(Given {
                        headers: &$headers,
                        ..Given::new($status)
                    });
                }
            }
        )+
    };
}

bare! {
    () => Status::Usually(200), [];
    NoContent => Status::Always(204), [];
    StatusCode => Status::Any, [];
    // Which of the three statuses of a redirect it has is a value; this is what `Redirect::to` makes.
    Redirect => Status::Usually(303), ["location"];
}

/// What stands before the body in a tuple. Headers are values, which the type does not tell.
macro_rules! tuples {
    ($(($($part:ident)+);)+) => {
        $(
            impl<$($part: 'static,)+ R: Gives> Gives for ($($part,)+ R) {
                type Contents = R::Contents;

                fn given(model: Option<Model>, to: &mut Vec<Given>) {
                    let start = to.len();
                    R::given(model, to);
                    let status = TypeId::of::<StatusCode>();
                    if [$(TypeId::of::<$part>()),+].contains(&status) {
                        to[start..].iter_mut().for_each(|given| given.status = Status::Any);
                    }
                }
            }
        )+
    };
}

tuples! {
    (A);
    (A B);
    (A B C);
    (A B C D);
    (A B C D E);
    (A B C D E F);
    (A B C D E F G);
    (A B C D E F G H);
}
