use bluegate::handler;

struct Users;

impl Users {
    #[handler]
    async fn show() {}
}

fn main() {}
