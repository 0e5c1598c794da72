use super::super::params::Unjudged;
use super::*;

/// A type that nothing is known about.
struct Own;

type Alias<T> = Query<T>;

struct Wrapped;

impl TakesQuery for Wrapped {
    type Inner = Alias<HashMap<String, u8>>;
}

#[test]
fn an_extractor_of_the_query_string_is_known_by_its_type() {
    const { assert!(<Probe<Alias<Own>>>::QUERY.is_some() && <Probe<Wrapped>>::QUERY.is_some()) }
    const { assert!(<Probe<Own>>::QUERY.is_none() && <Probe<Option<Own>>>::QUERY.is_none()) }
    assert_eq!(<Probe<Alias<Own>>>::QUERY_SHAPE, Shape::Unknown);
    assert!(matches!(
        <Probe<Wrapped>>::QUERY_SHAPE,
        Shape::Values([Value::Integer { name: "u8", .. }])
    ));
}

#[test]
fn integers_of_128_bits_are_none_of_a_query_string() {
    assert!(matches!(<Inside<u64>>::QUERY_VALUE, Value::Integer { .. }));
    for value in [
        <Inside<u128>>::QUERY_VALUE,
        <Inside<Option<std::num::NonZeroI128>>>::QUERY_VALUE,
    ] {
        assert!(matches!(value, Value::Nothing { .. }), "{value:?}");
    }
    assert!(matches!(<Inside<u128>>::VALUE, Value::Integer { .. }));
}

#[test]
fn a_list_is_one_of_what_is_in_it() {
    assert_eq!(<Inside<Vec<String>>>::QUERY_VALUE, Value::List(&Value::Text));
    assert!(matches!(<Inside<Option<Vec<u8>>>>::QUERY_VALUE, Value::Nothing { .. }));
    assert_eq!(<Inside<Vec<Own>>>::QUERY_VALUE, Value::Unknown);
}
