use super::*;

const NOBODY: Declared = Declared("users", "shop", &[], &[]);

const USERS: Registered = Registered(
    &NOBODY,
    "Users\tsrc/users.rs:4:1\tPeople.\nget\tsrc/users.rs:6:14\tAll\tof them.\nwindows\tsrc/users.rs:9:14\t\n\
     -list\tsrc/users.rs:12:8\t\n&is_new\tsrc/users.rs:14:8\t\n!\tsrc/users.rs:20:5\t",
    None,
);

#[test]
fn every_function_is_read_with_its_sign() {
    let head = USERS.head();
    assert_eq!(
        (head.name, head.location, head.summary),
        ("Users", "src/users.rs:4:1", "People.")
    );
    let mut functions = USERS.functions();
    let read: Vec<Function> = std::iter::from_fn(|| functions.next()).collect();
    let signs: Vec<(&str, Sign)> = read.iter().map(|function| (function.name, function.sign)).collect();
    assert_eq!(
        signs,
        [
            ("get", Sign::Handler),
            ("windows", Sign::Handler),
            ("list", Sign::Other),
            ("is_new", Sign::Method),
            ("", Sign::Macro)
        ]
    );
    assert_eq!(
        (read[0].location, read[0].summary),
        ("src/users.rs:6:14", "All\tof them.")
    );
    assert_eq!((read[4].location, read[4].summary), ("src/users.rs:20:5", ""));
}

#[test]
fn a_resource_without_functions_has_none() {
    assert_eq!(Registered(&NOBODY, "", None).head().name, "");
    assert!(Registered(&NOBODY, "Users\t\t", None).functions().next().is_none());
}
