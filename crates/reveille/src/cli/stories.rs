//! `reveille articles` and `reveille stories`.

use std::str::FromStr;

use clap::{Args, Subcommand};
use reveille_model::UnixMillis;

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
Lines for --jsonl: {\"id\",\"date\",\"source\",\"url\",\"title\",\"text\"}, some with \"canonical\", in the order in which \
the articles came. Each is answered by {\"id\",\"story\",\"copy_of\",\"link\",\"agency\",\"overlap\"} once all are read, or \
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
        /// Its number or its address
        #[arg(value_name = "ID|URL")]
        article: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Decide that two articles tell of one event
    Join {
        /// Its number or its address
        #[arg(value_name = "ID|URL")]
        article: String,
        /// The other's number or address
        #[arg(value_name = "ID|URL")]
        with: String,
        /// Both carry the same text: one is a copy of the other
        #[arg(long)]
        text: bool,
    },
    /// Decide that two articles tell of different events
    Part {
        /// Its number or its address
        #[arg(value_name = "ID|URL")]
        article: String,
        /// The other's number or address
        #[arg(value_name = "ID|URL")]
        from: String,
        /// Only that neither carries the other's text; they may still tell of one event
        #[arg(long)]
        text: bool,
    },
    /// Decide who wrote an article's text, and so that of all its copies
    Credit {
        /// Its number or its address
        #[arg(value_name = "ID|URL")]
        article: String,
        /// The agency or outlet
        name: String,
        /// The writer's own article, where it is among the copies
        #[arg(long, value_name = "ID|URL")]
        own: Option<String>,
    },
    /// List what was decided
    Rulings,
    /// Take a decision back
    Undo {
        /// Its number, as `stories rulings` prints it
        ruling: i64,
    },
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
