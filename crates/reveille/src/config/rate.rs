//! How many messages a second a receiving domain gets at most, as the settings write it: `example.org=5`.

use std::str::FromStr;

use reveille_model::EmailAddress;

/// One domain's limit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rate {
    /// As in a reader's address: in lower case and ASCII.
    pub(crate) domain: String,
    pub(crate) per_second: f64,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('=').and_then(|(domain, rate)| {
            let per_second = rate.trim().parse().ok()?;
            // Whoever is at a domain knows how it is written.
            let anybody: EmailAddress = format!("anybody@{}", domain.trim()).parse().ok()?;
            let is_one = !domain.contains('@') && (0.01..=1000.0).contains(&per_second);
            is_one.then(|| Self {
                domain: anybody.domain().to_owned(),
                per_second,
            })
        });
        parsed.ok_or_else(|| {
            format!("`{text}` is not right: expected such as example.org=5, from 0.01 to 1000 a second")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_written_as_in_its_addresses() {
        for domain in ["münchen.example", "MÜNCHEN.example", "Xn--Mnchen-3ya.example"] {
            let rate: Rate = format!("{domain}=5").parse().unwrap();
            let reader: EmailAddress = format!("ann@{domain}").parse().unwrap();
            assert_eq!((rate.domain.as_str(), rate.per_second), (reader.domain(), 5.0));
        }
        for wrong in [
            "example.org",
            "=5",
            "two words.example=5",
            "a@example.org=5",
            "example.org=0",
        ] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }
}
