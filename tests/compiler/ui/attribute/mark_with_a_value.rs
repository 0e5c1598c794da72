use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler = "show"]
    async fn show() {}
}

fn main() {}
