use super::*;

#[test]
fn a_finding_becomes_a_message_of_the_compiler() {
    let text = "error[BG0004]: unknown key `pth`\n --> routes.json:2:3\n  |\n2 |   \"pth\"\n  |   ^^^^^\n";
    assert_eq!(
        as_message(text),
        "unknown key `pth` [BG0004]\n --> routes.json:2:3\n  |\n2 |   \"pth\"\n  |   ^^^^^"
    );
    assert_eq!(as_message("error[BG0001]: cannot read\n"), "cannot read [BG0001]");
    assert_eq!(as_message("something else"), "something else");
}
