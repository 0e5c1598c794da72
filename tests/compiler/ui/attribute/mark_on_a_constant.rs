use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    const LIMIT: u8 = 100;

    #[handler]
    async fn show() {}
}

fn main() {}
