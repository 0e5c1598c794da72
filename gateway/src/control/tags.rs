//! Tags
//! ([tagging](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html)).

use serde_json::{Value as Json, json};

use super::call::Call;
use super::place::Place;
use super::reply::{Answered, Refusal, empty, reply};
use super::state::{Control, put, texts};

impl Control {
    pub(super) fn get_tags(&mut self, call: &Call<'_>) -> Answered {
        let tags = texts(self.tagged(call)?.get("tags"));
        Ok(reply(200, json!({"tags": tags})))
    }

    pub(super) fn tag_resource(&mut self, call: &Call<'_>) -> Answered {
        let given = call.input()?.texts("tags")?;
        let fits = |(key, value): (&String, &String)| {
            let length = |text: &str| text.chars().count();
            (1..=128).contains(&length(key)) && length(value) <= 256 && !key.starts_with("aws:")
        };
        if let Some((key, _)) = given.iter().find(|tag| !fits(*tag)) {
            return Err(Refusal::bad_request(format!(
                "Invalid tag {key:?}: a key has 1 to 128 characters and does not begin with aws:, a value has 256 at most"
            )));
        }
        let told = self.tagged(call)?;
        let mut tags = texts(told.get("tags"));
        tags.extend(given);
        if tags.len() > 50 {
            return Err(Refusal::bad_request("The number of tags exceeds the limit of 50"));
        }
        put(told, "tags", json!(tags));
        Ok(empty(204))
    }

    pub(super) fn untag_resource(&mut self, call: &Call<'_>) -> Answered {
        let keys: Vec<&str> = call.all("tagKeys").flat_map(|keys| keys.split(',')).collect();
        let told = self.tagged(call)?;
        let mut tags = texts(told.get("tags"));
        tags.retain(|key, _| !keys.contains(&key.as_str()));
        put(told, "tags", if tags.is_empty() { Json::Null } else { json!(tags) });
        Ok(empty(204))
    }

    /// What an ARN names, as it is told.
    fn tagged(&mut self, call: &Call<'_>) -> Result<&mut Json, Refusal> {
        let arn = call.part(0);
        let invalid = || Refusal::bad_request("Invalid ARN specified in the request");
        // Private domain names have an account in their ARNs, all others have none.
        let (_, path) = arn
            .strip_prefix("arn:")
            .filter(|rest| rest.split(':').nth(1) == Some("apigateway") && rest.split(':').nth(2) == Some(call.region))
            .and_then(|rest| rest.split_once(":/"))
            .ok_or_else(invalid)?;
        let parts: Vec<&str> = path.split('/').collect();
        let (list, place, key) = match parts.as_slice() {
            ["restapis", id, rest @ ..] => {
                let named = Call {
                    parts: [*id]
                        .into_iter()
                        .chain(rest.last().copied())
                        .map(str::to_owned)
                        .collect(),
                    query: Vec::new(),
                    ..*call
                };
                return match rest {
                    [] => Ok(&mut self.api_mut(&named)?.draft_mut().settings),
                    ["stages", stage] => {
                        self.told_stage(&named)?;
                        let served = self.api_mut(&named)?.stages.get_mut(*stage);
                        served.map(|served| &mut served.told).ok_or_else(invalid)
                    }
                    _ => Err(invalid()),
                };
            }
            ["apikeys", id] => (&mut self.keys, Place::Key((*id).to_owned()), "id"),
            ["usageplans", id] => (&mut self.plans, Place::Plan((*id).to_owned()), "id"),
            ["vpclinks", id] => (&mut self.links, Place::Link((*id).to_owned()), "id"),
            ["clientcertificates", id] => (
                &mut self.certificates,
                Place::Certificate((*id).to_owned()),
                "clientCertificateId",
            ),
            ["domainnames", name] => {
                let name = name.split_once('+').map_or(*name, |(name, _)| name);
                (&mut self.domains, Place::Domain(name.to_owned()), "domainName")
            }
            ["domainnameaccessassociations", ..] => (
                &mut self.associations,
                Place::Association(arn.to_owned()),
                "domainNameAccessAssociationArn",
            ),
            _ => return Err(invalid()),
        };
        let mut own = list.iter_mut().filter(|one| one.is_of(call));
        let found = own.find(|one| place.is_of(one.text(key)));
        self.changed.insert(place);
        found
            .map(|one| &mut one.told)
            .ok_or_else(|| Refusal::not_found("Invalid resource identifier specified"))
    }
}
