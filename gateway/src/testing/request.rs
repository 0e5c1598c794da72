//! A request of a test.

use std::future::IntoFuture;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;

use http::Method;
use http_body_util::BodyExt as _;
use hyper::body::Bytes;
use serde::Serialize;

use super::{TestAnswer, TestGateway};
#[cfg(feature = "cognito")]
use crate::plane::Token;
use crate::plane::{Headers, Request};
use crate::service::Clock;

/// A request, until it is awaited.
///
/// Whatever is said last of one thing holds: a signature is made when the request is sent, over all that it has.
#[derive(Debug, Clone)]
#[must_use = "a request is sent when it is awaited"]
pub struct TestRequest<'g> {
    gateway: &'g TestGateway,
    request: Request,
    signer: Option<String>,
    #[cfg(feature = "cognito")]
    token: Option<Token>,
    clock: Clock,
    source: IpAddr,
}

impl<'g> TestRequest<'g> {
    pub(super) fn new(gateway: &'g TestGateway, method: &Method, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let stage = gateway.gateway.stage();
        let host = format!("{}.execute-api.{}.amazonaws.com", stage.rest_api_id, stage.region);
        Self {
            gateway,
            request: Request {
                method: method.to_string(),
                sent_path: path.to_owned(),
                path: path.to_owned(),
                query: query.to_owned(),
                headers: Headers::from_iter([("Host", host)]),
                body: Bytes::new(),
            },
            signer: None,
            #[cfg(feature = "cognito")]
            token: None,
            clock: gateway.gateway.clock(),
            source: Ipv4Addr::LOCALHOST.into(),
        }
    }

    /// Adds a header. One of the same name stays.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.add(name, value);
        self
    }

    /// Sends a body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.request.body = Bytes::from(body.into());
        self
    }

    /// Sends a value as JSON, with the media type of it.
    ///
    /// # Panics
    ///
    /// The value cannot be written as JSON.
    #[track_caller]
    pub fn json(mut self, value: &impl Serialize) -> Self {
        self.request.headers.set("Content-Type", "application/json");
        self.body(serde_json::to_vec(value).expect("a value that JSON can say"))
    }

    /// Is signed by whoever has an ARN, such as `arn:aws:iam::111122223333:role/reader`. Who belongs to the account of
    /// the API may call what the resource policy does not deny; everybody else what it allows.
    pub fn signed_by(mut self, arn: &str) -> Self {
        self.signer = Some(arn.to_owned());
        self
    }

    /// Has the API key of a name. One that [`TestGateway::with_plan`] did not make is in a plan without limits; a value
    /// that nobody knows is a header: `.header("x-api-key", "…")`.
    pub fn with_key(mut self, name: &str) -> Self {
        let value = self.gateway.key(name);
        self.request.headers.set("X-API-Key", value);
        self
    }

    /// Has a token, as `Authorization: Bearer …`.
    pub fn bearer(mut self, token: &str) -> Self {
        self.request.headers.set("Authorization", format!("Bearer {token}"));
        self
    }

    /// Has a token of a user pool, made when the request is sent. Unless it says of which pool it is, it is of the one
    /// that the document names first.
    ///
    /// ```
    /// # use bluegate_gateway::testing::{TestAnswer, TestGateway};
    /// use bluegate_gateway::plane::Token;
    ///
    /// # async fn asked(gateway: TestGateway) -> TestAnswer {
    /// let reader = Token::of("me").scope("shop/read").claim("email", "me@a.example");
    /// gateway.get("/orders").with_token(reader).await
    /// # }
    /// ```
    #[cfg(feature = "cognito")]
    pub fn with_token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Comes at a moment, such as `2026-11-28T10:00:00Z`: signatures, quotas, throttles and tokens are about it.
    ///
    /// # Panics
    ///
    /// The text is no moment of RFC 3339.
    #[track_caller]
    pub fn at(mut self, moment: &str) -> Self {
        self.clock = moment.parse().unwrap_or_else(|error| panic!("{moment}: {error}"));
        self
    }

    /// Comes from an address; without one from this machine.
    pub fn from(mut self, source: impl Into<IpAddr>) -> Self {
        self.source = source.into();
        self
    }

    async fn send(mut self) -> TestAnswer {
        let gateway = &self.gateway.gateway;
        #[cfg(feature = "cognito")]
        if let Some(mut token) = self.token.take() {
            let mut pools = gateway
                .stage()
                .api()
                .authorizers
                .iter()
                .flat_map(|one| &one.provider_arns);
            if let (None, Some(pool)) = (token.pool_arn(), pools.next()) {
                token = token.pool(pool);
            }
            let token = token.signed(self.clock.now());
            self = self.bearer(&token);
        }
        if let Some(arn) = &self.signer {
            let credential = self.gateway.credential(arn);
            let region = gateway.stage().region.as_str();
            credential.sign(&mut self.request, region, self.clock.now());
        }
        let is_head = self.request.method == "HEAD";
        let (mut answer, rest, record) = gateway.pass(self.request, self.source, self.clock, true).await;
        if let Some(rest) = rest {
            match rest.collect().await {
                Ok(whole) => answer.body = whole.to_bytes(),
                Err(error) => panic!("the answer broke off: {error}"),
            }
        }
        if is_head {
            answer.body.clear();
        }
        TestAnswer::new(answer, record.map(|record| *record))
    }
}

impl<'g> IntoFuture for TestRequest<'g> {
    type Output = TestAnswer;
    type IntoFuture = Pin<Box<dyn Future<Output = TestAnswer> + Send + 'g>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
