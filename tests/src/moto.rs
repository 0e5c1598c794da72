//! moto: an API Gateway control plane that can verify request signatures.

use std::{fmt, time::Duration};

use serde_json::json;

use crate::{HarnessError, control, guard::Guarded, http::Request, python::Environment};

const READY: Duration = Duration::from_secs(120);

/// An access key with its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret_access_key", &"***")
            .finish()
    }
}

/// A running moto server. Dropping it stops it.
///
/// It is moto with three repairs (`tests/emulators/moto_server.py`): an integration of type mock
/// needs no `uri`; a request without a body can be verified; a refused signature is answered in
/// JSON with API Gateway's names of the errors.
#[derive(Debug)]
pub struct Moto {
    process: Guarded,
    endpoint: String,
    verifies: bool,
}

impl Moto {
    /// Starts one that takes any credentials; installs it first if need be.
    ///
    /// # Errors
    /// When it cannot be installed, or does not come up; the end of its log is in the error then.
    pub fn start() -> Result<Moto, HarnessError> {
        let environment = Environment::ensure("moto")?;
        let mut process = Guarded::start("moto", &environment.script("moto_server.py"))?;
        let port = process.wait_for_line("listening on ", READY)?;
        Ok(Moto {
            process,
            endpoint: format!("http://127.0.0.1:{port}"),
            verifies: false,
        })
    }

    /// Starts one that refuses what is not signed with the returned credentials, which may do
    /// everything on API Gateway.
    ///
    /// An unknown access key is answered with `UnrecognizedClientException`, a wrong secret with
    /// `InvalidSignatureException`, both 403.
    ///
    /// # Errors
    /// Those of [`Moto::start`] and [`Moto::credentials`].
    pub fn start_with_auth() -> Result<(Moto, Credentials), HarnessError> {
        let mut moto = Moto::start()?;
        let credentials = moto.credentials("deployer", &["apigateway:*"])?;
        moto.verify(true)?;
        moto.verifies = true;
        Ok((moto, credentials))
    }

    /// The URL for `AWS_ENDPOINT_URL`: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Creates a user who may do `actions` and nothing else, and returns an access key of theirs.
    /// A refused action is answered with 403 `AccessDeniedException`.
    ///
    /// moto names an action after its operation (`apigateway:PutRestApi`), where AWS names it after
    /// the HTTP method (`apigateway:PUT`).
    ///
    /// # Errors
    /// When moto refuses, for instance because the user exists.
    pub fn credentials(&self, user: &str, actions: &[&str]) -> Result<Credentials, HarnessError> {
        self.unverified(|| {
            self.iam(&[("Action", "CreateUser"), ("UserName", user)])?;
            let policy = json!({
                "Version": "2012-10-17",
                "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }],
            });
            self.iam(&[
                ("Action", "PutUserPolicy"),
                ("UserName", user),
                ("PolicyName", "allowed"),
                ("PolicyDocument", &policy.to_string()),
            ])?;
            let answer = self.iam(&[("Action", "CreateAccessKey"), ("UserName", user)])?;
            match (element(&answer, "AccessKeyId"), element(&answer, "SecretAccessKey")) {
                (Some(id), Some(secret)) => Ok(Credentials {
                    access_key_id: id.to_owned(),
                    secret_access_key: secret.to_owned(),
                }),
                // Without the answer: it may hold a secret.
                _ => Err(HarnessError::answer("moto", "no access key in its answer")),
            }
        })
    }

    /// Creates an empty REST API, whoever may, and returns its id.
    ///
    /// # Errors
    /// Those of [`control::create_rest_api`].
    pub fn create_rest_api(&self, name: &str) -> Result<String, HarnessError> {
        self.unverified(|| control::create_rest_api(&self.endpoint, name))
    }

    /// The end of its log, for a test that fails.
    pub fn log_tail(&self) -> String {
        self.process.tail()
    }

    /// Does `work` with the verification of signatures off. Other requests of the same test must
    /// not run meanwhile, as they would not be verified.
    ///
    /// # Errors
    /// Those of `work`, and when moto does not switch.
    pub fn unverified<T>(&self, work: impl FnOnce() -> Result<T, HarnessError>) -> Result<T, HarnessError> {
        if !self.verifies {
            return work();
        }
        self.verify(false)?;
        let done = work();
        self.verify(true)?;
        done
    }

    fn verify(&self, on: bool) -> Result<(), HarnessError> {
        // How many requests may pass before the first is verified.
        let passing = if on { "0" } else { "inf" };
        let response = Request::new("POST", &format!("{}/moto-api/reset-auth", self.endpoint))
            .body(passing)
            .send()?;
        if response.status == 200 {
            Ok(())
        } else {
            Err(HarnessError::answer("moto", format!("{response:?}")))
        }
    }

    fn iam(&self, parameters: &[(&str, &str)]) -> Result<String, HarnessError> {
        let form: Vec<String> = [("Version", "2010-05-08")]
            .iter()
            .chain(parameters)
            .map(|(name, value)| format!("{name}={}", form_encode(value)))
            .collect();
        let content_type = "application/x-www-form-urlencoded";
        let response = control::call(&self.endpoint, "iam", "POST", "/", content_type, &form.join("&"))?;
        if response.status == 200 {
            Ok(response.text())
        } else {
            Err(HarnessError::answer("moto", format!("{response:?}")))
        }
    }
}

fn form_encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The text of the first XML element of that name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let credentials = Credentials {
            access_key_id: "AKIA1".to_owned(),
            secret_access_key: "hush".to_owned(),
        };
        let printed = format!("{credentials:?}");
        assert!(printed.contains("AKIA1") && !printed.contains("hush"), "{printed}");
    }

    #[test]
    fn a_policy_survives_the_form() {
        assert_eq!(form_encode(r#"{"a":"*"}&="#), "%7B%22a%22%3A%22%2A%22%7D%26%3D");
    }
}
