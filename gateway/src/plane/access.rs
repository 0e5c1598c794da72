//! Who may call.

use super::Pools;
use super::cache::Cache;
use super::context::Context;
use super::failure::{Denial, Failure, Miss, PolicyOf};
use super::message::{Arrival, Request};
use super::policy::{Asked, INVALIDATE, INVOKE, Verdict, evaluate};
use super::question::Kept;
use super::sigv4::{self, Credential};
use super::stage::{Route, Stage};
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
    /// The answers of methods that are kept.
    pub cache: Cache,
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
        let (principal, is_known) = self.identity(gate)?;
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
        let is_required = self.route.method.api_key_required;
        let limits = &self.stage.limits;
        let is_counted = is_required || sent.is_some() || !limits.is_empty() || gate.usage.account.is_some();
        if !is_counted {
            return Ok(());
        }
        let stage = (self.stage.rest_api_id.as_str(), self.stage.name.as_str());
        let method = self.route.name(self.verb);
        let id = gate.usage.admit(stage, &method, is_required, sent, now)?;
        for (name, value) in [("identity.apiKey", sent), ("identity.apiKeyId", id.as_deref())] {
            if let Some(value) = value {
                context.set(name, value);
            }
        }
        let limit = limits.get_key_value(&method).or_else(|| limits.get_key_value("*/*"));
        gate.usage.throttle(stage, limit, &self.stage.account_id, now)
    }

    /// Who signed, and whether it is known who calls.
    fn identity<'c>(&self, gate: &'c Gate) -> Result<(Option<&'c Credential>, bool), Failure> {
        match self.route.method.authorization.as_deref() {
            None | Some("NONE") => Ok((None, false)),
            // An authorizer has let it in.
            Some("CUSTOM") => Ok((None, true)),
            // So has a token, but a resource policy has to allow it too.
            Some("COGNITO_USER_POOLS") => Ok((None, false)),
            Some("AWS_IAM") => {
                let region = Some(self.stage.region.as_str());
                let (request, now) = (self.request, self.arrival.time);
                let signed = sigv4::verify(request, "execute-api", region, &gate.credentials, now)?;
                Ok((Some(signed.0), true))
            }
            Some(kind) => Err(Failure::NotServed(format!(
                "the authorization {kind} is not served here"
            ))),
        }
    }

    fn is_of_account(&self, principal: Option<&Credential>) -> bool {
        principal.is_none_or(|one| one.account() == self.stage.account_id)
    }

    /// Nobody knows the caller of a method without authorization, and a caller of another account needs the policy's
    /// word; for those of the account itself it is enough that the policy does not deny.
    fn by_policy(&self, principal: Option<&Credential>, is_known: bool) -> Result<(), Failure> {
        let needs_word = !(is_known && self.is_of_account(principal));
        // An API without a policy is open to its account, and methods without authorization to everybody.
        if self.stage.policy.is_none() && !(is_known && needs_word) {
            return Ok(());
        }
        match self.verdict(principal, INVOKE)? {
            Verdict::Silent(_) if !needs_word => Ok(()),
            verdict => self.told(verdict, principal, INVOKE),
        }
    }

    /// Whether an answer that was kept may be fetched again: the resource policy says so, or does not say no to somebody
    /// who may; `is_allowed` is what an authorizer said, if there is one.
    pub(super) fn may_refresh(&self, gate: &Gate, is_allowed: Option<bool>) -> Result<(), Failure> {
        let (principal, is_known) = self.identity(gate)?;
        let may = is_allowed.unwrap_or(is_known && self.is_of_account(principal));
        match self.verdict(principal, INVALIDATE)? {
            Verdict::Silent(_) if may => Ok(()),
            verdict => self.told(verdict, principal, INVALIDATE),
        }
    }

    fn asked_about(&self) -> String {
        self.stage.arn(self.verb, &self.request.path, &self.stage.account_id)
    }

    /// What the resource policy says.
    fn verdict(&self, principal: Option<&Credential>, action: &str) -> Result<Verdict, Failure> {
        let Some(text) = &self.stage.policy else {
            return Ok(Verdict::Silent(Vec::new()));
        };
        let asked = Asked {
            action,
            resource: &self.asked_about(),
            principal: principal.map(|one| one.arn.as_str()),
            user_id: principal.map(|one| one.access_key.as_str()),
            source: self.arrival.source,
            user_agent: self.request.headers.get("user-agent"),
            referer: self.request.headers.get("referer"),
            now: self.arrival.time,
        };
        let none = || Failure::Configuration("the resource policy is no JSON".into());
        let verdict = self.stage.compiled.with_policy(text, |policy| {
            policy.map(|policy| evaluate(policy, &asked)).ok_or_else(none)
        })?;
        verdict.map_err(|what| Failure::NotServed(format!("the resource policy: {what}")))
    }

    /// What a caller is told who is not allowed to.
    fn told(&self, verdict: Verdict, principal: Option<&Credential>, action: &str) -> Result<(), Failure> {
        let (why, statement, misses): (_, _, Vec<Miss>) = match verdict {
            Verdict::Allow => return Ok(()),
            Verdict::Silent(misses) => {
                let why = format!("because no resource-based policy allows the {action} action");
                (why, None, misses)
            }
            Verdict::Deny(number) => {
                let why = "with an explicit deny in a resource-based policy".to_owned();
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
        let message = format!("User: {who} is not authorized to perform: {action} on resource: {resource} {why}");
        Err(Failure::AccessDenied(Denial {
            message,
            policy: PolicyOf::Api,
            statement,
            misses,
            resource: self.asked_about(),
        }))
    }
}
