//! A service behind its gateway, in a test: no port, no container, no account.
//!
//! Three lines put an axum `Router`, or any other tower service, behind the gateway of its routes file:
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use bluegate_gateway::testing::TestGateway;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # let folder = std::env::temp_dir().join(format!("bluegate-testing-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # let routes = folder.join("routes.json");
//! # std::fs::write(&routes, r#"{"blueprint": {"name": "shop", "url_prefix": "/api", "resources": [{"name": "books",
//! #     "methods": [{"path": "/books", "actions": [{"type": "GET"}, {"type": "POST", "authorization": "AWS_IAM"}]}]}]}}"#)
//! #     .unwrap();
//! // With bluegate: `routes!("routes.json", State).with_state(state)`
//! let service: Router = Router::new().route("/api/books", get(async || "all of them").post(async || "added"));
//! let gateway = TestGateway::new(&routes, service);
//! let answer = gateway.get("/books").await;
//! assert_eq!((answer.status(), answer.text()), (200, "all of them"));
//! // What the service saw:
//! let seen = answer.service();
//! assert_eq!(seen.uri().path(), "/api/books");
//! assert_eq!(seen.headers()["x-forwarded-proto"], "https");
//!
//! // Who signs nothing does not get to the service at all.
//! let refused = gateway.post("/books").body("Emma").await;
//! assert_eq!((refused.status(), refused.text()), (403, r#"{"message":"Missing Authentication Token"}"#));
//! assert!(!refused.has_reached_service());
//! let added = gateway.post("/books").body("Emma").signed_by("arn:aws:iam::000000000000:user/clerk").await;
//! assert_eq!(added.text(), "added");
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # }
//! ```
//!
//! What is wrong with the test itself, such as a routes file with errors, is a panic that says so.

mod answer;
mod request;

pub use answer::TestAnswer;
pub use request::TestRequest;

use std::path::Path;

use http::Method;

use crate::plane::{ApiKey, Credential, UsagePlan};
use crate::service::{Gateway, LocalService};

/// A gateway that a test asks, and that tells what it did.
#[derive(Debug, Clone)]
pub struct TestGateway {
    gateway: Gateway,
}

impl TestGateway {
    /// A service behind the gateway of a routes file. A path that is not absolute is looked for in the package's
    /// folder, where `cargo test` runs.
    ///
    /// # Panics
    ///
    /// The file cannot be read, or has errors.
    #[must_use]
    #[track_caller]
    pub fn new<S: LocalService>(routes: impl AsRef<Path>, service: S) -> Self {
        match Gateway::from_routes(routes) {
            Ok(gateway) => Self::of(gateway.backend(service)),
            Err(found) => panic!("{found}"),
        }
    }

    /// Of a gateway that was made otherwise, such as with an AWS file and functions. The key `test` may sign.
    ///
    /// ```no_run
    /// use bluegate_gateway::service::Gateway;
    /// use bluegate_gateway::testing::TestGateway;
    /// use serde_json::json;
    ///
    /// # let service: axum::Router = axum::Router::new();
    /// let gateway = Gateway::from_files("routes.json", "aws.config.json", Some("dev")).unwrap();
    /// let gateway = TestGateway::of(gateway.backend(service).function("login", async |event| {
    ///     let allow = json!({"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]});
    ///     Ok::<_, String>(json!({"principalId": "me", "policyDocument": {"Statement": allow}}))
    /// }));
    /// ```
    #[must_use]
    pub fn of(gateway: Gateway) -> Self {
        let test = Credential::test();
        let gateway = gateway.with_gate(|gate| {
            if gate.credentials.iter().all(|one| one.access_key != test.access_key) {
                gate.credentials.push(test);
            }
        });
        Self { gateway }
    }

    /// Puts the API key of a name, which is made, into a usage plan of the stage.
    ///
    /// ```
    /// # use bluegate_gateway::testing::TestGateway;
    /// use bluegate_gateway::plane::{Period, Quota, UsagePlan};
    ///
    /// # fn limited(gateway: TestGateway) -> TestGateway {
    /// let quota = Quota { limit: 2, offset: 0, period: Period::Day };
    /// gateway.with_plan("partner", UsagePlan { quota: Some(quota), ..UsagePlan::default() })
    /// # }
    /// ```
    #[must_use]
    pub fn with_plan(self, key: &str, plan: UsagePlan) -> Self {
        self.put_into_plan(key, plan);
        self
    }

    fn put_into_plan(&self, key: &str, plan: UsagePlan) {
        let stage = self.gateway.stage();
        let stage = (stage.rest_api_id.clone(), stage.name.clone());
        let usage = &mut self.gateway.gate().usage;
        usage.keys.push(ApiKey {
            id: format!("id-of-{key}"),
            name: key.to_owned(),
            value: format!("value-of-the-key-{key}"),
            is_enabled: true,
        });
        usage.plans.push(UsagePlan {
            id: format!("plan-of-{key}"),
            stages: vec![stage],
            keys: vec![format!("id-of-{key}")],
            ..plan
        });
    }

    /// The value of the key of a name. One that nobody spoke of yet is made, in a plan without limits.
    fn key(&self, name: &str) -> String {
        let value = |gateway: &Gateway| {
            let keys = &gateway.gate().usage.keys;
            keys.iter().find(|key| key.name == name).map(|key| key.value.clone())
        };
        value(&self.gateway).unwrap_or_else(|| {
            self.put_into_plan(name, UsagePlan::default());
            value(&self.gateway).unwrap_or_default()
        })
    }

    /// The credential of somebody, made if it is not there yet.
    fn credential(&self, arn: &str) -> Credential {
        let credentials = &mut self.gateway.gate().credentials;
        if let Some(known) = credentials.iter().find(|one| one.arn == arn) {
            return known.clone();
        }
        let made = Credential {
            access_key: format!("AKIATEST{}", credentials.len()),
            secret: format!("secret of {arn}"),
            token: None,
            arn: arn.to_owned(),
        };
        credentials.push(made.clone());
        made
    }

    /// Begins a request. The path is the one behind the stage, and may have a query.
    pub fn request(&self, method: &Method, path: &str) -> TestRequest<'_> {
        TestRequest::new(self, method, path)
    }
}

/// The methods of `TestGateway` that begin a request.
macro_rules! verbs {
    ($($name:ident $method:ident)*) => {
        impl TestGateway {
            $(
                #[doc = concat!("Begins a `", stringify!($method), "` request.")]
                pub fn $name(&self, path: &str) -> TestRequest<'_> {
                    self.request(&Method::$method, path)
                }
            )*
        }
    };
}

verbs! { get GET head HEAD post POST put PUT patch PATCH delete DELETE options OPTIONS }
