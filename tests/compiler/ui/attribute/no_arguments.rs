use bluegate::resource;

struct Users;

#[resource]
impl Users {
    async fn get() {}
}

fn main() {}
