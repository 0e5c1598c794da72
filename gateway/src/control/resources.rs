//! Resources
//! ([Resource](https://docs.aws.amazon.com/apigateway/latest/api/API_Resource.html)).

use bluegate_core::gateway::Resource;
use serde_json::Value as Json;

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Operation, Rules, operations};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::{Control, Draft, new_id};
use super::told;

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/parentId", &[Op::Replace], Kind::Text),
        ("/pathPart", &[Op::Replace], Kind::Text),
    ],
};

impl Control {
    pub(super) fn get_resources(&mut self, call: &Call<'_>) -> Answered {
        let resources = &self.api(call)?.draft.api.resources;
        let has_methods = call.query("embed") == Some("methods");
        let told = resources.iter().map(|one| told::resource(one, resources, has_methods));
        items(call, "id", told.collect())
    }

    pub(super) fn get_resource(&mut self, call: &Call<'_>) -> Answered {
        let one = self.resource(call)?;
        let resources = &self.api(call)?.draft.api.resources;
        let has_methods = call.query("embed") == Some("methods");
        Ok(reply(200, told::resource(one, resources, has_methods)))
    }

    pub(super) fn create_resource(&mut self, call: &Call<'_>) -> Answered {
        let part = call.input()?.given("pathPart")?;
        let parent = self.resource(call)?.path.clone();
        let path = path_below(&parent, &part);
        let draft = self.api_mut(call)?.draft_mut();
        draft.may_stand(&path, &part, &parent, None)?;
        let one = Resource {
            id: new_id(6),
            path,
            ..Resource::default()
        };
        let id = one.id.clone();
        draft.api.resources.push(one);
        draft.tell_resource(201, &id)
    }

    pub(super) fn update_resource(&mut self, call: &Call<'_>) -> Answered {
        let operations = operations(call)?;
        let id = self.resource(call)?.id.clone();
        let draft = self.api_mut(call)?.draft_mut();
        let mut changed = draft.clone();
        for operation in &operations {
            RULES.patched(Json::Null, std::slice::from_ref(operation))?;
            changed.move_resource(&id, operation)?;
        }
        *draft = changed;
        draft.tell_resource(200, &id)
    }

    /// Deletes a resource and all below it.
    pub(super) fn delete_resource(&mut self, call: &Call<'_>) -> Answered {
        let path = self.resource(call)?.path.clone();
        if path == "/" {
            return Err(Refusal::bad_request("Root resource cannot be deleted"));
        }
        let resources = &mut self.api_mut(call)?.draft_mut().api.resources;
        resources.retain(|one| !is_below(&one.path, &path));
        Ok(empty(202))
    }

    /// The resource that the path names second. Whoever names no API is told that there is no resource.
    pub(super) fn resource(&self, call: &Call<'_>) -> Result<&Resource, Refusal> {
        let api = self.own(call, call.part(0));
        let found = api.and_then(|api| api.draft.api.resources.iter().find(|one| one.id == call.part(1)));
        found.ok_or_else(|| Refusal::no("Resource"))
    }

    /// The same, to be changed.
    pub(super) fn resource_mut(&mut self, call: &Call<'_>) -> Result<&mut Resource, Refusal> {
        self.resource(call)?;
        let resources = &mut self.api_mut(call)?.draft_mut().api.resources;
        let found = resources.iter_mut().find(|one| one.id == call.part(1));
        found.ok_or_else(|| Refusal::no("Resource"))
    }
}

impl Draft {
    fn tell_resource(&mut self, status: u16, id: &str) -> Answered {
        self.api.resources.sort_by(|one, other| one.path.cmp(&other.path));
        let resources = &self.api.resources;
        let one = resources.iter().find(|one| one.id == id);
        let one = one.ok_or_else(|| Refusal::no("Resource"))?;
        Ok(reply(status, told::resource(one, resources, false)))
    }

    /// Whether a resource may stand at a path: it, or the one with this id.
    fn may_stand(&self, path: &str, part: &str, parent: &str, id: Option<&str>) -> Result<(), Refusal> {
        let is_variable = |part: &str| part.starts_with('{');
        let inner = part.strip_prefix('{').map_or(Some(part), |part| part.strip_suffix('}'));
        let inner = inner.map(|name| name.strip_suffix('+').filter(|_| is_variable(part)).unwrap_or(name));
        let is_name = |name: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte);
            !name.is_empty() && name.bytes().all(allowed)
        };
        if !inner.is_some_and(is_name) {
            return Err(Refusal::bad_request(
                "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the \
                 beginning and the end.",
            ));
        }
        let last = parent.rsplit('/').next().unwrap_or_default();
        if last.ends_with("+}") {
            return Err(Refusal::bad_request(format!(
                "Cannot create a child of a resource with a greedy path variable: {last}"
            )));
        }
        for other in self
            .api
            .resources
            .iter()
            .filter(|one| Some(one.id.as_str()) != id && one.path != "/")
        {
            let (above, name) = other.path.rsplit_once('/').unwrap_or_default();
            let above = if above.is_empty() { "/" } else { above };
            if other.path == path {
                return Err(Refusal::conflict(format!(
                    "Another resource with the same parent already has this name: {part}"
                )));
            }
            if above == parent && is_variable(part) && is_variable(name) {
                return Err(Refusal::bad_request(format!(
                    "A sibling ({name}) of this resource already has a variable path part -- only one is allowed"
                )));
            }
        }
        Ok(())
    }

    /// Gives a resource another name or another parent; what is below it goes with it.
    fn move_resource(&mut self, id: &str, operation: &Operation) -> Result<(), Refusal> {
        let find = |id: &str| self.api.resources.iter().find(|one| one.id == id);
        let value = operation.value.as_deref().unwrap_or_default();
        let from = find(id).map(|one| one.path.clone()).unwrap_or_default();
        let (parent, part) = from.rsplit_once('/').unwrap_or_default();
        let is_part = operation.path == "/pathPart";
        if from == "/" {
            let what = if is_part { "pathPart" } else { "parentId" };
            return Err(Refusal::bad_request(format!("Root resource cannot update its {what}.")));
        }
        let (parent, part) = match is_part {
            true => (if parent.is_empty() { "/" } else { parent }.to_owned(), value),
            false => {
                let parent = find(value).ok_or_else(|| Refusal::no("Resource"))?.path.clone();
                if is_below(&parent, &from) {
                    return Err(Refusal::bad_request("Resources cannot be cyclical."));
                }
                (parent, part)
            }
        };
        let to = path_below(&parent, part);
        self.may_stand(&to, part, &parent, Some(id))?;
        for one in self.api.resources.iter_mut().filter(|one| is_below(&one.path, &from)) {
            one.path = format!("{to}{}", &one.path[from.len()..]);
        }
        Ok(())
    }
}

fn path_below(parent: &str, part: &str) -> String {
    format!("{}/{part}", parent.trim_end_matches('/'))
}

/// Whether a path is another one, or below it.
fn is_below(path: &str, other: &str) -> bool {
    path.strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
