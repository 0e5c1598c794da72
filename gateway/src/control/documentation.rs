//! What is said of the parts of an API, and what of it is published under a version
//! ([DocumentationPart](https://docs.aws.amazon.com/apigateway/latest/api/API_DocumentationPart.html),
//! [DocumentationVersion](https://docs.aws.amazon.com/apigateway/latest/api/API_DocumentationVersion.html)).

use bluegate_core::openapi::{BasePath, Document};
use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Documentation, Version, new_id, put, text};

/// Where a document has what is said of its parts.
const EXTENSION: &str = "x-amazon-apigateway-documentation";

/// What can be documented, in the order in which AWS lists it.
pub(super) const KINDS: [&str; 12] = [
    "RESPONSE_BODY",
    "RESPONSE",
    "METHOD",
    "MODEL",
    "AUTHORIZER",
    "RESPONSE_HEADER",
    "RESOURCE",
    "PATH_PARAMETER",
    "REQUEST_BODY",
    "QUERY_PARAMETER",
    "API",
    "REQUEST_HEADER",
];

const RULES: Rules = Rules {
    lists: true,
    rows: &[("/properties", &[Op::Replace], Kind::Text)],
};

const VERSION_RULES: Rules = Rules {
    lists: true,
    rows: &[("/description", &[Op::Replace], Kind::Text)],
};

impl Control {
    pub(super) fn get_documentation_parts(&mut self, call: &Call<'_>) -> Answered {
        let parts = self.api(call)?.documentation.parts.iter();
        if call.query("locationStatus") == Some("UNDOCUMENTED") {
            return Err(Refusal::not_offered(
                "what is not documented is not listed by this gateway",
            ));
        }
        let is_wanted = |part: &&Json| {
            ["type", "name", "path"].into_iter().all(|key| {
                let wanted = call.query(key).filter(|wanted| !wanted.is_empty());
                wanted.is_none_or(|wanted| part["location"][key] == wanted)
            })
        };
        items(call, "id", parts.filter(is_wanted).cloned().collect())
    }

    pub(super) fn get_documentation_part(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, self.documentation_part(call)?.clone()))
    }

    pub(super) fn create_documentation_part(&mut self, call: &Call<'_>) -> Answered {
        let mut input = call.input()?;
        let properties = input.given("properties")?;
        let location = input.0.remove("location").unwrap_or_default();
        let part = part(location, &properties)?;
        let parts = &mut self.api_mut(call)?.documentation.parts;
        if let Some(known) = parts.iter().find(|known| known["location"] == part["location"]) {
            return Err(Refusal::conflict(format!(
                "Documentation part already exists for the specified location: {}",
                place(&known["location"])
            )));
        }
        parts.push(part.clone());
        Ok(reply(201, part))
    }

    pub(super) fn update_documentation_part(&mut self, call: &Call<'_>) -> Answered {
        let patched = RULES.patched(self.documentation_part(call)?.clone(), &operations(call)?)?;
        read(text(&patched, "properties"))?;
        let mut parts = self.api_mut(call)?.documentation.parts.iter_mut();
        if let Some(known) = parts.find(|one| one["id"] == call.part(1)) {
            known.clone_from(&patched);
        }
        Ok(reply(200, patched))
    }

    pub(super) fn delete_documentation_part(&mut self, call: &Call<'_>) -> Answered {
        // Recorded of AWS: here an API that is not there is told.
        self.api(call)?;
        self.documentation_part(call)?;
        let parts = &mut self.api_mut(call)?.documentation.parts;
        parts.retain(|one| one["id"] != call.part(1));
        Ok(empty(202))
    }

    pub(super) fn import_documentation_parts(&mut self, call: &Call<'_>) -> Answered {
        self.api(call)?;
        // Recorded of AWS.
        let unreadable = |_| Refusal::bad_request("Unable to build importer with provided input.");
        let body = String::from_utf8_lossy(call.body);
        let document = Document::read(&body, BasePath::Ignore).map_err(unreadable)?;
        let parts = parts_of(&document)?;
        let documentation = &mut self.api_mut(call)?.documentation;
        let ids = documentation.take(parts, call.query("mode") == Some("overwrite"));
        Ok(reply(200, json!({"ids": ids})))
    }

    pub(super) fn get_documentation_versions(&mut self, call: &Call<'_>) -> Answered {
        let versions = self.api(call)?.documentation.versions.iter();
        items(
            call,
            "version",
            versions.map(|(name, version)| version.told(name)).collect(),
        )
    }

    pub(super) fn get_documentation_version(&mut self, call: &Call<'_>) -> Answered {
        let name = call.part(1);
        Ok(reply(200, self.documentation_version(call)?.told(name)))
    }

    pub(super) fn create_documentation_version(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let name = input.given("documentationVersion")?;
        let stage = input.word("stageName")?;
        let api = self.api(call)?;
        if name.is_empty() {
            return Err(Refusal::bad_request("Documentation version must be non-empty"));
        }
        if api.documentation.versions.contains_key(&name) {
            return Err(Refusal::conflict(format!(
                "Documentation version already exists for the specified identifier: {name}"
            )));
        }
        let known = stage.as_ref().is_none_or(|stage| api.stages.contains_key(stage));
        if !known {
            return Err(Refusal::no("stage"));
        }
        let version = Version {
            created: call.seconds(),
            description: input.word("description")?,
            parts: api.documentation.parts.clone(),
        };
        let told = version.told(&name);
        let api = self.api_mut(call)?;
        if let Some(served) = stage.and_then(|stage| api.stages.get_mut(&stage)) {
            put(&mut served.told, "documentationVersion", json!(name));
        }
        api.documentation.versions.insert(name, version);
        Ok(reply(201, told))
    }

    pub(super) fn update_documentation_version(&mut self, call: &Call<'_>) -> Answered {
        let told = self.documentation_version(call)?.told(call.part(1));
        let told = VERSION_RULES.patched(told, &operations(call)?)?;
        let versions = &mut self.api_mut(call)?.documentation.versions;
        if let Some(version) = versions.get_mut(call.part(1)) {
            version.description = told["description"].as_str().map(str::to_owned);
        }
        Ok(reply(200, told))
    }

    pub(super) fn delete_documentation_version(&mut self, call: &Call<'_>) -> Answered {
        self.documentation_version(call)?;
        let name = call.part(1);
        let mut stages = self.api(call)?.stages.iter();
        if let Some((stage, _)) = stages.find(|(_, served)| text(&served.told, "documentationVersion") == name) {
            return Err(Refusal::bad_request(format!(
                "Cannot delete documentation version {name}: the stage {stage} publishes it"
            )));
        }
        self.api_mut(call)?.documentation.versions.remove(name);
        Ok(empty(202))
    }

    fn documentation_part(&self, call: &Call<'_>) -> Result<&Json, Refusal> {
        let api = self.own(call, call.part(0));
        let found = api.and_then(|api| api.documentation.parts.iter().find(|one| one["id"] == call.part(1)));
        found.ok_or_else(|| Refusal::no("Documentation part"))
    }

    fn documentation_version(&self, call: &Call<'_>) -> Result<&Version, Refusal> {
        let found = self.api(call)?.documentation.versions.get(call.part(1));
        found.ok_or_else(|| Refusal::not_found("Invalid Documentation version specified"))
    }
}

impl Documentation {
    /// Takes what a document says of its parts, unless the call leaves that out.
    pub(super) fn import(&mut self, call: &Call<'_>, document: &Document) -> Result<(), Refusal> {
        let parts = parts_of(document)?;
        if call.all("ignore").all(|ignored| ignored != "documentation") {
            self.take(parts, call.query("mode") != Some("merge"));
        }
        Ok(())
    }

    /// Takes parts on, or in the place of those that there are; gives their ids.
    fn take(&mut self, parts: Vec<Json>, overwrites: bool) -> Vec<Json> {
        if overwrites {
            self.parts.clear();
        }
        let mut ids = Vec::new();
        for mut part in parts {
            match self
                .parts
                .iter_mut()
                .find(|known| known["location"] == part["location"])
            {
                Some(known) => {
                    part["id"] = known["id"].clone();
                    known.clone_from(&part);
                }
                None => self.parts.push(part.clone()),
            }
            ids.push(part["id"].take());
        }
        ids
    }

    /// Writes what a version says of an API into the document of it.
    pub(super) fn describe(&self, version: &str, document: &mut Json) {
        let Some(known) = self.versions.get(version) else {
            return;
        };
        let parts = known.parts.iter().map(|part| {
            let properties = read(text(part, "properties")).unwrap_or_default();
            json!({"location": part["location"], "properties": properties})
        });
        let created = OffsetDateTime::from_unix_timestamp(known.created).ok();
        document[EXTENSION] = present(json!({
            "version": version,
            "createdDate": created.and_then(|created| created.format(&Rfc3339).ok()),
            "documentationParts": parts.collect::<Vec<_>>(),
        }));
    }
}

impl Version {
    fn told(&self, name: &str) -> Json {
        present(json!({"version": name, "createdDate": self.created, "description": self.description}))
    }
}

fn part(location: Json, properties: &str) -> Result<Json, Refusal> {
    read(properties)?;
    Ok(json!({"id": new_id(6), "location": present(location), "properties": properties}))
}

/// What is said of a part: an object, as a text.
fn read(properties: &str) -> Result<Map<String, Json>, Refusal> {
    serde_json::from_str(properties)
        .map_err(|error| Refusal::bad_request(format!("Documentation part properties must be a JSON object: {error}")))
}

fn parts_of(document: &Document) -> Result<Vec<Json>, Refusal> {
    let listed = document
        .others
        .get(EXTENSION)
        .and_then(|said| said.get("documentationParts"));
    let listed = listed.and_then(Json::as_array).into_iter().flatten();
    listed
        .map(|one| {
            let location = one.get("location").cloned().unwrap_or_default();
            let kind = text(&location, "type");
            if !KINDS.contains(&kind) {
                return Err(Refusal::bad_request(format!(
                    "Invalid documentation part location type specified: {kind}"
                )));
            }
            let properties = match one.get("properties") {
                Some(Json::String(text)) => text.clone(),
                properties => properties.unwrap_or(&json!({})).to_string(),
            };
            part(location, &properties)
        })
        .collect()
}

/// Such as `type 'METHOD', path '/', method 'GET'`.
fn place(location: &Json) -> String {
    let keys = ["type", "path", "method", "statusCode", "name"];
    let given = keys.iter().filter_map(|key| Some((key, location.get(key)?.as_str()?)));
    given
        .map(|(key, value)| format!("{key} '{value}'"))
        .collect::<Vec<_>>()
        .join(", ")
}
