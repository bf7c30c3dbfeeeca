//! Time zones by the city that each is named after: people know where they live, and not what the database calls it.

use std::{collections::HashMap, sync::LazyLock};

use crate::{Country, Zone};

/// What the database sorts places under; its other names are those of rules and of whole countries.
const REGIONS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];
/// Names of parts of Australia that are no place.
const PARTS: [&str; 6] = ["ACT", "LHI", "NSW", "North", "South", "West"];

/// Other names of these cities, in the languages of their readers, and large cities after which no zone is named.
const OTHERS: [(&str, &str); 47] = [
    (
        "Europe/Vienna",
        "Wien, Vienne, Viena, Wenen, Graz, Linz, Salzburg, Innsbruck",
    ),
    (
        "Europe/Berlin",
        "Hamburg, München, Munich, Köln, Cologne, Frankfurt, Stuttgart, Düsseldorf, Leipzig, Dresden, Hannover, Bremen, \
        Nürnberg, Bonn, Berlín",
    ),
    (
        "Europe/Zurich",
        "Genf, Genève, Geneva, Ginebra, Basel, Bâle, Bern, Berne, Lausanne, Zúrich",
    ),
    (
        "Europe/Paris",
        "París, Parigi, Parijs, Lyon, Marseille, Toulouse, Lille, Bordeaux, Nantes, Nice, Strasbourg, Straßburg",
    ),
    (
        "Europe/London",
        "Londres, Londra, Londen, Edinburgh, Manchester, Birmingham, Glasgow, Leeds, Liverpool, Cardiff, Bristol",
    ),
    ("Europe/Dublin", "Dublín, Baile Átha Cliath, Cork"),
    (
        "Europe/Madrid",
        "Barcelona, Valencia, Sevilla, Seville, Bilbao, Zaragoza, Málaga",
    ),
    ("Europe/Lisbon", "Lisboa, Lissabon, Lisbonne, Porto"),
    (
        "Europe/Rome",
        "Roma, Rom, Milano, Milan, Mailand, Napoli, Naples, Neapel, Torino, Turin, Firenze, Florence, Florenz, Bologna",
    ),
    ("Europe/Athens", "Athen, Athènes, Atenas, Atene, Thessaloniki"),
    (
        "Europe/Brussels",
        "Bruxelles, Brussel, Brüssel, Bruselas, Antwerpen, Antwerp, Gent, Liège",
    ),
    (
        "Europe/Amsterdam",
        "Rotterdam, Den Haag, The Hague, Utrecht, Eindhoven",
    ),
    ("Europe/Luxembourg", "Luxemburg, Luxemburgo"),
    ("Europe/Copenhagen", "København, Kopenhagen, Copenhague, Aarhus"),
    ("Europe/Stockholm", "Estocolmo, Göteborg, Gothenburg, Malmö"),
    ("Europe/Oslo", "Bergen, Trondheim"),
    ("Europe/Helsinki", "Helsingfors, Tampere"),
    ("Europe/Prague", "Praha, Prag, Praga, Brno"),
    (
        "Europe/Warsaw",
        "Warszawa, Warschau, Varsovie, Varsovia, Kraków, Krakau, Gdańsk, Wrocław, Poznań",
    ),
    ("Europe/Bucharest", "București, Bukarest, Bucarest"),
    ("Europe/Belgrade", "Beograd, Belgrad, Belgrado"),
    (
        "Europe/Kyiv",
        "Kiew, Kiev, Київ, Lviv, Львів, Odesa, Одеса, Kharkiv, Харків",
    ),
    (
        "Europe/Moscow",
        "Moskau, Moscou, Moscú, Mosca, Moskva, Москва, Saint Petersburg, St. Petersburg, Санкт-Петербург",
    ),
    ("Europe/Istanbul", "İstanbul, Estambul, Ankara, İzmir"),
    ("Asia/Nicosia", "Nikosia, Nicosie"),
    ("Asia/Jerusalem", "Tel Aviv, Haifa"),
    ("Africa/Cairo", "Kairo, Le Caire, El Cairo, القاهرة"),
    ("Africa/Algiers", "Algier, Alger, Argel"),
    (
        "Africa/Johannesburg",
        "Cape Town, Kapstadt, Le Cap, Pretoria, Durban",
    ),
    ("Asia/Dubai", "Abu Dhabi, دبي"),
    ("Asia/Riyadh", "Riad, Jeddah, الرياض"),
    ("Asia/Tehran", "Teheran, Téhéran, Teherán, تهران"),
    (
        "Asia/Kolkata",
        "Delhi, New Delhi, Mumbai, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Ahmedabad",
    ),
    (
        "Asia/Shanghai",
        "Beijing, Peking, Pékin, Pekín, Guangzhou, Shenzhen, Chengdu, Wuhan, 北京, 上海",
    ),
    ("Asia/Hong_Kong", "Hongkong, 香港"),
    ("Asia/Tokyo", "Tokio, Osaka, Kyoto, Nagoya, Yokohama, 東京, 大阪"),
    ("Asia/Seoul", "Séoul, Seúl, Busan, 서울"),
    ("Asia/Ho_Chi_Minh", "Hanoi, Hà Nội"),
    (
        "America/New_York",
        "Washington, Washington DC, Boston, Philadelphia, Miami, Atlanta, Nueva York, Baltimore, Pittsburgh, Cleveland",
    ),
    (
        "America/Chicago",
        "Houston, Dallas, Austin, San Antonio, Minneapolis, Saint Louis, St. Louis, New Orleans, Milwaukee, Nashville",
    ),
    ("America/Denver", "Salt Lake City, Albuquerque"),
    (
        "America/Los_Angeles",
        "San Francisco, Seattle, San Diego, Portland, Las Vegas, Sacramento",
    ),
    ("America/Toronto", "Ottawa, Montreal, Montréal, Quebec, Québec"),
    ("America/Sao_Paulo", "Rio de Janeiro, Brasília, Belo Horizonte"),
    ("America/Argentina/Buenos_Aires", "Rosario, La Plata"),
    (
        "America/Mexico_City",
        "Ciudad de México, Mexiko-Stadt, Guadalajara",
    ),
    ("Australia/Sydney", "Canberra"),
];

/// The names of zones by the letters of their cities; of two zones of one city, the first by name.
static ZONES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut zones = HashMap::new();
    for name in Zone::names() {
        if let (Some((region, _)), Some((_, city))) = (name.split_once('/'), name.rsplit_once('/'))
            && REGIONS.contains(&region)
            && !PARTS.contains(&city)
        {
            zones.entry(Country::sort_key(city)).or_insert(name);
        }
    }
    for (zone, cities) in OTHERS {
        for city in cities.split(", ") {
            zones
                .entry(Country::sort_key(city))
                .or_insert_with(|| zone.to_owned());
        }
    }
    zones
});

/// The name of the zone of a city, by a name that its readers may give it, in any case, with its accents or without.
pub(crate) fn zone_of(city: &str) -> Option<&'static str> {
    ZONES.get(&Country::sort_key(city)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_city_names_its_zone() {
        for (typed, zone) in [
            ("Europe/Vienna", "Europe/Vienna"),
            ("europe/vienna", "Europe/Vienna"),
            ("vienna", "Europe/Vienna"),
            ("VIENNA ", "Europe/Vienna"),
            ("new york", "America/New_York"),
            ("New_York", "America/New_York"),
            ("São Paulo", "America/Sao_Paulo"),
            ("Zürich", "Europe/Zurich"),
            ("UTC", "UTC"),
            ("Wien", "Europe/Vienna"),
            ("munchen", "Europe/Berlin"),
            ("Washington DC", "America/New_York"),
            ("東京", "Asia/Tokyo"),
            ("Córdoba", "America/Argentina/Cordoba"),
        ] {
            assert_eq!(typed.parse::<Zone>().unwrap().name(), zone, "{typed}");
        }
        for none in ["Alderport", "West", "Central", "", "/", "Europe"] {
            assert!(none.parse::<Zone>().is_err(), "{none}");
        }
    }

    #[test]
    fn every_other_name_is_of_a_zone_that_there_is_and_stands_once() {
        let mut seen = HashSet::new();
        for (zone, cities) in OTHERS {
            assert_eq!(zone.parse::<Zone>().unwrap().name(), zone);
            for city in cities.split(", ") {
                assert!(!Country::sort_key(city).is_empty() && seen.insert(city), "{city}");
            }
        }
    }
}
