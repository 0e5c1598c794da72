//! Who is asked whether a request may pass, and what is inherited from place to place.

use super::words::{AuthorizationWord, AuthorizerWord, ValidateWord};
use crate::decode::record;
use crate::span::Spanned;

record! {
    /// Who is asked whether a request may pass.
    pub struct AuthorizerEntry as "an authorizer", shown "type" {
        /// `COGNITO`: tokens of user pools. `LAMBDA`: a function that is shown the request. `LAMBDA_TOKEN`: a function
        /// that is shown a token.
        required kind("type"): Spanned<AuthorizerWord>,
        /// The ARNs of the user pools, with `COGNITO`.
        optional user_pools("userPools"): Spanned<Vec<Spanned<String>>>,
        /// The function that is asked: its name, `name:alias`, or an ARN.
        optional function("function"): Spanned<String>,
        /// The header that holds the token, with `COGNITO` and `LAMBDA_TOKEN`. Default: `Authorization`.
        optional header("header"): Spanned<String>,
        /// What a function is asked with, and what its answers are kept by, with `LAMBDA`: `header.X`, `query.X`,
        /// `context.X`, `stageVariables.X`.
        optional identity("identity"): Spanned<Vec<Spanned<String>>>,
        /// A regular expression that tokens have to match before anybody is asked.
        optional pattern("pattern"): Spanned<String>,
        /// How long an answer is kept, in seconds, 3600 at most. Default: 300.
        optional ttl("ttl"): Spanned<u32>,
        /// The ARN of the role with which the function is called.
        optional role("role"): Spanned<String>,
    }
}

record! {
    /// What may stand at the blueprint, a resource, a method or an action: the nearest one counts.
    pub struct InheritedEntry as "what is inherited" {
        /// Who may call: `AWS_IAM`, the name of an authorizer, or `NONE` for everybody. Default: everybody.
        optional authorization("authorization"): Spanned<AuthorizationWord>,
        /// The scopes of which a token needs one, with an authorizer of the type `COGNITO`.
        optional scopes("scopes"): Spanned<Vec<Spanned<String>>>,
        /// Whether callers need an API key. Default: false.
        optional api_key("apiKey"): Spanned<bool>,
        /// Who answers: the name of a backend, or `SERVICE`. Default: the service.
        optional backend("backend"): Spanned<String>,
        /// How long an answer may take, in milliseconds, from 50 on. Default: 29000.
        optional timeout("timeout"): Spanned<u32>,
        /// What of a request the gateway checks: `ALL` (or `true`), `BODY`, `PARAMETERS`, `NONE` (or `false`).
        /// Default: nothing.
        optional validate("validate"): Spanned<ValidateWord>,
        /// Groups for documentation.
        optional tags("tags"): Vec<String>,
    }
}
