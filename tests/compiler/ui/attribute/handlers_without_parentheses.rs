use bluegate::resource;

struct Users;

#[resource(name = "users", handlers = [get])]
impl Users {
    async fn get() {}
}

fn main() {}
