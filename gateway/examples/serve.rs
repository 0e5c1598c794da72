//! API Gateway on a port, without the command line:
//! `cargo run -p bluegate-gateway --example serve -- [--listen ADDRESS] [--now RFC3339] [--credential KEY:SECRET=ARN] [--log-dir DIR]`

use std::path::PathBuf;
use std::sync::Arc;

use bluegate_gateway::control::Control;
use bluegate_gateway::edge::{Clock, Server};
use bluegate_gateway::plane::Credential;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut credentials = vec![Credential::test()];
    let (mut listen, mut clock, mut logs) = ("127.0.0.1:4566".to_owned(), Clock::Machine, None);
    let mut words = std::env::args().skip(1);
    while let (Some(flag), Some(value)) = (words.next(), words.next()) {
        match flag.as_str() {
            "--listen" => listen = value,
            "--now" => clock = value.parse()?,
            "--credential" => credentials.push(value.parse()?),
            "--log-dir" => logs = Some(PathBuf::from(value)),
            _ => return Err(format!("{flag} is no option of this example").into()),
        }
    }
    let mut server = Server::new(Control::new(credentials), clock);
    if let Ok(url) = std::env::var("AWS_ENDPOINT_URL_LAMBDA") {
        server = server.with_functions(url);
    }
    if let Some(folder) = logs {
        server = server.with_logs(&folder)?;
    }
    let listener = TcpListener::bind(listen).await?;
    println!("AWS_ENDPOINT_URL=http://{}", listener.local_addr()?);
    Arc::new(server).serve(listener).await?;
    Ok(())
}
