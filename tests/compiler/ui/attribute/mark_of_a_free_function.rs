use bluegate::handler;

#[handler]
async fn show() {}

fn main() {}
