//! The rows of a list of readers.

use anyhow::Context;
use csv::{ByteRecord, StringRecord};
use reveille_model::{Advice, Country, EmailAddress, Home, MailFormat, Zone, ZoneOrigin};

use crate::cli::{Column, NamedColumn};

/// A row that names a reader.
pub(super) struct Row {
    /// Where it ends in the file, counted from 1.
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
    reader: csv::Reader<&'a [u8]>,
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
    pub(super) fn of(bytes: &'a [u8], named: &[NamedColumn], fallback: &'a Zone) -> anyhow::Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let headings = reader.byte_headers().context("the file has no first line")?;
        let headings = StringRecord::from_byte_record_lossy(headings.clone());
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
            reader,
            email,
            country,
            zone,
            format,
            fallback,
            record: ByteRecord::new(),
        })
    }

    fn row(&self, line: u64) -> Read {
        let record = StringRecord::from_byte_record_lossy(self.record.clone());
        let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default();
        let text = cell(Some(self.email));
        let email: EmailAddress = text.parse().map_err(|error| Fault {
            line,
            text: format!("`{text}`: {error}"),
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
                format.map_err(|error| remarks.push(format!("{error}"))).ok()
            }
        };
        match email.advice() {
            Some(Advice::Meant(meant)) => remarks.push(format!("`{text}`: perhaps {meant} is meant")),
            Some(Advice::Throwaway) => remarks.push(format!("`{text}`: such addresses soon stop working")),
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
        let line = self.reader.position().line();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => Some(self.row(self.record.position().map_or(line, csv::Position::line))),
            Err(error) => Some(Err(Fault {
                line,
                text: error.to_string(),
            })),
        }
    }
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
