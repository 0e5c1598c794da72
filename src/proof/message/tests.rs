use super::*;

#[test]
fn texts_and_numbers_are_joined() {
    let mut message = Message::new();
    message.push("routes.json:");
    message.push_number(1205);
    message.push(" é");
    message.push_signed(-9_223_372_036_854_775_808);
    assert_eq!(message.as_str(), "routes.json:1205 é-9223372036854775808");
}

#[test]
fn what_does_not_fit_is_left_out_and_said_so() {
    let mut message = Message::new();
    for _ in 0..2000 {
        message.push("ten bytes ");
    }
    message.push("never");
    assert!(
        message.as_str().ends_with("ten bytes \n..."),
        "{}",
        message.as_str().len()
    );
    message.advise();
    message.push("\n= note: ten bytes are many");
    assert!(message.as_str().ends_with("\n...\n= note: ten bytes are many"));
    for _ in 0..2000 {
        message.push("ten bytes ");
    }
    message.advise();
    message.push("\n= help: write less");
    assert!(message.as_str().ends_with("ten bytes \n...\n= help: write less"));
}
