//! How many messages a second a receiving domain gets at most, as the settings write it: `example.org=5`.

use std::str::FromStr;

/// One domain's limit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rate {
    /// In lower case.
    pub(crate) domain: String,
    pub(crate) per_second: f64,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('=').and_then(|(domain, rate)| {
            let per_second = rate.trim().parse().ok()?;
            let domain = domain.trim().to_lowercase();
            (!domain.is_empty() && (0.01..=1000.0).contains(&per_second))
                .then_some(Self { domain, per_second })
        });
        parsed.ok_or_else(|| {
            format!("`{text}` is not right: expected such as example.org=5, from 0.01 to 1000 a second")
        })
    }
}
