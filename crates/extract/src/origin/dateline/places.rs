//! What stands before a dateline's dash: whether it can be a place.

/// Cities that stand in datelines without their country, one a line in lower case. With these a dateline is certain
/// even where its dash was lost on the way: `BAGHDAD Iraq has sent …`.
const CITIES: &str = include_str!("cities.txt");

/// What labels in capitals stand before a dash without being places, parted by commas.
const LABELS: &str = "advisory, analysis, analyse, background, breaking, breaking news, comment, commentary, correction, \
    developing, editorial, eilmeldung, exclusive, explainer, factbox, feature, final, gallery, \
    interview, kommentar, latest, letter, live, must read, news, note, notice, opinion, photos, poll, \
    preview, recap, report, review, spoiler, sponsored, summary, update, updated, urgent, video, \
    warning, watch";

/// Acronyms have at most so many letters.
const ACRONYM: usize = 5;

/// Whether a city stands in datelines without its country.
pub(super) fn is_city(name: &str) -> bool {
    let lower = name.to_lowercase();
    !lower.is_empty() && CITIES.lines().any(|city| city == lower)
}

/// Whether a place is in capitals up to its first comma.
pub(super) fn is_shouted(place: &str) -> bool {
    let capitals = place.split(',').next().unwrap_or_default();
    let letters = capitals.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3
        && place.len() <= 50
        && capitals.split_whitespace().count() <= 4
        && capitals.chars().all(|c| !c.is_lowercase() && c != ':')
}

/// Whether words in capitals without an agency's mark behind them are a place rather than a label or an acronym.
pub(super) fn is_likely_a_place(place: &str) -> bool {
    let (city, country) = place.split_once(',').unwrap_or((place, ""));
    is_city(city)
        || country.trim().starts_with(char::is_uppercase)
        || (city.chars().count() > ACRONYM
            && city
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’'))
            && !LABELS.split(", ").any(|label| label == city.to_lowercase()))
}

/// Whether words before a dash or a mark can be a place; a mark may also stand alone.
pub(super) fn looks_like_a_place(place: &str) -> bool {
    place.is_empty()
        || (place.len() <= 60
            && place
                .chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || !c.is_ascii())
            && place.split_whitespace().count() <= 7
            && !place.contains(['"', '“', '?', '!', ';']))
}
