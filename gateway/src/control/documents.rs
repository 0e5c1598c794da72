//! APIs of documents, and documents of APIs
//! ([importing](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html),
//! [exporting](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html)).

use bluegate_core::gateway::{Api, settings};
use bluegate_core::openapi::{BasePath, Document, to_swagger, yaml_of};
use serde_json::{Map, Value as Json, json};

use super::call::Call;
use super::integrations;
use super::reply::{Answered, Refusal, reply};
use super::state::{Control, Documentation, Draft, new_id, no_api, put, strings, text};

impl Control {
    pub(super) fn import_rest_api(&mut self, call: &Call<'_>) -> Answered {
        let document = read(call)?;
        let mut draft = Draft {
            settings: json!({}),
            api: Api::default(),
        };
        let kind = call.query("endpointConfigurationTypes").unwrap_or("EDGE");
        if !settings::KINDS.contains(&kind) {
            return Err(Refusal::bad_request(settings::NO_KIND));
        }
        put(
            &mut draft.settings,
            "endpointConfiguration",
            settings::configured(kind, None, &[]),
        );
        let warnings = draft.overwrite(call, &document)?;
        if call.query("disableExecuteApiEndpoint") == Some("true") {
            put(&mut draft.settings, "disableExecuteApiEndpoint", json!(true));
        }
        let mut documentation = Documentation::default();
        documentation.import(call, &document)?;
        let id = self.new_api(call, draft).id.clone();
        let api = self.apis.get_mut(&id).ok_or_else(|| no_api(call))?;
        api.documentation = documentation;
        Ok(reply(201, with_warnings(api.told(false), &warnings)))
    }

    pub(super) fn put_rest_api(&mut self, call: &Call<'_>) -> Answered {
        let api = self.api(call)?;
        let document = read(call)?;
        let mut draft = (*api.draft).clone();
        let warnings = match call.query("mode") {
            Some("overwrite") => draft.overwrite(call, &document)?,
            _ => draft.merge(call, &document)?,
        };
        let mut documentation = api.documentation.clone();
        documentation.import(call, &document)?;
        let api = self.api_mut(call)?;
        (api.draft, api.documentation) = (draft.into(), documentation);
        Ok(reply(200, with_warnings(api.told(true), &warnings)))
    }

    /// The document of what a stage serves.
    pub(super) fn get_export(&mut self, call: &Call<'_>) -> Answered {
        self.told_stage(call)?;
        let api = self.api(call)?;
        let served = api.stages.get(call.part(1));
        let deployment = served.and_then(|served| api.deployments.get(&served.stage.deployment_id));
        let draft = &deployment.ok_or_else(|| Refusal::no("Deployment"))?.draft;
        let extensions: Vec<&str> = call
            .all("extensions")
            .flat_map(|all| all.split(','))
            .map(str::trim)
            .collect();
        let host = format!("{}.execute-api.{}.amazonaws.com", api.id, api.region);
        let mut described = draft.described(&host, call.part(1), &extensions);
        if extensions
            .iter()
            .any(|wanted| ["apigateway", "documentation"].contains(wanted))
        {
            let version = served.map_or("", |served| text(&served.told, "documentationVersion"));
            api.documentation.describe(version, &mut described);
        }
        let described = match call.part(2) {
            "oas30" => described,
            "swagger" => to_swagger(described),
            other => return Err(Refusal::bad_request(format!("Invalid export type specified: {other}"))),
        };
        let version = described
            .pointer("/info/version")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        let (text, ending) = match call.accept.contains("yaml") {
            true => (yaml_of(&described), "yaml"),
            false => (format!("{described:#}"), "json"),
        };
        let mut answer = reply(200, Json::from(text));
        let name = format!("{}_{version}.{ending}", call.part(2));
        answer
            .headers
            .push(("Content-Type", "application/octet-stream".to_owned()));
        answer
            .headers
            .push(("Content-Disposition", format!("attachment; filename=\"{name}\"")));
        Ok(answer)
    }
}

fn read(call: &Call<'_>) -> Result<Document, Refusal> {
    let base_path = match call.query("basepath") {
        Some("prepend") => BasePath::Prepend,
        Some("split") => BasePath::Split,
        _ => BasePath::Ignore,
    };
    let text = std::str::from_utf8(call.body).map_err(|_| Refusal::bad_request("Invalid OpenAPI input."))?;
    Document::read(text, base_path).map_err(|error| Refusal::bad_request(format!("Invalid OpenAPI input. ({error})")))
}

fn with_warnings(mut told: Json, warnings: &[String]) -> Json {
    if !warnings.is_empty() {
        put(&mut told, "warnings", json!(warnings));
    }
    told
}

impl Draft {
    /// Becomes what a document says. What it does not say is back at its default.
    fn overwrite(&mut self, call: &Call<'_>, document: &Document) -> Result<Vec<String>, Refusal> {
        settings::overwrite(&mut self.settings, document);
        self.api = imported(&self.api, document);
        self.checked(call, document)
    }

    /// Takes on what a document says; the rest stays.
    fn merge(&mut self, call: &Call<'_>, document: &Document) -> Result<Vec<String>, Refusal> {
        settings::merge(&mut self.settings, document);
        self.api.join(imported(&self.api, document));
        self.checked(call, document)
    }

    /// What an import tells of a document that it takes.
    fn checked(&self, call: &Call<'_>, document: &Document) -> Result<Vec<String>, Refusal> {
        settings::judged(&self.settings)?;
        self.integrated()?;
        let mut warnings = Vec::new();
        for (path, item) in document.paths.iter() {
            for (verb, operation) in item.operations.iter() {
                let verb = verb.to_uppercase();
                let ignored = operation
                    .responses
                    .iter()
                    .filter(|(status, _)| status.parse::<u16>().is_err());
                warnings.extend(ignored.map(|(status, _)| {
                    format!("Ignoring response type {status} on method {verb} for resource {path}: it is no status")
                }));
                let parameters = operation.parameters.iter().chain(&item.parameters);
                let ignored = parameters.filter(|one| !["path", "query", "header"].contains(&&*one.location));
                warnings.extend(ignored.map(|one| {
                    let (name, place) = (&one.name, &one.location);
                    format!("Ignoring parameter {name} in {place} on method {verb} for resource {path}")
                }));
            }
        }
        match call.query("failonwarnings") {
            Some("true") if !warnings.is_empty() => Err(Refusal::bad_request(format!(
                "Warnings found during import:\n\t{}",
                warnings.join("\n\t")
            ))),
            _ => Ok(warnings),
        }
    }

    /// Refuses integrations that a call that puts one is refused, all at once.
    fn integrated(&self) -> Result<(), Refusal> {
        let mut errors = Vec::new();
        for resource in &self.api.resources {
            for (verb, method) in &resource.methods {
                if let Some(Err(refusal)) = method.integration.clone().map(integrations::judged) {
                    let path = &resource.path;
                    errors.push(format!(
                        "Unable to put integration on '{verb}' for resource at path '{path}': {}",
                        refusal.message()
                    ));
                }
            }
        }
        match errors.as_slice() {
            [] => Ok(()),
            errors => Err(Refusal::bad_request(format!(
                "Errors found during import:\n\t{}",
                errors.join("\n\t")
            ))),
        }
    }

    /// The document that describes it, with those extensions that are wanted.
    fn described(&self, host: &str, stage: &str, extensions: &[&str]) -> Json {
        let setting = |key: &str| self.settings.get(key).and_then(Json::as_str).map(str::to_owned);
        let mut document = Document::from(&self.api);
        document.info.title = setting("name").unwrap_or_default();
        document.info.description = setting("description");
        // An API that nobody gave a version has the moment of its making.
        let made = self.settings["createdDate"]
            .as_i64()
            .and_then(|made| time::OffsetDateTime::from_unix_timestamp(made).ok());
        let made = made.and_then(|made| made.format(&time::format_description::well_known::Rfc3339).ok());
        document.info.version = setting("version").or(made).unwrap_or_default();
        document.policy = setting("policy").and_then(|text| serde_json::from_str(&text).ok());
        document.binary_media_types = strings(&self.settings["binaryMediaTypes"]);
        let size = self.settings["minimumCompressionSize"].as_i64();
        document.minimum_compression_size = size.and_then(|size| i32::try_from(size).ok());
        document.api_key_source = setting("apiKeySource").filter(|source| source != "HEADER");
        document.security_policy = setting("securityPolicy");
        document.endpoint_access_mode = setting("endpointAccessMode");
        let mut described = serde_json::to_value(&document).unwrap_or_default();
        described["servers"] = json!([{
            "url": format!("https://{host}/{{basePath}}"),
            "variables": {"basePath": {"default": stage}},
        }]);
        // Recorded of AWS: an answer without a model has a body of no kind.
        for item in described
            .pointer_mut("/paths")
            .and_then(Json::as_object_mut)
            .into_iter()
            .flat_map(Map::values_mut)
        {
            let operations = item.as_object_mut().into_iter().flat_map(Map::values_mut);
            let responses = operations.filter_map(|operation| operation.get_mut("responses")?.as_object_mut());
            for response in responses
                .flat_map(Map::values_mut)
                .filter(|one| one.get("content").is_none())
            {
                put(response, "content", json!({}));
            }
        }
        if described.get("components").is_none() {
            described["components"] = json!({});
        }
        let has_all = extensions.contains(&"apigateway");
        let is_wanted = |key: &str| {
            let part = match key {
                "x-amazon-apigateway-integration" => "integrations",
                "x-amazon-apigateway-authorizer" | "x-amazon-apigateway-authtype" => "authorizers",
                _ => "apigateway",
            };
            has_all || extensions.contains(&part)
        };
        strip(&mut described, &is_wanted);
        described
    }
}

/// Leaves out extensions of API Gateway. They are keys of documents, and none of schemas.
fn strip(value: &mut Json, is_wanted: &dyn Fn(&str) -> bool) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| strip(item, is_wanted)),
        Json::Object(entries) => {
            entries.retain(|key, _| {
                !key.starts_with("x-amazon-apigateway-") || key == "x-amazon-apigateway-any-method" || is_wanted(key)
            });
            entries.values_mut().for_each(|value| strip(value, is_wanted));
        }
        _ => {}
    }
}

fn imported(before: &Api, document: &Document) -> Api {
    Api::imported(before, document, |_, _| new_id(6))
}
