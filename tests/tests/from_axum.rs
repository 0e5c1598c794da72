//! A service before and after, and the page that shows both.

#![expect(
    unreachable_pub,
    missing_debug_implementations,
    reason = "the page shows code as a service has it"
)]

#[path = "from_axum/before.rs"]
mod before;
#[path = "from_axum/block.rs"]
mod block;
#[path = "from_axum/functions.rs"]
mod functions;
#[path = "from_axum/generic.rs"]
mod generic;
#[path = "from_axum/several.rs"]
mod several;
#[path = "from_axum/shared.rs"]
mod shared;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt as _;

use shared::AppState;

const BOOK: &str = r#"{"title":"Emma"}"#;

async fn asked(app: &Router, method: &str, path: &str, token: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header("authorization", token)
        .header("content-type", "application/json");
    let body = if method == "PUT" {
        Body::from(BOOK)
    } else {
        Body::empty()
    };
    let response = app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn the_service_does_afterwards_what_it_did_before() {
    let answers = async |app: Router| {
        let mut answers = Vec::new();
        for (method, path, token) in [
            ("PUT", "/api/books/7", "Bearer nobody"),
            ("GET", "/api/books/7", ""),
            ("PUT", "/api/books/7", "Bearer clerk"),
            ("GET", "/api/books/7", ""),
            ("GET", "/api/books", ""),
            ("HEAD", "/api/books", ""),
            ("GET", "/health", ""),
        ] {
            answers.push(asked(&app, method, path, token).await);
        }
        answers
    };
    let before = answers(before::app(AppState::default())).await;
    assert_eq!(before[0].0, 401);
    assert_eq!(before[1], (404, "no such book".to_owned()));
    assert_eq!(before[3], (200, BOOK.to_owned()));
    assert_eq!(answers(functions::app(AppState::default())).await, before);
    assert_eq!(answers(block::app(AppState::default())).await, before);
}

/// What the page says of requests that no handler answers.
#[tokio::test]
async fn what_no_handler_answers_is_answered_as_the_page_says() {
    let apps = [before::app, functions::app, block::app].map(|app| app(AppState::default()));
    let mut lines = Vec::new();
    for (method, path) in [
        ("GET", "/api/films"),
        ("POST", "/api/books"),
        ("GET", "/api/books/x"),
        ("GET", "/api//books"),
        ("OPTIONS", "/api/books"),
    ] {
        let mut line = format!("| `{method} {path}` |");
        for app in &apps {
            line += &format!(" {} |", asked(app, method, path, "").await.0);
        }
        lines.push(line);
    }
    for line in lines {
        assert!(PAGE.contains(&line), "the page does not have: {line}");
    }
}

#[derive(Clone)]
struct Memory;

impl generic::Repo for Memory {
    fn title(&self, id: u32) -> Option<String> {
        (id == 7).then(|| "Emma".to_owned())
    }
}

#[tokio::test]
async fn a_service_of_any_state_and_one_of_several_blocks_answer() {
    let generic = generic::app(Memory);
    assert_eq!(asked(&generic, "GET", "/api/books/7", "").await.1, "Emma");
    let several = several::app();
    assert_eq!(asked(&several, "GET", "/api/books/7", "").await.0, 200);
    assert_eq!(asked(&several, "PUT", "/api/books/7", "").await.0, 200);
}

const PAGE: &str = include_str!("../../docs/axum.md");

#[test]
fn all_code_of_the_page_is_tested() {
    let sources = [
        ("block", include_str!("from_axum/block.rs")),
        ("functions", include_str!("from_axum/functions.rs")),
        ("functions", include_str!("from_axum/functions.json")),
        ("generic", include_str!("from_axum/generic.rs")),
        ("several", include_str!("from_axum/several.rs")),
        ("before", include_str!("from_axum/before.rs")),
    ];
    // A program has one resource of a name; the page shows one service.
    let shown = sources.map(|(name, source)| {
        let source = source.replace(&format!("./{name}.json"), "routes.json");
        source.replace(&format!("\"{name}\""), "\"books\"")
    });
    let blocks: Vec<&str> = PAGE
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.strip_prefix("rust\n").or(block.strip_prefix("json\n")))
        .collect();
    assert_eq!(blocks.len(), 6, "{blocks:?}");
    for block in blocks {
        assert!(
            shown.iter().any(|source| source.contains(block)),
            "no test has:\n{block}"
        );
    }
}
