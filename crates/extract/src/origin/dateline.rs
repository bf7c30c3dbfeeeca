//! Datelines: `BAGHDAD (AP) — `, `LONDON, March 3 (Reuters) - `, `MOSCOW, 3 May. /TASS/.`, `Berlin (dpa) - `.

use reveille_model::Dateline;

use crate::{
    date::{self, Order},
    origin::agencies,
    text,
};

/// A dateline ends within so many bytes of the paragraph's start.
const REACH: usize = 120;

/// What parts a dateline from the text.
const DASHES: [&str; 8] = [" — ", " – ", " -- ", " - ", "— ", "– ", "—", "--"];

/// Cities that stand in datelines without their country. With these a dateline is certain even where its dash
/// was lost on the way: `BAGHDAD Iraq has sent …`.
const CITIES: &[&str] = &[
    "abu dhabi",
    "abuja",
    "addis ababa",
    "algiers",
    "amman",
    "amsterdam",
    "ankara",
    "antananarivo",
    "athens",
    "atlanta",
    "baghdad",
    "baku",
    "baltimore",
    "bamako",
    "bangkok",
    "barcelona",
    "beijing",
    "beirut",
    "belfast",
    "belgrade",
    "berlin",
    "bogota",
    "boston",
    "brasilia",
    "bratislava",
    "brussels",
    "bucharest",
    "budapest",
    "buenos aires",
    "cairo",
    "canberra",
    "caracas",
    "chicago",
    "cincinnati",
    "cleveland",
    "colombo",
    "copenhagen",
    "dakar",
    "dallas",
    "damascus",
    "delhi",
    "denver",
    "detroit",
    "dhaka",
    "doha",
    "dubai",
    "dublin",
    "edinburgh",
    "frankfurt",
    "geneva",
    "gaza",
    "gaza city",
    "guatemala city",
    "hamburg",
    "hanoi",
    "harare",
    "havana",
    "helsinki",
    "hong kong",
    "honolulu",
    "houston",
    "indianapolis",
    "islamabad",
    "istanbul",
    "jakarta",
    "jerusalem",
    "johannesburg",
    "kabul",
    "kampala",
    "kathmandu",
    "khartoum",
    "kiev",
    "kinshasa",
    "kuala lumpur",
    "kyiv",
    "lagos",
    "las vegas",
    "lima",
    "lisbon",
    "ljubljana",
    "london",
    "los angeles",
    "luxembourg",
    "madrid",
    "manila",
    "mexico city",
    "miami",
    "milan",
    "milwaukee",
    "minneapolis",
    "minsk",
    "mogadishu",
    "montevideo",
    "montreal",
    "moscow",
    "mumbai",
    "munich",
    "nairobi",
    "new delhi",
    "new orleans",
    "new york",
    "nicosia",
    "oslo",
    "ottawa",
    "paris",
    "philadelphia",
    "phoenix",
    "pittsburgh",
    "prague",
    "pretoria",
    "quito",
    "ramallah",
    "rangoon",
    "riga",
    "rio de janeiro",
    "riyadh",
    "rome",
    "salt lake city",
    "san antonio",
    "san diego",
    "san francisco",
    "santiago",
    "sao paulo",
    "sarajevo",
    "seattle",
    "seoul",
    "shanghai",
    "singapore",
    "skopje",
    "sofia",
    "st. louis",
    "stockholm",
    "strasbourg",
    "sydney",
    "taipei",
    "tallinn",
    "tbilisi",
    "tehran",
    "tel aviv",
    "tokyo",
    "toronto",
    "tripoli",
    "tunis",
    "ulaanbaatar",
    "united nations",
    "vatican city",
    "vienna",
    "vilnius",
    "warsaw",
    "washington",
    "yangon",
    "yerevan",
    "zagreb",
    "zurich",
];

/// The dateline at the start of a paragraph, and the offset at which the text after it begins.
pub(crate) fn read(paragraph: &str) -> Option<(Dateline, usize)> {
    let reach = text::excerpt(paragraph, REACH);
    with_dash(reach)
        .or_else(|| tass(reach))
        .or_else(|| without_dash(reach))
}

/// The text of a paragraph after its dateline: for summaries, where the place is only in the way.
///
/// ```
/// use reveille_extract::without_dateline;
/// assert_eq!(without_dateline("BAGHDAD (AP) — Talks resumed on Tuesday."), "Talks resumed on Tuesday.");
/// assert_eq!(without_dateline("Talks resumed on Tuesday."), "Talks resumed on Tuesday.");
/// ```
#[must_use]
pub fn without_dateline(paragraph: &str) -> &str {
    read(paragraph).map_or(paragraph, |(_, after)| paragraph[after..].trim_start())
}

fn with_dash(reach: &str) -> Option<(Dateline, usize)> {
    let (at, dash) = DASHES
        .iter()
        .filter_map(|dash| reach.find(dash).map(|at| (at, dash)))
        .min_by_key(|(at, dash)| (*at, usize::MAX - dash.len()))?;
    let head = reach[..at].trim();
    let after = at + dash.len();
    if let Some((before, mark)) = bracketed(head) {
        let agency = agencies::by_mark(mark)?;
        let known = !agency.marks.is_empty();
        let (place, date) = place_and_date(before);
        return (known && looks_like_a_place(&place)).then(|| {
            (
                Dateline {
                    place,
                    agency: Some(mark.to_owned()),
                    date,
                },
                after,
            )
        });
    }
    let (place, date) = place_and_date(head);
    let capitals = place.split(',').next().unwrap_or_default();
    let letters = capitals.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = letters >= 3
        && capitals.chars().all(|c| !c.is_lowercase())
        && capitals.split_whitespace().count() <= 4;
    (shouted && place.len() <= 50 && looks_like_a_place(&place) && !capitals.contains(':')).then_some({
        (
            Dateline {
                place,
                agency: None,
                date,
            },
            after,
        )
    })
}

/// `head` without the bracket at its end, and what stands in the bracket.
fn bracketed(head: &str) -> Option<(&str, &str)> {
    let inner = head.strip_suffix(')')?;
    let open = inner.rfind('(')?;
    Some((inner[..open].trim(), inner[open + 1..].trim()))
}

/// `MOSCOW, May 3. /TASS/.`
fn tass(reach: &str) -> Option<(Dateline, usize)> {
    let open = reach.find(" /")?;
    let close = open + 2 + reach[open + 2..].find('/')?;
    let mark = &reach[open + 2..close];
    agencies::by_mark(mark)?;
    let (place, date) = place_and_date(reach[..open].trim_end_matches('.'));
    let after = close + 1 + usize::from(reach[close + 1..].starts_with('.'));
    looks_like_a_place(&place).then(|| {
        (
            Dateline {
                place,
                agency: Some(mark.to_owned()),
                date,
            },
            after,
        )
    })
}

/// A known city in capitals, with the next sentence right behind it.
fn without_dash(reach: &str) -> Option<(Dateline, usize)> {
    let end = reach
        .char_indices()
        .find(|(_, c)| c.is_lowercase())
        .map(|(at, _)| at)?;
    let capitals = reach[..end].trim_end_matches(|c: char| c != ' ').trim_end();
    let city = CITIES.contains(&capitals.to_lowercase().trim_end_matches([',', '.']));
    // A city that is the sentence's subject is not in capitals; an acronym is not in the list.
    city.then(|| {
        let place = capitals.trim_end_matches([',', '.']).to_owned();
        (
            Dateline {
                place,
                agency: None,
                date: None,
            },
            capitals.len(),
        )
    })
}

/// Parts `LONDON, March 3` into place and date.
fn place_and_date(head: &str) -> (String, Option<String>) {
    let head = head.trim().trim_end_matches(',');
    let day = head.find(|c: char| c.is_ascii_digit());
    if let Some(digit) = day {
        // The date begins after the comma before its first part.
        if let Some(comma) = head[..digit].rfind(',') {
            let date = head[comma + 1..].trim();
            // Datelines leave the year to the reader.
            if date::parse(&format!("{date}, 2000"), Order::DayFirst)
                .or_else(|| date::parse(date, Order::DayFirst))
                .is_some()
            {
                return (head[..comma].trim().to_owned(), Some(date.to_owned()));
            }
        }
    }
    (head.to_owned(), None)
}

fn looks_like_a_place(place: &str) -> bool {
    place.is_empty()
        || (place.len() <= 60
            && place
                .chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || !c.is_ascii())
            && place.split_whitespace().count() <= 7
            && !place.contains(['"', '“', '?', '!', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_of_every_house_are_read() {
        for (line, place, agency, date, rest) in [
            ("BAGHDAD (AP) — Iraq has", "BAGHDAD", Some("AP"), None, "Iraq has"),
            (
                "LONDON, March 3 (Reuters) - Shares rose",
                "LONDON",
                Some("Reuters"),
                Some("March 3"),
                "Shares rose",
            ),
            (
                "AUSTIN, Texas — The state",
                "AUSTIN, Texas",
                None,
                None,
                "The state",
            ),
            (
                "Berlin (dpa) - Der Bundestag",
                "Berlin",
                Some("dpa"),
                None,
                "Der Bundestag",
            ),
            (
                "MOSCOW, May 3. /TASS/. The ministry",
                "MOSCOW",
                Some("TASS"),
                Some("May 3"),
                "The ministry",
            ),
            (
                "(Reuters) - Shares rose",
                "",
                Some("Reuters"),
                None,
                "Shares rose",
            ),
            ("BAGHDAD Iraq has sent", "BAGHDAD", None, None, "Iraq has sent"),
        ] {
            let (dateline, after) = read(line).unwrap();
            assert_eq!(
                (
                    dateline.place.as_str(),
                    dateline.agency.as_deref(),
                    dateline.date.as_deref()
                ),
                (place, agency, date),
                "{line}"
            );
            assert_eq!(line[after..].trim(), rest);
        }
    }

    #[test]
    fn sentences_have_none() {
        for line in [
            "NATO Secretary General Ann Example said on Tuesday",
            "The talks (which began in June) – the first – failed.",
            "He said — twice — no.",
            "U.S. forces left.",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
