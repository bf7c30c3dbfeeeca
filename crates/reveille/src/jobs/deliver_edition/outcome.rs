//! What a mail server's answer makes of a delivery.

use reveille_model::{EmailAddress, UnixMillis};
use reveille_store::deliveries::{Delivery, Outcome};

use crate::{
    post::{AGAIN_MILLIS, PostError, told},
    returns,
};

/// The first pause after an answer before another try, in milliseconds: half an hour (RFC 5321, section 4.5.4.1). Each is twice as long
/// as the one before.
const FIRST_PAUSE: i64 = 1_800_000;
/// So often it is doubled: to eight hours.
const DOUBLINGS: u32 = 4;
/// After so many tries, within two days, a delivery is given up.
const TRIES: u32 = 10;

/// What becomes of a delivery whose message was sent from the `sender`, who is asked for where it was not taken.
pub(super) fn of(
    sent: Result<String, PostError>,
    delivery: &Delivery,
    sender: impl FnOnce() -> EmailAddress,
    now: UnixMillis,
) -> Outcome {
    let error = match sent {
        Ok(reply) => return Outcome::Sent(reply),
        Err(error) => error,
    };
    let told = told(&error);
    if error.is_unknown() {
        return Outcome::Unknown(told);
    }
    if let Some(failure) = error.refusal(&delivery.email, &sender()) {
        return Outcome::Refused(told, returns::of_failure(failure, now));
    }
    if error.is_permanent() || delivery.tries + 1 >= TRIES {
        return Outcome::Failed(told);
    }
    // Nobody asks for such a pause where the connection was lost, so the first one then is short.
    let (is_loss, tries) = (error.is_loss(), delivery.tries);
    let asked = if is_loss { tries.saturating_sub(1) } else { tries };
    let due = now.plus(FIRST_PAUSE << asked.min(DOUBLINGS));
    let is_late = |due| delivery.late_at.is_some_and(|late| late <= due);
    let soon = now.plus(AGAIN_MILLIS);
    if is_loss && (tries == 0 || is_late(due)) && !is_late(soon) {
        return Outcome::Deferred(soon, told);
    }
    match is_late(due) {
        true => Outcome::Missed(told),
        false => Outcome::Deferred(due, told),
    }
}

#[cfg(test)]
mod tests {
    use reveille_mail::smtp::{Phase, SmtpError};
    use reveille_model::{DeliveryId, MailFormat, SubscriberId};
    use reveille_store::deliveries::Claim;

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_773_122_400_000);

    /// What becomes of a delivery that was put off so often before, in hours from now.
    fn later(tries: u32, late_at: Option<UnixMillis>) -> Result<f64, String> {
        let busy = SmtpError::ClearPassword {
            server: "mail.example.org:25".to_owned(),
        };
        later_by(busy, tries, late_at)
    }

    /// The same where the connection is lost before the message's end.
    fn later_by_loss(tries: u32, late_at: Option<UnixMillis>) -> Result<f64, String> {
        let lost = SmtpError::Io {
            server: "mail.example.org:25".to_owned(),
            phase: Phase::Data,
            source: std::io::ErrorKind::BrokenPipe.into(),
        };
        later_by(lost, tries, late_at)
    }

    fn later_by(error: SmtpError, tries: u32, late_at: Option<UnixMillis>) -> Result<f64, String> {
        let delivery = Delivery {
            claim: Claim {
                id: DeliveryId(1),
                attempts: 1,
            },
            subscriber: SubscriberId(1),
            email: "ann@example.org".parse().unwrap(),
            format: MailFormat::Html,
            token: String::new(),
            message_id: None,
            tries,
            late_at,
        };
        let sender = || "brief@brief.example".parse().unwrap();
        match of(Err(PostError::Smtp(error)), &delivery, sender, NOW) {
            Outcome::Deferred(due, _) => Ok(due.since(NOW) as f64 / 3_600_000.0),
            other => Err(format!("{other:?}").split('(').next().unwrap().to_owned()),
        }
    }

    #[test]
    fn a_delivery_is_tried_for_two_days_half_an_hour_apart_at_least() {
        let pauses: Vec<f64> = (0..).map_while(|tries| later(tries, None).ok()).collect();
        assert_eq!(pauses, [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0]);
        assert!(pauses.iter().sum::<f64>() <= 48.0);
        assert_eq!(later(9, None), Err("Failed".to_owned()));
    }

    #[test]
    fn a_lost_connection_is_no_answer_that_asks_for_half_an_hour() {
        let minute = 1.0 / 60.0;
        assert_eq!(later_by_loss(0, None), Ok(minute));
        assert_eq!(later_by_loss(1, None), Ok(0.5), "it goes on being lost");
        let late = NOW.plus(1_200_000);
        assert_eq!(later(1, Some(late)), Err("Missed".to_owned()));
        assert_eq!(later_by_loss(1, Some(late)), Ok(minute));
        assert_eq!(later_by_loss(1, Some(NOW.plus(60_000))), Err("Missed".to_owned()));
        assert_eq!(later_by_loss(9, Some(late)), Err("Failed".to_owned()));
    }

    #[test]
    fn no_try_is_planned_for_when_it_is_too_late() {
        assert_eq!(later(1, Some(NOW.plus(3_600_001))), Ok(1.0));
        assert_eq!(later(1, Some(NOW.plus(3_600_000))), Err("Missed".to_owned()));
    }
}
