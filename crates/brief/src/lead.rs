//! The sentences at the beginning of an article that could stand for its story.

use std::collections::HashSet;

use reveille_model::{Block, BlockKind, Language};

use crate::{
    fitness::{Fitness, is_dense, usable_sentences},
    headline::{after_headline, is_again, named, shared, stem},
    introduced::Introduced,
    leaning::{joins, leans, names_nobody, points_back},
    opening::after_place,
    sentence::is_complete,
    speaking::{is_labelled, speaks_to_reader, tells_of_writing},
    unresolved::is_unintroduced,
};

/// How many paragraphs that hold a usable sentence count as the lead.
const LEAD_PARAGRAPHS: usize = 4;

/// The same where none of their sentences is good.
const SEARCHED_PARAGRAPHS: usize = 8;

/// How far down a text is looked at; what stands behind is no lead however bad the start was.
const PARAGRAPHS_MAX: usize = 60;

/// A sentence of the lead: how well it would do, and where it stands.
pub(crate) struct Candidate<'a> {
    pub(crate) fitness: Fitness,
    pub(crate) text: &'a str,
    /// Where it stands in the article's text, in bytes.
    pub(crate) start: usize,
    /// Which of the paragraphs that have a usable sentence, from 0.
    paragraph: usize,
    /// Which of the paragraph's sentences, from 0.
    place: usize,
    /// How many of the paragraphs before it are the article's deck.
    decks: usize,
    /// How many of the headline's words it says.
    pub(crate) shared: usize,
}

impl Candidate<'_> {
    /// Whether it opens neither the text nor what stands beneath its deck.
    pub(crate) const fn starts_mid(&self) -> bool {
        self.paragraph > self.decks || self.place > 0
    }

    /// Whether it opens the first paragraph or the second: the first may be a deck that the page does not mark as one.
    const fn opens_near(&self) -> bool {
        self.paragraph <= 1 && self.place == 0
    }

    /// Whether it may stand for the story: behind the opening it has a word of the headline.
    fn stands(&self, named: &HashSet<String>) -> bool {
        let is_opening = self.opens_near() && self.fitness < Fitness::Open;
        self.fitness != Fitness::Awkward && (named.is_empty() || self.shared > 0 || is_opening)
    }

    /// Whether nothing stands before it.
    pub(crate) const fn opens(&self) -> bool {
        self.paragraph == 0 && self.place == 0
    }

    /// Whether it goes on from a sentence before it, so that it does not stand alone.
    fn leans(&self) -> bool {
        leans(self.text) && !self.opens() || joins(self.text)
    }

    /// How well it would do where it stands: what goes on from another sentence says little alone, and what opens a text
    /// with "They" or "These boats" tells only further down what is meant.
    fn settled(self, named: &HashSet<String>) -> Self {
        let is_unintroduced =
            self.place > 0 && is_unintroduced(self.text, |word| named.contains(&stem(word)));
        let least = match self.leans() || is_unintroduced {
            true => Fitness::Awkward,
            false if names_nobody(self.text) || points_back(self.text) => Fitness::Doubtful,
            false if is_labelled(self.text) || tells_of_writing(self.text) => Fitness::Doubtful,
            false if !self.opens() && (is_slight(self.text) || speaks_to_reader(self.text)) => {
                Fitness::Doubtful
            }
            false => Fitness::Good,
        };
        let fitness = self.fitness.max(least);
        Self { fitness, ..self }
    }
}

/// Whether a sentence has so few words that it seldom says what is meant: "The lawyers were not alone in this."
fn is_slight(text: &str) -> bool {
    !text.chars().any(is_dense) && text.split_whitespace().count() < TELLING_WORDS
}

/// A sentence of fewer words leaves much to the one before.
const TELLING_WORDS: usize = 10;

/// One line of a body.
struct Paragraph<'a> {
    text: &'a str,
    /// Where it stands in the article's text, in bytes.
    start: usize,
    kind: BlockKind,
}

impl Paragraph<'_> {
    /// Whether it is the article's deck, if it opens the body: a heading, or one short sentence.
    fn is_deck(&self, sentences: usize) -> bool {
        let is_short = || self.text.split_whitespace().count() <= DECK_WORDS;
        self.kind == BlockKind::Heading || sentences == 1 && is_short()
    }

    /// How well its sentences would do at best, `None` where they could not stand for the article. A heading above all else
    /// is the article's deck.
    fn least(&self, opens: bool) -> Option<Fitness> {
        match self.kind {
            BlockKind::Paragraph if self.text.starts_with('•') => Some(Fitness::Doubtful),
            BlockKind::Paragraph => Some(Fitness::Good),
            BlockKind::Heading if opens => Some(Fitness::Good),
            BlockKind::ListItem | BlockKind::Quote | BlockKind::Embed => Some(Fitness::Doubtful),
            BlockKind::Heading | BlockKind::TableRow | BlockKind::Caption => None,
        }
    }
}

/// A deck seldom has more words; the first paragraph of a report seldom has fewer.
const DECK_WORDS: usize = 20;

/// The lines of a body that hold anything, captions left out, as [`reveille_model::text_of`] strings them together.
fn paragraphs(body: &[Block]) -> impl Iterator<Item = Paragraph<'_>> {
    let mut end = 0;
    let blocks = body.iter().filter(|block| block.kind != BlockKind::Caption);
    let lines = blocks.flat_map(move |block| {
        // A line's end stands between blocks, but not before the first that holds anything.
        let block_start = end + usize::from(end > 0);
        end = block_start + block.text.len();
        block.text.lines().map(move |line| {
            let text = line.trim();
            Paragraph {
                text,
                start: block_start + text.as_ptr().addr() - block.text.as_ptr().addr(),
                kind: block.kind,
            }
        })
    });
    lines.filter(|line| !line.text.is_empty())
}

/// What the lead's paragraphs hold that could stand for the story, in order.
pub(crate) fn lead<'a>(
    headline: &str,
    body: &'a [Block],
    place: Option<&str>,
    language: Option<&Language>,
) -> Vec<Candidate<'a>> {
    let mut lead = Vec::new();
    let mut paragraphs = paragraphs(body).peekable();
    // A first line that only says the headline again.
    paragraphs.next_if(|paragraph| is_again(paragraph.text, headline));
    let mut enough = SEARCHED_PARAGRAPHS;
    let mut is_introduced = false;
    let mut reading = Reading::of(headline, place, language);
    for _ in 0..PARAGRAPHS_MAX {
        let Some(paragraph) = paragraphs.next() else {
            break;
        };
        let goes_on = std::mem::replace(&mut is_introduced, introduces(paragraph.text));
        let is_repeated = paragraphs
            .peek()
            .is_some_and(|next| next.text.starts_with(paragraph.text));
        if paragraph.text == CLOSE {
            paragraphs.next();
        }
        if is_repeated || reading.is_caption(&paragraph) {
            continue;
        }
        let Some(least) = paragraph.least(reading.usable == 0) else {
            continue;
        };
        let sentences = reading.read(&paragraph, least, goes_on);
        if sentences.iter().any(|sentence| sentence.fitness == Fitness::Good) {
            enough = LEAD_PARAGRAPHS;
        }
        lead.extend(
            sentences
                .into_iter()
                .filter(|sentence| sentence.stands(&reading.named)),
        );
        if reading.usable >= enough {
            break;
        }
    }
    lead
}

/// What is known of an article as far down as it was read.
struct Reading<'a, 'b> {
    headline: &'b str,
    place: Option<&'b str>,
    language: Option<&'b Language>,
    /// The headline's words.
    named: HashSet<String>,
    people: Introduced<'a>,
    /// How many paragraphs had a usable sentence …
    usable: usize,
    /// … and how many of them are the deck.
    decks: usize,
}

impl<'a, 'b> Reading<'a, 'b> {
    fn of(headline: &'b str, place: Option<&'b str>, language: Option<&'b Language>) -> Self {
        Self {
            headline,
            place,
            language,
            named: named(headline),
            people: Introduced::default(),
            usable: 0,
            decks: 0,
        }
    }

    /// Whether a paragraph stands beneath a picture or a film.
    fn is_caption(&self, paragraph: &Paragraph<'_>) -> bool {
        paragraph.text.starts_with(CLOSE) || self.usable == 0 && ends_in_headline(paragraph.text, &self.named)
    }

    /// The sentences of the next paragraph, which do no better than `least`; the first may go on from the line before.
    fn read(&mut self, paragraph: &Paragraph<'a>, least: Fitness, goes_on: bool) -> Vec<Candidate<'a>> {
        let body = after_place(after_headline(paragraph.text, self.headline), self.place);
        let mut sentences = Vec::new();
        let mut read = 0;
        for (place, text, fitness) in usable_sentences(body, self.language) {
            // Both are one text, so this is where the one stands in the other.
            let at = text.as_ptr().addr() - paragraph.text.as_ptr().addr();
            self.people
                .read(&paragraph.text[std::mem::replace(&mut read, at)..at]);
            if is_again(text, self.headline) {
                continue;
            }
            let is_lone = self.people.are_meant(text) && shared(opening(text), &self.named) == 0;
            let is_unsure = place == 0 && goes_on || is_lone;
            let candidate = Candidate {
                fitness: fitness.max(if is_unsure {
                    least.max(Fitness::Doubtful)
                } else {
                    least
                }),
                text,
                start: paragraph.start + at,
                paragraph: self.usable,
                place,
                decks: self.decks,
                shared: shared(text, &self.named),
            };
            sentences.push(candidate.settled(&self.named));
        }
        self.people.read(&paragraph.text[read..]);
        // What is too long to be printed was read all the same.
        let is_text =
            |sentence: &Candidate<'_>| sentence.fitness < Fitness::Open || is_complete(sentence.text);
        if sentences.iter().any(is_text) {
            self.decks += usize::from(self.usable == 0 && paragraph.is_deck(sentences.len()));
            self.usable += 1;
        }
        sentences
    }
}

/// The words of a sentence that name what it is about.
fn opening(sentence: &str) -> &str {
    let end = sentence.match_indices(' ').nth(1);
    end.map_or(sentence, |(at, _)| &sentence[..at])
}

/// The button that closes a film. What follows it stands beneath the film.
const CLOSE: &str = "CLOSE";

/// Whether a line of several sentences ends in the headline, said once more and without a full stop: what stands before it is the
/// caption of the picture above.
fn ends_in_headline(line: &str, named: &HashSet<String>) -> bool {
    let Some((_, last)) = line.rsplit_once(['.', '!', '?']) else {
        return false;
    };
    let shared = shared(last, named);
    shared > 0 && 2 * shared >= named.len()
}

/// Whether a line is the beginning of a sentence that the next one ends: "The port gave the crews a choice:".
fn introduces(line: &str) -> bool {
    line.ends_with(':') && line.split_whitespace().nth(INTRODUCING_WORDS - 1).is_some()
}

/// A line of fewer words before a colon is a label.
const INTRODUCING_WORDS: usize = 5;
