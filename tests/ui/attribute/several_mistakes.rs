use bluegate::resource;

struct Users;

#[resource(nam = "users")]
impl<T> Users {
    async fn get() {}
}

// The impl block stays, so that this is no further error.
fn main() {
    let _ = Users::get;
}
