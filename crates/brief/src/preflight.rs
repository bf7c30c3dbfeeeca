//! What a person should look at before readers do.
//!
//! Some of what could be wrong cannot be, and needs no check here: a [`reveille_model::Uri`] sheds what counts clicks, and
//! no form holds an image.

mod facts;
mod filed;
mod paid;

use std::collections::{HashMap, HashSet};

use reveille_model::{ArticleId, Check, Day, Edition, Entry, EntryKind, Language, Published, Uri};
use serde::{Deserialize, Serialize};

use self::{
    facts::facts,
    filed::{headings, misfiled},
    paid::paid,
};
use crate::{
    boilerplate::boilerplate,
    no_room,
    render::{Form, Links, Templates, html_mail, kind_label},
    spelling,
    told::tidy,
    words::Words,
};

pub(crate) use self::facts::{Source, untold_facts};

/// What is known of the entries' articles, and of the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// What they say, headline and text, each in the version that its entry is from.
    pub texts: HashMap<ArticleId, String>,
    /// Where their stories can be read, and who carries them there: the entry's own article first.
    pub places: HashMap<ArticleId, Vec<(Uri, String)>>,
    /// In which language they are, where that is known.
    pub languages: HashMap<ArticleId, Language>,
    /// Those whose pages were not there (404, 410) when they were last asked for.
    pub gone: HashSet<ArticleId>,
    /// The editors' own day; `None` where that does not matter.
    pub today: Option<Day>,
    /// How many days before the edition's own none came out.
    pub rest_days: u32,
}

/// Gmail shows no more of a mail's HTML, in bytes; what it cuts off is the foot, by which readers leave.
const MAIL_MAX: usize = 102 * 1024;

/// What the links of the mail's foot take, in bytes: five of 200.
const FOOT_BYTES: usize = 1000;

/// A brief with fewer entries has probably lost its sources, not its news.
const FEW_ENTRIES: usize = 5;

/// The longest headline that fits three lines of a phone, in characters.
pub(crate) const HEADLINE_MAX: usize = 200;

/// An older entry is no news, in hours before the edition was compiled; after days without an edition their hours more.
const OLD_HOURS: i64 = 48;

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

/// Whether an edition may go out in spite of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Blocks approval until it is mended.
    Fault,
    /// Is shown; a person decides.
    Warning,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Fault => "fault",
            Self::Warning => "warning",
        })
    }
}

/// One thing that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it blocks approval.
    pub severity: Severity,
    /// The number of the entry that it is about; `None` where it is about the whole edition.
    pub entry: Option<usize>,
    /// What is wrong and what to do, in whole sentences.
    pub text: String,
    /// What was compared with the article and not found there: an editor may let that stand. All else has to be mended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
}

/// Something in an entry's words that its article does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Which check did not find it.
    pub check: Check,
    /// It, as the entry says it.
    pub said: String,
}

/// Looks an edition over. Faults come first, then warnings, each in the order of the entries.
///
/// What the desk wrote is compared with its article, as far as `sources` holds it: numbers, names and quotations must
/// occur there. An extract is the article's own and needs no comparison.
#[must_use]
pub fn preflight(edition: &Edition, sources: &Sources, templates: &Templates) -> Vec<Finding> {
    let entries: Vec<&Entry> = edition.entries().collect();
    let mut findings: Vec<Finding> = size(entries.len(), edition.left_out.len()).into_iter().collect();
    findings.extend(no_room::told(edition));
    findings.extend(dated(edition, sources));
    findings.extend(mail(edition, templates));
    findings.extend(headings(edition));
    findings.extend(misfiled(edition));
    for &entry in &entries {
        findings.extend(headline(entry));
        findings.extend(summary(entry));
        findings.extend(facts(entry, sources));
        findings.extend(link(entry, sources));
        findings.extend(credit(entry, sources));
        findings.extend(age(entry, edition, sources));
        findings.extend(gone(entry, sources));
        findings.extend(paid(entry));
    }
    findings.extend(repeated(
        edition,
        &entries,
        Severity::Fault,
        |entry| Some(entry.link.as_str().to_owned()),
        |first| format!("Has the same link as {first}. Remove one of the two."),
    ));
    findings.extend(repeated(
        edition,
        &entries,
        Severity::Fault,
        |entry| entry.story().map(|story| story.to_string()),
        |first| format!("Tells the same story as {first}. Remove one of the two."),
    ));
    findings.extend(
        spelling::variants(edition, &entries)
            .into_iter()
            .map(|(entry, text)| warning(entry, text)),
    );
    findings.extend(repeated(
        edition,
        &entries,
        Severity::Warning,
        |entry| Some(entry.headline.to_lowercase()),
        |first| format!("Has the same headline as {first}. If it is the same story, remove one of the two."),
    ));
    findings.sort_by_key(|finding| (finding.severity, finding.entry));
    findings
}

fn fault(entry: &Entry, text: impl Into<String>) -> Finding {
    Finding {
        severity: Severity::Fault,
        entry: Some(entry.number),
        text: text.into(),
        compared: None,
    }
}

fn warning(entry: &Entry, text: impl Into<String>) -> Finding {
    Finding {
        severity: Severity::Warning,
        ..fault(entry, text)
    }
}

/// Whether it has enough to tell. Where sections had no room for more, the sources did not fail.
fn size(entries: usize, left_out: usize) -> Option<Finding> {
    let (severity, text) = match entries {
        0 => (
            Severity::Fault,
            "The edition has no entries, so there is nothing to send. Check the sources: `reveille serve` compiles it anew until it has \
             some, and `reveille edition compile` at once."
                .to_owned(),
        ),
        few if few + left_out < FEW_ENTRIES => (
            Severity::Warning,
            format!("The edition is short: {few} of at least {FEW_ENTRIES} entries. Check whether sources fail."),
        ),
        _ => return None,
    };
    Some(Finding {
        severity,
        entry: None,
        text,
        compared: None,
    })
}

/// An edition is compiled on its day, or on the evening before.
fn dated(edition: &Edition, sources: &Sources) -> Option<Finding> {
    let today = sources
        .today
        .filter(|today| ![*today, today.tomorrow()].contains(&edition.day))?;
    let so = if edition.day == today.yesterday() {
        "only readers to the west, whose day that still is, get it in time. Everybody else waits for today's."
    } else {
        "readers would open an edition of another day. Compile today's instead."
    };
    Some(Finding {
        severity: Severity::Warning,
        entry: None,
        text: format!(
            "The masthead says {}, and today is {}: {so}",
            edition.day.long(),
            today.long()
        ),
        compared: None,
    })
}

/// Whether the mail can be made, and is read to its end.
fn mail(edition: &Edition, templates: &Templates) -> Option<Finding> {
    let fault = |text| Finding {
        severity: Severity::Fault,
        entry: None,
        text,
        compared: None,
    };
    let html = match html_mail(edition, &Links::default(), templates) {
        Ok(html) => html,
        Err(error) => {
            return Some(fault(format!(
                "The mail cannot be made: {error}. Mend the template."
            )));
        }
    };
    if !templates.label_paid(Form::Mail, edition) {
        let label = kind_label(EntryKind::Sponsored, Words::of(&edition.language)).unwrap_or_default();
        return Some(fault(format!(
            "The mail does not label all that was paid for as “{label}”. Mend the template: it must print `entry.marks`, and \
             `words.marks.sponsored` before `sponsor`."
        )));
    }
    let bytes = html.len() + FOOT_BYTES;
    (bytes > MAIL_MAX).then(|| {
        fault(format!(
            "The mail has {} KB. Gmail cuts it off at {} KB, and with it the link by which readers leave. Take out about \
             {} entries.",
            bytes / 1024,
            MAIL_MAX / 1024,
            edition.entries().count() * (bytes - MAIL_MAX) / bytes + 1
        ))
    })
}

/// An entry leads to its story. What stands nowhere on the web has the article's name in the link's place.
fn link(entry: &Entry, sources: &Sources) -> Option<Finding> {
    // What the desk wrote itself leads where it wants, or nowhere.
    let places = sources.places.get(&entry.article()?);
    let holds =
        |is: &dyn Fn(&Uri) -> bool| places.is_some_and(|places| places.iter().any(|(place, _)| is(place)));
    let link = &entry.link;
    if link.web().is_none() {
        return (!holds(&|place| place == link)).then(|| {
            fault(
                entry,
                format!("Nobody can follow “{link}”, which is no web address. Link the article's page, or remove the entry."),
            )
        });
    }
    (places.is_some() && !holds(&|place| place.host() == link.host())).then(|| {
        warning(
            entry,
            format!(
                "Leads to {}, where none of the story's articles stands. Check that it is the right page.",
                link.host()
            ),
        )
    })
}

/// The page that an entry links was looked for and not found. It may come back, so a person decides.
fn gone(entry: &Entry, sources: &Sources) -> Option<Finding> {
    sources.gone.contains(&entry.article()?).then(|| {
        warning(
            entry,
            "Its page was not there when it was last looked for. Link another copy, or remove the entry.",
        )
    })
}

fn headline(entry: &Entry) -> Option<Finding> {
    let headline = entry.headline.trim();
    let letters = headline.chars().filter(|c| c.is_alphabetic()).count();
    let chars = headline.chars().count();
    if !headline.contains(char::is_alphanumeric) {
        Some(fault(entry, "Has no headline. Write one, or remove the entry."))
    } else if chars > HEADLINE_MAX {
        Some(warning(
            entry,
            format!(
                "The headline has {chars} characters; {HEADLINE_MAX} is the most that reads well. Shorten it."
            ),
        ))
    } else if letters >= 12
        && headline.chars().any(char::is_uppercase)
        && !headline.chars().any(char::is_lowercase)
    {
        Some(warning(
            entry,
            "The headline is in capitals. Set it in sentence case.",
        ))
    } else {
        None
    }
}

fn summary(entry: &Entry) -> Option<Finding> {
    let summary = entry.summary.trim();
    if summary.is_empty() {
        // An appointment may say it all in its headline.
        if let (EntryKind::Appointment | EntryKind::Note, None) = (entry.kind, entry.article()) {
            return None;
        }
        return Some(warning(
            entry,
            "Has no line of its own: readers see headline, credit and link alone. Write one sentence for it at the desk, \
             or let it stand so.",
        ));
    }
    let looks_like = boilerplate(summary)?;
    Some(fault(
        entry,
        format!("The summary looks like {looks_like}, not like news. Replace it, or remove the entry."),
    ))
}

fn credit(entry: &Entry, sources: &Sources) -> Option<Finding> {
    let said = entry.credit.carrier.trim();
    if said.is_empty() {
        return Some(fault(
            entry,
            "Names nobody as its source. Enter the carrier's name.",
        ));
    }
    let places = sources.places.get(&entry.article()?)?;
    // Where the link leads to another copy, its carrier is the right one.
    let linked = |(place, _): &&(Uri, String)| place.host() == entry.link.host();
    let carrier = places
        .iter()
        .find(linked)
        .or(places.first())
        .map(|(_, carrier)| tidy(carrier))?;
    let is_right = places.iter().filter(linked).any(|(_, name)| tidy(name) == said) || carrier == said;
    (!is_right).then(|| {
        warning(
            entry,
            format!("Names “{said}” as its source, and what it links is carried by {carrier}. Check which is right."),
        )
    })
}

fn age(entry: &Entry, edition: &Edition, sources: &Sources) -> Option<Finding> {
    let published = entry.published.map(Published::latest)?;
    let hours = edition.compiled.since(published) / HOUR_MILLIS;
    (hours > OLD_HOURS + 24 * i64::from(sources.rest_days)).then(|| {
        warning(
            entry,
            format!(
                "Was published {hours} hours before the edition was compiled. Check that it is still news."
            ),
        )
    })
}

/// One finding for each entry whose key, where it has one, an earlier entry has.
fn repeated(
    edition: &Edition,
    entries: &[&Entry],
    severity: Severity,
    key: impl Fn(&Entry) -> Option<String>,
    text: impl Fn(&str) -> String,
) -> Vec<Finding> {
    let mut first = HashMap::new();
    let mut findings = Vec::new();
    for entry in entries {
        let Some(key) = key(entry) else { continue };
        let earlier = *first.entry(key).or_insert(entry.number);
        if earlier != entry.number {
            findings.push(Finding {
                severity,
                entry: Some(entry.number),
                text: text(&edition.name_of(earlier)),
                compared: None,
            });
        }
    }
    findings
}
