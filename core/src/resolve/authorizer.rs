//! Who may be asked whether a request may pass.

use super::Resolver;
use super::arn::Named;
use super::mapping::{Side, is_source};
use crate::blueprint::Authorizer;
use crate::decode::shortened;
use crate::diagnostic::Code;
use crate::file::{Amount, AuthorizationWord, AuthorizerEntry, AuthorizerWord};
use crate::span::{Span, Spanned};

/// The header that holds tokens unless the file says otherwise.
const TOKEN_HEADER: &str = "Authorization";

/// How long an answer of an authorizer is kept unless the file says otherwise, and at most, in seconds
/// ([Authorizer](https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html)).
const DEFAULT_TTL: u32 = 300;
const MAX_TTL: u32 = 3600;

/// Names in documents that are not those of authorizers: requests that are signed, and API keys.
const RESERVED: [&str; 2] = ["sigv4", "api_key"];

impl Resolver<'_> {
    pub(super) fn authorizer(&mut self, name: &Spanned<String>, entry: &AuthorizerEntry) -> Authorizer {
        let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
        let identity: Vec<&Spanned<String>> = entry.identity.iter().flat_map(|list| &list.value).collect();
        self.check_name(name);
        self.check_keys(name, entry);
        self.check_named(entry);
        for source in &identity {
            let source = Spanned::new(spelt_identity(source), source.span);
            self.check_identity(&source);
        }
        Authorizer {
            name: name.value.clone(),
            kind: entry.kind.value,
            user_pools: entry
                .user_pools
                .iter()
                .flat_map(|list| &list.value)
                .map(|arn| arn.value.clone())
                .collect(),
            function: text(&entry.function),
            header: text(&entry.header).unwrap_or_else(|| TOKEN_HEADER.to_owned()),
            identity: identity.into_iter().map(|source| spelt_identity(source)).collect(),
            pattern: text(&entry.pattern),
            ttl: self.ttl(entry),
            role: text(&entry.role),
            span: name.span,
        }
    }

    /// Names stand in documents as keys, and API Gateway has no spaces in those.
    fn check_name(&mut self, name: &Spanned<String>) {
        let is_word = AuthorizationWord::WORDS.contains(&name.as_str());
        if is_word || RESERVED.contains(&name.as_str()) || name.trim().is_empty() || name.contains(char::is_whitespace)
        {
            self.tell(
                Code::Authorizer,
                name.span,
                format!("no authorizer can be named `{}`", shortened(name)),
                "write another name, without spaces; `sigv4` and `api_key` are those of signed requests and API keys, and \
                 `AWS_IAM` and `NONE` words of `authorization`",
            );
        }
    }

    /// Each type has keys that it needs, and keys that mean nothing to it.
    fn check_keys(&mut self, name: &Spanned<String>, entry: &AuthorizerEntry) {
        use AuthorizerWord::{Cognito, Lambda, LambdaToken};
        let kind = entry.kind.value;
        let keys: [(&'static str, Option<Span>, &[AuthorizerWord]); 6] = [
            ("userPools", entry.user_pools.as_ref().map(|list| list.span), &[Cognito]),
            (
                "function",
                entry.function.as_ref().map(|text| text.span),
                &[Lambda, LambdaToken],
            ),
            (
                "header",
                entry.header.as_ref().map(|text| text.span),
                &[Cognito, LambdaToken],
            ),
            ("identity", entry.identity.as_ref().map(|list| list.span), &[Lambda]),
            (
                "pattern",
                entry.pattern.as_ref().map(|text| text.span),
                &[Cognito, LambdaToken],
            ),
            (
                "role",
                entry.role.as_ref().map(|text| text.span),
                &[Lambda, LambdaToken],
            ),
        ];
        for (key, span, kinds) in keys {
            if let Some(span) = span.filter(|_| !kinds.contains(&kind)) {
                let others: Vec<String> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
                self.tell(
                    Code::Authorizer,
                    span,
                    format!("`{key}` means nothing to an authorizer of the type `{kind}`"),
                    format!("remove it, or write the type {}", others.join(" or ")),
                );
            }
        }
        let (needed, is_there) = match kind {
            Cognito => (
                "userPools",
                entry.user_pools.as_ref().is_some_and(|list| !list.value.is_empty()),
            ),
            Lambda | LambdaToken => ("function", entry.function.as_ref().is_some_and(|text| !text.is_empty())),
        };
        if !is_there && !entry.faulty.contains(&needed) {
            self.tell(
                Code::Authorizer,
                entry.span.head(),
                format!("the authorizer `{}` has no `{needed}`", shortened(name)),
                match kind {
                    Cognito => "add the ARNs of the user pools: `\"userPools\": [\"arn:aws:cognito-idp:…\"]`",
                    Lambda | LambdaToken => "add the function that is asked: `\"function\": \"name\"`",
                },
            );
        }
        // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html, identitySource
        let keeps = entry.ttl.as_ref().and_then(|ttl| ttl.number()) != Some(0);
        let has_identity = entry.identity.as_ref().is_some_and(|list| !list.value.is_empty());
        if kind == Lambda && keeps && !has_identity && !entry.faulty.contains(&"identity") {
            self.tell(
                Code::Authorizer,
                entry.span.head(),
                format!(
                    "the authorizer `{}` has no `identity` to keep its answers by",
                    shortened(name)
                ),
                "add what it decides by: `\"identity\": [\"header.Authorization\"]`, or keep no answers: `\"ttl\": 0`",
            );
        }
    }

    /// What an authorizer names on AWS, and the pattern of its tokens. A missing function was told.
    fn check_named(&mut self, entry: &AuthorizerEntry) {
        for pool in entry.user_pools.iter().flat_map(|list| &list.value) {
            self.check_arn(pool, Named::UserPool);
        }
        if let Some(function) = entry.function.as_ref().filter(|text| !text.is_empty()) {
            self.check_arn(function, Named::Function);
        }
        if let Some(role) = &entry.role {
            self.check_arn(role, Named::Role);
        }
        if let Some(pattern) = &entry.pattern {
            self.check_pattern(pattern);
        }
    }

    fn ttl(&mut self, entry: &AuthorizerEntry) -> Amount {
        let Some(ttl) = &entry.ttl else {
            return Amount::Of(DEFAULT_TTL);
        };
        if ttl.number().is_some_and(|seconds| seconds > MAX_TTL) {
            self.tell(
                Code::Authorizer,
                ttl.span,
                format!("answers are kept for {MAX_TTL} seconds at most"),
                format!("write a number from 0 to {MAX_TTL}"),
            );
        }
        self.amount(ttl, "ttl")
    }

    fn check_identity(&mut self, source: &Spanned<String>) {
        let from = [
            "method.request.header.",
            "method.request.querystring.",
            "context.",
            "stageVariables.",
        ];
        if !is_source(source, &from) {
            self.tell(
                Code::Authorizer,
                source.span,
                format!(
                    "`{}` is nothing that an authorizer can be asked with",
                    shortened(source)
                ),
                "write `header.X`, `query.X`, `context.X` or `stageVariables.X`",
            );
        }
    }
}

fn spelt_identity(source: &str) -> String {
    super::mapping::spelt(source, Side::Request.from())
}
