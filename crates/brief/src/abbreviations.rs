//! Words that end in a full stop without ending a sentence, by language.
//!
//! Own lists, from what news text of each language uses. Words are compared as written, with their case: English
//! "Miss." is a state and "miss." the end of a sentence.

use reveille_model::Language;

/// What a language's full stops mean. Each list is parted by spaces.
struct Rules {
    /// Primary subtags of the languages it serves.
    languages: &'static str,
    /// Never end a sentence: titles, "for example".
    attached: &'static str,
    /// May end one; do so where the next word usually opens a sentence.
    open: &'static str,
    /// Abbreviations before a number only: "No. 5" but "He said no."
    numbered: &'static str,
    /// Words that usually open a sentence.
    openers: &'static str,
    /// Whether "3." is how the third is written.
    ordinals: bool,
}

const RULES: &[Rules] = &[
    Rules {
        languages: "en",
        attached: "Mr Mrs Ms Dr Prof Gen Lt Col Sgt Capt Cmdr Cdr Adm Maj Brig Cpl Pvt Rep Reps Sen Sens Gov Pres \
                   Rev Hon Rt St Mt Ft Supt Det Insp Cllr Amb Atty Asst Msgr Fr Sr vs approx dept est cf al",
        open: "Inc Corp Ltd Co Bros Jr Sr Esq etc Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec Mon Tue Tues \
               Wed Thu Thur Thurs Fri Sat Sun Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md \
               Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo Ave Blvd Rd Univ Dept Ph",
        numbered: "No Nos no nos p pp vol Vol fig Fig art Art sec Sec ch Ch ca c",
        openers: "The A An He She It They We I You His Her Its Their Our This That These Those There Here In On At By \
                  For From With But And Or If When While As After Before Since Some Many Most Both One Two What \
                  Who How Why Not No Yet So Also However Meanwhile Officials Police",
        ordinals: false,
    },
    Rules {
        languages: "de",
        attached: "Dr Prof Hr Hrn St Dipl Ing Mag bzw vgl ca evtl ggf inkl sog geb gest rd zzgl Abs Str Bd Hl Msgr \
                   Jh jun sen",
        open: "usw etc Mio Mrd Tsd Jan Feb Apr Aug Sept Okt Nov Dez Mo Di Mi Do Fr Sa So Co",
        numbered: "Nr Nrn Art Abs S Kap Bd Ziff max min",
        openers: "Der Die Das Den Dem Des Ein Eine Einen Er Sie Es Wir Ich Ihr In Im Am An Auf Bei Mit Nach Von \
                  Vor Für Zum Zur Und Aber Doch Auch Als Wenn Da So Dabei Damit Dies Diese Dieser Zudem Seit Laut",
        ordinals: true,
    },
    Rules {
        languages: "fr",
        attached: "M MM Mme Mmes Mlle Mlles Me Dr Pr Mgr St Ste Cie av apr env",
        open: "etc janv févr avr juil sept oct nov déc",
        numbered: "n no nos art p pp vol chap fig",
        openers: "Le La Les L' Un Une Des Il Elle Ils Elles On Ce Cet Cette Ces C' En Au Aux À A Dans Pour Par Sur \
                  Mais Et Si Selon Après Avant Depuis Son Sa Ses Leur Nous Vous Je D' S' Lors Avec",
        ordinals: false,
    },
    Rules {
        languages: "es ca gl",
        attached: "Sr Sra Srta Sres Sras Dr Dra Dres D Da Dña Prof Gral Gen Cnel Cap Lic Ing Arq Ud Uds Vd Vds Av \
                   Avda Mons Fr Sto Sta EE",
        open: "etc UU ene feb mar abr jun jul ago sept oct nov dic Cía",
        numbered: "núm nº n art pág págs p vol cap",
        openers: "El La Los Las Un Una Unos Unas Lo Él Ella Ellos En Al Del De Por Para Con Sin Según Tras Desde \
                  Pero Y O Si Su Sus Este Esta Esto Estos Ese Esa Se No Además También Cuando Como Mientras",
        ordinals: false,
    },
    Rules {
        languages: "it",
        attached: "Sig Sigg Dott Prof Profs Ing Avv Arch On Sen Gen Col Cap Ten Mons Dr Geom Rag",
        open: "ecc gen feb mar apr mag giu lug ago set ott nov dic",
        numbered: "n nn art artt pag pagg p vol cap",
        openers: "Il Lo La I Gli Le L' Un Una Uno In Nel Nella Al Alla Per Con Da Dal Dalla Di Del Della Ma E Se \
                  Su Sul Sulla Secondo Dopo Questo Questa Non Si Anche Lui Lei È",
        ordinals: false,
    },
    Rules {
        languages: "pt",
        attached: "Sr Sra Srs Sras Dr Dra Drs Prof Profa Eng Gen Cel Cap Av D Dom Exmo",
        open: "etc jan fev mar abr mai jun jul ago set out nov dez Cia",
        numbered: "n nº núm art pág págs p vol cap",
        openers: "O A Os As Um Uma Ele Ela Eles Elas Em No Na Nos Nas Ao À De Do Da Por Para Com Sem Segundo Após \
                  Mas E Se Seu Sua Este Esta Isso Não Também Quando Como Já",
        ordinals: false,
    },
    Rules {
        languages: "nl af",
        attached: "dhr mevr mw drs dr Dr prof Prof ir ing mr St bijv resp incl excl ca",
        open: "enz etc jan feb apr aug sept okt nov dec mld mln",
        numbered: "nr nrs art blz p",
        openers: "De Het Een Hij Zij Ze Wij We Ik Er In Op Bij Met Na Van Voor Uit En Maar Ook Als Dat Dit Die \
                  Deze Volgens Sinds Toen Daarbij",
        ordinals: false,
    },
    Rules {
        languages: "da nb nn no sv is",
        attached: "dr Dr prof hr fr St bl ca jf inkl ekskl pga fhv iht Jr bla",
        open: "osv etc mio mia mill mrd jan feb febr apr aug sept okt nov dec des kr",
        numbered: "nr kl st art s § kap",
        openers: "Det Den De En Ett Et Ei Han Hun Hon Vi Jeg Jag Du Der Här Her I På Med Efter Etter Fra Från Men \
                  Og Och Når När Som Dette Denne Også Ifølge Enligt",
        ordinals: true,
    },
    Rules {
        languages: "fi et",
        attached: "esim mm ns tri prof dos vrt nk",
        open: "jne ym yms milj mrd",
        numbered: "nro klo s lk",
        openers: "Se Hän Ne He Me Tämä Tämän Mutta Ja Kun Jos Myös Suomen Viime",
        ordinals: true,
    },
    Rules {
        languages: "pl",
        attached: "prof dr hab inż mgr gen płk ppłk mjr kpt por sierż im ul al św tzw tzn np ks bp abp śp red",
        open: "itd itp r w mln mld tys zł godz",
        numbered: "nr art poz str s pkt ust godz ok",
        openers: "W Na Z Ze Po Do Od To Ten Ta Te Jest On Ona Oni Nie Jak Jednak Ale Według Dla Za Przed Podczas",
        ordinals: true,
    },
    Rules {
        languages: "cs sk sl hr sr bs",
        attached: "prof dr MUDr JUDr Ing ing Mgr mgr gen plk např tzv tj tzn sv resp ul nám npr tzv dr",
        open: "atd apod itd mil mld tis mil mlrd mln",
        numbered: "č čl str odst br st",
        openers: "V Ve Na Z Ze Po Do Od Ten Ta To Je On Ona Podle Ale Jak Když Pri Za U Iz Po Prema",
        ordinals: true,
    },
    Rules {
        languages: "hu tr ro",
        attached: "dr Dr Prof prof ifj id pl Sn Av Doç Yrd dl dna vs kb",
        open: "stb vb etc",
        numbered: "nr art sz No",
        openers: "A Az Egy Ez Bu Bir O Ve Ancak În Un O Cel Cea De La Pe Dar Și",
        ordinals: true,
    },
    Rules {
        languages: "ru uk be bg",
        attached: "им ім ул вул проф акад ген полк св см рис пер просп пл гр тов др напр",
        open: "г гг р рр тыс тис млн млрд руб грн коп долл л куб кв",
        numbered: "ст стр с п пп гл рис табл оз №",
        openers: "В Во На По Из С К У За Он Она Они Это Этот Как Но И А Также При Для После Он Вона Вони Це Та Але \
                  До Від Із За Его Их Об О",
        ordinals: false,
    },
];

/// The rules for a text: its language's, or all of them where that is unknown or has none.
#[derive(Clone, Copy)]
pub(crate) struct Abbreviations<'a> {
    language: Option<&'a str>,
}

impl<'a> Abbreviations<'a> {
    pub(crate) fn of(language: Option<&'a Language>) -> Self {
        let known = |code: &&str| RULES.iter().any(|rules| holds(rules.languages, code));
        Self {
            language: language.map(Language::as_str).filter(known),
        }
    }

    fn any(self, test: impl Fn(&Rules) -> bool) -> bool {
        let serves = |rules: &&Rules| self.language.is_none_or(|code| holds(rules.languages, code));
        RULES.iter().filter(serves).any(test)
    }

    pub(crate) fn is_attached(self, word: &str) -> bool {
        self.any(|rules| holds(rules.attached, word))
    }

    pub(crate) fn is_open(self, word: &str) -> bool {
        self.any(|rules| holds(rules.open, word))
    }

    pub(crate) fn is_numbered(self, word: &str) -> bool {
        self.any(|rules| holds(rules.numbered, word))
    }

    /// Whether this word usually opens a sentence.
    pub(crate) fn is_opener(self, word: &str) -> bool {
        self.any(|rules| holds(rules.openers, word))
    }

    pub(crate) fn has_ordinals(self) -> bool {
        self.any(|rules| rules.ordinals)
    }
}

fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|entry| entry == word)
}
