use bluegate::resource;

struct Users;

#[resource(name = "users", name = "people")]
impl Users {
    async fn get() {}
}

fn main() {}
