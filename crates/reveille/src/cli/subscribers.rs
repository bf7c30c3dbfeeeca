//! `reveille subscribers`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use reveille_model::{Country, Day, EmailAddress, Slug, Zone};

#[derive(Debug, Subcommand)]
pub(crate) enum SubscribersCommand {
    /// Enter one reader who has agreed in some other way than on the web page
    Add {
        email: EmailAddress,
        #[command(flatten)]
        entered: Entered,
        /// Country, by name or two-letter code
        #[arg(long, value_parser = super::country)]
        country: Option<Country>,
        /// Time zone [default: the usual one of the country]
        #[arg(long)]
        zone: Option<Zone>,
    },
    /// List readers, their state and the proof of their consent
    List {
        brief: Option<Slug>,
        /// Only those of this segment, of whatever brief
        #[arg(long, conflicts_with = "brief")]
        segment: Option<String>,
        /// As JSON, with every line of the consent record
        #[arg(long)]
        json: bool,
    },
    /// Show month by month how many readers came, and why others went
    Figures { brief: Option<Slug> },
    /// Print the proof that a reader asked for the brief: each step with its time, wording, network and mail
    Proof {
        email: EmailAddress,
        /// The brief's short name; not needed while there is one brief only
        #[arg(long)]
        brief: Option<Slug>,
        /// As JSON, with the texts that the seals were taken of
        #[arg(long)]
        json: bool,
    },
    /// Check that no consent record was changed or cut since it was written
    Verify,
    /// Take a reader off the list who asked for it in some other way than by a link of a mail; only they can come back, by
    /// signing up
    Leave {
        #[command(flatten)]
        wish: Wish,
    },
    /// Send a reader no edition before that of a day
    Pause {
        #[command(flatten)]
        wish: Wish,
        /// The day of the first edition that they want again: 2026-05-02
        #[arg(long, value_name = "DAY")]
        until: Day,
    },
    /// Send a reader every edition again who paused, or whose mail host refused them and now takes their mail
    Resume {
        #[command(flatten)]
        wish: Wish,
    },
    /// List what readers wrote to the return path of their mails, latest first; whoever wrote no more than "unsubscribe" has
    /// left by that
    Answers { brief: Option<Slug> },
    /// Print everything that is kept about one address, for all briefs, as JSON
    Data { email: EmailAddress },
    /// Erase everything that is kept about one address, for all briefs, for good; a keyed hash stays, so that no list
    /// brings the reader back
    Erase { email: EmailAddress },
    /// Write the readers who get a brief to a CSV file with the columns that an import takes: email, country, zone, format
    Export {
        /// The file, or `-` for standard output
        file: PathBuf,
        /// The brief's short name; not needed while there is one brief only
        #[arg(long)]
        brief: Option<Slug>,
        /// Only those of this segment, of whatever brief
        #[arg(long, conflicts_with = "brief")]
        segment: Option<String>,
    },
    /// Enter readers from a CSV file with the columns email, country, zone, format; every row is answered for
    Import(Import),
}

#[derive(Debug, Args)]
#[command(after_help = IMPORTING)]
pub(crate) struct Import {
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) entered: Entered,
    /// What to do where a reader is there already
    #[arg(long, value_enum, default_value_t)]
    pub(crate) if_known: IfKnown,
    /// Under which heading a column stands: `email=Mail`, `country=Land`, `zone=Region`, `format=Form`
    #[arg(long = "column", value_name = "COLUMN=HEADING", value_parser = named_column)]
    pub(crate) columns: Vec<NamedColumn>,
    /// Write what became of each row to this CSV file: line, email, outcome, remark
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Change nothing, and tell what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

const IMPORTING: &str = "\
A country may be a code or a name, of today or of an old list: one that was renamed is taken for what it is today; one that \
was split, or is not known, is kept as it stands, and the reader's mornings are those of all its parts, or else the brief's. \
Readers who left, bounced or were erased are never brought back. An edition that is going out reaches those of the list whose \
hour for it is still ahead. An import that was cut off is simply run again.

Exit codes: 0 every row names a reader; 1 some do not, and were left out; 2 wrong usage or settings.";

/// What an import does with a reader who is there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum IfKnown {
    /// Leave them as they are
    #[default]
    Keep,
    /// Add what was not known of them
    Fill,
    /// Take what the file says; the zone that a reader chose stays
    Overwrite,
}

/// What a column of a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Email,
    Country,
    Zone,
    Format,
}

/// A column under a heading of its own.
#[derive(Debug, Clone)]
pub(crate) struct NamedColumn {
    pub(crate) column: Column,
    pub(crate) name: String,
}

fn named_column(text: &str) -> Result<NamedColumn, String> {
    let (column, name) = text
        .split_once('=')
        .ok_or("expected `email=`, `country=`, `zone=` or `format=` and a heading")?;
    let column = match column {
        "email" => Column::Email,
        "country" => Column::Country,
        "zone" => Column::Zone,
        "format" => Column::Format,
        other => {
            return Err(format!(
                "`{other}` is no column (there are email, country, zone, format)"
            ));
        }
    };
    let name = name.to_owned();
    Ok(NamedColumn { column, name })
}

/// Who vouches for a reader who did not use the sign-up page.
#[derive(Debug, Args)]
pub(crate) struct Entered {
    /// The brief's short name; not needed while there is one brief only
    #[arg(long)]
    pub(crate) brief: Option<Slug>,
    /// How and when they agreed; kept as the proof of consent
    #[arg(long, value_parser = said)]
    pub(crate) consent: String,
}

/// What a reader asked us to do for them.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    pub(crate) email: EmailAddress,
    /// How and when they asked, or whence you know; kept in their consent record
    #[arg(long, value_parser = asked)]
    pub(crate) reason: String,
    /// The brief's short name; not needed while there is one brief only
    #[arg(long)]
    pub(crate) brief: Option<Slug>,
}

/// Words that say something: what proves nothing is not kept as a proof.
fn said(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("it says nothing; write how and when they agreed, such as \"paper form, March 2026\""),
        said => Ok(said.to_owned()),
    }
}

fn asked(text: &str) -> Result<String, &'static str> {
    said(text)
        .map_err(|_| "it says nothing; write how and when they asked, such as \"by telephone, 3 March\"")
}
