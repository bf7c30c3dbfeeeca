//! Which section of a brief a story belongs to.

use reveille_model::{Brief, SectionPlan};
use unicode_segmentation::UnicodeSegmentation;

/// How many paragraphs after the headline are looked at: by then a report has said what it is about, and further
/// down stand background and other stories.
const LEAD_PARAGRAPHS: usize = 3;

/// A keyword in the headline says more than one in the text.
const HEADLINE_WEIGHT: usize = 3;

/// A section's keywords, ready to be looked for.
pub(crate) struct Topic {
    keywords: Vec<String>,
}

impl Topic {
    /// The topic of a section with these keywords; one without wants nothing by itself.
    pub(crate) fn of(keywords: &[String]) -> Self {
        let keywords = keywords.iter().map(|keyword| as_words(keyword));
        Self {
            keywords: keywords.filter(|keyword| keyword != " ").collect(),
        }
    }

    /// Whether it takes what no other section wants.
    pub(crate) fn takes_the_rest(&self) -> bool {
        self.keywords.is_empty()
    }

    /// Whether a report with this headline and text is about it.
    pub(crate) fn is_met(&self, headline: &str, text: &str) -> bool {
        self.score(&as_words(headline), &lead_of(text)) > 0
    }

    fn score(&self, headline: &str, lead: &str) -> usize {
        let found = |text: &str| {
            self.keywords
                .iter()
                .filter(|keyword| text.contains(keyword.as_str()))
                .count()
        };
        HEADLINE_WEIGHT * found(headline) + found(lead)
    }
}

/// The sections of a brief whose keywords a story meets, by name.
#[must_use]
pub fn topics(brief: &Brief, headline: &str, text: &str) -> Vec<String> {
    let (headline, lead) = (as_words(headline), lead_of(text));
    let met = |plan: &&SectionPlan| Topic::of(&plan.keywords).score(&headline, &lead) > 0;
    brief
        .sections
        .iter()
        .filter(met)
        .map(|plan| plan.name.clone())
        .collect()
}

/// The words of a report's first paragraphs.
fn lead_of(text: &str) -> String {
    let paragraphs = text.lines().filter(|line| !line.trim().is_empty());
    as_words(&paragraphs.take(LEAD_PARAGRAPHS).collect::<Vec<_>>().join("\n"))
}

/// The topic whose keywords fit a story best, the earlier of two that fit alike; `None` where none fits.
pub(crate) fn best(topics: &[Topic], headline: &str, text: &str) -> Option<usize> {
    let (headline, lead) = (as_words(headline), lead_of(text));
    let scores = topics
        .iter()
        .map(|topic| topic.score(&headline, &lead))
        .enumerate();
    scores
        .filter(|(_, score)| *score > 0)
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .map(|(index, _)| index)
}

/// The words of a text in lower case with one space around each, so that a phrase of whole words is a substring.
fn as_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for word in text.to_lowercase().unicode_words() {
        words.push_str(word);
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics(keywords: &[&[&str]]) -> Vec<Topic> {
        let topic = |keywords: &&[&str]| {
            let keywords: Vec<String> = keywords.iter().map(|&keyword| keyword.to_owned()).collect();
            Topic::of(&keywords)
        };
        keywords.iter().map(topic).collect()
    }

    #[test]
    fn keywords_are_whole_words_in_any_case() {
        let topics = topics(&[&["war", "Cease Fire"]]);
        assert_eq!(
            best(&topics, "A reward for a warden", "Wardrobes sell well."),
            None
        );
        assert_eq!(best(&topics, "WAR: day nine", ""), Some(0));
        assert_eq!(
            best(
                &topics,
                "Talks",
                "Both sides agreed on a cease\u{a0}fire, he said."
            ),
            Some(0)
        );
    }

    #[test]
    fn the_section_that_fits_best_wins_and_the_earlier_of_equals() {
        let topics = topics(&[&["budget", "tax"], &["school", "teachers"]]);
        assert_eq!(
            best(
                &topics,
                "Teachers get more",
                "The budget and the tax law pay for it."
            ),
            Some(1)
        );
        assert_eq!(best(&topics, "Plans", "A tax for every school."), Some(0));
    }

    #[test]
    fn words_far_down_say_nothing_about_the_topic() {
        let topics = topics(&[&["tax"]]);
        assert_eq!(best(&topics, "Storm", "One.\n\nTwo.\nThree.\nA tax."), None);
    }

    #[test]
    fn keywords_work_in_scripts_without_spaces() {
        assert_eq!(best(&topics(&[&["選挙"]]), "次の選挙は三月に", ""), Some(0));
    }

    #[test]
    fn a_section_without_words_wants_nothing_by_itself() {
        let topics = topics(&[&[], &["", " - "]]);
        assert!(topics.iter().all(Topic::takes_the_rest));
        assert_eq!(best(&topics, "Anything", "at all"), None);
    }
}
