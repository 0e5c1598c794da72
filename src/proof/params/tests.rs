use std::collections::HashMap;

use super::*;

/// A type that nothing is known about.
struct Own;

type Alias<T> = Path<T>;

#[test]
fn path_is_known_by_its_type() {
    assert_eq!(<Probe<Alias<Own>>>::PRESENCE, Presence::Always);
    assert_eq!(<Probe<Option<Alias<u8>>>>::PRESENCE, Presence::Optional);
    assert_eq!(<Probe<Own>>::PRESENCE, Presence::Never);
    assert_eq!(<Probe<Result<Path<u8>, Own>>>::PRESENCE, Presence::Never);
}

#[test]
fn what_is_inside_is_known_as_far_as_it_goes() {
    assert!(matches!(
        <Probe<Path<(u8, String)>>>::SHAPE,
        Shape::Values([Value::Integer { .. }, Value::Text])
    ));
    assert!(matches!(
        <Probe<Option<Path<u8>>>>::SHAPE,
        Shape::Values([Value::Integer { .. }])
    ));
    assert!(matches!(<Probe<Path<[u8; 3]>>>::SHAPE, Shape::Values([_, _, _])));
    assert!(matches!(<Probe<Path<HashMap<String, Own>>>>::SHAPE, Shape::Free));
    assert!(matches!(<Probe<Path<Own>>>::SHAPE, Shape::Unknown));
    let tuple = argument(
        "Path<(Own, Own)>",
        <Probe<Path<(Own, Own)>>>::PRESENCE,
        <Probe<Path<(Own, Own)>>>::SHAPE,
        <Probe<Path<(Own, Own)>>>::LENGTH,
    );
    assert!(matches!(tuple.1.shape, Shape::Values([Value::Unknown, Value::Unknown])));
}

#[test]
fn a_field_may_be_left_out_when_it_is_an_option() {
    const { assert!(<Inside<Own>>::REQUIRED && !<Inside<Option<Own>>>::REQUIRED) }
    assert!(matches!(<Inside<Option<u8>>>::VALUE, Value::Integer { .. }));
    assert!(matches!(<Inside<Own>>::VALUE, Value::Unknown));
}
