use bluegate::resource;

struct Users;

#[resource(name = "users", handlers(get, 1))]
impl Users {
    async fn get() {}
}

fn main() {}
