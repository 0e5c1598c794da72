//! `cargo demo`.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use bluegate_tests::binaries::{Profile, Program};
use bluegate_tests::{guard, http};

use crate::signals::Watched;

const LIMIT: Duration = Duration::from_secs(300);

/// The demo, and beside it what it would build: with other features, so anew.
fn demo() -> PathBuf {
    for program in [Program::Bluegate, Program::Bookshop] {
        program.build(Profile::Dev).expect("a program");
    }
    Program::Demo.build(Profile::Dev).expect("the demo")
}

fn run(arguments: &[&str]) -> guard::Finished {
    let demo = demo();
    let mut command = Command::new(&demo);
    command
        .args(arguments)
        .env("BLUEGATE_BIN_DIR", demo.parent().expect("a folder"));
    guard::run(&command, LIMIT).expect("a run")
}

#[test]
fn the_demo_shows_each_request_and_succeeds() {
    let shown = run(&["--once"]);
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    for line in [
        "bluegate deploy",
        "  GET /books/1 -> 200 {\"id\":1,\"title\":\"The Time Machine\"",
        "  POST /books -> 201 {\"id\":4,",
        "  PUT /books/4 -> 200 {\"id\":4,",
        "  DELETE /orders/",
        "  OPTIONS /books/4 -> 200 access-control-allow-methods: GET,PUT,PATCH,DELETE,OPTIONS\n",
        "  GET /books/one -> 404 {",
        "  DELETE /books/1 -> 403 {\"message\":\"Missing Authentication Token\"}\n",
        "  GET /nothing -> 403 {\"message\":\"Missing Authentication Token\"}\n",
    ] {
        assert!(shown.stdout.contains(line), "{line}: {}", shown.stdout);
    }
    assert!(!shown.stdout.contains("expected"), "{}", shown.stdout);
    for line in ["demo: starting an API Gateway\n", "Deployed 23 routes", "demo: stopped"] {
        assert!(shown.stderr.contains(line), "{line}: {}", shown.stderr);
    }
}

#[test]
fn the_demo_waits_for_a_signal_and_leaves_nothing_running() {
    let mut demo = Watched::start(&demo());
    let curl = demo.output.wait_for_line("  curl ", LIMIT).expect("a command line");
    let bookshop = demo
        .output
        .wait_for_line("demo: the bookshop listens on ", LIMIT)
        .expect("a URL");
    let by_hand = http::get(&curl).expect("an answer");
    assert_eq!(by_hand.status, 200);
    assert!(by_hand.text().contains("The Time Machine"), "{by_hand:?}");
    assert_eq!(
        http::get(&format!("{bookshop}/api/books")).expect("an answer").status,
        200
    );

    assert_eq!(
        demo.end("-INT"),
        ("0".to_owned(), String::new()),
        "{}",
        demo.output.tail()
    );
    assert!(http::get(&curl).is_err(), "the gateway still answers");
    assert!(http::get(&bookshop).is_err(), "the bookshop still answers");
}

#[test]
fn a_signal_before_the_demo_is_ready_ends_it_too() {
    let mut demo = Watched::start(&demo());
    demo.output.wait_for_line("demo: ", LIMIT).expect("a line");
    assert_eq!(
        demo.end("-TERM"),
        ("130".to_owned(), String::new()),
        "{}",
        demo.output.tail()
    );
    assert!(!demo.output.printed().contains("curl"), "{}", demo.output.tail());
}

#[test]
fn the_demo_explains_itself() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(help.stdout.contains("cargo demo [--once]"), "{help:?}");
    let wrong = run(&["--twice"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(wrong.stderr.contains("--twice"), "{wrong:?}");
}
