//! An editor has an edition mailed to an editor before it goes out.

use reveille_desk::Refusal;
use reveille_model::{Brief, EditionState};
use reveille_store::sessions;

use crate::site::{MORNING, Site, morning, sites, token};

const PAGE: &str = "/desk/editions/1";
const PROOF: &str = "/desk/editions/1/proof";

/// Signs somebody in by this name; the cookie that their browser sends from then on.
async fn sign_in_as(site: &Site, name: &str) -> String {
    let mut tx = site.db.store.begin().await.unwrap();
    sessions::insert_link(&mut tx, name, &token(77), MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let answer = site.post(&format!("/desk/sign-in/{}", token(77)), "").await;
    let answer = answer.expect(303);
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn sent(site: &Site) -> Vec<String> {
    let proofs = std::mem::take(&mut *site.editing.proofs.lock().unwrap());
    proofs.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_proof_goes_to_the_editor_who_is_signed_in_and_to_those_of_the_brief() {
    for site in sites().await {
        let editors = vec!["bo@example.org".parse().unwrap()];
        site.change_brief(Brief { editors, ..morning() }).await;
        site.add_edition("2026-03-10", EditionState::Draft).await;
        let cookie = sign_in_as(&site, "ann@example.org").await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(page.texts("#to option"), ["ann@example.org", "bo@example.org"]);
        assert!(!page.has("[role=status]"), "{}", page.text);
        for (place, to) in ["ann@example.org", "bo@example.org"].into_iter().enumerate() {
            let answer = site.post_with(&cookie, PROOF, &format!("to={to}")).await;
            let told = answer.expect(303).header("location").to_owned();
            assert_eq!(
                told,
                format!("{PAGE}?proof={}&to={place}", MORNING.0),
                "no address stands in an address of ours, which logs may hold"
            );
            assert_eq!(sent(&site), [to], "{}", page.of);
            let page = site.get_with(&cookie, &told).await.expect(200);
            let said = page.one("[role=status]");
            assert!(
                said.starts_with(&format!("The proof was sent to {to} at ")),
                "{said}"
            );
            assert!(said.contains("“Proof: Morning <Brief>"), "{said}");
        }
        for odd in ["proof=sent", "proof=1&to=2", "proof=x&to=-1", "to=0"] {
            let page = site.get_with(&cookie, &format!("{PAGE}?{odd}")).await.expect(200);
            assert!(!page.has("[role=status]"), "{odd}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn nobody_else_gets_one_and_what_the_mail_server_says_is_told() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let cookie = site.sign_in().await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert!(
            !page.has("#to"),
            "a name is no address, and the brief names no editors: {}",
            page.text
        );
        for to in ["eve@example.org", "", "Ann"] {
            let page = site.post_with(&cookie, PROOF, &format!("to={to}")).await;
            let told = page.expect(200).one(".faults");
            assert!(told.contains("No proof was sent"), "{told}");
            assert_eq!(sent(&site), [""; 0], "{}", site.db.name);
        }
        site.post(PROOF, "to=ann@example.org").await.expect(303);
        assert_eq!(sent(&site), [""; 0], "strangers send nothing");

        let cookie = sign_in_as(&site, "ann@example.org").await;
        let busy = Refusal::Told("452 <try> later".to_owned());
        *site.editing.refuses.lock().unwrap() = Some(busy);
        let page = site.post_with(&cookie, PROOF, "to=ann@example.org").await;
        let told = page.expect(200).one(".faults");
        assert!(
            told.contains("No proof was sent") && told.contains("452 <try> later"),
            "{told}"
        );
        let silent = Refusal::Unsure("it said nothing".to_owned());
        *site.editing.refuses.lock().unwrap() = Some(silent);
        let page = site.post_with(&cookie, PROOF, "to=ann@example.org").await;
        let told = page.expect(200).one(".faults");
        assert!(told.starts_with("The proof may not have arrived"), "{told}");
    }
}
