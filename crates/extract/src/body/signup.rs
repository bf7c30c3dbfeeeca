//! Sign-up forms that lost their markup on the way: "(please select a country) Afghanistan Albania …", the line that
//! asks for an address above it, the button's word and the small print below, in lines of their own or inside one.

use reveille_model::{Block, Country};

use crate::{body::ends_sentence, text::AnyOf};

/// What stands where a list of countries was opened, in lower case.
const SELECT: &[&str] = &[
    "(please select a country)",
    "please select a country",
    "(select a country)",
    "select your country",
    "choose your country",
    "(please select)",
];

/// Words of buttons and labels, in lower case.
const CONTROLS: &[&str] = &[
    "subscribe",
    "sign up",
    "sign up now",
    "submit",
    "join",
    "join now",
    "send",
    "register",
    "email",
    "e-mail",
    "email address",
    "e-mail address",
    "your email",
    "your email address",
    "enter your email address",
    "country",
    "country:",
    "first name",
    "last name",
    "name",
    "zip code",
    "postal code",
];

/// How the small print of such forms begins, in lower case.
const SMALL_PRINT: &[&str] = &[
    "by giving us your",
    "by signing up",
    "by subscribing",
    "by submitting",
    "by providing your",
    "by entering your",
    "by clicking",
    "you are opting in",
];

/// How the line above such a form begins, in lower case.
const PITCHES: &[&str] = &[
    "get ",
    "sign up",
    "subscribe",
    "join ",
    "receive ",
    "want ",
    "don't miss",
    "don’t miss",
    "stay ",
];

/// So many countries in a row are a list to choose from.
const LIST: usize = 8;

/// The longest name of a country, in words.
const NAME: usize = 8;

/// Words inside a list that name no country that is known, at most.
const UNKNOWN: usize = 4;

/// Words without a capital in the names of countries.
const SMALL_WORDS: &[&str] = &["and", "the", "of", "da", "d'Ivoire", "d’Ivoire", "part)"];

/// A shorter line holds no list and none of the phrases, in bytes.
const SHORTEST: usize = 15;

/// A longer line is no form, in bytes.
const LONGEST: usize = 16 << 10;

/// So many lines that may be lists of countries are looked at.
const MOST: usize = 50;

/// A longer line is no pitch, in bytes.
const PITCH: usize = 140;

/// How much of a line belongs to a sign-up form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// None of it, as of nearly all lines.
    None,
    /// A part, which [`without_form`] leaves out.
    Part,
    /// All of it.
    All,
}

/// How much of each of some lines in a row belongs to sign-up forms.
pub(crate) fn lines(lines: &[&str]) -> Vec<Share> {
    let likely = |(_, line): &(usize, &&str)| opening(line).is_some();
    let mut form = vec![Share::None; lines.len()];
    for (at, line) in lines.iter().enumerate().filter(likely).take(MOST) {
        form[at] = match without_form(line) {
            None => Share::None,
            Some(rest) if rest.is_empty() => Share::All,
            Some(_) => Share::Part,
        };
    }
    countries_in_lines(lines, &mut form);
    // From each list the form reaches up to its pitch and down to its small print.
    for at in (0..lines.len())
        .filter(|at| form[*at] == Share::All)
        .collect::<Vec<_>>()
    {
        let mut down = at + 1;
        while down < lines.len()
            && (form[down] == Share::All || is_control(lines[down]) || is_small_print(lines[down]))
        {
            form[down] = Share::All;
            down += 1;
        }
        let mut up = at;
        while up > 0 && (form[up - 1] == Share::All || is_control(lines[up - 1])) {
            up -= 1;
            form[up] = Share::All;
        }
        if up > 0 && is_pitch(lines[up - 1]) {
            form[up - 1] = Share::All;
        }
    }
    form
}

/// A list with one country to a line. Looked at from its end, a stretch of lines mostly shows at once that it is none.
fn countries_in_lines(lines: &[&str], form: &mut [Share]) {
    let mut at = 0;
    while let Some(stretch) = lines.get(at..at + LIST) {
        if let Some(other) = stretch.iter().rposition(|line| !is_country(line)) {
            at += other + 1;
            continue;
        }
        let more = lines[at + LIST..]
            .iter()
            .take_while(|line| is_country(line))
            .count();
        let end = at + LIST + more;
        form[at..end].fill(Share::All);
        at = end;
    }
}

/// Whether a text is a country's name; shorter ones are codes, which "By" and "us" are as well.
fn is_country(line: &str) -> bool {
    let is_word = |word: &str| !word.starts_with(char::is_lowercase) || SMALL_WORDS.contains(&word);
    (4..60).contains(&line.len())
        && line.split_ascii_whitespace().all(is_word)
        && Country::from_name(line).is_some()
}

fn is_control(line: &str) -> bool {
    CONTROLS.contains(&line.trim().to_lowercase().as_str())
}

fn is_small_print(line: &str) -> bool {
    let lower = line.to_lowercase();
    line.len() < 300 && SMALL_PRINT.iter().any(|phrase| lower.starts_with(phrase))
}

fn is_pitch(line: &str) -> bool {
    let lower = line.to_lowercase();
    line.len() <= PITCH && (!ends_sentence(line) || PITCHES.iter().any(|phrase| lower.starts_with(phrase)))
}

/// A line without the form that stands in it, where one does; empty where it is nothing else.
pub(crate) fn without_form(line: &str) -> Option<String> {
    let (start, list) = opening(line)?;
    let (end, countries) = list_end(line, list);
    if countries < LIST && (start == list || countries == 0 && end < line.len()) {
        return None;
    }
    let after = after_small_print(line, after_control(line, end));
    let before = line[..start].trim_end();
    // The pitch has no full stop, and stands between the sentence before it and the list.
    let sentence = before.rfind(['.', '!', '?', '”', '"']).map_or(0, |stop| {
        stop + before[stop..].chars().next().map_or(1, char::len_utf8)
    });
    let kept = if before.len() - sentence <= PITCH {
        &before[..sentence]
    } else {
        before
    };
    Some(
        format!("{} {}", kept.trim(), line[after..].trim())
            .trim()
            .to_owned(),
    )
}

/// Cuts forms out of the lines of a body.
pub(crate) fn cut(body: &mut Vec<Block>) {
    let mut left = MOST;
    body.retain_mut(|block| {
        if left == 0 || opening(&block.text).is_none() {
            return true;
        }
        left -= 1;
        let Some(rest) = without_form(&block.text) else {
            return true;
        };
        block.text = rest;
        !block.text.is_empty()
    });
}

/// Where a form's list is opened in a line, and where its first country stands.
fn opening(line: &str) -> Option<(usize, usize)> {
    if !(SHORTEST..=LONGEST).contains(&line.len()) {
        return None;
    }
    // Parts of all of them, as they are written. Prose often has "elected" and "elections".
    static ANY: AnyOf = AnyOf::of(&[
        "elect a", "elect A", "ELECT A", "elect y", "elect Y", "ELECT Y", "elect)", "ELECT)", "hoose y",
        "hoose Y", "HOOSE Y",
    ]);
    if ANY.stands_in(line) {
        let lower = line.to_ascii_lowercase();
        let phrase = SELECT
            .iter()
            .find_map(|phrase| lower.find(phrase).map(|at| (at, at + phrase.len())));
        if phrase.is_some() {
            return phrase;
        }
    }
    // A list has a word for each country at least, and prose has few capitals in a row.
    let opens = line
        .split_ascii_whitespace()
        .take(LIST)
        .take_while(|word| word.starts_with(|c: char| c.is_uppercase() || c == '(') || *word == "and")
        .count();
    (opens == LIST).then_some((0, 0))
}

/// The end of a list of countries that begins at `from`, and how many there are.
fn list_end(line: &str, from: usize) -> (usize, usize) {
    let words: Vec<(usize, usize)> = word_ranges(line, from);
    let (mut at, mut end, mut countries, mut unknown) = (0, from, 0, 0);
    while at < words.len() && unknown <= UNKNOWN {
        let longest = (1..=NAME.min(words.len() - at)).rev().find(|length| {
            let name = line[words[at].0..words[at + length - 1].1].trim_end_matches(',');
            is_country(name)
        });
        match longest {
            Some(length) => {
                at += length;
                end = words[at - 1].1;
                countries += 1;
                unknown = 0;
            }
            None if countries == 0 => break,
            None => {
                at += 1;
                unknown += 1;
            }
        }
    }
    (end, countries)
}

fn word_ranges(line: &str, from: usize) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut at = from;
    for word in line[from..].split(' ') {
        if !word.is_empty() {
            ranges.push((at, at + word.len()));
        }
        at += word.len() + 1;
    }
    ranges
}

/// The offset behind the word of a button that stands at an offset.
fn after_control(line: &str, at: usize) -> usize {
    let rest = line[at..].trim_start();
    let lower = rest.to_ascii_lowercase();
    let control = CONTROLS
        .iter()
        .filter(|word| {
            lower
                .strip_prefix(**word)
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
        .map(|word| word.len())
        .max();
    control.map_or(at, |length| line.len() - rest.len() + length)
}

/// The offset behind the sentence of small print that stands at an offset.
fn after_small_print(line: &str, at: usize) -> usize {
    let rest = line[at..].trim_start();
    let lower = rest.to_ascii_lowercase();
    if !SMALL_PRINT.iter().any(|phrase| lower.starts_with(phrase)) {
        return at;
    }
    let length = rest.find(". ").map_or(rest.len(), |stop| stop + 1);
    line.len() - rest.len() + length
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "(please select a country) United States United Kingdom Afghanistan Albania Algeria American \
        Samoa Andorra Antigua and Barbuda Congo, The Democratic Republic of The Netherlands Antilles Swaziland Zambia \
        Zimbabwe";

    fn whole(text: &[&str]) -> Vec<bool> {
        lines(text).into_iter().map(|share| share == Share::All).collect()
    }

    #[test]
    fn a_form_in_lines_goes_with_its_pitch_and_small_print() {
        let text = [
            "The letter was sent.",
            "Get the port's news by mail every evening",
            LIST,
            "Subscribe",
            "By giving us your email, you are opting in to the Evening Tide.",
            "“We ask for a calendar,” he said.",
            "What is next",
            "The talks go on.",
        ];
        assert_eq!(whole(&text), [false, true, true, true, true, false, false, false]);
        let bare = [
            "Subscribe",
            "He left Chad for Oman.",
            "Subscribe now to be heard, he said.",
        ];
        assert_eq!(whole(&bare), [false; 3]);
    }

    #[test]
    fn a_list_may_have_a_line_for_each_country() {
        let mut text = vec!["It rained.", "Sign up for the Tide.", "Email", "Country"];
        text.extend([
            "Albania", "Algeria", "Andorra", "Angola", "Chad", "Chile", "China", "Zambia",
        ]);
        text.extend(["Sign up", "It stopped."]);
        let form = whole(&text);
        assert_eq!((form[0], form[text.len() - 1]), (false, false));
        assert!(form[1..text.len() - 1].iter().all(|line| *line));
        assert_eq!(whole(&["Winners:", "Chad", "Chile", "China"]), [false; 4]);
    }

    #[test]
    fn a_form_inside_a_line_is_cut_out() {
        let line = format!(
            "The letter was sent. Get the news by mail {LIST} Subscribe By giving us your email, you are opting in to the Tide. The talks go on."
        );
        assert_eq!(
            without_form(&line).as_deref(),
            Some("The letter was sent. The talks go on.")
        );
        assert_eq!(lines(&[&line]), [Share::Part]);
        for prose in [
            "Chad, Chile and China have signed; Zambia has not.",
            "Readers may select a country in the list below, the ministry said.",
        ] {
            assert_eq!(without_form(prose), None, "{prose}");
        }
    }
}
