use bluegate::resource;

struct Users;

#[resource(nam = "users")]
impl Users {
    async fn get() {}
}

fn main() {}
