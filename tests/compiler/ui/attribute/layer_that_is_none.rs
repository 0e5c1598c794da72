use bluegate::resource;

struct Users;

fn limits() -> u8 {
    5
}

#[resource(name = "users", layer = limits())]
impl Users {
    async fn get() {}

    #[handler(layer = axum::middleware::from_fn(nothing))]
    async fn post() {}
}

async fn nothing() {}

struct Books;

#[resource(name = "books", layer)]
impl Books {
    async fn get() {}
}

fn main() {}
