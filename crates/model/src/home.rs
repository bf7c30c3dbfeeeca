//! Where a reader lives, and so when their morning is.

use std::fmt;

use crate::{Country, Zone, state::words};

words! {
    /// Who says in which zone a reader's mornings are. Ordered: an earlier one is believed before a later one.
    ZoneOrigin as "origin of a zone" {
        /// The reader chose it.
        Reader = "reader",
        /// The reader's browser.
        Browser = "browser",
        /// The list that the reader was imported from, or the editor who entered them.
        Import = "import",
        /// It is where most people of the reader's country live.
        Country = "country",
        /// Nothing is known of the reader: it is the brief's own.
        Brief = "brief",
    }
}

/// Where a reader lives.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Home {
    /// A country of today.
    pub country: Option<Country>,
    /// What was given for a country, where it is none of today: a former one that was split, or a name that nobody
    /// knows. The reader is to be asked.
    pub country_given: Option<String>,
    /// Whose mornings are theirs.
    pub zone: Zone,
    /// Who says so.
    pub zone_origin: ZoneOrigin,
}

impl Home {
    /// The home of a reader for whom this was given as a country, which may be empty, and perhaps a zone, with whoever
    /// gave it. Where nothing tells, mornings are those of the brief, whose zone is `fallback`.
    #[must_use]
    pub fn of(country: &str, zone: Option<(Zone, ZoneOrigin)>, fallback: &Zone) -> Self {
        let given = country.trim();
        let named: Option<Country> = Country::from_code(given).or_else(|| Country::from_name(given));
        let today = named.and_then(Country::today);
        let by_country = || Some((today.or(named)?.usual_zone()?, ZoneOrigin::Country));
        let (zone, zone_origin) = zone
            .or_else(by_country)
            .unwrap_or_else(|| (fallback.clone(), ZoneOrigin::Brief));
        Self {
            country: today,
            country_given: (today.is_none() && !given.is_empty()).then(|| given.to_owned()),
            zone,
            zone_origin,
        }
    }

    /// With what the other knows and this one does not.
    #[must_use]
    pub fn filled_by(self, other: Self) -> Self {
        let country = self.country.or(other.country);
        let given = self.country_given.or(other.country_given);
        let believed = other.zone_origin < self.zone_origin;
        let (zone, zone_origin) = if believed {
            (other.zone, other.zone_origin)
        } else {
            (self.zone, self.zone_origin)
        };
        Self {
            country,
            country_given: given.filter(|_| country.is_none()),
            zone,
            zone_origin,
        }
    }

    /// With what the other says, where it says anything. The zone that a reader chose stays.
    #[must_use]
    pub fn replaced_by(self, other: Self) -> Self {
        let says_country = other.country.is_some() || other.country_given.is_some();
        let keeps_zone = match self.zone_origin {
            ZoneOrigin::Reader => true,
            ZoneOrigin::Browser | ZoneOrigin::Import => other.zone_origin > ZoneOrigin::Import,
            ZoneOrigin::Country | ZoneOrigin::Brief => other.zone_origin == ZoneOrigin::Brief,
        };
        let (country, country_given) = if says_country {
            (other.country, other.country_given)
        } else {
            (self.country, self.country_given)
        };
        let (zone, zone_origin) = if keeps_zone {
            (self.zone, self.zone_origin)
        } else {
            (other.zone, other.zone_origin)
        };
        Self {
            country,
            country_given,
            zone,
            zone_origin,
        }
    }
}

/// "Norway, Europe/Oslo".
impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let country = self.country.map(Country::name).or(self.country_given.as_deref());
        write!(f, "{}, {}", country.unwrap_or("no country"), self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_decides_before_the_country_and_that_before_the_brief() {
        let utc = || Some(("UTC".parse().unwrap(), ZoneOrigin::Import));
        for (country, zone, code, given, expected, origin) in [
            (
                "Norway",
                None,
                Some("NO"),
                None,
                "Europe/Oslo",
                ZoneOrigin::Country,
            ),
            (
                " Swaziland ",
                None,
                Some("SZ"),
                None,
                "Africa/Mbabane",
                ZoneOrigin::Country,
            ),
            ("Norway", utc(), Some("NO"), None, "UTC", ZoneOrigin::Import),
            (
                "Netherlands Antilles",
                None,
                None,
                Some("Netherlands Antilles"),
                "America/Curacao",
                ZoneOrigin::Country,
            ),
            ("USSR", None, None, Some("USSR"), "Asia/Tokyo", ZoneOrigin::Brief),
            (
                "Atlantis",
                None,
                None,
                Some("Atlantis"),
                "Asia/Tokyo",
                ZoneOrigin::Brief,
            ),
            ("", None, None, None, "Asia/Tokyo", ZoneOrigin::Brief),
        ] {
            let home = Home::of(country, zone, &"Asia/Tokyo".parse().unwrap());
            assert_eq!(home.country.map(Country::code), code, "{country}");
            assert_eq!(home.country_given.as_deref(), given, "{country}");
            assert_eq!(
                (home.zone.name(), home.zone_origin),
                (expected, origin),
                "{country}"
            );
        }
    }
    #[test]
    fn a_list_fills_what_is_not_known_and_replaces_all_but_what_the_reader_chose() {
        let utc = Zone::UTC;
        let home = |country: &str, zone: Option<(&str, ZoneOrigin)>| {
            let zone = zone.map(|(zone, origin)| (zone.parse().unwrap(), origin));
            Home::of(country, zone, &utc)
        };
        let listed = |zone| home("Sweden", zone);
        let (import, reader) = (ZoneOrigin::Import, ZoneOrigin::Reader);
        for (own, other, filled, replaced) in [
            (
                home("", None),
                listed(None),
                "Sweden, Europe/Stockholm",
                "Sweden, Europe/Stockholm",
            ),
            (
                home("Atlantis", None),
                listed(None),
                "Sweden, Europe/Stockholm",
                "Sweden, Europe/Stockholm",
            ),
            (
                home("Norway", None),
                listed(None),
                "Norway, Europe/Oslo",
                "Sweden, Europe/Stockholm",
            ),
            (
                home("Norway", None),
                home("", None),
                "Norway, Europe/Oslo",
                "Norway, Europe/Oslo",
            ),
            (
                home("Norway", Some(("Asia/Tokyo", import))),
                listed(None),
                "Norway, Asia/Tokyo",
                "Sweden, Asia/Tokyo",
            ),
            (
                home("Norway", Some(("Asia/Tokyo", reader))),
                listed(Some(("Asia/Seoul", import))),
                "Norway, Asia/Tokyo",
                "Sweden, Asia/Tokyo",
            ),
        ] {
            assert_eq!(
                own.clone().filled_by(other.clone()).to_string(),
                filled,
                "{own} by {other}"
            );
            assert_eq!(
                own.clone().replaced_by(other.clone()).to_string(),
                replaced,
                "{own} by {other}"
            );
        }
    }
}
