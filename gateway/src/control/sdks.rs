//! Libraries for callers, which AWS generates
//! ([SdkType](https://docs.aws.amazon.com/apigateway/latest/api/API_SdkType.html)). Here it is known which there are.

use serde_json::{Value as Json, json};

use super::call::Call;
use super::pages::items;
use super::reply::{Answered, Refusal, present, reply};
use super::state::Control;

/// Id, name, what it is, and what has to be said to get one
/// ([GetSdk](https://docs.aws.amazon.com/apigateway/latest/api/API_GetSdk.html)).
const KINDS: [(&str, &str, &str, &[&str]); 6] = [
    (
        "android",
        "Android",
        "An SDK for Android",
        &["groupId", "artifactId", "artifactVersion", "invokerPackage"],
    ),
    (
        "java",
        "Java SDK",
        "An SDK for Java",
        &["serviceName", "javaPackageName"],
    ),
    ("javascript", "JavaScript", "An SDK for JavaScript in browsers", &[]),
    (
        "objectivec",
        "iOS (Objective-C)",
        "An SDK for iOS in Objective-C",
        &["classPrefix"],
    ),
    ("ruby", "Ruby", "An SDK for Ruby", &[]),
    ("swift", "iOS (Swift)", "An SDK for iOS in Swift", &["classPrefix"]),
];

impl Control {
    #[expect(clippy::unused_self, reason = "the table of operations calls all of them alike")]
    pub(super) fn get_sdk_types(&mut self, call: &Call<'_>) -> Answered {
        items(call, "id", KINDS.iter().map(|(id, ..)| told(id)).collect())
    }

    #[expect(clippy::unused_self, reason = "the table of operations calls all of them alike")]
    pub(super) fn get_sdk_type(&mut self, call: &Call<'_>) -> Answered {
        match told(call.part(0)) {
            Json::Null => Err(Refusal::not_found("Invalid SDK type identifier specified")),
            told => Ok(reply(200, told)),
        }
    }

    /// None is generated.
    pub(super) fn get_sdk(&mut self, call: &Call<'_>) -> Answered {
        self.told_stage(call)?;
        let kind = call.part(2);
        if told(kind).is_null() {
            return Err(Refusal::bad_request(format!("Invalid SDK type specified: {kind}")));
        }
        Err(Refusal::not_offered(format!(
            "this gateway generates no SDK; `bluegate generate --public` writes the document that generators of {kind} read"
        )))
    }
}

/// Null if there is no such kind.
fn told(id: &str) -> Json {
    let Some((id, name, what, wanted)) = KINDS.iter().find(|(known, ..)| *known == id) else {
        return Json::Null;
    };
    let wanted = wanted.iter().map(|name| json!({"name": name, "required": true}));
    present(json!({
        "id": id,
        "friendlyName": name,
        "description": what,
        "configurationProperties": wanted.collect::<Vec<_>>(),
    }))
}
