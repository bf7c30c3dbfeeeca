//! `reveille sources`.

use clap::{Args, Subcommand};

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
    Import {
        /// The file, or `-` for standard input
        #[arg(value_name = "FILE|-")]
        file: String,
    },
    /// Write all sources that are on the web as OPML, with their weights, and say what that cannot carry
    Export {
        /// The file, or `-` for standard output
        #[arg(value_name = "FILE|-", default_value = "-")]
        file: String,
    },
    /// Visit sources once and say what they answer, storing nothing
    Check {
        /// Addresses to visit [default: every active source]
        urls: Vec<String>,
    },
    /// Keep what the publisher issued to you for a source. It is sent to the source's own host alone and never shown again
    SignIn {
        /// Its carrier's name or its address
        name: String,
        #[command(flatten)]
        issued: Issued,
        #[command(flatten)]
        secret: SecretPlace,
    },
    /// Forget what a publisher issued for a source
    SignOut {
        /// Its carrier's name or its address
        name: String,
    },
    /// Stop reading a source, keeping what it brought
    Pause {
        /// Its carrier's name or its address
        name: String,
    },
    /// Take a source off the list and forget what was issued for it; the articles that it brought stay
    Remove {
        /// Its carrier's name or its address
        name: String,
    },
    /// Read a paused, vanished or removed source again
    Resume {
        /// Its carrier's name or its address
        name: String,
    },
}

/// In which form the publisher wants the secret.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Issued {
    /// A password, for this user
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// A key, in this header
    #[arg(long, value_name = "NAME")]
    pub(crate) header: Option<String>,
    /// A cookie, as the browser sends it
    #[arg(long)]
    pub(crate) cookie: bool,
}

/// Where the secret is read from. It is no argument itself: those are seen by every user of the machine.
#[derive(Debug, Args)]
pub(crate) struct SecretPlace {
    /// A file that holds the secret alone [default: standard input]
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub(crate) secret_file: String,
    /// A variable of the environment that holds the secret
    #[arg(long, value_name = "VARIABLE", conflicts_with = "secret_file")]
    pub(crate) secret_env: Option<String>,
}
