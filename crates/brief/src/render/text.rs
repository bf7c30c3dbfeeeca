//! An edition in plain text, as the printed morning index had it.

use reveille_model::{Edition, Entry, Uri};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Links, also_by, also_in, changes, corrected, corrections, date, greeting, headline, in_contents, length,
    marks, sponsored,
};
use crate::words::{Words, fill};

/// Columns of the text form. A longer word, such as a link, stands on a line of its own.
pub const WIDTH: usize = 72;

/// The edition as plain text for a terminal, 72 columns wide, lines ending in `\n`.
#[must_use]
pub fn text(edition: &Edition) -> String {
    set(edition, None, &HANGING)
}

/// The edition as the text of one reader's mail: 72 columns wide, for `format=flowed; delsp=no` (RFC 3676), so that a narrow
/// window breaks its lines anew. A line that goes on in the next one ends in a space; stuffing is left to whoever writes
/// the message. Each entry's link carries the entry's number.
#[must_use]
pub fn text_mail(edition: &Edition, links: &Links) -> String {
    let mut out = set(edition, Some(links), &FLOWED);
    push_foot(&mut out, edition, links);
    out
}

/// The text of a mail that tells one reader what an entry had wrong, as it stands now with its notices; set as
/// [`text_mail`] is.
#[must_use]
pub fn correction(edition: &Edition, entry: &Entry, links: &Links) -> String {
    let words = Words::of(&edition.language);
    let mail = &words.mail;
    let openings = (&*mail.correction_opening, &*mail.correction_opening_headline);
    let mut out = opening(openings, edition, entry);
    let number = edition.printed_number(entry.key());
    push_entry(&mut out, (number, entry), None, words, &FLOWED);
    push_foot(&mut out, edition, links);
    out
}

/// The same of an entry that no longer stands: its headline, by which readers know it, and what was said of it, without the
/// words that were taken back.
#[must_use]
pub fn withdrawal(edition: &Edition, entry: &Entry, said: &str, links: &Links) -> String {
    let words = Words::of(&edition.language);
    let mail = &words.mail;
    let openings = (&*mail.withdrawal_opening, &*mail.withdrawal_opening_headline);
    let mut out = opening(openings, edition, entry);
    let number = if edition.is_quotable(entry.number) {
        format!("{}. ", entry.number)
    } else {
        String::new()
    };
    push_wrapped(&mut out, &entry.headline, &number, &FLOWED);
    push_wrapped(
        &mut out,
        &format!("{} {said}", words.edition.correction),
        "",
        &FLOWED,
    );
    push_foot(&mut out, edition, links);
    out
}

/// The paragraph with which such a mail begins: in the first words where a number tells the entry.
fn opening((by_number, by_headline): (&str, &str), edition: &Edition, entry: &Entry) -> String {
    let words = match edition.is_quotable(entry.number) {
        true => by_number,
        false => by_headline,
    };
    let date = Words::of(&edition.language).dates.long(&edition.day);
    let number = entry.number.to_string();
    let mut out = String::new();
    push_wrapped(
        &mut out,
        &fill(words, &[("date", &date), ("number", &number)]),
        "",
        &FLOWED,
    );
    out.push('\n');
    out
}

/// How paragraphs are set.
struct Setting {
    /// What stands before the lines of an entry, beside its number.
    indent: &'static str,
    /// Whether a paragraph is one line to whoever reads `format=flowed`; it has no indent then.
    flows: bool,
}

const HANGING: Setting = Setting {
    indent: "    ",
    flows: false,
};
const FLOWED: Setting = Setting {
    indent: "",
    flows: true,
};
/// Of what stands beside no number.
const PLAIN: Setting = Setting {
    indent: "",
    flows: false,
};

fn set(edition: &Edition, links: Option<&Links>, setting: &Setting) -> String {
    let mut out = String::new();
    let words = Words::of(&edition.language);
    let contents: Vec<String> = edition.sections.iter().map(in_contents).collect();
    push_wrapped(&mut out, &edition.name.to_uppercase(), "", &PLAIN);
    push_wrapped(&mut out, &date(edition, words), "", &PLAIN);
    push_wrapped(&mut out, &length::line(edition), "", &PLAIN);
    if contents.len() > 1 {
        let plain = Setting {
            indent: "",
            ..*setting
        };
        push_wrapped(&mut out, &contents.join(" · "), "", &plain);
    }
    push_plain(&mut out, greeting(edition), setting);
    // Whoever has the edition by mail had it before.
    let changes = if links.is_none() {
        changes(edition)
    } else {
        Vec::new()
    };
    for change in changes {
        out.push('\n');
        push_wrapped(&mut out, &change.to_string(), "", &PLAIN);
    }
    let mut sponsor = edition.front.sponsor.as_ref();
    for section in &edition.sections {
        push_heading(&mut out, &section.name);
        for numbered in section.numbered() {
            out.push('\n');
            push_entry(&mut out, numbered, links, words, setting);
        }
        if let Some(sponsor) = sponsor.take() {
            push_plain(&mut out, [sponsored(sponsor, words)], setting);
            let link = sponsor.link.as_ref().and_then(Uri::web);
            out.extend(link.map(|link| format!("{link}\n")));
        }
    }
    if !edition.corrections.is_empty() {
        push_heading(&mut out, &words.edition.corrections);
    }
    let corrections = edition.corrections.iter();
    push_plain(
        &mut out,
        corrections.map(|correction| corrected(correction, words)),
        setting,
    );
    push_plain(&mut out, edition.front.notes.iter().cloned(), setting);
    out
}

/// Paragraphs that stand beside no number.
fn push_plain(out: &mut String, texts: impl IntoIterator<Item = String>, setting: &Setting) {
    for text in texts {
        out.push('\n');
        push_wrapped(
            out,
            &text,
            "",
            &Setting {
                indent: "",
                ..*setting
            },
        );
    }
}

fn push_heading(out: &mut String, name: &str) {
    let heading = name.to_uppercase();
    out.push('\n');
    push_wrapped(out, &heading, "", &PLAIN);
    out.push_str(&"-".repeat(columns(&heading).clamp(1, WIDTH)));
    out.push('\n');
}

fn push_entry(
    out: &mut String,
    (number, entry): (Option<usize>, &Entry),
    links: Option<&Links>,
    words: &Words,
    setting: &Setting,
) {
    let indent = setting.indent;
    let before = number.map_or(String::new(), |number| format!("{number}. "));
    let before = format!("{before:<0$}", indent.len());
    let marks: String = marks(entry, words).map(|mark| format!(" [{mark}]")).collect();
    push_wrapped(out, &format!("{}{marks}", headline(entry)), &before, setting);
    let told = format!("({}) {}", entry.credit, entry.summary);
    let corrected = corrections(entry).map(|notice| format!("{} {notice}", words.edition.correction));
    for text in std::iter::once(told)
        .chain(corrected)
        .chain(also_in(entry, words))
        .chain(also_by(entry, words))
    {
        push_wrapped(out, &text, indent, setting);
    }
    if let Some(link) = entry.link.web() {
        let reference = match number.filter(|_| setting.flows) {
            Some(number) => format!("[{number}] "),
            None => indent.to_owned(),
        };
        match links
            .filter(|links| links.counts_clicks)
            .and_then(|links| links.to(entry))
        {
            // A link that counts says where it leads.
            Some(counter) => out.push_str(&format!("{reference}{counter} ({})\n", link.host())),
            None => out.push_str(&format!("{reference}{link}\n")),
        }
    }
}

fn push_foot(out: &mut String, edition: &Edition, links: &Links) {
    let words = Words::of(&edition.language);
    let mail = &words.mail;
    out.push('\n');
    out.push_str(&"-".repeat(WIDTH));
    out.push('\n');
    let push_link = |out: &mut String, words: &str, link: &str| {
        if !link.is_empty() {
            push_wrapped(out, &fill(&mail.before_link, &[("words", words)]), "", &PLAIN);
            out.push_str(&format!("{link}\n"));
        }
    };
    for missed in &links.missed {
        let said = missed.said(words);
        if missed.link.is_empty() {
            push_wrapped(out, &said, "", &FLOWED);
        }
        push_link(out, &format!("{said} {}", mail.read_missed), &missed.link);
    }
    if !links.missed.is_empty() {
        out.push('\n');
    }
    push_wrapped(out, &super::consent(edition), "", &FLOWED);
    push_link(out, &mail.leave, &links.unsubscribe);
    push_link(out, &mail.settings, &links.settings);
    push_link(out, &mail.read, &links.edition);
    push_link(out, &format!("{} {}", mail.passed_on, mail.sign_up), &links.brief);
    push_link(out, &mail.tips, &links.tips);
    if !links.identity.is_empty() {
        push_wrapped(out, &links.identity, "", &FLOWED);
    }
}

/// Appends a text wrapped at [`WIDTH`], with `first` before its first line and the setting's indent before the others.
/// Words are parted by white space; where a script writes none, a line breaks between signs, for good: to flow, it would
/// need a space.
fn push_wrapped(out: &mut String, text: &str, first: &str, &Setting { indent, flows }: &Setting) {
    let mut line = first.to_owned();
    let mut filled = columns(first);
    let mut fresh = true;
    let mut break_line = |line: &mut String, filled: &mut usize, end: &str| {
        out.push_str(line.trim_end());
        out.push_str(end);
        indent.clone_into(line);
        *filled = columns(indent);
    };
    // A terminal obeys control characters.
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
    {
        let width = columns(word);
        if !fresh && filled + 1 + width > WIDTH {
            break_line(&mut line, &mut filled, if flows { " \n" } else { "\n" });
            fresh = true;
        }
        if !fresh {
            line.push(' ');
            filled += 1;
        }
        if width > WIDTH - columns(indent) && word.chars().any(is_wide) {
            for sign in word.graphemes(true) {
                let width = columns(sign);
                if filled + width > WIDTH {
                    break_line(&mut line, &mut filled, "\n");
                }
                line.push_str(sign);
                filled += width;
            }
        } else {
            line.push_str(word);
            filled += width;
        }
        fresh = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// How many columns a terminal gives a text, nearly: combining marks none, East Asian signs and emoji two.
fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let of = |sign: &str| if sign.chars().any(is_wide) { 2 } else { 1 };
    text.graphemes(true).map(of).sum()
}

/// The wide blocks of Unicode Standard Annex 11.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{1F300}'..='\u{1F64F}'
        | '\u{1F900}'..='\u{1F9FF}' | '\u{20000}'..='\u{3FFFD}')
}
