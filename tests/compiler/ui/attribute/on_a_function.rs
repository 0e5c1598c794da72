use bluegate::resource;

#[resource(name = "users")]
async fn users() {}

fn main() {}
