//! The sections of a brief's plan, each as fields: what they hold, which stories they take, and the plan that they make.

use reveille_brief::is_keyword;
use reveille_model::{Brief, Numbering, SectionKind, SectionPlan};

use super::plan_fields::{self, Field, Form, Key, Part, languages, listed, numbering, split, words};

/// What the ids of sections begin with; their place in the plan follows.
pub(super) const SECTION: &str = "section-";
/// The id of the form that adds one.
pub(super) const NEW: &str = "new";

const CHOOSE: &str = "Choose one of these.";

/// What a section may hold, in words. Those of events open by themselves, and stand in no plan.
const KINDS: [(&str, &str); 4] = [
    ("standing", "Stories"),
    ("opinion", "Commentary"),
    ("calendar", "Calendar of the day"),
    ("sponsored", "Paid for"),
];

const RULES: [Key<SectionPlan>; 10] = [
    Key {
        name: "name",
        label: "Heading",
        hint: "What stands above its entries. Editions that are made keep the one they have.",
        choices: &[],
        written: |section| section.name.clone(),
        read: |section, text| {
            section.name = one_line(text);
            match section.name.as_str() {
                "" => Err("Type what is to stand above its entries.".to_owned()),
                _ => Ok(()),
            }
        },
    },
    Key {
        name: "kind",
        label: "What it holds",
        hint: "Stories and commentary are filed by the rules below; a section for commentary takes nothing else. What is paid for, \
               always labelled so, and what the day brings, in order of time, editors write themselves.",
        choices: &KINDS,
        written: |section| section.kind.to_string(),
        read: |section, text| {
            let kind = SectionPlan::section_kind(text.trim());
            section.kind = kind.map_err(|_| CHOOSE.to_owned())?;
            Ok(())
        },
    },
    Key {
        name: "numbering",
        label: "Numbering",
        hint: "What counts through the edition tells one entry from all others, so that readers can quote it. By itself a calendar has no \
               numbers.",
        choices: &[
            ("", "As the brief does"),
            ("continuous", "Counted through the edition"),
            ("own", "Counted from 1 in this section"),
            ("none", "Without numbers"),
        ],
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
        hint: "Words or phrases of headline and first paragraphs, parted by commas or lines: air force, strike. Usual endings are found, too; \
               *bank finds Notenbank, bank* finds Bankenaufsicht.",
        choices: &[],
        written: |section| listed(&section.keywords),
        read: |section, text| {
            section.keywords = keywords(text)?;
            Ok(())
        },
    },
    Key {
        name: "topics",
        label: "Topics",
        hint: "What its source's feed or its page files it under, such as Defence, Verteidigung: each whole, in any case.",
        choices: &[],
        written: |section| listed(&section.topics),
        read: |section, text| {
            section.topics = words(text);
            Ok(())
        },
    },
    Key {
        name: "sources",
        label: "Sources",
        hint: "Names of those who carried or wrote it, as on the page of sources, parted by commas.",
        choices: &[],
        written: |section| listed(&section.sources),
        read: |section, text| {
            section.sources = words(text);
            Ok(())
        },
    },
    Key {
        name: "places",
        label: "Places",
        hint: "What its dateline, headline or first paragraph names, such as Kyiv, Baltic Sea.",
        choices: &[],
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
        choices: &[],
        written: |section| listed(&section.languages),
        read: |section, text| {
            section.languages = languages(text)?;
            Ok(())
        },
    },
    Key {
        name: "kinds",
        label: "Kinds of article",
        hint: "news, opinion, analysis, live, gallery, video, correction, or stub for what stands before a paywall.",
        choices: &[],
        written: |section| listed(&section.kinds),
        read: |section, text| {
            let kinds = split(text).map(SectionPlan::kind);
            let kinds = kinds.collect::<Result<_, _>>();
            section.kinds = kinds.map_err(|error| error.to_string())?;
            Ok(())
        },
    },
    Key {
        name: "limit",
        label: "Entries at most",
        hint: "The checks of an edition name the stories that find no room.",
        choices: &[],
        written: |section| section.limit.to_string(),
        read: |section, text| {
            let limit = text.trim().parse();
            section.limit =
                limit.map_err(|_| format!("“{text}” is not a whole number. Type one, such as 8."))?;
            Ok(())
        },
    },
];

fn keywords(text: &str) -> Result<Vec<String>, String> {
    match split(text).find(|word| !is_keyword(word)) {
        Some(wordless) => Err(format!(
            "“{wordless}” has no word in it. Type at least one letter, or take it out."
        )),
        None => Ok(words(text)),
    }
}

/// Each section of a plan.
pub(super) fn sections(brief: &Brief) -> Vec<Part> {
    let sections = brief.sections.iter().enumerate();
    sections
        .map(|(at, section)| part(at, section, plan_fields::fields(&RULES, section)))
        .collect()
}

fn part(at: usize, section: &SectionPlan, fields: Vec<Field>) -> Part {
    Part {
        id: format!("{SECTION}{at}"),
        heading: section.name.clone(),
        says: in_a_line(section),
        fields,
        trouble: None,
    }
}

/// The form by which one is added, as yet empty.
pub(super) fn blank(brief: &Brief) -> Part {
    to_be_added(brief, plan_fields::fields(&RULES, &SectionPlan::default()))
}

fn to_be_added(brief: &Brief, mut fields: Vec<Field>) -> Part {
    fields.insert(1, stands(brief));
    Part {
        id: NEW.to_owned(),
        heading: "Add a section".to_owned(),
        says: String::new(),
        fields,
        trouble: None,
    }
}

/// Before which section a new one is to stand.
fn stands(brief: &Brief) -> Field {
    let before = |section: &SectionPlan| (section.name.clone(), format!("Before {}", section.name));
    let last = [(String::new(), "At the end".to_owned())];
    Field {
        name: "before",
        label: "Place",
        hint: "The first stories stand before all sections.",
        value: String::new(),
        choices: last
            .into_iter()
            .chain(brief.sections.iter().map(before))
            .collect(),
        fault: None,
    }
}

/// Where in a plan the section is that a form was made for: sections may have moved since.
pub(super) fn place(brief: &Brief, sent: &Form) -> Option<usize> {
    let heading = sent.get("heading")?;
    let is_it = |section: &SectionPlan| section.name == *heading;
    let at = sent
        .get("part")
        .and_then(|id| id.strip_prefix(SECTION)?.parse().ok());
    let there = at.filter(|at| brief.sections.get(*at).is_some_and(is_it));
    there.or_else(|| brief.sections.iter().position(is_it))
}

/// Where in the page the section stands that was just added.
pub(super) fn place_of_new(plan: &Brief, part: &Part) -> String {
    let typed = part.fields.iter().find(|field| field.name == "name");
    let name = typed.map(|field| one_line(&field.value));
    let at = plan
        .sections
        .iter()
        .position(|section| Some(&section.name) == name.as_ref());
    at.map_or_else(|| NEW.to_owned(), |at| format!("{SECTION}{at}"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes what was sent for a section into the plan, and gives it back as it was sent, with what is wrong. What was typed for one
/// that is gone stands in the form that adds one.
pub(super) fn change(brief: &mut Brief, sent: &Form) -> Part {
    let Some(at) = place(brief, sent) else {
        let gone = sent.get("heading").map_or("It", String::as_str);
        let fields = plan_fields::read(&RULES, &mut SectionPlan::default(), sent);
        return Part {
            trouble: Some(format!(
                "“{gone}” was removed or renamed meanwhile. What you typed stands here: save it as a new section, or leave it."
            )),
            ..to_be_added(brief, fields)
        };
    };
    let before = brief.sections[at].clone();
    let mut fields = plan_fields::read(&RULES, &mut brief.sections[at], sent);
    refuse_taken_name(brief, at, &mut fields);
    part(at, &before, fields)
}

/// Adds a section to the plan, where it was asked for, and gives back what was sent, with what is wrong.
pub(super) fn add(brief: &mut Brief, sent: &Form) -> Part {
    let mut section = SectionPlan::default();
    let mut form = to_be_added(brief, plan_fields::read(&RULES, &mut section, sent));
    let before = sent.get("before").cloned().unwrap_or_default();
    let at = match before.as_str() {
        "" => Some(brief.sections.len()),
        name => brief.sections.iter().position(|other| other.name == name),
    };
    let place = &mut form.fields[1];
    if at.is_none() {
        place.fault = Some(format!("There is no section “{before}” any more. {CHOOSE}"));
    }
    place.value = before;
    let at = at.unwrap_or(brief.sections.len());
    brief.sections.insert(at, section);
    refuse_taken_name(brief, at, &mut form.fields);
    form
}

/// Forms, and editors, tell sections by their names.
fn refuse_taken_name(brief: &Brief, at: usize, fields: &mut [Field]) {
    let name = &brief.sections[at].name;
    let mut others = brief
        .sections
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != at);
    if others.any(|(_, section)| section.name == *name)
        && let Some(field) = fields.iter_mut().find(|field| field.name == "name")
    {
        field.fault.get_or_insert(format!(
            "Another section is called “{name}”. Call this one otherwise."
        ));
    }
}

/// What a section takes and how it is numbered, in a line: "Commentary · keywords bank, strike · 8 at most".
pub(super) fn in_a_line(section: &SectionPlan) -> String {
    let kinds = KINDS.iter().find(|(kind, _)| *kind == section.kind.as_str());
    let mut said = vec![kinds.map_or_else(|| section.kind.to_string(), |(_, words)| (*words).to_owned())];
    if section.takes_stories() {
        let rules = [
            ("keywords", listed(&section.keywords)),
            ("topics", listed(&section.topics)),
            ("sources", listed(&section.sources)),
            ("places", listed(&section.places)),
            ("languages", listed(&section.languages)),
            ("kinds", listed(&section.kinds)),
        ];
        let stated = rules.iter().filter(|(_, words)| !words.is_empty());
        let stated: Vec<String> = stated.map(|(rule, words)| format!("{rule} {words}")).collect();
        if stated.is_empty() && section.kind == SectionKind::Standing {
            said.push("what no other section takes".to_owned());
        }
        said.extend(stated);
    }
    said.extend(section.numbering.map(|numbering| match numbering {
        Numbering::Continuous => "counted through the edition".to_owned(),
        Numbering::Own => "counted from 1".to_owned(),
        Numbering::None => "without numbers".to_owned(),
    }));
    said.push(format!("{} at most", section.limit));
    said.join(" · ")
}
