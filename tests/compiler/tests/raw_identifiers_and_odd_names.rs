use axum::extract::Path;
use bluegate::{resource, routes};

struct r#Struct;

#[resource(name = "généreux-users: \"quoted\" {braces}")]
impl r#Struct {
    async fn get() {}

    async fn post() {}

    async fn any() {}

    #[handler]
    async fn r#type(Path(_): Path<i64>) {}

    fn delete(Path(_): Path<i64>) -> impl Future<Output = ()> + Send {
        async {}
    }
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./odd.json");
}
