use proptest::prelude::*;

use super::*;
use crate::gateway::Key;

const ASKS: &str = "CUSTOM";

/// A route, its authorizer and its validator, each as a row of what it has.
fn api(route: &[(Field, &str)], authorizer: &[(Field, &str)], checks: &[&str]) -> Definition {
    let facts = |pairs: &[(Field, &str)]| pairs.iter().map(|(k, v)| (k.clone(), (*v).to_owned())).collect();
    let key = Key {
        path: "/a".into(),
        verb: "GET".into(),
    };
    let checks = checks.iter().map(|what| (Field::Checks((*what).into()), "yes".into()));
    Definition {
        routes: [(key, facts(route))].into(),
        authorizers: [("staff".to_owned(), facts(authorizer))].into(),
        validators: [("all".to_owned(), checks.collect())].into(),
        ..Definition::default()
    }
}

fn body() -> Field {
    Field::Body("application/json".into())
}

fn page() -> Field {
    Field::Takes("method.request.querystring.page".into())
}

#[test]
fn each_thing_that_protects_less_is_told_and_its_reverse_is_not() {
    let asks = |more: &[(Field, &'static str)]| {
        let mut route = vec![(Field::Authorization, ASKS), (Field::Authorizer, "staff")];
        route.extend(more.iter().cloned());
        route
    };
    let checks = asks(&[(Field::RequestValidator, "all"), (body(), "Book"), (page(), "required")]);
    let source = |text| [(Field::IdentitySource, text)];
    let (one, two) = (
        "method.request.header.A",
        "method.request.header.A, method.request.header.B",
    );
    for (before, after, told) in [
        (
            api(&asks(&[(Field::Scopes, "a")]), &[], &[]),
            api(&asks(&[]), &[], &[]),
            "GET /a needs no scope any more",
        ),
        (
            api(&asks(&[(Field::Scopes, "a")]), &[], &[]),
            api(&asks(&[(Field::Scopes, "a b")]), &[], &[]),
            "GET /a takes the scope b too",
        ),
        (
            api(&asks(&[(Field::ApiKey, "required")]), &[], &[]),
            api(&asks(&[]), &[], &[]),
            "GET /a needs no API key any more",
        ),
        (
            api(&checks, &[], &["body", "parameters"]),
            api(&checks, &[], &["parameters"]),
            "GET /a no longer checks what it takes as application/json",
        ),
        (
            api(&checks, &[], &["body", "parameters"]),
            api(&checks, &[], &["body"]),
            "GET /a no longer checks what it takes method.request.querystring.page",
        ),
        (
            api(&checks, &[], &["body"]),
            api(&asks(&[(Field::RequestValidator, "all")]), &[], &["body"]),
            "GET /a no longer checks what it takes as application/json",
        ),
        (
            api(&asks(&[]), &source(two), &[]),
            api(&asks(&[]), &source(one), &[]),
            "the authorizer `staff` no longer looks at method.request.header.B",
        ),
        (
            api(&asks(&[]), &[(Field::IdentityPattern, "^ey")], &[]),
            api(&asks(&[]), &[], &[]),
            "the authorizer `staff` no longer asks for the identity pattern that it did",
        ),
        (
            api(&asks(&[]), &[], &[]),
            api(&asks(&[]), &[(Field::Holds, "3600 s")], &[]),
            "the authorizer `staff` is not asked again for 3600 s, and not 300 s",
        ),
        (
            api(&asks(&[]), &[(Field::Holds, "0 s")], &[]),
            api(&asks(&[]), &[], &[]),
            "the authorizer `staff` is not asked again for 300 s, and not 0 s",
        ),
        (
            api(&asks(&[]), &[], &[]),
            api(&asks(&[]), &[(Field::Provider("arn:pool".into()), "yes")], &[]),
            "the authorizer `staff` takes tokens of another provider arn:pool",
        ),
    ] {
        assert_eq!(weakened(&before, &after), [told]);
        assert!(weakened(&after, &before).is_empty(), "{told}");
        assert!(weakened(&before, &before).is_empty(), "{told}");
    }
}

#[test]
fn another_function_another_authorizer_and_another_way_to_ask_are_weaker_either_way() {
    let route = |kind, name| [(Field::Authorization, kind), (Field::Authorizer, name)];
    let function = |arn| [(Field::Function, arn)];
    let mut other = api(&route(ASKS, "guests"), &function("arn:f"), &[]);
    other.authorizers.insert("guests".into(), Facts::new());
    for (one, two) in [
        (
            api(&route(ASKS, "staff"), &function("arn:f"), &[]),
            api(&route(ASKS, "staff"), &function("arn:g"), &[]),
        ),
        (
            api(&route(ASKS, "staff"), &function("arn:f"), &[]),
            api(&route("AWS_IAM", ""), &function("arn:f"), &[]),
        ),
        (api(&route(ASKS, "staff"), &function("arn:f"), &[]), other),
    ] {
        assert_eq!(weakened(&one, &two).len(), 1, "{two:?}");
        assert_eq!(weakened(&two, &one).len(), 1, "{two:?}");
    }
}

#[test]
fn an_authorizer_under_another_name_is_the_same_authorizer() {
    let route = |name| [(Field::Authorization, ASKS), (Field::Authorizer, name)];
    let before = api(&route("staff"), &[(Field::Function, "arn:f")], &[]);
    let mut after = api(&route("people"), &[], &[]);
    after.authorizers = [("people".to_owned(), before.authorizers["staff"].clone())].into();
    assert!(weakened(&before, &after).is_empty());
}

#[test]
fn names_that_change_places_with_what_they_name_are_no_change_and_without_it_are() {
    let key = |path: &str| Key {
        path: path.into(),
        verb: "GET".into(),
    };
    let of = |x: &str, y: &str, a: &str, b: &str| {
        let route = |name: &str| Facts::from([(Field::Authorization, ASKS.into()), (Field::Authorizer, name.into())]);
        let asks = |function: &str| Facts::from([(Field::Function, function.into())]);
        Definition {
            routes: [(key("/x"), route(x)), (key("/y"), route(y))].into(),
            authorizers: [("a".to_owned(), asks(a)), ("b".to_owned(), asks(b))].into(),
            ..Definition::default()
        }
    };
    let before = of("a", "b", "arn:f", "arn:g");
    assert_eq!(weakened(&before, &of("b", "a", "arn:g", "arn:f")), [""; 0]);
    assert_eq!(
        weakened(&before, &of("a", "b", "arn:g", "arn:f")),
        [
            "the authorizer `a` is another function: arn:g, and not arn:f",
            "the authorizer `b` is another function: arn:f, and not arn:g",
        ]
    );
    assert_eq!(weakened(&before, &of("b", "a", "arn:f", "arn:g")).len(), 2);
    // One that no route asks lets nothing pass.
    assert_eq!(
        weakened(&of("a", "a", "arn:f", "arn:g"), &of("a", "a", "arn:f", "arn:h")),
        [""; 0]
    );
}

#[test]
fn an_authorizer_of_another_name_that_lets_less_pass_is_no_other() {
    let route = |name| [(Field::Authorization, ASKS), (Field::Authorizer, name)];
    let of = |name: &'static str, holds: &'static str| {
        let mut definition = api(&route(name), &[], &[]);
        let facts = Facts::from([(Field::Function, "arn:f".into()), (Field::Holds, holds.into())]);
        definition.authorizers = [(name.to_owned(), facts)].into();
        definition
    };
    assert_eq!(weakened(&of("staff", "60 s"), &of("people", "0 s")), [""; 0]);
    let told = ["GET /a asks the authorizer `people` in place of `staff`"];
    assert_eq!(weakened(&of("staff", "0 s"), &of("people", "60 s")), told);
}

#[test]
fn an_answer_that_tells_more_of_the_gateway_is_told_wherever_it_stands() {
    let header = || Field::Answer("200".into(), "method.response.header.X".into());
    let body = || Field::AnswerTemplate("200".into(), "application/json".into());
    let plain = api(&[(Field::Integration, "MOCK")], &[], &[]);
    for (field, value, told) in [
        (header(), "stageVariables.token", "stageVariables"),
        (header(), "context.authorizer.principalId", "context.authorizer"),
        (body(), "$context.authorizer['role']", "context.authorizer"),
        (body(), "${stageVariables['token']}", "stageVariables"),
        (body(), "$context.identity.apiKey", "context.identity.apiKey"),
    ] {
        let tells = api(&[(Field::Integration, "MOCK"), (field.clone(), value)], &[], &[]);
        assert_eq!(weakened(&plain, &tells), [format!("GET /a tells callers of `{told}`")]);
        assert_eq!(weakened(&tells, &plain), [""; 0]);
        let (mut before, mut after) = (plain.clone(), plain.clone());
        before.responses.insert("DEFAULT_4XX".into(), Facts::new());
        let said = Facts::from([(Field::Body("application/json".into()), value.to_owned())]);
        after.responses.insert("DEFAULT_4XX".into(), said);
        let told = format!("the gateway response DEFAULT_4XX tells callers of `{told}`");
        assert_eq!(weakened(&before, &after), [told]);
    }
    // The id of a key is none, and what a service is told no caller hears.
    for (field, value) in [
        (body(), "$context.identity.apiKeyId"),
        (
            Field::Parameter("integration.request.header.X".into()),
            "context.authorizer.principalId",
        ),
    ] {
        let tells = api(&[(Field::Integration, "MOCK"), (field, value)], &[], &[]);
        assert_eq!(weakened(&plain, &tells), [""; 0], "{value}");
    }
}

#[test]
fn a_route_that_moves_to_another_path_is_held_against_itself() {
    let of = |path: &str, key: bool| {
        let mut facts = Facts::from([
            (Field::Authorization, "AWS_IAM".into()),
            (Field::Integration, "HTTP_PROXY".into()),
            (Field::IntegrationUri, "https://b.example.com/a".into()),
        ]);
        if key {
            facts.insert(Field::ApiKey, "required".into());
        }
        let key = Key {
            path: path.into(),
            verb: "GET".into(),
        };
        Definition {
            routes: [(key, facts)].into(),
            ..Definition::default()
        }
    };
    let told = ["GET /b needs no API key any more"];
    assert_eq!(weakened(&of("/a", true), &of("/b", false)), told);
    assert_eq!(weakened(&of("/a", false), &of("/b", true)), [""; 0]);
    assert_eq!(weakened(&of("/a", true), &of("/b", true)), [""; 0]);
}

#[test]
fn a_public_route_with_the_role_of_somebody_is_told_and_one_that_asks_is_not() {
    let with = |kind| {
        api(
            &[(Field::Authorization, kind), (Field::Credentials, "arn:role")],
            &[],
            &[],
        )
    };
    let without = api(&[(Field::Authorization, NONE)], &[], &[]);
    let told = ["GET /a lends the role arn:role to everybody"];
    assert_eq!(weakened(&without, &with(NONE)), told);
    assert_eq!(weakened(&Definition::default(), &with(NONE)), told);
    assert!(weakened(&with(NONE), &with(NONE)).is_empty());
    assert!(weakened(&without, &with("AWS_IAM")).is_empty());
}

#[test]
fn a_route_that_takes_the_requests_of_another_is_held_against_it() {
    let keyed = [(Field::Authorization, "AWS_IAM"), (Field::ApiKey, "required")];
    let mut before = Definition::default();
    let key = |verb: &str, path: &str| Key {
        path: path.into(),
        verb: verb.into(),
    };
    let facts =
        |pairs: &[(Field, &str)]| -> Facts { pairs.iter().map(|(k, v)| (k.clone(), (*v).to_owned())).collect() };
    before.routes.insert(key("ANY", "/{proxy+}"), facts(&keyed));
    let mut after = before.clone();
    after.routes.insert(key("GET", "/admin"), facts(&keyed[..1]));
    assert_eq!(weakened(&before, &after), ["GET /admin needs no API key any more"]);
    after.routes.insert(key("GET", "/admin"), facts(&keyed));
    assert!(weakened(&before, &after).is_empty());
}

/// How much an API lets pass, told by trying every request that there is: a row of answers.
#[derive(Debug, Clone)]
struct Guarded {
    scopes: Vec<&'static str>,
    key: bool,
    body: bool,
    page: bool,
    header: bool,
    pattern: bool,
    pools: Vec<&'static str>,
    ttl: u32,
}

impl Guarded {
    fn definition(&self) -> Definition {
        let scopes = self.scopes.join(" ");
        let mut route = vec![
            (Field::Authorization, "COGNITO_USER_POOLS"),
            (Field::Authorizer, "staff"),
        ];
        route.extend([(Field::RequestValidator, "all"), (body(), "Book"), (page(), "required")]);
        if !scopes.is_empty() {
            route.push((Field::Scopes, &scopes));
        }
        if self.key {
            route.push((Field::ApiKey, "required"));
        }
        let mut authorizer = vec![(Field::IdentitySource, if self.header { "a,b" } else { "a" })];
        if self.pattern {
            authorizer.push((Field::IdentityPattern, "^ey"));
        }
        authorizer.extend(self.pools.iter().map(|pool| (Field::Provider((*pool).into()), "yes")));
        let holds = format!("{} s", self.ttl);
        if self.ttl != 300 {
            authorizer.push((Field::Holds, &holds));
        }
        let checks = [("body", self.body), ("parameters", self.page)];
        let checks: Vec<&str> = checks.iter().filter(|(_, is)| *is).map(|(what, _)| *what).collect();
        api(&route, &authorizer, &checks)
    }

    /// Whether a request passes: bits say what it has. Its token is of one pool, has one scope or none, and was good so
    /// many seconds ago.
    fn passes(&self, pool: &str, scope: &str, age: u32, has: [bool; 5]) -> bool {
        let [key, body, page, header, pattern] = has;
        (key || !self.key)
            && (body || !self.body)
            && (page || !self.page)
            && (header || !self.header)
            && (pattern || !self.pattern)
            && self.pools.contains(&pool)
            && (self.scopes.is_empty() || self.scopes.contains(&scope))
            && age <= self.ttl
    }

    fn lets_pass_what_did_not(&self, before: &Self) -> bool {
        let ages = [0, 1, 300, 301, 3600];
        ["p", "q"].iter().any(|pool| {
            ["", "a", "b"].iter().any(|scope| {
                ages.iter().any(|age| {
                    (0..32_u8).any(|bits| {
                        let has = [1, 2, 4, 8, 16].map(|bit| bits & bit != 0);
                        self.passes(pool, scope, *age, has) && !before.passes(pool, scope, *age, has)
                    })
                })
            })
        })
    }
}

fn guarded() -> impl Strategy<Value = Guarded> {
    let scopes = proptest::sample::subsequence(vec!["a", "b"], 0..=2);
    let pools = proptest::sample::subsequence(vec!["p", "q"], 1..=2);
    let ttl = prop_oneof![Just(0_u32), Just(300), Just(3600)];
    (scopes, any::<[bool; 5]>(), pools, ttl).prop_map(|(scopes, has, pools, ttl)| {
        let [key, body, page, header, pattern] = has;
        Guarded {
            scopes,
            key,
            body,
            page,
            header,
            pattern,
            pools,
            ttl,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_lets_a_request_pass_that_did_not_is_told(before in guarded(), after in guarded()) {
        let told = weakened(&before.definition(), &after.definition());
        if after.lets_pass_what_did_not(&before) {
            prop_assert!(!told.is_empty());
        }
    }

    #[test]
    fn what_lets_no_other_request_pass_is_not_told(before in guarded(), after in guarded()) {
        let told = weakened(&before.definition(), &after.definition());
        // A user pool that goes makes all else unreachable for its users, and a change of that is told all the same.
        let is_closed_otherwise = before.pools != after.pools || before.scopes != after.scopes || before.ttl != after.ttl;
        if !is_closed_otherwise && !after.lets_pass_what_did_not(&before) {
            prop_assert!(told.is_empty(), "{told:?}");
        }
    }
}
