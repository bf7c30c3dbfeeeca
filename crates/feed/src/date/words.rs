//! The words in dates: months, weekdays, zones.

/// What a word in a date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// 1 to 12.
    Month(i8),
    Afternoon(bool),
    /// Seconds east of Greenwich.
    Zone(i32),
    /// A weekday, or a word such as `at` or `Uhr` that adds nothing.
    Filler,
}

/// Beginnings of month names in lower case, the longer before those that they contain. Only names that mean the
/// same month in every language that has them stand here: Croatian `listopad` is October, Polish is November.
#[rustfmt::skip]
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1), ("gen", 1), ("ene", 1), ("янв", 1), ("ιαν", 1), ("stycz", 1), ("led", 1), ("oca", 1),
    ("січ", 1), ("feb", 2), ("fev", 2), ("fév", 2), ("фев", 2), ("φεβ", 2), ("lut", 2), ("úno", 2),
    ("şub", 2), ("mar", 3), ("mär", 3), ("mrz", 3), ("maa", 3), ("мар", 3), ("μαρ", 3), ("μάρ", 3),
    ("bře", 3), ("mrt", 3), ("apr", 4), ("avr", 4), ("abr", 4), ("апр", 4), ("απρ", 4), ("kwi", 4),
    ("dub", 4), ("nis", 4), ("ápr", 4), ("may", 5), ("mai", 5), ("mei", 5), ("mag", 5), ("maj", 5),
    ("máj", 5), ("май", 5), ("мая", 5), ("μαϊ", 5), ("mayı", 5), ("kvě", 5), ("juin", 6), ("jun", 6),
    ("giu", 6), ("июн", 6), ("ιουν", 6), ("czerw", 6), ("haz", 6), ("jún", 6), ("juil", 7), ("jul", 7),
    ("lug", 7), ("июл", 7), ("ιουλ", 7), ("lipca", 7), ("lipie", 7), ("tem", 7), ("júl", 7), ("aug", 8),
    ("ago", 8), ("aoû", 8), ("aou", 8), ("авг", 8), ("αυγ", 8), ("sierp", 8), ("ağu", 8), ("sep", 9),
    ("set", 9), ("сен", 9), ("σεπ", 9), ("wrze", 9), ("zář", 9), ("eyl", 9), ("szept", 9), ("oct", 10),
    ("okt", 10), ("ott", 10), ("out", 10), ("окт", 10), ("οκτ", 10), ("paźd", 10), ("eki", 10), ("nov", 11),
    ("ноя", 11), ("νοε", 11), ("kas", 11), ("dec", 12), ("dez", 12), ("dic", 12), ("déc", 12), ("дек", 12),
    ("δεκ", 12), ("grud", 12), ("pros", 12), ("ara", 12),
];

/// Beginnings of weekday names, and words that add nothing.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", // English
    "lun", "mer", "jeu", "ven", "sam", "dim", // French
    "mie", "mié", "jue", "vie", "sab", "sáb", "dom", // Spanish, Portuguese
    "seg", "ter", "qua", "qui", "sex", "gio", // Portuguese, Italian
    "son", "die", "mit", "don", "fre", "sams", // German
    "maa", "din", "woe", "vri", "zat", "zon", // Dutch
    "man", "tir", "ons", "tor", "lør", "søn", "mån", "tis", "lör", "sön", // Scandinavian
    "pon", "wto", "śro", "czw", "pią", "sob", "nie", // Polish
    "пон", "вто", "сре", "чет", "пят", "суб", "вос", // Russian
];

#[rustfmt::skip]
const EXACT_FILLERS: &[&str] = &[
    "at", "on", "of", "the", "de", "del", "do", "da", "di", "le", "den", "der", "um", "uhr", "à", "às",
    "alle", "ore", "kl", "h", "mo", "mi", "so", "fr", "sa", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "г",
    "o'clock", "updated", "published", "posted",
];

/// Zone names with one meaning in news, in seconds east of Greenwich. Military letters but `Z` tell nothing, since
/// RFC 822 printed their signs wrong (RFC 5322, section 4.3).
#[rustfmt::skip]
const ZONES: &[(&str, i32)] = &[
    ("Z", 0), ("UT", 0), ("UTC", 0), ("GMT", 0), ("WET", 0), ("GMT+0", 0), ("WEST", 60), ("BST", 60),
    ("CET", 60), ("MET", 60), ("MEZ", 60), ("WAT", 60), ("CEST", 120), ("MEST", 120), ("MESZ", 120),
    ("EET", 120), ("CAT", 120), ("SAST", 120), ("EEST", 180), ("MSK", 180), ("EAT", 180), ("TRT", 180),
    ("IRST", 210), ("GST", 240), ("PKT", 300), ("IST", 330), ("NPT", 345), ("ICT", 420), ("WIB", 420),
    ("HKT", 480), ("SGT", 480), ("PHT", 480), ("AWST", 480), ("JST", 540), ("KST", 540), ("ACST", 570),
    ("AEST", 600), ("ACDT", 630), ("AEDT", 660), ("NZST", 720), ("NZDT", 780), ("ART", -180), ("BRT", -180),
    ("NST", -210), ("NDT", -150), ("AST", -240), ("ADT", -180), ("EST", -300), ("EDT", -240), ("ET", -300),
    ("CST", -360), ("CDT", -300), ("CT", -360), ("MST", -420), ("MDT", -360), ("MT", -420), ("PST", -480),
    ("PDT", -420), ("PT", -480), ("AKST", -540), ("AKDT", -480), ("HST", -600),
];

/// What this word says; `None` for one that no date has.
pub(super) fn word(token: &str) -> Option<Word> {
    let token = token.trim_matches(['.', ':']);
    if token.eq_ignore_ascii_case("am")
        || token.eq_ignore_ascii_case("a.m")
        || matches!(token, "上午" | "오전")
    {
        return Some(Word::Afternoon(false));
    }
    if token.eq_ignore_ascii_case("pm")
        || token.eq_ignore_ascii_case("p.m")
        || matches!(token, "下午" | "오후")
    {
        return Some(Word::Afternoon(true));
    }
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| token.eq_ignore_ascii_case(name)) {
        return Some(Word::Zone(minutes * 60));
    }
    if token.len() == 1 && token.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some(Word::Zone(0));
    }
    let lower = token.to_lowercase();
    if EXACT_FILLERS.contains(&lower.as_str()) {
        return Some(Word::Filler);
    }
    // A day's name may begin like a month's: `mardi`, `martes`, `marts`; `maandag`.
    if matches!(lower.as_str(), "mardi" | "martes" | "martedì" | "mar.") || lower.starts_with("maand") {
        return Some(Word::Filler);
    }
    if let Some((_, month)) = MONTHS.iter().find(|(start, _)| lower.starts_with(start)) {
        return Some(Word::Month(*month));
    }
    FILLERS
        .iter()
        .any(|start| lower.starts_with(start))
        .then_some(Word::Filler)
}
