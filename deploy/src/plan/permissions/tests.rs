use bluegate_core::gateway::Key;

use super::*;

const SHOP: &str = "arn:aws:lambda:eu-west-1:111111111111:function:shop:live";

fn invoker(stage: &str) -> Invoker {
    Invoker::new("eu-west-1", "111111111111", "abc", stage)
}

fn policy(statements: &[String]) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Id":"default","Statement":[{}]}}"#,
        statements.join(",")
    )
}

fn texts(calls: &[&str]) -> BTreeSet<String> {
    calls.iter().map(|&call| call.to_owned()).collect()
}

fn definition(uri: &str, role: Option<&str>) -> Definition {
    let key = Key {
        path: "/users/{id}".into(),
        verb: "GET".into(),
    };
    let mut facts = Facts::from([(Field::IntegrationUri, uri.to_owned())]);
    facts.extend(role.map(|role| (Field::Credentials, role.to_owned())));
    let mut definition = Definition::default();
    definition.routes.insert(key, facts.clone());
    let authorizer = facts.remove(&Field::IntegrationUri).map(|uri| (Field::Function, uri));
    facts.extend(authorizer);
    definition.authorizers.insert("members".into(), facts);
    definition
}

fn uri(function: &str) -> String {
    bluegate_core::aws::invocation_uri(function, Some("eu-west-1"), Some("111111111111"))
}

#[test]
fn routes_and_authorizers_without_a_role_call_functions() {
    let of = |function: &str, role| Calls::of(&definition(&uri(function), role), "dev", &Texts::new());
    let calls = of("shop:live", None);
    assert_eq!(calls.functions().collect::<Vec<_>>(), [SHOP]);
    assert_eq!(calls.to(SHOP).collect::<Vec<_>>(), ["authorizers/*", "dev/GET/users/*"]);
    assert_eq!(of("shop:live", Some("arn:aws:iam::1:role/r")), Calls::default());
    assert_eq!(of("https://example.com", None), Calls::default());
}

#[test]
fn a_name_with_a_variable_is_that_of_the_stage() {
    let of = |variables: &Texts| Calls::of(&definition(&uri("${stageVariables.shop}"), None), "dev", variables);
    let calls = of(&Texts::from([("shop".into(), "shop:live".into())]));
    assert_eq!(calls.functions().collect::<Vec<_>>(), [SHOP]);
    assert_eq!(of(&Texts::new()), Calls::default());
}

#[test]
fn what_somebody_permitted_already_is_not_written() {
    let dev = invoker("dev");
    let calls = texts(&["dev/GET/users/*"]);
    assert_eq!(dev.missing(SHOP, "{}", &calls), ["dev/GET/users/*"]);
    let own = policy(&[dev.statement(SHOP, "dev/GET/users/*")]);
    assert_eq!(dev.missing(SHOP, &own, &calls), [""; 0]);
    let foreign = own.replace(&dev.statement_id("dev/GET/users/*"), "apigateway-console");
    assert_eq!(dev.missing(SHOP, &foreign, &calls), [""; 0]);
}

fn calls(all: &[&str]) -> Calls {
    Calls(BTreeMap::from([(SHOP.to_owned(), texts(all))]))
}

/// The ids of the statements that go when these versions need what they need.
fn stale(stage: &Invoker, policy: &str, versions: &[&[&str]]) -> Vec<String> {
    let versions: Vec<Calls> = versions.iter().map(|all| calls(all)).collect();
    stage.stale(SHOP, policy, &versions.iter().collect::<Vec<_>>())
}

fn ids(stage: &Invoker, calls: &[&str]) -> Vec<String> {
    let mut ids: Vec<String> = calls.iter().map(|call| stage.statement_id(call)).collect();
    ids.sort();
    ids
}

#[test]
fn what_another_stage_brought_goes_with_that_stage() {
    let (dev, dev2) = (invoker("dev"), invoker("dev-2"));
    let of_other = policy(&[dev2.statement(SHOP, AUTHORIZERS)]);
    assert_eq!(dev.missing(SHOP, &of_other, &texts(&[AUTHORIZERS])), [AUTHORIZERS]);
    assert_eq!(stale(&dev, &of_other, &[]), [""; 0]);
    assert_eq!(stale(&dev2, &of_other, &[]), ids(&dev2, &[AUTHORIZERS]));
    assert_eq!(dev.all_of_api(&of_other), [dev2.statement_id(AUTHORIZERS)]);
}

#[test]
fn only_our_statements_go_and_only_when_nothing_needs_them() {
    let dev = invoker("dev");
    let (users, orders) = ("dev/GET/users", "dev/GET/orders");
    let foreign = dev
        .statement(SHOP, "dev/GET/old")
        .replace(&dev.statement_id("dev/GET/old"), "theirs");
    let all = policy(&[dev.statement(SHOP, users), dev.statement(SHOP, orders), foreign]);
    assert_eq!(stale(&dev, &all, &[&[users, orders]]), [""; 0]);
    assert_eq!(stale(&dev, &all, &[&[users], &[orders]]), [""; 0]);
    assert_eq!(stale(&dev, &all, &[&[users]]), ids(&dev, &[orders]));
}

#[test]
fn a_statement_that_includes_another_goes_with_its_own_route() {
    let dev = invoker("dev");
    let (one, orders) = ("dev/GET/users/*", "dev/GET/users/*/orders");
    assert_eq!(
        dev.missing(SHOP, "{}", &texts(&[one, orders])),
        [one],
        "it permits both"
    );
    let before = policy(&[dev.statement(SHOP, one)]);
    assert_eq!(dev.missing(SHOP, &before, &texts(&[orders])), [orders]);
    assert!(
        dev.is_permitted(&before, &texts(&[orders])),
        "and nothing is wrong until then"
    );
    let between = policy(&[dev.statement(SHOP, one), dev.statement(SHOP, orders)]);
    assert_eq!(stale(&dev, &between, &[&[orders], &[one, orders]]), [""; 0]);
    assert_eq!(stale(&dev, &between, &[&[orders], &[orders]]), ids(&dev, &[one]));
}

#[test]
fn what_somebody_else_permits_is_not_kept_for_it() {
    let dev = invoker("dev");
    let foreign = dev
        .statement(SHOP, "dev/*")
        .replace(&dev.statement_id("dev/*"), "theirs");
    let all = policy(&[dev.statement(SHOP, "dev/GET/users"), foreign]);
    assert_eq!(stale(&dev, &all, &[&["dev/GET/users"]]), ids(&dev, &["dev/GET/users"]));
}

/// The calls of so many routes.
fn many(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|number| format!("dev/GET/things/{number}")).collect()
}

fn of(calls: &[String]) -> Vec<&str> {
    calls.iter().map(String::as_str).collect()
}

/// A policy after a deployment: what it added, without what it took away.
fn deployed(stage: &Invoker, policy: &[String], next: &[String], served: &[String]) -> Vec<String> {
    let mut policy = policy.to_vec();
    let added = stage.missing(SHOP, &self::policy(&policy), &texts(&of(next)));
    policy.extend(added.iter().map(|call| stage.statement(SHOP, call)));
    assert!(self::policy(&policy).len() <= MOST_CHARACTERS);
    assert!(stage.is_permitted(&self::policy(&policy), &texts(&of(next))));
    let gone = stale(stage, &self::policy(&policy), &[&of(next), &of(served)]);
    policy.retain(|statement| !gone.iter().any(|id| statement.contains(id)));
    for needed in [next, served] {
        assert!(stage.is_permitted(&self::policy(&policy), &texts(&of(needed))));
    }
    policy
}

#[test]
fn a_policy_without_room_permits_the_whole_stage_until_there_is_room() {
    let dev = invoker("dev");
    let wide = [dev.statement(SHOP, "dev/*")];
    let each = |calls: &[String]| {
        calls
            .iter()
            .map(|call| dev.statement(SHOP, call))
            .collect::<BTreeSet<_>>()
    };
    let (all, few, other) = (many(0, 100), many(0, 40), many(100, 140));
    let mut policy = deployed(&dev, &[], &all, &[]);
    assert_eq!(policy, wide);
    // With fewer routes each has its own, and the one stays for the version before, and then goes.
    policy = deployed(&dev, &policy, &few, &all);
    assert_eq!(policy.len(), 41);
    policy = deployed(&dev, &policy, &few, &few);
    assert_eq!(policy.iter().cloned().collect::<BTreeSet<_>>(), each(&few));
    // There is room for each version, and not for both.
    policy = deployed(&dev, &policy, &other, &few);
    assert_eq!(policy.len(), 41);
    assert_eq!(policy.last(), wide.last());
    policy = deployed(&dev, &policy, &other, &other);
    policy = deployed(&dev, &policy, &other, &other);
    assert_eq!(policy.into_iter().collect::<BTreeSet<_>>(), each(&other));
}

#[test]
fn a_policy_that_others_filled_is_too_large() {
    let dev = invoker("dev");
    let foreign: Vec<String> = many(0, 100)
        .iter()
        .map(|call| dev.statement(SHOP, call).replace("bluegate-abc-dev", "theirs"))
        .collect();
    let room = |statements: usize| {
        let policy = policy(&foreign[..statements]);
        let added = dev.missing(SHOP, &policy, &texts(&["dev/GET/users"]));
        (added, policy)
    };
    let at_most = |size: usize| {
        (0..100)
            .rfind(|&count| policy(&foreign[..count]).len() <= size)
            .unwrap()
    };
    let (added, wide) = room(at_most(MOST_CHARACTERS - 500));
    assert_eq!(added, ["dev/*"]);
    assert!(!dev.is_too_large(SHOP, &wide, &added));
    let (added, full) = room(at_most(MOST_CHARACTERS));
    assert!(dev.is_too_large(SHOP, &full, &added));
    assert!(!dev.is_too_large(SHOP, &full, &[]), "nothing is to be added");
}

#[test]
fn authorizers_keep_a_statement_of_their_own() {
    let dev = invoker("dev");
    let all = many(0, 100);
    let mut all: Vec<&str> = all.iter().map(String::as_str).collect();
    all.push(AUTHORIZERS);
    assert_eq!(dev.missing(SHOP, "{}", &texts(&all)), [AUTHORIZERS, "dev/*"]);
    let both = policy(&[dev.statement(SHOP, AUTHORIZERS), dev.statement(SHOP, "dev/*")]);
    assert_eq!(stale(&dev, &both, &[&all]), [""; 0]);
}

#[test]
fn lambda_takes_the_id_of_every_statement() {
    for stage in ["dev".to_owned(), "a".repeat(128)] {
        let id = Invoker::new("eu-west-1", "111111111111", "abcdefghij", &stage).statement_id("dev/GET/users/*");
        assert!(id.len() <= 100, "{id}");
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
            "{id}"
        );
    }
}

#[test]
fn the_owner_of_a_function_is_told_the_whole_command() {
    let command = invoker("dev").command(SHOP, "dev/GET/users/*");
    assert_eq!(
        command,
        format!(
            "aws lambda add-permission --region eu-west-1 --function-name \
             arn:aws:lambda:eu-west-1:111111111111:function:shop --qualifier 'live' --statement-id {} \
             --action lambda:InvokeFunction --principal apigateway.amazonaws.com \
             --source-arn 'arn:aws:execute-api:eu-west-1:111111111111:abc/dev/GET/users/*'",
            invoker("dev").statement_id("dev/GET/users/*")
        )
    );
}
