//! What a person types. This is the manual too: `--help` prints these words.

mod briefs;
mod deliveries;
mod desk;
mod programs;
mod reading;
mod segments;
mod sources;
mod stories;
mod subscribers;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, CommandFactory, Parser, Subcommand, error::ErrorKind};
use reading::{BOUNCES, EXTRACTING, READING};
use reveille_model::{Country, CountryError, UnixMillis};

pub(crate) use briefs::{
    BriefCommand, EditionCommand, EventCommand, Format, NewBrief, Reword, TemplateCommand, Which,
};
pub(crate) use deliveries::{DeliveryCommand, Ending, Listed, ShowDeliveries, TallyFormat, Whose};
pub(crate) use desk::DeskCommand;
pub(crate) use programs::{TokensCommand, WebhooksCommand};
pub(crate) use reading::{ArticleFormat, Extract, FeedFormat, ReadBounce, ReadFeed};
pub(crate) use segments::SegmentsCommand;
pub(crate) use sources::{Issued, SecretPlace, SourcesCommand};
pub(crate) use stories::{ArticlesCommand, Since, Stories, StoriesCommand};
pub(crate) use subscribers::{Column, Entered, IfKnown, Import, NamedColumn, SubscribersCommand, Wish};

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
    /// The settings file; the variable `REVEILLE_CONFIG` names one too [default: reveille.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Overrides one setting, for example `--set web.listen=127.0.0.1:9000`
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) settings: Vec<(String, String)>,
    /// Starts the clock at this instant (RFC 3339) instead of the machine's time; for rehearsals on a copy of the store
    /// (`reveille backup`), with `mail.transport=folder`. On the real one all that is done lasts: `gather` puts off when each source is
    /// asked next, and `edition send` mails readers
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) now: Option<UnixMillis>,
}

/// The arguments with every `--set` before the command: of an option that stands on both sides of it, clap keeps those
/// behind it only.
pub(crate) fn settings_first(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments = arguments.peekable();
    let mut first: Vec<OsString> = arguments.next().into_iter().collect();
    let mut rest = Vec::new();
    while let Some(argument) = arguments.next_if(|argument| argument != "--") {
        match argument.to_str() {
            Some("--set") => first.extend([argument].into_iter().chain(arguments.next())),
            Some(text) if text.starts_with("--set=") => first.push(argument),
            _ => rest.push(argument),
        }
    }
    first.extend(rest);
    first.extend(arguments);
    first
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
    /// Keys that prove to mail hosts who sends
    #[command(subcommand)]
    Dkim(DkimCommand),
    /// Try everything a morning needs: store, mail servers, your domains in the DNS, web address, sources
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
    /// Read a mail that came back: whom it did not reach, why, and whether for good
    #[command(after_help = BOUNCES)]
    Bounce(ReadBounce),
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
    /// Who received an edition, who did not, and why
    #[command(subcommand)]
    Delivery(DeliveryCommand),
    /// Who works at the desk: the web pages for editors
    #[command(subcommand)]
    Desk(DeskCommand),
    /// Readers
    #[command(subcommand)]
    Subscribers(SubscribersCommand),
    /// Readers by what they have in common, under a name
    #[command(subcommand)]
    Segments(SegmentsCommand),
    /// Programs that may use the API (`/api/openapi.json` says what there is)
    #[command(subcommand)]
    Tokens(TokensCommand),
    /// Addresses that are told of sign-ups, exits, bounces and editions
    #[command(subcommand)]
    Webhooks(WebhooksCommand),
    /// Do everything on its schedule, and serve the web pages, until told to stop
    Serve {
        /// What this node does of it; several nodes share one PostgreSQL store
        #[arg(long, value_enum, value_delimiter = ',', default_values_t = Role::ALL)]
        roles: Vec<Role>,
    },
    /// Write a consistent copy of the store while it is in use (SQLite)
    Backup {
        /// The new file
        file: PathBuf,
    },
}

/// A part of what `serve` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Role {
    /// The pages of readers and editors, and the API
    Web,
    /// Reading the sources, and folding what they bring
    Gather,
    /// Making editions, and all mail that goes out
    Deliver,
    /// Mail that comes back
    Bounce,
}

impl Role {
    pub(crate) const ALL: [Self; 4] = [Self::Web, Self::Gather, Self::Deliver, Self::Bounce];
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

/// A country by its code, or by its name in any language of readers.
fn country(text: &str) -> Result<Country, CountryError> {
    reveille_desk::country_named(text.trim()).map_or_else(|| text.parse(), Ok)
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
pub(crate) enum DkimCommand {
    /// Make an RSA and an Ed25519 key, and print what to put into the DNS and into the settings
    Keygen {
        /// Write the keys into this folder, which is made if missing
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// The domain that signs [default: that of `mail.from_address`]
        #[arg(long)]
        domain: Option<String>,
    },
}
