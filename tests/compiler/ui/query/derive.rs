use bluegate::QueryParams;

#[derive(QueryParams)]
struct Flat {
    page: u32,
    #[serde(flatten)]
    rest: Page,
}

#[derive(QueryParams)]
struct Pair(u32, u32);

#[derive(QueryParams)]
struct Page;

#[derive(QueryParams)]
enum Sort {
    Asc,
    By(u32),
}

#[derive(QueryParams)]
#[query_params(gate)]
struct Other {
    page: u32,
}

fn main() {}
