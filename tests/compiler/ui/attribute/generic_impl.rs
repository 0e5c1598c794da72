use bluegate::resource;

struct Users<D, const N: usize>(D);

#[resource(name = "users")]
impl<D: Send + 'static> Users<D, 1> {
    async fn get() {}
}

#[resource(name = "members", state = Option<D>)]
impl<D: Clone + Send + Sync + 'static, const N: usize> Users<D, N> {
    #[handler]
    async fn list() {}
}

#[resource(name = "people", state = D, handlers(show = show))]
impl<D: Clone + Send + Sync + 'static> Users<D, 2> {}

#[resource(name = "persons", state = D)]
impl<D: Clone + Send + Sync + 'static> Users<D, 3> {
    async fn put(#[cfg(nothing)] _: String) {}
}

async fn show() {}

fn main() {}
