//! What extractors take of the body.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::{Extension, Form, Json, OriginalUri, RawForm, RawQuery, State};
use axum::http::{HeaderMap, Method, Uri, Version};
use serde_json::Value;

use super::wire;
use crate::proof::Other;

/// An extractor of which it is known what it takes of the body.
pub trait Body {
    /// The media type; nothing when it leaves the body alone.
    const MEDIA: Option<&'static str>;
    /// Whether a request without it is refused.
    const IS_REQUIRED: bool = true;
    /// What it is read into.
    type Contents;
    /// How that travels.
    type Wire;
}

#[doc = include_str!("../docs/takes_body.md")]
pub trait TakesBody {
    /// The extractor that it stands for: a `Json<T>`, a `Form<T>`, another one with this trait, or `()` when it takes
    /// nothing of the body.
    type Inner;
}

impl<T: TakesBody<Inner: Body>> Body for T {
    const MEDIA: Option<&'static str> = <T::Inner as Body>::MEDIA;
    const IS_REQUIRED: bool = <T::Inner as Body>::IS_REQUIRED;
    type Contents = <T::Inner as Body>::Contents;
    type Wire = <T::Inner as Body>::Wire;
}

#[cfg(feature = "axum-extra")]
impl<E, R> TakesBody for axum_extra::extract::WithRejection<E, R> {
    type Inner = E;
}

/// JSON, where nothing else is said.
macro_rules! wire {
    () => {
        wire::Json
    };
    ($wire:ty) => {
        $wire
    };
}

macro_rules! bodies {
    ($($(#[$condition:meta])* ($($generics:tt)*) $type:ty => $media:expr, $contents:ty $(, $wire:ty)?;)+) => {
        $(
            $(#[$condition])*
            impl<$($generics)*> Body for $type {
                const MEDIA: Option<&'static str> = $media;
                type Contents = $contents;
                type Wire = wire!($($wire)?);
            }
        )+
    };
}

pub(super) const JSON: &str = "application/json";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const TEXT: &str = "text/plain";
pub(super) const BYTES: &str = "application/octet-stream";

bodies! {
    (T) Json<T> => Some(JSON), T;
    (T) Form<T> => Some(FORM), T, wire::Text;
    () RawForm => Some(FORM), Value;
    #[cfg(feature = "multipart")]
    () axum::extract::Multipart => Some("multipart/form-data"), Value;
    () String => Some(TEXT), String;
    () Cow<'static, str> => Some(TEXT), String;
    () Bytes => Some(BYTES), Value;
    // What leaves the body alone, and tells nothing of what callers send.
    () () => None, ();
    () Other => None, ();
    (S) State<S> => None, ();
    (T) Extension<T> => None, ();
    () HeaderMap => None, ();
    () Method => None, ();
    () Uri => None, ();
    () Version => None, ();
    () OriginalUri => None, ();
    () RawQuery => None, ();
    (T) axum::extract::Path<T> => None, ();
}

/// What serves requests without a body too.
macro_rules! optional {
    ($(($($generics:tt)*) $type:ty;)+) => {
        $(
            impl<T: Body, $($generics)*> Body for $type {
                const MEDIA: Option<&'static str> = T::MEDIA;
                const IS_REQUIRED: bool = false;
                type Contents = T::Contents;
                type Wire = T::Wire;
            }
        )+
    };
}

optional! {
    () Option<T>;
    (E) Result<T, E>;
}
