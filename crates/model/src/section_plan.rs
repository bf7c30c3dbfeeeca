//! Which stories a section of a brief takes.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ArticleKind, Language, UnknownState};

/// One section of a brief. A story belongs to it that meets each rule which the plan states, by any of the rule's words.
/// The section that states none takes what no other section wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionPlan {
    /// Its heading.
    pub name: String,
    /// Words and phrases of headline and first paragraphs, compared without case and with a usual ending; `*` stands
    /// for any letters.
    #[serde(default)]
    pub keywords: Vec<String>,
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
            keywords: Vec::new(),
            sources: Vec::new(),
            places: Vec::new(),
            languages: Vec::new(),
            kinds: Vec::new(),
            limit: Self::usual_limit(),
        }
    }
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
