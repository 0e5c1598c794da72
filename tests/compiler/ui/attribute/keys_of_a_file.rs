use bluegate::resource;

struct Users;

#[resource(name = "users", path = "/users")]
impl Users {
    async fn get() {}
}

fn main() {}
