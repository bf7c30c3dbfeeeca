//! The parts of a brief's plan that an editor changes field by field: what stands in the fields, and the plan that they
//! make.

use std::{collections::HashMap, fmt::Display, str::FromStr};

use reveille_model::{Brief, Language, Numbering, TimeError, TooLate, Weekdays};

use super::section_fields;

/// What a form of the page sent, by the names of its fields.
pub(super) type Form = HashMap<String, String>;

/// Fields that are saved together.
pub(super) struct Part {
    /// In the page: `days`, `section-0` and so on, or `new`.
    pub(super) id: String,
    pub(super) heading: String,
    /// What the plan says there, in a line.
    pub(super) says: String,
    pub(super) fields: Vec<Field>,
    /// Why all of it cannot be saved.
    pub(super) trouble: Option<String>,
}

/// One line of the form.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: String,
    /// What can be chosen: the value, and words for it. A text is typed where there is nothing to choose from.
    pub(super) choices: Vec<(String, String)>,
    /// What is wrong with what was sent.
    pub(super) fault: Option<String>,
}

impl Part {
    pub(super) fn has_faults(&self) -> bool {
        self.trouble.is_some() || self.fields.iter().any(|field| field.fault.is_some())
    }

    /// What a field is called within the page.
    pub(super) fn id_of(&self, field: &Field) -> String {
        format!("{}-{}", self.id, field.name)
    }
}

impl Field {
    /// What stands beside it for those who do not see the page, as attributes.
    pub(super) fn described(&self, id: &str) -> String {
        match self.fault {
            Some(_) => format!(r#" aria-invalid="true" aria-describedby="{id}-fault {id}-hint""#),
            None => format!(r#" aria-describedby="{id}-hint""#),
        }
    }
}

/// A key of a plan: how it is written into its field, and how it is read.
pub(super) struct Key<T> {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// What can be chosen: the value, and words for it.
    pub(super) choices: &'static [(&'static str, &'static str)],
    pub(super) written: fn(&T) -> String,
    pub(super) read: fn(&mut T, &str) -> Result<(), String>,
}

/// How entries may be numbered, in words.
const NUMBERINGS: [(&str, &str); 3] = [
    ("continuous", "Counted through the edition"),
    ("own", "Counted from 1 in each section"),
    ("none", "Without numbers"),
];

const DAYS: [Key<Brief>; 3] = [
    Key {
        name: "days",
        label: "Days of the week",
        hint: "Such as mon, tue, wed, thu, fri; empty for every day. An edition tells what is new since the last one.",
        choices: &[],
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
        choices: &[],
        written: |brief| listed(&brief.skip),
        read: |brief, text| {
            brief.skip = parsed(text)?;
            Ok(())
        },
    },
    Key {
        name: "too_late",
        label: "Too late from",
        hint: "The hour on readers' own clock from which on an edition is not mailed to them any more: 00:00 is the end of its \
               day. Or never: it is mailed on their next morning.",
        choices: &[],
        written: |brief| brief.too_late.to_string(),
        read: |brief, text| {
            brief.too_late = text
                .trim()
                .parse()
                .map_err(|error: TimeError| error.to_string())?;
            Ok(())
        },
    },
];

const DRAWN_ON: [Key<Brief>; 2] = [
    Key {
        name: "sources",
        label: "Sources",
        hint: "Names of carriers as on the page of sources, parted by commas; empty for all.",
        choices: &[],
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
        choices: &[],
        written: |brief| listed(&brief.languages),
        read: |brief, text| {
            brief.languages = languages(text)?;
            Ok(())
        },
    },
];

const NUMBERED: [Key<Brief>; 2] = [
    Key {
        name: "top_numbering",
        label: "The first stories",
        hint: "Those that stand first, before the sections.",
        choices: &[
            ("", "As the sections"),
            NUMBERINGS[0],
            ("own", "Counted from 1"),
            NUMBERINGS[2],
        ],
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
        hint: "What counts through the edition tells one entry from all others, so that readers can quote it. A section may say \
               otherwise.",
        choices: &NUMBERINGS,
        written: |brief| brief.numbering.to_string(),
        read: |brief, text| {
            brief.numbering = numbering(text)?.unwrap_or_default();
            Ok(())
        },
    },
];

/// The parts of a plan that are not its sections.
pub(super) fn parts(brief: &Brief) -> Vec<Part> {
    let part = |id: &str, heading: &str, says, fields| Part {
        id: id.to_owned(),
        heading: heading.to_owned(),
        says,
        fields,
        trouble: None,
    };
    vec![
        part("days", "When it comes out", days(brief), fields(&DAYS, brief)),
        part(
            "sources",
            "What it draws on",
            drawn_on(brief),
            fields(&DRAWN_ON, brief),
        ),
        part(
            "numbers",
            "How entries are numbered",
            numbered(brief),
            fields(&NUMBERED, brief),
        ),
    ]
}

fn days(brief: &Brief) -> String {
    let days = match brief.days {
        Weekdays::ALL => "Every day".to_owned(),
        some => format!("On {some}"),
    };
    let days = match brief.skip.as_slice() {
        [] => days,
        skip => format!("{days}, but not on {}", listed(skip)),
    };
    match &brief.too_late {
        usual if usual.is_usual() => days,
        TooLate::At(hour) => format!("{days} · too late from {hour}"),
        TooLate::Never => format!("{days} · never too late"),
    }
}

fn drawn_on(brief: &Brief) -> String {
    let sources = match brief.sources.as_slice() {
        [] => "All sources".to_owned(),
        some => format!("Sources {}", listed(some)),
    };
    match brief.languages.as_slice() {
        [] => format!("{sources} · all languages"),
        some => format!("{sources} · languages {}", listed(some)),
    }
}

fn numbered(brief: &Brief) -> String {
    let chosen = |key: &Key<Brief>| {
        let value = (key.written)(brief);
        let found = key.choices.iter().find(|(choice, _)| *choice == value);
        found.map_or("", |(_, words)| words)
    };
    let [first, sections] = NUMBERED.each_ref().map(chosen);
    match brief.top_numbering {
        None => sections.to_owned(),
        Some(_) => format!("{sections} · first stories: {}", first.to_lowercase()),
    }
}

/// Takes what was sent for one part into the plan, and gives that part back as it was sent, with what is wrong. `None`: no plan
/// has such a part.
pub(super) fn take(brief: &mut Brief, sent: &Form) -> Option<Part> {
    let id = sent.get("part").map_or("", String::as_str);
    if id == section_fields::NEW {
        return Some(section_fields::add(brief, sent));
    }
    if id.starts_with(section_fields::SECTION) {
        return Some(section_fields::change(brief, sent));
    }
    let place = parts(brief).into_iter().find(|part| part.id == id)?;
    let fields = match id {
        "days" => read(&DAYS, brief, sent),
        "numbers" => read(&NUMBERED, brief, sent),
        _ => read(&DRAWN_ON, brief, sent),
    };
    Some(Part { fields, ..place })
}

/// The fields of these keys, as the plan has them.
pub(super) fn fields<T>(keys: &[Key<T>], of: &T) -> Vec<Field> {
    let field = |key: &Key<T>| field(key, (key.written)(of), None);
    keys.iter().map(field).collect()
}

fn field<T>(key: &Key<T>, value: String, fault: Option<String>) -> Field {
    let choices = key.choices.iter();
    Field {
        name: key.name,
        label: key.label,
        hint: key.hint,
        value,
        choices: choices
            .map(|(value, words)| ((*value).to_owned(), (*words).to_owned()))
            .collect(),
        fault,
    }
}

/// Takes what was sent into the plan as far as it can be read. The fields are given back as they were sent.
pub(super) fn read<T>(keys: &[Key<T>], into: &mut T, sent: &Form) -> Vec<Field> {
    let mut fields = Vec::new();
    for key in keys {
        let text = sent.get(key.name).cloned();
        let text = text.unwrap_or_else(|| (key.written)(into));
        let fault = (key.read)(into, &text).err();
        fields.push(field(key, text, fault));
    }
    fields
}

/// What is meant by an empty field, the plan says.
pub(super) fn numbering(text: &str) -> Result<Option<Numbering>, String> {
    let word = Some(text.trim()).filter(|word| !word.is_empty());
    let read = word.map(|word| word.parse().map_err(|_| "Choose one of these.".to_owned()));
    read.transpose()
}

pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

pub(super) fn words(text: &str) -> Vec<String> {
    split(text).map(str::to_owned).collect()
}

pub(super) fn languages(text: &str) -> Result<Vec<Language>, String> {
    let read = |word: &str| {
        let none = |_| format!("“{word}” is not the code of a language. Type codes, such as en, de.");
        word.parse().map_err(none)
    };
    split(text).map(read).collect()
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<Vec<T>, String> {
    let parsed = split(text).map(|word| word.parse().map_err(|error: T::Err| error.to_string()));
    parsed.collect()
}

pub(super) fn listed(words: &[impl Display]) -> String {
    words
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
