//! The shop behind its gateway: what callers see, and what the shop sees of them.

use bluegate_gateway::service::Gateway;
use bluegate_gateway::testing::TestGateway;
use serde_json::{Value, json};

fn gateway() -> TestGateway {
    let gateway = Gateway::from_files("routes.json", "aws.config.json", None).unwrap_or_else(|found| panic!("{found}"));
    TestGateway::of(gateway.backend(bookshop::app()))
}

#[tokio::test]
async fn books_are_open_to_everybody() {
    let gateway = gateway();
    let answer = gateway.get("/books?author=H.%20G.%20Wells").await.expect(200);
    assert_eq!(answer.service().uri(), "/api/books?author=H.%20G.%20Wells");
    let book = json!({"title": "Emma", "author": "Jane Austen", "genre": "fiction", "price": 9.5});
    let added = gateway.post("/books").json(&book).await.expect(201);
    assert_eq!(added.header("access-control-allow-origin"), Some("*"));
    // The gateway answers for the shop before a page asks.
    let preflight = gateway.options("/books").header("Origin", "https://a.example").await;
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert!(!preflight.has_reached_service());
}

#[tokio::test]
async fn a_book_is_removed_by_those_of_the_account() {
    let gateway = gateway();
    let refused = gateway.delete("/books/2").await.expect(403);
    assert_eq!(
        refused.json::<Value>(),
        json!({"message": "Missing Authentication Token"})
    );
    gateway
        .delete("/books/2")
        .signed_by("arn:aws:iam::111122223333:user/stranger")
        .await
        .expect(403);
    let clerk = "arn:aws:iam::000000000000:user/clerk";
    let removed = gateway.delete("/books/2").signed_by(clerk).await.expect(204);
    assert!(!removed.service().headers().contains_key("authorization"));
}

#[tokio::test]
async fn a_path_that_the_file_lacks_never_reaches_the_shop() {
    let answer = gateway().get("/cellar").await.expect(403);
    assert_eq!(
        answer.header("x-amzn-errortype"),
        Some("MissingAuthenticationTokenException")
    );
    assert!(!answer.has_reached_service());
}
