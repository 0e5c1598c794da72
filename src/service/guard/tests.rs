use super::*;
use crate::table::Kind;
use crate::table::short::{int, param};

const INT: Kind = int(false, 0, None, None);

#[test]
fn values_are_found_by_what_stands_between_them() {
    let params = [param(7, INT), param(8, Kind::Text), param(1, Kind::Rest)];
    assert!(surely_fits("/users/5/orders/x/a/b", &params));
    assert!(!surely_fits("/users/u/orders/x/a/b", &params));
    assert!(!surely_fits("/users/5/orders//a/b", &params));
    assert!(!surely_fits("/users/5/orders/x//b", &params));
    assert!(!surely_fits("/users/5/orders/x/a%20b", &params));
}

#[test]
fn a_percent_sign_is_found_wherever_it_stands() {
    for length in 0..70 {
        let mut plain = vec![b'a'; length];
        plain.insert(0, b'/');
        assert!(is_plain(&plain), "{length}");
        for at in 1..=length {
            let mut encoded = plain.clone();
            encoded[at] = b'%';
            assert!(!is_plain(&encoded), "{at} of {length}");
        }
    }
}

#[test]
fn an_empty_segment_is_found_wherever_it_stands() {
    for length in 0..70 {
        let plain = "/a".repeat(length);
        assert!(is_plain(plain.as_bytes()), "{length}");
        assert!(is_plain(format!("{plain}/").as_bytes()), "{length} and a slash");
        for at in 0..length {
            let mut doubled = plain.clone();
            doubled.insert(at * 2, '/');
            assert!(!is_plain(doubled.as_bytes()), "{at} of {length}");
            doubled.insert_str(0, "/bc");
            assert!(!is_plain(doubled.as_bytes()), "{at} of {length}, moved");
        }
        assert!(!is_plain(format!("{plain}//").as_bytes()), "{length} and two slashes");
    }
}

#[test]
fn a_path_that_a_layer_changed_is_no_reason_to_panic() {
    let params = [param(7, INT)];
    assert!(!surely_fits("/", &params));
    assert!(!surely_fits("/é/é/é", &params));
}

#[test]
fn a_slash_behind_the_last_value_is_not_its_part() {
    assert!(surely_fits("/users/5/", &[param(7, INT)]));
}
