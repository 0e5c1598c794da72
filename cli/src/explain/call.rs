//! What a failed call means to the person who made it, and what to do about it.

use crate::failure::Failure;

use bluegate_deploy::api::{CallError, Cause, Operation, Scope, resource};
use bluegate_deploy::sdk::{ConnectError, CredentialsOrigin, Destination};

/// The failure in words, with where the call went.
pub(crate) fn explain_call(error: &CallError, at: &Destination) -> Failure {
    let mut failure = Failure::new(error.cause.kind(), message(error, at)).with_help(help(error, at));
    if let Some(id) = &error.request_id {
        failure = failure.with_note(format!("AWS request id: {id}"));
    }
    failure
}

fn message(error: &CallError, at: &Destination) -> String {
    let operation = error.operation;
    let api = match &error.rest_api_id {
        Some(id) => format!(" of the API `{id}`"),
        None => String::new(),
    };
    let call = format!("{operation}{api}");
    let region = &at.region;
    let place = place(at);
    match &error.cause {
        Cause::NotFound { message } => match &error.rest_api_id {
            Some(id) if operation.is_about_the_api() => {
                format!("there is no REST API `{id}` in region `{region}`{}", account(at))
            }
            _ => format!("{call} found nothing: {}", words(message)),
        },
        Cause::AccessDenied { message } => {
            format!("AWS denies {call}: {}", words(message))
        }
        Cause::ExpiredToken => {
            format!("AWS refuses {call}: the session token has expired")
        }
        Cause::InvalidCredentials { code } => {
            format!("AWS refuses {call}: it does not accept the credentials ({code})")
        }
        Cause::ClockSkew => {
            format!("AWS refuses {call}: this machine's clock differs too much from AWS's")
        }
        Cause::Throttled { .. } => {
            format!("AWS throttles {call}: too many calls in this account and region")
        }
        Cause::QuotaReached { message } => {
            format!("{call} would exceed a quota of the account: {}", words(message))
        }
        Cause::Conflict { message } => format!(
            "{call} was refused because something else changes it: {}",
            words(message)
        ),
        Cause::Busy { message } => format!(
            "an update is in progress, somebody else's or one that is not done yet, and API Gateway does not begin \
             {call}: {}",
            words(message)
        ),
        Cause::Exists { message } => format!("{call} was refused because there is one already: {}", words(message)),
        Cause::Refused { message } => {
            format!("{} refuses {call}: {}", service(operation), words(message))
        }
        Cause::Unavailable { status, message, .. } => format!(
            "{} answered {call} with status {status}: {}",
            service(operation),
            words(message)
        ),
        Cause::UnknownHost => format!("{place} cannot be reached: its name has no address"),
        Cause::Unreachable { detail } => {
            format!("{place} cannot be reached: {}", words(detail))
        }
        Cause::Tls { detail } => {
            format!("there is no secure connection to {place}: {}", words(detail))
        }
        Cause::TimedOut => format!("{place} did not answer {call} in time"),
        Cause::DeadlinePassed => format!("the time was up during {call}"),
        Cause::Interrupted => format!("interrupted before {call} was done"),
        Cause::Garbled { status, content_type } => {
            let kind = match content_type {
                Some(kind) => format!(", content type {kind}"),
                None => String::new(),
            };
            let service = service(operation);
            format!("the answer to {call} is none of {service}'s (status {status}{kind})")
        }
        Cause::Other { code, message } => {
            let code = code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
            format!("{call} failed{code}: {}", words(message))
        }
    }
}

fn help(error: &CallError, at: &Destination) -> String {
    let region = &at.region;
    let origin = &at.credentials;
    match &error.cause {
        Cause::NotFound { .. } if error.operation == Operation::CreateDeployment => {
            "give every method an integration, and check that nobody deleted the API meanwhile".to_owned()
        }
        Cause::NotFound { .. } => format!(
            "check `rest_api_id` and `region`, and that {origin} belong to the API's account; \
             leave `rest_api_id` out to find the API by its name"
        ),
        Cause::AccessDenied { .. } => {
            let scope = Scope {
                region: Some(region.clone()),
                rest_api_id: error.rest_api_id.as_deref().map(str::to_owned),
                ..Scope::default()
            };
            let action = error.operation.iam_action();
            match resource(error.operation, &scope) {
                Some(resource) => format!("allow `{action}` on `{resource}` for {origin}"),
                None => format!("check {origin}: everybody may ask who they are"),
            }
        }
        Cause::ExpiredToken => match origin {
            CredentialsOrigin::AwsFile => {
                "put fresh keys and a fresh `session_token` into the AWS file, or none of them".to_owned()
            }
            CredentialsOrigin::Profile(name) => {
                format!("sign in again, such as with `aws sso login --profile {name}`")
            }
            CredentialsOrigin::DefaultChain => {
                "sign in again, such as with `aws sso login`, or renew AWS_SESSION_TOKEN".to_owned()
            }
        },
        Cause::InvalidCredentials { code } => {
            // AWS says so of every key in a region that the account did not ask for.
            let region = match code.as_str() {
                "UnrecognizedClientException" => format!("; and is the region `{region}` enabled in the account?"),
                _ => String::new(),
            };
            format!("check {origin}: the key may be deleted, mistyped, or of another partition of AWS{region}")
        }
        Cause::ClockSkew => "set the clock of this machine".to_owned(),
        Cause::Throttled { .. } => {
            "run the command again in a minute; other deployments of the account count too".to_owned()
        }
        Cause::QuotaReached { .. } => {
            "ask AWS to raise the quota, or remove what is not needed; waiting does not help".to_owned()
        }
        Cause::Conflict { .. } => "wait until the other deployment is done, then run the command again".to_owned(),
        Cause::Busy { .. } => "wait a minute, or a quarter of an hour after a change of the TLS policy, then run the \
                               command again"
            .to_owned(),
        Cause::Exists { .. } => "somebody made it meanwhile: run the command again".to_owned(),
        Cause::Refused { message } => match error.cause.warnings().as_slice() {
            [] => refused(error.operation, message).to_owned(),
            warnings => allowed(warnings),
        },
        Cause::Unavailable { .. } => "run the command again in a minute".to_owned(),
        Cause::UnknownHost | Cause::Unreachable { .. } => match &at.endpoint {
            Some(_) => "check AWS_ENDPOINT_URL, and that something listens there".to_owned(),
            None => {
                format!("check the network, HTTPS_PROXY, and that there is a region `{region}`")
            }
        },
        Cause::Tls { .. } => {
            "check the endpoint's scheme; a proxy's own certificate can be given with SSL_CERT_FILE".to_owned()
        }
        Cause::TimedOut => "run the command again; a large document takes a while".to_owned(),
        Cause::DeadlinePassed => "give it more time with `--timeout`, in seconds".to_owned(),
        Cause::Interrupted => "run the command again when you want it done".to_owned(),
        Cause::Garbled { .. } => match &at.endpoint {
            Some(endpoint) => format!("check what answers at {endpoint}"),
            None => "check for a proxy in between".to_owned(),
        },
        Cause::Other { .. } => "run the command again; if it stays, AWS's documentation knows the code".to_owned(),
    }
}

/// The flags that let a document with these warnings pass, as they are typed into a shell.
fn allowed(warnings: &[&str]) -> String {
    let flags = warnings.iter().map(|warning| {
        let quoted: String = warning
            .chars()
            .flat_map(|c| "\\\"$`".contains(c).then_some('\\').into_iter().chain([c]))
            .collect();
        format!("--allow-warning \"{quoted}\"")
    });
    format!(
        "mend the routes file, or let it pass with {}",
        flags.collect::<Vec<_>>().join(" ")
    )
}

/// What to do about a call that API Gateway refuses: what was sent with it, and where that comes from.
fn refused(operation: Operation, message: &str) -> &'static str {
    if message.contains("CloudWatch Logs role") {
        return "give API Gateway a role that may write logs, once per account and region: `aws apigateway update-account \
                --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE`; or take `logging` and `accessLog` \
                out of the stage in the AWS file";
    }
    let document = "run `bluegate generate` with the same files to see the document that was sent";
    match operation {
        Operation::ImportRestApi | Operation::PutRestApi => document,
        // Only a document is told to be one.
        _ if message.contains("OpenAPI") => document,
        Operation::CreateDeployment => {
            "look at the methods of the draft in the console: each needs an integration, and the stage a name that \
             API Gateway takes"
        }
        Operation::UpdateStage => {
            "look at the entry of the stage in `stages` of the AWS file: its settings were sent with this call"
        }
        Operation::UpdateRestApi => {
            "look at the settings of the API in the console: this call sets one that the document cannot say"
        }
        Operation::TagResource | Operation::UntagResource => {
            "look at the tags of the API and at `tags` of the stage in the AWS file: AWS takes 50 of each"
        }
        Operation::DeleteRestApi => {
            "take away what leads to the API first: base path mappings of custom domain names, and its stages in usage \
             plans"
        }
        Operation::DeleteDeployment => "point the stages that serve this deployment to another one first",
        Operation::TestInvokeMethod | Operation::Invoke => {
            "look at the smoke requests of the AWS file: their paths, verbs and headers were sent with this call"
        }
        _ => "check `rest_api_id`, `name` and `stage` in the AWS file: they were sent with this call",
    }
}

/// What answers calls of an operation.
fn service(operation: Operation) -> &'static str {
    match operation.service() {
        "lambda" => "Lambda",
        _ => "API Gateway",
    }
}

fn place(at: &Destination) -> String {
    match &at.endpoint {
        Some(endpoint) => endpoint.clone(),
        None => format!("API Gateway in region `{}`", at.region),
    }
}

fn account(at: &Destination) -> String {
    match &at.account_id {
        Some(id) => format!(" of the account {id}"),
        None => String::new(),
    }
}

fn words(said: &str) -> &str {
    if said.is_empty() { "it does not say why" } else { said }
}

/// The failure in words.
pub(crate) fn explain_connection(error: &ConnectError) -> Failure {
    let failure = |kind| Failure::new(kind, error.to_string());
    match error {
        ConnectError::UnknownProfile { name, known } => {
            let near = bluegate_core::nearest(name, known.iter().map(String::as_str));
            let there = match known.as_slice() {
                [] => "there is none".to_owned(),
                known => format!("there are {}", known.join(", ")),
            };
            failure("unknown_profile").with_note(there).with_help(match near {
                Some(near) => format!("did you mean `{near}`? It is `profile` in the AWS file, else AWS_PROFILE"),
                None => format!(
                    "correct `profile` in the AWS file, or AWS_PROFILE, or run `aws configure --profile {name}`"
                ),
            })
        }
        ConnectError::NoRegion => {
            failure("no_region").with_help("write `\"region\": \"eu-west-1\"` into the AWS file, or set AWS_REGION")
        }
        ConnectError::NoCredentials { origin, detail } => {
            let place = match origin {
                CredentialsOrigin::Profile(name) => {
                    format!("the profile `{name}` of the AWS configuration files has none: {detail}")
                }
                _ => "looked for keys in the AWS file, then in the environment, the profile, web identity, \
                      the container and the instance"
                    .to_owned(),
            };
            let help = match origin {
                CredentialsOrigin::Profile(name) => {
                    format!("check `profile` in the AWS file, or run `aws configure --profile {name}`")
                }
                _ => "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or sign in with \
                      `aws sso login`"
                    .to_owned(),
            };
            failure("no_credentials").with_note(place).with_help(help)
        }
        ConnectError::BrokenCredentials { .. } => failure("broken_credentials")
            .with_help("check `~/.aws/config` and `~/.aws/credentials`, or sign in again with `aws sso login`"),
        ConnectError::SlowCredentials { .. } => {
            failure("slow_credentials").with_help("run `aws sts get-caller-identity` to see what takes so long")
        }
        ConnectError::ShortCredentials { .. } => failure("short_credentials")
            .with_note("nothing was changed: a run whose credentials end can neither be finished nor undone")
            .with_help(
                "ask for a longer session where they are made (`--duration-seconds` of `aws sts`, `role-duration-seconds` \
                 of a pipeline), sign in again, or give the run less time with `--timeout`",
            ),
        ConnectError::NoEmulator => failure("no_emulator")
            .with_help("set AWS_ENDPOINT_URL to where it listens, or take `emulator` away to deploy to AWS"),
        ConnectError::BadEndpoint { .. } => {
            failure("bad_endpoint").with_help("write AWS_ENDPOINT_URL as `http://127.0.0.1:4566`, or unset it")
        }
    }
}

#[cfg(test)]
mod tests;
