use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    #[cfg_attr(all(), handler)]
    async fn show() {}
}

fn main() {}
