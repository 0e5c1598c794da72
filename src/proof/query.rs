//! What the compiler can tell of an extractor of the query string: see `params` for how it is asked.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::marker::PhantomData;

use axum::Form;
use axum::extract::Query;

use super::params::{Inside, Probe, Reads, Shape};
use super::value::Value;

impl<T: Queries> Probe<T> {
    /// How it reads the query string.
    pub const QUERY: Option<Reads> = Some(T::READS);
}

impl<T: Queries<Contents: QueryParams>> Probe<T> {
    /// What it takes of it.
    pub const QUERY_SHAPE: Shape = <T::Contents as QueryParams>::SHAPE;
}

impl<T: QueryParams> Inside<T> {
    /// What it takes of a query string.
    pub const QUERY_SHAPE: Shape = T::SHAPE;
}

impl<T: QueryValue> Inside<T> {
    /// What it holds of one parameter.
    pub const QUERY_VALUE: Value = T::VALUE;
}

/// An extractor that reads the query string.
pub trait Queries {
    /// How it does.
    const READS: Reads;
    /// What it is read into.
    type Contents;
}

impl<T> Queries for Query<T> {
    const READS: Reads = Reads {
        is_optional: false,
        has_lists: false,
    };
    type Contents = T;
}

/// A form in a handler of `GET`, where axum reads the query string and no body
/// ([`Form`](https://docs.rs/axum/0.8/axum/struct.Form.html#as-extractor)).
#[derive(Debug)]
pub struct FormOfGet<T>(PhantomData<T>);

impl<T> Queries for FormOfGet<Form<T>> {
    const READS: Reads = <Query<T> as Queries>::READS;
    type Contents = T;
}

#[cfg(feature = "axum-extra")]
impl<T> Queries for FormOfGet<axum_extra::extract::Form<T>> {
    const READS: Reads = <axum_extra::extract::Query<T> as Queries>::READS;
    type Contents = T;
}

#[cfg(feature = "axum-extra")]
impl<T> Queries for axum_extra::extract::Query<T> {
    const READS: Reads = Reads {
        is_optional: false,
        has_lists: true,
    };
    type Contents = T;
}

#[cfg(feature = "axum-extra")]
impl<T> Queries for axum_extra::extract::OptionalQuery<T> {
    const READS: Reads = Reads {
        is_optional: true,
        has_lists: true,
    };
    type Contents = T;
}

impl Queries for () {
    const READS: Reads = <Query<()> as Queries>::READS;
    type Contents = ();
}

impl<T: TakesQuery<Inner: Queries>> Queries for T {
    const READS: Reads = <T::Inner as Queries>::READS;
    type Contents = <T::Inner as Queries>::Contents;
}

#[doc = include_str!("../docs/takes_query.md")]
pub trait TakesQuery {
    /// The extractor that it stands for: a `Query<T>`, another one with this trait, or `()` when it takes nothing of the
    /// query string.
    type Inner;
}

#[cfg(feature = "axum-extra")]
impl<E, R> TakesQuery for axum_extra::extract::WithRejection<E, R> {
    type Inner = E;
}

/// A type whose way of taking a query string is known. `#[derive(QueryParams)]` implements it.
pub trait QueryParams {
    /// What it takes: fields, or the one value of [`Shape::Values`] for every parameter.
    const SHAPE: Shape;
}

/// A type that takes one parameter of a query string and whose values are known.
pub trait QueryValue {
    /// What it holds.
    const VALUE: Value;
}

impl QueryParams for () {
    const SHAPE: Shape = Shape::Free;
}

impl<T: QueryParams> QueryParams for Box<T> {
    const SHAPE: Shape = T::SHAPE;
}

/// What takes every parameter, whatever its name.
macro_rules! maps {
    ($(($($generics:tt)*) $type:ty;)+) => {
        $(
            impl<$($generics)*> QueryParams for $type {
                const SHAPE: Shape = Shape::Values(&[V::VALUE]);
            }
        )+
    };
}

maps! {
    (K, V: QueryValue, S) HashMap<K, V, S>;
    (K, V: QueryValue) BTreeMap<K, V>;
    (K, V: QueryValue) Vec<(K, V)>;
}

// `Option<Vec<_>>` of axum-extra refuses a list of one value.
impl<T: QueryValue> QueryValue for Option<T> {
    const VALUE: Value = match T::VALUE {
        Value::List(_) => Value::Nothing { name: "Option<Vec<_>>" },
        value => value,
    };
}

/// What takes all values of one name.
macro_rules! lists {
    ($(($($generics:tt)*) $type:ty;)+) => {
        $(
            impl<$($generics)*> QueryValue for $type {
                const VALUE: Value = Value::List(&T::VALUE);
            }
        )+
    };
}

lists! {
    (T: QueryValue) Vec<T>;
    (T: QueryValue) BTreeSet<T>;
    (T: QueryValue, S) HashSet<T, S>;
}

#[cfg(test)]
mod tests;
