use std::borrow::Cow;
use std::collections::HashSet;
use std::num::{self, Saturating, Wrapping};

use super::super::params::{PathParams, Shape};
use super::*;
use crate::table::short::int;

const PLAIN: Kind = int(false, 0, None, None);

fn holds<T: PathValue>(kind: Kind) -> bool {
    T::VALUE.misfit(kind).is_none()
}

#[test]
fn text_holds_everything_and_numbers_hold_no_text() {
    let texts = [
        Kind::Text,
        Kind::Uuid,
        Kind::Rest,
        Kind::Length { min: 2, max: 9 },
        Kind::Any(&["red"]),
    ];
    for kind in texts {
        assert!(holds::<String>(kind) && holds::<Cow<'_, str>>(kind), "{kind:?}");
        assert!(!holds::<u64>(kind) && !holds::<f64>(kind), "{kind:?}");
        assert!(!holds::<bool>(kind) && !holds::<char>(kind), "{kind:?}");
    }
    assert!(holds::<String>(PLAIN));
}

#[test]
fn what_serde_reads_as_another_type_holds_what_that_one_does() {
    assert!(holds::<Box<u64>>(PLAIN) && holds::<Wrapping<i8>>(PLAIN) && holds::<Saturating<u128>>(PLAIN));
    assert!(!holds::<Box<u64>>(Kind::Text) && !holds::<Wrapping<u64>>(Kind::Uuid));
    assert!(!holds::<num::NonZeroI16>(Kind::Text) && !holds::<num::NonZeroU128>(Kind::Text));
    assert!(!holds::<num::NonZeroI8>(int(false, 0, None, Some(300))));
}

#[test]
fn a_type_without_zero_holds_no_declared_zero() {
    let declared = int(false, 0, Some(0), Some(255));
    assert_eq!(num::NonZeroU8::VALUE.misfit(declared), Some(Reason::Below(1)));
    assert_eq!(num::NonZeroU8::VALUE.name(), "NonZeroU8");
    assert!(holds::<num::NonZeroU8>(int(false, 0, Some(1), Some(255))));
    assert!(holds::<num::NonZeroU8>(int(false, 0, None, Some(255))) && holds::<num::NonZeroU64>(PLAIN));
    assert!(!holds::<num::NonZeroU64>(int(true, 0, None, None)));
    assert!(!holds::<num::NonZeroU64>(int(false, 0, None, Some(0))));
    assert!(holds::<num::NonZeroI8>(int(true, 0, Some(-5), Some(5))));
}

#[test]
fn an_int_without_bounds_fits_every_integer_that_has_its_sign() {
    assert!(holds::<u8>(PLAIN) && holds::<u64>(PLAIN) && holds::<i64>(PLAIN) && holds::<f64>(PLAIN));
    let signed = int(true, 0, None, None);
    assert!(holds::<i8>(signed) && !holds::<u64>(signed));
    assert!(holds::<u64>(int(true, 0, Some(0), None)));
    assert!(!holds::<bool>(PLAIN) && !holds::<char>(PLAIN));
}

#[test]
fn declared_bounds_have_to_fit() {
    assert!(holds::<u8>(int(false, 0, Some(1), Some(255))) && holds::<u16>(int(false, 0, None, Some(300))));
    assert_eq!(
        u8::VALUE.misfit(int(false, 0, None, Some(300))),
        Some(Reason::Above(255))
    );
    assert_eq!(
        u8::VALUE.misfit(int(false, 0, Some(300), None)),
        Some(Reason::Above(255))
    );
    assert_eq!(
        i8::VALUE.misfit(int(true, 0, Some(-200), Some(0))),
        Some(Reason::Below(-128))
    );
    assert_eq!(
        u32::VALUE.misfit(int(true, 0, Some(-1), Some(5))),
        Some(Reason::Below(0))
    );
    // Without `signed` there is no minus sign, whatever the bound says.
    assert!(holds::<u32>(int(false, 0, Some(-1), Some(5))));
    assert!(holds::<u128>(int(false, 0, Some(0), Some(i64::MAX))) && holds::<u64>(int(false, 0, None, Some(i64::MAX))));
}

#[test]
fn digits_are_a_bound() {
    assert!(holds::<u8>(int(false, 2, None, None)) && !holds::<u8>(int(false, 3, None, None)));
    assert!(holds::<u8>(int(false, 3, None, Some(200))));
    assert!(holds::<char>(int(false, 1, None, None)) && !holds::<u64>(int(false, 4000, None, None)));
}

#[test]
fn what_one_segment_cannot_be_holds_no_parameter() {
    for kind in [PLAIN, Kind::Text, Kind::Any(&["1"])] {
        assert!(!holds::<Vec<u64>>(kind) && !holds::<(u64,)>(kind) && !holds::<Option<HashSet<u64>>>(kind));
    }
    assert!(matches!(
        <Option<u64> as PathParams>::SHAPE,
        Shape::Values([Value::Nothing { .. }])
    ));
}

#[test]
fn floats_are_no_integers() {
    let float = Kind::Float {
        signed: false,
        min: None,
        max: None,
    };
    assert!(holds::<f32>(float) && holds::<String>(float) && !holds::<u64>(float));
}

#[test]
fn a_choice_of_texts_is_read_text_by_text() {
    assert!(holds::<bool>(Kind::Any(&["true", "false"])) && !holds::<bool>(Kind::Any(&["true", "no"])));
    assert!(holds::<u8>(Kind::Any(&["1", "255"])) && !holds::<u8>(Kind::Any(&["1", "256"])));
    assert!(holds::<f64>(Kind::Any(&["1", "-2.5"])) && !holds::<f64>(Kind::Any(&["1", "1.2.3"])));
    assert!(holds::<char>(Kind::Any(&["a", "\u{e9}"])) && !holds::<char>(Kind::Any(&["a", "bc"])));
}

#[test]
fn an_enum_holds_the_words_that_it_has() {
    const GENRE: Value = Value::Words {
        name: "Genre",
        words: &["fiction", "poetry"],
    };
    assert!(
        GENRE.misfit(Kind::Any(&["poetry", "fiction"])).is_none() && GENRE.misfit(Kind::Any(&["poetry"])).is_none()
    );
    assert_eq!(GENRE.misfit(Kind::Any(&["poetry", "drama"])), Some(Reason::Type));
    assert_eq!(GENRE.misfit(Kind::Text), Some(Reason::Type));
}
