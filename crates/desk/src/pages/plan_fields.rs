//! The parts of a brief's plan that an editor changes field by field: what stands in the fields, and the plan that they
//! make.

use std::{collections::HashMap, fmt::Display, str::FromStr};

use reveille_brief::is_keyword;
use reveille_model::{Brief, Numbering, SectionPlan, UnknownState, Weekdays};

/// Fields that are saved together.
pub(super) struct Part {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) fields: Vec<Field>,
}

/// One line of the form.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: String,
    /// What is wrong with what was sent.
    pub(super) fault: Option<String>,
}

impl Part {
    pub(super) fn has_faults(&self) -> bool {
        self.fields.iter().any(|field| field.fault.is_some())
    }

    /// Whether it is one of the brief's sections.
    pub(super) fn is_section(&self) -> bool {
        self.id.starts_with(SECTION)
    }
}

/// What the ids of sections begin with; their place in the plan follows.
const SECTION: &str = "section-";

/// A key of a plan: how it is written into its field, and how it is read.
struct Key<T> {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    written: fn(&T) -> String,
    read: fn(&mut T, &str) -> Result<(), String>,
}

const DAYS: [Key<Brief>; 2] = [
    Key {
        name: "days",
        label: "Days of the week",
        hint: "Such as mon, tue, wed, thu, fri; empty for every day. An edition tells what is new since the last one.",
        written: |brief| match brief.days {
            Weekdays::ALL => String::new(),
            some => some.to_string(),
        },
        read: |brief, text| {
            let all = text.trim().is_empty().then_some(Ok(Weekdays::ALL));
            brief.days = all
                .unwrap_or_else(|| text.parse())
                .map_err(|error| error.to_string())?;
            Ok(())
        },
    },
    Key {
        name: "skip",
        label: "But not on",
        hint: "Holidays and the like, such as 2026-12-25, 2026-12-26.",
        written: |brief| listed(&brief.skip),
        read: |brief, text| {
            brief.skip = parsed(text)?;
            Ok(())
        },
    },
];

const DRAWN_ON: [Key<Brief>; 2] = [
    Key {
        name: "sources",
        label: "Sources",
        hint: "Names of carriers, parted by commas; empty for all.",
        written: |brief| listed(&brief.sources),
        read: |brief, text| {
            brief.sources = words(text);
            Ok(())
        },
    },
    Key {
        name: "languages",
        label: "Languages",
        hint: "Of articles, such as en, de; empty for all.",
        written: |brief| listed(&brief.languages),
        read: |brief, text| {
            brief.languages = parsed(text)?;
            Ok(())
        },
    },
];

const NUMBERED: [Key<Brief>; 2] = [
    Key {
        name: "top_numbering",
        label: "The first stories",
        hint: "continuous, own or none; empty for the same as the sections.",
        written: |brief| {
            brief
                .top_numbering
                .map_or(String::new(), |numbering| numbering.to_string())
        },
        read: |brief, text| {
            brief.top_numbering = numbering(text)?;
            Ok(())
        },
    },
    Key {
        name: "numbering",
        label: "The sections",
        hint: "continuous (they count on through all that do), own (each from 1) or none; a section may say otherwise.",
        written: |brief| brief.numbering.to_string(),
        read: |brief, text| {
            brief.numbering = numbering(text)?.unwrap_or_default();
            Ok(())
        },
    },
];

const RULES: [Key<SectionPlan>; 9] = [
    Key {
        name: "kind",
        label: "What it holds",
        hint: "standing for stories, opinion for commentary alone; sponsored and calendar are filled by hand: what was paid for, \
               and what the day brings.",
        written: |section| section.kind.to_string(),
        read: |section, text| {
            let kind = SectionPlan::section_kind(text.trim());
            section.kind = kind.map_err(|error| error.to_string())?;
            Ok(())
        },
    },
    Key {
        name: "numbering",
        label: "Numbering",
        hint: "continuous, own or none; empty for that of the brief, and for none in a calendar.",
        written: |section| {
            section
                .numbering
                .map_or(String::new(), |numbering| numbering.to_string())
        },
        read: |section, text| {
            section.numbering = numbering(text)?;
            Ok(())
        },
    },
    Key {
        name: "keywords",
        label: "Keywords",
        hint: "Words or phrases of headline and first paragraphs, parted by commas. *bank finds Notenbank, bank* finds \
               Bankenaufsicht.",
        written: |section| listed(&section.keywords),
        read: |section, text| {
            section.keywords = keywords(text)?;
            Ok(())
        },
    },
    Key {
        name: "topics",
        label: "Topics",
        hint: "That its source's feed or its page files it under, such as Defence, Verteidigung: each whole, in any case.",
        written: |section| listed(&section.topics),
        read: |section, text| {
            section.topics = words(text);
            Ok(())
        },
    },
    Key {
        name: "sources",
        label: "Sources",
        hint: "Names of those who carried or wrote it.",
        written: |section| listed(&section.sources),
        read: |section, text| {
            section.sources = words(text);
            Ok(())
        },
    },
    Key {
        name: "places",
        label: "Places",
        hint: "That its dateline, headline or first paragraph names.",
        written: |section| listed(&section.places),
        read: |section, text| {
            section.places = keywords(text)?;
            Ok(())
        },
    },
    Key {
        name: "languages",
        label: "Languages",
        hint: "In which it is written, such as en, de.",
        written: |section| listed(&section.languages),
        read: |section, text| {
            section.languages = parsed(text)?;
            Ok(())
        },
    },
    Key {
        name: "kinds",
        label: "Kinds",
        hint: "news, opinion, analysis, live, gallery, video, correction, or stub for what stands before a paywall.",
        written: |section| listed(&section.kinds),
        read: |section, text| {
            let kinds = split(text).map(SectionPlan::kind);
            section.kinds = kinds
                .collect::<Result<_, _>>()
                .map_err(|error| error.to_string())?;
            Ok(())
        },
    },
    Key {
        name: "limit",
        label: "Entries at most",
        hint: "The checks of an edition name the stories that find no room.",
        written: |section| section.limit.to_string(),
        read: |section, text| {
            let limit = text.trim().parse();
            section.limit = limit.map_err(|_| format!("“{text}” is not a whole number."))?;
            Ok(())
        },
    },
];

/// All parts of a plan.
pub(super) fn parts(brief: &Brief) -> Vec<Part> {
    let part = |id: &str, heading: &str, fields| Part {
        id: id.to_owned(),
        heading: heading.to_owned(),
        fields,
    };
    let mut parts = vec![
        part("days", "When it comes out", fields(&DAYS, brief)),
        part("sources", "What it draws on", fields(&DRAWN_ON, brief)),
        part("numbers", "How entries are numbered", fields(&NUMBERED, brief)),
    ];
    let sections = brief.sections.iter().enumerate();
    parts.extend(
        sections.map(|(at, section)| part(&format!("{SECTION}{at}"), &section.name, fields(&RULES, section))),
    );
    parts
}

/// Takes what was sent for one part into the plan. `None`: the plan has no such part. Where a field cannot be read, the part
/// is given back as it was sent, with what is wrong.
pub(super) fn take(brief: &mut Brief, id: &str, sent: &HashMap<String, String>) -> Option<Result<(), Part>> {
    let place = parts(brief).into_iter().find(|part| part.id == id)?;
    if sent.get("heading") != Some(&place.heading) {
        return None;
    }
    let read = match id.strip_prefix(SECTION) {
        Some(at) => read(&RULES, brief.sections.get_mut(at.parse::<usize>().ok()?)?, sent),
        None if id == "days" => read(&DAYS, brief, sent),
        None if id == "numbers" => read(&NUMBERED, brief, sent),
        None => read(&DRAWN_ON, brief, sent),
    };
    Some(read.map_err(|fields| Part { fields, ..place }))
}

fn fields<T>(keys: &[Key<T>], of: &T) -> Vec<Field> {
    let field = |key: &Key<T>| field(key, (key.written)(of), None);
    keys.iter().map(field).collect()
}

fn field<T>(key: &Key<T>, value: String, fault: Option<String>) -> Field {
    Field {
        name: key.name,
        label: key.label,
        hint: key.hint,
        value,
        fault,
    }
}

fn read<T>(keys: &[Key<T>], into: &mut T, sent: &HashMap<String, String>) -> Result<(), Vec<Field>> {
    let mut fields = Vec::new();
    for key in keys {
        let text = sent.get(key.name).cloned();
        let text = text.unwrap_or_else(|| (key.written)(into));
        let fault = (key.read)(into, &text).err();
        fields.push(field(key, text, fault));
    }
    let is_sound = fields.iter().all(|field| field.fault.is_none());
    if is_sound { Ok(()) } else { Err(fields) }
}

/// What is meant by an empty field, the plan says.
fn numbering(text: &str) -> Result<Option<Numbering>, String> {
    let word = Some(text.trim()).filter(|word| !word.is_empty());
    let read = word.map(|word| word.parse().map_err(|error: UnknownState| error.to_string()));
    read.transpose()
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn words(text: &str) -> Vec<String> {
    split(text).map(str::to_owned).collect()
}

fn keywords(text: &str) -> Result<Vec<String>, String> {
    match split(text).find(|word| !is_keyword(word)) {
        Some(wordless) => Err(format!("“{wordless}” has no word in it.")),
        None => Ok(words(text)),
    }
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<Vec<T>, String> {
    let parsed = split(text).map(|word| word.parse().map_err(|error: T::Err| error.to_string()));
    parsed.collect()
}

fn listed(words: &[impl Display]) -> String {
    words
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
