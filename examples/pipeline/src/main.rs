//! `pipeline plan|deploy ROUTES AWS_FILE`, with a line of JSON on standard output for each thing that happens.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use bluegate_deploy::api::{Clock, RetryPolicy, Retrying};
use bluegate_deploy::sdk::connect;
use bluegate_deploy::{Address, Deployer};
use pipeline::Stop;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match work().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn work() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (stop, routes, aws) = match words[..] {
        ["plan", routes, aws] => (Stop::AfterPlan, routes, aws),
        ["deploy", routes, aws] => (Stop::Never, routes, aws),
        _ => return Err("usage: pipeline plan|deploy ROUTES AWS_FILE".into()),
    };
    let (document, environment) = pipeline::read(Path::new(routes), Path::new(aws))?;
    let client = connect(&environment).await?;
    let address = Address::from(client.destination());
    let clock = Clock::within(Duration::from_secs(600));
    let gateway = Retrying::new(client, RetryPolicy::default(), clock.clone(), |_, _| {});
    let deployer = Deployer::new(gateway, clock, environment).at(address);
    pipeline::run(&deployer, &document, stop, &mut std::io::stdout()).await?;
    Ok(())
}
