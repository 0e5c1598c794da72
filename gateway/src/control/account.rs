//! The account, and who calls.

use serde_json::{Value as Json, json};

use super::call::Call;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, Reply, reply};
use super::state::{Control, Owned, put, strings};
use crate::plane::{self, Credential, Throttle};

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/cloudwatchRoleArn", &[Op::Add, Op::Remove, Op::Replace], Kind::Text),
        ("/features", &[Op::Add, Op::Remove], Kind::Item),
    ],
};

impl Control {
    /// The settings of an account in a region
    /// ([Account](https://docs.aws.amazon.com/apigateway/latest/api/API_Account.html)).
    pub(super) fn get_account(&mut self, call: &Call<'_>) -> Answered {
        let known = self.accounts.iter().find(|account| account.is_of(call));
        let mut told = known.map_or_else(untouched, |account| account.told.clone());
        if let Some(Throttle { rate, burst }) = self.gate.usage.account {
            put(
                &mut told,
                "throttleSettings",
                json!({"burstLimit": burst, "rateLimit": rate}),
            );
        }
        Ok(reply(200, told))
    }

    pub(super) fn update_account(&mut self, call: &Call<'_>) -> Answered {
        let told = self.get_account(call)?.body;
        let patched = RULES.patched(told, &operations(call)?)?;
        if !strings(&patched["features"]).iter().any(|feature| feature == PLANS) {
            return Err(Refusal::bad_request("Usage Plans cannot be disabled once enabled"));
        }
        let account = Owned::new(call, patched);
        self.changed
            .insert(Place::Account(account.account.clone(), account.region.clone()));
        self.accounts.retain(|known| !known.is_of(call));
        self.accounts.push(account);
        self.get_account(call)
    }
}

/// The feature that every account has, and keeps.
const PLANS: &str = "UsagePlans";

/// The settings of an account that nobody changed.
fn untouched() -> Json {
    json!({
        "throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0},
        "features": [PLANS],
        "apiKeyVersion": "4",
    })
}

/// Where STS is asked.
pub(super) const STS: &str = "/";

/// A refusal in the XML of STS, under the names that it has for them.
pub(super) fn refused(refusal: Refusal) -> Reply {
    let reply = Reply::from(refusal);
    let code = match reply.error.unwrap_or_default() {
        "UnrecognizedClientException" => "InvalidClientTokenId",
        "InvalidSignatureException" => "SignatureDoesNotMatch",
        "MissingAuthenticationTokenException" => "MissingAuthenticationToken",
        other => other,
    };
    let message = reply.body["message"].as_str().unwrap_or_default();
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Reply {
        body: Json::from(format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}\
             </Code><Message>{message}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
            plane::random_uuid(fastrand::u128(..))
        )),
        ..reply
    }
}

/// Who calls, in the XML of STS
/// ([GetCallerIdentity](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)).
pub(super) fn identity(call: &Call<'_>) -> Answered {
    let body = plane::query_pairs(&String::from_utf8_lossy(call.body));
    let is_asked = |(name, value): &(String, String)| name == "Action" && value == "GetCallerIdentity";
    if !body.iter().chain(&call.query).any(is_asked) {
        return Err(Refusal::not_offered(
            "STS is offered by this gateway with GetCallerIdentity, and no other action",
        ));
    }
    let Credential { access_key, arn, .. } = call.caller;
    let account = call.caller.account();
    Ok(reply(
        200,
        Json::from(format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>{arn}</Arn><UserId>{access_key}</UserId><Account>{account}</Account></GetCallerIdentityResult>\
             <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
            plane::random_uuid(fastrand::u128(..))
        )),
    ))
}
