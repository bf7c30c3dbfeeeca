//! A newsletter as an article: the letter's own text, under the source that its list or its sender is.

use reveille_extract::{NOWHERE, extract, extract_text};
use reveille_mail::{
    letter::{self, Letter},
    tracker,
};
use reveille_model::{
    Article, CanonicalUrl, Outcome, Polling, Published, SourceKind, SourceState, UnixMillis, Uri,
};
use reveille_store::{
    Tx,
    articles::{self, NewArticle},
    files,
    sources::{self, FetchSuccess, NewSource, Source},
};

use crate::app::App;

/// A newsletter is never visited itself: its mailbox is. The year 9999.
pub(super) const NEVER: UnixMillis = UnixMillis(253_370_764_800_000);

/// An issue of a newsletter, ready to be stored.
pub(super) struct Issue {
    /// The newsletter's own name.
    newsletter: Uri,
    /// What a person calls it.
    carrier: String,
    /// The letter's own name.
    id: String,
    article: Article,
}

/// What a letter brings.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn read(bytes: &[u8]) -> Result<Issue, String> {
    let letter = letter::read(bytes).ok_or("it is no letter")?;
    let (Some(newsletter), Some(article)) = (newsletter(&letter), article(&letter)) else {
        return Err("the letter has no sender or no text".to_owned());
    };
    let id = match letter.message_id.as_str() {
        "" => format!("{}@letters.invalid", files::digest(bytes)),
        id => id.to_owned(),
    };
    Ok(Issue {
        newsletter,
        carrier: letter.name.or(letter.from).unwrap_or_default(),
        id,
        article,
    })
}

/// Stores an issue. That of a newsletter that is paused is passed over.
///
/// # Errors
/// Where the store fails.
pub(super) async fn keep(app: &App, tx: &mut Tx, mailbox: &Source, issue: Issue) -> anyhow::Result<()> {
    let known = sources::find_by_url(&mut *tx, &issue.newsletter).await?;
    let polling = known
        .as_ref()
        .map_or_else(Polling::default, |known| known.polling);
    if known.is_some_and(|known| known.state != SourceState::Active) {
        return Ok(());
    }
    let new = NewSource {
        url: issue.newsletter,
        kind: SourceKind::Letters,
        carrier: issue.carrier,
        site_url: None,
        language: issue.article.language.clone(),
        weight: mailbox.weight,
        icon_url: None,
    };
    let source = sources::insert(tx, &new, app.now()).await?.id();
    let polling = polling.learn(Outcome::found(1), app.now());
    sources::fetched(tx, source, &FetchSuccess::default(), &polling, NEVER, app.now()).await?;
    let new = NewArticle {
        item: None,
        source,
        url: Uri::of_letter(&issue.id),
        article: issue.article,
        wire: None,
        fetched_at: app.now(),
    };
    articles::upsert(tx, &new).await?;
    Ok(())
}

/// The name of the newsletter that a letter belongs to: that of its list (RFC 2919), else its sender's address.
fn newsletter(letter: &Letter) -> Option<Uri> {
    let list = letter
        .list_id
        .as_ref()
        .map(|id| Uri::of_message(&format!("urn:x-list:{id}"), ""));
    list.or_else(|| format!("mailto:{}", letter.from.as_ref()?).parse().ok())
}

/// The text of a letter, links without trackers; `None` where there is none.
fn article(letter: &Letter) -> Option<Article> {
    let html = letter.html.as_deref().map(tracker::unwrap_links);
    let nowhere: CanonicalUrl = NOWHERE.parse().ok()?;
    let found = html
        .as_ref()
        .map(|html| extract(html.as_bytes(), &nowhere, Some("utf-8")).article)
        .filter(|article| !article.body.is_empty());
    let clip = || {
        let text = letter.text.as_deref()?;
        Some(extract_text(&format!("{}\n\n{text}", letter.subject)).article)
    };
    let read = found.or_else(clip).filter(|article| !article.body.is_empty())?;
    let title = match letter.subject.as_str() {
        "" => read.title.clone(),
        subject => subject.to_owned(),
    };
    Some(Article {
        title,
        published: letter.date.map(Published::Instant),
        carrier: letter.name.clone(),
        canonical_url: html.as_deref().and_then(tracker::online_version),
        ..read
    })
}
