use bluegate::resource;

struct Users;

#[resource(name = "users", handler(get))]
impl Users {
    async fn get() {}
}

fn main() {}
