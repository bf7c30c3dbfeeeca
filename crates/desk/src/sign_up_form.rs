//! The sign-up form: what was typed, and what is wrong with it.

use std::collections::BTreeMap;

use reveille_model::{AddressError, Brief, Country, EmailAddress, Home, UnixMillis, Zone, ZoneOrigin};
use serde::Deserialize;

use crate::{
    stamp,
    words::{SignUp, Words},
};

/// Nobody reads the sentence and types an address in less, in milliseconds.
const SHORTEST_MILLIS: i64 = 1_500;

/// What was typed, kept where the form has to be shown again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SignUpForm {
    pub(crate) email: String,
    /// A two-letter code.
    pub(crate) country: String,
    /// The browser's time zone, where its script gave one.
    pub(crate) zone: String,
    /// The sentence that the page showed. It stands in the consent record, so it must be the one that was read.
    pub(crate) sentence: String,
    /// Left empty by people, who do not see it, and filled in by programs that fill in everything.
    pub(crate) website: String,
    /// The form's [`stamp`]; empty where it stands on a page that is not ours.
    pub(crate) shown: String,
    /// What the browser's script worked out for the stamp and the address.
    pub(crate) work: String,
    /// Other briefs that were ticked: under `also-` and the short name, the sentence that stood beside the box.
    #[serde(flatten)]
    pub(crate) others: BTreeMap<String, serde_json::Value>,
}

/// What is wrong with it: a line for each field, and one for the form as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    pub(crate) email: Option<&'static str>,
    pub(crate) country: Option<&'static str>,
    pub(crate) form: Option<&'static str>,
}

impl Faults {
    /// A fault that no field has.
    pub(crate) fn of_form(text: &'static str) -> Self {
        Self {
            form: Some(text),
            ..Self::default()
        }
    }

    /// Whether there is any.
    pub(crate) fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// A form that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) email: EmailAddress,
    pub(crate) home: Home,
}

/// Whether a sentence is the one that the brief's readers agree to. Browsers rewrite line breaks; words are what is agreed
/// to.
pub(crate) fn is_sentence_of(text: &str, brief: &Brief) -> bool {
    text.split_whitespace().eq(brief.consent.split_whitespace())
}

/// What is wrong with an address that was typed.
pub(crate) fn fault_of_address(words: &'static SignUp, typed: &str, error: AddressError) -> &'static str {
    match error {
        _ if typed.trim().is_empty() => &words.type_email,
        AddressError::Shape => &words.check_shape,
        AddressError::Length => &words.check_length,
        AddressError::Local => &words.check_local,
        AddressError::Domain => &words.check_domain,
    }
}

impl SignUpForm {
    /// The short names of the other briefs that were ticked, with the sentences that were read.
    pub(crate) fn also(&self) -> impl Iterator<Item = (&str, &str)> {
        let ticked = self.others.iter();
        ticked.filter_map(|(name, sentence)| Some((name.strip_prefix("also-")?, sentence.as_str()?)))
    }

    pub(crate) fn also_wants(&self, brief: &Brief) -> bool {
        self.also().any(|(slug, _)| slug == brief.slug.as_str())
    }

    /// Reads the form that asks for `brief`.
    pub(crate) fn read(&self, brief: &Brief, secret: &str, now: UnixMillis) -> Result<Asked, Faults> {
        let words = &Words::of(&brief.language).sign_up;
        let email = self.email.parse::<EmailAddress>();
        // A country that is no more is known here for old lists; nobody lives in it.
        let country = Country::from_code(&self.country).filter(|country| !country.is_former());
        match (email, country) {
            (Ok(email), Some(country)) => {
                if let Some(text) = self.fault_of_form(brief, words, self.made(brief, secret, now), now) {
                    return Err(Faults::of_form(text));
                }
                let zone = self.zone().map(|zone| (zone, ZoneOrigin::Browser));
                let home = Home::of(country.code(), zone, &brief.zone);
                Ok(Asked { email, home })
            }
            (email, country) => Err(Faults {
                email: email
                    .err()
                    .map(|error| fault_of_address(words, &self.email, error)),
                country: country.is_none().then_some(&words.select_country),
                form: None,
            }),
        }
    }

    /// When the form was made, as far as its stamp proves it.
    fn made(&self, brief: &Brief, secret: &str, now: UnixMillis) -> Option<UnixMillis> {
        stamp::read(secret, &brief.slug, &self.shown, now)
    }

    /// Whether the browser worked for it.
    pub(crate) fn has_worked(&self, brief: &Brief, secret: &str, now: UnixMillis) -> bool {
        self.made(brief, secret, now).is_some()
            && stamp::is_solved(&self.shown, self.email.trim(), &self.work)
    }

    /// What may be wrong although both fields are right. The form is shown again then, so that a person whose
    /// browser filled in too much loses nothing.
    fn fault_of_form(
        &self,
        brief: &Brief,
        words: &'static SignUp,
        made: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Option<&'static str> {
        if !is_sentence_of(&self.sentence, brief) {
            return Some(&words.new_sentence);
        }
        if !self.website.is_empty() {
            return Some(&words.unseen_filled);
        }
        let in_no_time = |made: UnixMillis| (0..SHORTEST_MILLIS).contains(&now.since(made));
        made.is_some_and(in_no_time).then_some(&words.too_fast)
    }

    /// The browser's zone where it names one that is known here; else the country decides.
    fn zone(&self) -> Option<Zone> {
        let zone: Zone = self.zone.parse().ok()?;
        tells_place(&zone).then_some(zone)
    }
}

/// Whether a browser's zone says where its reader lives: browsers that guard against tracking all say UTC.
pub(crate) fn tells_place(zone: &Zone) -> bool {
    !matches!(zone.name(), "UTC" | "Etc/UTC" | "Etc/GMT")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_773_115_200_000);

    fn brief() -> Brief {
        let plan = serde_json::json!({
            "slug": "morning", "name": "Morning", "description": "", "send_at": "06:00", "lead_minutes": 60,
            "zone": "UTC", "approval": "manual", "top": 5, "sections": [], "consent": "Yes,\nevery morning.",
        });
        serde_json::from_value(plan).unwrap()
    }

    fn form(email: &str, country: &str, zone: &str) -> SignUpForm {
        SignUpForm {
            email: email.to_owned(),
            country: country.to_owned(),
            zone: zone.to_owned(),
            sentence: "Yes,\r\nevery morning.".to_owned(),
            website: String::new(),
            shown: String::new(),
            work: String::new(),
            others: BTreeMap::new(),
        }
    }

    #[test]
    fn the_browsers_zone_counts_where_it_says_anything() {
        for (zone, expected) in [
            ("America/New_York", "America/New_York"),
            ("", "Europe/Berlin"),
            ("Mars/Olympus", "Europe/Berlin"),
            ("../../etc/passwd", "Europe/Berlin"),
            ("UTC", "Europe/Berlin"),
            ("Etc/UTC", "Europe/Berlin"),
            ("Etc/Unknown", "Europe/Berlin"),
        ] {
            let asked = form("ann@example.org", "DE", zone)
                .read(&brief(), "secret", NOW)
                .unwrap();
            assert_eq!(asked.home.zone.name(), expected, "{zone:?}");
        }
    }

    #[test]
    fn each_field_has_its_own_fault() {
        let faults = form("ann", "ZZ", "").read(&brief(), "secret", NOW).unwrap_err();
        assert!(faults.email.is_some() && faults.country.is_some() && faults.form.is_none());
        let faults = form(" ", "DE", "").read(&brief(), "secret", NOW).unwrap_err();
        assert_eq!(faults.email, Some("Type your e-mail address."));
        assert_eq!(faults.country, None);
        assert!(
            form("ann@example.org", "SU", "")
                .read(&brief(), "secret", NOW)
                .unwrap_err()
                .country
                .is_some()
        );
    }

    #[test]
    fn consent_is_to_the_sentence_that_was_shown() {
        let mut old = form("ann@example.org", "DE", "");
        assert!(old.read(&brief(), "secret", NOW).is_ok());
        old.sentence = "Yes, every evening.".to_owned();
        assert!(old.read(&brief(), "secret", NOW).unwrap_err().form.is_some());
    }

    #[test]
    fn what_comes_back_in_no_time_is_asked_for_once_more() {
        let mut form = form("ann@example.org", "DE", "");
        for (shown, taken) in [
            (NOW.0, false),
            (NOW.0 - 1_499, false),
            (NOW.0 - 1_500, true),
            (NOW.0 + 9, true),
        ] {
            form.shown = stamp::make("secret", &brief().slug, UnixMillis(shown));
            assert_eq!(form.read(&brief(), "secret", NOW).is_ok(), taken, "{shown}");
        }
        form.shown = "yesterday".to_owned();
        assert!(form.read(&brief(), "secret", NOW).is_ok());
    }
}
