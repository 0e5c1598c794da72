use bluegate::resource;

struct Users;

#[resource(name = "users" allow(unrouted))]
impl Users {
    async fn get() {}
}

fn main() {}
