//! Pasted plain text: the clip of a page or mail, with whatever stood between its paragraphs.

use reveille_model::{Article, ArticleKind, Block, BlockKind, Dateline, Origin, Topics};

use crate::{
    Extraction,
    body::{
        Reason, Verdict, ends_sentence, phrases,
        signup::{self, Share},
    },
    language,
    origin::{
        self, Line, agencies, dateline,
        house::House,
        lines::{self, Context},
    },
    repair, text,
};

/// Words in which outlets' names end.
const OUTLET_WORDS: &[&str] = &[
    "times",
    "post",
    "news",
    "herald",
    "tribune",
    "journal",
    "gazette",
    "chronicle",
    "telegraph",
    "press",
    "today",
    "daily",
    "observer",
    "guardian",
    "mail",
    "standard",
    "star",
    "sun",
    "mirror",
    "review",
    "magazine",
    "zeitung",
    "tagblatt",
    "anzeiger",
    "kurier",
    "allgemeine",
    "presse",
    "courier",
    "examiner",
    "globe",
    "independent",
    "register",
    "sentinel",
    "online",
    "tv",
    "radio",
    "wire",
    "ledger",
    "record",
    "bulletin",
    "dispatch",
    "inquirer",
    "argus",
    "echo",
    "weekly",
];

/// A line with this many capitalised words and no sentence in it is a form's list of choices.
const CHOICES: usize = 25;

/// Reads a pasted clip. Never fails; without a paragraph the body is empty.
pub(crate) fn extract(clip: &str) -> Extraction {
    let lines = paragraphs(clip);
    let (mut title, carrier) = lines
        .first()
        .filter(|line| !is_prose(line))
        .map(|line| headline(line, &lines))
        .unwrap_or_default();
    let verdicts = judge(&lines, &title);
    let mut body = body(&lines, &verdicts);
    signup::cut(&mut body);
    let corrections = pick(&lines, &verdicts, Reason::Correction);
    let language = language::detect(&body);
    let english = language.as_ref().is_none_or(|language| language.as_str() == "en");
    let repairs = repair::repair(&mut title, &mut body, english);
    let named = origin::organisations(&[], &[], &[], &body);
    let dateline = dateline::take(&mut body, &named);
    let origins = origins(&lines, &verdicts, &title, dateline.as_ref(), &named);
    let trace = lines
        .iter()
        .zip(&verdicts)
        .map(|(line, reason)| Verdict {
            place: String::new(),
            text: text::excerpt(line, 80).to_owned(),
            kept: *reason == Reason::Body,
            reason: *reason,
        })
        .collect();
    let article = Article {
        title,
        body,
        authors: Vec::new(),
        published: None,
        modified: None,
        language,
        carrier,
        dateline,
        origins,
        canonical_url: None,
        image: None,
        kind: ArticleKind::News,
        topics: Topics::default(),
        paywalled: false,
        corrections,
        repairs,
    };
    Extraction {
        article,
        trace,
        ..Extraction::default()
    }
}

/// The lines of the body; what ends no sentence and is short is a heading.
fn body(lines: &[String], verdicts: &[Reason]) -> Vec<Block> {
    let kept = lines
        .iter()
        .zip(verdicts)
        .filter(|(_, reason)| **reason == Reason::Body);
    let block = |(line, _): (&String, &Reason)| Block {
        kind: match ends_sentence(line) || line.len() > 120 {
            true => BlockKind::Paragraph,
            false => BlockKind::Heading,
        },
        text: line.clone(),
    };
    kept.map(block).collect()
}

fn pick(lines: &[String], verdicts: &[Reason], wanted: Reason) -> Vec<String> {
    lines
        .iter()
        .zip(verdicts)
        .filter(|(_, reason)| **reason == wanted)
        .map(|(line, _)| line.clone())
        .collect()
}

/// The clip's paragraphs: its lines, or, where it was wrapped, the lines between blank ones joined.
fn paragraphs(clip: &str) -> Vec<String> {
    let wrapped = clip.lines().all(|line| line.chars().count() <= 100)
        && clip.lines().any(|line| line.trim().is_empty());
    let mut out: Vec<String> = Vec::new();
    let mut joining = false;
    for line in clip.lines() {
        let line = text::folded(line);
        if line.is_empty() {
            joining = false;
            continue;
        }
        match out.last_mut() {
            Some(last) if wrapped && joining => {
                last.push(' ');
                last.push_str(&line);
            }
            _ => out.push(line),
        }
        joining = true;
    }
    out
}

/// Whether a clip's first line is a paragraph: longer than headlines are, or a sentence to its full stop.
fn is_prose(line: &str) -> bool {
    line.len() > 200 || (line.len() > 60 && line.ends_with('.'))
}

/// The headline without the outlet's name after it, and that name.
fn headline(line: &str, lines: &[String]) -> (String, Option<String>) {
    let cut = [" – ", " — ", " - ", " | "]
        .iter()
        .filter_map(|separator| line.rfind(separator).map(|at| (at, at + separator.len())))
        .max();
    let Some((at, after)) = cut else {
        return (line.to_owned(), None);
    };
    let name = line[after..].trim();
    let words: Vec<&str> = name.split_whitespace().collect();
    let capitals = words.iter().all(|word| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            || matches!(*word, "of" | "the" | "and" | "&")
    });
    let last = words.last().map(|word| text::key(word)).unwrap_or_default();
    let key = text::key(&line[at..]);
    // A clip often ends with the headline again, as the link back.
    let repeated = lines.iter().skip(1).any(|other| {
        other.len() < 300 && text::key(other).ends_with(&key) && text::key(other) == text::key(line)
    });
    let is_outlet = (1..=5).contains(&words.len())
        && capitals
        && (repeated
            || OUTLET_WORDS.contains(&last.as_str())
            || agencies::by_name(name).is_some()
            || name.contains('.'));
    if is_outlet {
        (line[..at].trim().to_owned(), Some(name.to_owned()))
    } else {
        (line.to_owned(), None)
    }
}

/// What each line is.
fn judge(lines: &[String], title: &str) -> Vec<Reason> {
    let mut verdicts: Vec<Reason> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            if at == 0 && !title.is_empty() {
                Reason::Headline
            } else {
                single(line, title)
            }
        })
        .collect();
    let all: Vec<&str> = lines.iter().map(String::as_str).collect();
    for (verdict, _) in verdicts
        .iter_mut()
        .zip(signup::lines(&all))
        .skip(1)
        .filter(|(_, form)| *form == Share::All)
    {
        *verdict = Reason::Form;
    }
    // What stands under "view original post" is the link's text.
    for at in 1..lines.len() {
        if verdicts[at - 1] == Reason::Credit && lines[at - 1].ends_with(':') && !ends_sentence(&lines[at]) {
            verdicts[at] = Reason::Credit;
        }
    }
    // Lines that are no sentences belong to the form or list that they stand beside.
    for at in 1..lines.len() {
        let beside = (at.saturating_sub(2)..(at + 3).min(lines.len())).any(|near| {
            near != at
                && matches!(
                    verdicts[near],
                    Reason::Form | Reason::Newsletter | Reason::Related
                )
        });
        let parted = |near: usize| verdicts.get(near) == Some(&Reason::Body) && ends_sentence(&lines[near]);
        if verdicts[at] == Reason::Body && !ends_sentence(&lines[at]) && lines[at].len() <= 120 {
            let heading = parted(at - 1) && parted(at + 1) && lines[at].len() < 80;
            if beside {
                verdicts[at] = Reason::Newsletter;
            } else if !heading {
                verdicts[at] = Reason::Outside;
            }
        }
    }
    verdicts
}

fn single(line: &str, title: &str) -> Reason {
    if let Some(reason) = phrases::stock(line) {
        return reason;
    }
    if is_choices(line) {
        return Reason::Form;
    }
    if text::key(line).starts_with(&text::key(title)) && line.len() < title.len() + 60 {
        return Reason::Headline;
    }
    Reason::Body
}

/// Whether a line is the list of a form's choices: many capitalised words, hardly a sentence among them.
fn is_choices(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let capitals = words
        .iter()
        .filter(|word| word.trim_start_matches('(').starts_with(char::is_uppercase))
        .count();
    let stops = words
        .iter()
        .filter(|word| word.ends_with('.') && word.len() > 4)
        .count();
    words.len() >= CHOICES && capitals * 100 >= words.len() * 75 && stops * 40 < words.len()
}

fn origins(
    clip: &[String],
    verdicts: &[Reason],
    title: &str,
    dateline: Option<&Dateline>,
    named: &[String],
) -> Vec<Origin> {
    // A clip has no site of its own: the outlet in its headline is whom it was taken from.
    let house = House::default();
    let mut findings: Vec<origin::Finding> = dateline
        .and_then(|dateline| origin::marked(dateline, &house, named))
        .into_iter()
        .collect();
    for (at, text) in clip.iter().enumerate() {
        let tells = matches!(verdicts[at], Reason::Body | Reason::Credit) && lines::may_tell(text);
        if !tells {
            continue;
        }
        let mut line = Line {
            text: text.clone(),
            link: None,
            last: verdicts[at + 1..].iter().all(|verdict| *verdict != Reason::Body),
        };
        // "View original post here:" and below it the headline with the outlet's name.
        if let Some(below) = clip.get(at + 1).filter(|_| lines::points_below(text)) {
            line.text.push(' ');
            line.text.push_str(below);
        }
        line.link = line
            .text
            .split_whitespace()
            .find(|word| word.starts_with("http"))
            .map(str::to_owned);
        lines::read(&line, Context { url: None, title }, &mut findings);
    }
    origin::join(findings, &house)
}
