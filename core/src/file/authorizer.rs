//! Who is asked whether a request may pass, and what is inherited from place to place.

use super::raw::Amount;
use super::stage::Entries;
use super::words::{AuthorizationWord, AuthorizerWord, IntegrationWord, ValidateWord};
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
        optional ttl("ttl"): Spanned<Amount>,
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
        optional timeout("timeout"): Spanned<Amount>,
        /// Over which network the gateway reaches the service. Default: `INTERNET`.
        optional integration("integration"): Spanned<IntegrationWord>,
        /// The id of the VPC link, when `integration` is `VPC_LINK`.
        optional vpc_link("vpcLink"): Spanned<String>,
        /// The ARN of the load balancer behind a VPC link V2.
        optional integration_target("integrationTarget"): Spanned<String>,
        /// What the service gets: `header.X`, `query.X` or `path.X`, by where it comes from: `header.Y`, `query.Y`,
        /// `path.Y`, `body…`, `context.…`, `stageVariables.…`, or a text in single quotes. The nearest one counts whole.
        optional map("map"): Entries<String>,
        /// What of a request the gateway checks: `ALL` (or `true`), `BODY`, `PARAMETERS`, `NONE` (or `false`).
        /// Default: nothing.
        optional validate("validate"): Spanned<ValidateWord>,
        /// Groups for documentation.
        optional tags("tags"): Vec<String>,
        /// Whether documents for clients leave it out. Default: false. The gateway has it all the same.
        optional internal("internal"): bool,
    }
}
