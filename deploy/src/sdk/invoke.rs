//! Calling a deployed API as its callers do, with the HTTP client that calls AWS.

use std::time::{Duration, SystemTime};

use aws_config::Region;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sdk_apigateway::config::http::{HttpRequest, HttpResponse};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::time::timeout;

use crate::api::{CallError, Cause, Operation, Redactor, Reply, Request};

use super::classify::connection_cause;
use super::http::{chain, connector};

/// Who calls deployed APIs.
#[derive(Debug, Clone)]
pub(super) struct Invoker {
    credentials: SharedCredentialsProvider,
    region: Region,
}

/// What a call of a deployed API is signed for.
pub(super) const EXECUTE_API: &str = "execute-api";
/// No answer that shows whether an API works is longer.
const LONGEST_BODY: usize = 1 << 20;
/// An answer comes within this time, its body included. Integrations may be given
/// [five minutes](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(310);

impl Invoker {
    pub(super) fn new(credentials: SharedCredentialsProvider, region: Region) -> Self {
        Self { credentials, region }
    }

    pub(super) async fn invoke(&self, url: &str, request: &Request, redactor: &Redactor) -> Result<Reply, CallError> {
        let called = timeout(ANSWER_TIMEOUT, self.call(url, request, redactor)).await;
        called
            .unwrap_or(Err(Cause::TimedOut))
            .map_err(|cause| CallError::new(Operation::Invoke, cause))
    }

    async fn call(&self, url: &str, request: &Request, redactor: &Redactor) -> Result<Reply, Cause> {
        let answer = self.exchange(url, request, EXECUTE_API, redactor).await?;
        let status = answer.status().as_u16();
        let from_gateway = ["x-amz-apigw-id", "x-amzn-requestid", "x-amzn-errortype"]
            .iter()
            .any(|name| answer.headers().get(name).is_some());
        // Some errors have a URL behind their name.
        let error_type = answer.headers().get("x-amzn-errortype");
        let error_type = error_type
            .and_then(|kind| kind.split(':').next())
            .map(|kind| redactor.clean(kind));
        // A stage may stream for a quarter of an hour: nobody reads all of it.
        let body = beginning(answer.into_body(), LONGEST_BODY, redactor).await?;
        Ok(Reply {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
            from_gateway,
            error_type,
        })
    }

    /// Sends a request, signed for a service if it is to be signed; the body of the answer is still to be read.
    pub(super) async fn exchange(
        &self,
        url: &str,
        request: &Request,
        service: &str,
        redactor: &Redactor,
    ) -> Result<HttpResponse, Cause> {
        let request = self
            .request(url, request, service)
            .await
            .map_err(|message| other(&message, redactor))?;
        connector(url)
            .call(request)
            .await
            .map_err(|error| connection_cause(Some(&error), error.is_timeout(), redactor))
    }

    async fn request(&self, url: &str, request: &Request, service: &str) -> Result<HttpRequest, String> {
        let body = request.body.clone().unwrap_or_default();
        let mut sent = HttpRequest::new(SdkBody::from(body.clone()));
        sent.set_method(&request.verb).map_err(|error| error.to_string())?;
        sent.set_uri(url).map_err(|error| error.to_string())?;
        for (name, value) in &request.headers {
            sent.headers_mut()
                .try_insert(name.to_ascii_lowercase(), value.clone())
                .map_err(|error| error.to_string())?;
        }
        if request.signed {
            for (name, value) in self.signature(url, request, service, body.as_bytes()).await? {
                sent.headers_mut()
                    .try_insert(name, value)
                    .map_err(|error| error.to_string())?;
            }
        }
        Ok(sent)
    }

    /// The headers that sign a request
    /// ([Signature Version 4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html)).
    async fn signature(
        &self,
        url: &str,
        request: &Request,
        service: &str,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, String> {
        let credentials = self.credentials.provide_credentials().await;
        let identity = credentials.map_err(|error| chain(&error))?.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region.as_ref())
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let headers: Vec<(String, &str)> = request
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
            .collect();
        let signed = headers.iter().map(|(name, value)| (name.as_str(), *value));
        let signable = SignableRequest::new(&request.verb, url, signed, SignableBody::Bytes(body))
            .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(signable, &params).map_err(|error| error.to_string())?.into_parts();
        Ok(instructions
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}

/// What a body begins with: so many bytes of it at most.
pub(super) async fn beginning(body: SdkBody, longest: usize, redactor: &Redactor) -> Result<Vec<u8>, Cause> {
    let mut stream = ByteStream::new(body);
    let mut read = Vec::new();
    while read.len() < longest
        && let Some(part) = stream.next().await
    {
        let part = part.map_err(|error| other(&format!("the answer breaks off: {error}"), redactor))?;
        read.extend_from_slice(&part[..part.len().min(longest - read.len())]);
    }
    Ok(read)
}

fn other(message: &str, redactor: &Redactor) -> Cause {
    Cause::Other {
        code: None,
        message: redactor.clean(message),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use aws_sdk_apigateway::config::Credentials;

    use super::*;

    #[tokio::test]
    async fn a_signed_request_has_a_signature_for_execute_api_and_an_unsigned_one_has_none() {
        let credentials = Credentials::new("AKIAEXAMPLE", "hush", Some("token".into()), None, "test");
        let invoker = Invoker::new(SharedCredentialsProvider::new(credentials), Region::new("eu-west-1"));
        let mut request = Request {
            verb: "POST".into(),
            path: "/users".into(),
            body: Some("{}".into()),
            signed: true,
            ..Request::default()
        };
        request.headers.insert("Content-Type".into(), "application/json".into());
        let url = "https://abc.execute-api.eu-west-1.amazonaws.com/dev/users?a=b";
        let sent = invoker.request(url, &request, EXECUTE_API).await.unwrap();
        let authorization = sent.headers().get("authorization").unwrap();
        assert!(
            authorization.contains("/eu-west-1/execute-api/aws4_request"),
            "{authorization}"
        );
        assert!(
            authorization.contains("SignedHeaders=content-type;host;"),
            "{authorization}"
        );
        assert_eq!(sent.headers().get("x-amz-security-token"), Some("token"));
        request.signed = false;
        let sent = invoker.request(url, &request, EXECUTE_API).await.unwrap();
        assert_eq!(sent.headers().get("authorization"), None);
        assert_eq!(sent.headers().get("content-type"), Some("application/json"));
    }

    #[tokio::test]
    async fn of_an_answer_without_end_one_megabyte_is_read() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/dev/users", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let head = "HTTP/1.1 200 OK\r\nx-amz-apigw-id: a\r\nconnection: close\r\n\r\n";
            stream.write_all(head.as_bytes()).unwrap();
            while stream.write_all(&[b'x'; 64 << 10]).is_ok() {}
        });
        let credentials = Credentials::new("AKIAEXAMPLE", "hush", None, None, "test");
        let invoker = Invoker::new(SharedCredentialsProvider::new(credentials), Region::new("eu-west-1"));
        let request = Request {
            verb: "GET".into(),
            ..Request::default()
        };
        let reply = invoker.invoke(&url, &request, &Redactor::default()).await.unwrap();
        assert_eq!((reply.status, reply.from_gateway), (200, true));
        assert_eq!(reply.body.len(), LONGEST_BODY);
    }
}
