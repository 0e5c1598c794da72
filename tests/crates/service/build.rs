//! Writes a routes file, as a generator would.

fn main() {
    let folder = std::env::var("OUT_DIR").expect("Cargo sets it");
    let text = r#"{"blueprint": {"name": "made", "resources": [
        {"name": "orders", "methods": [{"path": "/orders", "actions": [{"type": "GET"}]}]}
    ]}}"#;
    std::fs::write(format!("{folder}/routes.json"), text).expect("Cargo makes the folder");
    println!("cargo::rustc-env=ROUTES_FILE={folder}/routes.json");
}
