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
    zones
});

/// The name of the zone of a city, by its English name in any case, with its accents or without.
pub(crate) fn zone_of(city: &str) -> Option<&'static str> {
    ZONES.get(&Country::sort_key(city)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use crate::Zone;

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
        ] {
            assert_eq!(typed.parse::<Zone>().unwrap().name(), zone, "{typed}");
        }
        for none in ["München", "West", "Central", "", "/", "Europe"] {
            assert!(none.parse::<Zone>().is_err(), "{none}");
        }
    }
}
