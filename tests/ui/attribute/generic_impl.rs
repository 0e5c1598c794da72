use bluegate::resource;

struct Users<D>(D);

#[resource(name = "users")]
impl<D: Send + 'static> Users<D> {
    async fn get() {}
}

fn main() {}
