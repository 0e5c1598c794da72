//! API keys
//! ([ApiKey](https://docs.aws.amazon.com/apigateway/latest/api/API_ApiKey.html)).

use serde_json::{Value as Json, json};

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Owned, new_id, put, strings, text};
use crate::plane::ApiKey;

use Op::{Add, Remove, Replace};

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/description", &[Replace], Kind::Text),
        ("/enabled", &[Replace], Kind::Flag),
        ("/name", &[Replace], Kind::Text),
        ("/customerId", &[Replace], Kind::Text),
        ("/stages", &[Add, Remove], Kind::Item),
        ("/labels", &[Add, Remove], Kind::Item),
    ],
};

/// Where the stages of a key stand, as patches name them: `API/STAGE`. They say nothing of who may call: usage plans do.
const STAGES: &str = "stages";

const LONGEST_NAME: usize = 1024;
const LONGEST_DESCRIPTION: usize = 125_000;

impl Control {
    pub(super) fn get_api_keys(&mut self, call: &Call<'_>) -> Answered {
        let has_values = call.query("includeValues") == Some("true");
        let name = call.query("name").unwrap_or_default();
        let customer = call.query("customerId").filter(|id| !id.is_empty());
        let own = self.keys.iter().rev().filter(|key| key.is_of(call));
        let own = own.filter(|key| key.text("name").starts_with(name));
        let own = own.filter(|key| customer.is_none_or(|id| key.text("customerId") == id));
        // The newest first, as recorded of AWS.
        items(call, "id", own.map(|key| told(key, has_values, false)).collect())
    }

    pub(super) fn get_api_key(&mut self, call: &Call<'_>) -> Answered {
        let has_value = call.query("includeValue") == Some("true");
        Ok(reply(200, told(self.key(call, call.part(0))?, has_value, true)))
    }

    pub(super) fn create_api_key(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let mut key = json!({
            "name": input.word("name")?,
            "description": input.word("description")?,
            "customerId": input.word("customerId")?,
            "value": input.word("value")?,
            "enabled": input.flag("enabled")?,
        });
        let tags = input.texts("tags")?;
        if !tags.is_empty() {
            put(&mut key, "tags", json!(tags));
        }
        let stages = input.get("stageKeys").and_then(Json::as_array).into_iter().flatten();
        let stages = stages.map(|one| format!("{}/{}", text(one, "restApiId"), text(one, "stageName")));
        put(&mut key, STAGES, json!(stages.collect::<Vec<_>>()));
        self.known_stages(call, &key)?;
        let key = self.new_key(call, key)?;
        Ok(reply(201, told(&key, true, false)))
    }

    pub(super) fn update_api_key(&mut self, call: &Call<'_>) -> Answered {
        let known = self.key(call, call.part(0))?.clone();
        let patched = RULES.patched(known.told.clone(), &operations(call)?)?;
        judged(&patched)?;
        self.known_stages(call, &patched)?;
        let mut key = Owned { told: patched, ..known };
        put(&mut key.told, "lastUpdatedDate", json!(call.seconds()));
        let answer = told(&key, false, true);
        if let Some(known) = self.keys.iter_mut().find(|one| one.text("id") == call.part(0)) {
            *known = key;
        }
        self.key_changed(call.part(0));
        Ok(reply(200, answer))
    }

    pub(super) fn delete_api_key(&mut self, call: &Call<'_>) -> Answered {
        let id = call.part(0);
        self.key(call, id)?;
        self.keys.retain(|key| key.text("id") != id);
        let holding = self
            .plans
            .iter_mut()
            .filter(|plan| super::plans::keys_of(plan).any(|key| key == id));
        for plan in holding {
            super::plans::take_key(plan, id);
            self.changed.insert(Place::Plan(plan.text("id").to_owned()));
        }
        self.key_changed(id);
        Ok(empty(202))
    }

    /// Keys of a file: a line each, with a name, a value and more behind a head that says which
    /// ([format](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-file-format.html)).
    pub(super) fn import_api_keys(&mut self, call: &Call<'_>) -> Answered {
        let text = std::str::from_utf8(call.body).map_err(|_| Refusal::bad_request("Invalid API key file"))?;
        let mut lines = text
            .lines()
            .map(fields)
            .filter(|line| line.iter().any(|field| !field.is_empty()));
        let head: Vec<String> = lines
            .next()
            .unwrap_or_default()
            .iter()
            .map(|name| name.to_lowercase())
            .collect();
        if !head.iter().any(|name| name == "name") || !head.iter().any(|name| name == "key") {
            return Err(Refusal::bad_request(
                "Invalid API key file: it has no columns `name` and `key`",
            ));
        }
        let must_be_clean = call.query("failonwarnings") == Some("true");
        let (mut ids, mut warnings, mut plans) = (Vec::new(), Vec::new(), Vec::new());
        let mut made = Vec::new();
        for line in lines {
            let field = |name: &str| {
                let at = head.iter().position(|known| known == name)?;
                line.get(at).map(String::as_str).filter(|text| !text.is_empty())
            };
            let key = json!({
                "name": field("name"),
                "value": field("key"),
                "description": field("description"),
                "customerId": field("customerid"),
                "enabled": field("enabled").is_some_and(|enabled| enabled.eq_ignore_ascii_case("true")),
            });
            match self.judged_key(call, &key) {
                Ok(()) if made.iter().any(|one: &Json| one["value"] == key["value"]) => {
                    warnings.push(json!("API Key already exists"));
                }
                Ok(()) => {
                    plans.push(field("usageplanids").map(str::to_owned));
                    made.push(key);
                }
                Err(refusal) => warnings.push(super::reply::Reply::from(refusal).body["message"].clone()),
            }
        }
        if must_be_clean && !warnings.is_empty() {
            let texts: Vec<&str> = warnings.iter().filter_map(Json::as_str).collect();
            return Err(Refusal::bad_request(format!(
                "Failed to import API keys: {}",
                texts.join("; ")
            )));
        }
        for (key, plans) in made.into_iter().zip(plans) {
            let id = self.new_key(call, key)?.text("id").to_owned();
            for plan in plans.iter().flat_map(|plans| plans.split(',')).map(str::trim) {
                match self
                    .plans
                    .iter_mut()
                    .find(|one| one.is_of(call) && one.text("id") == plan)
                {
                    Some(known) => {
                        super::plans::give_key(known, &id);
                        self.changed.insert(Place::Plan(plan.to_owned()));
                    }
                    None => warnings.push(json!(format!("Invalid Usage Plan ID specified: {plan}"))),
                }
            }
            ids.push(id);
        }
        self.publish();
        Ok(reply(201, json!({"ids": ids, "warnings": warnings})))
    }

    fn judged_key(&self, call: &Call<'_>, key: &Json) -> Result<(), Refusal> {
        judged(key)?;
        let value = key["value"].as_str().unwrap_or_default();
        let is_known = self
            .keys
            .iter()
            .any(|one| one.is_of(call) && one.text("value") == value);
        match is_known && !value.is_empty() {
            true => Err(Refusal::conflict("API Key already exists")),
            false => Ok(()),
        }
    }

    fn new_key(&mut self, call: &Call<'_>, mut key: Json) -> Result<Owned, Refusal> {
        self.judged_key(call, &key)?;
        let id = new_id(10);
        for (name, value) in [
            ("id", json!(id)),
            ("createdDate", json!(call.seconds())),
            ("lastUpdatedDate", json!(call.seconds())),
        ] {
            put(&mut key, name, value);
        }
        if key["value"].is_null() {
            put(&mut key, "value", json!(new_id(40)));
        }
        let key = Owned::new(call, present(key));
        self.keys.push(key.clone());
        self.key_changed(&id);
        Ok(key)
    }

    /// Refuses stages of a key that are not there.
    fn known_stages(&self, call: &Call<'_>, key: &Json) -> Result<(), Refusal> {
        let unknown = strings(&key[STAGES]).into_iter().find(|one| {
            let (api, stage) = one.split_once('/').unwrap_or((one, ""));
            !self.own(call, api).is_some_and(|api| api.stages.contains_key(stage))
        });
        match unknown {
            None => Ok(()),
            Some(one) => Err(Refusal::not_found(format!("Invalid stage identifier specified: {one}"))),
        }
    }

    fn key_changed(&mut self, id: &str) {
        self.changed.insert(Place::Key(id.to_owned()));
        self.publish();
    }

    pub(super) fn key(&self, call: &Call<'_>, id: &str) -> Result<&Owned, Refusal> {
        let mut own = self.keys.iter().filter(|key| key.is_of(call));
        own.find(|key| key.text("id") == id)
            .ok_or_else(|| Refusal::not_found("Invalid API Key identifier specified"))
    }

    /// Lets stages know the keys and the plans that there are.
    pub(super) fn publish(&mut self) {
        let keys = self.keys.iter().map(|key| ApiKey {
            id: key.text("id").to_owned(),
            name: key.text("name").to_owned(),
            value: key.text("value").to_owned(),
            is_enabled: key.told["enabled"] == true,
        });
        self.gate.usage.keys = keys.collect();
        self.gate.usage.plans = self.plans.iter().map(super::plans::of).collect();
    }
}

fn judged(key: &Json) -> Result<(), Refusal> {
    let length = |name: &str| key[name].as_str().map_or(0, str::len);
    let why = if length("name") > LONGEST_NAME {
        "Invalid API Key name, can be at most 1024 characters."
    } else if length("description") > LONGEST_DESCRIPTION {
        "Invalid API Key description specified."
    } else if (1..20).contains(&length("value")) {
        "API Key value should be at least 20 characters"
    } else if length("value") > 128 {
        "API Key value exceeds maximum size of 128 characters"
    } else {
        return Ok(());
    };
    Err(Refusal::bad_request(why))
}

fn told(key: &Owned, has_value: bool, has_tags: bool) -> Json {
    let mut told = key.told.clone();
    let stages = told.as_object_mut().and_then(|told| told.remove(STAGES));
    told["stageKeys"] = stages.unwrap_or_else(|| json!([]));
    put(&mut told, "labels", Json::Null);
    if !has_value {
        put(&mut told, "value", Json::Null);
    }
    if has_tags && told.get("tags").is_none() {
        put(&mut told, "tags", json!({}));
    }
    told
}

/// The fields of a line of values between commas, some of them in quotes (RFC 4180).
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = line.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(character) = characters.next() {
        let last = fields.len() - 1;
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                fields[last].push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            '\r' if !is_quoted => {}
            other => fields[last].push(other),
        }
    }
    fields.iter().map(|field| field.trim().to_owned()).collect()
}
