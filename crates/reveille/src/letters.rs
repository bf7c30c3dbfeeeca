//! The mails that Reveille writes: the edition, the confirmation of a sign-up or of another address, word of that to the old
//! one, the link to a reader's data, and word to editors.

use std::sync::Arc;

use reveille_brief::render::{self, Links, Missed};
use reveille_mail::{AutoSubmitted, Body, Message};
use reveille_model::{
    Brief, Edition, EmailAddress, Entry, InTime, LinkPurpose, MailFormat, Notice, NoticeKind,
};
use reveille_store::{editions::StoredEdition, subscribers::Subscriber};

use crate::{app::App, config::Web, returns};

/// The web addresses that mails, pages and requests name.
pub(crate) mod addresses {
    use reveille_model::{Day, EditionId, Slug};

    use super::Web;

    fn base(web: &Web) -> &str {
        web.public_url.trim_end_matches('/')
    }

    /// A brief's page, with its sign-up form.
    pub(crate) fn brief(web: &Web, slug: &Slug) -> String {
        format!("{}/{slug}", base(web))
    }

    /// One edition on the web.
    pub(crate) fn edition(web: &Web, slug: &Slug, day: Day) -> String {
        format!("{}/{slug}/{day}", base(web))
    }

    /// Where a reader confirms.
    pub(crate) fn confirm(web: &Web, token: &str) -> String {
        format!("{}/confirm/{token}", base(web))
    }

    /// Where a reader downloads or erases what is kept about them.
    pub(crate) fn my_data(web: &Web, token: &str) -> String {
        format!("{}/my-data/{token}", base(web))
    }

    /// Where a reader changes what they chose.
    pub(crate) fn settings(web: &Web, token: &str) -> String {
        format!("{}/settings/{token}", base(web))
    }

    /// Where an editor signs in.
    pub(crate) fn sign_in(web: &Web, token: &str) -> String {
        format!("{}/desk/sign-in/{token}", base(web))
    }

    /// Where a hub tells of news.
    pub(crate) fn websub(web: &Web, token: &str) -> String {
        format!("{}/websub/{token}", base(web))
    }

    /// An edition at the editors' desk.
    pub(crate) fn desk(web: &Web, edition: EditionId) -> String {
        format!("{}/desk/editions/{edition}", base(web))
    }

    /// Where a reader leaves, by one click (RFC 8058) or by hand.
    pub(crate) fn leave(web: &Web, token: &str) -> String {
        format!("{}/leave/{token}", base(web))
    }
}

/// Belongs to no reader: its links lead to a page that says so.
pub(crate) const NOBODY: &str = "00000000000000000000000000000000";

/// Whose mail it is.
pub(crate) struct Reader {
    pub(crate) email: EmailAddress,
    /// In which form they get it.
    pub(crate) format: MailFormat,
    /// What their links carry.
    pub(crate) token: String,
    /// The same however often the message is sent.
    pub(crate) message_id: String,
}

/// A mail as all its readers get it, but for the links that are each reader's own: an edition, or what it had wrong.
pub(crate) struct Printed {
    pub(crate) stored: StoredEdition,
    subject: String,
    html: Arc<Body>,
    text: Arc<Body>,
}

impl Printed {
    /// Renders an edition, with word of those before that its readers missed, the oldest first.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub(crate) fn new(
        app: &App,
        brief: &Brief,
        stored: StoredEdition,
        missed: &[StoredEdition],
    ) -> anyhow::Result<Self> {
        // Nobody who wrote something in the edition can have put it there, so that no reader's token gets into a text.
        let slot = crate::entropy::token()?;
        let mut links = links(app, brief, &stored, &slot);
        let missed = missed.iter().map(|missed| Missed {
            day: missed.edition.day,
            link: edition_page(app, brief, missed),
        });
        links.missed = missed.collect();
        Self::with_links(app, stored, &links, &slot)
    }

    /// Renders an edition for its editors, with links that belong to nobody and count no clicks.
    ///
    /// # Errors
    /// Where a template fails.
    pub(crate) fn proof(app: &App, brief: &Brief, stored: StoredEdition) -> anyhow::Result<Self> {
        let links = Links {
            counts_clicks: false,
            ..links(app, brief, &stored, NOBODY)
        };
        let subject = render::proof_subject(&stored.edition);
        Ok(Self {
            subject,
            ..Self::with_links(app, stored, &links, NOBODY)?
        })
    }

    fn with_links(app: &App, stored: StoredEdition, links: &Links, slot: &str) -> anyhow::Result<Self> {
        let text = render::text_mail(&stored.edition, links);
        let html = render::html_mail(&stored.edition, links, &app.templates)?;
        Ok(Self {
            subject: render::subject(&stored.edition),
            html: Arc::new(Body::with_slot(&text, &html, slot)),
            text: Arc::new(Body::with_slot(&text, "", slot)),
            stored,
        })
    }

    /// Renders what an edition had wrong: the entry as it should be, or word that it was withdrawn.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub(crate) fn correction(
        app: &App,
        brief: &Brief,
        stored: StoredEdition,
        (notice, entry): (&Notice, &Entry),
    ) -> anyhow::Result<Self> {
        let slot = crate::entropy::token()?;
        let links = links(app, brief, &stored, &slot);
        let text = match (notice.kind, &notice.note) {
            (NoticeKind::Withdrawn, Some(said)) => render::withdrawal(&stored.edition, entry, said, &links),
            _ => render::correction(&stored.edition, entry, &links),
        };
        let body = Arc::new(Body::with_slot(&text, "", &slot));
        Ok(Self {
            subject: render::correction_subject(&stored.edition),
            html: Arc::clone(&body),
            text: body,
            stored,
        })
    }

    /// The mail to one reader.
    pub(crate) fn to(&self, app: &App, reader: &Reader) -> Message {
        let (config, edition) = (&app.config, &self.stored.edition);
        Message {
            from: (edition.name.clone(), config.mail.from_address.clone()),
            return_path: returns::path(&config.mail, &reader.token),
            to: reader.email.clone(),
            reply_to: edition.tips.clone(),
            subject: self.subject.clone(),
            body: Arc::clone(match reader.format {
                MailFormat::Html => &self.html,
                MailFormat::Text => &self.text,
            }),
            word: reader.token.clone(),
            message_id: reader.message_id.clone(),
            date: app.now(),
            list_unsubscribe: Some(addresses::leave(&config.web, &reader.token)),
            list_id: Some(list_id(edition.slug.as_str(), &config.mail.from_address)),
            auto_submitted: None,
            headers: vec![(
                "Feedback-ID".to_owned(),
                feedback_id(edition, &config.mail.from_address),
            )],
        }
    }
}

/// By what Gmail counts complaints (its guidelines for senders, "Feedback-ID"): the edition, its brief, that it is one, and who
/// sends it in 15 characters at most.
fn feedback_id(edition: &Edition, from: &EmailAddress) -> String {
    let sender: String = from.domain().replace('.', "-").chars().take(15).collect();
    format!("{}:{}:edition:{sender}", edition.day, edition.slug)
}

/// Where an edition stands on the web; nowhere, if its brief is for named readers, whose pages answer nobody.
fn edition_page(app: &App, brief: &Brief, stored: &StoredEdition) -> String {
    if !brief.is_public() {
        return String::new();
    }
    addresses::edition(&app.config.web, &stored.edition.slug, stored.edition.day)
}

/// The links of one edition for the reader with this token.
pub(crate) fn links(app: &App, brief: &Brief, stored: &StoredEdition, token: &str) -> Links {
    let edition = &stored.edition;
    let brief_page = brief
        .is_public()
        .then(|| addresses::brief(&app.config.web, &edition.slug));
    Links {
        edition: edition_page(app, brief, stored),
        brief: brief_page.unwrap_or_default(),
        unsubscribe: addresses::leave(&app.config.web, token),
        settings: addresses::settings(&app.config.web, token),
        tips: edition.tips.as_ref().map(ToString::to_string).unwrap_or_default(),
        identity: app.config.mail.identity.clone(),
        missed: Vec::new(),
        counts_clicks: brief.counts_clicks(),
    }
}

/// RFC 2919: a name under the sender's domain.
fn list_id(slug: &str, from: &EmailAddress) -> String {
    format!("{slug}.{}", from.domain())
}

/// The mail by which a reader confirms a sign-up, or that the brief moves here from another address.
pub(crate) fn confirmation(
    app: &App,
    brief: &Brief,
    subscriber: &Subscriber,
    (moves, token): (bool, &str),
    message_id: String,
) -> Message {
    let (link, zone) = (addresses::confirm(&app.config.web, token), &subscriber.home.zone);
    let in_time = InTime::of(brief, zone, app.now().day(&brief.zone));
    let mail = reveille_desk::confirmation_mail(brief, (zone, in_time), moves, &link);
    answer(app, brief, subscriber, mail, message_id)
}

/// Word to the old address that the brief has moved to another one.
pub(crate) fn moved(app: &App, brief: &Brief, subscriber: &Subscriber, message_id: String) -> Message {
    let form = format!("{}#sign-up", addresses::brief(&app.config.web, &brief.slug));
    let mail = reveille_desk::moved_mail(brief, &form);
    answer(app, brief, subscriber, mail, message_id)
}

/// The mail with the link by which a reader downloads or erases what is kept about them, or names another address.
pub(crate) fn data_link(
    app: &App,
    brief: &Brief,
    subscriber: &Subscriber,
    (purpose, token): (LinkPurpose, &str),
    message_id: String,
) -> Message {
    let link = addresses::my_data(&app.config.web, token);
    let mail = reveille_desk::data_mail(brief, purpose, &link);
    answer(app, brief, subscriber, mail, message_id)
}

/// Word to an editor of what an edition needs of them.
pub(crate) fn alert(
    app: &App,
    brief: &Brief,
    editor: &EmailAddress,
    (subject, text): (String, String),
    message_id: String,
) -> Message {
    let text = signed(app, text);
    Message {
        from: (brief.name.clone(), app.config.mail.from_address.clone()),
        return_path: None,
        to: editor.clone(),
        reply_to: None,
        subject,
        body: Arc::new(Body::new(&text, "")),
        word: String::new(),
        message_id,
        date: app.now(),
        list_unsubscribe: None,
        list_id: None,
        auto_submitted: Some(AutoSubmitted::Generated),
        headers: Vec::new(),
    }
}

/// A mail in answer to what somebody did on the pages.
fn answer(
    app: &App,
    brief: &Brief,
    subscriber: &Subscriber,
    (subject, text): (String, String),
    message_id: String,
) -> Message {
    let text = signed(app, text);
    Message {
        from: (brief.name.clone(), app.config.mail.from_address.clone()),
        return_path: returns::path(&app.config.mail, &subscriber.token),
        to: subscriber.email.clone(),
        reply_to: None,
        subject,
        body: Arc::new(Body::new(&text, "")),
        word: String::new(),
        message_id,
        date: app.now(),
        list_unsubscribe: None,
        list_id: None,
        auto_submitted: Some(AutoSubmitted::Replied),
        headers: Vec::new(),
    }
}

/// A text with the sender's name and postal address at its foot, where the settings have them.
fn signed(app: &App, text: String) -> String {
    match app.config.mail.identity.trim() {
        "" => text,
        identity => format!("{}\n\n-- \n{identity}\n", text.trim_end()),
    }
}
