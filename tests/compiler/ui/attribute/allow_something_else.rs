use bluegate::resource;

struct Users;

#[resource(name = "users", allow(orphans))]
impl Users {
    async fn get() {}
}

fn main() {}
