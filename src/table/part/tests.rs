use super::*;

#[test]
fn what_is_around_the_part_is_not_in_it() {
    let part = Part::new(&[1, 2, 3, 4], 1, 2);
    assert_eq!(part.get(), [2, 3]);
    assert!(Part::new(&[1, 2], 2, 0).get().is_empty());
    assert_eq!(Part::all(&[1, 2]).get(), [1, 2]);
}
