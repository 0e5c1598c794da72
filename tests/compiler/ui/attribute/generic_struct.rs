use bluegate::resource;

#[resource(name = "users", handlers(get))]
struct Users<D>(D);

impl<D> Users<D> {
    async fn get() {}
}

fn main() {}
