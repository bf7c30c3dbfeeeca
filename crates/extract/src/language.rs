//! The language of a text: what the page declares, unless its text plainly says otherwise.

use reveille_model::{Block, Language};

/// Text shorter than this tells no language, in bytes.
const SHORTEST: usize = 80;

/// How much text the detector reads, in bytes.
const SAMPLE: usize = 320;

/// The language that a body is written in, by its text alone.
pub(crate) fn detect(body: &[Block]) -> Option<Language> {
    detected(body).map(|(language, _)| language)
}

/// The page's language: the declared one if the text does not contradict it with certainty.
pub(crate) fn of(body: &[Block], declared: Option<Language>) -> Option<Language> {
    if let Some(language) = declared.as_ref().filter(|language| is_plainly(body, language)) {
        return Some(language.clone());
    }
    match (detected(body), declared) {
        (Some((found, true)), Some(declared)) if alike(&found, &declared) => Some(declared),
        (Some((found, true)), _) => Some(found),
        (found, declared) => declared.or(found.map(|(language, _)| language)),
    }
}

/// The commonest words of the languages that most pages are in.
const COMMON: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "of", "and", "to", "in", "a", "is", "that", "for", "on", "was", "with", "as", "it", "by",
            "at", "from", "he", "his", "are", "be", "has", "have", "this", "an", "but", "not", "they", "who",
            "had", "were", "which", "or", "we", "their", "you", "i", "will", "its", "she", "been",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "in", "den", "von", "zu", "mit", "ist", "im", "für", "auf", "ein",
            "eine", "nicht", "dem", "des", "sich", "auch", "als", "an", "es", "er", "sie", "wie", "bei",
            "hat", "nach", "aus", "war", "wird", "sind", "noch", "einen", "einem", "einer", "zum", "zur",
            "dass", "über", "um", "am", "vor", "oder", "aber",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "de", "des", "et", "en", "un", "une", "du", "à", "que", "pour", "est", "il",
            "elle", "dans", "qui", "sur", "par", "au", "pas", "plus", "ne", "se", "ce", "avec", "sont",
            "son", "a", "été", "ont", "aux", "cette", "mais", "ses", "nous",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "de", "y", "en", "que", "un", "una", "por", "con", "del", "se", "al",
            "su", "para", "es", "lo", "como", "más", "ha", "pero", "sus", "este", "fue", "no", "le",
        ],
    ),
    (
        "it",
        &[
            "il", "la", "di", "e", "che", "in", "un", "una", "per", "del", "della", "è", "con", "le", "i",
            "gli", "da", "non", "si", "dei", "alla", "nel", "ha", "sono", "al", "anche", "più", "come", "ma",
        ],
    ),
    (
        "pt",
        &[
            "o", "a", "os", "as", "de", "e", "que", "do", "da", "em", "um", "uma", "para", "com", "não",
            "se", "por", "no", "na", "dos", "das", "mais", "ao", "foi", "como", "é", "mas", "pelo", "são",
        ],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "van", "en", "in", "is", "dat", "op", "te", "voor", "met", "zijn", "die",
            "niet", "aan", "er", "om", "ook", "als", "bij", "maar", "uit", "door", "naar", "heeft", "over",
            "nog", "wordt",
        ],
    ),
    (
        "sv",
        &[
            "och", "att", "det", "som", "en", "på", "är", "av", "för", "med", "den", "till", "i", "har",
            "inte", "om", "ett", "han", "de", "var", "men", "från", "så", "vi", "jag", "kan", "ska",
        ],
    ),
    (
        "da",
        &[
            "og", "at", "det", "er", "en", "til", "på", "som", "med", "for", "den", "i", "har", "ikke", "af",
            "de", "et", "der", "han", "om", "fra", "var", "men", "kan", "vi", "sig", "blev",
        ],
    ),
    (
        "pl",
        &[
            "w", "i", "na", "z", "do", "się", "nie", "że", "to", "jest", "o", "po", "za", "od", "jak", "dla",
            "ale", "przez", "oraz", "tym", "są", "był", "czy", "co", "tego",
        ],
    ),
    (
        "cs",
        &[
            "a", "v", "se", "na", "je", "že", "s", "z", "do", "o", "k", "i", "to", "ve", "za", "by", "si",
            "jsou", "ale", "jako", "po", "pro", "od", "tak", "jeho", "podle",
        ],
    ),
];

/// How many words are looked at; fewer than a third of them tell nothing.
const WORDS: usize = 60;

/// Of so many words one is a common one in plain text, at least.
const EACH: usize = 5;

/// Whether a text is plainly in a language: the detector, which weighs fifty languages, need not be asked.
fn is_plainly(body: &[Block], language: &Language) -> bool {
    let Some((_, common)) = COMMON.iter().find(|(tag, _)| *tag == language.as_str()) else {
        return false;
    };
    let words = body
        .iter()
        .flat_map(|block| block.text.split_ascii_whitespace())
        .take(WORDS);
    let (mut all, mut known) = (0, 0);
    for word in words {
        all += 1;
        known += usize::from(common.contains(&word));
        if known * EACH >= WORDS {
            return true;
        }
    }
    all * 3 >= WORDS && known * EACH >= all
}

/// Languages that the detector takes for one another.
fn alike(a: &Language, b: &Language) -> bool {
    const FAMILIES: [&[&str]; 6] = [
        &["no", "nb", "nn", "da", "sv"],
        &["cs", "sk"],
        &["hr", "sr", "bs", "sl"],
        &["id", "ms"],
        &["af", "nl"],
        &["gl", "pt", "es", "ca"],
    ];
    a == b
        || FAMILIES
            .iter()
            .any(|family| family.contains(&a.as_str()) && family.contains(&b.as_str()))
}

/// What the detector says of a text, and whether it is certain.
fn detected(body: &[Block]) -> Option<(Language, bool)> {
    let mut sample = String::with_capacity(SAMPLE);
    for block in body {
        sample.push_str(&block.text);
        sample.push(' ');
        if sample.len() >= SAMPLE {
            break;
        }
    }
    if sample.len() < SHORTEST {
        return None;
    }
    let info = whatlang::detect(&sample[..sample.floor_char_boundary(SAMPLE)])?;
    let tag = two_letters(info.lang());
    Some((tag.parse().ok()?, info.is_reliable() && info.confidence() > 0.95))
}

/// ISO 639-1 for the detector's ISO 639-3.
const fn two_letters(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang::*;
    match lang {
        Eng => "en",
        Deu => "de",
        Fra => "fr",
        Spa => "es",
        Por => "pt",
        Ita => "it",
        Nld => "nl",
        Swe => "sv",
        Dan => "da",
        Nob => "no",
        Fin => "fi",
        Pol => "pl",
        Ces => "cs",
        Slk => "sk",
        Hun => "hu",
        Ron => "ro",
        Bul => "bg",
        Rus => "ru",
        Ukr => "uk",
        Bel => "be",
        Srp => "sr",
        Hrv => "hr",
        Slv => "sl",
        Mkd => "mk",
        Ell => "el",
        Tur => "tr",
        Lit => "lt",
        Lav => "lv",
        Est => "et",
        Ara => "ar",
        Pes => "fa",
        Heb => "he",
        Hin => "hi",
        Ben => "bn",
        Urd => "ur",
        Tam => "ta",
        Tel => "te",
        Mar => "mr",
        Guj => "gu",
        Pan => "pa",
        Kan => "kn",
        Mal => "ml",
        Cmn => "zh",
        Jpn => "ja",
        Kor => "ko",
        Vie => "vi",
        Ind => "id",
        Tha => "th",
        Cat => "ca",
        Afr => "af",
        Kat => "ka",
        Hye => "hy",
        Aze => "az",
        Uzb => "uz",
        Mya => "my",
        Khm => "km",
        Sin => "si",
        Nep => "ne",
        Amh => "am",
        Zul => "zu",
        Sna => "sn",
        Aka => "ak",
        Yid => "yi",
        Tuk => "tk",
        Tgl => "tl",
        Jav => "jv",
        Epo => "eo",
        Lat => "la",
        Ori => "or",
        Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_detector_has_its_tag() {
        for lang in whatlang::Lang::all() {
            assert!(two_letters(*lang).parse::<Language>().is_ok(), "{lang}");
        }
        let welsh = "Mae'r harbwr yn Alderport wedi cau am bedwar mis er mwyn i'r hen gatiau gael eu codi a'u trwsio, \
            meddai'r harbwrfeistr ddydd Llun, ac ni fydd llongau mawr yn gallu mynd i mewn cyn diwedd yr haf.";
        assert_eq!(two_letters(whatlang::detect_lang(welsh).unwrap()), "cy");
    }
}
