//! What a converter takes, quickly and after all.

use super::*;
use crate::table::short::int;

const INT: Kind = int(false, 0, None, None);

fn takes(kind: Kind, value: &str) -> bool {
    let slow = kind.has_shape_of(value) && kind.has_in_range(value);
    let surely = kind.surely_takes(value.as_bytes());
    assert!(
        surely.is_none() || slow && surely == Some(value.len()),
        "{kind:?} surely takes {value:?}, and does not"
    );
    assert!(
        surely.is_some() || !slow || value.len() > 36 || !value.is_ascii() || value.contains('%'),
        "{kind:?} takes {value:?} only after a longer look"
    );
    if kind != Kind::Rest && !value.contains('/') {
        let followed = kind.surely_takes(format!("{value}/9").as_bytes());
        assert_eq!(
            followed, surely,
            "{kind:?} and {value:?} with more of the path behind it"
        );
    }
    slow
}

#[test]
fn int_takes_digits_and_nothing_else() {
    for value in ["0", "5", "007", "\u{663}", "99999999999999999999999"] {
        assert!(takes(INT, value), "{value}");
    }
    for value in ["", "-5", "+5", "1e3", "0x5", "1_000", " 5", "5.0", "\u{b2}", "five"] {
        assert!(!takes(INT, value), "{value}");
    }
    let signed = int(true, 0, None, None);
    assert!(takes(signed, "-5") && takes(signed, "5"));
    assert!(!takes(signed, "--5") && !takes(signed, "-") && !takes(signed, "+5"));
}

#[test]
fn bounds_hold_for_numbers_of_any_length() {
    let at_least = int(true, 0, Some(5), None);
    assert!(takes(at_least, "5") && takes(at_least, "\u{665}"));
    assert!(at_least.has_in_range("99999999999999999999999"));
    assert!(!takes(at_least, "4") && !takes(at_least, "-99999999999999999999999"));
    let at_most = |max| int(true, 0, Some(i64::MIN), Some(max));
    assert!(takes(at_most(i64::MAX), "9223372036854775807") && takes(at_most(i64::MAX), "-9223372036854775808"));
    assert!(!takes(at_most(i64::MAX), "9223372036854775808") && !takes(at_most(i64::MAX), "-9223372036854775809"));
    assert!(!takes(INT, &"1".repeat(4301)) && takes(INT, &"1".repeat(4300)));
}

#[test]
fn fixed_digits_count_the_sign() {
    let fixed = int(true, 3, None, None);
    assert!(takes(fixed, "-05") && takes(fixed, "005") && takes(fixed, "\u{663}\u{663}\u{663}"));
    assert!(!takes(fixed, "-005") && !takes(fixed, "5"));
}

#[test]
fn float_needs_digits_on_both_sides_of_a_point() {
    let float = Kind::Float {
        signed: false,
        min: None,
        max: Some(2.5),
    };
    for value in ["1.5", "2.50000", "01.50", "\u{661}.\u{665}"] {
        assert!(takes(float, value), "{value}");
    }
    for value in ["", "1", "1.", ".5", "1.5.2", "-1.5", "1e5", "inf", "nan", "1,5", "2.51"] {
        assert!(!takes(float, value), "{value}");
    }
}

#[test]
fn text_is_anything_without_a_slash() {
    assert!(takes(Kind::Text, "a") && takes(Kind::Text, "..") && takes(Kind::Text, "100%"));
    assert!(!takes(Kind::Text, ""));
    assert_eq!(Kind::Text.surely_takes(b"a%2Fb"), None);
}

#[test]
fn lengths_count_characters() {
    let three = Kind::Length { min: 3, max: 3 };
    assert!(takes(three, "abc") && takes(three, "\u{e9}ab"));
    assert!(!takes(three, "ab") && !takes(three, "abcd") && !takes(three, "\u{e9}a"));
}

#[test]
fn uuid_has_its_hyphens_and_either_case() {
    assert!(takes(Kind::Uuid, "550E8400-e29b-41d4-a716-446655440000"));
    assert!(!takes(Kind::Uuid, "550e8400e29b41d4a716446655440000"));
    assert!(!takes(Kind::Uuid, "550e8400-e29b-41d4-a716-44665544000g"));
    assert!(!takes(Kind::Uuid, "550e8400-e29b-41d4-a716-44665544000"));
}

#[test]
fn any_takes_one_of_its_texts() {
    let any = Kind::Any(&["red", "green"]);
    assert!(takes(any, "red") && takes(any, "green"));
    assert!(!takes(any, "RED") && !takes(any, "redgreen") && !takes(any, ""));
}

#[test]
fn the_rest_starts_with_text_and_may_end_with_a_slash() {
    for value in ["a", "a/b", "a/", "a//b", "\n"] {
        assert!(takes(Kind::Rest, value), "{value:?}");
    }
    assert!(!takes(Kind::Rest, "") && !takes(Kind::Rest, "/a"));
    // A line feed cannot stand in a request line, so that only the long look can meet one.
    assert!(!Kind::Rest.has_shape_of("a\nb"));
}

#[test]
fn digits_of_other_scripts_become_readable() {
    assert_eq!(INT.readable("\u{663}7"), "37");
    assert_eq!(Kind::Text.readable("\u{663}7"), "\u{663}7");
    assert_eq!(digit('\u{1FBF9}'), Some(9));
    assert_eq!(digit('a'), None);
    assert_eq!(digit('\u{1FBFA}'), None);
}
