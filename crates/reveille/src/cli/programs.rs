//! `reveille tokens` and `reveille webhooks`.

use clap::{Subcommand, builder::PossibleValuesParser};
use reveille_model::{CanonicalUrl, Event, Scope};

#[derive(Debug, Subcommand)]
pub(crate) enum TokensCommand {
    /// Let a program use the API, and print its token, this once: only a digest is kept
    Add {
        /// What people call the program; it stands in the consent records of readers whom it asked
        name: String,
        /// What it may do; may be given several times
        #[arg(long = "scope", required = true, value_name = "SCOPE", value_parser = scope_words())]
        scopes: Vec<String>,
    },
    /// List the programs, what they may do, and when they were last seen
    List,
    /// Shut a program out
    Revoke { name: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum WebhooksCommand {
    /// Have an address told of what happens, and print the secret by which it knows that the calls are ours
    Add {
        url: CanonicalUrl,
        /// Of what; may be given several times [default: of everything]
        #[arg(long = "event", value_name = "EVENT", value_parser = event_words())]
        events: Vec<String>,
    },
    /// List the webhooks, how many calls were taken, wait or were given up, and why
    List,
    /// Tell an address nothing more
    Remove { url: CanonicalUrl },
    /// Call one now, and say what came of it
    Test { url: CanonicalUrl },
}

fn scope_words() -> PossibleValuesParser {
    PossibleValuesParser::new(Scope::ALL.iter().map(|scope| scope.as_str()))
}

fn event_words() -> PossibleValuesParser {
    let events = Event::ALL.iter().filter(|event| **event != Event::Test);
    PossibleValuesParser::new(events.map(|event| event.as_str()))
}
