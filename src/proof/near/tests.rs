use super::*;

#[test]
fn slips_are_few_edits() {
    for (one, other, expected) in [
        ("shwo", "show", Some(1)),
        ("list_users", "listUsers", Some(0)),
        ("remove", "remvoe", Some(1)),
        ("show", "shows", Some(1)),
        ("publish", "pubish", Some(1)),
        ("list", "post", None),
        ("put", "post", None),
        ("all", "get", None),
        ("a", "b", None),
        ("", "b", None),
        ("show", "show_all_of_them", None),
    ] {
        assert_eq!(edits(one, other), expected, "{one} {other}");
        assert_eq!(edits(other, one), expected, "{other} {one}");
    }
    let long = "x".repeat(LONGEST + 1);
    assert_eq!(edits(&long, &long), None);
    let longest = "x".repeat(LONGEST);
    assert_eq!(edits(&longest, &longest[1..]), Some(1));
}

#[test]
fn letters_of_other_scripts_are_bytes() {
    assert_eq!(edits("größe", "grösse"), Some(2));
    assert_eq!(edits("größe", "große"), Some(2));
    assert_eq!(edits("öl", "ol"), None);
}
