use bluegate::resource;

#[resource(name = "users", handlers(get, get))]
struct Users;

impl Users {
    async fn get() {}
}

fn main() {}
