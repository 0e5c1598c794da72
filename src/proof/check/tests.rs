use super::super::{Only, declared::Handler};
use super::super::{Shape, Value, argument};
use super::*;
use crate::table::short::{action, param, rule};
use crate::table::{Kind, Param};

struct Users;

impl Named<Only, Users> for Key<7> {
    const RESOURCE: &'static Declared = &Declared(
        "users",
        "shop",
        &[("get", 0, 0, 0), ("purge", 1, 0, 0), ("kept", 2, 0, Declared::UNROUTED)],
        &[],
    );
    const TEXT: &'static str = "Users\tsrc/users.rs:4:1\t\nget\tsrc/users.rs:6:14\t\npurge\tsrc/users.rs:8:14\t\n\
                                kept\tsrc/users.rs:9:14\t\n-list\tsrc/users.rs:12:8\t";
}

struct Partial;

impl Named<Only, Partial> for Key<8> {
    const RESOURCE: &'static Declared = &Declared("users", "shop", &[], &[]);
    const TEXT: &'static str = "Partial\tsrc/users.rs:4:1\t\nget\tsrc/users.rs:6:14\t";
}

/// What is said about a resource; nothing when it fits.
fn said<T, const ID: u64>(name: &'static str, rules: &'static [Rule]) -> String
where
    Key<ID>: Named<Only, T>,
{
    judged(registered::<Only, T, ID>(), name, rules)
}

fn judged(resource: Registered, name: &'static str, rules: &'static [Rule]) -> String {
    let mut report = Report::new(resource, "routes.json");
    let fits = look(&resource, name, Part::all(rules), Some(&mut report));
    assert_eq!(fits, look(&resource, name, Part::all(rules), None));
    report.finish();
    if fits {
        String::new()
    } else {
        report.as_str().to_owned()
    }
}

#[test]
fn all_is_well_when_every_action_has_its_handler_and_every_handler_its_action() {
    const RULES: &[Rule] = &[rule(
        "/users",
        1,
        &[],
        &[action("get", 1, 3, 5), action("purge", 32, 4, 5)],
    )];
    assert_eq!(said::<Users, 7>("users", RULES), "");
    let resource = Resource {
        name: "users",
        line: 2,
        column: 5,
        rules: Part::all(RULES),
    };
    <TheOneType<_, Users, 7>>::FOUND.check(0, "routes.json", &resource);
}

#[test]
fn a_name_that_only_has_the_same_hash_is_another_one() {
    const RULES: &[Rule] = &[rule(
        "/users",
        1,
        &[],
        &[action("get", 1, 3, 5), action("purge", 32, 4, 5)],
    )];
    let message = said::<Users, 7>("people", RULES);
    assert!(message.contains("the resource `people` has no type"), "{message}");
}

#[test]
fn a_handler_whose_condition_does_not_hold_is_named() {
    const RULES: &[Rule] = &[rule("/users", 1, &[], &[action("get", 1, 3, 5)])];
    let message = said::<Partial, 8>("users", RULES);
    let expected = "needs a handler named `get`, and the function at src/users.rs:6:14 is left out by its `#[cfg]`\n";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn one_message_names_every_missing_handler_and_every_orphan() {
    const RULES: &[Rule] = &[
        rule("/users", 1, &[], &[action("get", 1, 3, 5), action("list", 1, 4, 5)]),
        rule("/users/{id}", 1, &[], &[action("all", 255, 9, 7)]),
    ];
    assert_eq!(
        said::<Users, 7>("users", RULES),
        "resource `users` (shop::Users, src/users.rs:4:1) does not fit routes.json\n  \
         routes.json:4:5: `GET /users` needs a handler named `list`, and the function at src/users.rs:12:8 has no \
         `#[handler]`\n  \
         routes.json:9:7: `ANY /users/{id}` needs a handler named `all`\n  \
         src/users.rs:8:14: no action routes to the handler `purge`\n  \
         = note: its handlers are `get`, `purge`, `kept`\n  \
         = help: a handler is an `async fn` named after its verb, or any function with `#[handler]`\n  \
         = help: name it in an action (`\"handler\": \"...\"`), or allow it: `#[handler(allow(unrouted))]`"
    );
}

#[test]
fn the_handler_that_was_probably_meant_is_named() {
    const RULES: &[Rule] = &[rule(
        "/users",
        1,
        &[],
        &[
            action("pruge", 1, 3, 5),
            action("Kept", 1, 4, 5),
            action("delete", 32, 5, 5),
            action("listed", 1, 6, 5),
        ],
    )];
    let message = said::<Users, 7>("users", RULES);
    for (name, behind) in [
        ("pruge", "; did you mean `purge`?"),
        ("Kept", "; did you mean `kept`?"),
        ("delete", ""),
        // `list` is no handler, so that its name would not do.
        ("listed", ""),
    ] {
        let expected = format!("needs a handler named `{name}`{behind}\n");
        assert!(message.contains(&expected), "{expected} {message}");
    }
}

#[test]
fn of_very_many_missing_handlers_the_first_get_a_suggestion() {
    let names: Vec<&'static str> = (100..160)
        .map(|number| &*format!("a_long_name_{number}").leak())
        .collect();
    let handlers: Vec<Handler> = names.iter().map(|name| (*name, 0, 0, 0)).collect();
    let declared = Box::leak(Box::new(Declared("many", "", handlers.leak(), &[])));
    let resource = Registered(declared, "Many\tsrc/many.rs:1:1\t", None);
    let actions: Vec<_> = names
        .iter()
        .map(|name| action(format!("{name}s").leak(), 1, 1, 1))
        .collect();
    let rules = Part::all(&*vec![rule("/a", 1, &[], actions.leak())].leak());
    let mut report = Report::new(resource, "routes.json");
    assert!(!look(&resource, "many", rules, Some(&mut report)));
    let said = report.as_str();
    assert!(
        said.contains("`a_long_name_100s`; did you mean `a_long_name_100`?"),
        "{said}"
    );
    assert!(said.contains("`a_long_name_159s`\n"), "{said}");
}

/// Handlers beyond those that a number has bits for.
#[test]
fn every_handler_of_many_is_looked_for() {
    let names: Vec<&'static str> = (0..70).map(|number| &*format!("handler{number}").leak()).collect();
    let handlers: Vec<Handler> = names
        .iter()
        .enumerate()
        .map(|(line, name)| (*name, line, 0, 0))
        .collect();
    let declared = Box::leak(Box::new(Declared("many", "", handlers.leak(), &[])));
    let resource = Registered(declared, "Many\tsrc/many.rs:1:1\t", None);
    let rules = |names: &[&'static str]| {
        let actions: Vec<_> = names.iter().map(|name| action(name, 1, 1, 1)).collect();
        Part::all(&*vec![rule("/a", 1, &[], actions.leak())].leak())
    };
    let backwards: Vec<&str> = names.iter().rev().copied().collect();
    assert!(look(&resource, "many", rules(&names), None) && look(&resource, "many", rules(&backwards), None));
    for left_out in [0, 63, 64, 69] {
        let mut fewer = names.clone();
        fewer.remove(left_out);
        assert!(!look(&resource, "many", rules(&fewer), None), "{left_out}");
    }
}

#[test]
fn all_blocks_of_a_resource_are_looked_at() {
    const ADMIN: Declared = Declared(
        "users",
        "shop::admin",
        &[("list", 0, 0, 0), ("purge", 1, 0, 0), ("erase", 2, 0, 0)],
        &[],
    );
    const TEXT: &str = "Admin\tsrc/admin.rs:4:1\t\nlist\tsrc/admin.rs:6:14\t\npurge\tsrc/admin.rs:8:14\t\n\
                        erase\tsrc/admin.rs:9:14\t";
    const RULES: &[Rule] = &[rule(
        "/users",
        1,
        &[],
        &[
            action("list", 1, 3, 5),
            action("get", 2, 4, 5),
            action("keptt", 4, 5, 5),
        ],
    )];
    let Registered(declared, text, _) = registered::<Only, Users, 7>();
    let said = judged(
        Registered(declared, text, Some(&Registered(&ADMIN, TEXT, None))),
        "users",
        RULES,
    );
    let parts = [
        "(shop::Users, src/users.rs:4:1; shop::admin::Admin, src/admin.rs:4:1)",
        "needs a handler named `keptt`; did you mean `kept`?",
        "src/users.rs:8:14: no action routes to the handler `purge`",
        "src/admin.rs:8:14: no action routes to the handler `purge`",
        "src/admin.rs:8:14: another block has the handler `purge` as well (src/users.rs:8:14)",
        "src/admin.rs:9:14: no action routes to the handler `erase`",
        "its handlers are `get`, `purge`, `kept`, `list`, `purge`, `erase`",
    ];
    for part in parts {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains("`list`:") && !said.contains("named `get`"), "{said}");
}

#[test]
fn what_fits_in_one_place_is_judged_anew_where_it_may_not() {
    const PLACE: Argument = argument("Path<Place>", Presence::Always, Shape::Unknown, None);
    const TEXT: Argument = argument("Path<String>", Presence::Always, Shape::Values(&[Value::Text]), None);
    const FIRST: Declared = Declared(
        "places",
        "shop",
        &[("get", 0, 1, Declared::UNJUDGED), ("put", 1, 1, 0), ("patch", 2, 2, 0)],
        &[PLACE, TEXT],
    );
    const SECOND: Declared = Declared(
        "places",
        "shop",
        &[("delete", 0, 2, 0), ("post", 1, 1, 0)],
        &[TEXT, PLACE],
    );
    const PARAMS: &[Param] = &[param(8, Kind::Text)];
    const RULES: &[Rule] = &[rule(
        "/places/{place}",
        1,
        PARAMS,
        &[
            action("get", 1, 3, 5),
            action("put", 2, 4, 5),
            action("patch", 4, 5, 5),
            action("delete", 8, 6, 5),
            action("post", 16, 7, 5),
        ],
    )];
    let second = Registered(
        &SECOND,
        "Others\tb.rs:1:1\t\ndelete\tb.rs:2:1\t\npost\tb.rs:3:1\t",
        None,
    );
    let text = "Places\ta.rs:1:1\t\nget\ta.rs:2:1\t\nput\ta.rs:3:1\t\npatch\ta.rs:4:1\t";
    let said = judged(
        Registered(&FIRST, text, Some(Box::leak(Box::new(second)))),
        "places",
        RULES,
    );
    for (handler, is_wrong) in [
        ("get", false),
        ("put", true),
        ("patch", false),
        ("delete", true),
        ("post", false),
    ] {
        assert_eq!(
            said.contains(&format!("of the handler `{handler}`")),
            is_wrong,
            "{handler}: {said}"
        );
    }
}
