use bluegate::resource;

#[resource(name = "users", handlers(get, lits))]
struct Users;

impl Users {
    async fn get() {}

    async fn list() {}
}

fn main() {}
