//! A crate whose own names hide those that generated code may be tempted to use, under strict lints.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    redundant_lifetimes,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unnameable_types,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    unused_results
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::cargo)]
#![allow(clippy::cargo_common_metadata, clippy::multiple_crate_versions, clippy::unused_async)]
// The names of the module below are bad ones on purpose.
#![allow(non_camel_case_types, dead_code)]

/// Parameters of paths.
pub mod parameters {
    use bluegate::PathParams;
    use serde::Deserialize;

    /// By name.
    #[derive(Debug, Clone, Deserialize, PathParams)]
    #[serde(rename_all = "snake_case")]
    pub struct Place {
        /// Whose.
        #[serde(rename = "user_id")]
        pub user: f64,
        /// Which.
        pub order: String,
        /// Not in every path.
        pub page: Option<u8>,
    }

    /// Around one value.
    #[derive(Debug, Clone, Copy, Deserialize, PathParams)]
    pub struct Id(pub u8);
}

/// Names that hide those of the prelude.
pub mod hidden {
    macro_rules! hide {
        ($($name:ident)+) => {
            $(
                #[allow(unused_macros, clippy::disallowed_names)]
                macro_rules! $name {
                    ($d:tt) => {
                        ::core::compile_error!("a name of the user's own")
                    };
                }
            )+
        };
    }

    hide!(vec concat stringify panic compile_error include_bytes include_str env format assert matches module_path routes);

    macro_rules! types {
        ($($name:ident)+) => {
            $(
                #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
                pub(super) struct $name;
            )+
        };
    }

    /// Types with the names of the prelude and of primitive types.
    mod types {
        types!(Option Result Some None Ok Err Vec String Box Self_ bool str char u8 u16 u32 u64 usize i64 f64);
    }

    #[allow(unused_imports)]
    use types::*;

    mod traits {
        pub(super) trait Clone {}
        pub(super) trait Copy {}
        pub(super) trait Send {}
        pub(super) trait Sync {}
        pub(super) trait Sized {}
        pub(super) trait Fn {}
        pub(super) trait FnOnce {}
        pub(super) trait Into {}
        pub(super) trait Default {}
        pub(super) trait Handler {}
    }

    #[allow(unused_imports)]
    use traits::*;

    mod b {}
    mod core {}
    mod std {}
    mod axum {}
    mod bluegate {}
    mod inventory {}
    mod users {}

    use super::parameters::Id;
    use ::axum::extract::{Path, State};

    /// Known to bluegate, and not to serde, whose code the names above do break.
    #[derive(::core::fmt::Debug, ::bluegate::PathParams)]
    #[allow(dead_code)]
    struct Unread {
        id: ::core::primitive::u8,
        page: ::core::option::Option<::core::primitive::u8>,
    }

    /// The state.
    #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
    pub struct AppState;

    struct Users;

    /// People.
    #[::bluegate::resource(name = "users")]
    impl Users {
        /// All.
        async fn get(State(_): State<AppState>) {}

        async fn post(_: State<AppState>, _: ::axum::extract::Request) -> &'static ::core::primitive::str {
            "new"
        }

        #[::bluegate::handler]
        async fn show(Path(Id(_)): Path<Id>) {}

        #[::bluegate::handler]
        #[cfg(not(test))]
        async fn order(Path(place): Path<super::parameters::Place>) -> ::std::string::String {
            place.order
        }

        #[::bluegate::handler]
        #[cfg(test)]
        async fn order(_: Path<(::core::primitive::f32, ::core::primitive::char)>) {}

        #[::bluegate::handler(allow(unrouted))]
        async fn later() {}
    }

    /// Orders.
    #[::bluegate::resource(name = "orders", handlers(any))]
    #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
    pub struct Orders;

    impl Orders {
        async fn any(_: Path<::std::string::String>) {}
    }

    ::bluegate::routes!(
        /// What there is.
        pub struct Api = "routes.json", AppState
    );

    ::bluegate::routes!(
        pub(crate) struct Undocumented = concat!(env!("CARGO_MANIFEST_DIR"), "/routes.json"), AppState
    );

    /// The same as an expression.
    pub fn router() -> ::axum::Router<AppState> {
        ::bluegate::routes!("routes.json", AppState)
    }

    /// For a state that is not known here.
    pub fn generic<S>() -> ::axum::Router<S>
    where
        S: ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static,
    {
        ::bluegate::routes!("orders.json")
    }
}
