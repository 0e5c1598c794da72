//! The page that shows what the macros write is made of what they write.
//!
//! `EXPANSION=overwrite cargo test -p bluegate-macros expansion` writes it anew, after a change that is meant.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proc_macro2::TokenStream;
use quote::quote;

use crate::{resource, routes};

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("docs")
        .join(name)
}

/// The code of a page between fences, in its order.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, block)) = rest.split_once("```") {
        let (language, code) = block.split_once('\n').unwrap();
        let (code, after) = code.split_once("```").unwrap();
        found.push((language, code));
        rest = after;
    }
    found
}

fn formatted(code: &TokenStream) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args([
            "--edition",
            "2024",
            "--config",
            "max_width=110,use_small_heuristics=Max",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    write!(rustfmt.stdin.take().unwrap(), "{code}").unwrap();
    let output = rustfmt.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The page shows one file of the service whose first line is the attribute, so that lines and columns are its own.
fn expanded_resource(source: &str) -> String {
    let (attribute, item) = source.split_once('\n').unwrap();
    assert_eq!(attribute, "#[bluegate::resource(name = \"users\")]");
    let item: TokenStream = format!("\n{item}").parse().unwrap();
    formatted(&resource::expand(quote!(name = "users"), item))
}

fn expanded_routes() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("docs/expansion.json");
    let router = routes::expand(quote!("../docs/expansion.json", Db));
    formatted(&quote!(fn router() -> axum::Router<Db> { #router }))
        .replace(
            &format!("include_bytes!({file:?})"),
            "include_bytes!(\"/home/ann/shop/routes.json\")",
        )
        .replace(&file.display().to_string(), "routes.json")
}

#[test]
fn the_page_shows_what_the_macros_write() {
    let page = std::fs::read_to_string(docs("expansion.md")).unwrap();
    let blocks = blocks(&page);
    let [
        ("json", file),
        ("rust", users),
        ("rust", resource),
        ("rust", call),
        ("rust", router),
    ] = blocks[..]
    else {
        panic!("{blocks:?}");
    };
    assert_eq!(file, std::fs::read_to_string(docs("expansion.json")).unwrap());
    assert_eq!(
        call.trim(),
        "fn router() -> axum::Router<Db> {\n    bluegate::routes!(\"routes.json\", Db)\n}"
    );
    let written = [expanded_resource(users), expanded_routes()];
    if std::env::var("EXPANSION").is_ok_and(|what| what == "overwrite") {
        let fenced = |code: &str| format!("```rust\n{code}```");
        let page = page
            .replace(&fenced(resource), &fenced(&written[0]))
            .replace(&fenced(router), &fenced(&written[1]));
        std::fs::write(docs("expansion.md"), page).unwrap();
        return;
    }
    for (shown, written) in [resource, router].into_iter().zip(&written) {
        assert!(shown == written, "the page does not show this:\n{written}");
    }
}

#[test]
fn the_page_explains_parts_that_are_there() {
    let page = std::fs::read_to_string(docs("expansion.md")).unwrap();
    let mut explained = 0;
    let mut code = "";
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("\n| part | what it is for |\n|---|---|\n") {
        code = blocks(before).last().map_or(code, |(_, code)| code);
        let rows = after.lines().take_while(|line| line.starts_with("| `"));
        for row in rows {
            let part = row.split('`').nth(1).unwrap();
            assert!(code.contains(part), "no `{part}` in the code before it");
            explained += 1;
        }
        rest = after;
    }
    assert!(explained > 12, "{explained}");
}
