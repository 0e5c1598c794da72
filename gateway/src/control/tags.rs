//! Tags of APIs and stages
//! ([tagging](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html)).

use serde_json::{Value as Json, json};

use super::state::{Control, texts};
use super::{Answered, Call, Refusal, empty, reply};

impl Control {
    /// Reads, sets or removes tags of what an ARN names.
    pub(super) fn tags(&mut self, call: &Call<'_>, verb: &str, arn: &str) -> Answered {
        let (_, path) = arn
            .split_once("::/restapis/")
            .ok_or_else(|| Refusal::bad_request("Invalid ARN specified"))?;
        let (id, stage) = match path.split_once("/stages/") {
            Some((id, stage)) => (id, Some(stage)),
            None => (path, None),
        };
        let api = self.api_mut(call, id)?;
        let told = match stage {
            None => &mut api.settings,
            Some(stage) => {
                &mut api
                    .stages
                    .get_mut(stage)
                    .ok_or_else(|| Refusal::not_found("Stage"))?
                    .told
            }
        };
        let mut tags = texts(told.get("tags"));
        match verb {
            "GET" => return Ok(reply(200, json!({"tags": tags}))),
            "PUT" => tags.extend(texts(call.json()?.get("tags"))),
            _ => {
                let keys: Vec<&str> = call.all("tagKeys").collect();
                tags.retain(|key, _| !keys.contains(&key.as_str()));
            }
        }
        told["tags"] = match tags.is_empty() && stage.is_some() {
            true => Json::Null,
            false => json!(tags),
        };
        Ok(empty(204))
    }
}
