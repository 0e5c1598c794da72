use bluegate::routes;

routes!(struct Api = "./nowhere.json");

fn main() {
    println!("{}", Api::DIGEST);
}
