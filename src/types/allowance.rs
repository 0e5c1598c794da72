//! What handlers and resources allow without need.

use std::collections::BTreeMap;

use crate::proof::Declared;

/// A sentence for each `allow(stricter)` and `allow(looser)` that allows nothing. `said`: what is allowed at each handler,
/// with what of it the handler says itself in the upper four bits; `needed`: what of it was made use of.
pub(super) fn unneeded(said: &[(String, u8)], needed: &BTreeMap<String, u8>) -> Vec<String> {
    let mut found = Vec::new();
    for (word, bit) in [("stricter", Declared::STRICTER), ("looser", Declared::LOOSER)] {
        let mut of_resources: BTreeMap<&str, bool> = BTreeMap::new();
        for (id, bits) in said {
            let is_needed = needed.get(id).is_some_and(|needed| needed & bit != 0);
            if bits & bit << 4 != 0 {
                if !is_needed {
                    found.push(sentence(word, id));
                }
            } else if bits & bit != 0 {
                let resource = id.split("::").next().unwrap_or_default();
                *of_resources.entry(resource).or_default() |= is_needed;
            }
        }
        let unneeded = of_resources.iter().filter(|(_, is_needed)| !**is_needed);
        found.extend(unneeded.map(|(resource, _)| sentence(word, resource)));
    }
    found
}

fn sentence(word: &str, of: &str) -> String {
    format!("  `allow({word})` of `{of}` allows nothing: no value was found that it is about\n    help: remove it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_allows_nothing_is_told_where_it_stands() {
        let own = |bit: u8| bit | bit << 4;
        let said = [
            ("books::add".to_owned(), own(Declared::LOOSER)),
            ("books::change".to_owned(), own(Declared::LOOSER)),
            // These have it of their resources.
            ("orders::add".to_owned(), Declared::STRICTER),
            ("orders::list".to_owned(), Declared::STRICTER),
            ("shops::list".to_owned(), Declared::STRICTER),
        ];
        let needed = [
            ("books::add".to_owned(), Declared::LOOSER),
            ("orders::add".to_owned(), Declared::STRICTER),
        ];
        let found = unneeded(&said, &needed.into());
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("`allow(stricter)` of `shops`"), "{found:?}");
        assert!(found[1].contains("`allow(looser)` of `books::change`"), "{found:?}");
    }
}
