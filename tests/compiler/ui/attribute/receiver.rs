use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(&self) {}

    #[handler]
    fn show(self: Box<Self>) {}
}

fn main() {}
