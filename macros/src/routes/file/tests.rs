use super::*;

#[test]
fn dots_are_taken_out_of_paths() {
    assert_eq!(tidy(Path::new("/a/./b/../c.json")), Path::new("/a/c.json"));
    assert_eq!(tidy(Path::new("../c.json")), Path::new("../c.json"));
}

#[test]
fn a_path_with_a_dot_starts_at_the_source_file() {
    let path = located("./routes.json", Some(Path::new("/crate/src/api.rs")));
    assert_eq!(path, Some(PathBuf::from("/crate/src/routes.json")));
    let path = located("../routes.json", Some(Path::new("/crate/src/api.rs")));
    assert_eq!(path, Some(PathBuf::from("/crate/routes.json")));
}

#[test]
fn without_a_source_file_the_usual_folders_are_looked_through() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(likely(root, "./lib.rs"), root.join("src/lib.rs"));
    assert_eq!(likely(root, "./../src/routes.rs"), root.join("src/routes.rs"));
    assert_eq!(likely(root, "./nothing.json"), root.join("nothing.json"));
}

#[test]
fn a_file_beside_the_source_is_found() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    assert!(is_beside("routes.rs", Some(&source)));
    assert!(!is_beside("routes.json", Some(&source)) && !is_beside("routes.rs", None));
}

#[test]
fn messages_show_the_path_from_where_the_compiler_runs() {
    let path = Path::new("/home/shop/routes.json");
    assert_eq!(shown(path, Some(Path::new("/home"))), "shop/routes.json");
    assert_eq!(shown(path, Some(Path::new("/elsewhere"))), "/home/shop/routes.json");
    assert_eq!(shown(path, None), "/home/shop/routes.json");
}
