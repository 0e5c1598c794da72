//! Resources for the routers of other crates, and a router of its own.

mod users {
    /// Private to its module, in a library.
    struct Users;

    #[bluegate::resource(name = "users")]
    impl Users {
        async fn get() {}

        #[handler]
        async fn show(_: axum::extract::Path<u64>) {}
    }
}

/// A router whose state its users choose.
pub fn router<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    bluegate::routes!("routes.json")
}
