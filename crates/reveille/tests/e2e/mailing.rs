//! A mailing without a night before it: an approved edition, and readers who all wake up at the same hour. For tests
//! that kill it, and for the benchmark.

use reveille_model::{
    Approval, ArticleId, Brief, Consent, ConsentKind, Edition, EditionState, Home, MailFormat, Means,
    StoryId, TooLate, UnixMillis, Zone,
};
use reveille_store::{
    Store, briefs,
    editions::{self, Drafted},
    jobs::{self, NewJob},
    subscribers::{self, Listed},
};
use reveille_testkit::rows::{self, insert_lone_story};

/// When its readers wake up.
pub(crate) const MORNING: UnixMillis = UnixMillis(1_773_122_400_000);

/// Where the edition and its readers are stored, and to whom they are handed.
#[derive(Clone)]
pub(crate) struct Mailing {
    pub(crate) url: String,
    pub(crate) port: u16,
    connections: usize,
}

/// An edition and its readers.
struct Approved {
    slug: &'static str,
    name: &'static str,
    entries: usize,
    readers: u32,
    /// Where the reader of this number is.
    domain: fn(u32) -> &'static str,
    /// When it is planned.
    at: UnixMillis,
}

impl Mailing {
    /// Stores an edition with so many entries, ready to go to so many readers over so many connections to the mail server
    /// at this port of loopback.
    pub(crate) async fn prepare(url: &str, port: u16, size: (u32, usize, usize)) -> Self {
        Self::prepare_at(url, port, size, |_| "example.org", None).await
    }

    /// The same, where the reader of this number is at this domain, and beside another brief's edition of a single entry to so many
    /// readers at `other.example`, planned so many milliseconds after the morning's hour.
    pub(crate) async fn prepare_at(
        url: &str,
        port: u16,
        (readers, entries, connections): (u32, usize, usize),
        domain: fn(u32) -> &'static str,
        other: Option<(u32, i64)>,
    ) -> Self {
        let store = Store::open(url).await.unwrap();
        store.migrate().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let of = insert_lone_story(&mut tx, MORNING).await.unwrap();
        tx.commit().await.unwrap();
        let morning = Approved {
            slug: "morning",
            name: "The Morning Brief",
            entries,
            readers,
            domain,
            at: MORNING.plus(-3_600_000),
        };
        fill(&store, &morning, of).await;
        if let Some((readers, later)) = other {
            let other = Approved {
                slug: "other",
                name: "The Other Brief",
                entries: 1,
                readers,
                domain: |_| "other.example",
                at: MORNING.plus(later),
            };
            fill(&store, &other, of).await;
        }
        store.close().await;
        Self {
            url: url.to_owned(),
            port,
            connections,
        }
    }

    /// The words of a command about it, so many minutes after the morning's hour.
    pub(crate) fn command(&self, words: &[&str], minute: i64) -> Vec<String> {
        let mut command = self.command_of_today(words);
        command.extend(["--now".to_owned(), MORNING.plus(minute * 60_000).to_string()]);
        command
    }

    /// The words of a command about it by the machine's clock, by which that morning is long past.
    pub(crate) fn command_of_today(&self, words: &[&str]) -> Vec<String> {
        let settings = [
            format!("store.url={}", self.url),
            format!("mail.smtp.port={}", self.port),
            format!("mail.smtp.connections={}", self.connections),
            "mail.smtp.host=127.0.0.1".to_owned(),
            "mail.smtp.tls=none".to_owned(),
            "mail.transport=smtp".to_owned(),
        ];
        let mut command: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        command.extend(
            settings
                .into_iter()
                .flat_map(|setting| ["--set".to_owned(), setting]),
        );
        command
    }
}

async fn fill(store: &Store, approved: &Approved, of: (StoryId, ArticleId)) {
    let mut tx = store.begin().await.unwrap();
    let brief = briefs::insert(&mut tx, &brief(approved), MORNING)
        .await
        .unwrap()
        .id();
    let edition = edition(approved, of);
    let Drafted::New(id) = editions::insert_draft(&mut tx, brief, &edition, "[]")
        .await
        .unwrap()
    else {
        panic!("the store is not empty");
    };
    rows::bring_edition(&mut tx, id, EditionState::Approved, MORNING)
        .await
        .unwrap();
    let consent = Consent {
        kind: ConsentKind::Entered,
        at: MORNING,
        sentence: "Yes.".to_owned(),
        means: Means::Editor,
    };
    let listed = |number: u32| Listed {
        email: format!("reader{number}@{}", (approved.domain)(number))
            .parse()
            .unwrap(),
        home: Home::of("", None, &Zone::UTC),
        format: MailFormat::Html,
        // That of another brief is planned later.
        token: format!("{:016x}{number:016x}", approved.at.since(MORNING).max(0)),
    };
    let listed: Vec<_> = (0..approved.readers).map(listed).collect();
    subscribers::insert_batch(&mut tx, brief, &listed, &consent)
        .await
        .unwrap();
    let job = NewJob {
        kind: "plan_deliveries",
        key: id.to_string(),
        lane: String::new(),
        run_at: approved.at,
    };
    jobs::insert(&mut tx, &job, MORNING).await.unwrap();
    tx.commit().await.unwrap();
}

fn brief(approved: &Approved) -> Brief {
    Brief {
        approval: Approval::Automatic,
        // Some run by the machine's clock, long after that morning.
        too_late: TooLate::Never,
        consent: "Yes.".to_owned(),
        ..Brief::named(approved.slug.parse().unwrap(), approved.name)
    }
}

fn edition(approved: &Approved, (story, article): (StoryId, ArticleId)) -> Edition {
    let entry = |number: usize| {
        serde_json::json!({
            "number": number,
            "headline": format!("The ferry to Newport runs again after storm number {number}"),
            "credit": { "carrier": "The Harbour Herald", "original": "Northern Wire" },
            "summary": "The ferry left on Tuesday with forty people on board, its master said, two weeks after a \
                        storm had closed the harbour to all traffic.",
            "link": format!("https://herald.example/ferry/{number}"),
            "story": story,
            "article": article,
            "published": null,
        })
    };
    let entries: Vec<_> = (1..=approved.entries).map(entry).collect();
    serde_json::from_value(serde_json::json!({
        "slug": approved.slug,
        "name": approved.name,
        "day": "2026-03-10",
        "compiled": MORNING,
        "sections": [{ "name": "Elsewhere", "entries": entries }],
    }))
    .unwrap()
}
