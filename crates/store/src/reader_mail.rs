//! The jobs by which one reader is mailed something at once: asked for on the pages, done by the worker.
//!
//! A key begins with the reader's id, and what more there is to say follows an `@`; so an erasure finds them all.

use reveille_model::{LinkPurpose, SubscriberId, UnixMillis};

use crate::{
    StoreError, Tx,
    jobs::{Job, NewJob},
    sql::{args, built, places},
};

/// What a reader is mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderMail {
    /// The link by which they confirm that they asked for the brief.
    Confirmation {
        /// Whom it is mailed to.
        reader: SubscriberId,
        /// Whose place they take by confirming, where they do.
        in_place_of: Option<SubscriberId>,
    },
    /// The link to their data.
    DataLink {
        /// Whom it is mailed to.
        reader: SubscriberId,
        /// What the link is for.
        purpose: LinkPurpose,
    },
    /// Word that another address took the place of theirs.
    MoveNotice {
        /// Whom it is mailed to.
        reader: SubscriberId,
    },
}

impl ReaderMail {
    /// The kind of the jobs that mail a [`ReaderMail::Confirmation`].
    pub const CONFIRMATION: &str = "send_confirmation";
    /// The kind of the jobs that mail a [`ReaderMail::DataLink`].
    pub const DATA_LINK: &str = "send_data_link";
    /// The kind of the jobs that mail a [`ReaderMail::MoveNotice`].
    pub const MOVE_NOTICE: &str = "send_move_notice";
    /// All of these kinds.
    pub const KINDS: [&str; 3] = [Self::CONFIRMATION, Self::DATA_LINK, Self::MOVE_NOTICE];

    /// The job that mails it, at once. While it waits or runs, a second is not made.
    #[must_use]
    pub fn job(self, now: UnixMillis) -> NewJob<'static> {
        let (kind, reader, more) = match self {
            Self::Confirmation { reader, in_place_of } => {
                (Self::CONFIRMATION, reader, in_place_of.map(|old| old.to_string()))
            }
            Self::DataLink { reader, purpose } => (Self::DATA_LINK, reader, Some(purpose.to_string())),
            Self::MoveNotice { reader } => (Self::MOVE_NOTICE, reader, None),
        };
        NewJob {
            kind,
            key: more.map_or_else(|| reader.to_string(), |more| format!("{reader}@{more}")),
            lane: String::new(),
            run_at: now,
        }
    }

    /// What a job mails; `None`: it is none of these, or its key says something else.
    #[must_use]
    pub fn of(job: &Job) -> Option<Self> {
        let (reader, more) = match job.key.split_once('@') {
            Some((reader, more)) => (reader, Some(more)),
            None => (job.key.as_str(), None),
        };
        let id = |number: &str| number.parse().ok().map(SubscriberId);
        let reader = id(reader)?;
        match (job.kind.as_str(), more) {
            (Self::CONFIRMATION, None) => Some(Self::Confirmation {
                reader,
                in_place_of: None,
            }),
            (Self::CONFIRMATION, Some(old)) => Some(Self::Confirmation {
                reader,
                in_place_of: Some(id(old)?),
            }),
            (Self::DATA_LINK, Some(purpose)) => {
                let purpose = purpose.parse().ok()?;
                Some(Self::DataLink { reader, purpose })
            }
            (Self::MOVE_NOTICE, None) => Some(Self::MoveNotice { reader }),
            _ => None,
        }
    }
}

/// Takes a reader's jobs away: what went wrong with one may name the address.
pub(crate) async fn delete(tx: &mut Tx, reader: SubscriberId) -> Result<(), StoreError> {
    let text = format!(
        "delete from jobs where (key = $1 or key like $2) and kind in ({})",
        places(3, ReaderMail::KINDS.len())
    );
    let mut args = args![reader.to_string(), format!("{reader}@%")];
    args.extend(ReaderMail::KINDS.into_iter().flat_map(|kind| args![kind]));
    tx.run(built("erase a reader's jobs", text), args).await.map(drop)
}

#[cfg(test)]
mod tests {
    use reveille_model::JobId;

    use super::*;

    fn claimed(kind: &str, key: &str) -> Job {
        Job {
            id: JobId(1),
            kind: kind.to_owned(),
            key: key.to_owned(),
            lane: String::new(),
            attempts: 1,
            epoch: 1,
        }
    }

    #[test]
    fn what_is_asked_for_is_what_is_done() {
        let (reader, old, purpose) = (SubscriberId(7), SubscriberId(3), LinkPurpose::Erase);
        let in_place_of = Some(old);
        for (mail, key) in [
            (
                ReaderMail::Confirmation {
                    reader,
                    in_place_of: None,
                },
                "7",
            ),
            (ReaderMail::Confirmation { reader, in_place_of }, "7@3"),
            (ReaderMail::DataLink { reader, purpose }, "7@erase"),
            (ReaderMail::MoveNotice { reader }, "7"),
        ] {
            let job = mail.job(UnixMillis(0));
            assert_eq!(job.key, key, "{mail:?}");
            assert_eq!(ReaderMail::of(&claimed(job.kind, &job.key)), Some(mail));
        }
        for (kind, key) in [
            ("read_item", "7"),
            (ReaderMail::CONFIRMATION, "window"),
            (ReaderMail::CONFIRMATION, "7@x"),
            (ReaderMail::DATA_LINK, "7"),
            (ReaderMail::MOVE_NOTICE, "7@3"),
        ] {
            assert_eq!(ReaderMail::of(&claimed(kind, key)), None, "{kind} {key}");
        }
    }
}
