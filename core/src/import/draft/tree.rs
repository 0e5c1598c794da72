//! The resources with their methods and actions, and what holds for most of them.

use super::action::INHERITED;
use super::inherit::{Place, Values};
use super::{Plan, contract, names};
use crate::diagnostic::Diagnostics;
use crate::import::api::{Api, Operation};
use crate::import::item::{Entries, Item};

/// Keys with their values, in the order in which they are written.
pub(super) type Keys = Vec<(&'static str, Item)>;

/// The actions of a plan by resource and path.
pub(super) struct Tree<'a> {
    plan: &'a Plan<'a>,
    groups: Vec<Group<'a>>,
    defaults: Keys,
    /// What is inherited by others, or not inherited, of each action.
    actions: Vec<Keys>,
}

/// The paths of one resource.
struct Group<'a> {
    name: String,
    methods: Vec<Method<'a>>,
    keys: Keys,
}

/// A path with the numbers of its actions.
struct Method<'a> {
    path: &'a str,
    actions: Vec<usize>,
    keys: Keys,
}

impl<'a> Tree<'a> {
    pub(super) fn of(plan: &'a Plan<'a>) -> Self {
        let mut tree = Self {
            plan,
            groups: groups(plan),
            defaults: Keys::new(),
            actions: vec![Keys::new(); plan.actions.len()],
        };
        for key in &INHERITED {
            let mut values = Values::new();
            let mut root = tree.places(key.name, &mut values);
            let none = (key.none)();
            values.place(&mut root, none.is_some());
            tree.write(&root, &|number| Some((key.name, values.item(number, none.as_ref())?)));
        }
        tree
    }

    /// What a key means at each place.
    fn places(&self, key: &str, values: &mut Values) -> Place {
        let mut leaf = |value: Option<Option<Item>>| Place {
            value: value.map(|value| values.number(value)),
            ..Place::default()
        };
        let above = |below: Vec<Place>| Place {
            below,
            ..Place::default()
        };
        let groups = self.groups.iter().map(|group| {
            let methods = group.methods.iter().map(|method| {
                if key == "cors" {
                    let cors = self.plan.preflights.iter().find(|(path, _)| *path == method.path);
                    return leaf(Some(cors.map(|(_, cors)| cors.clone())));
                }
                let actions = method.actions.iter();
                above(actions.map(|index| leaf(self.plan.inherited(key, *index))).collect())
            });
            above(methods.collect())
        });
        above(groups.collect())
    }

    /// Writes the values of a key where they were placed.
    fn write(&mut self, root: &Place, item: &dyn Fn(usize) -> Option<(&'static str, Item)>) {
        self.defaults.extend(root.written.and_then(item));
        for (group, place) in self.groups.iter_mut().zip(&root.below) {
            group.keys.extend(place.written.and_then(item));
            for (method, place) in group.methods.iter_mut().zip(&place.below) {
                method.keys.extend(place.written.and_then(item));
                for (index, place) in method.actions.iter().zip(&place.below) {
                    self.actions[*index].extend(place.written.and_then(item));
                }
            }
        }
    }

    /// What holds unless a resource, a method or an action says otherwise.
    pub(super) fn defaults(&self) -> Item {
        entries(&self.defaults).item()
    }

    /// The resources.
    pub(super) fn resources(&self, api: &Api, found: &mut Diagnostics) -> Item {
        let mut resources = Vec::new();
        for group in &self.groups {
            let operations = group.methods.iter().flat_map(|method| &method.actions);
            let operations: Vec<&Operation> = operations.map(|index| self.plan.actions[*index].operation).collect();
            let mut handlers = names::handlers(&operations).into_iter();
            let mut methods = Vec::new();
            for method in &group.methods {
                let members: Vec<&Operation> = method
                    .actions
                    .iter()
                    .map(|index| self.plan.actions[*index].operation)
                    .collect();
                let mut made = Entries::default();
                made.put("path", Item::text(method.path));
                made.fill("pathParams", contract::path_parameters(&members, found));
                made.extend(&method.keys);
                let mut actions = Vec::new();
                for index in &method.actions {
                    let handler = handlers.next().unwrap_or_default();
                    actions.push(self.plan.action(*index, &handler, &self.actions[*index], api, found));
                }
                made.put("actions", Item::List(actions));
                methods.push(made.item());
            }
            let mut made = Entries::default();
            made.put("name", Item::text(&group.name));
            made.extend(&group.keys);
            made.put("methods", Item::List(methods));
            resources.push(made.item());
        }
        Item::List(resources)
    }
}

fn entries(keys: &Keys) -> Entries {
    let mut entries = Entries::default();
    entries.extend(keys);
    entries
}

/// The actions of a plan by resource and path, in the order of the document.
fn groups<'a>(plan: &Plan<'a>) -> Vec<Group<'a>> {
    let operations: Vec<&'a Operation> = plan.actions.iter().map(|action| action.operation).collect();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (index, name) in names::resources(&operations).into_iter().enumerate() {
        let path = operations[index].path.as_str();
        let number = groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
            groups.push(Group {
                name,
                methods: Vec::new(),
                keys: Keys::new(),
            });
            groups.len() - 1
        });
        let methods = &mut groups[number].methods;
        match methods.iter_mut().find(|method| method.path == path) {
            Some(method) => method.actions.push(index),
            None => methods.push(Method {
                path,
                actions: vec![index],
                keys: Keys::new(),
            }),
        }
    }
    groups
}
