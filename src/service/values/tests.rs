use super::*;
use crate::table::short::{int, param, rule};
use crate::table::{Action, Param};

const NONE: &[Action] = &[];
const FIVE: Kind = int(false, 0, None, Some(5));
const SHARE: Kind = Kind::Float {
    signed: false,
    min: None,
    max: Some(1.0),
};

#[test]
fn numbers_have_bounds_and_what_is_none_is_left_to_the_extractor() {
    for taken in ["0", "5", "+5", "005", "x", "", "5.0", "--1", "٣"] {
        assert!(takes(&FIVE, taken), "{taken}");
    }
    for refused in ["6", "-1", "99999999999999999999999999999999999999999999999999"] {
        assert!(!takes(&FIVE, refused), "{refused}");
    }
    for taken in ["0", "1", "1e-3", ".5", "x"] {
        assert!(takes(&SHARE, taken), "{taken}");
    }
    for refused in ["1.1", "-0.1", "1e300", "inf", "NaN"] {
        assert!(!takes(&SHARE, refused), "{refused}");
    }
    let signed = int(true, 2, None, None);
    assert!(takes(&signed, "-1") && takes(&signed, "10") && !takes(&signed, "1") && !takes(&signed, "-10"));
}

#[test]
fn texts_are_what_the_file_says() {
    assert!(takes(&Kind::Any(&["red", "green"]), "red") && !takes(&Kind::Any(&["red"]), "blue"));
    assert!(takes(&Kind::Length { min: 2, max: 2 }, "éé") && !takes(&Kind::Length { min: 2, max: 2 }, "é"));
    assert!(!takes(&Kind::Uuid, "x") && !takes(&Kind::Text, ""));
    assert!(takes(&Kind::Rest, "/a\nb") && !takes(&Kind::Rest, ""));
}

#[test]
fn values_are_looked_at_decoded_and_where_they_stand() {
    const PARAMS: &[Param] = &[param(3, FIVE), param(3, Kind::Any(&["a/b"])), param(1, Kind::Rest)];
    static RULE: Rule = rule("/v/{x}/w/{y}/{*z}", 0, PARAMS, NONE);
    assert!(fit(&RULE, "/v/5/w/a%2Fb/c/d"));
    assert!(fit(&RULE, "/v/%35/w/a%2fb/c"));
    assert!(!fit(&RULE, "/v/%36/w/a%2Fb/c"));
    assert!(!fit(&RULE, "/v/5/w/a/c"));
    assert!(fit(&RULE, "/v"));
}
