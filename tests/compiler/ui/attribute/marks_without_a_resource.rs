use bluegate::handler;

struct Users;

impl Users {
    #[handler]
    async fn show() {}

    #[handler]
    async fn list() {}
}

fn main() {}
