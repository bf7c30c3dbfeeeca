//! The agencies and services whose text other outlets carry, and the marks by which they are known.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::text;

/// A news agency or a service that lets others carry its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its name in the usual spelling.
    pub name: &'static str,
    /// What stands in the brackets of a dateline, in lower case.
    pub marks: &'static [&'static str],
    /// Its names in bylines and credit lines, in lower case without punctuation.
    pub names: &'static [&'static str],
    /// The sites that are its own.
    pub sites: &'static [&'static str],
}

macro_rules! agencies {
    ($($name:literal [$($mark:literal)*] [$($alias:literal)*] [$($site:literal)*])*) => {
        /// The table, most quoted first.
        pub static AGENCIES: &[Agency] = &[$(Agency {
            name: $name, marks: &[$($mark),*], names: &[$($alias),*], sites: &[$($site),*],
        }),*];
    };
}

agencies! {
    "Associated Press" ["ap"] ["associated press" "the associated press" "ap" "ap news" "associated press ap"] ["apnews.com" "ap.org"]
    "Reuters" ["reuters"] ["reuters" "thomson reuters" "reuters staff" "reuters news agency"] ["reuters.com"]
    "Agence France-Presse" ["afp" "afp relaxnews"] ["agence france presse" "afp" "agence france presse afp" "afp news" "afp com"] ["afp.com"]
    "dpa" ["dpa" "dpa afx" "dpa tmn" "dpa infocom" "dpa lnw" "dpa lby"] ["dpa" "deutsche presse agentur" "deutschen presse agentur" "deutsche presse agentur gmbh" "dpa infocom" "dpa afx" "dpa international" "german press agency dpa"] ["dpa.com" "dpa-international.com"]
    "Bloomberg" ["bloomberg"] ["bloomberg" "bloomberg news" "bloomberg l p"] ["bloomberg.com"]
    "United Press International" ["upi"] ["united press international" "upi"] ["upi.com"]
    "PA Media" ["pa" "pa media"] ["press association" "pa media" "pa news agency" "pa"] ["pa.media"]
    "Xinhua" ["xinhua"] ["xinhua" "xinhua news agency" "新华社" "新華社"] ["xinhuanet.com" "news.cn"]
    "TASS" ["tass" "itar tass" "тасс"] ["tass" "itar tass" "тасс"] ["tass.com" "tass.ru"]
    "Interfax" ["interfax" "interfax ru" "интерфакс"] ["interfax" "интерфакс"] ["interfax.com" "interfax.ru"]
    "Interfax-Ukraine" ["interfax ukraine"] ["interfax ukraine" "інтерфакс україна"] ["interfax.com.ua"]
    "RIA Novosti" ["ria novosti" "ria" "риа новости"] ["ria novosti" "риа новости"] ["ria.ru"]
    "Kyodo News" ["kyodo"] ["kyodo" "kyodo news" "共同通信" "共同通信社" "共同"] ["kyodonews.net" "kyodo.co.jp"]
    "Jiji Press" ["jiji" "jiji press"] ["jiji press" "時事通信" "時事通信社" "時事"] ["jiji.com"]
    "Yonhap" ["yonhap"] ["yonhap" "yonhap news agency" "연합뉴스"] ["yna.co.kr"]
    "Newsis" ["newsis" "뉴시스"] ["newsis" "뉴시스"] ["newsis.com"]
    "Central News Agency" ["cna"] ["central news agency" "中央社"] ["cna.com.tw"]
    "KCNA" ["kcna"] ["kcna" "korean central news agency"] ["kcna.kp"]
    "EFE" ["efe"] ["efe" "agencia efe" "agencias efe"] ["efe.com"]
    "Europa Press" ["europa press"] ["europa press"] ["europapress.es"]
    "ANSA" ["ansa"] ["ansa"] ["ansa.it"]
    "Adnkronos" ["adnkronos"] ["adnkronos"] ["adnkronos.com"]
    "APA" ["apa" "apa dpa" "apa reuters" "apa afp"] ["apa" "austria presse agentur"] ["apa.at"]
    "Keystone-SDA" ["sda" "keystone sda" "keystone sda ats" "ats" "awp"] ["sda" "keystone sda" "schweizerische depeschenagentur" "sda ats" "keystone ats"] ["keystone-sda.ch"]
    "SID" ["sid"] ["sid" "sport informations dienst"] ["sid.de"]
    "epd" ["epd"] ["epd" "evangelischer pressedienst"] ["epd.de"]
    "KNA" ["kna"] ["kna" "katholische nachrichten agentur"] ["kna.de"]
    "Belga" ["belga"] ["belga" "agence belga"] ["belga.be"]
    "ANP" ["anp"] ["anp" "algemeen nederlands persbureau"] ["anp.nl"]
    "Ritzau" ["ritzau"] ["ritzau" "ritzaus bureau"] ["ritzau.dk"]
    "NTB" ["ntb"] ["ntb" "norsk telegrambyra" "norsk telegrambyrå"] ["ntb.no"]
    "TT" ["tt"] ["tt" "tt nyhetsbyrån" "tidningarnas telegrambyrå"] ["tt.se"]
    "STT" ["stt"] ["stt"] ["stt.fi"]
    "PAP" ["pap"] ["pap" "nauka w polsce pap" "polska agencja prasowa"] ["pap.pl"]
    "ČTK" ["čtk" "ctk"] ["čtk" "ctk"] ["ctk.cz" "ceskenoviny.cz"]
    "MTI" ["mti"] ["mti"] ["mti.hu"]
    "TASR" ["tasr"] ["tasr"] ["tasr.sk"]
    "STA" ["sta"] ["sta" "slovenska tiskovna agencija"] ["sta.si"]
    "Hina" ["hina"] ["hina"] ["hina.hr"]
    "Tanjug" ["tanjug"] ["tanjug"] ["tanjug.rs"]
    "Agerpres" ["agerpres"] ["agerpres"] ["agerpres.ro"]
    "BTA" ["bta"] ["bta" "бта"] ["bta.bg"]
    "BelTA" ["belta"] ["belta" "белта"] ["belta.by"]
    "Armenpress" ["armenpress"] ["armenpress"] ["armenpress.am"]
    "Kazinform" ["kazinform"] ["kazinform"] ["inform.kz"]
    "Ukrinform" ["ukrinform" "укрінформ"] ["ukrinform" "укрінформ"] ["ukrinform.net" "ukrinform.ua"]
    "Anadolu Agency" ["aa" "anadolu" "anadolu agency"] ["anadolu agency" "anadolu ajansı" "anadolu" "aa"] ["aa.com.tr"]
    "SANA" ["sana"] ["syrian arab news agency"] ["sana.sy"]
    "KUNA" ["kuna"] ["kuna" "kuwait news agency"] ["kuna.net.kw"]
    "QNA" ["qna"] ["qna" "qatar news agency"] ["qna.org.qa"]
    "SPA" ["spa"] ["saudi press agency"] ["spa.gov.sa"]
    "Petra" ["petra"] ["petra news agency" "jordan news agency"] ["petra.gov.jo"]
    "MENA" ["mena"] ["middle east news agency"] ["mena.org.eg"]
    "IRNA" ["irna"] ["irna"] ["irna.ir"]
    "WAM" ["wam"] ["wam" "emirates news agency"] ["wam.ae"]
    "Press Trust of India" ["pti"] ["press trust of india" "pti"] ["ptinews.com"]
    "Asian News International" ["ani"] ["asian news international" "ani"] ["aninews.in"]
    "IANS" ["ians"] ["ians" "indo asian news service"] ["ians.in"]
    "Associated Press of Pakistan" ["app"] ["associated press of pakistan"] ["app.com.pk"]
    "BSS" ["bss"] ["bss" "bangladesh sangbad sangstha"] ["bssnews.net"]
    "United News of Bangladesh" ["unb"] ["unb" "united news of bangladesh"] ["unb.com.bd"]
    "Bernama" ["bernama"] ["bernama"] ["bernama.com"]
    "Antara" ["antara"] ["antara news"] ["antaranews.com"]
    "Australian Associated Press" ["aap"] ["australian associated press" "aap"] ["aap.com.au"]
    "Canadian Press" ["cp" "canadian press" "the canadian press"] ["canadian press" "the canadian press" "la presse canadienne"] ["thecanadianpress.com"]
    "Lusa" ["lusa"] ["lusa" "agência lusa"] ["lusa.pt"]
    "Agência Brasil" ["agência brasil"] ["agência brasil" "agencia brasil"] ["agenciabrasil.ebc.com.br"]
    "News Agency of Nigeria" ["nan"] ["news agency of nigeria" "nan"] ["nannews.ng"]
    "Ghana News Agency" ["gna"] ["ghana news agency" "gna"] ["gna.org.gh"]
    "Agência Estado" ["agência estado"] ["agência estado" "estadão conteúdo"] ["estadaoconteudo.com.br"]
    "Folhapress" ["folhapress"] ["folhapress"] ["folhapress.folha.com.br"]
    "Télam" ["télam" "telam"] ["télam" "telam" "agencia télam"] ["telam.com.ar"]
    "Prensa Latina" ["prensa latina"] ["prensa latina"] ["prensa-latina.cu"]
    "CNN" ["cnn" "cnn wire"] ["cnn" "cnn wire" "cnn newsource" "cable news network"] ["cnn.com"]
    "Tribune News Service" ["tns"] ["tribune news service" "tribune content agency"] ["tribunecontentagency.com"]
    "Stars and Stripes" [] ["stars and stripes"] ["stripes.com"]
    "The Conversation" [] ["the conversation"] ["theconversation.com"]
    "KFF Health News" [] ["kff health news" "kaiser health news" "khn" "khn kaiser health news"] ["khn.org" "kffhealthnews.org"]
    "ProPublica" [] ["propublica"] ["propublica.org"]
    "States Newsroom" [] ["states newsroom"] ["statesnewsroom.com"]
    "Voice of America" ["voa"] ["voice of america" "voa news" "voa"] ["voanews.com"]
    "RFE/RL" ["rfe rl"] ["rfe rl" "rfe rl inc" "radio free europe radio liberty"] ["rferl.org"]
    "The New York Times" [] ["the new york times" "new york times" "nyt"] ["nytimes.com"]
    "The Washington Post" [] ["the washington post" "washington post"] ["washingtonpost.com"]
    "Military Times" [] ["military times"] ["militarytimes.com"]
}

type Index = FxHashMap<&'static str, &'static Agency>;

/// The agencies by their names.
static NAMES: LazyLock<Index> = LazyLock::new(|| index(|agency| agency.names.iter()));

/// The agencies by their marks and names.
static MARKS: LazyLock<Index> = LazyLock::new(|| index(|agency| agency.marks.iter().chain(agency.names)));

/// Of agencies that share a word the first has it.
fn index<W: Iterator<Item = &'static &'static str>>(words: fn(&'static Agency) -> W) -> Index {
    let mut index = Index::default();
    for agency in AGENCIES {
        for word in words(agency) {
            index.entry(word).or_insert(agency);
        }
    }
    index
}

/// The agency of that name, as it stands in a byline.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Agency> {
    by_key(&text::key(name))
}

/// The agency of that name, in lower case without punctuation.
pub(crate) fn by_key(name: &str) -> Option<&'static Agency> {
    NAMES.get(name).copied()
}

/// The agency of that mark, as it stands in the brackets of a dateline: `AP`, `dpa/tmn`.
#[must_use]
pub fn by_mark(mark: &str) -> Option<&'static Agency> {
    let key = text::key(mark);
    let first = key.split(' ').next().unwrap_or_default();
    let find = |key: &str| MARKS.get(key).copied();
    // Several agencies may share a dateline; the first wrote the most.
    find(&key).or_else(|| find(first).filter(|_| mark.contains(['/', '-', ','])))
}

/// The agency that a site belongs to.
#[must_use]
pub fn by_site(site: &str) -> Option<&'static Agency> {
    AGENCIES.iter().find(|agency| agency.sites.contains(&site))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies_are_known_by_each_of_their_marks() {
        assert_eq!(
            by_name("The Associated Press").map(|a| a.name),
            Some("Associated Press")
        );
        assert_eq!(by_mark("dpa/tmn").map(|a| a.name), Some("dpa"));
        assert_eq!(by_mark("AP").map(|a| a.name), Some("Associated Press"));
        assert_eq!(by_site("reuters.com").map(|a| a.name), Some("Reuters"));
        assert_eq!(by_name("Ann Example"), None);
    }

    #[test]
    fn names_and_marks_are_keys() {
        for agency in AGENCIES {
            for name in agency.names.iter().chain(agency.marks) {
                assert_eq!(&text::key(name), name);
            }
        }
    }
}
