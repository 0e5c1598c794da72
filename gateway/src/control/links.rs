//! VPC links
//! ([VpcLink](https://docs.aws.amazon.com/apigateway/latest/api/API_VpcLink.html)). Nothing is made: one is ready as soon
//! as it is there.

use serde_json::{Value as Json, json};

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Owned, new_id, put};

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/name", &[Op::Replace], Kind::Word("Name cannot be empty")),
        ("/description", &[Op::Replace], Kind::Text),
    ],
};

impl Control {
    pub(super) fn get_vpc_links(&mut self, call: &Call<'_>) -> Answered {
        let own = self.links.iter().filter(|link| link.is_of(call));
        items(call, "id", own.map(|link| told(link, false)).collect())
    }

    /// One that nobody made here is there all the same, unless it was deleted here: a file of another account names it.
    pub(super) fn get_vpc_link(&mut self, call: &Call<'_>) -> Answered {
        let id = call.part(0);
        match self.link(call) {
            Ok(link) => Ok(reply(200, told(link, true))),
            Err(gone) if self.gone_links.contains(id) => Err(gone),
            Err(_) => Ok(reply(
                200,
                json!({"id": id, "name": id, "targetArns": [], "status": "AVAILABLE", "tags": {}}),
            )),
        }
    }

    pub(super) fn create_vpc_link(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let name = input
            .word("name")?
            .ok_or_else(|| Refusal::bad_request("Name cannot be empty"))?;
        let targets = input.list("targetArns")?;
        if targets.len() != 1 {
            return Err(Refusal::bad_request(format!(
                "A VPC link has one target ARN, and {} are given",
                targets.len()
            )));
        }
        if let Some(target) = targets.iter().find(|target| !target.starts_with("arn:")) {
            return Err(Refusal::bad_request(format!(
                "Invalid ARN. ARN is not well formed {target}"
            )));
        }
        let id = new_id(6);
        let mut link = json!({
            "id": id,
            "name": name,
            "description": input.word("description")?,
            "targetArns": targets,
            "status": "AVAILABLE",
            "statusMessage": "Your vpc link is ready for use",
        });
        let tags = input.texts("tags")?;
        if !tags.is_empty() {
            put(&mut link, "tags", json!(tags));
        }
        let link = Owned::new(call, link);
        let mut answer = told(&link, false);
        put(&mut answer, "status", json!("PENDING"));
        put(&mut answer, "statusMessage", Json::Null);
        self.links.push(link);
        self.changed.insert(Place::Link(id));
        Ok(reply(202, answer))
    }

    pub(super) fn update_vpc_link(&mut self, call: &Call<'_>) -> Answered {
        let known = self.link(call)?;
        let patched = RULES.patched(known.told.clone(), &operations(call)?)?;
        self.changed.insert(Place::Link(call.part(0).to_owned()));
        if let Some(link) = self.links.iter_mut().find(|link| link.text("id") == call.part(0)) {
            link.told = patched;
        }
        self.get_vpc_link(call)
    }

    pub(super) fn delete_vpc_link(&mut self, call: &Call<'_>) -> Answered {
        let id = self.link(call)?.text("id").to_owned();
        let apis = self.apis.values().filter(|api| self.own(call, &api.id).is_some());
        let mut methods = apis
            .flat_map(|api| &api.draft.api.resources)
            .flat_map(|one| one.methods.values());
        if methods.any(|method| {
            method
                .integration
                .as_ref()
                .is_some_and(|one| one.connection_id.as_ref() == Some(&id))
        }) {
            return Err(Refusal::bad_request(
                "Cannot delete vpc link. Vpc link is referenced by a method",
            ));
        }
        self.links.retain(|link| link.text("id") != id);
        self.gone_links.insert(id.clone());
        self.changed.extend([Place::Link(id.clone()), Place::GoneLink(id)]);
        Ok(empty(202))
    }

    fn link(&self, call: &Call<'_>) -> Result<&Owned, Refusal> {
        let mut own = self.links.iter().filter(|link| link.is_of(call));
        own.find(|link| link.text("id") == call.part(0))
            .ok_or_else(|| Refusal::no("Vpc Link"))
    }
}

fn told(link: &Owned, has_tags: bool) -> Json {
    match has_tags {
        true => link.with_tags(),
        false => present(link.told.clone()),
    }
}
