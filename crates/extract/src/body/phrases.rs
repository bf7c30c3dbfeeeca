//! Stock phrases of templates, in the languages of the press: lines that are never part of an article.

use crate::body::Reason;

/// Longer lines are no stock phrases, in bytes.
const LONGEST: usize = 220;

/// How a stock line begins, in lower case, and what it is.
const OPENINGS: &[(&str, Reason)] = &[
    ("advertisement", Reason::Ad),
    ("anzeige", Reason::Ad),
    ("publicidad", Reason::Ad),
    ("publicité", Reason::Ad),
    ("pubblicità", Reason::Ad),
    ("werbung", Reason::Ad),
    ("reklama", Reason::Ad),
    ("annonse", Reason::Ad),
    ("annons", Reason::Ad),
    ("advertentie", Reason::Ad),
    ("story continues below", Reason::Ad),
    ("article continues", Reason::Ad),
    ("artikel lanjut", Reason::Ad),
    ("scroll to continue", Reason::Ad),
    ("read more", Reason::Related),
    ("read also", Reason::Related),
    ("also read", Reason::Related),
    ("read next", Reason::Related),
    ("related:", Reason::Related),
    ("related articles", Reason::Related),
    ("related stories", Reason::Related),
    ("related topics", Reason::Related),
    ("see also:", Reason::Related),
    ("see more", Reason::Related),
    ("more on this", Reason::Related),
    ("more from", Reason::Related),
    ("more stories", Reason::Related),
    ("recommended", Reason::Related),
    ("you may also like", Reason::Related),
    ("you might also like", Reason::Related),
    ("don't miss", Reason::Related),
    ("don’t miss", Reason::Related),
    ("top stories", Reason::Related),
    ("lesen sie auch", Reason::Related),
    ("lesen sie hier", Reason::Related),
    ("lesen sie mehr", Reason::Related),
    ("mehr zum thema", Reason::Related),
    ("auch interessant", Reason::Related),
    ("das könnte sie auch interessieren", Reason::Related),
    ("passend dazu", Reason::Related),
    ("lire aussi", Reason::Related),
    ("à lire aussi", Reason::Related),
    ("a lire aussi", Reason::Related),
    ("lisez aussi", Reason::Related),
    ("leer también", Reason::Related),
    ("lea también", Reason::Related),
    ("te puede interesar", Reason::Related),
    ("más información", Reason::Related),
    ("leia também", Reason::Related),
    ("leia mais", Reason::Related),
    ("leggi anche", Reason::Related),
    ("lees ook", Reason::Related),
    ("lees verder", Reason::Related),
    ("lue myös", Reason::Related),
    ("les også", Reason::Related),
    ("læs også", Reason::Related),
    ("läs också", Reason::Related),
    ("läs mer", Reason::Related),
    ("čtěte také", Reason::Related),
    ("čtěte:", Reason::Related),
    ("czytaj też", Reason::Related),
    ("czytaj także", Reason::Related),
    ("zobacz też", Reason::Related),
    ("zobacz także", Reason::Related),
    ("olvasta már", Reason::Related),
    ("citește și", Reason::Related),
    ("skaityti daugiau", Reason::Related),
    ("baca juga", Reason::Related),
    ("baca selengkapnya", Reason::Related),
    ("xem thêm", Reason::Related),
    ("читайте также", Reason::Related),
    ("читайте також", Reason::Related),
    ("прочетете още", Reason::Related),
    ("διαβάστε ακόμη", Reason::Related),
    ("اقرأ أيضا", Reason::Related),
    ("اقرأ أيضًا", Reason::Related),
    ("関連記事", Reason::Related),
    ("あわせて読みたい", Reason::Related),
    ("相关阅读", Reason::Related),
    ("延伸阅读", Reason::Related),
    ("延伸閱讀", Reason::Related),
    ("관련기사", Reason::Related),
    ("ilgili haber", Reason::Related),
    ("subscribe to", Reason::Newsletter),
    ("subscribe now", Reason::Newsletter),
    ("sign up for", Reason::Newsletter),
    ("sign up to", Reason::Newsletter),
    ("sign up here", Reason::Newsletter),
    ("by signing up", Reason::Newsletter),
    ("by subscribing", Reason::Newsletter),
    ("by giving us your email", Reason::Newsletter),
    ("by providing your email", Reason::Newsletter),
    ("by entering your email", Reason::Newsletter),
    ("by submitting", Reason::Newsletter),
    ("enter your email", Reason::Newsletter),
    ("your email address will not be published", Reason::Comments),
    ("get our free", Reason::Newsletter),
    ("join our newsletter", Reason::Newsletter),
    ("newsletter", Reason::Newsletter),
    ("melden sie sich", Reason::Newsletter),
    ("jetzt abonnieren", Reason::Newsletter),
    ("suscríbete", Reason::Newsletter),
    ("suscribete", Reason::Newsletter),
    ("inscrivez-vous", Reason::Newsletter),
    ("abonnez-vous", Reason::Newsletter),
    ("iscriviti", Reason::Newsletter),
    ("follow us", Reason::Social),
    ("follow me on", Reason::Social),
    ("folgen sie uns", Reason::Social),
    ("share this", Reason::Social),
    ("share on", Reason::Social),
    ("share via", Reason::Social),
    ("like us on", Reason::Social),
    ("join our whatsapp", Reason::Social),
    ("join our telegram", Reason::Social),
    ("click to share", Reason::Social),
    ("síguenos en", Reason::Social),
    ("suivez-nous", Reason::Social),
    ("seguici su", Reason::Social),
    ("leave a reply", Reason::Comments),
    ("leave a comment", Reason::Comments),
    ("view comments", Reason::Comments),
    ("comments are closed", Reason::Comments),
    ("join the conversation", Reason::Comments),
    ("copyright ©", Reason::Credit),
    ("copyright 20", Reason::Credit),
    ("© ", Reason::Credit),
    ("©20", Reason::Credit),
    ("all rights reserved", Reason::Credit),
    ("alle rechte vorbehalten", Reason::Credit),
    ("view original post", Reason::Credit),
    ("view original article", Reason::Credit),
    ("view original story", Reason::Credit),
    ("click here to", Reason::Phrase),
    ("tap here to", Reason::Phrase),
    ("skip to", Reason::Navigation),
    ("back to top", Reason::Navigation),
    ("previous article", Reason::Navigation),
    ("next article", Reason::Navigation),
    ("previous post", Reason::Navigation),
    ("next post", Reason::Navigation),
    ("(please select a country)", Reason::Form),
    ("please select a country", Reason::Form),
    ("listen to this article", Reason::Media),
    ("artikel anhören", Reason::Media),
    ("play video", Reason::Media),
    ("your browser does not support", Reason::Media),
    ("your browser doesn", Reason::Media),
    ("this video can not be played", Reason::Media),
    ("video unavailable", Reason::Media),
    ("loading...", Reason::Phrase),
    ("we use cookies", Reason::Consent),
    ("this website uses cookies", Reason::Consent),
    ("this site uses cookies", Reason::Consent),
    ("an dieser stelle finden sie", Reason::Consent),
    ("empfohlener redaktioneller inhalt", Reason::Consent),
    ("empfohlener externer inhalt", Reason::Consent),
    ("externer inhalt", Reason::Consent),
    ("please enable javascript", Reason::Phrase),
    ("minute read", Reason::Meta),
    ("min read", Reason::Meta),
    ("reading time", Reason::Meta),
    ("lesezeit", Reason::Meta),
    ("updated:", Reason::Meta),
    ("published:", Reason::Meta),
    ("last updated", Reason::Meta),
    ("posted on", Reason::Meta),
    ("posted in", Reason::Meta),
    ("filed under", Reason::Meta),
    ("tagged", Reason::Meta),
    ("tags:", Reason::Meta),
    ("topics:", Reason::Meta),
    ("categories:", Reason::Meta),
];

/// Openings that only count where the line is not much longer: they begin sentences too.
const WORDS: &[&str] = &[
    "advertisement",
    "anzeige",
    "werbung",
    "annonse",
    "annons",
    "publicidad",
    "publicité",
    "pubblicità",
    "reklama",
    "advertentie",
    "recommended",
    "newsletter",
    "tagged",
    "read more",
    "see more",
    "more from",
    "top stories",
    "don't miss",
    "don’t miss",
    "melden sie sich",
    "externer inhalt",
    "más información",
    "läs mer",
    "minute read",
    "min read",
];

/// What a line is, where it is a stock phrase.
pub(crate) fn stock(line: &str) -> Option<Reason> {
    if line.len() > LONGEST {
        return None;
    }
    let lower = line
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != '©')
        .to_lowercase();
    let (opening, reason) = OPENINGS.iter().find(|(opening, _)| lower.starts_with(opening))?;
    let word = WORDS.contains(opening);
    let rest = &lower[opening.len()..];
    if word && rest.len() > 60 && !rest.trim_start().starts_with([':', '–', '-', '|', '>']) {
        return None;
    }
    // "Advertisements" and "annonserar" are other words.
    if word && rest.starts_with(char::is_alphabetic) && rest.len() > 3 {
        return None;
    }
    Some(*reason)
}

/// How a notice of correction begins, in lower case.
const CORRECTIONS: &[&str] = &[
    "correction:",
    "correction (",
    "corrections:",
    "correction –",
    "correction —",
    "clarification:",
    "editor's note: this",
    "editor’s note: this",
    "this article has been corrected",
    "this story has been corrected",
    "this article was amended",
    "this article was corrected",
    "this story was corrected",
    "an earlier version of this",
    "a previous version of this",
    "korrektur:",
    "korrekturhinweis",
    "in einer früheren version",
    "anmerkung der redaktion: in einer früheren",
    "corrección:",
    "fe de errores",
    "rectificatif",
    "correctif",
    "correzione:",
    "rettifica:",
    "rättelse:",
    "rettelse:",
    "correctie:",
    "errata:",
];

/// Whether a line is a notice of correction.
pub(crate) fn is_correction(line: &str) -> bool {
    let head: String = line.chars().take(48).flat_map(char::to_lowercase).collect();
    let head = head.trim_start_matches(|c: char| !c.is_alphanumeric());
    CORRECTIONS.iter().any(|opening| head.starts_with(opening))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_lines_are_known_and_sentences_are_not() {
        assert_eq!(stock("Advertisement"), Some(Reason::Ad));
        assert_eq!(
            stock("Read more: Harbour reopens after storm"),
            Some(Reason::Related)
        );
        assert_eq!(
            stock("By giving us your email, you are opting in to the Harbour Brief."),
            Some(Reason::Newsletter)
        );
        for line in [
            "Advertisement revenue fell by a third in the second quarter, the company told shareholders on Tuesday.",
            "Newsletters are how small papers reach readers.",
            "The council recommended closing the bridge.",
        ] {
            assert_eq!(stock(line), None, "{line}");
        }
        assert!(is_correction(
            "Correction: An earlier version misstated the year."
        ));
        assert!(!is_correction("Correction officers walked out on Tuesday."));
    }
}
