//! Standard output. A reader who has seen enough (`reveille … | head`) is no failure.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
};

/// Prints a line.
///
/// # Errors
/// Where standard output takes no more; see [`is_closed`].
pub(crate) fn line(text: impl AsRef<str>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref().as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Hands over a file, which is no text for people to read.
///
/// # Errors
/// Where standard output is a terminal, or takes no more; see [`is_closed`].
pub(crate) fn file(bytes: &[u8], name: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        !io::stdout().is_terminal(),
        "this is a file and no text: add `> {name}`"
    );
    exactly(bytes)
}

/// Prints these bytes and no others.
///
/// # Errors
/// Where standard output takes no more; see [`is_closed`].
pub(crate) fn exactly(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    Ok(out.flush()?)
}

/// Words from elsewhere, safe for a terminal: on one line, without the signs that steer it, and no longer than a few lines.
pub(crate) fn harmless(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut signs = text.chars();
    let shown = signs.by_ref().take(LONGEST);
    let mut out: String = shown
        .map(|sign| if sign.is_control() { '\u{fffd}' } else { sign })
        .collect();
    if signs.next().is_some() {
        out.push('…');
    }
    out
}

/// Whether the error is a pipe that was closed by its reader.
pub(crate) fn is_closed(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// So many of a thing, as people count: "1 reader", "2 stories".
pub(crate) fn count(number: impl Display, noun: &str) -> String {
    let number = number.to_string();
    if number == "1" {
        return format!("1 {noun}");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}

/// Rows under headings, columns aligned, parted by two spaces; the last column is not padded.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    table_within(headings, rows, usize::MAX)
}

/// The same where no column is padded beyond so many signs: what is longer runs over in its own row alone.
pub(crate) fn table_within(headings: &[&str], rows: &[Vec<String>], most: usize) -> String {
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .filter(|width| *width <= most);
        cells
            .chain(headings.get(column).map(|heading| heading.len()))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |cells: &[&str]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:<width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let head = line(headings);
    let body = rows
        .iter()
        .map(|row| line(&row.iter().map(String::as_str).collect::<Vec<_>>()));
    std::iter::once(head).chain(body).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{count, table_within};

    #[test]
    fn what_is_too_long_for_its_column_runs_over_in_its_own_row() {
        let rows = ["ann", "somebody"].map(|name| vec![name.to_owned(), "sent".to_owned()]);
        let told = table_within(&["WHO", "STATE"], &rows, 5);
        assert_eq!(told, "WHO  STATE\nann  sent\nsomebody  sent");
    }

    #[test]
    fn one_is_one_and_others_are_many() {
        assert_eq!(count(1, "reader"), "1 reader");
        assert_eq!(
            (count(0, "reader"), count(2_u64, "new article")),
            ("0 readers".into(), "2 new articles".into())
        );
        assert_eq!(
            (count(2, "story"), count(2, "day")),
            ("2 stories".into(), "2 days".into())
        );
    }
}
