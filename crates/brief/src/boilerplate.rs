//! Text that belongs to the page rather than to the report: sign-up forms, consent notices, lists of countries.
//!
//! The one judgement that both [`crate::summarize`] and [`crate::preflight`] rely on. It looks at a sentence or a
//! paragraph and must err towards keeping: a report *about* newsletters is news.

use unicode_segmentation::UnicodeSegmentation;

/// Said by forms and notices only, in lower case.
const PHRASES: &[&str] = &[
    // Sign-up forms.
    "select a country",
    "select your country",
    "by giving us your email",
    "by entering your email",
    "enter your email",
    "you are opting in",
    "opting in to the",
    "sign up for our",
    "sign up to our",
    "sign up for the newsletter",
    "sign up to get",
    "sign up to receive",
    "subscribe to our",
    "subscribe now",
    "subscribe to continue",
    "subscribe to read",
    "delivered to your inbox",
    "straight to your inbox",
    "in your inbox",
    "already a subscriber",
    "create a free account",
    "to continue reading",
    // Consent and technical notices.
    "we use cookies",
    "uses cookies",
    "accept all cookies",
    "cookie policy",
    "cookie settings",
    "manage your consent",
    "our privacy policy",
    "terms of use",
    "enable javascript",
    "your browser does not support",
    "disable your ad blocker",
    "all rights reserved",
    "may not be published, broadcast, rewritten",
    // Furniture.
    "follow us on",
    "follow us at",
    "like us on facebook",
    "join us on",
    "share this article",
    "listen to this article",
    "view original post",
    "originally appeared on",
    "originally published by",
    "click here to",
    "download our app",
    "this story is developing",
    "check back for updates",
    "article continues below",
    "story continues below",
    // Other languages.
    "newsletter abonnieren",
    "abonnieren sie",
    "melden sie sich an",
    "jetzt anmelden",
    "wir verwenden cookies",
    "datenschutzerklärung",
    "alle rechte vorbehalten",
    "folgen sie uns",
    "wählen sie ein land",
    "mit material von",
    "inscrivez-vous à",
    "abonnez-vous",
    "nous utilisons des cookies",
    "tous droits réservés",
    "suivez-nous",
    "il vous reste",
    "la suite est réservée aux abonnés",
    "suscríbete",
    "suscríbase",
    "regístrate",
    "utilizamos cookies",
    "todos los derechos reservados",
    "síguenos",
    "iscriviti alla",
    "utilizziamo i cookie",
    "tutti i diritti riservati",
    "riproduzione riservata",
    "seguici su",
    "inscreva-se",
    "usamos cookies",
    "todos os direitos reservados",
    "siga-nos",
    "meld je aan",
    "schrijf je in",
    "wij gebruiken cookies",
    "alle rechten voorbehouden",
    "volg ons",
    "prenumerera på",
    "подпишитесь на",
    "все права защищены",
    "підпишіться на",
    "підписуйтесь на",
];

/// Each may stand in a report; two of them in a sentence that speaks to the reader may not.
const SUSPECTS: &[&str] = &[
    "newsletter",
    "newsletters",
    "subscribe",
    "subscriber",
    "subscription",
    "sign up",
    "log in",
    "email",
    "e-mail",
    "inbox",
    "cookie",
    "cookies",
    "privacy policy",
    "consent",
    "advertisement",
    "advertising",
    "free trial",
    "unsubscribe",
    "terms of service",
];

/// How a page speaks to its reader.
const ADDRESS: &[&str] = &["you", "your", "our"];

/// Longest run of capitalised words that is no list: names with titles reach six or seven.
const CAPITALISED_MAX: usize = 11;

/// How many countries may stand in one run of capitalised words without a comma.
const COUNTRIES_MAX: usize = 2;

/// How many countries one sentence may name, commas or not.
const COUNTRIES_NAMED_MAX: usize = 15;

/// One-word names, as lists of countries hold them; enough of them that any stretch of such a list shows.
const COUNTRIES: &str = " afghanistan albania algeria andorra angola anguilla antarctica argentina armenia aruba \
    australia austria azerbaijan bahamas bahrain bangladesh barbados belarus belgium belize benin bermuda bhutan \
    bolivia botswana brazil brunei bulgaria burkina burundi cambodia cameroon canada chad chile china colombia comoros congo \
    croatia cuba cyprus czechia denmark djibouti dominica ecuador egypt eritrea estonia eswatini ethiopia fiji \
    finland france gabon gambia georgia germany ghana gibraltar greece greenland grenada guadeloupe guam guatemala \
    guinea guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan \
    jordan kazakhstan kenya kiribati kosovo kuwait kyrgyzstan latvia lebanon lesotho liberia libya liechtenstein \
    lithuania luxembourg macao macedonia madagascar malawi malaysia maldives mali malta martinique mauritania \
    mauritius mayotte mexico micronesia moldova monaco mongolia montenegro montserrat morocco mozambique myanmar \
    namibia nauru nepal netherlands nicaragua niger nigeria niue norway oman pakistan palau panama paraguay peru \
    philippines pitcairn poland portugal qatar reunion romania russia rwanda samoa senegal serbia seychelles \
    singapore slovakia slovenia somalia spain sudan suriname swaziland sweden switzerland syria taiwan tajikistan \
    tanzania thailand togo tokelau tonga tunisia turkey turkmenistan tuvalu uganda ukraine uruguay uzbekistan \
    vanuatu venezuela vietnam yemen zambia zimbabwe ";

/// Why a text looks like boilerplate, in words for a person; `None` where it reads like a report.
pub(crate) fn boilerplate(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    if PHRASES.iter().any(|phrase| lower.contains(phrase)) {
        return Some("a form or a notice");
    }
    if is_addressed_form(&lower) {
        return Some("a sign-up form or a consent notice");
    }
    if is_country_list(text) {
        return Some("a list of countries");
    }
    if longest_capitalised_run(text) > CAPITALISED_MAX {
        return Some("a heading, a menu or a list of names");
    }
    None
}

fn is_addressed_form(lower: &str) -> bool {
    let words = format!(" {} ", lower.unicode_words().collect::<Vec<_>>().join(" "));
    let holds = |word: &&&str| words.contains(&format!(" {word} "));
    ADDRESS.iter().any(|word| holds(&word)) && SUSPECTS.iter().filter(holds).count() >= 2
}

fn is_country_list(text: &str) -> bool {
    let mut in_run = 0;
    let mut named = 0;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !bare.starts_with(char::is_uppercase) {
            in_run = 0;
        } else if COUNTRIES.contains(&format!(" {} ", bare.to_lowercase())) {
            in_run += 1;
            named += 1;
        }
        if in_run > COUNTRIES_MAX || named > COUNTRIES_NAMED_MAX {
            return true;
        }
        // A comma between two names is how a sentence lists them.
        if word.ends_with([',', ';', '.']) {
            in_run = 0;
        }
    }
    false
}

/// Whether a line reads like a heading, a menu or a name: more than two thirds of its words begin with a capital.
pub(crate) fn is_title(text: &str) -> bool {
    let initials = text
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphabetic()));
    let (mut capitals, mut others) = (0, 0);
    for initial in initials {
        if initial.is_uppercase() {
            capitals += 1;
        } else {
            others += 1;
        }
    }
    capitals > 2 * others
}

fn longest_capitalised_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for word in text.split_whitespace() {
        let capital = word
            .chars()
            .find(|c| c.is_alphabetic())
            .is_some_and(char::is_uppercase);
        run = if capital { run + 1 } else { 0 };
        longest = longest.max(run);
        if word.ends_with([',', ';', '.', ':']) {
            run = 0;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_notices_and_lists_are_known() {
        for text in [
            "(please select a country) United States United Kingdom",
            "By giving us your email, you are opting in to the Dawn Letter.",
            "Afghanistan Albania Algeria Andorra",
            "United States United Kingdom Afghanistan Albania Algeria",
            "Vereinigte Staaten Ägypten Äquatorialguinea Äthiopien Afghanistan Albanien Algerien Andorra Angola \
             Antigua Argentinien Armenien Aruba",
            "You can unsubscribe from our newsletters at any time.",
            "We use cookies to make this site better.",
            "Abonnez-vous pour lire la suite.",
            "Follow us on every network.",
        ] {
            assert!(boilerplate(text).is_some(), "{text}");
        }
    }

    #[test]
    fn news_about_the_same_things_is_news() {
        for text in [
            "Ministers of France, Germany, Italy, Spain, Poland and Sweden met in Oslo on Monday.",
            "The presidents of Kenya and Uganda and Tanzania and of Sudan South and North of the river met.",
            "The regulator fined the company 4 million for tracking people by cookies without consent.",
            "The newsletter had 40,000 subscribers when its founder left, the court heard.",
            "President of the Republic of Northland Ann Example Marsh met Prime Minister Bo Sample.",
            "“You lost our trust,” the senator told the board.",
            "“We asked for your private email account,” the inquiry wrote to the minister.",
            "",
        ] {
            assert_eq!(boilerplate(text), None, "{text}");
        }
    }
}
