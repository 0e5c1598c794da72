use bluegate::routes;

routes!(pub enum Api = "./users.json");

fn main() {}
