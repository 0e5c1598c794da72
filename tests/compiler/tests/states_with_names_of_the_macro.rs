//! States that are called what the macro calls its own items.

use axum::Router;
use bluegate::{resource, routes};

#[derive(Clone)]
struct R;

mod b {
    #[derive(Clone)]
    pub struct TABLE;
}

struct Later;

#[resource(name = "later")]
impl Later {
    async fn get() {}
}

fn generic<R0: Clone + Send + Sync + 'static>() -> Router<R0> {
    routes!("./later.json", R0)
}

routes!(struct Api = "./later.json", R);

#[test]
fn it_fits() {
    let struct_named: Router = routes!("./later.json", R).with_state(R);
    let in_module: Router = routes!("./later.json", b::TABLE).with_state(b::TABLE);
    let item: Router = Api::router().with_state(R);
    let _ = (struct_named, in_module, item, generic::<R>());
}
