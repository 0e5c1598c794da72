use super::*;

const PARAMS: &[Param] = &params(&[Kind::Uuid, Kind::Text], &[(3, 1), (1, 0)]);
const ACTIONS: &[Action] = &actions(&[
    ("get", Verbs::GET, 4, 5),
    ("show", Verbs::GET, 5, 5),
    ("remove", Verbs::DELETE, 6, 5),
]);
const OTHERS: &[Other] = &others(&[("/a/", true)]);
const RULES: &[Rule] = &rules(
    PARAMS,
    ACTIONS,
    OTHERS,
    &[("/a", 0, 0, 1, 1), ("/a/{b}/{c}", 5, 2, 2, 0)],
);
const RESOURCES: &[Resource] = &resources(RULES, &[("a", 3, 5, 1), ("b", 4, 5, 0), ("c", 5, 5, 1)]);

#[test]
fn what_is_written_flat_belongs_to_what_it_is_counted_for() {
    let [first, none, second] = RESOURCES else {
        panic!("{} resources", RESOURCES.len())
    };
    assert_eq!((second.name, second.line, second.column), ("c", 5, 5));
    let ([first], [], [second]) = (first.rules.get(), none.rules.get(), second.rules.get()) else {
        panic!("{RESOURCES:?}")
    };
    assert_eq!((first.path, first.flags, first.only_text), ("/a", 0, true));
    assert!(matches!(
        first.others.get(),
        [Other {
            path: "/a/",
            owns: true
        }]
    ));
    assert!(first.params.get().is_empty());
    assert_eq!(first.actions.get()[0].handler, "get");
    assert_eq!((second.path, second.flags, second.only_text), ("/a/{b}/{c}", 5, false));
    assert!(second.others.get().is_empty());
    let params = second.params.get().iter();
    let params: Vec<_> = params.map(|param| (param.skip, param.kind)).collect();
    assert_eq!(params, [(3, Kind::Text), (1, Kind::Uuid)]);
    let [_, action] = second.actions.get() else {
        panic!("{second:?}")
    };
    assert_eq!((action.handler, action.verbs), ("remove", Verbs::DELETE));
    assert_eq!((action.line, action.column), (6, 5));
}
