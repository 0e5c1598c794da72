//! Where a key that is inherited is written, so that it is written as rarely as can be.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::import::item::Item;

/// How often a key is written that cannot be.
const NEVER: usize = usize::MAX / 4;

/// So many values are tried at each place: a large API has many, and the rare ones are never worth it.
const MOST: usize = 6;

/// A place of a routes file where a key may stand, and those below it.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) below: Vec<Place>,
    /// What counts here, for a place with nothing below it: the number of a value.
    pub(super) value: Option<usize>,
    /// What is written here.
    pub(super) written: Option<usize>,
}

/// The values of a key that is inherited.
#[derive(Debug, Default)]
pub(super) struct Values {
    known: Vec<Option<Item>>,
}

impl Values {
    /// Of a key; without the key, `None` counts.
    pub(super) fn new() -> Self {
        Self { known: vec![None] }
    }

    /// The number of a value.
    pub(super) fn number(&mut self, value: Option<Item>) -> usize {
        match self.known.iter().position(|known| *known == value) {
            Some(number) => number,
            None => {
                self.known.push(value);
                self.known.len() - 1
            }
        }
    }

    /// A value by its number, with what is written for the absence of one.
    pub(super) fn item(&self, number: usize, none: Option<&Item>) -> Option<Item> {
        self.known[number].clone().or_else(|| none.cloned())
    }

    /// Decides where which value is written. `says_none`: whether the absence of a value can be written.
    pub(super) fn place(&self, root: &mut Place, says_none: bool) {
        self.write(root, 0, says_none);
    }

    /// How often the key is written from a place downwards when a value comes from above.
    fn cost(&self, place: &Place, inherited: usize, says_none: bool) -> usize {
        self.choice(place, inherited, says_none).0
    }

    /// The fewest times that the key is written, and what is in force below the place then.
    fn choice(&self, place: &Place, inherited: usize, says_none: bool) -> (usize, usize) {
        let writing = |value: usize| match value {
            _ if value == inherited => 0,
            0 if !says_none => NEVER,
            _ => 1,
        };
        if place.below.is_empty() {
            let value = place.value.unwrap_or(inherited);
            return (writing(value), value);
        }
        let mut used = place.most_frequent();
        used.retain(|value| *value != inherited);
        used.insert(0, inherited);
        let costs = used.into_iter().map(|value| {
            let below = place.below.iter().map(|below| self.cost(below, value, says_none));
            (below.fold(writing(value), usize::saturating_add), value)
        });
        costs.min_by_key(|(cost, _)| *cost).unwrap_or((0, inherited))
    }

    fn write(&self, place: &mut Place, inherited: usize, says_none: bool) {
        let (_, value) = self.choice(place, inherited, says_none);
        place.written = (value != inherited).then_some(value);
        for below in &mut place.below {
            self.write(below, value, says_none);
        }
    }
}

impl Place {
    /// The values that count most often below: those that are worth to be written here.
    fn most_frequent(&self) -> Vec<usize> {
        let mut counts = BTreeMap::new();
        self.count(&mut counts);
        let mut counts: Vec<(usize, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(value, count)| (Reverse(*count), *value));
        counts.truncate(MOST);
        counts.into_iter().map(|(value, _)| value).collect()
    }

    fn count(&self, counts: &mut BTreeMap<usize, usize>) {
        if let Some(value) = self.value {
            *counts.entry(value).or_default() += 1;
        }
        self.below.iter().for_each(|below| below.count(counts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(value: usize) -> Place {
        Place {
            value: Some(value),
            ..Place::default()
        }
    }

    fn node(below: Vec<Place>) -> Place {
        Place {
            below,
            ..Place::default()
        }
    }

    fn placed(root: &mut Place, says_none: bool) -> Vec<Option<usize>> {
        let mut values = Values::new();
        values.number(Some(Item::text("a")));
        values.number(Some(Item::text("b")));
        values.place(root, says_none);
        let mut written = vec![root.written];
        for below in &root.below {
            written.push(below.written);
            written.extend(below.below.iter().map(|below| below.written));
        }
        written
    }

    #[test]
    fn what_holds_for_most_is_written_once() {
        let mut root = node(vec![
            node(vec![leaf(1), leaf(1)]),
            node(vec![leaf(1)]),
            node(vec![leaf(1), leaf(0)]),
        ]);
        assert_eq!(
            placed(&mut root, true),
            [Some(1), None, None, None, None, None, None, None, Some(0)]
        );
    }

    #[test]
    fn what_holds_for_one_part_is_written_there() {
        let mut root = node(vec![
            node(vec![leaf(2), leaf(2)]),
            node(vec![leaf(0), leaf(0), leaf(0)]),
        ]);
        assert_eq!(
            placed(&mut root, true),
            [None, Some(2), None, None, None, None, None, None]
        );
    }

    #[test]
    fn a_key_whose_absence_cannot_be_said_is_never_inherited_by_what_has_none() {
        let mut root = node(vec![node(vec![leaf(1), leaf(1), leaf(1), leaf(0)])]);
        assert_eq!(placed(&mut root, false), [None, None, Some(1), Some(1), Some(1), None]);
    }
}
