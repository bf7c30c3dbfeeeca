//! The rows of a list of readers.

use anyhow::{Context, bail};
use csv::{ByteRecord, StringRecord};
use reveille_desk::country_named;
use reveille_model::{AddressError, Advice, Country, EmailAddress, Home, MailFormat, Zone, ZoneOrigin};

use super::list::List;
use crate::cli::{Column, NamedColumn};

/// A row that names a reader.
pub(super) struct Row {
    /// Where it begins in the file, counted from 1.
    pub(super) line: u64,
    pub(super) email: EmailAddress,
    pub(super) home: Home,
    /// `None`: the row does not say.
    pub(super) format: Option<MailFormat>,
    /// What could not be read as meant, and what was done.
    pub(super) remarks: Vec<String>,
}

/// A row that names nobody, and why.
pub(super) struct Fault {
    pub(super) line: u64,
    pub(super) text: String,
}

pub(super) type Read = Result<Row, Fault>;

/// Reads one row after the other.
pub(super) struct Rows<'a> {
    text: &'a [u8],
    delimiter: u8,
    reader: csv::Reader<&'a [u8]>,
    /// Where the row that was read last begins, in bytes, and in which line.
    at: usize,
    line: u64,
    headings: StringRecord,
    email: usize,
    country: Option<usize>,
    zone: Option<usize>,
    format: Option<usize>,
    /// For readers of whom nothing is known.
    fallback: &'a Zone,
    record: ByteRecord,
}

impl<'a> Rows<'a> {
    /// Reads the first line, which names the columns.
    pub(super) fn of(list: &'a List, named: &[NamedColumn], fallback: &'a Zone) -> anyhow::Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(list.delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(&list.text[..]);
        let headings = reader.byte_headers().context("the file has no first line")?;
        if headings.is_empty() {
            bail!("the file is empty: its first line must name the columns, one of them `email`")
        }
        let headings = StringRecord::from_byte_record_lossy(headings.clone());
        // Taken for headings, the first reader would be lost.
        if let Some(address) = headings.iter().find(|cell| address(cell).is_ok()) {
            bail!(
                "the first line must name the columns, and `{address}` is a reader's address: put a line such as \
                 `email,country` in front"
            )
        }
        let column = |column, names: &[&str]| find(&headings, named, column, names);
        let email = column(
            Column::Email,
            &[
                "email",
                "e-mail",
                "mail",
                "address",
                "email address",
                "e-mail address",
            ],
        )?;
        let names: Vec<&str> = headings.iter().collect();
        let email = email.with_context(|| {
            format!(
                "which column holds the addresses? The file has {}; give `--column email=NAME`",
                names.join(", ")
            )
        })?;
        let country = column(Column::Country, &["country", "country name", "country code"])?;
        let zone = column(Column::Zone, &["zone", "time zone", "timezone", "time_zone"])?;
        let format = column(Column::Format, &["format", "mail format"])?;
        Ok(Self {
            text: &list.text,
            delimiter: list.delimiter,
            reader,
            at: 0,
            line: 1,
            headings,
            email,
            country,
            zone,
            format,
            fallback,
            record: ByteRecord::new(),
        })
    }

    /// Names the columns that say nothing to us, where there are any.
    pub(super) fn unused(&self) -> Option<String> {
        let used = [Some(self.email), self.country, self.zone, self.format];
        let (read, unread): (Vec<_>, Vec<_>) = self
            .headings
            .iter()
            .enumerate()
            .partition(|(at, _)| used.contains(&Some(*at)));
        let named = |columns: Vec<(usize, &str)>| {
            columns
                .into_iter()
                .map(|(_, name)| name)
                .collect::<Vec<_>>()
                .join(", ")
        };
        (!unread.is_empty()).then(|| {
            format!(
                "of its columns {} is read and {} is not; `--column` says which holds what, and `--if-known fill` \
                 adds that to readers who are there already",
                named(read),
                named(unread)
            )
        })
    }

    /// Goes to where the record just read begins, and gives back its line.
    fn advance(&mut self, start: usize, end: usize) -> u64 {
        let blank = self.text[start..end]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let start = start + blank;
        self.line += memchr::memchr_iter(b'\n', &self.text[self.at..start]).count() as u64;
        self.at = start;
        self.line
    }

    /// Says where a row is several by mistake: a quotation mark was not closed, and took the lines behind it for one cell.
    fn swallowed(&self, end: usize) -> Option<String> {
        let raw = self.text[self.at..end].trim_ascii();
        let more = memchr::memchr_iter(b'\n', raw).count() as u64;
        if more == 0 {
            return None;
        }
        let read = [Some(self.email), self.country, self.zone, self.format];
        let cells = read.into_iter().flatten().filter_map(|at| self.record.get(at));
        let is_row = |line: &[u8]| line.contains(&b'@') && line.contains(&self.delimiter);
        let is_open = memchr::memchr_iter(b'"', raw).count() % 2 == 1
            || cells
                .into_iter()
                .any(|cell| memchr::memchr(b'\n', cell).is_some())
            || raw.split(|byte| *byte == b'\n').skip(1).any(is_row);
        is_open.then(|| {
            format!(
                "lines {} to {} are one row, since a quotation mark is not closed: close it, or take it out",
                self.line,
                self.line + more
            )
        })
    }

    fn row(&self, line: u64) -> Read {
        let record = StringRecord::from_byte_record_lossy(self.record.clone());
        let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default();
        let text = cell(Some(self.email));
        let email = address(text).map_err(|why| Fault {
            line,
            text: format!("`{text}`: {why}"),
        })?;
        let mut remarks = Vec::new();
        let zone = match cell(self.zone) {
            "" => None,
            name => match name.parse() {
                Ok(zone) => Some((zone, ZoneOrigin::Import)),
                Err(error) => {
                    remarks.push(format!("{error}"));
                    None
                }
            },
        };
        let country = cell(self.country);
        let today = country_named(country.trim()).filter(|country| !country.is_former());
        // What is none of today is kept in the list's own words.
        let country = today.map_or(country, |today| today.code());
        let home = Home::of(country, zone, self.fallback);
        if let Some(given) = &home.country_given {
            remarks.push(unclear(given));
        }
        if !remarks.is_empty() {
            remarks.push(format!("mornings are those of {}", home.zone));
        }
        let format = match cell(self.format) {
            "" => None,
            word => {
                let format = word.to_lowercase().parse();
                format.map_err(|_| remarks.push(no_form(word))).ok()
            }
        };
        match email.advice() {
            Some(Advice::Meant(meant)) => remarks.push(format!("`{text}`: perhaps {meant} is meant")),
            Some(Advice::Throwaway) => remarks.push(format!("`{text}`: such addresses soon stop working")),
            Some(Advice::Unusual) => {
                remarks.push(format!(
                    "`{text}`: only mail servers that know SMTPUTF8 can mail to it"
                ));
            }
            None => {}
        }
        Ok(Row {
            line,
            email,
            home,
            format,
            remarks,
        })
    }
}

impl Iterator for Rows<'_> {
    type Item = Read;

    fn next(&mut self) -> Option<Read> {
        let start = self.reader.position().byte() as usize;
        let read = self.reader.read_byte_record(&mut self.record);
        let end = self.reader.position().byte() as usize;
        let line = self.advance(start, end);
        match read {
            Ok(false) => None,
            Ok(true) => Some(match self.swallowed(end) {
                Some(text) => Err(Fault { line, text }),
                None => self.row(line),
            }),
            Err(error) => Some(Err(Fault {
                line,
                text: error.to_string(),
            })),
        }
    }
}

/// The address in a cell, bare or as address books write it: `"Ann" <ann@example.org>` (RFC 5322, section 3.4). Of a reader no
/// name is kept.
fn address(cell: &str) -> Result<EmailAddress, String> {
    let cell = cell.trim();
    let cell = cell.strip_prefix("mailto:").unwrap_or(cell);
    let (name, bare) = match cell.strip_suffix('>').and_then(|cell| cell.rsplit_once('<')) {
        Some((name, bare)) => (name, bare),
        None => ("", cell),
    };
    if name.contains('<') || bare.matches('@').count() > 1 {
        return Err("several addresses in one cell: give each reader a row".to_owned());
    }
    bare.parse().map_err(|error: AddressError| error.to_string())
}

/// Where a column stands: under the name that was given for it, or under a usual one.
fn find(
    headings: &StringRecord,
    named: &[NamedColumn],
    column: Column,
    usual: &[&str],
) -> anyhow::Result<Option<usize>> {
    let plain = |name: &str| name.trim().trim_start_matches('\u{feff}').to_lowercase();
    let position = |name: &str| headings.iter().position(|heading| plain(heading) == plain(name));
    let Some(given) = named.iter().find(|named| named.column == column) else {
        return Ok(usual.iter().find_map(|name| position(name)));
    };
    let at = position(&given.name);
    let at = at.with_context(|| format!("`--column`: the file has no column `{}`", given.name))?;
    Ok(Some(at))
}

/// What becomes of a reader whose form of mails is not known.
fn no_form(given: &str) -> String {
    let (html, text) = (MailFormat::Html, MailFormat::Text);
    format!(
        "`{given}` is no form of mails (`{html}` or `{text}`): the row is kept, and its reader gets mails as {html}, or as \
         before where they were there already"
    )
}

/// Why a country is kept in the words of the list.
fn unclear(given: &str) -> String {
    // Not parsed: that looks for similar names, at a hundred times the cost.
    let former = Country::from_code(given).or_else(|| Country::from_name(given));
    match former.map(Country::successors) {
        Some(parts) => {
            let names: Vec<&str> = parts.iter().map(|country| country.name()).collect();
            format!(
                "{given} is {} today: the reader is to be asked",
                names.join(" or ")
            )
        }
        None => format!("`{given}` is no country that is known here: kept as it stands"),
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_cell_may_name_its_reader_as_address_books_do() {
        for cell in [
            "ann@example.org",
            "\"Ann\" <ann@example.org>",
            "Ann Example <ann@example.org>",
            "<ann@example.org>",
            "ann@example.org <ann@example.org>",
            "Ann <ann@example.org >",
            "mailto:ann@example.org",
        ] {
            assert_eq!(address(cell).unwrap().as_str(), "ann@example.org", "{cell}");
        }
        for (cell, why) in [
            (
                "Ann <ann@example.org>, Bob <bob@example.org>",
                "several addresses",
            ),
            ("ann@example.org; bob@example.org", "several addresses"),
            ("Ann <ann>", "looks like name@example.org"),
            ("Ann ann@example.org", "the part before the @"),
            ("<>", "looks like name@example.org"),
        ] {
            let told = address(cell).unwrap_err();
            assert!(told.contains(why), "{cell}: {told}");
        }
    }
}
