//! `reveille brief` and `reveille edition`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use reveille_model::{Access, Approval, Day, EmailAddress, Language, MorningTime, Slug, Weekdays, Zone};

#[derive(Debug, Subcommand)]
pub(crate) enum BriefCommand {
    /// Add a brief
    Add(NewBrief),
    /// List all briefs
    List,
    /// Print a brief's plan as TOML: sections, keywords, hours, consent sentence
    Show { brief: Option<Slug> },
    /// Say to how many readers its editions go, or have them go to a segment of its readers, or to all of them again. It
    /// holds from the next edition that is approved; who may sign up and read it stays as it is
    Audience {
        brief: Option<Slug>,
        /// The name of a segment (`reveille segments list`)
        #[arg(long, conflicts_with = "everybody")]
        segment: Option<String>,
        /// All readers on its list
        #[arg(long)]
        everybody: bool,
    },
    /// Say how often the links of its mails were followed, by edition; or count that from now on, or no more. It is counted
    /// per entry and never per reader, and the sign-up says so
    Clicks {
        brief: Option<Slug>,
        /// Count from the next edition that leaves
        #[arg(long, conflicts_with = "leave")]
        count: bool,
        /// Count no more; the links of mails that are out work on
        #[arg(long)]
        leave: bool,
    },
    /// Print the sign-up form as plain HTML for a page of another site, which `web.form_origins` must name
    Form { brief: Option<Slug> },
    /// Change how its mails and pages look
    Template {
        #[command(subcommand)]
        command: TemplateCommand,
    },
    /// Sections that events have while they go on: which there are and why, and what you decide otherwise
    Event {
        #[command(subcommand)]
        command: EventCommand,
    },
    /// Replace a brief's plan by a file that `brief show` printed and you edited
    Update { brief: Slug, plan: PathBuf },
    /// Remove a brief that never had a reader and of which no edition was approved, such as one with a wrong name
    Remove { brief: Slug },
}

/// What a new brief is.
#[derive(Debug, Args)]
pub(crate) struct NewBrief {
    /// Its masthead: "The Morning Brief"
    #[arg(value_parser = masthead)]
    pub(crate) name: String,
    /// Its name in commands and web addresses [default: made of the name]
    #[arg(long, value_name = "NAME")]
    pub(crate) short_name: Option<Slug>,
    /// When it reaches readers, on their own clock
    #[arg(long, default_value = "06:00")]
    pub(crate) send_at: MorningTime,
    /// The days on which it comes out, such as mon,tue,wed,thu,fri [default: every day]
    #[arg(long, default_value_t, hide_default_value = true)]
    pub(crate) days: Weekdays,
    /// The editors' time zone
    #[arg(long, default_value = "UTC")]
    pub(crate) zone: Zone,
    /// Minutes before that hour, in the editors' zone, at which an edition is compiled; 2880 at most
    #[arg(long, default_value_t = 75)]
    pub(crate) lead_minutes: u32,
    /// Who lets an edition go out: manual or automatic
    #[arg(long, default_value = "manual")]
    pub(crate) approval: Approval,
    /// The language in which its pages and mails speak to readers: en, de, fr, es
    #[arg(long, default_value = "en")]
    pub(crate) language: Language,
    /// Whose it is: public, or named for readers whom editors enter, with no page for others
    #[arg(long, default_value = "public")]
    pub(crate) access: Access,
    /// Everything about it, as `brief show` prints it; of the other options `--short-name` alone is then read
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
}

fn masthead(name: &str) -> Result<String, &'static str> {
    match name.trim() {
        "" => Err("the name is empty: say what the brief is called"),
        name => Ok(name.to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// Write our own templates into a folder, for you to change: mail.html and web.html. The setting `look.templates` names
    /// the folder; in a folder of a brief's short name within it they are for that brief alone
    Init { folder: PathBuf },
    /// Render an invented edition that holds one of everything with every template, and say what is wrong
    Check {
        /// Keep what they make, to look at it
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventCommand {
    /// List the sections of the last weeks, with why they opened and ended
    List { brief: Option<Slug> },
    /// Open one for a story (`reveille stories list` has the numbers); what carries the story on goes into it, and what else a
    /// night tells of its event
    Open { story: i64, brief: Option<Slug> },
    /// Change its heading, and the words by which stories belong to it beside those that carry one of its stories on
    Set {
        /// Its number in the list
        section: i64,
        #[arg(long)]
        name: Option<String>,
        /// A word or phrase; repeat it for more. They replace those that were set
        #[arg(long = "keyword")]
        keywords: Vec<String>,
    },
    /// Say that a story is of its event, whatever the story carries on
    Add {
        /// The section's number in the list
        section: i64,
        story: i64,
    },
    /// Say that a story is not of its event; what carries the story on stays out, too
    Remove {
        /// The section's number in the list
        section: i64,
        story: i64,
    },
    /// Close one, until you open it again
    Close { section: i64 },
    /// Open one again that ended or was closed
    Reopen { section: i64 },
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
    /// Compose the edition from the night's stories; an open draft of the day is replaced, unless somebody edited it
    Compile {
        #[command(flatten)]
        which: Which,
        /// Make it anew, and lose what was edited
        #[arg(long)]
        again: bool,
    },
    /// Print the edition and what its checks found
    Show {
        #[command(flatten)]
        which: Which,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Put your own edit in the place of the open edition: what `edition show --format json` printed, with entries moved,
    /// removed or reworded. What you wrote is compared with the articles
    Update {
        /// The edited edition; `-` for standard input
        #[arg(value_name = "FILE|-")]
        file: String,
        #[command(flatten)]
        which: Which,
    },
    /// Ask the model of `[model]` in the settings for a headline and a summary of an entry, and show them beside its article
    Propose {
        /// The entry's number
        #[arg(value_name = "ENTRY")]
        number: usize,
        #[command(flatten)]
        which: Which,
    },
    /// Set the words of an entry of the open edition. What you wrote is compared with the article
    Reword(Reword),
    /// Mail the edition as readers would get it, open or not, marked as a proof in its subject. Nothing is counted, and its
    /// links to leave or to change settings belong to nobody. Says what the mail server answered
    Proof {
        /// Whom to mail it
        #[arg(value_name = "ADDRESS", required = true)]
        to: Vec<EmailAddress>,
        /// The brief's short name; not needed while there is one brief only
        #[arg(long)]
        brief: Option<Slug>,
        /// The day that the edition is dated [default: today, in the editors' zone]
        #[arg(long)]
        day: Option<Day>,
    },
    /// Let the edition go out, at each reader's own morning
    Approve {
        /// Only if it is at this revision still, which `edition show --format json` prints
        #[arg(long)]
        revision: Option<u32>,
        #[command(flatten)]
        which: Which,
    },
    /// Take an approved edition back while nothing of it has left, or where it ended without reaching anybody: it is open
    /// again, its page is gone from the web, and nobody gets it until it is approved anew
    Recall {
        #[command(flatten)]
        which: Which,
    },
    /// Deliver what is due now, and say what is still to come. Where deliveries are unknown or the mailing rests after
    /// failures, it says what to do, and ends with code 1
    Send {
        #[command(flatten)]
        which: Which,
    },
    /// Say how many leave in each hour, and when the last zone is reached
    Forecast {
        #[command(flatten)]
        which: Which,
    },
    /// Say how often each entry was followed from the mails, where the brief counts that (`reveille brief clicks`)
    Clicks {
        #[command(flatten)]
        which: Which,
    },
    /// State what an entry had wrong of an edition that is out, or why one was withdrawn. The entry says so from then on, on the web too; what its
    /// article says by now takes its place; and the next edition repeats it
    Correct {
        /// The entry's number
        #[arg(value_name = "ENTRY")]
        number: usize,
        /// What was wrong and what is right, in whole sentences
        text: String,
        /// The headline as it should be
        #[arg(long)]
        headline: Option<String>,
        /// The sentence beneath it as it should be
        #[arg(long)]
        summary: Option<String>,
        /// Mail it now to everybody who may have the wrong one, and to nobody else
        #[arg(long)]
        send: bool,
        #[command(flatten)]
        which: Which,
    },
    /// List the editions of a brief
    List { brief: Option<Slug> },
}

#[derive(Debug, Args)]
pub(crate) struct Reword {
    /// The entry's number
    #[arg(value_name = "ENTRY")]
    pub(crate) number: usize,
    /// The headline to print
    #[arg(long)]
    pub(crate) headline: Option<String>,
    /// The sentence to print beneath it
    #[arg(long)]
    pub(crate) summary: Option<String>,
    /// The model that proposed them, which the edition keeps: a headline and a summary that you have read and take over
    #[arg(long)]
    pub(crate) model: Option<String>,
    /// In which language they are, as a BCP 47 tag [default: the brief's; of a model's words the article's]
    #[arg(long)]
    pub(crate) language: Option<Language>,
    #[command(flatten)]
    pub(crate) which: Which,
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
    /// For print: A4 with an index, tagged for screen readers; `> edition.pdf`
    Pdf,
    /// For reading devices: EPUB 3 with a table of contents; `> edition.epub`
    Epub,
}
