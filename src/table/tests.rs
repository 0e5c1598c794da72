use super::short::rule;

#[test]
fn parameters_have_the_names_of_their_path() {
    let rule = rule("/a/{id}/b/{*rest}", 0, &[], &[]);
    assert_eq!(rule.param_name(0), "id");
    assert_eq!(rule.param_name(1), "rest");
    assert_eq!(rule.param_name(2), "");
}
