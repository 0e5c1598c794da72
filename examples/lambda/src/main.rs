//! The kiosk as a Lambda function. Lambda starts it and gives it one event after the other.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    kiosk::run().await
}
