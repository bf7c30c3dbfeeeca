//! `reveille segments`.

use clap::{Args, Subcommand};
use reveille_model::{Country, Language, Month, Segment, Slug, Zone};

#[derive(Debug, Subcommand)]
pub(crate) enum SegmentsCommand {
    /// Keep a segment under a name, and say how many readers it holds; one of the same name is replaced
    Add {
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// List the segments, and how many readers each holds now
    List,
    /// Forget a segment; its readers stay
    Remove { name: String },
}

/// What its readers have in common. Each may be given several times; what is not given does not matter.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Of this brief
    #[arg(long = "brief", value_name = "BRIEF")]
    briefs: Vec<Slug>,
    /// Of briefs in this language
    #[arg(long = "language", value_name = "LANGUAGE")]
    languages: Vec<Language>,
    /// In this country, by name or two-letter code
    #[arg(long = "country", value_name = "COUNTRY", value_parser = super::country)]
    countries: Vec<Country>,
    /// With mornings in this time zone
    #[arg(long = "zone", value_name = "ZONE")]
    zones: Vec<Zone>,
    /// Who came in this month or later: 2026-03
    #[arg(long, value_name = "MONTH")]
    from: Option<Month>,
    /// Who came in this month or earlier
    #[arg(long, value_name = "MONTH")]
    until: Option<Month>,
}

impl From<Common> for Segment {
    fn from(common: Common) -> Self {
        Self {
            briefs: common.briefs,
            languages: common.languages,
            countries: common.countries,
            zones: common.zones,
            from: common.from,
            until: common.until,
        }
    }
}
