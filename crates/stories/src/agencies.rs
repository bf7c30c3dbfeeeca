//! The news agencies by name, mark and house: facts of the trade, in one table.

use std::sync::LazyLock;

use reveille_model::site_of;
use rustc_hash::FxHashMap;

/// One agency or syndicate.
#[derive(Debug)]
pub struct Agency {
    /// The usual spelling.
    pub name: &'static str,
    /// The usual short form.
    pub short: &'static str,
    /// What stands in brackets in a dateline.
    pub(crate) marks: &'static [&'static str],
    /// Names as they stand alone under a byline, lower case.
    pub(crate) bylines: &'static [&'static str],
    /// Parts of a footer that only its own texts carry, lower case.
    pub(crate) footers: &'static [&'static str],
    /// Its own sites.
    pub(crate) sites: &'static [&'static str],
}

const fn agency(
    name: &'static str,
    short: &'static str,
    marks: &'static [&'static str],
    bylines: &'static [&'static str],
    footers: &'static [&'static str],
    sites: &'static [&'static str],
) -> Agency {
    Agency {
        name,
        short,
        marks,
        bylines,
        footers,
        sites,
    }
}

/// All that are known. House styles are from the agencies' own pages and style guides.
pub(crate) const AGENCIES: &[Agency] = &[
    agency(
        "Associated Press",
        "AP",
        &["AP"],
        &["associated press", "the associated press", "ap"],
        &["the associated press. all rights reserved"],
        &["apnews.com", "ap.org"],
    ),
    agency(
        "Reuters",
        "Reuters",
        &["Reuters", "Thomson Reuters Foundation"],
        &["reuters", "thomson reuters"],
        &[
            "thomson reuters trust principles",
            "© reuters",
            "thomson reuters 20",
        ],
        &["reuters.com"],
    ),
    agency(
        "Agence France-Presse",
        "AFP",
        &["AFP"],
        &["agence france-presse", "afp", "agence france presse"],
        &["© agence france-presse", "©afp", "© afp"],
        &["afp.com"],
    ),
    agency(
        "Bloomberg",
        "Bloomberg",
        &["Bloomberg"],
        &["bloomberg news", "bloomberg"],
        &["bloomberg l.p."],
        &["bloomberg.com"],
    ),
    agency(
        "United Press International",
        "UPI",
        &["UPI"],
        &["united press international", "upi"],
        &[
            "united press international, inc",
            "united press international. all rights",
        ],
        &["upi.com"],
    ),
    agency(
        "PA Media",
        "PA",
        &["PA"],
        &["press association", "pa media", "pa news agency"],
        &["© pa media", "press association. all rights"],
        &["pa.media"],
    ),
    agency(
        "Deutsche Presse-Agentur",
        "dpa",
        &["dpa", "dpa-AFX"],
        &["deutsche presse-agentur", "dpa"],
        &["dpa-infocom", "deutsche presse-agentur gmbh"],
        &["dpa.com", "dpa-international.com"],
    ),
    agency(
        "Xinhua",
        "Xinhua",
        &["Xinhua"],
        &["xinhua", "xinhua news agency"],
        &["source: xinhua", "source:xinhua"],
        &["xinhuanet.com", "news.cn"],
    ),
    agency("TASS", "TASS", &["TASS"], &["tass"], &[], &["tass.com"]),
    agency(
        "Kyodo News",
        "Kyodo",
        &["Kyodo"],
        &["kyodo news", "kyodo"],
        &["==kyodo"],
        &["kyodonews.net"],
    ),
    agency(
        "ANSA",
        "ANSA",
        &["ANSA"],
        &["ansa"],
        &["© copyright ansa"],
        &["ansa.it"],
    ),
    agency(
        "EFE",
        "EFE",
        &["EFE"],
        &["efe", "agencia efe"],
        &["© efe"],
        &["efe.com"],
    ),
    agency(
        "Australian Associated Press",
        "AAP",
        &["AAP"],
        &["australian associated press", "aap"],
        &[],
        &["aap.com.au"],
    ),
    agency(
        "The Canadian Press",
        "CP",
        &["CP"],
        &["the canadian press", "canadian press"],
        &["this report by the canadian press"],
        &["thecanadianpress.com"],
    ),
    agency(
        "Press Trust of India",
        "PTI",
        &["PTI"],
        &["press trust of india", "pti"],
        &[],
        &["ptinews.com"],
    ),
    agency(
        "CNN",
        "CNN",
        &["CNN"],
        &["cnn", "cnn wire"],
        &["the-cnn-wire", "cable news network"],
        &["cnn.com"],
    ),
    agency(
        "KFF Health News",
        "KHN",
        &["KHN", "KFF Health News"],
        &["kff health news", "kaiser health news", "khn"],
        &[
            "kff health news is",
            "kff health news, formerly",
            "kaiser health news is",
            "kaiser health news (khn)",
            "khn (kaiser health news)",
            "kaiser health news, a",
            "kaiser family foundation",
        ],
        &["khn.org", "kffhealthnews.org"],
    ),
    agency(
        "ProPublica",
        "ProPublica",
        &["ProPublica"],
        &["propublica"],
        &["propublica is a", "originally published by propublica"],
        &["propublica.org"],
    ),
    agency(
        "The Conversation",
        "The Conversation",
        &[],
        &["the conversation"],
        &[
            "republished from the conversation",
            "originally published on the conversation",
            "originally published in the conversation",
            "theconversation.com",
        ],
        &["theconversation.com"],
    ),
    agency(
        "Stars and Stripes",
        "Stripes",
        &["Stars and Stripes"],
        &["stars and stripes", "special to stars and stripes"],
        &["@stripes.com"],
        &["stripes.com"],
    ),
    agency(
        "States Newsroom",
        "States Newsroom",
        &[],
        &["states newsroom"],
        &["is part of states newsroom"],
        &["statesnewsroom.com"],
    ),
    agency(
        "Voice of America",
        "VOA",
        &["VOA"],
        &["voa news", "voice of america"],
        &[],
        &["voanews.com"],
    ),
    agency(
        "RFE/RL",
        "RFE/RL",
        &["RFE/RL"],
        &["rfe/rl"],
        &["rfe/rl, inc"],
        &["rferl.org"],
    ),
    Agency {
        name: "Tribune News Service",
        short: "TNS",
        marks: &["TNS"],
        bylines: &["tribune news service", "tribune content agency"],
        footers: &[
            "distributed by tribune content agency",
            "tribune content agency, llc",
        ],
        sites: &[],
    },
];

/// The agency of that name, short or long, without case or article.
#[must_use]
pub fn agency_named(name: &str) -> Option<&'static Agency> {
    BY_NAME.get(&plain(name)).copied()
}

/// Agencies by all their names; of two with one name the first.
static BY_NAME: LazyLock<FxHashMap<String, &Agency>> = LazyLock::new(|| {
    let named = AGENCIES.iter().rev().flat_map(|agency| {
        let names = [plain(agency.name), plain(agency.short)].into_iter();
        let bylines = agency.bylines.iter().map(|&byline| byline.to_owned());
        names.chain(bylines).map(move |name| (name, agency))
    });
    named.collect()
});

/// The agency whose own site a host belongs to.
pub(crate) fn agency_of_host(host: &str) -> Option<&'static Agency> {
    let site = site_of(host);
    AGENCIES.iter().find(|agency| agency.sites.contains(&site))
}

/// A name as it is compared: lower case, without "The" and without a site's ending.
pub(crate) fn plain(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let lower = lower.strip_prefix("www.").unwrap_or(&lower);
    lower.strip_prefix("the ").unwrap_or(lower).to_owned()
}

/// Under which two spellings of one name are equal: "AP" and "The Associated Press".
pub(crate) fn same_name_key(name: &str) -> String {
    agency_named(name).map_or_else(|| plain(name), |agency| plain(agency.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_is_known_by_any_of_its_names() {
        for name in ["AP", "The Associated Press", "associated press"] {
            assert_eq!(
                agency_named(name).map(|agency| agency.short),
                Some("AP"),
                "{name}"
            );
        }
        assert!(agency_named("Harbour Herald").is_none());
        assert_eq!(same_name_key("AP"), same_name_key("the associated press"));
        assert_eq!(
            same_name_key("The Harbour Herald"),
            same_name_key("harbour herald")
        );
        assert_eq!(
            agency_of_host("www.reuters.com").map(|agency| agency.name),
            Some("Reuters")
        );
    }
}
