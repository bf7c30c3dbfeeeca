//! Credit lines at the foot that only the producing agency writes.

use super::{alone, opening_agency, unlisted};
use crate::{
    origin::{agencies, lines::republished::outlet, wires},
    text::{self, AnyOf},
};

/// A longer line is no credit, in bytes.
const LONGEST: usize = 500;

/// How Reuters credits its reporters in the languages it writes in, and in the same order its editors.
const REPORTING: &[&str] = &[
    "reporting by ",
    "reportage ",
    "reporte de ",
    "reporte por ",
    "bericht von ",
    "reportagem de ",
    "our standards:",
];
const EDITING: &[&str] = &[
    "editing by ",
    "édité par ",
    "editado ",
    "editado ",
    "redigiert von ",
    "edição de ",
    "thomson reuters trust principles",
];

/// Words before a colon behind which the source stands, in lower case.
const SOURCE: &[&str] = &[
    "source",
    "quelle",
    "fuente",
    "fonte",
    "bron",
    "kilde",
    "källa",
    "lähde",
    "źródło",
    "zdroj",
    "forrás",
    "sursa",
    "izvor",
    "vir",
    "kaynak",
    "джерело",
    "источник",
    "来源",
    "來源",
    "출처",
];

/// What those call themselves who describe themselves below what they wrote, in lower case.
const NEWSROOMS: &[&str] = &[
    "newsroom",
    "news organization",
    "news service",
    "news agency",
    "news outlet",
];

/// Who wrote the article, by a line at its foot.
pub(super) fn writer<'l>(line: &'l str, lower: &str) -> Option<&'l str> {
    if line.len() > LONGEST {
        return None;
    }
    if let Some(name) = by_house_style(lower) {
        return Some(name);
    }
    if let Some(source) = source(line) {
        let name = source.trim().trim_end_matches('.');
        return agencies::by_mark(name)
            .map(|agency| agency.name)
            .or_else(|| wires::named(name, true));
    }
    if let Some(holder) = rights_holder(line) {
        return of_rights(holder, lower);
    }
    first_published(line, lower)
        .or_else(|| self_described(line, lower))
        .or_else(|| alone::whole(line))
}

/// Credits in a form that one house alone uses.
fn by_house_style(lower: &str) -> Option<&'static str> {
    static REPORTED: AnyOf = AnyOf::of(REPORTING);
    static INFOCOM: AnyOf = AnyOf::of(&["dpa-infocom"]);
    let credits =
        |(reporting, editing): (&&str, &&str)| lower.contains(*reporting) && lower.contains(*editing);
    if REPORTED.stands_in(lower) && REPORTING.iter().zip(EDITING).any(credits) {
        Some("Reuters")
    } else if lower.starts_with("dpa:") || INFOCOM.stands_in(lower) {
        Some("dpa")
    } else if lower.starts_with("--with assistance from ") {
        Some("Bloomberg")
    } else {
        None
    }
}

/// What stands behind "Source:".
fn source(line: &str) -> Option<&str> {
    const LONGEST: usize = 90;
    if line.len() > LONGEST {
        return None;
    }
    let (label, name) = line.split_once([':', '：'])?;
    (name.len() < 60 && SOURCE.contains(&label.trim().to_lowercase().as_str())).then_some(name)
}

/// Who holds the rights and so wrote the text: an agency, or the paper whose text an agency only distributes.
fn of_rights<'l>(holder: &'l str, lower: &str) -> Option<&'l str> {
    if lower.contains("distributed by ") {
        let paper = holder
            .split(". ")
            .next()
            .map(str::trim)
            .filter(|name| name.len() < 60);
        return opening_agency(holder).or(paper);
    }
    // Papers are published by presses too; only agencies forbid to redistribute.
    let forbids = lower.contains("redistributed") || lower.contains("rewritten");
    opening_agency(holder).or_else(|| {
        unlisted(holder, forbids)
            .next()
            .filter(|name| holder.starts_with(name))
    })
}

/// "This report by The Canadian Press was first published March 3, 2026."
fn first_published<'l>(line: &'l str, lower: &str) -> Option<&'l str> {
    const OPENING: &str = "this report by ";
    lower.starts_with(OPENING).then_some(())?;
    let end = lower.find(" was first published")?;
    super::agency_of(line.get(OPENING.len()..end)?)
}

/// "KFF Health News is a national newsroom that …", "Example Reformer is part of States Newsroom, a network …".
fn self_described<'l>(line: &'l str, lower: &str) -> Option<&'l str> {
    static ANY: AnyOf = AnyOf::of(NEWSROOMS);
    if !ANY.stands_in(lower) {
        return None;
    }
    if let Some(at) = lower.find(" is part of states newsroom") {
        return Some(outlet(&line[..at]))
            .filter(|name| !name.is_empty())
            .and(line.get(..at));
    }
    let (_, rest) = lower.split_once(" is a ")?;
    let clause = text::excerpt(rest, 80);
    NEWSROOMS
        .iter()
        .any(|word| clause.contains(word))
        .then(|| opening_agency(line))
        .flatten()
}

/// What stands behind "Copyright 2026" or "©" at the start of a line. Credits of pictures name a photographer beside
/// the agency, or stand at a caption's end, and say nothing of the text.
fn rights_holder(line: &str) -> Option<&str> {
    const OF_PICTURES: &[&str] = &["/", "|", "Foto", "Photo", "Bild", "Image", "Getty", "alliance"];
    const MARKS: &[&str] = &[
        "Riproduzione riservata",
        "The-CNN-Wire™ &",
        "Copyright",
        "COPYRIGHT",
        "copyright",
        "©",
        "(c)",
        "(C)",
        "c)",
        "C)",
        "c.",
    ];
    let mut rest = line.trim_start_matches('(');
    let mut marked = false;
    loop {
        let before = rest;
        rest = rest.trim_start_matches([' ', ',', ':', '.']);
        if let Some(after) = MARKS.iter().find_map(|mark| rest.strip_prefix(mark)) {
            marked = true;
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || " ,-–.".contains(c));
        }
        for word in ["by ", "The ", "the "] {
            rest = rest.strip_prefix(word).unwrap_or(rest);
        }
        if rest.len() == before.len() {
            break;
        }
    }
    let head = text::excerpt(rest, 60);
    (marked && !OF_PICTURES.iter().any(|mark| head.contains(mark))).then_some(rest)
}
