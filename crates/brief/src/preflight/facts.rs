//! Whether what the desk wrote of an article stands in it: numbers, names and quotations.

use reveille_model::{Check, Entry, Language, Overruled};

use super::{Compared, Finding, Severity, Sources, fault, warning};
use crate::{
    across::untold_across,
    untold::{Untold, untold},
};

/// What words that are not the article's own say that it does not. An editor may let it stand, and has then answered for it.
pub(super) fn facts(entry: &Entry, sources: &Sources) -> Vec<Finding> {
    let Some(article) = entry.article() else {
        return Vec::new();
    };
    let Some(text) = sources.texts.get(&article) else {
        return Vec::new();
    };
    let source = Source {
        text,
        language: sources.languages.get(&article),
    };
    let language = entry.language.as_ref();
    // Of the article's own headline nothing is found: it stands in the source.
    // A desk that rewords a headline may know what a person or a place is called better than the article does.
    let mut found = untold_facts("headline", &entry.headline, Severity::Warning, source, language);
    if entry.extract.is_none() {
        found.extend(untold_facts(
            "summary",
            &entry.summary,
            Severity::Fault,
            source,
            language,
        ));
    }
    let finding = |(severity, text, compared): Fact| {
        let stands = |overruled: &&Overruled| {
            severity == Severity::Fault
                && overruled.check == compared.check
                && overruled.said == compared.said
        };
        match entry.overruled.iter().find(stands) {
            Some(Overruled { check, said, by, .. }) => warning(
                entry,
                format!("{by} lets “{said}” stand, which the check of {check} did not find in the article."),
            ),
            None => Finding {
                severity,
                compared: Some(compared),
                ..fault(entry, text)
            },
        }
    };
    found.into_iter().map(finding).collect()
}

/// Whether every longer word has a capital, as in some houses' headlines: then a capital makes no name.
fn is_in_capitals(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.chars().count() > 3);
    let (mut longer, mut small) = (0, false);
    for word in words {
        longer += 1;
        small |= word.starts_with(char::is_lowercase);
    }
    longer > 3 && !small
}

/// What words are compared with.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The article, headline and text.
    pub(crate) text: &'a str,
    /// In which language it is, where that is known.
    pub(crate) language: Option<&'a Language>,
}

/// How bad it is, in a whole sentence, and what was compared.
pub(crate) type Fact = (Severity, String, Compared);

/// What a headline or a summary says that its article does not: `names` at most of a name. Where the article is in another
/// language, only what languages share is compared.
pub(crate) fn untold_facts(
    what: &str,
    said: &str,
    names: Severity,
    source: Source<'_>,
    language: Option<&Language>,
) -> Vec<Fact> {
    let told = match (language, source.language) {
        (Some(one), Some(other)) if one != other => untold_across(said, source.text, one, other),
        _ => untold(said, source.text, language),
    };
    let capitals = is_in_capitals(said);
    let found = told.into_iter().map(|untold| {
        let (severity, check, said, text) = match untold {
            Untold::Number(number) => {
                let text =
                    format!("The {what} says “{number}”, a number that the article does not have. Correct it.");
                (Severity::Fault, Check::Numbers, number, text)
            }
            Untold::Name(name) if names == Severity::Fault && !capitals => {
                let text = format!("The {what} names “{name}”, whom the article does not name. Correct it.");
                (Severity::Fault, Check::Names, name, text)
            }
            Untold::Name(name) | Untold::PerhapsName(name) => {
                let text = format!(
                    "The article does not have the word “{name}”. Check that it is not a wrong name."
                );
                (Severity::Warning, Check::Names, name, text)
            }
            Untold::Quotation(quotation) => {
                let text = format!(
                    "The article does not say “{quotation}”. Quote it word for word, or take off the quotation marks."
                );
                (Severity::Fault, Check::Quotations, quotation, text)
            }
        };
        (severity, text, Compared { check, said })
    });
    found.collect()
}
