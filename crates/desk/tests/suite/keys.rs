//! Acts of the desk are done by keys, too.

use reveille_model::{Brief, EditionState, SectionPlan};
use reveille_store::editions;

use crate::site::{Answer, Site, morning, sites};

/// Fails unless every act of a page shows its key, and each access key means one of them.
fn each_has_its_key(page: &Answer) {
    let keyless = ".desk button:not([accesskey], [aria-keyshortcuts])";
    assert_eq!(page.texts(keyless), [""; 0], "{}", page.text);
    let keys = page.attributes("[accesskey]", "accesskey");
    let mut unique = keys.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), keys.len(), "{keys:?}: {}", page.text);
    assert!(page.one("aside.keys").contains("Hold Alt"), "{}", page.text);
}

/// The pages of two editions, an open one and one that is out, and of whatever else the desk has.
async fn pages(site: &Site) -> Vec<String> {
    let sections = ["World", "Business"].map(|name| SectionPlan {
        name: name.to_owned(),
        ..SectionPlan::default()
    });
    site.change_brief(Brief {
        sections: sections.to_vec(),
        editors: vec!["ann@example.org".parse().unwrap()],
        ..morning()
    })
    .await;
    site.add_edition("2026-03-09", EditionState::Sent).await;
    site.add_edition("2026-03-10", EditionState::Checked).await;
    let mut pages: Vec<String> = [
        "editions",
        "events",
        "sources",
        "sources/1",
        "briefs",
        "briefs/morning",
    ]
    .map(|page| format!("/desk/{page}"))
    .to_vec();
    let plan_forms = ["audience", "days", "new", "section-0"];
    pages.extend(plan_forms.map(|part| format!("/desk/briefs/morning?change={part}")));
    pages.push("/desk/briefs/morning/sections/0/remove".to_owned());
    for stored in editions::list(&site.db.store, site.brief, 2).await.unwrap() {
        let edition = format!("/desk/editions/{}", stored.id);
        let entry = format!("{edition}/{}", stored.edition.entries().next().unwrap().key());
        let inner = if stored.state.is_open() {
            format!("{edition}/add")
        } else {
            format!("{entry}/correct")
        };
        pages.extend([edition, entry, inner]);
    }
    pages
}

#[tokio::test]
async fn every_act_shows_its_key() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        for path in pages(&site).await {
            each_has_its_key(&site.get_with(&cookie, &path).await.expect(200));
        }
    }
}
