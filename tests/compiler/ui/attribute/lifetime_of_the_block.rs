use bluegate::resource;

struct Users<'a>(&'a str);

#[resource(name = "users")]
impl<'a> Users<'a> {
    async fn get() {}
}

fn main() {
    let _ = Users("").0;
}
