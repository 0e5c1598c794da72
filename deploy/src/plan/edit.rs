//! What somebody changed of an API between two readings of it.
//!
//! Both are compared as facts: AWS promises no order of any list, and no spelling of an export.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::{Change, Exported, Facts, short_digest};
use serde_json::{Value, from_str};

use crate::api::Stage;
use crate::carry;
use crate::read::Reading;

use super::stage_settings::words;

/// A part of an API, what matters most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A stage, by its name.
    Stage,
    /// A method, such as `GET /users`.
    Method,
    /// An authorizer, by its name.
    Authorizer,
    /// The API itself, by its name: its settings.
    Api,
    /// An answer of the gateway itself, by its type.
    Response,
    /// A model, by its name.
    Model,
    /// A request validator, by its name.
    RequestValidator,
    /// A path.
    Resource,
    /// A deployment, by its id.
    Deployment,
    /// A VPC link, by its id.
    VpcLink,
    /// A method of what the stage serves, as it is exported.
    Served,
}

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// It was not there before.
    Added,
    /// It is there no more.
    Removed,
    /// It is another one.
    Changed(Change),
}

/// What somebody changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which kind of part.
    pub part: Part,
    /// Which one.
    pub name: String,
    /// What became of it.
    pub became: Became,
}

/// The first change between two readings, in the order of the parts. Tags, the time of an update and what the service
/// says about its own work are nothing that somebody changes.
#[must_use]
pub fn edit(before: &Reading, now: &Reading) -> Option<Edit> {
    let (before, now) = (facts(before), facts(now));
    let names: BTreeSet<&(Part, String)> = before.keys().chain(now.keys()).collect();
    names.into_iter().find_map(|name| {
        let became = match (before.get(name), now.get(name)) {
            (None, _) => Became::Added,
            (_, None) => Became::Removed,
            (Some(before), Some(now)) => Became::Changed(change(before, now)?),
        };
        let (part, name) = name.clone();
        Some(Edit { part, name, became })
    })
}

/// The first field that differs. Variables may hold what is not to be shown.
fn change(before: &Fields, now: &Fields) -> Option<Change> {
    let mut fields = before.keys().chain(now.keys());
    let field = fields.find(|field| before.get(*field) != now.get(*field))?;
    let shown = |value: Option<&String>| {
        let is_hidden = field.contains("variable ");
        value.map(|value| if is_hidden { "[hidden]".into() } else { value.clone() })
    };
    Some(Change {
        field: field.clone(),
        from: shown(before.get(field)),
        to: shown(now.get(field)),
    })
}

/// Values by the names of fields. What is absent has none.
type Fields = BTreeMap<String, String>;

/// All parts of an API that was read.
fn facts(reading: &Reading) -> BTreeMap<(Part, String), Fields> {
    let plain = |facts: &Facts| -> Fields {
        let facts = facts.iter();
        facts.map(|(field, value)| (field.to_string(), value.clone())).collect()
    };
    let fields = |pairs: &[(&str, Option<String>)]| -> Fields {
        let pairs = pairs.iter();
        pairs
            .filter_map(|(field, value)| Some(((*field).to_owned(), value.clone()?)))
            .collect()
    };
    let definition = reading.definition();
    let mut all = BTreeMap::new();
    let mut add = |part: Part, name: String, fields: Fields| _ = all.insert((part, name), fields);
    for stage in &reading.stages {
        add(Part::Stage, stage.name.clone(), of_stage(stage));
    }
    for (key, facts) in &definition.routes {
        add(Part::Method, key.to_string(), plain(facts));
    }
    for (name, facts) in &definition.authorizers {
        add(Part::Authorizer, name.clone(), plain(facts));
    }
    let settings = carry::told(&reading.api);
    let mut settings: Fields = settings.map(|(name, value)| (name.to_owned(), value)).collect();
    settings.insert("endpoint types".to_owned(), reading.api.endpoint_types.join(", "));
    add(Part::Api, reading.api.id.clone(), settings);
    for (kind, facts) in &definition.responses {
        add(Part::Response, kind.clone(), plain(facts));
    }
    for model in &reading.draft.models {
        // Schemas differ in spaces only.
        let schema = model
            .schema
            .as_ref()
            .map(|text| from_str(text).map_or(text.clone(), |json: Value| json.to_string()));
        let of_model = [
            ("media type", model.content_type.clone()),
            ("description", model.description.clone()),
            ("schema", schema),
        ];
        add(Part::Model, model.name.clone(), fields(&of_model));
    }
    for one in &reading.draft.validators {
        let of_validator = [
            ("checks bodies", Some(one.body.to_string())),
            ("checks parameters", Some(one.parameters.to_string())),
        ];
        add(Part::RequestValidator, one.name.clone(), fields(&of_validator));
    }
    for resource in &reading.draft.resources {
        add(Part::Resource, resource.path.clone(), Fields::new());
    }
    for one in &reading.deployments {
        let description = ("description", one.description.clone());
        add(Part::Deployment, one.id.clone(), fields(&[description]));
    }
    for (id, state) in &reading.surroundings.links {
        add(Part::VpcLink, id.clone(), fields(&[("state", state.clone())]));
    }
    match reading.export.as_deref().map(|export| (export, Exported::of(export))) {
        Some((_, Some(exported))) => {
            let policy = exported.normal_policy(&reading.api.id);
            add(Part::Served, String::new(), fields(&[(carry::POLICY, policy)]));
            for (key, facts) in &exported.definition.routes {
                add(Part::Served, key.to_string(), plain(facts));
            }
        }
        Some((text, None)) => {
            let digest = Some(short_digest(text));
            add(Part::Served, String::new(), fields(&[("document", digest)]));
        }
        None => {}
    }
    all
}

fn of_stage(stage: &Stage) -> Fields {
    let mut fields = Fields::new();
    let serves = stage.deployment_id.iter();
    fields.extend(serves.map(|id| (DEPLOYMENT.to_owned(), id.clone())));
    for (name, value) in &stage.settings {
        let field = name.strip_prefix("/variables/");
        fields.insert(
            field.map_or_else(|| words(name), |name| format!("variable {name}")),
            value.clone(),
        );
    }
    fields.extend(
        stage
            .tags
            .iter()
            .map(|(name, value)| (format!("tag {name}"), value.clone())),
    );
    if let Some(canary) = &stage.canary {
        let id = canary.deployment_id.clone().unwrap_or_default();
        fields.insert("canary deployment".to_owned(), id);
        fields.insert("canary percent".to_owned(), canary.percent.to_string());
        fields.insert("canary cache".to_owned(), canary.use_stage_cache.to_string());
        let variables = canary.variable_overrides.iter();
        fields.extend(variables.map(|(name, value)| (format!("canary variable {name}"), value.clone())));
    }
    fields
}

/// The field of a stage that says what it serves.
pub const DEPLOYMENT: &str = "deployment";

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::{Method, Model, Resource};

    use super::*;
    use crate::api::{Canary, Deployment, RestApi};

    fn reading() -> Reading {
        let resource = |path: &str| Resource {
            id: path.into(),
            path: path.into(),
            methods: BTreeMap::from([("GET".to_owned(), Method::default())]),
        };
        let model = |name: &str, schema: &str| Model {
            name: name.into(),
            schema: Some(schema.into()),
            ..Model::default()
        };
        let deployment = |id: &str| Deployment {
            id: id.into(),
            ..Deployment::default()
        };
        let stage = |name: &str| Stage {
            name: name.into(),
            deployment_id: Some("d1".into()),
            settings: [("/variables/token".to_owned(), "hush".to_owned())].into(),
            updated: Some(1),
            ..Stage::default()
        };
        let mut reading = Reading {
            api: RestApi {
                binary_media_types: vec!["a/b".into(), "c/d".into()],
                vpc_endpoint_ids: vec!["vpce-1".into(), "vpce-2".into()],
                ..RestApi::default()
            },
            stages: vec![stage("dev"), stage("prod")],
            deployments: vec![deployment("d1"), deployment("d2")],
            export: Some(r#"{"openapi": "3.0.1", "paths": {"/a": {"get": {}}, "/b": {"get": {}}}}"#.into()),
            ..Reading::default()
        };
        reading.draft.resources = vec![resource("/a"), resource("/b")];
        reading.draft.models = vec![model("A", r#"{"a": 1, "b": 2}"#), model("B", "{}")];
        reading
    }

    #[test]
    fn the_order_of_lists_and_the_spelling_of_texts_are_no_edit() {
        let mut other = reading();
        other.draft.resources.reverse();
        other.draft.models.reverse();
        other.draft.models[1].schema = Some(r#"{"b":2,"a":1}"#.into());
        other.stages.reverse();
        other.stages[0].updated = Some(2);
        other.deployments.reverse();
        other.api.binary_media_types.reverse();
        other.api.vpc_endpoint_ids.reverse();
        other.api.status = Some("UPDATING".into());
        other.api.tags.insert("bluegate:lock".into(), "run=a until=1".into());
        other.export = Some(r#"{"paths":{"/b":{"get":{}},"/a":{"get":{}}},"openapi":"3.0.1"}"#.into());
        assert_eq!(edit(&reading(), &other), None);
    }

    #[test]
    fn each_part_that_somebody_changes_is_named() {
        type Edit = fn(&mut Reading);
        let changes: [(Edit, Part, &str); 13] = [
            (|it| it.stages[1].deployment_id = Some("d2".into()), Part::Stage, "prod"),
            (|it| it.stages[1].canary = Some(Canary::default()), Part::Stage, "prod"),
            (|it| _ = it.stages.pop(), Part::Stage, "prod"),
            (
                |it| it.draft.resources[1].methods.get_mut("GET").unwrap().api_key_required = true,
                Part::Method,
                "GET /b",
            ),
            (|it| it.draft.authorizers.push(Default::default()), Part::Authorizer, ""),
            (|it| it.api.binary_media_types.truncate(1), Part::Api, ""),
            (|it| it.api.endpoint_types.push("EDGE".into()), Part::Api, ""),
            (|it| it.draft.responses.push(Default::default()), Part::Response, ""),
            (|it| it.draft.models[0].schema = None, Part::Model, "A"),
            (
                |it| it.draft.validators.push(Default::default()),
                Part::RequestValidator,
                "",
            ),
            (|it| it.draft.resources.push(Default::default()), Part::Resource, ""),
            (|it| _ = it.deployments.pop(), Part::Deployment, "d2"),
            (|it| it.export = None, Part::Served, ""),
        ];
        for (change, part, name) in changes {
            let mut other = reading();
            change(&mut other);
            let edit = edit(&reading(), &other).expect("an edit");
            assert_eq!((edit.part, edit.name.as_str()), (part, name), "{edit:?}");
        }
    }

    #[test]
    fn what_matters_most_is_told_first_and_no_value_of_a_variable() {
        let mut other = reading();
        other.draft.models.clear();
        other.stages[0]
            .settings
            .insert("/variables/token".into(), "hush-hush".into());
        let edit = edit(&reading(), &other).unwrap();
        assert_eq!(edit.part, Part::Stage);
        let Became::Changed(change) = &edit.became else {
            panic!("{edit:?}")
        };
        assert_eq!(change.field, "variable token");
        assert!(!format!("{edit:?}").contains("hush"));
    }
}
