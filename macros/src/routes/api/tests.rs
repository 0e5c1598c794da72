use super::*;

#[test]
fn the_answer_is_json_whatever_the_name_is() {
    assert_eq!(
        answer("a \"b\" \\ \n \u{e9}", "00ff", 3),
        "{\"name\":\"a \\\"b\\\" \\\\ \\u000a \u{e9}\",\"digest\":\"00ff\",\"routes\":3}"
    );
}
