use bluegate::routes;

routes!(struct Api, "./users.json");

fn main() {}
