//! What a company says of itself below a report: "About Example Dredging", a paragraph that begins with its name, and
//! whom the press is to ask.

use crate::body::{Reason, leaves::Leaf, phrases};

/// Words before the name, in the languages of press releases.
const ABOUT: &[&str] = &[
    "About ",
    "Über ",
    "À propos de ",
    "Acerca de ",
    "Sobre ",
    "Informazioni su ",
    "Over ",
    "Om ",
];

/// A longer line heads no blurb, in bytes.
const LONGEST: usize = 70;

/// How far into its first paragraph the name stands, in bytes.
const REACH: usize = 40;

/// Whether the leaf at a place heads such a blurb; `text` is that of all leaves.
pub(super) fn begins(text: &str, list: &[Leaf], at: usize) -> bool {
    let line = |leaf: &Leaf| &text[leaf.text.clone()];
    let Some(name) = list.get(at).map(line).and_then(named) else {
        return false;
    };
    let first = list.get(at + 1).map_or("", line);
    // Papers tell about somebody too; only companies add whom the press is to ask.
    let for_the_press = || {
        list[at..]
            .iter()
            .map(line)
            .any(|line| phrases::stock(line) == Some(Reason::Phrase))
    };
    first.find(name).is_some_and(|found| found < REACH) && for_the_press()
}

/// The name in "About Example Dredging:".
fn named(line: &str) -> Option<&str> {
    if line.len() > LONGEST {
        return None;
    }
    let name = ABOUT
        .iter()
        .find_map(|word| line.strip_prefix(word))?
        .trim_end_matches([':', ' ']);
    let capitals = name
        .split(' ')
        .filter(|word| word.len() > 3)
        .all(|word| word.starts_with(|c: char| !c.is_lowercase()));
    (capitals && !name.is_empty() && !name.ends_with(['.', '?', '!'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_blurb_is_headed_by_a_name() {
        assert_eq!(named("About Example Dredging:"), Some("Example Dredging"));
        assert_eq!(named("Über die Beispiel AG"), Some("die Beispiel AG"));
        for line in [
            "About forty ships waited",
            "About us all",
            "Who won?",
            "About Time?",
        ] {
            assert_eq!(named(line).filter(|name| name.len() > 8), None, "{line}");
        }
    }
}
