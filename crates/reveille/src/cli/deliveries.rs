//! `reveille delivery`.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand, ValueEnum};
use reveille_model::{DeliveryState, EmailAddress, UnknownState};

use super::Which;

#[derive(Debug, Subcommand)]
pub(crate) enum DeliveryCommand {
    /// Say who received an edition, who did not, and why
    Show(ShowDeliveries),
    /// Send once more to readers whose delivery is unknown, or failed, or came too late
    Resend {
        #[command(flatten)]
        whose: Whose,
        /// Those that were given up, or refused otherwise than since nobody has the address, in place of those of which nobody knows
        #[arg(long)]
        failed: bool,
        /// Those that came too late, in place of those of which nobody knows
        #[arg(long, conflicts_with = "failed")]
        missed: bool,
    },
    /// Say of deliveries that are unknown what became of them, as the mail server's log has it
    Settle {
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        known: Known,
        /// Those that wait for their time, in place of those of which nobody knows: of a store that was put back from a copy,
        /// what had left since the copy was made
        #[arg(long, conflicts_with = "log")]
        queued: bool,
    },
}

/// Whence it is known what became of them.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Known {
    /// What became of them
    #[arg(long = "as", value_enum)]
    pub(crate) ending: Option<Ending>,
    /// Read it from this log of Postfix or Exim, of several files the oldest first: what that shows as taken was sent, the rest waits on
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Vec<PathBuf>,
}

/// Which deliveries of an edition, or of what it had wrong.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Only the one to this reader
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) reader: Option<EmailAddress>,
    /// The mails that told readers what this entry had wrong, in place of the edition itself
    #[arg(long, value_name = "ENTRY")]
    pub(crate) correction: Option<usize>,
}

#[derive(Debug, Args)]
#[command(after_help = STATES)]
pub(crate) struct ShowDeliveries {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Those in this state [default: those that did not arrive, or may not have]
    #[arg(long, conflicts_with_all = ["reader", "doubted", "came_back"])]
    pub(crate) state: Option<Listed>,
    /// The one to this reader
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["doubted", "came_back"])]
    pub(crate) reader: Option<EmailAddress>,
    /// The mails that told readers what this entry had wrong, in place of the edition itself
    #[arg(long, value_name = "ENTRY")]
    pub(crate) correction: Option<usize>,
    /// Those of which it was once not known whether the mail server had them: only these may have arrived twice
    #[arg(long, conflicts_with = "came_back")]
    pub(crate) doubted: bool,
    /// Those that came back after the mail server had taken them: a returned mail or a mail service says why
    #[arg(long)]
    pub(crate) came_back: bool,
    /// So many of them at most
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: u32,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TallyFormat,
}

/// What is asked for by the name of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Those in this state.
    In(DeliveryState),
    /// Those queued ones that were put off: a state to whoever asks, though they wait as all that is queued does.
    Deferred,
    /// Those withdrawn and those missed: what nobody tries to send any more, and nobody tried in vain.
    Skipped,
}

impl FromStr for Listed {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        Ok(match word {
            "deferred" => Self::Deferred,
            "planned" => Self::In(DeliveryState::Queued),
            "claimed" => Self::In(DeliveryState::Sending),
            "accepted" => Self::In(DeliveryState::Sent),
            "skipped" => Self::Skipped,
            _ => {
                let state = word.parse().map_err(|unknown: UnknownState| UnknownState {
                    expected: format!("{}, deferred, or {OTHER_NAMES}", unknown.expected),
                    ..unknown
                });
                Self::In(state?)
            }
        })
    }
}

/// What other ledgers call these states, to whoever comes from one.
const OTHER_NAMES: &str =
    "planned for queued, claimed for sending, accepted for sent, skipped for withdrawn and missed";

const STATES: &str = "\
A delivery is in one state:
  queued     waits for the reader's morning, or for the next try: `--state deferred` lists those
             that were tried and put off, with the answer and the time of the next try
  sending    a process has taken it in hand; nothing has left
  wire       is being handed to the mail server
  sent       the mail server took it
  refused    the mail server refused the reader for good
  failed     given up: after two days of tries, or since the mail server takes no such message
  unknown    handed over without an answer: goes out once more after ten minutes under the
             same Message-ID, or waits for you, or for what the mail server's log says, as the
             brief's plan has it (if_unknown = \"resend\", \"hold\", \"reconcile\"); `delivery
             resend` and `delivery settle` end the waiting, of a correction's mails with
             `--correction ENTRY`
  withdrawn  the reader left, paused or bounced before it was sent
  missed     the edition's day was over where the reader lives, or the \"too late\" hour of the
             brief's plan (too_late = \"11:00\") came first

`--state` also takes the names of other ledgers: planned (queued), claimed (sending), accepted
(sent), skipped (withdrawn and missed).

After a run of failures, or where the mail server cannot be reached, a mailing rests for ten minutes, and this says why; \
`edition send` goes on at once.";

/// What became of an unknown delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ending {
    /// The mail server had taken it
    Sent,
    /// It had not, and it is not to be sent any more
    Failed,
}

/// A form in which deliveries are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TallyFormat {
    /// A tally, and a line for each delivery
    #[default]
    Text,
    /// Everything that is known of each, and as `left_out` how many `--limit` leaves out
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_known_by_the_names_that_other_ledgers_have_too() {
        for (word, listed) in [
            ("wire", Listed::In(DeliveryState::Wire)),
            ("planned", Listed::In(DeliveryState::Queued)),
            ("claimed", Listed::In(DeliveryState::Sending)),
            ("accepted", Listed::In(DeliveryState::Sent)),
            ("skipped", Listed::Skipped),
            ("deferred", Listed::Deferred),
        ] {
            assert_eq!(word.parse(), Ok(listed), "{word}");
        }
        let unknown = "delivered".parse::<Listed>().unwrap_err().to_string();
        assert!(
            unknown.contains("missed, deferred, or planned for queued"),
            "{unknown}"
        );
    }

    #[test]
    fn the_help_tells_of_every_state() {
        for state in DeliveryState::ALL {
            assert!(STATES.contains(&format!("\n  {state} ")), "{state}");
        }
    }
}
