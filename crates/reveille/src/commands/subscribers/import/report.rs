//! What became of each row of a list.

use std::{
    collections::HashSet,
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::rows::Row;
use crate::{
    cli::{IfKnown, Import},
    commands::output,
    print,
};

/// Remarks that are printed; a report file holds all of them.
const SHOWN: usize = 20;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Added,
    /// The reader is there already and stays as they are.
    Known,
    /// The reader was there, and lives elsewhere now.
    Changed,
    /// An earlier row of the same file names the same reader.
    Repeated,
    Left,
    Bounced,
    /// The reader had everything about them erased.
    Erased,
    Bad,
}

impl Outcome {
    const ALL: [Self; 8] = [
        Self::Added,
        Self::Known,
        Self::Changed,
        Self::Repeated,
        Self::Left,
        Self::Bounced,
        Self::Erased,
        Self::Bad,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Known => "known",
            Self::Changed => "changed",
            Self::Repeated => "repeated",
            Self::Left => "left",
            Self::Bounced => "bounced",
            Self::Erased => "erased",
            Self::Bad => "bad",
        }
    }

    /// "1 was there already", "2 were there already".
    fn told(self, many: u64) -> String {
        let (was, stand, rows) = match many {
            1 => ("was", "stands", "row"),
            _ => ("were", "stand", "rows"),
        };
        match self {
            Self::Added => format!("{} added", print::count(many, "reader")),
            Self::Known => format!("{many} {was} there already"),
            Self::Changed => format!("{many} changed"),
            Self::Repeated => format!("{many} {stand} twice in the file"),
            Self::Left => format!("{many} had left and {was} not brought back"),
            Self::Bounced => format!("{many} had bounced and {was} not brought back"),
            Self::Erased => format!("{many} had been erased and {was} not brought back"),
            Self::Bad => format!("{many} bad {rows}"),
        }
    }
}

/// Counts rows, prints the first remarks, and writes the report file where one was asked for.
pub(super) struct Report {
    list: PathBuf,
    file: Option<(PathBuf, csv::Writer<File>)>,
    counts: [u64; Outcome::ALL.len()],
    remarks: usize,
    /// The readers of the rows before.
    seen: HashSet<String>,
}

impl Report {
    pub(super) fn new(list: &Path, file: Option<&Path>) -> anyhow::Result<Self> {
        let open = |path: &Path| {
            let mut writer = csv::Writer::from_writer(output::create(path)?);
            writer.write_record(["line", "email", "outcome", "remark"])?;
            anyhow::Ok((path.to_owned(), writer))
        };
        Ok(Self {
            list: list.to_owned(),
            file: file.map(open).transpose()?,
            counts: [0; Outcome::ALL.len()],
            remarks: 0,
            seen: HashSet::new(),
        })
    }

    /// Whether a row before named this reader; from now on one has.
    pub(super) fn is_repeated(&mut self, key: &str) -> bool {
        !self.seen.insert(key.to_owned())
    }

    pub(super) fn row(&mut self, row: &Row, outcome: Outcome) -> anyhow::Result<()> {
        let remark = row.remarks.join("; ");
        if !remark.is_empty() {
            self.remark(row.line, &remark);
        }
        self.write(row.line, row.email.as_str(), outcome, &remark)
    }

    pub(super) fn bad(&mut self, line: u64, fault: &str) -> anyhow::Result<()> {
        self.remark(line, fault);
        self.write(line, "", Outcome::Bad, fault)
    }

    fn remark(&mut self, line: u64, text: &str) {
        self.remarks += 1;
        if self.remarks <= SHOWN {
            eprintln!("{}:{line}: {}", self.list.display(), print::harmless(text));
        }
    }

    fn write(&mut self, line: u64, email: &str, outcome: Outcome, remark: &str) -> anyhow::Result<()> {
        self.counts[outcome as usize] += 1;
        if let Some((path, writer)) = &mut self.file {
            writer
                .write_record([&line.to_string(), email, outcome.word(), remark])
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    pub(super) const fn count(&self, outcome: Outcome) -> u64 {
        self.counts[outcome as usize]
    }

    /// The tally, as a sentence.
    pub(super) fn finish(mut self, options: &Import) -> anyhow::Result<String> {
        if let Some((path, writer)) = &mut self.file {
            writer
                .flush()
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        if self.remarks > SHOWN {
            eprintln!(
                "… and {} more; `--report FILE` writes all of them",
                self.remarks - SHOWN
            );
        }
        let told = Outcome::ALL
            .iter()
            .filter(|outcome| **outcome == Outcome::Added || self.count(**outcome) > 0)
            .map(|outcome| outcome.told(self.count(*outcome)));
        let mut told = told.collect::<Vec<_>>().join(", ") + ".";
        if options.if_known == IfKnown::Keep && self.count(Outcome::Known) > 0 {
            told += " `--if-known fill` adds what the file knows of readers who are there already.";
        }
        if options.dry_run {
            told += " Nothing was changed: it was a dry run.";
        }
        Ok(told)
    }
}
