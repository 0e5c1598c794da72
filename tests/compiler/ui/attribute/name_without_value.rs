use bluegate::resource;

struct Users;

#[resource(name)]
impl Users {
    async fn get() {}
}

fn main() {}
