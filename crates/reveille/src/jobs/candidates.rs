//! The night's stories as one brief may print them: its own sources, what its readers have not seen, weighed by its
//! topics.

use std::collections::{HashMap, HashSet};

use reveille_brief::{Candidate, Growth};
use reveille_model::{ArticleId, Credit, Day, Follows, StoryId, UnixMillis};
use reveille_store::{
    articles::StoredArticle,
    briefs::StoredBrief,
    editions::PrintedEntry,
    stories::{NewCopy, StoredStory, StoryOriginal, Threads},
};

use super::{fold_stories::facts, night};
use crate::app::App;

/// So many editions are looked back on: readers know what these printed.
pub(super) const EDITIONS_REMEMBERED: u32 = 21;
/// More stories than any night has.
const STORIES: u32 = 100_000;
/// A story of its own that carries on an earlier one is nearly as good as news.
const CARRIED_ON: f64 = 0.9;

/// How far back the threads of stories are followed, in milliseconds.
const THREAD_MILLIS: i64 = EDITIONS_REMEMBERED as i64 * 86_400_000;

/// Every story of the night that the brief's edition of `day` may print.
///
/// # Errors
/// Where the store fails.
pub(super) async fn candidates(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Vec<Candidate>> {
    let window = night(app);
    let printed = reveille_store::editions::printed(&app.store, brief.id, day, EDITIONS_REMEMBERED).await?;
    let articles = reveille_store::articles::window(&app.store, window, Some(brief.id)).await?;
    let copied = reveille_store::stories::copies(&app.store, window.from).await?;
    let copies: HashSet<ArticleId> = copied.iter().map(|copy| copy.article).collect();
    let mut copies_of: HashMap<ArticleId, Vec<&NewCopy>> = HashMap::new();
    for copy in &copied {
        copies_of.entry(copy.of).or_default().push(copy);
    }
    let mut told: HashMap<StoryId, Vec<&StoredArticle>> = HashMap::new();
    for article in &articles {
        if let Some(story) = article.story {
            told.entry(story).or_default().push(article);
        }
    }
    let stories = reveille_store::stories::list(&app.store, window.from, STORIES).await?;
    let threads = reveille_store::stories::threads(&app.store, window.from.plus(-THREAD_MILLIS)).await?;
    let candidates = stories.iter().filter_map(|story| {
        let view = View {
            story,
            told: told.get(&story.id)?,
            copies_of: &copies_of,
            copies: &copies,
            threads: &threads,
            now: app.now(),
        };
        view.candidate(brief, &printed)
    });
    Ok(candidates.collect())
}

/// One story, as the brief's sources tell it.
struct View<'a> {
    story: &'a StoredStory,
    /// By time of publication.
    told: &'a [&'a StoredArticle],
    /// The copies of each article.
    copies_of: &'a HashMap<ArticleId, Vec<&'a NewCopy>>,
    /// Articles that are copies.
    copies: &'a HashSet<ArticleId>,
    /// Which earlier story each story carries on.
    threads: &'a Threads,
    now: UnixMillis,
}

/// What a story has that readers have not seen.
struct News<'a> {
    lead: &'a StoredArticle,
    follows: Option<Follows>,
    /// As in [`reveille_stories::Facts`].
    novelty: f64,
}

impl<'a> View<'a> {
    fn candidate(&self, brief: &StoredBrief, printed: &[PrintedEntry]) -> Option<Candidate> {
        let News {
            lead,
            follows,
            novelty,
        } = self.news(printed)?;
        let article = &lead.article;
        let mut facts = facts(self.told, self.copies, self.story.independent, self.now);
        facts.topics = reveille_brief::topics(&brief.brief, &article.title, &article.text());
        facts.novelty = novelty;
        let (rank, reasons) = reveille_stories::rank(&facts, self.now, &brief.brief.zone);
        // The story's verdict is about the text of its own lead.
        let original = self.story.original.as_ref();
        let original = original.filter(|_| lead.id == self.story.lead);
        let credited = original.filter(|original| original.name != lead.carrier);
        Some(Candidate {
            story: self.story.id,
            article: lead.id,
            version: lead.version,
            headline: article.title.clone(),
            body: article.body.clone(),
            place: article.dateline.as_ref().map(|dateline| dateline.place.clone()),
            language: article.language.clone(),
            kind: article.kind,
            paywalled: article.paywalled,
            corrections: article.corrections.clone(),
            credit: Credit {
                carrier: lead.carrier.clone(),
                original: credited.map(|original| original.name.clone()),
            },
            link: lead.place(),
            published: article.published,
            rank,
            reasons,
            also_in: self.also_in(lead),
            evidence: original
                .map(evidence)
                .into_iter()
                .flatten()
                .chain(self.likenesses(lead))
                .collect(),
            follows,
            growth: self.growth(printed),
        })
    }

    fn growth(&self, printed: &[PrintedEntry]) -> Growth {
        let thread = self.threads.of(self.story.id);
        let of_thread = |entry: &&PrintedEntry| {
            self.is_told_by(entry) || entry.story.is_some_and(|story| thread.contains(&story))
        };
        let mornings: HashSet<Day> = printed.iter().filter(of_thread).map(|entry| entry.day).collect();
        let texts = self
            .told
            .iter()
            .filter(|article| !self.copies.contains(&article.id));
        Growth {
            newsrooms: self.story.independent,
            mornings: mornings.len(),
            thread,
            headlines: texts.map(|article| article.article.title.clone()).collect(),
        }
    }

    /// Whether an entry told of this story.
    fn is_told_by(&self, entry: &PrintedEntry) -> bool {
        entry.story == Some(self.story.id)
            || entry
                .article
                .is_some_and(|id| self.told.iter().any(|article| article.id == id))
    }

    /// What there is to tell of it; `None` where readers have seen it all.
    fn news(&self, printed: &[PrintedEntry]) -> Option<News<'a>> {
        let follows = |entry: &PrintedEntry| Follows {
            day: entry.day,
            number: entry.number,
        };
        let texts: Vec<&StoredArticle> = self
            .told
            .iter()
            .copied()
            .filter(|article| !self.copies.contains(&article.id))
            .collect();
        if let Some(last) = printed.iter().find(|entry| self.is_told_by(entry)) {
            let unseen = texts
                .iter()
                .copied()
                .filter(|article| is_unseen(article, last))
                .collect::<Vec<_>>();
            return Some(News {
                lead: self.best(&unseen)?,
                follows: Some(follows(last)),
                novelty: unseen.len() as f64 / texts.len() as f64,
            });
        }
        let earlier = self.story.follows;
        let earlier = earlier.and_then(|story| printed.iter().find(|entry| entry.story == Some(story)));
        Some(News {
            lead: self.best(&texts).or_else(|| self.best(self.told))?,
            follows: earlier.map(follows),
            novelty: if earlier.is_some() { CARRIED_ON } else { 1.0 },
        })
    }

    /// The story's own lead, else the earliest article of the source that the editor thinks most of.
    fn best(&self, articles: &[&'a StoredArticle]) -> Option<&'a StoredArticle> {
        let lead = articles.iter().find(|article| article.id == self.story.lead);
        // Of equal ones the first is kept.
        let heaviest = articles
            .iter()
            .reduce(|best, next| if next.weight > best.weight { next } else { best });
        lead.or(heaviest).copied()
    }

    /// What shows that the copies of the lead's text are such.
    fn likenesses(&self, lead: &StoredArticle) -> impl Iterator<Item = String> {
        let of_lead = self.copies_of.get(&lead.id).into_iter().flatten();
        of_lead.filter_map(|copy| {
            let carrier = &self
                .told
                .iter()
                .find(|article| article.id == copy.article)?
                .carrier;
            Some(format!("{carrier}, {}: {}", copy.link, copy.evidence))
        })
    }

    /// Who carries copies of the lead's text, in order of publication.
    fn also_in(&self, lead: &StoredArticle) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for copy in self.told.iter().filter(|article| article.id != lead.id) {
            if self.copies.contains(&copy.id)
                && copy.carrier != lead.carrier
                && !names.contains(&copy.carrier)
            {
                names.push(copy.carrier.clone());
            }
        }
        names
    }
}

/// Whether an article came after an edition. One that was changed since then is new only if it is dated so: most
/// changes are slips mended.
fn is_unseen(article: &StoredArticle, last: &PrintedEntry) -> bool {
    let after = |time: UnixMillis| time > last.compiled_at;
    after(article.fetched_at)
        && (article.version == 1 || after(article.published_at))
        && last.article != Some(article.id)
}

fn evidence(original: &StoryOriginal) -> Vec<String> {
    original
        .evidence
        .iter()
        .map(|evidence| format!("{}: {}", evidence.mark, evidence.text))
        .collect()
}
