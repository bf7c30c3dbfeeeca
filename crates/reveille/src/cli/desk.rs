//! `reveille desk`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum DeskCommand {
    /// Print a link that signs an editor in, once and within ten minutes
    Link {
        /// The editor's name, by which their session is told from others
        #[arg(default_value = "editor")]
        name: String,
    },
    /// List who is signed in
    Sessions,
    /// End a session, or all of them
    SignOut {
        /// Its number, as `desk sessions` lists it
        #[arg(required_unless_present = "all")]
        number: Option<i64>,
        /// Every session, and every link that was not used
        #[arg(long, conflicts_with = "number")]
        all: bool,
    },
}
