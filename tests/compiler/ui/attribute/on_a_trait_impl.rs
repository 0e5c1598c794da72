use bluegate::resource;

struct Users;

trait Serve {
    async fn get();
}

#[resource(name = "users")]
impl Serve for Users {
    async fn get() {}
}

fn main() {}
