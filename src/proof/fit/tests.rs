use super::super::params::{argument, field};
use super::super::value::PathValue;
use super::*;
use crate::table::short::{action, int, param, rule};

const INT: Kind = int(false, 0, Some(1), Some(300));
const RULE: Rule = rule(
    "/users/{id}/orders/{order}",
    1,
    &[param(7, INT), param(8, Kind::Uuid)],
    &[action("show", 1, 9, 5)],
);
const BARE: Rule = rule("/users", 1, &[], &[action("show", 1, 4, 5)]);

/// What is said about a handler with one argument of this shape.
fn said(presence: Presence, shape: Shape, rule: &Rule) -> Vec<String> {
    let argument = argument("Path<_>", presence, shape, None);
    let mut said = Vec::new();
    let mut step = 0;
    while let Some((misfit, behind)) = misfit(&argument, rule, false, step) {
        let mut message = Message::new();
        say(&mut message, &misfit, rule);
        said.push(message.as_str().to_owned());
        step = behind;
    }
    said
}

#[test]
fn the_number_of_values_is_that_of_the_parameters() {
    const THREE: Shape = Shape::Values(&[Value::Text, Value::Text, Value::Text]);
    assert_eq!(
        said(Presence::Always, THREE, &RULE),
        ["the path has 2 parameters (`id`, `order`), and it takes 3"]
    );
    assert_eq!(said(Presence::Always, THREE, &BARE), ["the path has no parameters"]);
    assert!(said(Presence::Optional, THREE, &BARE).is_empty());
    assert_eq!(said(Presence::Optional, THREE, &RULE).len(), 1);
    assert!(said(Presence::Never, THREE, &RULE).is_empty());
}

#[test]
fn what_is_not_known_takes_something_and_is_refused() {
    const UNKNOWN: &str = "nothing is known about what it takes";
    assert_eq!(
        said(Presence::Always, Shape::Unknown, &BARE),
        ["the path has no parameters"]
    );
    assert_eq!(said(Presence::Always, Shape::Unknown, &RULE), [UNKNOWN]);
    assert_eq!(said(Presence::Optional, Shape::Unknown, &RULE), [UNKNOWN]);
    assert!(said(Presence::Optional, Shape::Unknown, &BARE).is_empty());
    assert!(said(Presence::Always, Shape::Free, &BARE).is_empty());
    const PARTS: Shape = Shape::Values(&[Value::Unknown, Value::Text]);
    assert_eq!(
        said(Presence::Always, PARTS, &RULE),
        ["nothing is known about the type that it takes for the parameter `id`"]
    );
}

#[test]
fn what_is_not_known_may_be_allowed_and_the_rest_is_judged() {
    let fits = |shape| misfit(&argument("Path<_>", Presence::Always, shape, None), &RULE, true, 0).is_none();
    assert!(fits(Shape::Unknown) && fits(Shape::Values(&[Value::Unknown, Value::Text])));
    assert!(!fits(Shape::Values(&[Value::Unknown, Value::Bool])) && !fits(Shape::Values(&[Value::Unknown])));
}

#[test]
fn every_value_that_cannot_hold_its_parameter_is_named() {
    const NARROW: Shape = Shape::Values(&[u8::VALUE, u64::VALUE]);
    assert_eq!(
        said(Presence::Always, NARROW, &RULE),
        [
            "the parameter `id` is `int(min=1,max=300)`, and `u8` ends at 255",
            "the parameter `order` is `uuid`, and `u64` cannot hold that"
        ]
    );
}

#[test]
fn fields_are_found_by_their_names() {
    const FIELDS: &[Field] = &[
        field(&["id"], u16::VALUE, true),
        field(&["item", "order"], Value::Text, true),
        field(&["page"], u8::VALUE, false),
    ];
    const SHAPE: Shape = Shape::Fields {
        fields: FIELDS,
        closed: true,
    };
    assert!(said(Presence::Always, SHAPE, &RULE).is_empty());
    assert_eq!(
        said(Presence::Optional, SHAPE, &BARE),
        [
            "no parameter has the name of the field `id`; the path has no parameters",
            "no parameter has the name of the field `item`; the path has no parameters"
        ]
    );
    const CLOSED: Shape = Shape::Fields {
        fields: &[field(&["id"], u16::VALUE, true)],
        closed: true,
    };
    assert_eq!(
        said(Presence::Always, CLOSED, &RULE),
        ["it has no field for the parameter `order` and refuses what it has no field for"]
    );
}
