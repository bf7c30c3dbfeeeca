//! Languages of which only the commonest verbs and endings are known: what shows neither may still have a verb.

use std::{collections::HashMap, sync::LazyLock};

use super::{List, Verb, Word, list};

/// The verbs of a language.
struct Verbs {
    /// Finite forms that no ending shows.
    words: List,
    /// Endings of finite forms, of words with four letters at least.
    endings: Vec<&'static str>,
}

static LANGUAGES: LazyLock<HashMap<&str, Verbs>> = LazyLock::new(|| {
    let languages = [
        (
            "fr",
            "est sont a ont avait avaient était étaient sera seront fut furent va vont peut peuvent doit doivent fait font \
             dit veut veulent prend met permet reste devient propose annonce explique vient tient ai suis avons sommes c'est \
             s'est n'est qu'est n'a j'ai y'a existe vit connaît sait faut offre compte semble appelle arrive parle pourrait \
             devrait faudra il elle on je nous vous ils elles ne trouve donne passe marque lance ouvre ferme porte demande concerne continue représente",
            "ait aient èrent era eront irent urent ons",
        ),
        (
            "es",
            "es son está están ha han fue fueron era eran hay tiene tienen puede pueden debe deben va van hace hacen será \
             serán sea dice quiere busca sigue siguen llega queda permite existe muestra cuenta cuentan ofrece incluye \
             presenta anuncia señala asegura afirma confirma mantiene viene dio hizo dijo puso tuvo vino quiso pudo supo \
             hubo estuvo explica registra realiza cumple forma representa trata pide recibe genera comienza abre vive se me nos cabe quieren buscan",
            "ó aron ieron aba aban ía ían ará arán erá erán irá irán ría rían amos emos imos",
        ),
        (
            "it",
            "è sono ha hanno era erano fu furono sarà saranno può possono deve devono va vanno fa fanno c'è dice vuole resta \
             viene vengono torna arriva diventa rappresenta prevede conferma annuncia spiega chiede porta apre chiude continua sta stanno",
            "ava avano eva evano iva ivano ò arono irono rà ranno rebbe iamo",
        ),
        (
            "pt",
            "é são foi foram está estão tem têm há era eram pode podem deve devem vai vão faz fazem será serão diz quer \
             disse fez teve veio deu esteve houve fica segue continua permite existe mostra apresenta afirma se viu admitem",
            "ou aram eram iram ava avam ia iam ará arão erá erão irá irão ria riam eu iu",
        ),
        (
            "nl",
            "is zijn was waren heeft hebben had hadden werd werden wordt worden kan kunnen kon zal zullen zou moet moeten wil \
             willen gaat gaan komt komen kwam ging staat stond ligt lag blijft bleef zegt zei doet doen deed mag mogen geeft \
             gaf krijgt kreeg maakt neemt nam vindt vond laat liet ziet zag houdt hield",
            "de den te ten t",
        ),
        (
            "pl",
            "jest są był była było byli były będzie będą ma mają może mogą musi muszą jestem mamy chce trzeba można należy nie się to \
             oznacza",
            "ł ła ło li ły uje ują ają eje",
        ),
        (
            "ru",
            "есть был была было были будет будут может могут нет стал стала стали",
            "л ла ло ли лся лась лись лось ет ют ут ит ят ат ется ются ится ятся ены ена ено",
        ),
        (
            "uk",
            "є був була було були буде будуть може можуть має мають немає",
            "в ла ло ли вся лася лися лося є ють уть ить ять ать ється ються иться яться но то",
        ),
        (
            "sv",
            "är var har hade blir blev ska skulle kan kunde får fick går gick vill ville måste kommer kom säger sade sa ser såg \
             står stod tar tog ger gav gör gjorde",
            "ade ar er te de as des",
        ),
        (
            "da",
            "er var har havde bliver blev skal skulle kan kunne får fik går gik vil ville må kommer kom siger sagde ser så står \
             stod tager tog giver gav gør gjorde",
            "ede er te de",
        ),
        (
            "no",
            "er var har hadde blir ble skal skulle kan kunne får fikk går gikk vil ville må kommer kom sier sa ser så står stod \
             tar tok gir ga gjør gjorde",
            "et er te de dde",
        ),
    ];
    let verbs = |(code, words, endings): (&'static str, &'static str, &'static str)| {
        let endings = endings.split_ascii_whitespace().collect();
        (
            code,
            Verbs {
                words: list(words),
                endings,
            },
        )
    };
    languages.into_iter().map(verbs).collect()
});

const RELATIVES: [&str; 12] = [
    "que",
    "qui",
    "che",
    "quien",
    "quem",
    "który",
    "która",
    "które",
    "который",
    "которая",
    "який",
    "яка",
];

pub(super) fn main_verb(words: &[Word<'_>], language: &str) -> Verb {
    let language = if language == "nb" || language == "nn" {
        "no"
    } else {
        language
    };
    let Some(verbs) = LANGUAGES.get(language) else {
        return Verb::Main;
    };
    let ends =
        |lower: &str| verbs.endings.iter().any(|ending| lower.ends_with(ending)) && lower.chars().count() > 3;
    let is_verb = |word: &Word<'_>| {
        let bare = word.lower.rsplit('\'').next().unwrap_or_default();
        [&*word.lower, bare].iter().any(|form| verbs.words.contains(form)) || word.is_small() && ends(bare)
    };
    // What opens a relative clause waits for its verb.
    let mut waiting = 0;
    for word in words {
        if RELATIVES.contains(&&*word.lower) {
            waiting += 1;
        } else if is_verb(word) && waiting > 0 {
            waiting -= 1;
        } else if is_verb(word) {
            return Verb::Main;
        }
    }
    Verb::Perhaps
}
