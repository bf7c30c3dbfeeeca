//! A site with one brief.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, header},
};
use reveille_brief::render::Templates;
use reveille_desk::{Clicks, Desk, Imprint, router};
use reveille_model::{
    Access, Approval, Basis, Bounds, Brief, BriefId, Consent, ConsentKind, Credit, Day, Edition,
    EditionState, Entry, EntryKind, Front, Home, Language, LinkPurpose, Means, Notice, NoticeKind,
    NoticeState, Reason, Section, SectionKind, SubscriberId, SubscriberState, UnixMillis, Zone,
};
use reveille_store::{
    ReaderMail, briefs, confirmations, consents, editions, jobs, notices,
    subscribers::{self, NewSubscriber, SignUp, Subscriber},
};
use reveille_testkit::{
    Database,
    clock::Fake,
    databases,
    rows::{self, insert_lone_story},
};
use scraper::Html;
use tower::ServiceExt;

pub(crate) use crate::answer::Answer;
use crate::words::Scripted;

/// 10 March 2026, 04:00 UTC.
pub(crate) const MORNING: UnixMillis = UnixMillis(1_773_115_200_000);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const SENTENCE: &str = "Yes, send me \"Morning\" & nothing else.";

/// The pages over one store.
pub(crate) struct Site {
    pub(crate) db: Database,
    pub(crate) clock: Fake,
    pub(crate) brief: BriefId,
    pub(crate) clicks: Arc<Clicks>,
    pub(crate) editing: Arc<Scripted>,
    router: Router,
}

/// One on each database, with the brief `morning`.
pub(crate) async fn sites() -> Vec<Site> {
    let mut sites = Vec::new();
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = briefs::insert(&mut tx, &morning(), MORNING).await.unwrap().id();
        tx.commit().await.unwrap();
        let clock = Fake::at(MORNING);
        let clicks = Arc::<Clicks>::default();
        let editing = Arc::new(Scripted::default());
        let router = router(Desk {
            store: db.store.clone(),
            clock: clock.clock(),
            token: || Some(token(NEXT.fetch_add(1, Ordering::Relaxed))),
            faces: |_| Vec::new(),
            templates: Arc::new(Templates::built_in()),
            public_url: "https://brief.example/".to_owned(),
            imprint: imprint(),
            secret: "secret".to_owned(),
            keep_pages: Duration::ZERO,
            proxies: Vec::new(),
            form_origins: vec!["https://www.example.org".to_owned()],
            clicks: Arc::clone(&clicks),
            polling: Bounds {
                shortest: 5 * MINUTE,
                longest: 240 * MINUTE,
            },
            editing: Arc::<Scripted>::clone(&editing),
        });
        sites.push(Site {
            db,
            clock,
            brief,
            clicks,
            editing,
            router,
        });
    }
    sites
}

static NEXT: AtomicU64 = AtomicU64::new(1_000_000);

pub(crate) fn token(number: u64) -> String {
    format!("{number:032x}")
}

pub(crate) fn imprint() -> Imprint {
    Imprint {
        identity: "Example & Sons, 1 Quay, Alderport".to_owned(),
        privacy: Some("https://brief.example/privacy?a=1&b=2".parse().unwrap()),
    }
}

pub(crate) fn morning() -> Brief {
    Brief {
        description: "What happened overnight.".to_owned(),
        approval: Approval::Automatic,
        consent: SENTENCE.to_owned(),
        ..Brief::named("morning".parse().unwrap(), "Morning <Brief>")
    }
}

impl Site {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from("192.0.2.7:4711", request).await
    }

    pub(crate) async fn send_from(&self, peer: &str, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer {
            of: self.db.name,
            status,
            headers,
            html: Html::parse_document(&text),
            text,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        self.send(posted(path, form)).await
    }

    /// Fills in the sign-up form as a browser does, from the page itself.
    pub(crate) async fn sign_up(&self, email: &str, country: &str) -> Answer {
        self.post("/morning", &form(email, country, "")).await
    }

    /// The reader at this address.
    pub(crate) async fn reader(&self, email: &str) -> Option<Subscriber> {
        self.reader_of(self.brief, email).await
    }

    /// Another brief.
    pub(crate) async fn add_brief(&self, slug: &str, access: Access) -> BriefId {
        let brief = Brief {
            slug: slug.parse().unwrap(),
            access,
            ..morning()
        };
        let mut tx = self.db.store.begin().await.unwrap();
        let added = briefs::insert(&mut tx, &brief, MORNING).await.unwrap();
        tx.commit().await.unwrap();
        added.id()
    }

    /// The reader of a brief at this address.
    pub(crate) async fn reader_of(&self, brief: BriefId, email: &str) -> Option<Subscriber> {
        let email = email.parse().unwrap();
        subscribers::find_by_email(&self.db.store, brief, &email)
            .await
            .unwrap()
    }

    /// What a reader's consent record says: what happened, and from where.
    pub(crate) async fn record(&self, email: &str) -> Vec<Consent> {
        let reader = self.reader(email).await.unwrap();
        let record = consents::find(&self.db.store, reader.id).await.unwrap().unwrap();
        record.verify().unwrap();
        record.lines.into_iter().map(|line| line.consent).collect()
    }

    /// The path of a mailed link by which the reader with this number confirms.
    pub(crate) async fn mail_link(&self, number: u64) -> String {
        format!("/confirm/{}", self.link(number, LinkPurpose::Confirm).await)
    }

    /// The path of a mailed link by which that reader downloads or erases what is kept about them.
    pub(crate) async fn data_link(&self, number: u64, purpose: LinkPurpose) -> String {
        format!("/my-data/{}", self.link(number, purpose).await)
    }

    /// The path of a mailed link by which the reader at this address takes the place of another.
    pub(crate) async fn move_link(&self, email: &str, of: SubscriberId) -> String {
        let reader = self.reader(email).await.unwrap();
        let token = token(NEXT.fetch_add(1, Ordering::Relaxed));
        let mut tx = self.db.store.begin().await.unwrap();
        confirmations::insert_move(&mut tx, reader.id, of, &token, self.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        format!("/confirm/{token}")
    }

    async fn link(&self, number: u64, purpose: LinkPurpose) -> String {
        let reader = self.reader(&format!("reader{number}@example.org")).await.unwrap();
        let token = token(NEXT.fetch_add(1, Ordering::Relaxed));
        let mut tx = self.db.store.begin().await.unwrap();
        confirmations::insert(&mut tx, reader.id, purpose, &token, self.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        token
    }

    /// Puts in a reader, whose token is [`token`] of the number.
    pub(crate) async fn add_reader(&self, number: u64, state: SubscriberState) -> Subscriber {
        let email = format!("reader{number}@example.org");
        let new = NewSubscriber {
            brief: self.brief,
            email: email.parse().unwrap(),
            home: Home::of("DE", None, &Zone::UTC),
            state,
            token: token(number),
            consent: Consent {
                kind: ConsentKind::Entered,
                at: MORNING,
                sentence: "Entered for a test".to_owned(),
                means: Means::Editor,
            },
        };
        let mut tx = self.db.store.begin().await.unwrap();
        let added = subscribers::insert(&mut tx, &new).await.unwrap();
        assert!(matches!(added, SignUp::New(_)));
        tx.commit().await.unwrap();
        self.reader(&email).await.unwrap()
    }

    /// A form of the brief's plan as its page has it, with the mark of the plan as it is.
    pub(crate) async fn marked(&self, form: &str) -> String {
        let stored = briefs::find(&self.db.store, self.brief).await.unwrap().unwrap();
        format!("{form}&of={}", stored.mark().unwrap())
    }

    /// Gives the brief another plan.
    pub(crate) async fn change_brief(&self, plan: Brief) {
        let mut tx = self.db.store.begin().await.unwrap();
        let before = briefs::find(&self.db.store, self.brief).await.unwrap().unwrap();
        let changed = briefs::update(&mut tx, self.brief, &before.brief, &plan, MORNING).await;
        assert!(changed.unwrap());
        tx.commit().await.unwrap();
    }

    /// Takes the mails with links that are to be sent, as the worker does: the keys of their jobs.
    pub(crate) async fn take_mails(&self) -> Vec<String> {
        let mut keys = Vec::new();
        while let Some(job) = jobs::claim(&self.db.store, &ReaderMail::KINDS, &[], MINUTE, self.clock.now())
            .await
            .unwrap()
        {
            let mut tx = self.db.store.begin().await.unwrap();
            assert!(jobs::finish(&mut tx, &job, self.clock.now()).await.unwrap());
            tx.commit().await.unwrap();
            keys.push(job.key);
        }
        keys
    }

    /// An edition with two entries, in this state.
    pub(crate) async fn add_edition(&self, day: &str, state: EditionState) {
        let mut tx = self.db.store.begin().await.unwrap();
        let (story, article) = insert_lone_story(&mut tx, MORNING).await.unwrap();
        let day: Day = day.parse().unwrap();
        let entry = |number: usize| Entry {
            number,
            kind: EntryKind::News,
            at: None,
            place: None,
            headline: format!("Headline {number} of {day}"),
            credit: Credit {
                carrier: "The Herald".to_owned(),
                original: Some("Northern Wire".to_owned()),
                joint: Vec::new(),
                byline: None,
            },
            summary: "One <sentence>.".to_owned(),
            link: "https://herald.example/a".parse().unwrap(),
            basis: Basis::Story {
                story,
                article,
                version: 1,
            },
            overruled: Vec::new(),
            published: None,
            language: None,
            corrections: Vec::new(),
            marks: Vec::new(),
            follows: None,
            reasons: REASONS.map(reason).to_vec(),
            also_in: Vec::new(),
            reports: Vec::new(),
            extract: None,
            proposed: None,
            evidence: Vec::new(),
        };
        let edition = Edition {
            changes: Vec::new(),
            dropped: Vec::new(),
            left_out: Vec::new(),
            corrections: Vec::new(),
            language: Language::english(),
            tips: None,
            front: Front::default(),
            slug: "morning".parse().unwrap(),
            name: "Morning <Brief>".to_owned(),
            day,
            compiled: MORNING,
            zone: None,
            edited: None,
            issue: None,
            revision: 0,
            sections: vec![Section {
                name: "Top Five".to_owned(),
                kind: SectionKind::Standing,
                above: 0,
                numbering: reveille_model::Numbering::default(),
                reasons: Vec::new(),
                entries: vec![entry(1), entry(2)],
            }],
        };
        editions::insert_draft(&mut tx, self.brief, &edition, "[]")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        if state != EditionState::Draft {
            self.set_state(day, state).await;
        }
    }

    /// A notice about the second entry of that day's edition.
    pub(crate) async fn add_notice(&self, day: &str, state: NoticeState, kind: NoticeKind) {
        let day: Day = day.parse().unwrap();
        let edition = editions::find_by_day(&self.db.store, self.brief, day)
            .await
            .unwrap()
            .unwrap();
        let before = edition.edition.entries().nth(1).unwrap().clone();
        let article = before.article();
        let notice = Notice {
            kind,
            state,
            before,
            after: None,
            note: None,
            at: MORNING,
        };
        let mut tx = self.db.store.begin().await.unwrap();
        notices::insert(&mut tx, edition.id, article, &notice)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Takes entries out of an edition that is out.
    pub(crate) async fn take_out(&self, day: &str, numbers: &[usize]) {
        let out = |edition: &mut Edition| {
            for section in &mut edition.sections {
                section.entries.retain(|entry| !numbers.contains(&entry.number));
            }
        };
        self.change_edition(day, out).await;
    }

    /// Changes what the edition of that day holds.
    pub(crate) async fn change_edition(&self, day: &str, change: impl Fn(&mut Edition)) {
        let found = editions::find_by_day(&self.db.store, self.brief, day.parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        let mut edition = found.edition;
        change(&mut edition);
        let act = editions::changes::Act {
            by: "an editor",
            what: "changed it",
            at: MORNING,
        };
        let mut tx = self.db.store.begin().await.unwrap();
        editions::update(&mut tx, found.id, &edition, "[]", &act)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn set_state(&self, day: Day, state: EditionState) {
        let found = editions::find_by_day(&self.db.store, self.brief, day)
            .await
            .unwrap()
            .unwrap();
        let mut tx = self.db.store.begin().await.unwrap();
        rows::bring_edition(&mut tx, found.id, state, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

/// Why the entries of [`Site::add_edition`] rank where they do.
pub(crate) const REASONS: [&str; 2] = ["9 newsrooms", "rising"];

fn reason(text: &str) -> Reason {
    Reason {
        text: text.to_owned(),
        fact: None,
        weight: 1.0,
        inside: false,
    }
}

/// The network that a line of a consent record names.
pub(crate) fn address(line: &Consent) -> &str {
    line.means.visit().map_or("", |visit| &visit.address)
}

pub(crate) fn posted(path: &str, form: &str) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

/// The fields of the sign-up form as a browser sends them.
pub(crate) fn form(email: &str, country: &str, zone: &str) -> String {
    let (email, zone) = (encoded(email), encoded(zone));
    let sentence = encoded(SENTENCE);
    format!("email={email}&country={country}&zone={zone}&website=&sentence={sentence}")
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
