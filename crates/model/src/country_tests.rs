//! What a reader, an import file or an old form may write for a country.

use super::*;

fn code(name: &str) -> &'static str {
    name.parse::<Country>().unwrap().code()
}

#[test]
fn every_line_of_the_data_is_whole() {
    let text = include_str!("countries.txt");
    let lines = text
        .lines()
        .filter(|line| line.contains(';') && !line.starts_with('#'));
    let mut keys: HashMap<String, &str> = HashMap::new();
    let mut count = 0;
    for line in lines {
        let mut fields: Vec<&str> = line.split(';').map(str::trim).collect();
        let country = Country::from_code(fields[0]).unwrap_or_else(|| panic!("{line}"));
        assert_eq!((country.code(), country.name()), (fields[0], fields[1]), "{line}");
        let zone = country.usual_zone();
        assert_eq!(zone.as_ref().map_or("", Zone::name), fields[2], "{line}");
        if country.is_former() {
            let codes = fields.remove(3).split_whitespace();
            let today: Vec<_> = codes.map(|code| Country::from_code(code).unwrap()).collect();
            assert_eq!(country.successors(), today, "{line}");
            assert!(today.iter().all(|country| !country.is_former()), "{line}");
        } else {
            assert!(zone.is_some(), "{line}");
        }
        for name in fields[3]
            .split('|')
            .chain([fields[1], fields[0]])
            .filter(|name| !name.is_empty())
        {
            assert_eq!(code(name), fields[0], "{name}");
            let other = keys.insert(key(name), fields[0]);
            assert_eq!(other, None, "{name} is listed twice");
        }
        count += 1;
    }
    assert_eq!((count, Country::all().len()), (277, 250));
}

#[test]
fn old_and_official_names_mean_todays_country() {
    for (name, expected) in [
        ("Swaziland", "SZ"),
        ("Macedonia, The Former Yugoslav Republic of", "MK"),
        ("MACEDONIA (THE FORMER YUGOSLAV REPUBLIC OF)", "MK"),
        ("Libyan Arab Jamahiriya", "LY"),
        ("Cape Verde", "CV"),
        ("Cabo Verde", "CV"),
        ("Cote D'ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Co\u{302}te d'Ivoire", "CI"),
        ("Czech Republic", "CZ"),
        ("Holy See (Vatican City State)", "VA"),
        ("Congo", "CG"),
        ("Congo, The Democratic Republic of The", "CD"),
        ("Zaire", "CD"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Korea, Republic of", "KR"),
        ("Republic of Korea", "KR"),
        ("Virgin Islands, U.S.", "VI"),
        ("Virgin Islands, British", "VG"),
        ("Palestinian Territory, Occupied", "PS"),
        ("Reunion", "RE"),
        ("Burma", "MM"),
        ("Timor-leste", "TL"),
        ("East Timor", "TL"),
        ("St. Kitts & Nevis", "KN"),
        ("Saint Vincent and The Grenadines", "VC"),
        ("the Gambia", "GM"),
        ("U.S.A.", "US"),
        ("u.k.", "GB"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("Guinea-bissau", "GW"),
        ("Guinea", "GN"),
        ("Niger", "NE"),
        ("Dominican Republic", "DO"),
        ("Dominica", "DM"),
        ("Micronesia, Federated States of", "FM"),
        ("Taiwan, Province of China", "TW"),
        ("Georgia", "GE"),
        ("  germany ", "DE"),
        ("deu", "DE"),
        ("AND", "AD"),
    ] {
        assert_eq!(code(name), expected, "{name}");
    }
}

#[test]
fn former_countries_keep_their_code() {
    for (name, expected) in [
        ("Netherlands Antilles", "AN"),
        ("Serbia and Montenegro", "CS"),
        ("Yugoslavia", "YU"),
        ("USSR", "SU"),
        ("German Democratic Republic", "DD"),
        ("zr", "ZR"),
        ("BU", "BU"),
        ("TP", "TP"),
    ] {
        assert_eq!(code(name), expected, "{name}");
        assert!(name.parse::<Country>().unwrap().is_former());
    }
    assert!(Country::all().iter().all(|country| !country.is_former()));
}

#[test]
fn a_former_country_is_one_of_today_unless_it_was_split() {
    for (name, today, zone) in [
        ("Norway", Some("NO"), Some("Europe/Oslo")),
        ("Burma (until 1989)", Some("MM"), Some("Asia/Yangon")),
        ("GDR", Some("DE"), Some("Europe/Berlin")),
        ("Netherlands Antilles", None, Some("America/Curacao")),
        ("Serbia and Montenegro", None, Some("Europe/Belgrade")),
        ("Soviet Union", None, None),
    ] {
        let country: Country = name.parse().unwrap();
        let zone_of = country.usual_zone();
        assert_eq!(country.today().map(Country::code), today, "{name}");
        assert_eq!(zone_of.as_ref().map(Zone::name), zone, "{name}");
    }
}

#[test]
fn countries_stand_under_the_letter_where_readers_look() {
    let names: Vec<&str> = Country::all().iter().map(|country| country.name()).collect();
    assert_eq!(names[..3], ["Afghanistan", "Åland Islands", "Albania"]);
    assert_eq!(names.last(), Some(&"Zimbabwe"));
    assert!(names.contains(&"Bolivia") && names.contains(&"South Korea"));
}

#[test]
fn an_unknown_name_gets_a_hint() {
    let hint = |text: &str| text.parse::<Country>().unwrap_err().to_string();
    assert_eq!(
        hint("Germny"),
        "`Germny` is not a country that is known here (did you mean Germany?)"
    );
    assert_eq!(
        hint("Korea"),
        "`Korea` is not a country that is known here (did you mean North Korea or South Korea?)"
    );
    for text in ["", "the", "Q", "ZZ", "(please select a country)"] {
        assert!(hint(text).contains("a code such as DE"), "{}", hint(text));
    }
    assert!("Ira".parse::<Country>().unwrap_err().near.len() <= 3);
}

#[test]
fn a_country_is_stored_as_its_code() {
    let country: Country = "Bolivia".parse().unwrap();
    let json = serde_json::to_string(&country).unwrap();
    assert_eq!(json, "\"BO\"");
    assert_eq!(serde_json::from_str::<Country>(&json).unwrap(), country);
    assert!(serde_json::from_str::<Country>("\"Bolivia\"").is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_odd(text in ".*") {
        match text.parse::<Country>() {
            Ok(country) => proptest::prop_assert_eq!(Country::from_code(country.code()), Some(country)),
            Err(error) => proptest::prop_assert!(error.near.len() <= 3),
        }
    }
}

#[test]
fn every_code_of_iso_3166_3_is_known() {
    const CODES: &str = "AIDJ ANHH BQAQ BUMM BYAA CSHH CSXX CTKI DDDE DYBJ FQHH FXFR GEHH HVBF JTUM MIUM NHVU NQAQ NTHH \
        PCHH PUUM PZPA RHZW SKIN SUHH TPTL VDVN WKUM YDYE YUCS ZRCD";
    for code in CODES.split(' ') {
        assert!(Country::from_name(code).is_some(), "{code}");
    }
    let parts = |name: &str| {
        let country: Country = name.parse().unwrap();
        let codes = country.successors().iter().map(|part| part.code());
        codes.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(parts("Czechoslovakia"), "CZ SK");
    assert_eq!(parts("Gilbert and Ellice Islands"), "KI TV");
    assert_eq!("Sikkim".parse::<Country>().unwrap().code(), "IN");
}
