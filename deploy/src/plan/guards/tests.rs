use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::{Access, Field};

use super::*;

fn serving(routes: &[(&str, &str)]) -> Definition {
    let mut paths: BTreeMap<String, BTreeMap<String, Access>> = BTreeMap::new();
    for (path, authorization) in routes {
        let access = Access {
            authorization: Some((*authorization).to_owned()),
            ..Access::default()
        };
        let verbs = paths.entry((*path).to_owned()).or_default();
        verbs.insert("GET".to_owned(), access);
    }
    Definition::of_access(&paths)
}

#[test]
fn each_guard_is_permitted_by_its_own_flag_and_by_no_other() {
    let mut before = serving(&[("/a", "AWS_IAM"), ("/b", "NONE"), ("/c", "NONE")]);
    before.authorizers.insert("asks".into(), Facts::new());
    let mut next = serving(&[("/a", "NONE")]);
    let allows = |name: &str, value: &str| {
        let field = Field::Header(format!("gatewayresponse.header.Access-Control-Allow-{name}"));
        (field, value.to_owned())
    };
    let open = Facts::from([allows("Origin", "'*'"), allows("Credentials", "'true'")]);
    next.responses.insert("DEFAULT_4XX".into(), open);
    let canary = CanaryPlan {
        serves: None,
        percent: 10.0,
    };
    let surroundings = Surroundings {
        links: BTreeMap::from([("link1".to_owned(), Some("FAILED".to_owned()))]),
        has_log_role: Some(false),
        functions: [("arn:f".to_owned(), FunctionAccess::Missing)].into(),
    };
    let full = FunctionPlan {
        function: "arn:f".to_owned(),
        added: vec!["dev/*".to_owned()],
        removed: Vec::new(),
        is_wide: true,
        is_full: true,
    };
    let policies = Policies {
        served: None,
        next: Some(r#"{"Statement": {"Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}}}"#),
        replaced: &[],
    };
    let case = Case {
        draft: Some(&before),
        served: Some(&before),
        next: Some(&next),
        less: &["the stage is open".to_owned()],
        loses_edits: true,
        canary: Some(("dev", &canary)),
        surroundings: Some(&surroundings),
        policy: Some(policies),
        permissions: &[full],
        undefined: &["host"],
        created: Some(""),
        ..Case::default()
    };
    let refused = |allow: Allow| -> BTreeSet<Option<&str>> {
        let refusals = judge(&case, allow).refusals;
        refusals.into_iter().map(|one| one.flag).collect()
    };
    let flags = GUARDS.iter().map(|guard| guard.permits.map(|(flag, _)| flag));
    let all: BTreeSet<Option<&str>> = flags.clone().collect();
    // Five guards refuse without a flag.
    assert_eq!((all.len(), refused(Allow::default())), (GUARDS.len() - 4, all.clone()));
    assert_eq!(judge(&case, Allow::default()).refusals.len(), GUARDS.len());
    let allows: [fn(&mut Allow); 9] = [
        |allow| allow.public = true,
        |allow| allow.policy_change = true,
        |allow| allow.weaker = true,
        |allow| allow.open_credentials = true,
        |allow| allow.mass_removal = true,
        |allow| allow.drift = true,
        |allow| allow.canary = true,
        |allow| allow.unavailable_link = true,
        |allow| allow.undefined_variable = true,
    ];
    for (permit, flag) in allows.into_iter().zip(flags.flatten()) {
        let mut allow = Allow::default();
        permit(&mut allow);
        let left: BTreeSet<Option<&str>> = all.iter().filter(|one| **one != Some(flag)).copied().collect();
        assert_eq!(refused(allow), left, "{flag}");
    }
}

#[test]
fn an_authorizer_that_has_another_name_only_is_not_gone() {
    let with = |name: &str, function: &str| {
        let mut definition = serving(&[("/a", "CUSTOM")]);
        let facts = Facts::from([(Field::Function, function.to_owned())]);
        definition.authorizers.insert(name.to_owned(), facts);
        definition
    };
    let flags = |next: &Definition| -> Vec<&str> {
        let case = Case {
            draft: Some(&with("staff", "arn:f")),
            next: Some(next),
            ..Case::default()
        };
        let refusals = judge(&case, Allow::default()).refusals;
        refusals.into_iter().filter_map(|one| one.flag).collect()
    };
    assert!(flags(&with("people", "arn:f")).is_empty());
    assert_eq!(flags(&with("people", "arn:g")), ["--allow-policy-change"]);
    for (holds, expected) in [("0 s", &[][..]), ("600 s", &["--allow-policy-change"])] {
        let mut next = with("people", "arn:f");
        let people = next.authorizers.get_mut("people").unwrap();
        people.insert(Field::Holds, holds.to_owned());
        assert_eq!(flags(&next), expected, "{holds}");
    }
}

#[test]
fn the_guards_of_the_documentation_are_those_that_there_are() {
    let text = include_str!("../../../../docs/deploy.md");
    let (_, table) = text
        .split_once("| refused | permitted by |")
        .expect("the table of guards");
    let (table, _) = table.split_once("\n\n").expect("its end");
    let told: BTreeSet<&str> = table.split('`').filter(|word| word.starts_with("--allow-")).collect();
    let mut flags: BTreeSet<&str> = GUARDS.iter().filter_map(|guard| Some(guard.permits?.0)).collect();
    // Refuses after the put, which alone brings warnings.
    flags.insert("--allow-warning");
    assert_eq!(told, flags);
}

#[test]
fn a_backend_that_everybody_reaches_from_now_on_is_told_and_not_refused() {
    let of = |routes: &[(&str, &str, &str)]| {
        let mut definition = serving(&routes.iter().map(|(path, who, _)| (*path, *who)).collect::<Vec<_>>());
        for (facts, (.., uri)) in definition.routes.values_mut().zip(routes) {
            facts.insert(Field::IntegrationUri, (*uri).to_owned());
        }
        definition
    };
    let draft = of(&[
        ("/a", "NONE", "https://b.example.com/a"),
        ("/s", "AWS_IAM", "https://s.example.com/s"),
    ]);
    let told = |routes: &[(&str, &str, &str)]| {
        let next = of(routes);
        let case = Case {
            draft: Some(&draft),
            next: Some(&next),
            ..Case::default()
        };
        let judged = judge(
            &case,
            Allow {
                mass_removal: true,
                ..Allow::default()
            },
        );
        assert!(judged.refusals.is_empty(), "{judged:?}");
        judged.security
    };
    let a = ("/a", "NONE", "https://b.example.com/a");
    let s = ("/s", "AWS_IAM", "https://s.example.com/s");
    assert_eq!(
        told(&[a, ("/n", "NONE", "https://s.example.com/n"), s]),
        ["everybody reaches https://s.example.com now, by GET /n"]
    );
    assert_eq!(
        told(&[("/a", "NONE", "https://c.example.com/a"), s]),
        ["everybody reaches https://c.example.com now, by GET /a"]
    );
    assert!(told(&[a, ("/n", "NONE", "https://b.example.com/n"), s]).is_empty());
    assert!(told(&[a, ("/n", "AWS_IAM", "https://n.example.com/n"), s]).is_empty());
}

#[test]
fn what_a_run_does_not_change_is_not_judged() {
    assert_eq!(judge(&Case::default(), Allow::default()), Judged::default());
}
