//! `reveille desk`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum DeskCommand {
    /// Print a link that signs an editor in, once and within ten minutes
    Link {
        /// The editor's name, by which their session is told from others; their address, where they want proofs by mail
        #[arg(default_value = "editor")]
        name: String,
    },
    /// List who is signed in
    Sessions,
    /// End a session, or all of them
    SignOut(WhichSessions),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct WhichSessions {
    /// Its number, as `desk sessions` lists it
    pub(crate) number: Option<i64>,
    /// Every session, and every link that was not used
    #[arg(long)]
    pub(crate) all: bool,
}
