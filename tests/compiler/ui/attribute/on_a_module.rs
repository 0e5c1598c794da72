use bluegate::resource;

#[resource(name = "users")]
mod users {}

fn main() {}
