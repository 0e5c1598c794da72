use bluegate::resource;

#[resource(name = "books", handlers(get = "list"))]
struct Books;

fn main() {}
