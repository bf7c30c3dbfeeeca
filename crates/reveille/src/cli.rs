//! What a person types. This is the manual too: `--help` prints these words.

use std::{num::NonZeroU16, path::PathBuf, str::FromStr};

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};
use reveille_model::{
    Approval, CanonicalUrl, Country, Day, EmailAddress, MorningTime, Slug, UnixMillis, Zone,
};

/// Makes a morning brief: gathers sources, folds copies, credits who wrote each story, composes an edition and
/// delivers it to readers at their own morning.
#[derive(Debug, Parser)]
#[command(name = "reveille", version, max_term_width = 100, after_help = GETTING_STARTED)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const GETTING_STARTED: &str = "\
A first morning:
  reveille demo                                       see a whole morning, with nothing to set up
  reveille init                                       write reveille.toml, with every setting explained
  reveille sources add https://example.org/feed.xml   or: reveille sources import feeds.opml
  reveille brief add \"The Morning Brief\" --zone Europe/London
  reveille gather                                     read what is new
  reveille edition compile                            make today's edition
  reveille edition show                               read it
  reveille subscribers add ann@example.org --country GB --consent \"asked by letter, 3 March\"
  reveille edition approve && reveille edition send   let it go out
  reveille serve                                      all of it every day, with the web pages

Exit codes: 0 done, 1 failed, 2 wrong usage or settings.";

/// What holds for every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The settings file [default: reveille.toml, where there is one]
    #[arg(long, global = true, env = "REVEILLE_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Overrides one setting, for example `--set web.listen=127.0.0.1:9000`
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) settings: Vec<(String, String)>,
    /// Starts the clock at this instant (RFC 3339) instead of the machine's time; for rehearsals
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) now: Option<UnixMillis>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("expected KEY=VALUE, for example web.listen=127.0.0.1:9000")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See a whole morning made and delivered on this machine, with nothing to set up
    Demo(Demo),
    /// Write a settings file in which every key is explained
    Init {
        /// Overwrite a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Look at the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Try everything a morning needs: store, mail server, web address, sources
    Doctor,
    /// Where news comes from
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// Read what is new in all sources that are due, and fold it into stories
    Gather {
        /// Ask every active source, due or not
        #[arg(long)]
        all: bool,
        /// Read the articles of WARC files in place of the sources
        #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "all")]
        warc: Vec<PathBuf>,
    },
    /// Read a feed, a sitemap or a wire message, and print what it says
    #[command(after_help = READING)]
    Feed(ReadFeed),
    /// Find the article on a page: its headline, text, authors, dates, and who wrote it
    #[command(after_help = EXTRACTING)]
    Extract(Extract),
    /// What the articles were folded into, why, and what you decide otherwise
    Stories(Stories),
    /// What was read, its versions, and what changed between them
    #[command(subcommand)]
    Articles(ArticlesCommand),
    /// Standing publications
    #[command(subcommand)]
    Brief(BriefCommand),
    /// One day's brief
    #[command(subcommand)]
    Edition(EditionCommand),
    /// Readers
    #[command(subcommand)]
    Subscribers(SubscribersCommand),
    /// Do everything on its schedule, and serve the web pages, until told to stop
    Serve,
    /// Write a consistent copy of the store while it is in use (SQLite)
    Backup {
        /// The new file
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Print the edition and the tally, then stop
    #[arg(long)]
    pub(crate) once: bool,
    /// Keep everything in this folder and go on from what it holds [default: a fresh temporary folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dir: Option<PathBuf>,
    /// Port of the web pages; the next free one is taken where it is in use
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
}

#[derive(Debug, Args)]
pub(crate) struct ReadFeed {
    /// A file, an http or https address, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE|URL|-")]
    pub(crate) place: String,
    /// In what form it is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FeedFormat,
    /// Read many documents, one JSON object a line, and print a line for each
    #[arg(long, conflicts_with = "format")]
    pub(crate) jsonl: bool,
}

const READING: &str = "\
Read are RSS 0.9 to 2.0, Atom, JSON Feed, sitemaps and their indexes, CDF, and the wires NITF, NewsML and ninjs; whole or
damaged, packed with gzip or not. What had to be forgiven is told.

With --jsonl a line is {\"name\", \"xml_base64\"}; for each one is printed, in the same order: {\"name\", \"format\", \"feed\",
\"entries\", \"parts\", \"faults\"}, or {\"name\", \"error\"} where it is no feed or the line cannot be read. Empty lines are
skipped.

Exit codes: 0 it was read, or all lines were answered; 1 it is no feed, or reading or printing failed; 2 wrong usage or
settings.";

/// A form in which a feed is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FeedFormat {
    /// The feed in a few lines, and a line for each entry
    #[default]
    Text,
    /// Everything that it says
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Extract {
    /// A file, an http or https address, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE|URL|-")]
    pub(crate) page: String,
    /// In what form the article is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ArticleFormat,
    /// Say for every block of the page whether it was kept and why: in JSON, or beside the article on standard error
    #[arg(long)]
    pub(crate) trace: bool,
    /// The page's address, where it is read from a file or standard input
    #[arg(long, conflicts_with = "jsonl")]
    pub(crate) url: Option<CanonicalUrl>,
    /// It is plain text, such as a clip pasted from a mail, whatever it looks like
    #[arg(long, conflicts_with = "jsonl")]
    pub(crate) text: bool,
    /// Read many pages, one JSON object a line, and print a line for each
    #[arg(long, conflicts_with = "format")]
    pub(crate) jsonl: bool,
    /// How many pages are read at the same time [default: one on each core]
    #[arg(long, requires = "jsonl", value_name = "N")]
    pub(crate) threads: Option<NonZeroU16>,
}

const EXTRACTING: &str = "\
A page is HTML in whatever character set; a file that ends in .txt, or in which nothing looks like a tag, is a clip of
plain text. An address is fetched within the limits of the settings under [gather], and robots.txt is obeyed.

With --jsonl a line is {\"id\", \"url\", \"html\"} or {\"id\", \"url\", \"html_base64\", \"charset\"}; for each one is printed, in the
same order: {\"id\", \"title\", \"body\", \"authors\", \"published\", \"language\", \"carrier\", \"agency\", \"dateline\",
\"canonical_url\", \"original_url\", \"kind\", \"paywalled\"}, or {\"id\", \"error\"} where the line cannot be read. Empty lines are
skipped.

A date is printed as the page has it: RFC 3339 where it names hour and offset, else without offset, else a day.

Exit codes: 0 an article was printed, or all lines were answered; 1 there is none, or reading or printing failed;
2 wrong usage or settings.";

/// A form in which an article is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ArticleFormat {
    /// Everything that is known of it
    #[default]
    Json,
    /// Headline, facts and body in Markdown
    Markdown,
    /// Headline, facts and body in plain text
    Text,
    /// Headline, facts and body in HTML of our own, nothing of the page's
    Html,
}

/// What a person typed does not go together; says how it is used.
pub(crate) fn misuse(what: &str) -> clap::Error {
    Cli::command().error(ErrorKind::ArgumentConflict, what)
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say every fault of the settings, with its key and place
    Check,
    /// Print every setting as it holds, and where it comes from; secrets hidden
    Show,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// Add a feed or sitemap, the best of those that a site has, a folder of wire messages, or a mailbox of newsletters
    Add {
        /// Address of the feed or of the site; path of a folder in which files in NITF, NewsML or ninjs land, over SFTP for
        /// example; path of a Maildir or an mbox file; or `imaps://USER@HOST/MAILBOX`. Nothing there is moved, marked or
        /// deleted
        #[arg(value_name = "URL|PATH")]
        url: String,
        /// The outlet's name as it stands in credits [default: the feed's title, the folder's name]
        #[arg(long)]
        carrier: Option<String>,
        /// How much this outlet counts when stories are ranked
        #[arg(long, default_value_t = 1.0)]
        weight: f64,
        /// Do not visit it first
        #[arg(long)]
        unseen: bool,
    },
    /// Find the feeds and news sitemaps of a site, best first, adding none
    Find {
        /// Address of the site
        url: String,
    },
    /// List all sources: when they were last read and are tried next, how often they publish, what is wrong
    List {
        /// Only sources that failed last time
        #[arg(long)]
        failing: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show how one source fares: its last success and error, its next try, what was forgiven, where it stood before
    Show {
        /// Its carrier's name or a part of that, or its address
        name: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Add every feed of an OPML file
    Import { file: PathBuf },
    /// Write all sources as OPML
    Export {
        /// [default: standard output]
        file: Option<PathBuf>,
    },
    /// Visit sources once and say what they answer, storing nothing
    Check {
        /// Addresses to visit [default: every active source]
        urls: Vec<String>,
    },
    /// Stop reading a source, keeping what it brought
    Pause {
        /// Its carrier's name or its address
        name: String,
    },
    /// Read a paused or vanished source again
    Resume {
        /// Its carrier's name or its address
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ArticlesCommand {
    /// Print an article as it stands, or what became of it
    Show {
        /// Its number or its address
        #[arg(value_name = "ID|URL")]
        article: String,
        /// List its versions
        #[arg(long)]
        versions: bool,
        /// Print what each version changed: `[-taken out-]`, `{+put in+}`
        #[arg(long)]
        diff: bool,
        /// Everything that is known of it and of its versions, as JSON
        #[arg(long, conflicts_with_all = ["versions", "diff"])]
        json: bool,
    },
    /// Take an article back for good: editions that are not out lose its entry, those that are get marked
    Withdraw {
        /// Its number or its address
        #[arg(value_name = "ID|URL")]
        article: String,
        /// Why, for other editors
        #[arg(long)]
        reason: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true, after_help = FOLDING)]
pub(crate) struct Stories {
    /// Fold articles read as JSON lines from a file or standard input, without a store
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub(crate) jsonl: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Option<StoriesCommand>,
}

const FOLDING: &str = "\
Lines for --jsonl: {\"id\",\"date\",\"source\",\"url\",\"title\",\"text\"}, some with \"canonical\", in the order in which
the articles came. Each is answered by {\"id\",\"story\",\"copy_of\",\"link\",\"agency\",\"overlap\"} once all are read, or
by {\"id\",\"error\"}.";

#[derive(Debug, Subcommand)]
pub(crate) enum StoriesCommand {
    /// List stories, the highest rank first
    List {
        /// Only stories that grew since then: hours back (`12h`), days back (`3d`) or an instant (RFC 3339)
        #[arg(long, value_name = "WHEN", default_value = "24h")]
        since: Since,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a story: its articles, their copies, who wrote it
    Show {
        story: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the evidence for where one article was put (`stories show` prints the articles' numbers)
    Explain {
        article: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Decide that two articles tell of one event
    Join {
        article: i64,
        with: i64,
        /// Both carry the same text: one is a copy of the other
        #[arg(long)]
        text: bool,
    },
    /// Decide that two articles tell of different events
    Part {
        article: i64,
        from: i64,
        /// Only that neither carries the other's text; they may still tell of one event
        #[arg(long)]
        text: bool,
    },
    /// Decide who wrote an article's text, and so that of all its copies
    Credit {
        article: i64,
        /// The agency or outlet
        name: String,
        /// The writer's own article, where it is among the copies
        #[arg(long, value_name = "ARTICLE")]
        own: Option<i64>,
    },
    /// List what was decided
    Rulings,
    /// Take a decision back
    Undo { ruling: i64 },
}

/// A time that a person gives as an instant or as a span back from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// That instant.
    At(UnixMillis),
    /// So many milliseconds ago.
    Ago(i64),
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            format!(
                "`{text}`: expected hours (`12h`), days (`3d`) or an instant such as 2031-03-10T04:00:00Z"
            )
        };
        for (unit, millis) in [("h", 3_600_000), ("d", 86_400_000)] {
            if let Some(count) = text.strip_suffix(unit) {
                let count: u32 = count.parse().map_err(|_| expected())?;
                return Ok(Self::Ago(i64::from(count) * millis));
            }
        }
        text.parse().map(Self::At).map_err(|_| expected())
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum BriefCommand {
    /// Add a brief
    Add {
        /// Its masthead: "The Morning Brief"
        name: String,
        /// When it reaches readers, on their own clock
        #[arg(long, default_value = "06:00")]
        send_at: MorningTime,
        /// The editors' time zone
        #[arg(long, default_value = "UTC")]
        zone: Zone,
        /// Minutes before that hour, in the editors' zone, at which an edition is compiled
        #[arg(long, default_value_t = 75)]
        lead_minutes: u32,
        /// Who lets an edition go out: manual or automatic
        #[arg(long, default_value = "manual")]
        approval: Approval,
        /// Everything about it, as `brief show` prints it; the other options are then not read
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
    },
    /// List all briefs
    List,
    /// Print a brief's plan as TOML: sections, keywords, hours, consent sentence
    Show { brief: Option<Slug> },
    /// Replace a brief's plan by a file that `brief show` printed and you edited
    Update { brief: Slug, plan: PathBuf },
}

/// Which edition.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The brief's short name; not needed while there is one brief only
    pub(crate) brief: Option<Slug>,
    /// The day that the edition is dated [default: today, in the editors' zone]
    #[arg(long)]
    pub(crate) day: Option<Day>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EditionCommand {
    /// Compose the edition from the night's stories; an open draft of the day is replaced
    Compile {
        #[command(flatten)]
        which: Which,
    },
    /// Print the edition and what its checks found
    Show {
        #[command(flatten)]
        which: Which,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Let the edition go out, at each reader's own morning
    Approve {
        #[command(flatten)]
        which: Which,
    },
    /// Deliver what is due now, and say what is still to come
    Send {
        #[command(flatten)]
        which: Which,
    },
    /// List the editions of a brief
    List { brief: Option<Slug> },
}

/// A form in which an edition is printed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Format {
    /// Plain text, as in the mail's text part
    #[default]
    Text,
    /// The mail's HTML part
    Html,
    /// Markdown
    Markdown,
    /// Everything that is known of each entry, with its evidence
    Json,
    /// The whole mail, as one reader gets it
    Eml,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SubscribersCommand {
    /// Enter one reader who has agreed in some other way than on the web page
    Add {
        email: EmailAddress,
        #[command(flatten)]
        entered: Entered,
        /// Country, by name or two-letter code
        #[arg(long)]
        country: Option<Country>,
        /// Time zone [default: the usual one of the country]
        #[arg(long)]
        zone: Option<Zone>,
    },
    /// List readers, their state and the proof of their consent
    List {
        brief: Option<Slug>,
        /// As JSON, with every line of the consent record
        #[arg(long)]
        json: bool,
    },
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
    /// Enter readers from a CSV file with the columns email, country, zone; every row is answered for
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
    /// Under which heading a column stands: `email=Mail`, `country=Land`, `zone=Region`
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
A country may be a code or a name, of today or of an old list: one that was renamed is taken for what it is today; one that
was split, or is not known, is kept as it stands, and the reader's mornings are those of all its parts, or else the brief's.
Readers who left or bounced are never brought back. An import that was cut off is simply run again.

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
        .ok_or("expected `email=`, `country=` or `zone=` and a heading")?;
    let column = match column {
        "email" => Column::Email,
        "country" => Column::Country,
        "zone" => Column::Zone,
        other => return Err(format!("`{other}` is no column (there are email, country, zone)")),
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
    #[arg(long)]
    pub(crate) consent: String,
}
