//! What an article is filed under by those who published it.

use serde::{Deserialize, Serialize};

/// So many topics of one article are kept; a page that names more names everything.
const MOST: usize = 20;
/// Of so many characters at most; what is longer is a sentence.
const LONGEST: usize = 60;

/// Topics as a feed or a page names them ("Defence", "Verteidigung"): white space folded, each once whatever its case, at
/// most 20 of at most 60 characters. What is longer, or an address, is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Topics(Vec<String>);

impl Topics {
    /// Those among these words, in their order.
    #[must_use]
    pub fn of<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        let mut topics = Self::default();
        for word in words {
            topics.add(word.as_ref());
        }
        topics
    }

    /// Adds one behind the others, unless there is no room or it is known or none.
    pub fn add(&mut self, word: &str) {
        let topic = white_space_folded(word);
        let is_topic = !topic.is_empty() && topic.chars().count() <= LONGEST && !topic.contains("://");
        if is_topic && self.0.len() < MOST && !self.holds(&topic) {
            self.0.push(topic);
        }
    }

    /// These and, behind them, the others.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        others.0.iter().for_each(|topic| self.add(topic));
        self
    }

    /// Whether one of them is this whole topic, whatever its case.
    #[must_use]
    pub fn holds(&self, topic: &str) -> bool {
        let wanted = white_space_folded(topic).to_lowercase();
        self.0.iter().any(|known| known.to_lowercase() == wanted)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<String>> for Topics {
    fn from(words: Vec<String>) -> Self {
        Self::of(words)
    }
}

/// Parted by commas.
impl std::fmt::Display for Topics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

fn white_space_folded(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_clean_and_each_stands_once() {
        let long = "x".repeat(LONGEST + 1);
        let words = [
            " Air \n force",
            "",
            "ÜBUNG",
            "air  Force",
            "Übung",
            &long,
            "https://t.example/kind#post",
        ];
        let topics = Topics::of(words);
        assert_eq!(topics.to_string(), "Air force, ÜBUNG");
        assert!(topics.holds("AIR FORCE") && topics.holds(" übung ") && !topics.holds("Air"));
    }

    #[test]
    fn those_of_two_are_united_and_never_too_many() {
        let many = Topics::of((0..2 * MOST).map(|number| number.to_string()));
        assert_eq!(many.0.len(), MOST);
        let united = Topics::of(["Sea", "Trade"]).and(&Topics::of(["trade", "Ports"]));
        assert_eq!(united.to_string(), "Sea, Trade, Ports");
        assert_eq!(
            serde_json::to_string(&united).unwrap(),
            r#"["Sea","Trade","Ports"]"#
        );
        assert_eq!(
            united,
            serde_json::from_str(r#"["Sea","sea","Trade","Ports"]"#).unwrap()
        );
    }
}
