use bluegate::resource;

struct Users;

#[resource("users")]
impl Users {
    async fn get() {}
}

fn main() {}
