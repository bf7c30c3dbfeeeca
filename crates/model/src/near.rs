//! Spellings that come near each other: what somebody may have meant.

/// The known spelling that comes nearest to a word in any case, if one comes near: a third of its letters may differ, and
/// three at most.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let reach = word.chars().count().div_ceil(3).min(3);
    let known = known.into_iter();
    let far = known.map(|known| (distance(&word, &known.to_lowercase()), known));
    far.filter(|(far, _)| *far <= reach).min().map(|(_, known)| known)
}

/// How many letters must be put in, taken out or replaced to turn one string into the other (Levenshtein 1966).
#[must_use]
pub fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut costs: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut costs[0], row + 1);
        for column in 0..to.len() {
            let replaced = diagonal + usize::from(letter != to[column]);
            diagonal = costs[column + 1];
            costs[column + 1] = replaced.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_near_is_found() {
        let known = ["The Harbour Post", "The Harbour Mail", "Wire"];
        assert_eq!(nearest("the habour post", known), Some("The Harbour Post"));
        assert_eq!(nearest("Wir", known), Some("Wire"));
        assert_eq!(nearest("Lantern", known), None);
    }
}
