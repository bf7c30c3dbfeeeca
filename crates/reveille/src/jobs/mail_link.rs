//! Mails with a link that acts once.

use reveille_mail::Message;
use reveille_store::confirmations;

use crate::app::App;

/// Mails what brings the link with this token, which is good before the mail is out. `false`: the mail server refuses the mail for
/// good. A link whose mail surely did not leave is taken back.
///
/// # Errors
/// Where the mail did not leave this time, or the store fails.
pub(super) async fn mail_link(app: &App, letter: &Message, token: &str) -> anyhow::Result<bool> {
    let sent = app.post.send_alone(letter).await;
    let may_be_out = match &sent {
        Ok(is_out) => *is_out,
        Err(error) => error.is_unknown(),
    };
    if !may_be_out {
        let mut tx = app.store.begin().await?;
        confirmations::take_back(&mut tx, token).await?;
        tx.commit().await?;
    }
    Ok(sent?)
}

#[cfg(test)]
mod tests {
    use reveille_model::{Brief, LinkPurpose, UnixMillis};
    use reveille_store::{
        ReaderMail, briefs, confirmations, jobs,
        subscribers::{self, SignUp},
    };

    use crate::{
        clock::Settable,
        jobs::Kind,
        progress::Progress,
        worker::{
            self,
            tests::{MORNING, app_with, reader},
        },
    };

    #[tokio::test]
    async fn a_link_whose_mail_did_not_leave_counts_towards_no_limit() {
        let db = reveille_testkit::sqlite_database().await;
        let clock = Settable::starting_at(MORNING);
        // Nobody listens there.
        let server = [
            ("mail.transport", "smtp"),
            ("mail.smtp.host", "127.0.0.1"),
            ("mail.smtp.port", "1"),
        ];
        let app = app_with(&db, &clock, &server).await;
        let mut tx = db.store.begin().await.unwrap();
        let brief = Brief::named("morning".parse().unwrap(), "The Morning Brief");
        let brief = briefs::insert(&mut tx, &brief, MORNING).await.unwrap().id();
        let new = reader(brief, "Europe/Berlin");
        let SignUp::New(reader) = subscribers::insert(&mut tx, &new).await.unwrap() else {
            panic!("it was new");
        };
        let purpose = LinkPurpose::Download;
        let mail = ReaderMail::DataLink { reader, purpose };
        jobs::insert(&mut tx, &mail.job(MORNING), MORNING).await.unwrap();
        tx.commit().await.unwrap();
        worker::drain(&app, &[Kind::SendDataLink], &Progress::silent())
            .await
            .unwrap();
        let counts = jobs::count(&db.store).await.unwrap();
        let waits = &counts[ReaderMail::DATA_LINK];
        assert_eq!(waits.get("ready"), Some(&1), "it is tried again: {counts:?}");
        let mut tx = db.store.begin().await.unwrap();
        let since = UnixMillis(0);
        assert!(
            !confirmations::any_since(&mut tx, reader, purpose, since)
                .await
                .unwrap()
        );
        assert_eq!(
            confirmations::count_to_address(&mut tx, reader, since)
                .await
                .unwrap(),
            0
        );
    }
}
