use bluegate::resource;

struct Users;

#[resource(name = "users", part = 1)]
impl Users {}

#[resource(name = "orders", part = "2")]
impl Users {}

#[resource(name = "shops", part)]
impl Users {}

#[resource(name = "books", part = 2, part = 2)]
impl Users {}

#[resource(name = "pages", parts = 2)]
impl Users {}

fn main() {}
