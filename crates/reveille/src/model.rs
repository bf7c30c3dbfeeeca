//! The model that an editor may ask for words, where the settings name one. Nothing asks it by itself.

use std::time::Duration;

use anyhow::Context;
use reveille_brief::{Proposal, question};
use reveille_gather::{Gatherer, Limits, Options, Pace};
use reveille_model::{CanonicalUrl, Clock, Language};

use crate::{app::gather_options, config::Config};

/// The largest answer, in bytes: a headline and a sentence with all that services put around them.
const ANSWER_BYTES: usize = 1 << 20;

/// A service that answers `/v1/chat/completions`.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// Its name, as the service and the editors know it.
    pub(crate) name: String,
    url: CanonicalUrl,
    token: Option<String>,
    gatherer: Gatherer,
}

impl Model {
    /// The model of the settings; `None` where they name none.
    ///
    /// # Errors
    /// Where the settings cannot be used.
    pub(crate) fn new(config: &Config, clock: &Clock) -> anyhow::Result<Option<Self>> {
        let settings = &config.model;
        let Some(url) = &settings.url else {
            return Ok(None);
        };
        let total = Duration::from_secs(settings.timeout_seconds);
        let everywhere = ["0.0.0.0/0", "::/0"];
        let options = Options {
            // The operator named this one host, which may well be in the office; no redirect leads on from it.
            allow: everywhere
                .iter()
                .filter_map(|network| network.parse().ok())
                .collect(),
            limits: Limits {
                total,
                // It answers once it has thought.
                header: total,
                body: ANSWER_BYTES,
                ..Limits::default()
            },
            pace: Pace {
                delay: Duration::ZERO,
                ..Pace::default()
            },
            ..gather_options(config)?
        };
        Ok(Some(Self {
            name: settings.name.clone(),
            url: format!("{}/chat/completions", url.trim_end_matches('/'))
                .parse()
                .context("model.url")?,
            token: settings.token.clone(),
            gatherer: Gatherer::new(&options, clock.clone()).context("readying the model's client")?,
        }))
    }

    /// Asks for a headline and a summary of an article.
    ///
    /// # Errors
    /// Where the service does not answer in time, or with something else.
    pub(crate) async fn propose(
        &self,
        headline: &str,
        text: &str,
        language: Option<&Language>,
    ) -> anyhow::Result<Proposal> {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![
            ("content-type", "application/json"),
            ("accept", "application/json"),
        ];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let question = question(&self.name, headline, text, language);
        let answer = self.gatherer.ask(&self.url, &headers, question).await;
        let answer = answer.with_context(|| format!("the model at {} did not answer", self.url.host()))?;
        Ok(Proposal::read(&answer)?)
    }
}
