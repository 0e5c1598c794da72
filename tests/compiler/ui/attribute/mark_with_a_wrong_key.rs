use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler(name = "show")]
    async fn show() {}
}

fn main() {}
