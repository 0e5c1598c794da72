use bluegate::resource;

struct Users<T>(T);

#[resource(nam = "users")]
impl<T> Users<T> {
    async fn get() {}
}

// The impl block stays, so that this is no further error.
fn main() {
    let _ = Users::<u8>::get;
    let _ = Users(1).0;
}
