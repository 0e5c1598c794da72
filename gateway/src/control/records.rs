//! What the control plane holds as records, for whoever keeps them: each is replaced as a whole.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::place::Place;
use super::state::{Control, Deployment, Draft, Owned, RestApi};

/// A record: where it stands, and what stands there, unless it was removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where it stands.
    pub place: String,
    /// What stands there; null once it was removed.
    pub value: Json,
}

/// Why records cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    place: String,
    why: String,
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the record {}: {}", self.place, self.why)
    }
}

impl std::error::Error for RecordError {}

impl Control {
    /// What was changed since the last time that somebody asked.
    pub fn changes(&mut self) -> Vec<Record> {
        let changed = std::mem::take(&mut self.changed);
        changed.iter().map(|place| self.record(place)).collect()
    }

    /// All that there is.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let apis = self.apis.values().flat_map(|api| {
            let deployments = api.deployments.keys();
            let deployments = deployments.map(|id| Place::Deployment(api.id.clone(), id.clone()));
            deployments.chain([Place::Api(api.id.clone())])
        });
        let id = |owned: &Owned| owned.text("id").to_owned();
        let places = apis
            .chain(self.keys.iter().map(|one| Place::Key(id(one))))
            .chain(self.plans.iter().map(|one| Place::Plan(id(one))))
            .chain(
                self.domains
                    .iter()
                    .map(|one| Place::Domain(one.text("domainName").to_owned())),
            )
            .chain(self.links.iter().map(|one| Place::Link(id(one))))
            .chain(self.gone_links.iter().cloned().map(Place::GoneLink))
            .chain(
                self.certificates
                    .iter()
                    .map(|one| Place::Certificate(one.text("clientCertificateId").to_owned())),
            )
            .chain(
                self.associations
                    .iter()
                    .map(|one| Place::Association(one.text("domainNameAccessAssociationArn").to_owned())),
            )
            .chain(self.permissions.keys().map(|arn| Place::Function(arn.clone())))
            .chain(
                self.accounts
                    .iter()
                    .map(|one| Place::Account(one.account.clone(), one.region.clone())),
            );
        places.map(|place| self.record(&place)).collect()
    }

    /// Takes records for what there is: a later one of a place counts.
    ///
    /// # Errors
    ///
    /// [`RecordError`] when one is none that this version writes.
    pub fn restore(&mut self, records: impl IntoIterator<Item = Record>) -> Result<(), RecordError> {
        for record in records {
            self.restore_one(&record).map_err(|why| RecordError {
                place: record.place.clone(),
                why,
            })?;
        }
        let vpc_links = self.vpc_links.clone();
        for api in self.apis.values_mut() {
            let stages: Vec<(String, Json)> = api
                .stages
                .iter()
                .map(|(name, one)| (name.clone(), one.told.clone()))
                .collect();
            for (name, told) in stages {
                api.serve(&name, told, vpc_links.as_deref()).map_err(|_| RecordError {
                    place: Place::Api(api.id.clone()).to_string(),
                    why: format!("the stage {name} has no deployment"),
                })?;
            }
        }
        self.publish();
        self.changed.clear();
        Ok(())
    }

    fn record(&self, place: &Place) -> Record {
        let value = match place {
            Place::Api(id) => self.apis.get(id).map(api_value),
            Place::Deployment(api, id) => {
                let api = self.apis.get(api);
                api.and_then(|api| api.deployments.get(id))
                    .map(|one| json!({"created": one.created, "description": one.description, "draft": *one.draft}))
            }
            Place::Key(id) => owned(&self.keys, "id", id),
            Place::Plan(id) => owned(&self.plans, "id", id),
            Place::Domain(name) => owned(&self.domains, "domainName", name),
            Place::Link(id) => owned(&self.links, "id", id),
            Place::GoneLink(id) => self.gone_links.contains(id).then_some(json!(true)),
            Place::Certificate(id) => owned(&self.certificates, "clientCertificateId", id),
            Place::Association(arn) => owned(&self.associations, "domainNameAccessAssociationArn", arn),
            Place::Function(arn) => self.permissions.get(arn).map(value),
            Place::Account(account, region) => {
                let mut accounts = self.accounts.iter();
                accounts
                    .find(|one| one.account == *account && one.region == *region)
                    .map(value)
            }
        };
        Record {
            place: place.to_string(),
            value: value.unwrap_or_default(),
        }
    }

    fn restore_one(&mut self, record: &Record) -> Result<(), String> {
        let place: Place = record.place.parse().map_err(|()| "there is no such place".to_owned())?;
        let value = Some(&record.value).filter(|value| !value.is_null());
        match &place {
            Place::Api(id) => match value {
                None => drop(self.apis.remove(id)),
                Some(value) => {
                    let deployments = self.apis.remove(id).map(|old| old.deployments);
                    let mut api = api_of(id, value)?;
                    api.deployments.extend(deployments.into_iter().flatten());
                    self.apis.insert(id.clone(), api);
                }
            },
            // It may be written before its API is.
            Place::Deployment(api, id) => match value {
                None => {
                    if let Some(api) = self.apis.get_mut(api) {
                        api.deployments.remove(id);
                    }
                }
                Some(value) => {
                    let draft: Draft = read(part(value, "draft")?)?;
                    let deployment = Deployment {
                        created: read(part(value, "created")?)?,
                        description: read(part(value, "description")?)?,
                        draft: draft.into(),
                    };
                    let api = self.apis.entry(api.clone()).or_insert_with(|| RestApi {
                        id: api.clone(),
                        account: String::new(),
                        region: String::new(),
                        draft: Default::default(),
                        deployments: Default::default(),
                        stages: Default::default(),
                        documentation: Default::default(),
                    });
                    api.deployments.insert(id.clone(), deployment);
                }
            },
            Place::Key(id) => keep(&mut self.keys, value, |one| one.text("id") == id)?,
            Place::Plan(id) => keep(&mut self.plans, value, |one| one.text("id") == id)?,
            Place::Domain(name) => keep(&mut self.domains, value, |one| one.text("domainName") == name)?,
            Place::Link(id) => keep(&mut self.links, value, |one| one.text("id") == id)?,
            Place::GoneLink(id) => match value {
                None => drop(self.gone_links.remove(id)),
                Some(_) => drop(self.gone_links.insert(id.clone())),
            },
            Place::Certificate(id) => keep(&mut self.certificates, value, |one| {
                one.text("clientCertificateId") == id
            })?,
            Place::Association(arn) => {
                keep(&mut self.associations, value, |one| {
                    one.text("domainNameAccessAssociationArn") == arn
                })?;
            }
            Place::Function(arn) => match value {
                None => drop(self.permissions.remove(arn)),
                Some(value) => drop(self.permissions.insert(arn.clone(), read(value)?)),
            },
            Place::Account(account, region) => {
                keep(&mut self.accounts, value, |one| {
                    one.account == *account && one.region == *region
                })?;
            }
        }
        Ok(())
    }
}

fn value<T: Serialize>(of: &T) -> Json {
    serde_json::to_value(of).unwrap_or_default()
}

fn read<T: DeserializeOwned>(value: &Json) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

fn part<'j>(value: &'j Json, key: &str) -> Result<&'j Json, String> {
    value.get(key).ok_or_else(|| format!("it has no {key}"))
}

fn owned(list: &[Owned], key: &str, id: &str) -> Option<Json> {
    list.iter().find(|one| one.text(key) == id).map(value)
}

/// Replaces, adds or removes; what is replaced keeps its place in the order.
fn keep(list: &mut Vec<Owned>, value: Option<&Json>, is_it: impl Fn(&Owned) -> bool) -> Result<(), String> {
    let known = list.iter().position(is_it);
    match (known, value) {
        (Some(at), Some(value)) => list[at] = read(value)?,
        (None, Some(value)) => list.push(read(value)?),
        (Some(at), None) => drop(list.remove(at)),
        (None, None) => {}
    }
    Ok(())
}

/// An API without its deployments, which have records of their own.
fn api_value(api: &RestApi) -> Json {
    let stages: serde_json::Map<String, Json> = api
        .stages
        .iter()
        .map(|(name, one)| (name.clone(), one.told.clone()))
        .collect();
    json!({
        "account": api.account,
        "region": api.region,
        "draft": *api.draft,
        "stages": stages,
        "documentation": api.documentation,
    })
}

fn api_of(id: &str, value: &Json) -> Result<RestApi, String> {
    let draft: Draft = read(part(value, "draft")?)?;
    let stages: std::collections::BTreeMap<String, Json> = read(part(value, "stages")?)?;
    let stages = stages.into_iter().map(|(name, told)| {
        // Served as soon as all records are read.
        let stage = std::sync::Arc::new(crate::plane::Stage::new(id, &name, Default::default()));
        (name, super::state::Served { told, stage })
    });
    Ok(RestApi {
        id: id.to_owned(),
        account: read(part(value, "account")?)?,
        region: read(part(value, "region")?)?,
        draft: draft.into(),
        deployments: Default::default(),
        stages: stages.collect(),
        // What older versions wrote has none.
        documentation: value
            .get("documentation")
            .map_or_else(|| Ok(Default::default()), read)?,
    })
}
