//! Calls of functions.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;

use serde_json::Value as Json;

use super::Boxed;
use super::backend::Backends;
use crate::plane::{Call, Headers, Question, Said, Unreachable};

type Function = Arc<dyn Fn(Json) -> Boxed<Said> + Send + Sync>;

/// Who answers for functions.
#[derive(Clone, Default)]
pub(crate) struct Functions {
    /// Closures, by the names of functions.
    named: BTreeMap<String, Function>,
    /// Where Lambda's `Invoke` is answered.
    pub(crate) url: Option<String>,
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named: Vec<&String> = self.named.keys().collect();
        f.debug_struct("Functions")
            .field("named", &named)
            .field("url", &self.url)
            .finish()
    }
}

impl Functions {
    /// A closure that answers for a function.
    pub(crate) fn add<F, R, E>(&mut self, name: &str, function: F)
    where
        F: Fn(Json) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Json, E>> + Send + 'static,
        E: Display,
    {
        let function: Function = Arc::new(move |event| {
            let said = function(event);
            Box::pin(async move {
                match said.await {
                    Ok(answer) => Said::Answer(answer),
                    Err(error) => Said::Error(error.to_string()),
                }
            })
        });
        self.named.insert(name.to_owned(), function);
    }

    /// Asks a function: the closure of its name, or whoever answers Lambda's `Invoke`
    /// ([Invoke](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html)).
    pub(crate) async fn ask(&self, backends: &Backends, question: &Question) -> Result<Said, Unreachable> {
        if let Some(function) = self.named.get(name(&question.function)) {
            let said = tokio::time::timeout(question.timeout, function(question.event.clone()));
            return said.await.map_err(|_| Unreachable::TimedOut);
        }
        let Some(url) = &self.url else {
            let function = &question.function;
            return Err(Unreachable::NotServed(format!(
                "nothing says where {function} is, such as AWS_ENDPOINT_URL_LAMBDA"
            )));
        };
        let (scheme, authority) = url.split_once("://").unwrap_or(("http", url));
        let body = hyper::body::Bytes::from(question.event.to_string());
        let authority = authority.trim_end_matches('/').to_owned();
        let call = Call {
            method: "POST".to_owned(),
            scheme: scheme.to_owned(),
            target: format!("/2015-03-31/functions/{}/invocations", question.function),
            headers: Headers::from_iter([
                ("Host", authority.as_str()),
                ("Content-Type", "application/json"),
                ("Content-Length", &body.len().to_string()),
            ]),
            authority,
            body,
            timeout: question.timeout,
            is_streamed: false,
            skips_verification: false,
        };
        let answer = backends.by_socket(call).await?.answer;
        let value: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
        let message = || value["errorMessage"].as_str().unwrap_or_default().to_owned();
        Ok(match answer.headers.get("x-amz-function-error") {
            Some(_) => Said::Error(message()),
            None if answer.status == 200 => Said::Answer(value),
            None => Said::Error(format!("Lambda answers {} {value}", answer.status)),
        })
    }
}

/// The name of a function that is known by its ARN; a name is one itself.
fn name(function: &str) -> &str {
    let mut parts = function.split(':');
    match parts.next() {
        Some("arn") => parts.nth(5).unwrap_or(function),
        Some(name) => name,
        None => function,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_its_name_or_its_arn() {
        for function in [
            "login",
            "login:live",
            "arn:aws:lambda:eu-west-1:000000000000:function:login",
            "arn:aws:lambda:eu-west-1:000000000000:function:login:live",
        ] {
            assert_eq!(name(function), "login", "{function}");
        }
    }
}
