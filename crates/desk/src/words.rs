//! What readers are told, in the language of their brief.
//!
//! The catalogue is the folder `words`: one file per language, all with the same keys; whoever adds a file there adds a
//! language. A brief whose language has no file is spoken of in English.

mod say;

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use axum::http::{HeaderMap, header};
use reveille_brief::Dates;
use reveille_model::{Brief, Country, InTime, Language, LinkPurpose, Zone};
use rust_embed::RustEmbed;
use serde::Deserialize;

pub(crate) use say::{Say, marked};

#[derive(RustEmbed)]
#[folder = "words"]
struct Files;

/// The texts by the page that shows them.
macro_rules! words {
    ($($(#[$doc:meta])* $part:ident: $name:ident { $($key:ident),+ $(,)? })+) => {
        /// One language of the catalogue.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Words {
            /// Its subtag.
            #[serde(skip)]
            pub(crate) language: String,
            /// Names of countries by code; English ones where it has none.
            #[serde(default)]
            countries: HashMap<String, String>,
            /// All of today's, as a reader looks them up.
            #[serde(skip)]
            sorted: Vec<(Country, String, String)>,
            $($(#[$doc])* pub(crate) $part: $name,)+
        }
        $(
            $(#[$doc])*
            #[derive(Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(crate) struct $name { $(pub(crate) $key: String,)+ }
        )+
    };
}

words! {
    /// Around every page.
    frame: Frame {
        direction, home, all_briefs, made_with, none
    }
    /// The sign-up form.
    sign_up: SignUp {
        get, not_sent, not_sent_title, email, country, select, why_country, leave_empty, send, moment, first_a_link, clicks, others, privacy,
        type_email, check_shape, check_length, check_local, check_domain, select_country, new_sentence,
        unseen_filled, too_fast, crowd
    }
    /// After it was sent.
    asked: Asked {
        title, mailed, meant, throwaway, unusual, none_yet
    }
    /// The page behind the mailed link.
    confirm: Confirm {
        title, question, instead, yes, others, not_you, done, comes, apart, leave_by
    }
    /// Where editions do not reach a reader in their morning.
    late: Late {
        link, later, sometimes, never, ask, ask_at, read, elsewhere, choose
    }
    /// The mail with that link.
    confirm_mail: ConfirmMail {
        subject, arrives, listed, text, moves
    }
    /// The mail to the address that another one took the place of.
    moved_mail: MovedMail {
        subject, text
    }
    /// The way out.
    leave: Leave {
        title, question, stop, done, no_longer, mistake
    }
    /// A reader's settings.
    settings: Settings {
        title, not_saved, not_saved_title, paused, resume, comes, does_not_come, moved, home, not_listed, zone, why_zone, save,
        format, send_editions, as_html, as_text, briefs, which, waits, briefs_saved, pause, until, pause_it, data, why_mailed, download, move_elsewhere, erase,
        leave, nothing, saved, is_paused, none_sent, resumed, link_mailed, enough_links, no_zone, no_day, no_format
    }
    /// What a reader has a right to.
    my_data: MyData {
        download, what, download_it, keep, erase, what_goes, what_stays, unsure, sure, erase_it, to_stop,
        erased, nothing_left, anew, elsewhere, new_address, why_asked, ask_there, address_asked, enough
    }
    /// The mail with the link to it.
    data_mail: DataMail {
        subject, subject_elsewhere, download, erase, elsewhere
    }
    /// Around an edition.
    edition: Edition {
        editions, all, all_and_search, feed, previous, next, print, book, that_was_all, this, whole, entry, one_of
    }
    /// All editions.
    archive: Archive {
        title, of, words, search, nothing, one, several, latest, try_fewer, found_in, none, earlier
    }
    /// What went wrong.
    errors: Errors {
        go_to, all_briefs, page, brief, reader, copy_whole, used, used_confirm, used_data, no_edition_yet,
        first_comes, no_edition, not_out, no_entry, cross_site, cross_site_means, the_form, method,
        method_means, too_large, too_large_means, unread, unread_means, ours, ours_means
    }
}

static CATALOGUE: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    let mut catalogue = BTreeMap::new();
    for file in Files::iter() {
        let Some(language) = file.strip_suffix(".toml") else {
            continue;
        };
        match read(&file) {
            Ok(mut words) => {
                language.clone_into(&mut words.language);
                words.sort_countries();
                catalogue.insert(language.to_owned(), words);
            }
            // The tests read every file.
            Err(error) => tracing::error!(language, "a language cannot be read: {error}"),
        }
    }
    catalogue
});

fn read(file: &str) -> Result<Words, String> {
    let bytes = Files::get(file).ok_or("it is gone")?.data;
    let text = std::str::from_utf8(&bytes).map_err(|error| error.to_string())?;
    toml::from_str(text).map_err(|error| error.to_string())
}

impl Words {
    /// English.
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the program, and the tests read it"
    )]
    pub(crate) fn english() -> &'static Self {
        CATALOGUE.get("en").expect("the catalogue has English")
    }

    /// Those of a language; English where there are none.
    pub(crate) fn of(language: &Language) -> &'static Self {
        CATALOGUE
            .get(language.as_str())
            .unwrap_or_else(|| Self::english())
    }

    /// Those of the first language that a visitor's browser names and that there is (RFC 9110, section 12.5.4). Browsers
    /// name them in order, so their weights are not read.
    pub(crate) fn for_visitor(headers: &HeaderMap) -> &'static Self {
        let asked = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|asked| asked.to_str().ok());
        let tags = asked.unwrap_or_default().split(',');
        let mut known = tags.filter_map(|tag| {
            let tag: Language = tag.split(';').next()?.parse().ok()?;
            CATALOGUE.get(tag.as_str())
        });
        known.next().unwrap_or_else(|| Self::english())
    }

    fn sort_countries(&mut self) {
        let named = |country: &Country| {
            let name = self.countries.get(country.code());
            let name = name.map_or_else(|| country.name().to_owned(), Clone::clone);
            let zone = country.usual_zone().map(|zone| zone.name().to_owned());
            (*country, name, zone.unwrap_or_default())
        };
        let mut sorted: Vec<_> = Country::all().iter().map(named).collect();
        sorted.sort_by_cached_key(|(_, name, _)| Country::sort_key(name));
        self.sorted = sorted;
    }

    /// Today's countries with their names and usual zones, in the order in which a reader looks them up.
    pub(crate) fn countries(&self) -> &[(Country, String, String)] {
        &self.sorted
    }

    /// How it writes days, as the editions in it do.
    pub(crate) fn dates(&self) -> &'static Dates {
        let language = self.language.parse().unwrap_or_else(|_| Language::english());
        Dates::of(&language)
    }
}

/// Countries by the letters of the names that the catalogue has for them.
static COUNTRIES: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let names = CATALOGUE.values().flat_map(Words::countries);
    names
        .map(|(country, name, _)| (Country::sort_key(name), *country))
        .collect()
});

/// The country of this name, in any language of the catalogue, as the sign-up page lists it.
#[must_use]
pub fn country_named(name: &str) -> Option<Country> {
    Country::from_code(name)
        .or_else(|| Country::from_name(name))
        .or_else(|| COUNTRIES.get(&Country::sort_key(name)).copied())
}

/// Subject and text of a mail.
pub type Mail = (String, String);

/// The mail by which a reader in this zone confirms a sign-up, or takes the place of another address: it holds nothing that a
/// visitor typed. It says whether its brief comes in time there.
#[must_use]
pub fn confirmation_mail(brief: &Brief, (zone, in_time): (&Zone, InTime), moves: bool, link: &str) -> Mail {
    let say = Say::of_brief(brief)
        .with("link", link)
        .with("sentence", &brief.consent)
        .with("zone", zone);
    let words = &say.w.confirm_mail;
    let confirm = match in_time {
        InTime::Always => &words.arrives,
        InTime::Later | InTime::Sometimes | InTime::Never => &words.listed,
    };
    let say = say.and("confirm", say.plain(confirm));
    let mut text = say.plain(if moves { &words.moves } else { &words.text });
    if let Some(late) = say.late(in_time) {
        text += &format!("\n{}\n", say.plain(&late));
    }
    (say.plain(&words.subject), text)
}

/// The mail to an address that another one took the place of. `form` is the sign-up's address.
#[must_use]
pub fn moved_mail(brief: &Brief, form: &str) -> Mail {
    let say = Say::of_brief(brief).with("link", form);
    let words = &say.w.moved_mail;
    (say.plain(&words.subject), say.plain(&words.text))
}

/// The mail with the link by which a reader downloads what is kept about them, has it erased, or names another address.
#[must_use]
pub fn data_mail(brief: &Brief, purpose: LinkPurpose, link: &str) -> Mail {
    let say = Say::of_brief(brief).with("link", link);
    let words = &say.w.data_mail;
    let (subject, text) = match purpose {
        LinkPurpose::Erase => (&words.subject, &words.erase),
        LinkPurpose::Move => (&words.subject_elsewhere, &words.elsewhere),
        LinkPurpose::Download | LinkPurpose::Confirm => (&words.subject, &words.download),
    };
    (say.plain(subject), say.plain(text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The values and links that a text asks for.
    fn places(text: &str) -> BTreeSet<String> {
        let between = |open: &'static str, close: char| {
            let parts = text.split(open).skip(1);
            parts.filter_map(move |part| Some(format!("{open}{}", part.split(close).next()?)))
        };
        between("{", '}').chain(between("](", ')')).collect()
    }

    fn texts(file: &str) -> BTreeMap<String, String> {
        let bytes = Files::get(file).unwrap().data;
        let table: toml::Table = toml::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
        let parts = table.iter().filter(|(part, _)| *part != "countries");
        let all = parts.flat_map(|(part, keys)| {
            let keys = keys.as_table().unwrap().iter();
            keys.filter_map(move |(key, text)| Some((format!("{part}.{key}"), text.as_str()?.to_owned())))
        });
        all.collect()
    }

    #[test]
    fn every_language_has_every_text_with_the_same_values() {
        let english = texts("en.toml");
        let files: Vec<_> = Files::iter().filter(|file| file.ends_with(".toml")).collect();
        assert!(files.len() >= 4, "{files:?}");
        for file in files {
            // Reading it tells a key that is missing, and one that nothing asks for.
            let words = read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
            for (key, text) in texts(&file) {
                assert!(!text.trim().is_empty(), "{file}: {key}");
                assert_eq!(places(&text), places(&english[&key]), "{file}: {key}");
            }
            if file != "en.toml" {
                for country in Country::all() {
                    assert!(
                        words.countries.contains_key(country.code()),
                        "{file}: {}",
                        country.code()
                    );
                }
            }
        }
    }

    #[test]
    fn editions_speak_every_language_that_pages_do() {
        let pages: Vec<_> = CATALOGUE.keys().map(String::as_str).collect();
        assert_eq!(pages, Dates::languages().collect::<Vec<_>>());
    }

    #[test]
    fn countries_are_those_of_the_language() {
        for (language, first) in [
            ("de", "Afghanistan"),
            ("es", "Afganistán"),
            ("tlh", "Afghanistan"),
        ] {
            let words = Words::of(&language.parse().unwrap());
            assert_eq!(words.countries()[0].1, first, "{language}");
        }
        let german = Words::of(&"de".parse().unwrap()).countries();
        let at = |name: &str| german.iter().position(|(_, known, _)| known == name).unwrap();
        assert!(
            at("Ägypten") < at("Albanien"),
            "umlauts stand among their letters"
        );
    }

    #[test]
    fn a_visitors_first_known_language_is_theirs() {
        let of = |asked: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
            Words::for_visitor(&headers).language.clone()
        };
        for (asked, language) in [
            ("pt-BR, fr-CA;q=0.8, en", "fr"),
            ("de", "de"),
            ("tlh, *", "en"),
            ("", "en"),
        ] {
            assert_eq!(of(asked), language, "{asked}");
        }
    }
}
