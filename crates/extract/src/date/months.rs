//! Names of months in some fifty languages.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// The names of each month as dates write them: inflected, and cut short where a language does that. Where languages
/// disagree (Croatian "listopad" is October), the name goes to the language with more readers.
const NAMES: [&str; 12] = [
    "jan january januar januari janvier janv ene enero gen gennaio janeiro jän jänner januára januarie \
     ianuarie ian gener xaneiro janúar január januarja januara janar janvāris janvārī janvāra jaanuar stycznia styczeń \
     sty ledna leden siječnja siječanj sij sausio tammikuuta tammikuu ocak oca yanvar янв января январь януари јануар \
     јануара січня січень ιανουαρίου ιανουάριος ιαν يناير جانفي ינואר იანვარი",
    "feb february februar februari février fevrier févr fevr fév fev febrero febbraio fevereiro feber februára \
     februarie februarja februara febrer febreiro febrúar február shkurt februāris februārī veebruar lutego luty lut \
     února únor úno veljače veljača velj vasario helmikuuta helmikuu şubat şub fevral pebrero фев февр февраля февраль \
     февруари фебруар фебруара лютого лютий φεβρουαρίου φεβρουάριος φεβ فبراير فيفري شباط פברואר თებერვალი",
    "mar march märz maerz mär mrz mars marzo março marco maart mrt marts martie mart marta marca marec március març maret \
     mac marso márc märts martā marzec března březen bře ožujka ožujak ožu kovo maaliskuuta maaliskuu мар марта март \
     березня березень μαρτίου μάρτιος μαρ مارس آذار מרץ מרס მარტი",
    "apr april avril avr abril abr aprile aprilie aprila apríla április apríl ápr aprel aprīlis aprīlī aprill prill \
     kwietnia kwiecień kwi dubna duben dub travnja travanj tra balandžio huhtikuuta huhtikuu nisan nis апр апреля \
     апрель април априла квітня квітень απριλίου απρίλιος απρ أبريل ابريل أفريل نيسان אפריל აპრილი",
    "may mai maj mei mayo maggio mag maio maig maja mája május máj maí maijs maijā května květen kvě svibnja svibanj svi \
     gegužės toukokuuta toukokuu mayıs май мая мај маја травня травень μαΐου μάιος μαΐ μαι مايو ماي أيار מאי მაისი",
    "jun june juni juin junio giugno giu junho juny xuño iunie junij junija juna júna jún június júní junie jūnijs jūnijā \
     juuni qershor hunyo iyun czerwca czerwiec cze června červen lipnja lipanj birželio kesäkuuta kesäkuu haziran haz \
     июн июня июнь юни јун јуна јуни червня червень ιουνίου ιούνιος ιουν يونيو جوان حزيران יוני ივნისი",
    "jul july juli juillet juil julio luglio lug julho juliol xullo iulie julij julija jula júla júl július júlí julie \
     jūlijs jūlijā juuli korrik hulyo iyul lipca lipiec července červenec srpnja srpanj liepos heinäkuuta heinäkuu \
     temmuz tem июл июля июль юли јул јула јули липня липень ιουλίου ιούλιος ιουλ يوليو جويلية تموز יולי ივლისი",
    "aug august août aout aoû augusti augustus agosto ago agost augusta avgust avgusta augusztus ágúst agustus ogos \
     augusts augustā gusht avqust sierpnia sierpień sie srpna srpen srp kolovoza kolovoz rugpjūčio elokuuta elokuu \
     ağustos ağu авг августа август серпня серпень αυγούστου αύγουστος αυγ أغسطس اغسطس أوت آب אוגוסט აგვისტო",
    "sep sept september septembre septiembre setiembre settembre setembro set septembrie septembra szeptember szept \
     setembre septembris septembrī shtator setyembre sentyabr września wrzesień wrz září zář rujna rujan rugsėjo \
     syyskuuta syyskuu eylül eyl сен сент сентября сентябрь септември септембар септембра вересня вересень σεπτεμβρίου \
     σεπτέμβριος σεπ سبتمبر أيلول ספטמבר სექტემბერი",
    "oct october oktober octobre octubre ottobre ott outubro out octombrie oktobra októbra október okt oktobris oktobrī \
     oktoober tetor oktubre oktyabr października październik paź října říjen říj spalio lokakuuta lokakuu ekim eki \
     окт октября октябрь октомври октобар октобра жовтня жовтень οκτωβρίου οκτώβριος οκτ أكتوبر اكتوبر אוקטובר \
     ოქტომბერი",
    "nov november novembre noviembre novembro noiembrie novembra nóvember novembris novembrī nëntor nobyembre noyabr \
     listopada listopad studenoga studenog studeni lapkričio marraskuuta marraskuu kasım kas ноя нояб ноября ноябрь \
     ноември новембар новембра листопада листопад νοεμβρίου νοέμβριος νοε نوفمبر נובמבר ნოემბერი",
    "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro decembro decembrie decembra desember \
     des desembre disember detsember decembris decembrī dhjetor disyembre dekabr grudnia grudzień gru prosince prosinec \
     prosinca prosinac gruodžio joulukuuta joulukuu aralık ara дек декабря декабрь декември децембар децембра грудня \
     грудень δεκεμβρίου δεκέμβριος δεκ ديسمبر דצמבר დეკემბერი",
];

static MONTHS: LazyLock<FxHashMap<&'static str, i64>> = LazyLock::new(|| {
    (1..)
        .zip(NAMES)
        .flat_map(|(month, names)| names.split_whitespace().map(move |name| (name, month)))
        .collect()
});

/// The month that a word in lower case names, by its number.
pub(crate) fn month(word: &str) -> Option<i64> {
    // Hebrew writes "in" as the first letter of the name.
    let bare = || word.strip_prefix('ב');
    MONTHS.get(word).or_else(|| MONTHS.get(bare()?)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_months() {
        let names: usize = NAMES.iter().map(|names| names.split_whitespace().count()).sum();
        assert_eq!(MONTHS.len(), names);
    }

    #[test]
    fn names_are_whole_words() {
        for (word, expected) in [
            ("march", Some(3)),
            ("lipca", Some(7)),
            ("lipnja", Some(6)),
            ("במרץ", Some(3)),
            ("mardi", None),
            ("market", None),
            ("desde", None),
        ] {
            assert_eq!(month(word), expected, "{word}");
        }
    }
}
