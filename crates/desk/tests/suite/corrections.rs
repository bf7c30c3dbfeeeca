//! An editor states at the desk what an entry has wrong that readers have, and has that mailed to them.

use reveille_desk::{Refusal, Right, Seen, SeenEntry};
use reveille_model::{
    EditionId, EditionState, Entry, IfUnknown, Notice, NoticeId, NoticeKind, NoticeState, SubscriberState,
};
use reveille_store::{
    deliveries::{self, NewDelivery},
    editions, notices,
};

use crate::site::{Answer, MINUTE, MORNING, Site, encoded, sites};

const PAGE: &str = "/desk/editions/1";
const DAY: &str = "2026-03-10";
const TEXT: &str = "The lake is 14 metres deep, not <40>.";

/// An edition in this state, and the page on which its first entry is corrected.
async fn edition(site: &Site, state: EditionState) -> String {
    site.add_edition(DAY, state).await;
    let stored = editions::find(&site.db.store, EditionId(1)).await.unwrap();
    let key = stored.unwrap().edition.entries().next().unwrap().key();
    format!("{PAGE}/{key}/correct")
}

/// A correction of the first entry that was stated.
async fn stated(site: &Site) -> NoticeId {
    let stored = editions::find(&site.db.store, EditionId(1)).await.unwrap();
    let before = stored.unwrap().edition.entries().next().unwrap().clone();
    let notice = Notice {
        kind: NoticeKind::Changed,
        state: NoticeState::Corrected,
        after: Some(before.clone()),
        note: Some(TEXT.to_owned()),
        at: MORNING,
        before,
    };
    let mut tx = site.db.store.begin().await.unwrap();
    let article = notice.before.article();
    let id = notices::insert(&mut tx, EditionId(1), article, &notice).await;
    tx.commit().await.unwrap();
    id.unwrap()
}

/// The first entry, as a form showed it.
fn seen(revision: &str, noticed: Option<NoticeId>) -> SeenEntry {
    SeenEntry {
        within: Seen {
            edition: EditionId(1),
            revision: revision.parse().unwrap(),
        },
        number: 1,
        noticed,
    }
}

#[tokio::test]
async fn each_entry_of_an_edition_that_is_out_leads_to_its_correction() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let form = edition(&site, EditionState::Checked).await;
        let open = site.get_with(&cookie, PAGE).await.expect(200);
        assert!(!open.text.contains(">Correct<"), "{}", open.text);
        let led = site.get_with(&cookie, &form).await.expect(303);
        assert_eq!(led.header("location"), PAGE, "what is open is changed itself");

        site.set_state(DAY.parse().unwrap(), EditionState::Approved).await;
        let approved = site.get_with(&cookie, PAGE).await.expect(200);
        let recall = approved.attributes("main form", "action");
        assert_eq!(recall, [format!("{PAGE}/recall")], "{}", approved.text);
        site.set_state(DAY.parse().unwrap(), EditionState::Sent).await;
        for page in [approved, site.get_with(&cookie, PAGE).await.expect(200)] {
            let links = page.attributes(".order .moves a", "href");
            assert_eq!((links.len(), &links[0]), (2, &form), "{}", page.text);
            assert!(!page.has("#wrong"), "{}", page.text);
        }
        let words = form.strip_suffix("/correct").unwrap();
        let words = site.get_with(&cookie, words).await.expect(200);
        assert!(
            words.attributes("main a", "href").contains(&form),
            "{}",
            words.text
        );

        site.add_notice(DAY, NoticeState::NeedsCorrection, NoticeKind::Withdrawn)
            .await;
        let marked = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(marked.attributes("#wrong + ul a", "href"), [form.as_str()]);
        assert!(
            marked.one("#wrong + ul .bad").contains("withdrawn"),
            "{}",
            marked.text
        );
        for missing in ["4711/correct", "none/correct", "corrections/1", "corrections/x"] {
            site.get_with(&cookie, &format!("{PAGE}/{missing}"))
                .await
                .expect(404);
        }
        site.get(&form).await.expect(303);
    }
}

#[tokio::test]
async fn what_was_wrong_is_stated_with_the_right_words_and_mailed_to_nobody() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let form = edition(&site, EditionState::Sent).await;
        let page = site.get_with(&cookie, &form).await.expect(200);
        assert_eq!(
            page.attributes("#headline", "value"),
            ["Headline 1 of 2026-03-10"]
        );
        assert_eq!(page.one("#summary"), "One <sentence>.");
        assert!(
            page.has("#text[required]") && !page.has("#stated"),
            "{}",
            page.text
        );
        let revision = page.attributes("[name=revision]", "value")[0].clone();

        let typed = format!(
            "revision={revision}&text=+{}+&headline=+Right+&summary=One.",
            encoded(TEXT)
        );
        let answer = site.post_with(&cookie, &form, &typed).await.expect(303);
        assert_eq!(answer.header("location"), format!("{form}#stated"));
        let right = Right::parse(TEXT, Some("Right"), Some("One.")).unwrap();
        let corrected = std::mem::take(&mut *site.editing.corrected.lock().unwrap());
        let expected = (seen(&revision, None), right, "Ann".to_owned());
        assert_eq!(corrected, [expected], "{}", page.of);
        assert!(site.editing.mailed.lock().unwrap().is_empty());

        for (wrong, told) in [
            ("text=+&headline=Right&summary=One.", "what was wrong"),
            ("text=Wrong.&headline=+&summary=One.", "needs a headline"),
        ] {
            let page = site.post_with(&cookie, &form, wrong).await.expect(200);
            assert!(page.one(".faults").contains(told), "{}", page.text);
            assert_eq!(page.one("#summary"), "One.", "what was typed is kept");
        }
        assert!(site.editing.corrected.lock().unwrap().is_empty());
        let meanwhile = Refusal::Meanwhile("Bert was here".to_owned());
        *site.editing.refuses.lock().unwrap() = Some(meanwhile);
        let page = site.post_with(&cookie, &form, &typed).await.expect(409);
        assert!(page.one(".faults").contains("Bert was here"), "{}", page.text);
        assert_eq!(page.one("#text"), TEXT);
    }
}

#[tokio::test]
async fn a_form_names_what_it_showed_to_have_become_of_the_article() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let form = edition(&site, EditionState::Sent).await;
        let typed = |page: &Answer| {
            let of = |name: &str| page.attributes(&format!("[name={name}]"), "value")[0].clone();
            let (revision, noticed) = (of("revision"), of("noticed"));
            format!("revision={revision}&noticed={noticed}&text=Wrong.&headline=Mine&summary=One.")
        };
        let before = site.get_with(&cookie, &form).await.expect(200);
        assert!(!before.has("#now"), "{}", before.text);
        let id = site.changed_article("By its article").await;
        let after = site.get_with(&cookie, &form).await.expect(200);
        assert_eq!(after.attributes("#headline", "value"), ["By its article"]);
        assert!(
            after.one("main .note").contains("the form holds its words"),
            "{}",
            after.text
        );
        for (page, noticed) in [(&before, None), (&after, Some(id))] {
            site.post_with(&cookie, &form, &typed(page)).await.expect(303);
            let corrected = std::mem::take(&mut *site.editing.corrected.lock().unwrap());
            assert_eq!(corrected[0].0, seen("1", noticed), "{}", page.of);
        }

        // Who is refused sees it as it is, beside what they typed, and may then send that.
        let meanwhile = Refusal::Meanwhile("It changed".to_owned());
        *site.editing.refuses.lock().unwrap() = Some(meanwhile);
        let page = site.post_with(&cookie, &form, &typed(&before)).await.expect(409);
        assert_eq!(page.attributes("[name=noticed]", "value"), [id.to_string()]);
        assert_eq!(page.attributes("#headline", "value"), ["Mine"]);
        assert_eq!(page.one("#now + .headline"), "By its article");
        assert!(
            !page.one("main .note").contains("the form holds"),
            "{}",
            page.text
        );
    }
}

#[tokio::test]
async fn an_entry_that_was_taken_out_is_explained_without_words() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let form = edition(&site, EditionState::Sent).await;
        site.add_notice(DAY, NoticeState::NeedsCorrection, NoticeKind::Withdrawn)
            .await;
        site.take_out(DAY, &[1, 2]).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(page.attributes("#wrong + ul a", "href"), [form.as_str()]);
        let page = site.get_with(&cookie, &form).await.expect(200);
        assert!(page.has("#text") && !page.has("#headline") && !page.has("#summary"));
        let typed = format!("text={}&headline=Odd&summary=Odd", encoded(TEXT));
        site.post_with(&cookie, &form, &typed).await.expect(303);
        let corrected = std::mem::take(&mut *site.editing.corrected.lock().unwrap());
        assert_eq!(corrected[0].1, Right::parse(TEXT, None, None).unwrap());
    }
}

#[tokio::test]
async fn a_stated_correction_is_mailed_after_a_question_that_says_to_how_many() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let form = edition(&site, EditionState::Sent).await;
        let id = stated(&site).await;
        let page = site.get_with(&cookie, &form).await.expect(200);
        assert_eq!(page.one("#stated + ul .note"), TEXT);
        assert!(page.one("#stated + ul").contains("at 04:00. Nobody was mailed."));
        let mail = page.attributes("#stated + ul a", "href")[0].clone();
        assert_eq!(mail, format!("{PAGE}/corrections/{id}"));
        let nobody = site.get_with(&cookie, &mail).await.expect(200);
        assert!(
            !nobody.has("main form"),
            "nobody has the edition: {}",
            nobody.text
        );

        site.deliver_to_reader(1).await;
        let question = site.get_with(&cookie, &mail).await.expect(200);
        assert_eq!(question.one("h1"), "Mail the correction to 1 reader?");
        assert_eq!(question.one("main .note"), TEXT);
        assert!(site.editing.mailed.lock().unwrap().is_empty(), "it only asks");
        let busy = Refusal::Told("busy".to_owned());
        *site.editing.refuses.lock().unwrap() = Some(busy);
        let refused = site.post_with(&cookie, &mail, "").await.expect(200);
        assert!(refused.one(".faults").contains("busy"), "{}", refused.text);
        *site.editing.refuses.lock().unwrap() = None;
        site.editing.mailed.lock().unwrap().clear();
        let answer = site.post_with(&cookie, &mail, "").await.expect(303);
        assert_eq!(answer.header("location"), format!("{form}#stated"));
        assert_eq!(*site.editing.mailed.lock().unwrap(), [id], "{}", page.of);

        let mut tx = site.db.store.begin().await.unwrap();
        let planned = deliveries::plan_correction(&mut tx, id, EditionId(1), MORNING, MORNING).await;
        assert_eq!(planned.unwrap(), 1, "{}", site.db.name);
        tx.commit().await.unwrap();
        let page = site.get_with(&cookie, &form).await.expect(200);
        assert!(
            page.one("#stated + ul").ends_with("Mails: 1 queued."),
            "{}",
            page.text
        );
        assert!(!page.has("#stated + ul a"), "it is on its way: {}", page.text);
        site.post(&mail, "").await.expect(303);
    }
}

impl Site {
    /// Notices that the article of the first entry has another headline by now.
    async fn changed_article(&self, headline: &str) -> NoticeId {
        let stored = editions::find(&self.db.store, EditionId(1)).await.unwrap();
        let before = stored.unwrap().edition.entries().next().unwrap().clone();
        let after = Entry {
            headline: headline.to_owned(),
            ..before.clone()
        };
        let notice = Notice {
            kind: NoticeKind::Changed,
            state: NoticeState::NeedsCorrection,
            after: Some(after),
            note: None,
            at: MORNING,
            before,
        };
        let mut tx = self.db.store.begin().await.unwrap();
        let article = notice.before.article();
        let id = notices::insert(&mut tx, EditionId(1), article, &notice).await;
        tx.commit().await.unwrap();
        id.unwrap()
    }

    /// Adds a reader to whom the edition is under way.
    async fn deliver_to_reader(&self, number: u64) {
        let reader = self.add_reader(number, SubscriberState::Active).await;
        let new = NewDelivery {
            subscriber: reader.id,
            slot: MORNING.into(),
        };
        let mut tx = self.db.store.begin().await.unwrap();
        deliveries::plan(&mut tx, EditionId(1), &[new], MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let (edition, rule) = (EditionId(1), IfUnknown::Resend);
        let claimed = deliveries::claim(&self.db.store, edition, rule, 1, MINUTE, MORNING).await;
        assert_eq!(claimed.unwrap().len(), 1, "{}", self.db.name);
    }
}
