//! What goes wrong on purpose.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reveille_model::EmailAddress;

use crate::smtp::Phase;

/// One thing that goes wrong.
#[derive(Debug, Clone)]
pub struct Fault {
    /// When.
    pub at: Phase,
    /// Only in conversations about this recipient; matters from RCPT TO on.
    pub recipient: Option<EmailAddress>,
    /// How often.
    pub times: u32,
    /// What.
    pub act: Act,
}

/// What the catcher does in place of its duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Answers with this line, such as `451 4.3.0 try later`, and does not do what it was asked.
    Reply(String),
    /// Closes without an answer. At [`Phase::AfterData`] the message is not stored.
    Drop,
    /// At [`Phase::AfterData`], stores the message and closes without an answer; elsewhere the same as `Drop`.
    StoreThenDrop,
    /// At [`Phase::AfterData`], takes the message, answers whatever comes next with this line, and closes; elsewhere the same as `Drop`.
    StoreThenClose(String),
    /// At [`Phase::AfterData`], takes the message and throws away what came with its end; elsewhere the same as `Drop`.
    StoreThenForget,
    /// Does its duty after so long.
    Wait(Duration),
    /// Says nothing more and keeps the connection open.
    Stall,
}

/// The faults that are still to come.
pub(super) struct Script(Mutex<Vec<Fault>>);

impl Script {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(Mutex::new(faults))
    }

    /// What goes wrong now, if anything; it counts as done.
    pub(super) fn next(&self, at: Phase, recipients: &[EmailAddress]) -> Option<Act> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |fault: &&mut Fault| {
            fault.times > 0
                && fault.at == at
                && fault
                    .recipient
                    .as_ref()
                    .is_none_or(|recipient| recipients.contains(recipient))
        };
        let fault = faults.iter_mut().find(fits)?;
        fault.times -= 1;
        Some(fault.act.clone())
    }
}
