use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    async unsafe fn get() {}
}

fn main() {}
