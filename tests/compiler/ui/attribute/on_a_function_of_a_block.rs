struct Users;

impl Users {
    #[bluegate::resource(name = "users")]
    async fn get() {}
}

fn main() {
    let _ = Users::get;
}
