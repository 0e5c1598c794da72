use bluegate::resource;

struct Users<'a>(&'a str);

#[resource(nam = "users")]
impl<'a> Users<'a> {
    async fn get() {}
}

// The impl block stays, so that this is no further error.
fn main() {
    let _ = Users::get;
    let _ = Users("").0;
}
