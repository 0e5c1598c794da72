use bluegate::resource;

struct Users;

#[resource(name = "users", allow)]
impl Users {
    async fn get() {}
}

fn main() {}
