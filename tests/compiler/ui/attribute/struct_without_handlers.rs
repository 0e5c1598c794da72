use bluegate::resource;

#[resource(name = "users")]
struct Users;

impl Users {
    async fn get() {}
}

fn main() {}
