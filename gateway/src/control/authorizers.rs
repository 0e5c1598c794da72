//! Authorizers
//! ([Authorizer](https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html)).

use bluegate_core::gateway::Authorizer;

use super::call::Call;
use super::methods::patched_part;
use super::pages::items;
use super::patch::{Kind, Op, Rules};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::{Control, new_id};
use super::told;

use Op::{Add, Remove, Replace};

/// Those that are here, and with them those that AWS has.
const SERVED: [&str; 3] = ["TOKEN", "REQUEST", "COGNITO_USER_POOLS"];
pub(super) const KINDS: [&str; 4] = ["TOKEN", "REQUEST", "COGNITO_USER_POOLS", "JWT"];
/// What the expressions for what a caller is known by begin with.
const SOURCES: [&str; 4] = [
    "method.request.header.",
    "method.request.querystring.",
    "stageVariables.",
    "context.",
];
/// The longest time that an answer holds, in seconds.
const LONGEST: i64 = 3600;
const TTL: &str = "Authorizer result TTL must be between 0 and 3600";

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/name", &[Replace], Kind::Word("Authorizer name cannot be empty")),
        ("/type", &[Replace], Kind::Choice(&SERVED)),
        ("/authType", &[Replace], Kind::Text),
        ("/authorizerUri", &[Replace], Kind::Text),
        ("/authorizerCredentials", &[Replace], Kind::Text),
        ("/identitySource", &[Add, Remove, Replace], Kind::Text),
        ("/identityValidationExpression", &[Replace], Kind::Text),
        (
            "/authorizerResultTtlInSeconds",
            &[Replace],
            Kind::Number(0, LONGEST, TTL),
        ),
        ("/providerARNs", &[Add, Remove, Replace], Kind::Item),
    ],
};

impl Control {
    pub(super) fn get_authorizers(&mut self, call: &Call<'_>) -> Answered {
        let authorizers = &self.api(call)?.draft.api.authorizers;
        items(call, "id", authorizers.iter().map(told::authorizer).collect())
    }

    pub(super) fn get_authorizer(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, told::authorizer(self.authorizer(call)?)))
    }

    pub(super) fn create_authorizer(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let kind = input.given("type")?;
        if !SERVED.contains(&kind.as_str()) {
            return Err(Refusal::not_offered(
                "this gateway has no JWT authorizers: of tokens it knows those of COGNITO_USER_POOLS",
            ));
        }
        let authorizer = Authorizer {
            id: new_id(6),
            ..input.part()?
        };
        let authorizer = judged(authorizer)?;
        // Recorded of AWS for an API that is not there.
        let api = self.api_mut(call).map_err(|_| {
            Refusal::conflict("Unable to complete operation due to concurrent modification. Please try again later.")
        })?;
        let authorizers = &mut api.draft_mut().api.authorizers;
        unique(authorizers, &authorizer)?;
        let told = told::authorizer(&authorizer);
        authorizers.push(authorizer);
        Ok(reply(201, told))
    }

    pub(super) fn update_authorizer(&mut self, call: &Call<'_>) -> Answered {
        let patched: Authorizer = patched_part(&RULES, call, self.authorizer(call)?)?;
        let patched = judged(patched)?;
        let told = told::authorizer(&patched);
        let authorizers = &mut self.api_mut(call)?.draft_mut().api.authorizers;
        unique(authorizers, &patched)?;
        if let Some(known) = authorizers.iter_mut().find(|one| one.id == patched.id) {
            *known = patched;
        }
        Ok(reply(200, told))
    }

    pub(super) fn delete_authorizer(&mut self, call: &Call<'_>) -> Answered {
        let id = self.authorizer(call)?.id.clone();
        let api = &mut self.api_mut(call)?.draft_mut().api;
        for resource in &api.resources {
            let mut methods = resource.methods.iter();
            let asks = methods.find(|(_, method)| method.authorizer_id.as_ref() == Some(&id));
            if let Some((verb, _)) = asks {
                let path = &resource.path;
                return Err(Refusal::conflict(format!(
                    "Cannot delete authorizer '{id}', is referenced in method: {path}/{verb}"
                )));
            }
        }
        api.authorizers.retain(|one| one.id != id);
        Ok(empty(202))
    }

    pub(super) fn authorizer(&self, call: &Call<'_>) -> Result<&Authorizer, Refusal> {
        let api = self.own(call, call.part(0));
        let found = api.and_then(|api| api.draft.api.authorizers.iter().find(|one| one.id == call.part(1)));
        found.ok_or_else(|| Refusal::no("Authorizer"))
    }
}

fn unique(known: &[Authorizer], authorizer: &Authorizer) -> Result<(), Refusal> {
    if known
        .iter()
        .any(|one| one.name == authorizer.name && one.id != authorizer.id)
    {
        return Err(Refusal::bad_request(format!(
            "Authorizer name must be unique. Authorizer {} already exists in this RestApi.",
            authorizer.name
        )));
    }
    Ok(())
}

/// The authorizer, if API Gateway takes such a one.
fn judged(authorizer: Authorizer) -> Result<Authorizer, Refusal> {
    let is_pool = authorizer.kind == "COGNITO_USER_POOLS";
    let sources = authorizer.identity_source.as_deref().unwrap_or("context.");
    let is_source = |source: &str| SOURCES.iter().any(|begin| source.starts_with(begin));
    let why = if authorizer.name.is_empty() {
        "Authorizer name cannot be empty"
    } else if is_pool && authorizer.provider_arns.is_empty() {
        "Provider ARNs must be specified for COGNITO_USER_POOLS authorizers"
    } else if !is_pool
        && authorizer
            .uri
            .as_deref()
            .is_none_or(|uri| !uri.contains(":lambda:path/"))
    {
        "Invalid Authorizer URI"
    } else if authorizer.identity_source.is_none() && (authorizer.kind == "TOKEN" || authorizer.ttl != Some(0)) {
        "Identity source is required"
    } else if !is_pool && !sources.split(',').map(str::trim).all(is_source) {
        "Invalid identity source specified. It is made of method.request.header.NAME, method.request.querystring.NAME, \
         stageVariables.NAME and context.NAME"
    } else if authorizer
        .ttl
        .is_some_and(|ttl| !(0..=LONGEST).contains(&i64::from(ttl)))
    {
        TTL
    } else {
        return Ok(authorizer.told());
    };
    Err(Refusal::bad_request(why))
}
