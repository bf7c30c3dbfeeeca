//! An entry's words beside its article, on the desk.

use std::sync::Mutex;

use reveille_brief::Spare;
use reveille_desk::{Change, Editing, Offer, Pending, Refusal, Right, Seen, SeenEntry, Words};
use reveille_model::{
    BriefId, Day, Edition, EditionId, EditionState, EmailAddress, EntryKey, NoticeId, Slot, StoryId,
    SubscriberState, UnixMillis,
};
use reveille_store::{
    deliveries::{self, Ending, NewDelivery},
    editions,
};

use crate::site::{MORNING, Site, sites};

/// Stands in for whoever does what editors wish.
#[derive(Debug, Default)]
pub(crate) struct Scripted {
    /// What was changed, of which revision and by whom.
    pub(crate) changed: Mutex<Vec<(u32, Change, String)>>,
    /// Why nothing succeeds.
    pub(crate) refuses: Mutex<Option<Refusal>>,
    /// The editions that were approved.
    pub(crate) approved: Mutex<Vec<Seen>>,
    /// The editions that were taken back.
    pub(crate) recalled: Mutex<Vec<EditionId>>,
    /// The corrections that were stated: of which entry and by whom.
    pub(crate) corrected: Mutex<Vec<(SeenEntry, Right, String)>>,
    /// The corrections that were mailed.
    pub(crate) mailed: Mutex<Vec<NoticeId>>,
    /// To whom proofs were mailed.
    pub(crate) proofs: Mutex<Vec<EmailAddress>>,
    /// What the next edition is.
    pub(crate) next: Mutex<Option<Edition>>,
}

impl Scripted {
    fn result<T: Send + 'static>(&self, of: T) -> Pending<T> {
        let refuses = self.refuses.lock().unwrap().clone();
        Box::pin(async move { refuses.map_or(Ok(of), Err) })
    }
}

impl Editing for Scripted {
    fn model(&self) -> Option<&str> {
        Some("small")
    }

    fn propose(&self, _: EditionId, _: EntryKey) -> Pending<Offer> {
        self.result(Offer {
            model: "small".to_owned(),
            headline: "A <b> headline".to_owned(),
            summary: "A summary with 7 sheep.".to_owned(),
            faults: vec!["The summary says “7”.".to_owned()],
            doubts: vec!["Check it.".to_owned()],
        })
    }

    fn left_out(&self, _: EditionId) -> Pending<Vec<Spare>> {
        let story = |id: i64, headline: &str, why: &str| Spare {
            story: StoryId(id),
            headline: headline.to_owned(),
            carrier: "The Quay Post".to_owned(),
            section: Some("Top Five".to_owned()),
            why: why.to_owned(),
        };
        self.result(vec![
            story(7, "Ferry <stops>", "World was full, of stories that rank higher."),
            story(8, "Bridge opens", "It fits no section of the brief."),
        ])
    }

    fn change(&self, seen: Seen, change: Change, editor: String) -> Pending<()> {
        self.changed.lock().unwrap().push((seen.revision, change, editor));
        self.result(())
    }

    fn approve(&self, seen: Seen) -> Pending<()> {
        self.approved.lock().unwrap().push(seen);
        self.result(())
    }

    fn recall(&self, edition: EditionId) -> Pending<()> {
        self.recalled.lock().unwrap().push(edition);
        self.result(())
    }

    fn correct(&self, seen: SeenEntry, right: Right, editor: String) -> Pending<()> {
        self.corrected.lock().unwrap().push((seen, right, editor));
        self.result(())
    }

    fn mail_correction(&self, correction: NoticeId) -> Pending<()> {
        self.mailed.lock().unwrap().push(correction);
        self.result(())
    }

    fn proof(&self, _: EditionId, to: EmailAddress) -> Pending<()> {
        self.proofs.lock().unwrap().push(to);
        self.result(())
    }

    fn next(&self, _: BriefId) -> Pending<Edition> {
        let next = self.next.lock().unwrap().clone();
        let refuses = self.refuses.lock().unwrap().clone();
        Box::pin(async move { next.ok_or_else(|| refuses.unwrap()) })
    }
}

async fn path(site: &Site, day: &str) -> String {
    let day: Day = day.parse().unwrap();
    let stored = editions::find_by_day(&site.db.store, site.brief, day)
        .await
        .unwrap()
        .unwrap();
    format!(
        "/desk/editions/{}/{}",
        stored.id,
        stored.edition.entries().next().unwrap().key()
    )
}

#[tokio::test]
async fn an_editor_reads_the_article_and_sets_an_entrys_words() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let empty = site.get_with(&cookie, "/desk/editions").await.expect(200);
        assert!(!empty.has("main h2"), "{}", empty.text);
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let list = site.get_with(&cookie, "/desk/editions").await.expect(200);
        assert_eq!(list.texts("main .headline")[0], "1. Headline 1 of 2026-03-10");
        let path = path(&site, "2026-03-10").await;
        assert_eq!(list.attributes("main .headline", "href")[0], path);

        let page = site.get_with(&cookie, &path).await.expect(200);
        assert_eq!(
            page.attributes("#headline", "value"),
            ["Headline 1 of 2026-03-10"]
        );
        assert_eq!(page.one("section[aria-labelledby=source] .headline"), "A");
        assert!(page.has("button[value=propose]"));
        let answer = site
            .post_with(&cookie, &path, "act=save&headline=New&summary=Told.")
            .await
            .expect(303);
        assert_eq!(answer.header("location"), path);
        let (_, set, editor) = site.editing.changed.lock().unwrap().pop().unwrap();
        let Change::Reword(_, Words { headline, model, .. }) = set else {
            panic!("{set:?}");
        };
        assert_eq!((headline.as_str(), model, editor.as_str()), ("New", None, "Ann"));
    }
}

#[tokio::test]
async fn a_proposal_is_shown_with_its_faults_and_nothing_is_changed() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let path = path(&site, "2026-03-10").await;
        let page = site.post_with(&cookie, &path, "act=propose").await.expect(200);
        assert_eq!(page.attributes("#headline", "value"), ["A <b> headline"]);
        assert_eq!(page.one("#summary"), "A summary with 7 sheep.");
        assert_eq!(page.attributes("input[name=model]", "value"), ["small"]);
        assert_eq!(page.one(".faults li"), "The summary says “7”.");
        assert!(
            page.one("section[aria-labelledby=words]")
                .contains("Headline 1 of 2026-03-10")
        );
        assert!(site.editing.changed.lock().unwrap().is_empty());

        let save = "act=save&headline=A&summary=B.&model=small";
        site.post_with(&cookie, &path, save).await.expect(303);
        let (_, set, _) = site.editing.changed.lock().unwrap().pop().unwrap();
        assert!(
            matches!(&set, Change::Reword(_, words) if words.model.as_deref() == Some("small")),
            "{set:?}"
        );
        *site.editing.refuses.lock().unwrap() = Some(Refusal::Told("the <model> is busy".to_owned()));
        for form in ["act=propose", save] {
            let page = site.post_with(&cookie, &path, form).await.expect(200);
            assert!(
                page.one(".faults").contains("the <model> is busy"),
                "{}",
                page.text
            );
        }
    }
}

#[tokio::test]
async fn what_is_out_is_shown_without_a_form_and_what_is_not_there_is_said() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Approved).await;
        let path = path(&site, "2026-03-10").await;
        let page = site.get_with(&cookie, &path).await.expect(200);
        assert!(!page.has("main form"), "{}", page.text);
        for missing in [
            "/desk/editions/4711/1",
            "/desk/editions/1/4711",
            "/desk/editions/x/y",
        ] {
            site.get_with(&cookie, missing).await.expect(404);
            site.post_with(&cookie, missing, "act=propose").await.expect(404);
        }
    }
}

#[tokio::test]
async fn an_editor_lets_a_checked_edition_go_out_and_no_other() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let list = site.get_with(&cookie, "/desk/editions").await.expect(200);
        let approve = list.attributes("main form", "action")[0].clone();
        assert_eq!(approve, "/desk/editions/1");
        assert_eq!(list.attributes("main form input[name=revision]", "value"), ["1"]);
        let answer = site.post_with(&cookie, &approve, "revision=1").await.expect(303);
        assert_eq!(answer.header("location"), "/desk/editions");
        let seen = Seen {
            edition: EditionId(1),
            revision: 1,
        };
        assert_eq!(*site.editing.approved.lock().unwrap(), [seen]);

        *site.editing.refuses.lock().unwrap() = Some(Refusal::Told("the <model> is busy".to_owned()));
        let page = site.post_with(&cookie, &approve, "").await.expect(200);
        assert!(page.one(".faults").contains("is busy"), "{}", page.text);
        for missing in ["/desk/editions/4711", "/desk/editions/x"] {
            site.post_with(&cookie, missing, "").await.expect(404);
        }
        site.add_edition("2026-03-11", EditionState::Sent).await;
        let list = site.get_with(&cookie, "/desk/editions").await.expect(200);
        assert!(!list.text.contains(">Approve<"), "{}", list.text);
    }
}

#[tokio::test]
async fn whoever_approves_late_sees_first_for_whom_it_is_too_late() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Checked).await;
        for number in 1..=2 {
            site.add_reader(number, SubscriberState::Active).await;
        }
        let commands = async |path: &str| {
            let cookie = site.sign_in().await;
            let page = site.get_with(&cookie, path).await.expect(200);
            page.texts("form .note.bad code")
        };
        let warnings = async || {
            let cookie = site.sign_in().await;
            let list = site.get_with(&cookie, "/desk/editions").await.expect(200);
            let edition = site.get_with(&cookie, "/desk/editions/1").await.expect(200);
            [list, edition].map(|page| page.texts("form .note.bad"))
        };
        assert_eq!(warnings().await, [Vec::<String>::new(), Vec::new()]);
        site.clock.advance(86_400_000);
        for told in warnings().await {
            assert!(
                told[0].starts_with("It is too late for 2 readers, who miss it"),
                "{told:?}"
            );
            assert!(!told[0].contains("before it was compiled"), "{told:?}");
            assert!(!told[0].contains('`'), "{told:?}");
        }
        for path in ["/desk/editions", "/desk/editions/1"] {
            let next = "reveille delivery resend morning --day 2026-03-10 --missed";
            assert_eq!(commands(path).await, ["too_late", next], "{path}");
        }
    }
}

#[tokio::test]
async fn an_editor_takes_an_approved_edition_back() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Approved).await;
        let list = site.get_with(&cookie, "/desk/editions").await.expect(200);
        let recall = list.attributes("main form", "action")[0].clone();
        let answer = site.post_with(&cookie, &recall, "").await.expect(303);
        assert_eq!(answer.header("location"), "/desk/editions");
        assert_eq!(*site.editing.recalled.lock().unwrap(), [EditionId(1)]);
        assert!(site.editing.approved.lock().unwrap().is_empty());

        *site.editing.refuses.lock().unwrap() = Some(Refusal::Told("the <model> is busy".to_owned()));
        let page = site.post_with(&cookie, &recall, "").await.expect(200);
        assert!(page.one(".faults").contains("is busy"), "{}", page.text);
        for missing in ["/desk/editions/4711/recall", "/desk/editions/x/recall"] {
            site.post_with(&cookie, missing, "").await.expect(404);
        }
    }
}

/// Has an edition of one reader end like this, ready at `MORNING` and due until then.
async fn ended(site: &Site, number: i64, late_at: UnixMillis) {
    let reader = site
        .add_reader(number.unsigned_abs(), SubscriberState::Active)
        .await;
    let slot = Slot {
        due_at: MORNING,
        late_at: Some(late_at),
    };
    let new = NewDelivery {
        subscriber: reader.id,
        slot,
    };
    let edition = EditionId(number);
    let mut tx = site.db.store.begin().await.unwrap();
    deliveries::plan(&mut tx, edition, &[new], MORNING).await.unwrap();
    deliveries::settle_queued(&mut tx, edition, Ending::Sent, None, MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_edition_that_all_have_missed_is_taken_back_too_and_none_that_somebody_has() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        for (number, late_at, is_offered) in [(1, MORNING, true), (2, MORNING.plus(1), false)] {
            site.add_edition(&format!("2026-03-1{number}"), EditionState::Sent)
                .await;
            ended(&site, number, late_at).await;
            for path in ["/desk/editions".to_owned(), format!("/desk/editions/{number}")] {
                let page = site.get_with(&cookie, &path).await.expect(200);
                let recall = format!("/desk/editions/{number}/recall");
                let offered = page.attributes("main form", "action").contains(&recall);
                assert_eq!(offered, is_offered, "{}: {path}", page.of);
            }
        }
    }
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten_and_what_was_typed_stays() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let path = path(&site, "2026-03-10").await;
        let page = site.get_with(&cookie, &path).await.expect(200);
        assert_eq!(page.attributes("main form input[name=revision]", "value"), ["1"]);
        let meanwhile = "The edition was changed meanwhile (Bert): look at it again.";
        *site.editing.refuses.lock().unwrap() = Some(Refusal::Meanwhile(meanwhile.to_owned()));
        let form = "act=save&revision=1&headline=Mine+<b>&summary=My+line.";
        let page = site.post_with(&cookie, &path, form).await.expect(409);
        assert!(page.one(".faults").contains("(Bert)"), "{}", page.text);
        assert_eq!(page.attributes("#headline", "value"), ["Mine <b>"]);
        assert_eq!(page.one("#summary"), "My line.");
        assert!(
            page.one("section[aria-labelledby=words]")
                .contains("Headline 1 of 2026-03-10"),
            "what it says now stands beside it"
        );
        let page = site
            .post_with(&cookie, "/desk/editions/1", "revision=1")
            .await
            .expect(409);
        assert!(page.one(".faults").contains("(Bert)"), "{}", page.text);
    }
}

#[tokio::test]
async fn words_for_an_entry_that_was_dropped_meanwhile_are_shown_to_whoever_typed_them() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let form = "act=save&revision=1&headline=Mine+<b>&summary=My+line.";
        let page = site
            .post_with(&cookie, "/desk/editions/1/own-7", form)
            .await
            .expect(409);
        let told = page.one(".faults");
        assert!(told.contains("Mine <b>") && told.contains("My line."), "{told}");
    }
}
