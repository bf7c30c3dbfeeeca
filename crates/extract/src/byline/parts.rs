//! The parts of a byline: names, and the roles, places and dates beside them.

/// Words that part names, with the spaces around them.
const BETWEEN: &[&str] = &[
    " and ", " und ", " et ", " y ", " e ", " og ", " och ", " en ", " & ", " with ", " mit ", " | ", "; ",
    ";", ", ", " / ", " dan ", " и ", " ve ", " i ", " a ", "、", "，", " · ", " • ", " sowie ",
];

/// Takes roles, places and dates off the end of a name.
pub(super) fn strip_after(part: &str) -> &str {
    let part = part.split([',', '|', '•', '\t']).next().unwrap_or(part);
    let part = part.split(" - ").next().unwrap_or(part);
    let part = part.split(" – ").next().unwrap_or(part);
    let part = match part.find(" (") {
        Some(at) if at > 2 => &part[..at],
        _ => part,
    };
    let lower = part.to_lowercase();
    let cut = [
        " in ",
        " aus ",
        " for ",
        " für ",
        " special to ",
        " updated",
        " published",
        " posted",
    ]
    .iter()
    .filter_map(|word| lower.find(word))
    .min();
    let part = cut.and_then(|at| part.get(..at)).unwrap_or(part);
    part.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '-' | '–' | '|' | '*' | '/')
    })
    .trim()
}

pub(super) fn split(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for between in BETWEEN {
        parts = parts.into_iter().flat_map(|part| part.split(between)).collect();
    }
    // "Example, Ann" is one person written backwards; "Ann Example, Editor" is one with a role.
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty() && !is_role(part))
        .collect()
}

/// Words that are somebody's work, not somebody's name.
fn is_role(part: &str) -> bool {
    const ROLES: &[&str] = &[
        "editor",
        "reporter",
        "correspondent",
        "writer",
        "journalist",
        "redakteur",
        "redakteurin",
        "korrespondent",
        "korrespondentin",
        "staff writer",
        "senior",
        "chief",
        "columnist",
        "contributor",
        "director",
        "professor",
        "photographer",
        "producer",
        "redacteur",
        "journaliste",
        "periodista",
        "autor",
        "reporterin",
        "kolumnist",
        "analyst",
        "volontär",
        "leiter",
        "stellvertretende",
        "stv.",
        "ressort",
    ];
    let lower = part.to_lowercase();
    ROLES.iter().any(|role| {
        lower == *role
            || lower.ends_with(&format!(" {role}"))
            || lower.ends_with(&format!(" {role}s"))
            || lower.starts_with(&format!("{role} "))
    })
}
