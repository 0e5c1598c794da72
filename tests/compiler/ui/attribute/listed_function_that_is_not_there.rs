use bluegate::resource;

mod books {
    pub async fn list() {}
}

#[resource(name = "books", handlers(get = books::lists))]
struct Books;

fn main() {}
