use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    #[handler]
    async fn show() {}
}

fn main() {}
