//! Who may call.

use time::OffsetDateTime;

use super::failure::{Denial, Failure, PolicyOf};
use super::message::{Arrival, Request};
use super::policy::{Asked, Verdict, evaluate};
use super::question::Kept;
use super::sigv4::{self, Credential};
use super::stage::{Route, Stage};

use super::Pools;
use super::context::Context;
use super::usage::Usage;

/// What is known of callers, beside what a request says of itself.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// Who may sign.
    pub credentials: Vec<Credential>,
    /// The keys and the plans.
    pub usage: Usage,
    /// What authorizers answered.
    pub kept: Kept,
    /// The keys that tokens of user pools are signed with.
    pub pools: Pools,
}

/// A request that wants to be let in.
pub(super) struct Caller<'a> {
    pub(super) stage: &'a Stage,
    pub(super) route: Route<'a>,
    pub(super) verb: &'a str,
    pub(super) request: &'a Request,
    /// The key that an authorizer named, where keys come from authorizers.
    pub(super) named_key: Option<&'a str>,
    pub(super) arrival: &'a Arrival,
}

impl Caller<'_> {
    /// Lets it in or not: who calls, the resource policy, the key, in this order. What is learnt goes into `$context`.
    pub(super) fn admit(&self, gate: &mut Gate, context: &mut Context) -> Result<(), Failure> {
        let now = self.arrival.time;
        let (principal, is_known) = match self.route.method.authorization.as_deref() {
            None | Some("NONE") => (None, false),
            // An authorizer has let it in.
            Some("CUSTOM") => (None, true),
            // So has a token, but a resource policy has to allow it too.
            Some("COGNITO_USER_POOLS") => (None, false),
            Some("AWS_IAM") => (Some(self.signer(&gate.credentials, now)?), true),
            Some(kind) => {
                return Err(Failure::NotServed(format!(
                    "the authorization {kind} is not served here"
                )));
            }
        };
        if let Some(Credential { access_key, arn, .. }) = principal {
            let account = principal.map(Credential::account).unwrap_or_default();
            for (name, value) in [
                ("accessKey", access_key.as_str()),
                ("accountId", account),
                ("caller", access_key),
                ("user", access_key),
                ("userArn", arn),
            ] {
                context.set(format!("identity.{name}"), value);
            }
        }
        self.by_policy(principal, is_known)?;
        let sent = match self.stage.is_keyed_by_authorizers {
            true => self.named_key,
            false => self.request.headers.get("x-api-key"),
        };
        let stage = (self.stage.rest_api_id.as_str(), self.stage.name.as_str());
        let method = self.route.name(self.verb);
        let id = gate
            .usage
            .admit(stage, &method, self.route.method.api_key_required, sent, now)?;
        for (name, value) in [("identity.apiKey", sent), ("identity.apiKeyId", id.as_deref())] {
            if let Some(value) = value {
                context.set(name, value);
            }
        }
        let limits = &self.stage.limits;
        let limit = limits.get_key_value(&method).or_else(|| limits.get_key_value("*/*"));
        gate.usage.throttle(stage, limit, &self.stage.account_id, now)
    }

    fn signer<'c>(&self, credentials: &'c [Credential], now: OffsetDateTime) -> Result<&'c Credential, Failure> {
        let region = Some(self.stage.region.as_str());
        sigv4::verify(self.request, "execute-api", region, credentials, now).map(|(credential, _)| credential)
    }

    /// Nobody knows the caller of a method without authorization, and a caller of another account needs the policy's
    /// word; for those of the account itself it is enough that the policy does not deny.
    fn by_policy(&self, principal: Option<&Credential>, is_known: bool) -> Result<(), Failure> {
        let is_of_account = principal.is_none_or(|one| one.account() == self.stage.account_id);
        let needs_word = !(is_known && is_of_account);
        // An API without a policy is open to its account, and methods without authorization to everybody.
        if self.stage.policy.is_none() && !(is_known && needs_word) {
            return Ok(());
        }
        let asked_about = self
            .stage
            .arn(&self.request.method, &self.request.path, &self.stage.account_id);
        let verdict = match &self.stage.policy {
            None => Verdict::Silent(Vec::new()),
            Some(text) => {
                let asked = Asked {
                    resource: &asked_about,
                    principal: principal.map(|one| one.arn.as_str()),
                    source: self.arrival.source,
                    user_agent: self.request.headers.get("user-agent"),
                    referer: self.request.headers.get("referer"),
                    now: self.arrival.time,
                };
                let none = || Failure::Configuration("the resource policy is no JSON".into());
                let verdict = self.stage.compiled.with_policy(text, |policy| {
                    policy.map(|policy| evaluate(policy, &asked)).ok_or_else(none)
                })?;
                verdict.map_err(|what| Failure::NotServed(format!("the resource policy: {what}")))?
            }
        };
        let (why, statement, misses) = match verdict {
            Verdict::Allow => return Ok(()),
            Verdict::Silent(_) if !needs_word => return Ok(()),
            Verdict::Silent(misses) => (
                "because no resource-based policy allows the execute-api:Invoke action",
                None,
                misses,
            ),
            Verdict::Deny(number) => {
                let why = "with an explicit deny in a resource-based policy";
                (why, Some(number), Vec::new())
            }
        };
        // AWS shows the last four digits of the account.
        let account = &self.stage.account_id;
        let hidden = format!(
            "********{}",
            account.get(account.len().saturating_sub(4)..).unwrap_or_default()
        );
        let resource = self.stage.arn(self.verb, &self.request.path, &hidden);
        let who = principal.map_or("anonymous", |one| one.arn.as_str());
        let message =
            format!("User: {who} is not authorized to perform: execute-api:Invoke on resource: {resource} {why}");
        Err(Failure::AccessDenied(Denial {
            message,
            policy: PolicyOf::Api,
            statement,
            misses,
            resource: asked_about,
        }))
    }
}
