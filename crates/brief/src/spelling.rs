//! Names that stand in an edition in two spellings.

use std::collections::BTreeMap;

use reveille_model::{Edition, Entry};

use crate::untold::names;

/// Shorter words differ by a letter too often: Iran and Iraq.
const SHORTEST: usize = 6;

/// Entries that spell a name otherwise than an earlier one, each with what to do about it.
pub(crate) fn variants<'a>(edition: &Edition, entries: &[&'a Entry]) -> Vec<(&'a Entry, String)> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for &entry in entries {
        let mut own: Vec<&str> = [&entry.headline, &entry.summary]
            .into_iter()
            .flat_map(|text| names(text, entry.language.as_ref()))
            .map(|(name, _)| name.trim_end_matches("'s").trim_end_matches("’s"))
            .filter(|name| name.chars().count() >= SHORTEST)
            .collect();
        own.sort_unstable();
        own.dedup();
        for name in &own {
            let other = first
                .iter()
                .find(|(known, _)| !own.contains(*known) && is_variant(known, name));
            if let Some((known, number)) = other {
                let other = edition.name_of(*number);
                found.push((
                    entry,
                    format!("Spells “{name}” what is “{known}” in {other}. If it is the same name, spell it alike."),
                ));
            }
        }
        for name in own {
            first.entry(name).or_insert(entry.number);
        }
    }
    found
}

/// Whether two words differ as transliterations of one name do: by one letter that is silent, doubled or accented, or
/// sounds like the other. Endings are left alone, since they are grammar: Austria and Austrian.
fn is_variant(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let (mut one, mut other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len() > other.len() {
        std::mem::swap(&mut one, &mut other);
    }
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    match other.len() - one.len() {
        0 => same < one.len() && one[same + 1..] == other[same + 1..] && sound_alike(one[same], other[same]),
        1 if one[same..] == other[same + 1..] => {
            let is_doubled = same > 0 && other[same] == other[same - 1];
            is_doubled || (same > 0 && same < one.len() && matches!(other[same], 'h' | 'e' | 'y' | 'j'))
        }
        _ => false,
    }
}

fn sound_alike(one: char, other: char) -> bool {
    const SOUNDS: [&str; 5] = ["iyj", "kcq", "vw", "sz", "gğ"];
    one.is_ascii() != other.is_ascii()
        || SOUNDS
            .iter()
            .any(|sound| sound.contains(one) && sound.contains(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transliterations_are_variants_and_other_names_are_not() {
        for (one, other) in [
            ("Zelensky", "Zelenskyy"),
            ("Erdogan", "Erdoğan"),
            ("Khadafi", "Kadafi"),
            ("Wolodin", "Volodin"),
            ("Caracas", "Karacas"),
        ] {
            assert!(is_variant(one, other) && is_variant(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("Austria", "Austrian"),
            ("Iceland", "Ireland"),
            ("Monday", "Sunday"),
            ("Anderson", "Andersen"),
            ("Berlin", "Berlin"),
            ("Germany", "Germanys"),
        ] {
            assert!(!is_variant(one, other), "{one} {other}");
        }
    }
}
