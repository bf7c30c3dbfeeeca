//! Which stories a section of a brief takes.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ArticleKind, Language, Numbering, SectionKind, UnknownState};

/// One section of a brief. A story belongs to it that meets each rule which the plan states, by any of the rule's words.
/// The section that states none takes what no other section wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionPlan {
    /// Its heading.
    pub name: String,
    /// What it stands for. An event's section is in no plan: it opens by itself.
    #[serde(
        default = "SectionKind::usual",
        skip_serializing_if = "SectionKind::is_usual",
        deserialize_with = "planned"
    )]
    pub kind: SectionKind,
    /// What is printed before its entries; without it what the brief says, and before those of a calendar nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbering: Option<Numbering>,
    /// Words and phrases of headline and first paragraphs, compared without case and with a usual ending; `*` stands
    /// for any letters.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// What it is filed under by its source's entry or its page: whole topics, compared without case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// Names of those who carried or wrote it, compared without case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Places that its dateline, headline or first paragraph names, as keywords are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// What it is written in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// What sort of piece it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "kinds")]
    pub kinds: Vec<ArticleKind>,
    /// At most so many entries.
    #[serde(default = "SectionPlan::usual_limit")]
    pub limit: usize,
}

impl SectionPlan {
    const fn usual_limit() -> usize {
        8
    }

    /// Whether stories are filed in it: the other kinds hold what editors write.
    #[must_use]
    pub const fn takes_stories(&self) -> bool {
        matches!(self.kind, SectionKind::Standing | SectionKind::Opinion)
    }

    /// The kind of section that a plan means by a word.
    ///
    /// # Errors
    /// Where it means none, or that of events.
    pub fn section_kind(word: &str) -> Result<SectionKind, UnknownState> {
        let planned = |kind: &SectionKind| *kind != SectionKind::Event;
        match word.parse().ok().filter(planned) {
            Some(kind) => Ok(kind),
            None => Err(UnknownState {
                noun: "kind of section",
                word: word.to_owned(),
                expected: SectionKind::ALL
                    .iter()
                    .copied()
                    .filter(planned)
                    .map(SectionKind::as_str)
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        }
    }

    /// The kind of article that a plan means by a word: "commentary" is another one for opinion.
    ///
    /// # Errors
    /// Where it means none.
    pub fn kind(word: &str) -> Result<ArticleKind, UnknownState> {
        match word {
            "commentary" => Ok(ArticleKind::Opinion),
            word => word.parse(),
        }
    }
}

impl Default for SectionPlan {
    /// One without a name that takes the rest.
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: SectionKind::usual(),
            numbering: None,
            keywords: Vec::new(),
            topics: Vec::new(),
            sources: Vec::new(),
            places: Vec::new(),
            languages: Vec::new(),
            kinds: Vec::new(),
            limit: Self::usual_limit(),
        }
    }
}

fn planned<'de, D: Deserializer<'de>>(from: D) -> Result<SectionKind, D::Error> {
    let word = String::deserialize(from)?;
    SectionPlan::section_kind(&word).map_err(serde::de::Error::custom)
}

fn kinds<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ArticleKind>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    let kinds = words.iter().map(|word| SectionPlan::kind(word));
    kinds.collect::<Result<_, _>>().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_of_old_still_reads_and_says_no_more_than_it_did() {
        let old = r#"{"name":"Politics","keywords":["vote"],"limit":3}"#;
        let plan: SectionPlan = serde_json::from_str(old).unwrap();
        assert_eq!(serde_json::to_string(&plan).unwrap(), old);
    }

    #[test]
    fn kinds_are_those_of_articles_and_commentary_is_opinion() {
        let plan =
            |kinds| serde_json::from_value::<SectionPlan>(serde_json::json!({ "name": "", "kinds": kinds }));
        assert_eq!(
            plan(["commentary", "live"]).unwrap().kinds,
            [ArticleKind::Opinion, ArticleKind::LiveBlog]
        );
        let error = plan(["essay", "live"]).unwrap_err().to_string();
        assert!(error.contains("`essay` is not an article kind (expected one of: news, opinion"));
    }
}
