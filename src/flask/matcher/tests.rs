use super::*;
use crate::errors::Errors;
use crate::flask::Routes;
use crate::table::short::{action, int, param, rule};
use crate::table::{Action, Part};

const STRICT: u8 = 1;
const INT: Kind = int(false, 0, None, Some(5));
const GET: &[Action] = &[action("get", 1, 1, 1)];
const PUT: &[Action] = &[action("put", 8, 1, 1)];
const POST: &[Action] = &[action("post", 4, 1, 1)];

const fn resource(rules: &'static [Rule]) -> Resource {
    Resource {
        name: "",
        line: 1,
        column: 1,
        rules: Part::all(rules),
    }
}

static RESOURCES: [Resource; 2] = [
    resource(&[
        rule("/v/{id}", STRICT, &[param(3, INT)], GET),
        rule("/people/me", STRICT, &[], GET),
        rule("/slash/", STRICT, &[], GET),
        rule("/loose/", 0, &[], GET),
        rule("/plain", 0, &[], GET),
        rule("/files/{*path}", STRICT, &[param(7, Kind::Rest)], GET),
        rule("/s/{x}/t", STRICT, &[param(3, Kind::Text)], GET),
        rule("/", STRICT, &[], GET),
    ]),
    resource(&[
        rule("/v/{id}", STRICT, &[param(3, Kind::Text)], PUT),
        rule("/people/{id}", STRICT, &[param(8, Kind::Text)], POST),
        rule("/slash", STRICT, &[], POST),
    ]),
];

fn decide(method: &str, path: &str) -> String {
    let allow = |refusal: Refusal| {
        let names: Vec<&str> = Verbs::NAMED
            .into_iter()
            .filter(|(verb, _)| refusal.allow.contains(*verb))
            .map(|(_, name)| name)
            .collect();
        names.join(" ")
    };
    match Routes::<()>::new(&RESOURCES, Vec::new(), Errors::default())
        .trie()
        .decide(path, method)
    {
        Decision::NotFound(_) => "404".to_owned(),
        Decision::NotAllowed(refusal) => format!("405 {}", allow(refusal)),
        Decision::Redirect(path) => format!("308 {path}"),
        Decision::Serve(hit) => {
            format!(
                "{} {}{}",
                hit.place.rule.path,
                hit.path,
                if hit.as_sent { "" } else { " reread" }
            )
        }
    }
}

#[test]
fn a_path_is_looked_for_before_its_verb() {
    assert_eq!(decide("GET", "/nope"), "404");
    assert_eq!(decide("DELETE", "/nope"), "404");
    assert_eq!(decide("DELETE", "/people/me"), "405 GET HEAD POST OPTIONS");
    assert_eq!(decide("FOO", "/slash/"), "405 GET HEAD OPTIONS");
    assert_eq!(decide("GET", "*"), "404");
}

#[test]
fn the_shape_of_a_value_finds_the_rule_and_its_range_comes_after_the_verb() {
    assert_eq!(decide("GET", "/v/5"), "/v/{id} /v/5");
    assert_eq!(decide("GET", "/v/x"), "405 PUT OPTIONS");
    assert_eq!(decide("GET", "/v/9"), "404");
    assert_eq!(decide("POST", "/v/9"), "405 GET HEAD PUT OPTIONS");
    assert_eq!(decide("PUT", "/v/9"), "/v/{id} /v/9");
}

#[test]
fn a_verb_that_a_fixed_path_lacks_is_looked_for_behind_a_parameter() {
    assert_eq!(decide("GET", "/people/me"), "/people/me /people/me");
    assert_eq!(decide("POST", "/people/me"), "/people/{id} /people/me");
    assert_eq!(decide("GET", "/people/%6de"), "/people/me /people/me");
}

#[test]
fn a_slash_at_the_end_is_added_by_a_redirect_where_it_is_strict() {
    assert_eq!(decide("GET", "/slash"), "308 /slash/");
    assert_eq!(decide("POST", "/slash"), "/slash /slash");
    assert_eq!(decide("PUT", "/slash"), "405 POST OPTIONS");
    assert_eq!(decide("POST", "/slash/"), "405 GET HEAD OPTIONS");
    assert_eq!(decide("GET", "/people/me/"), "404");
    assert_eq!(decide("GET", "/"), "/ /");
}

#[test]
fn a_slash_at_the_end_means_nothing_where_it_is_loose() {
    assert_eq!(decide("GET", "/loose"), "/loose/ /loose/");
    assert_eq!(decide("GET", "/loose//"), "/loose/ /loose/");
    assert_eq!(decide("PUT", "/loose"), "404");
    assert_eq!(decide("GET", "/plain/"), "/plain /plain");
    assert_eq!(decide("GET", "/plain//"), "308 /plain/");
}

#[test]
fn runs_of_slashes_are_redirected_to_one() {
    assert_eq!(decide("GET", "/people//me"), "308 /people/me");
    assert_eq!(decide("GET", "//people/me"), "/people/me /people/me");
    assert_eq!(decide("GET", "/files//a//b"), "308 /files/a/b");
    assert_eq!(decide("GET", "/files/a//b"), "/files/{*path} /files/a//b");
    assert_eq!(decide("GET", "/v//9"), "308 /v/9");
    assert_eq!(decide("GET", "/s//t"), "404");
    assert_eq!(decide("GET", "/x//y"), "404");
}

#[test]
fn what_axum_would_read_differently_is_spelt_anew() {
    assert_eq!(decide("GET", "/v/%D9%A3"), "/v/{id} /v/3 reread");
    assert_eq!(decide("PUT", "/v/%FF"), "/v/{id} /v/%EF%BF%BD reread");
    assert_eq!(decide("PUT", "/v%2Fa%20b"), "/v/{id} /v/a%20b reread");
    assert_eq!(decide("PUT", "/v/a%2Fb"), "404");
}

#[test]
fn verbs_count_in_either_case() {
    assert_eq!(decide("get", "/people/me"), "/people/me /people/me");
    assert_eq!(decide("Put", "/v/x"), "/v/{id} /v/x");
}
