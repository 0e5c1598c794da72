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

#[test]
fn what_another_stage_brought_goes_with_that_stage() {
    let (dev, dev2) = (invoker("dev"), invoker("dev-2"));
    let calls = texts(&[AUTHORIZERS]);
    let of_other = policy(&[dev2.statement(SHOP, AUTHORIZERS)]);
    assert_eq!(dev.missing(SHOP, &of_other, &calls), [AUTHORIZERS]);
    assert_eq!(dev.stale(&of_other, &BTreeSet::new()), [""; 0]);
    assert_eq!(
        dev2.stale(&of_other, &BTreeSet::new()),
        [dev2.statement_id(AUTHORIZERS)]
    );
    assert_eq!(dev.all_of_api(&of_other), [dev2.statement_id(AUTHORIZERS)]);
}

#[test]
fn only_our_statements_go_and_only_when_nothing_needs_them() {
    let dev = invoker("dev");
    let (users, orders) = ("dev/GET/users".to_owned(), "dev/GET/orders".to_owned());
    let foreign = dev
        .statement(SHOP, "dev/GET/old")
        .replace(&dev.statement_id("dev/GET/old"), "theirs");
    let all = policy(&[dev.statement(SHOP, &users), dev.statement(SHOP, &orders), foreign]);
    assert_eq!(dev.stale(&all, &BTreeSet::from([&users, &orders])), [""; 0]);
    assert_eq!(dev.stale(&all, &BTreeSet::from([&users])), [dev.statement_id(&orders)]);
}

#[test]
fn a_policy_without_room_permits_the_whole_stage() {
    let dev = invoker("dev");
    let calls: BTreeSet<String> = (0..100).map(|number| format!("dev/GET/things/{number}")).collect();
    assert_eq!(dev.missing(SHOP, "{}", &calls), ["dev/*"]);
    let few: BTreeSet<String> = calls.iter().take(40).cloned().collect();
    let added = dev.missing(SHOP, "{}", &few);
    assert_eq!(added.len(), 40);
    let full: Vec<String> = added.iter().map(|call| dev.statement(SHOP, call)).collect();
    let more = dev.missing(SHOP, &policy(&full), &calls);
    assert_eq!(more, ["dev/*"]);
    let wide = policy(&[full, vec![dev.statement(SHOP, "dev/*")]].concat());
    assert!(wide.len() <= MOST_CHARACTERS, "{}", wide.len());
    assert_eq!(dev.missing(SHOP, &wide, &calls), [""; 0]);
    // What the one statement permits, the forty need not.
    let needed = calls.iter().collect();
    assert_eq!(dev.stale(&wide, &needed).len(), 40);
}

#[test]
fn authorizers_keep_a_statement_of_their_own() {
    let dev = invoker("dev");
    let mut calls: BTreeSet<String> = (0..100).map(|number| format!("dev/GET/things/{number}")).collect();
    calls.insert(AUTHORIZERS.to_owned());
    assert_eq!(dev.missing(SHOP, "{}", &calls), [AUTHORIZERS, "dev/*"]);
    let both = policy(&[dev.statement(SHOP, AUTHORIZERS), dev.statement(SHOP, "dev/*")]);
    assert_eq!(dev.stale(&both, &calls.iter().collect()), [""; 0]);
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
