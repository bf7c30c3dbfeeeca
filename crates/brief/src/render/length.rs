//! How long an edition is, said before it is read.

use reveille_model::{Edition, Entry};
use unicode_segmentation::UnicodeSegmentation;

use crate::words::{Words, fill};

/// How fast an adult reads for information, in words a minute (Brysbaert, Journal of Memory and Language 109,
/// 2019: 238 for English non-fiction).
const WORDS_PER_MINUTE: usize = 238;

/// The words of headlines and summaries. A Chinese or Japanese sign counts as a word, which overstates the length.
pub(super) fn words(edition: &Edition) -> usize {
    let of = |entry: &Entry| entry.headline.unicode_words().count() + entry.summary.unicode_words().count();
    edition.entries().map(of).sum()
}

/// Reading time in whole minutes, at least one.
pub(super) fn minutes(edition: &Edition) -> usize {
    ((words(edition) + WORDS_PER_MINUTE / 2) / WORDS_PER_MINUTE).max(1)
}

/// "480 words, about 2 minutes", as editors count, who are spoken to in English.
#[must_use]
pub fn length(edition: &Edition) -> String {
    let minutes = match minutes(edition) {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    format!("{} words, about {minutes}", words(edition))
}

/// "23 stories, about 4 minutes", in the edition's language; "… · Times: Europe/Berlin" behind it, where a calendar tells some.
/// What the day brings, what was paid for and the desk's own words cost minutes, too, and are no stories.
pub(super) fn line(edition: &Edition) -> String {
    let words = &Words::of(&edition.language).edition;
    let told = edition.entries().filter(|entry| entry.kind.is_story());
    let (stories, minutes) = (told.count(), minutes(edition));
    let counted = if stories == 1 {
        &words.story
    } else {
        &words.stories
    };
    let about = if minutes == 1 {
        &words.minute
    } else {
        &words.minutes
    };
    let stories = fill(counted, &[("count", &stories.to_string())]);
    let line = fill(about, &[("stories", &stories), ("count", &minutes.to_string())]);
    let times = times(edition).filter(|_| has_calendar(edition));
    times.map_or_else(|| line.clone(), |times| format!("{line} · {times}"))
}

/// Whether an entry says at what time it takes place.
pub(super) fn has_calendar(edition: &Edition) -> bool {
    edition.entries().any(|entry| entry.at.is_some())
}

/// "Times: Europe/Berlin": by whose clock times of day are told.
pub(super) fn times(edition: &Edition) -> Option<String> {
    let zone = edition.zone.as_ref()?.to_string().replace('_', " ");
    let times = &Words::of(&edition.language).edition.times;
    Some(fill(times, &[("zone", &zone)]))
}
