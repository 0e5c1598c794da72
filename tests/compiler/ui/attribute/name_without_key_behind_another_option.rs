use bluegate::resource;

struct State;
struct Users;

#[resource(state = State, "users")]
impl Users {
    async fn get() {}
}

fn main() {}
