//! Calls as they are.

use aws_config::{BehaviorVersion, SdkConfig};

use super::stand_in;
use crate::api::{Cause, Request};
use crate::sdk::destination::configured_endpoint;

#[tokio::test]
async fn an_answer_is_given_as_it_came_with_what_a_run_would_take_it_for() {
    let words = "There is already an update in progress. Please wait until the current update finishes.";
    let body = format!(r#"{{"message":"{words}"}}"#);
    let (client, asked) = stand_in(
        400,
        Some("BadRequestException:http://internal.amazon.com/"),
        body.clone(),
    );
    let request = Request {
        verb: "PATCH".into(),
        path: "/restapis/abc?a=b".into(),
        body: Some("{}".into()),
        ..Request::default()
    };
    let answer = client.control(&request).await.unwrap();
    assert_eq!((answer.status, answer.body), (400, body));
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.cause, Some(Cause::Busy { message: words.into() }));
    assert_eq!(asked.lock().unwrap()[0], "PATCH /restapis/abc?a=b HTTP/1.1\r\n");
}

#[tokio::test]
async fn what_succeeded_has_no_cause() {
    let (client, _) = stand_in(202, None, String::new());
    let answer = client.control(&Request::default()).await;
    assert!(answer.is_err(), "a request has a verb");
    let request = Request {
        verb: "DELETE".into(),
        path: "/restapis/abc".into(),
        ..Request::default()
    };
    let answer = client.control(&request).await.unwrap();
    assert_eq!((answer.status, answer.cause), (202, None));
}

#[test]
fn an_endpoint_that_is_named_for_a_run_is_that_of_all_services() {
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url("http://localhost:1")
        .build();
    for service in ["API Gateway", "STS"] {
        assert_eq!(
            configured_endpoint(&config, service).as_deref(),
            Some("http://localhost:1")
        );
    }
}
