//! A resource of several blocks.

use axum::Router;
use bluegate::routes;

// What the page shows …
mod reading {
    use axum::extract::Path;

    pub struct Books;

    #[bluegate::resource(name = "several")]
    impl Books {
        async fn get() {}

        #[handler]
        async fn show(_: Path<u32>) {}
    }
}

mod writing {
    use axum::extract::Path;

    use super::reading::Books;

    #[bluegate::resource(name = "several", part = 2)]
    impl Books {
        async fn put(_: Path<u32>, _: String) {}
    }
}
// … to here.

pub fn app() -> Router {
    routes!("./several.json")
}
