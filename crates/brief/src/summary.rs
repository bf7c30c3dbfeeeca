//! One sentence for a story, as a desk writes it: the lead's own.

use reveille_model::{Block, Extract, Language};

use crate::{
    fitness::{Fitness, is_dense},
    headline::named,
    lead::{Candidate, lead},
    leaning::leans,
    sentence::is_complete,
    shorten::{at_a_word, shorten},
    speaking::speaks_itself,
    told::tidy,
};

/// The longest summary, in characters. A lead sentence of a wire story has 150 to 250.
pub const SUMMARY_MAX: usize = 320;

/// A sentence shorter than this, in characters, tells little: it is not preferred to the first one.
const TELLING_CHARS: usize = 50;

/// One sentence of an article, and where it stands in its text, which [`reveille_model::text_of`] makes of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The sentence on one line.
    pub text: String,
    /// Where it stands.
    pub extract: Extract,
}

impl Summary {
    /// As it is printed: behind "…" where the text does not open with it.
    #[must_use]
    pub fn printed(&self) -> String {
        let opening = if self.extract.starts_mid { "…" } else { "" };
        tidy(&format!("{opening}{}", self.text))
    }
}

/// One whole sentence of a body, by which its story is told; `None` where it holds none that could stand for it.
///
/// The first of the lead's sentences that informs: one that states something, and is no dateline, byline, caption, form or
/// notice, no question, no half of a quotation and nothing that leans on the sentence before. Behind the opening it has a
/// word of the headline, since what stands there without one is an aside. A paragraph's sentences are preferred to those of
/// lists and quotations, and the article's deck counts as one. Where that sentence has nothing to do with the headline, as
/// in an anecdotal lede, it is the lead's sentence that says most of what the headline says. A first line that only repeats
/// the headline is passed over. White space is folded. A sentence of more than 40 words loses its last clauses where that
/// does it no harm. Text that ends without a full stop gets one.
///
/// `place` is what the article's dateline names: it stands before the sentence where its dash was lost on the way.
#[must_use]
pub fn summarize(
    headline: &str,
    body: &[Block],
    place: Option<&str>,
    language: Option<&Language>,
) -> Option<Summary> {
    let lead = lead(headline, body, place, language);
    let first = lead.iter().min_by_key(|sentence| sentence.fitness)?;
    let chosen = match first.fitness {
        Fitness::Good => nearest(named(headline).len(), &lead, first),
        _ => first,
    };
    let (printed, shortened) = finish(chosen.text, language);
    let extract = Extract {
        start: chosen.start,
        end: chosen.start + chosen.text.len(),
        starts_mid: chosen.starts_mid(),
        shortened,
    };
    Some(Summary {
        text: printed,
        extract,
    })
}

/// The sentence of the lead that tells what the headline tells: `first`, unless it shares next to nothing with it and
/// another says much of it, or nothing and another something.
fn nearest<'a, 'b>(named: usize, lead: &'b [Candidate<'a>], first: &'b Candidate<'a>) -> &'b Candidate<'a> {
    let stands = |sentence: &&Candidate<'_>| {
        is_telling(sentence.text) && sentence.fitness == Fitness::Good && !speaks_itself(sentence.text)
    };
    let much = (named / 3).max(2);
    let is_weak = leans(first.text) || speaks_itself(first.text) || !is_telling(first.text);
    let is_torn = !first.opens();
    let enough = match first.shared {
        shared if is_torn && shared < much => shared + 1,
        0 if is_weak => 1,
        0 => 3,
        shared if shared < much => much.max(shared + 3),
        _ => return first,
    };
    let good = lead.iter().filter(stands);
    // Of equally near ones the first.
    let near = good.rev().max_by_key(|sentence| sentence.shared);
    near.filter(|sentence| sentence.shared >= enough).unwrap_or(first)
}

/// Whether a sentence is long enough to tell much.
fn is_telling(text: &str) -> bool {
    text.chars().any(is_dense) || text.chars().count() >= TELLING_CHARS
}

/// White space folded, a full stop at the end, and shortened where it is too long; whether it is.
fn finish(sentence: &str, language: Option<&Language>) -> (String, bool) {
    let folded = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_long = folded.chars().count() > SUMMARY_MAX;
    let shorter = shorten(&folded, language).or_else(|| is_long.then(|| at_a_word(&folded)));
    if let Some(shorter) = shorter {
        return (shorter, true);
    }
    if is_complete(&folded) {
        return (folded, false);
    }
    let open = [',', ';', ':', '-', '–', '—', ' '];
    (format!("{}.", folded.trim_end_matches(open)), false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reveille_model::{BlockKind, paragraphs_of, text_of};

    use super::*;

    fn said(text: &str, language: &str) -> String {
        let found = summarize("", &paragraphs_of(text), None, language.parse().ok().as_ref());
        found.map(|found| found.text).unwrap_or_default()
    }

    #[test]
    fn cases() {
        for (name, language, input, expected) in crate::cases::all("summaries") {
            assert_eq!(said(&input, &language), expected.trim_end(), "{name}");
        }
    }

    #[test]
    fn an_anecdotal_lead_gives_way_to_what_the_headline_tells() {
        let text = "Anyone who has ever waited for a ferry in the rain knows the feeling.\n\
            But the wait is over. The ferry to Port Kell will sail every twenty minutes from Monday, the port said.";
        let found = summarize(
            "Ferry to Port Kell to sail every twenty minutes",
            &paragraphs_of(text),
            None,
            None,
        )
        .unwrap();
        assert_eq!(
            found.printed(),
            "…The ferry to Port Kell will sail every twenty minutes from Monday, the port said."
        );
        assert_eq!(&text[found.extract.start..found.extract.end], found.text);
        let plain = summarize("A wet feeling", &paragraphs_of(text), None, None).unwrap();
        assert!(
            !plain.extract.starts_mid && plain.text.starts_with("Anyone"),
            "{plain:?}"
        );
    }

    #[test]
    fn what_stands_beneath_a_deck_opens_the_text() {
        let report = "The port of Alderport has told its crews to stay at home.";
        let told = |deck: &str| {
            let body = paragraphs_of(&format!("{deck}\n{report}"));
            summarize(
                "Port of Alderport tells crews to stay",
                &body,
                None,
                "en".parse().ok().as_ref(),
            )
            .unwrap()
        };
        assert_eq!(told("Boats lie idle in the rain.").printed(), report);
        let more = "Boats lie idle in the rain at every quay of the town. Nobody was at hand on Monday night to say for how long \
            that would be so.";
        assert_eq!(told(more).printed(), format!("…{report}"));
    }

    #[test]
    fn what_a_block_is_says_how_well_it_would_do() {
        let block = |kind, text: &str| Block {
            kind,
            text: text.to_owned(),
        };
        let heading = "The ferry line will close on Monday, the port said.";
        let report = "The port of Alderport has told its crews to stay at home.";
        let english = "en".parse().ok();
        let told = |body: &[Block]| summarize("", body, None, english.as_ref()).unwrap();
        let deck = [
            block(BlockKind::Heading, heading),
            block(BlockKind::Paragraph, report),
        ];
        assert_eq!(told(&deck).text, heading);
        for kind in [BlockKind::ListItem, BlockKind::Quote, BlockKind::TableRow] {
            let body = [block(kind, heading), block(BlockKind::Paragraph, report)];
            assert_eq!(told(&body).text, report, "{kind}");
        }
        let captioned = [
            block(BlockKind::Caption, heading),
            block(BlockKind::Paragraph, report),
        ];
        let found = told(&captioned);
        let stands = &text_of(&captioned)[found.extract.start..found.extract.end];
        assert_eq!((stands, &*found.text), (report, report));
    }

    #[test]
    fn what_stands_beneath_a_picture_is_passed_over() {
        let report = "The port of Alderport has told its crews to stay at home.";
        for caption in [
            "Boats lie idle in the rain at every quay of the town. Alderport tells crews to stay",
            "CLOSE Boats lie idle in the rain at every quay of the town. (May 4)",
            "CLOSE\nBoats lie idle in the rain at every quay of the town. (May 4)",
            "Boats lie idle in the rain at every quay.\nBoats lie idle in the rain at every quay. Photo: Bo Sample",
            "Boats lie idle in the rain at every quay of Alderport. Bo Sample/AFP/Getty Images",
        ] {
            let body = paragraphs_of(&format!("{caption}\n{report}"));
            let told = summarize(
                "Port of Alderport tells crews to stay",
                &body,
                None,
                "en".parse().ok().as_ref(),
            );
            assert_eq!(told.unwrap().printed(), report, "{caption}");
        }
    }

    #[test]
    fn a_place_whose_dash_was_lost_comes_off() {
        let text = "ALDERPORT Ferry crews have asked the port for higher wages.";
        let found = |place| summarize("", &paragraphs_of(text), place, "en".parse().ok().as_ref()).unwrap();
        let told = found(Some("ALDERPORT"));
        assert_eq!(told.text, "Ferry crews have asked the port for higher wages.");
        assert_eq!(&text[told.extract.start..told.extract.end], told.text);
        assert_eq!(found(Some("ALDER")).text, text);
    }

    /// Where time grew with the square of a paragraph's length, this would take minutes.
    #[test]
    fn a_paragraph_of_any_length_is_summed_up() {
        for (phrase, language) in [
            ("nine ships, ", "en"),
            ("nine ships and The port ", "en"),
            ("Ein Boot mit dem alten Tau, das Ann Beispiel band, ", "de"),
            ("aaBb", "de"),
            ("alten kleinen ", "de"),
            ("really ", "en"),
        ] {
            let long = phrase.repeat(200_000 / phrase.len());
            let found = said(&format!("The port of Alderport lost {long}on Monday."), language);
            assert!(!found.is_empty(), "{phrase}");
            assert!(found.chars().count() <= SUMMARY_MAX, "{phrase}");
        }
    }

    #[test]
    fn what_only_asks_tells_nothing() {
        for text in [
            "Who is to pay for the old harbour now?",
            "How to moor a boat, and why it drifts in the harbour.",
            "We earn a commission on every rope.",
        ] {
            assert_eq!(said(text, "en"), "", "{text}");
        }
        assert_eq!(said("Teig kneten und in den Ofen schieben.", "de"), "");
    }

    #[test]
    fn behind_the_opening_a_sentence_has_a_word_of_the_headline() {
        let told = |headline: &str, text: &str| {
            let found = summarize(headline, &paragraphs_of(text), None, "en".parse().ok().as_ref());
            found.map(|found| found.text)
        };
        let text = "Who pays for the old quay? The town has asked nobody about the costs so far. Its ferry needs new ropes.";
        let aside = "The town has asked nobody about the costs so far.";
        assert_eq!(told("Costs of the harbour", text).as_deref(), Some(aside));
        assert_eq!(told("Rainy weather", text), None);
        assert_eq!(told("", text).as_deref(), Some(aside));
        let opening = "The town has asked nobody so far.";
        assert_eq!(told("Rainy weather", opening).as_deref(), Some(opening));
    }

    #[test]
    fn what_shows_no_verb_tells_nothing() {
        for text in [
            "A history of the harbour in rope.",
            "Government of Northland to resign on Monday.",
        ] {
            assert_eq!(said(text, "en"), "", "{text}");
        }
        for text in [
            "Fighting spreads in the south of Sudan.",
            "King Charles speaks in the town hall of Berlin.",
            "Boeing rises in early trade on the exchange in New York.",
        ] {
            assert_eq!(said(text, "en"), text);
        }
        let fire = "Im Hafen von Musterstadt brach am Montag ein Feuer aus.";
        assert_eq!(
            said(&format!("{fire} Die Feuerwehr war mit 80 Leuten vor Ort."), "de"),
            fire
        );
    }

    #[test]
    fn a_sentence_that_leans_on_another_does_not_stand_alone() {
        let text = "Morning came slowly to the harbour.\nThe quay was empty and quiet. It had closed the ferry line for good.";
        let found = summarize(
            "Harbour closes ferry line for good",
            &paragraphs_of(text),
            None,
            "en".parse().ok().as_ref(),
        )
        .unwrap();
        assert!(!found.text.starts_with("It "), "{found:?}");
        let german = "de".parse().ok();
        let text = "Das Tor bleibt bis in den Mai hinein geschlossen? Dann ist wohl ein Loch darin! Das Tor muss zum ersten Mal an Land.";
        let replied = summarize("", &paragraphs_of(text), None, german.as_ref());
        assert_eq!(replied.unwrap().text, "Das Tor muss zum ersten Mal an Land.");
    }

    #[test]
    fn what_goes_on_from_a_line_or_names_nobody_gives_way() {
        let told = "The port of Exampleton closed its old basin on Monday.";
        for opening in [
            "The mayor gave the crews of the port a choice:\nLeave the old basin by Monday, or the port will tow it all.",
            "They closed the old basin of the port for good.",
            "On Monday, he closed the old basin of the port.",
            "… told the crews of the port to leave the old basin.",
        ] {
            assert_eq!(said(&format!("{opening}\n{told}"), "en"), told);
        }
        let alone = "They closed the old basin of the port for good.";
        assert_eq!(said(alone, "en"), alone);
    }

    #[test]
    fn a_lead_of_any_length_that_can_be_cut_stands_before_what_follows() {
        let lead = "The port of Exampleton will close its eastern basin for four months from the first of May, raising fears \
            among the crews of the ferries that the line to Fairhaven, which has been sailed without a day's rest since the spring \
            of 1911, will be lost for good to the new bridge that the council of the county wants to have built by the end of the \
            decade.";
        assert!(lead.chars().count() > SUMMARY_MAX);
        let text = format!("{lead}\nThe council of the county has not said a word on the matter.");
        assert_eq!(
            said(&text, "en"),
            "The port of Exampleton will close its eastern basin for four months from the first of May…"
        );
    }

    proptest! {
        #[test]
        fn a_summary_stands_where_it_says(
            headline in "[A-Za-z ]{0,40}",
            text in r#"([A-Za-zÀ-ž“”"„«»().,;:!?…—\- ]{0,200}\n?){0,6}|(\PC|\s){0,400}"#,
            place in prop::option::of("[A-Z]{0,6}"),
            language in prop::option::of("en|de|fr|pl|[a-z]{2}"),
            kinds in prop::collection::vec(prop::sample::select(BlockKind::ALL), 1..6),
        ) {
            let language = language.and_then(|code| code.parse().ok());
            let paragraph = |(at, text): (usize, &str)| Block {
                kind: kinds[at % kinds.len()],
                text: text.to_owned(),
            };
            let body: Vec<Block> = text.split("  ").enumerate().map(paragraph).collect();
            let text = text_of(&body);
            if let Some(summary) = summarize(&headline, &body, place.as_deref(), language.as_ref()) {
                let source = &text[summary.extract.start..summary.extract.end];
                let mut words = source.split_whitespace();
                let bare = |word: &str| word.trim_end_matches(['…', '.', ',', ';', ':', '-', '–', '—']).to_owned();
                let held = |word: &str| words.any(|other| bare(other).starts_with(&bare(word)));
                prop_assert!(summary.text.split_whitespace().all(held), "{summary:?} of {source:?}");
                prop_assert!(summary.text.chars().count() <= SUMMARY_MAX + 1);
                prop_assert!(is_complete(&summary.text));
                prop_assert!(crate::boilerplate::boilerplate(&summary.text).is_none());
            }
        }
    }
}
