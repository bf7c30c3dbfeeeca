//! The night's stories as one brief may print them: its own sources, what its readers have not seen, weighed by its
//! interests.

use std::collections::{BTreeSet, HashMap, HashSet};

use reveille_brief::{Candidate, Growth, Interests};
use reveille_model::{
    Article, ArticleId, Brief, Credit, Day, Follows, Language, OriginClass, Report, SourceId, StoryId,
    TooLate, UnixMillis,
};
use reveille_store::{
    articles::StoredArticle,
    briefs::StoredBrief,
    editions::PrintedEntry,
    sources::Filter,
    stories::{NewCopy, StoredStory, StoryOriginal, Threads},
};

use crate::{
    app::App,
    jobs::fold_stories::{facts, night_of},
};

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
pub(crate) async fn candidates(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Vec<Candidate>> {
    let (plan, window) = (&brief.brief, night_of(app, &brief.brief));
    let mut printed =
        reveille_store::editions::printed(&app.store, brief.id, day, EDITIONS_REMEMBERED).await?;
    // What was compiled once its day was over came too late for most, where it can be. What an editor took out stays out.
    let is_known = |entry: &PrintedEntry| {
        entry.number.is_none()
            || plan.too_late == TooLate::Never
            || entry.compiled_at.day(&plan.zone) <= entry.day
    };
    printed.retain(is_known);
    let mut articles = reveille_store::articles::window(&app.store, window, Some(brief.id)).await?;
    let choice = Choice::of(app, plan).await?;
    // An edition of a day that is over brings what was news at its hour, and leaves the rest to the next one.
    let end = match day < app.now().day(&plan.zone) {
        true => plan.compiled_at(day),
        false => window.to,
    };
    articles.retain(|article| choice.holds(article) && article.published_at <= end);
    let copied = reveille_store::stories::copies(&app.store, window.from).await?;
    let copies: HashMap<ArticleId, &NewCopy> = copied.iter().map(|copy| (copy.article, copy)).collect();
    let mut told: HashMap<StoryId, Vec<&StoredArticle>> = HashMap::new();
    for article in &articles {
        if let Some(story) = article.story {
            told.entry(story).or_default().push(article);
        }
    }
    let stories = reveille_store::stories::list(&app.store, window.from, STORIES).await?;
    let threads = reveille_store::stories::threads(&app.store, window.from.plus(-THREAD_MILLIS)).await?;
    let interests = Interests::of(&brief.brief);
    let candidates = stories.iter().filter_map(|story| {
        let view = View {
            story,
            interests: &interests,
            told: told.get(&story.id)?,
            copies: &copies,
            threads: &threads,
            language: &brief.brief.language,
            now: app.now(),
        };
        view.candidate(brief, &printed)
    });
    let mut candidates: Vec<Candidate> = candidates.collect();
    name_followed(app, brief, &mut candidates).await?;
    Ok(candidates)
}

/// Has what carries on an entry tell it by its headline, where readers cannot tell it by its number.
async fn name_followed(app: &App, brief: &StoredBrief, candidates: &mut [Candidate]) -> anyhow::Result<()> {
    let follows = candidates
        .iter()
        .filter_map(|candidate| candidate.follows.as_ref());
    let days: BTreeSet<Day> = follows.map(|follows| follows.day).collect();
    let mut editions = HashMap::new();
    for day in days {
        let stored = reveille_store::editions::find_by_day(&app.store, brief.id, day).await?;
        editions.extend(stored.map(|stored| (day, stored.edition)));
    }
    for follows in candidates
        .iter_mut()
        .filter_map(|candidate| candidate.follows.as_mut())
    {
        let Some(edition) = editions.get(&follows.day) else {
            continue;
        };
        if !edition.is_quotable(follows.number) {
            let mut entries = edition.entries();
            let entry = entries.find(|entry| entry.number == follows.number);
            follows.headline = entry.map(|entry| entry.headline.clone());
        }
    }
    Ok(())
}

/// The articles that a brief draws on by its plan.
struct Choice<'a> {
    plan: &'a Brief,
    names: Vec<String>,
    /// The sources that have one of the names.
    sources: HashSet<SourceId>,
}

impl<'a> Choice<'a> {
    async fn of(app: &App, plan: &'a Brief) -> anyhow::Result<Self> {
        let mut choice = Self {
            plan,
            names: plan.sources.iter().map(|name| folded(name)).collect(),
            sources: HashSet::new(),
        };
        if !plan.sources.is_empty() {
            let mut sources = reveille_store::sources::list(&app.store, Filter::default()).await?;
            sources.retain(|source| choice.names.contains(&folded(&source.carrier)));
            choice.sources.extend(sources.iter().map(|source| source.id));
        }
        Ok(choice)
    }

    /// An article is drawn on that came by a chosen source or is carried by an outlet of that name. Only what is known to be
    /// in another language is left out for its language.
    fn holds(&self, article: &StoredArticle) -> bool {
        let is_chosen =
            self.sources.contains(&article.source) || self.names.contains(&folded(&article.carrier));
        let language = article.article.language.as_ref();
        let is_read = language.is_none_or(|language| self.plan.languages.contains(language));
        (self.names.is_empty() || is_chosen) && (self.plan.languages.is_empty() || is_read)
    }
}

/// A name as it is compared with others.
fn folded(name: &str) -> String {
    reveille_brief::tidy(name).to_lowercase()
}

/// One story, as the brief's sources tell it.
struct View<'a> {
    story: &'a StoredStory,
    /// What the brief's sections are about.
    interests: &'a Interests<'a>,
    /// By time of publication.
    told: &'a [&'a StoredArticle],
    /// Articles that are copies, and of what.
    copies: &'a HashMap<ArticleId, &'a NewCopy>,
    /// Which earlier story each story carries on.
    threads: &'a Threads,
    /// In which the brief speaks.
    language: &'a Language,
    now: UnixMillis,
}

/// What a story has that readers have not seen.
struct News<'a> {
    lead: &'a StoredArticle,
    /// The reports of it, the lead among them, copies left out where there are others.
    reports: Vec<&'a StoredArticle>,
    follows: Option<Follows>,
    /// As in [`reveille_stories::Facts`].
    novelty: f64,
}

impl<'a> View<'a> {
    fn candidate(&self, brief: &StoredBrief, printed: &[PrintedEntry]) -> Option<Candidate> {
        let News {
            lead,
            reports,
            follows,
            novelty,
        } = self.news(printed)?;
        let article = &lead.article;
        // The story's verdict is about the text of its own lead.
        let original = self.story.original.as_ref();
        let original = original.filter(|_| lead.id == self.story.lead);
        let credited = original.filter(|original| original.name != lead.carrier);
        let mut candidate = Candidate {
            story: self.story.id,
            article: lead.id,
            version: lead.version,
            headline: article.title.clone(),
            body: article.body.clone(),
            place: article.dateline.as_ref().map(|dateline| dateline.place.clone()),
            language: article.language.clone(),
            kind: article.kind,
            topics: article.topics.clone(),
            paywalled: article.paywalled,
            corrections: article.corrections.clone(),
            credit: Credit {
                carrier: lead.carrier.clone(),
                original: credited.map(|original| original.name.clone()),
                joint: credited.map_or_else(Vec::new, |_| joint(article)),
                byline: brief.brief.bylines.then(|| byline(article)).flatten(),
            },
            link: lead.place(),
            published: article.published,
            rank: 0.0,
            reasons: Vec::new(),
            also_in: self.also_in(lead),
            reports: self.others(&reports, lead),
            evidence: original
                .map(evidence)
                .into_iter()
                .flatten()
                .chain(self.likenesses(lead))
                .collect(),
            follows,
            growth: self.growth(printed),
        };
        let mut facts = facts(
            self.told,
            |id| self.copies.contains_key(&id),
            self.story.independent,
            self.now,
        );
        facts.interests = self.interests.met_by(&candidate);
        facts.novelty = novelty;
        (candidate.rank, candidate.reasons) = reveille_stories::rank(&facts, self.now, &brief.brief.zone);
        Some(candidate)
    }

    fn growth(&self, printed: &[PrintedEntry]) -> Growth {
        let thread = self.threads.of(self.story.id);
        let of_thread = |entry: &&PrintedEntry| {
            entry.number.is_some()
                && (self.is_told_by(entry) || entry.story.is_some_and(|story| thread.contains(&story)))
        };
        let mornings: HashSet<Day> = printed.iter().filter(of_thread).map(|entry| entry.day).collect();
        Growth {
            newsrooms: self.story.independent,
            mornings: mornings.len(),
            thread,
            beside: self.story.beside.iter().map(|beside| beside.story).collect(),
            headlines: self
                .texts()
                .map(|article| article.article.title.clone())
                .collect(),
        }
    }

    /// The latest entry that told readers of it.
    fn seen<'p>(&self, printed: &'p [PrintedEntry]) -> Option<&'p PrintedEntry> {
        let mut seen = printed.iter().filter(|entry| entry.number.is_some());
        seen.find(|entry| self.is_told_by(entry))
    }

    /// Whether an entry told of this story.
    fn is_told_by(&self, entry: &PrintedEntry) -> bool {
        entry.story == Some(self.story.id)
            || entry
                .article
                .is_some_and(|id| self.told.iter().any(|article| article.id == id))
    }

    /// Its articles, copies left out.
    fn texts(&self) -> impl Iterator<Item = &'a StoredArticle> {
        let told = self.told.iter().copied();
        told.filter(|article| !self.copies.contains_key(&article.id))
    }

    /// What there is to tell of it; `None` where readers have seen it all.
    fn news(&self, printed: &[PrintedEntry]) -> Option<News<'a>> {
        // What an editor took out was seen by nobody, and so is followed by nothing; but it is not offered again either.
        let follows = |entry: &PrintedEntry| {
            entry.number.map(|number| Follows {
                day: entry.day,
                number,
                headline: None,
            })
        };
        if let Some(last) = printed.iter().find(|entry| self.is_told_by(entry)) {
            let unseen: Vec<_> = self.texts().filter(|article| is_unseen(article, last)).collect();
            return Some(News {
                lead: self.best(&unseen)?,
                follows: self.seen(printed).and_then(follows),
                novelty: unseen.len() as f64 / self.texts().count() as f64,
                reports: unseen,
            });
        }
        let earlier = self.story.follows;
        let is_seen = |entry: &&PrintedEntry| entry.number.is_some();
        let earlier = earlier.and_then(|story| {
            let of_story = |entry: &&PrintedEntry| entry.story == Some(story);
            printed.iter().filter(is_seen).find(of_story)
        });
        let reports = self.latest(printed);
        Some(News {
            lead: self.best(&reports).or_else(|| self.best(self.told))?,
            reports,
            follows: earlier.and_then(follows),
            novelty: if earlier.is_some() { CARRIED_ON } else { 1.0 },
        })
    }

    /// What came of it since the last edition, else all of it: what was left out then is told by the news, not the other way
    /// round.
    fn latest(&self, printed: &[PrintedEntry]) -> Vec<&'a StoredArticle> {
        let since = printed.iter().map(|entry| entry.compiled_at).max();
        let is_new = |article: &&StoredArticle| since.is_some_and(|since| article.fetched_at > since);
        let new: Vec<_> = self.texts().filter(is_new).collect();
        if new.is_empty() {
            self.texts().collect()
        } else {
            new
        }
    }

    /// The article that tells the story best; in the brief's language, where one of its kind is.
    fn best(&self, articles: &[&'a StoredArticle]) -> Option<&'a StoredArticle> {
        let best = self.foremost(articles)?;
        let is_spoken = |article: &StoredArticle| article.article.language.as_ref() == Some(self.language);
        if is_spoken(best) || best.article.language.is_none() {
            return Some(best);
        }
        let is_like = |article: &StoredArticle| {
            article.article.kind == best.article.kind
                && (best.article.paywalled || !article.article.paywalled)
        };
        let spoken = articles.iter().copied();
        let spoken: Vec<_> = spoken
            .filter(|article| is_spoken(article) && is_like(article))
            .collect();
        self.foremost(&spoken).or(Some(best))
    }

    /// The story's own lead, else the earliest article of the source that the editor thinks most of.
    fn foremost(&self, articles: &[&'a StoredArticle]) -> Option<&'a StoredArticle> {
        let lead = articles.iter().find(|article| article.id == self.story.lead);
        // Of equal ones the first is kept.
        let heaviest = articles
            .iter()
            .reduce(|best, next| if next.weight > best.weight { next } else { best });
        lead.or(heaviest).copied()
    }

    /// What shows that the copies of the lead's text are such.
    fn likenesses(&self, lead: &StoredArticle) -> impl Iterator<Item = String> {
        self.told.iter().filter_map(|article| {
            let copy = self.copies.get(&article.id).filter(|copy| copy.of == lead.id)?;
            Some(format!("{}, {}: {}", article.carrier, copy.link, copy.evidence))
        })
    }

    /// Who carries the lead's text, in order of publication.
    fn also_in(&self, lead: &StoredArticle) -> Vec<String> {
        let carriers = self
            .told
            .iter()
            .filter(|article| article.id != lead.id && self.text_of(article) == self.text_of(lead));
        carriers.map(|article| article.carrier.clone()).collect()
    }

    /// These reports without the lead's text.
    fn others(&self, reports: &[&StoredArticle], lead: &StoredArticle) -> Vec<Report> {
        let others = reports
            .iter()
            .filter(|article| self.text_of(article) != self.text_of(lead));
        let reports = others.map(|article| Report {
            carrier: article.carrier.clone(),
            link: article.place(),
        });
        reports.collect()
    }

    /// The article whose text one carries: its own, unless it is a copy.
    fn text_of(&self, article: &StoredArticle) -> ArticleId {
        self.copies.get(&article.id).map_or(article.id, |copy| copy.of)
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

/// The agencies whose text an article says that it has, its own original among them.
fn joint(article: &Article) -> Vec<String> {
    let writers = article
        .origins
        .iter()
        .filter(|origin| matches!(origin.class, OriginClass::Original | OriginClass::Probable));
    writers.map(|origin| origin.name.clone()).collect()
}

/// Of a byline so many names are printed.
const NAMES: usize = 3;

fn byline(article: &Article) -> Option<String> {
    let names = &article.authors[..article.authors.len().min(NAMES)];
    (!names.is_empty()).then(|| names.join(", "))
}

fn evidence(original: &StoryOriginal) -> Vec<String> {
    original
        .evidence
        .iter()
        .map(|evidence| format!("{}: {}", evidence.mark, evidence.text))
        .collect()
}
