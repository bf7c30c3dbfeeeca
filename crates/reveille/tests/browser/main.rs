//! The public way in and out and the editor's, walked by a real browser against the built binary: with script and without.

#![expect(clippy::unwrap_used, reason = "here a failed unwrap is a failed test")]

mod chromium;
mod demo;

use chromium::{Browser, Script};
use demo::Demo;
use thirtyfour::Key;

const EMAIL: &str = "ann@reader.example";
/// Where another reader's mails go in the end.
const ELSEWHERE: &str = "moved@reader.example";

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_comes_reads_and_leaves_with_script() {
    // The browser says where it is; New York is not the usual morning of Germany.
    let page = come_read_and_leave(Script::On).await;
    assert!(page.contains("America/New_York time"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_comes_reads_and_leaves_without_script() {
    let page = come_read_and_leave(Script::Off).await;
    assert!(page.contains("Europe/Berlin time"), "{page}");
}

/// The text of the page that says that the reader is on the list.
async fn come_read_and_leave(script: Script) -> String {
    let demo = Demo::start();
    let browser = Browser::start(script, "America/New_York").await;
    let walk = async {
        sees_the_faults(&browser, &demo, script).await;
        let listed = signs_up(&browser, &demo, script).await;
        reads_the_edition(&browser, &demo).await;
        moves_to_another_address(&browser, &demo).await;
        leaves_from_an_old_mail(&browser, &demo).await;
        works_at_the_desk(&browser, &demo, script).await;
        listed
    };
    browser.through(walk).await
}

async fn sees_the_faults(browser: &Browser, demo: &Demo, script: Script) {
    browser.open(&demo.sign_up_page).await;
    browser.click("#sign-up button").await;
    // By script the browser's own country is selected already.
    let faults: &[&str] = match script {
        Script::On => &["Type your e-mail address."],
        Script::Off => &["Type your e-mail address.", "Select your country."],
    };
    assert_eq!(browser.texts("p.fault").await, faults);
    // The browser goes to what is wrong.
    browser.focuses("faults").await;
}

/// Notes what the page shows while it solves the puzzle: the next page can be asked for it.
const NOTE_MOMENT: &str = "
    const [moment, button, email] = ['#moment', '#sign-up button', '#email'].map((of) => document.querySelector(of));
    new MutationObserver(() => sessionStorage.setItem('moment', `${moment.textContent} ${button.disabled} ${email.readOnly}`))
      .observe(moment, { childList: true });";

async fn signs_up(browser: &Browser, demo: &Demo, script: Script) -> String {
    browser.open(&demo.sign_up_page).await;
    assert!(browser.text(".consent").await.contains("opting in"));
    browser.write("#email", EMAIL).await;
    browser.select("#country", "Germany").await;
    // What comes back in no time is taken for a program's.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    if script == Script::On {
        browser.run(NOTE_MOMENT).await;
    }
    browser.click("#sign-up button").await;
    browser.shows("h1", "Check your mail").await;
    if script == Script::On {
        let noted = browser.run("return sessionStorage.getItem('moment')").await;
        assert_eq!(noted, "One moment … true true", "while the puzzle is solved");
    }
    browser.shows("main strong", EMAIL).await;

    let mails = browser.lines_with(&demo.mailbox, ".list li", EMAIL).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    browser.follow("Confirm: The Morning Brief").await;
    browser.click("pre a").await;
    browser.shows("h1", "One click left").await;
    browser.click("main button").await;
    browser.shows("h1", "You are on the list").await;
    browser.text("main").await
}

async fn reads_the_edition(browser: &Browser, demo: &Demo) {
    browser.open(&demo.edition).await;
    let numbers = browser.texts(".entry .number").await;
    assert!(numbers.len() >= 5, "{numbers:?}");
    let counted: Vec<String> = (1..=numbers.len()).map(|number| number.to_string()).collect();
    assert_eq!(numbers, counted);
    assert_eq!(browser.texts(".entry .headline").await.len(), numbers.len());
    browser.click("#entry-2 .number").await;
    assert!(browser.address().await.ends_with("#entry-2"));
}

async fn opens_an_edition(browser: &Browser, demo: &Demo) {
    browser.open(&demo.mailbox).await;
    browser.follow("The Morning Brief, 10 March").await;
    browser.follow("See it as the reader does").await;
}

async fn moves_to_another_address(browser: &Browser, demo: &Demo) {
    opens_an_edition(browser, demo).await;
    browser.follow("Change your time zone or pause").await;
    browser.shows("h1", "Your settings").await;
    browser.click("button[value=move]").await;
    let mailed =
        "We mail a link to your address, good for one day. No mail after a few minutes? Ask again after ten.";
    browser.shows("[role=status]", mailed).await;
    let subject = "Another address for The Morning Brief";
    browser.lines_with(&demo.mailbox, ".list li", subject).await;
    browser.follow_line(subject).await;
    browser.click("pre a").await;
    browser.shows("h1", "Another address").await;
    browser.write("#email", ELSEWHERE).await;
    browser.click(".field:has(#email) + button").await;
    let asked = "We mail a link to the new address. Until you follow it, everything stays as it is. No mail after a few \
                 minutes? Start again on your settings page. Where the brief comes already, no link comes: then leave by \
                 the link in any mail.";
    browser.shows("[role=status]", asked).await;
    browser.lines_with(&demo.mailbox, ".list li", ELSEWHERE).await;
    browser.follow_line(ELSEWHERE).await;
    browser.click("pre a").await;
    browser.shows("h1", "One click left").await;
    assert!(browser.text("main").await.contains("and no longer to"));
    browser.click("main button").await;
    browser.shows("h1", "You are on the list").await;
    browser
        .lines_with(&demo.mailbox, ".list li", "goes to another address now")
        .await;
}

async fn leaves_from_an_old_mail(browser: &Browser, demo: &Demo) {
    let masked = format!("{}…@reader.example", &ELSEWHERE[..1]);
    opens_an_edition(browser, demo).await;
    browser.follow("Leave with one click").await;
    browser.shows_part("main", &masked).await;
    browser.click("main button").await;
    browser.shows("h1", "You have left").await;
    assert!(browser.text("main").await.contains(&masked), "{masked}");
}

async fn works_at_the_desk(browser: &Browser, demo: &Demo, script: Script) {
    browser.open(&demo.desk).await;
    browser.click("main button").await;
    browser.shows("h1", "Editions").await;
    browser.follow("Sources").await;
    browser.shows("h1", "Sources").await;
    let carriers = browser.texts("tbody th a").await;
    assert!(carriers.len() >= 10, "{carriers:?}");
    // While somebody looks around, what falls due is read.
    let sources = browser.address().await;
    browser.lines_with(&sources, "tbody tr", " min ago").await;
    browser.follow(&carriers[0]).await;
    browser.shows("h1", &carriers[0]).await;
    browser.click("[value=pause]").await;
    browser.shows(".note", "paused").await;
    browser.click("[value=resume]").await;
    browser.shows(".note", "well").await;
    adds_a_section_and_moves_it(browser, script).await;
    browser.click(".rooms button").await;
    browser.shows("h1", "Sign in to the desk").await;
    browser.open(&demo.desk).await;
    browser.shows("h1", "This link is no longer good.").await;
}

async fn adds_a_section_and_moves_it(browser: &Browser, script: Script) {
    browser.follow("Briefs").await;
    browser.shows("h1", "Briefs").await;
    browser.follow("The Morning Brief").await;
    browser.shows("h1", "The Morning Brief").await;
    let before = browser.texts(".order h3").await;
    if script == Script::On {
        browser.write("body", "jj").await;
        let row = browser
            .run("return document.activeElement.closest('li').id")
            .await;
        assert_eq!(row, "section-1", "from outside of all rows J goes to the first");
    }
    browser.click("#new a").await;
    browser.shows("h3#new", "Add a section").await;
    browser.focuses("new-name").await;
    browser.write("#new-name", "The day").await;
    // Whoever types cannot lose it by another act: there is none.
    assert_eq!(browser.texts("main button").await, ["Add section"]);
    browser.select("#new-kind", "Calendar of the day").await;
    // In a text area Enter makes a line, and with Ctrl, by script, does what the form's button does.
    browser.write("#new-keywords", "one\ntwo").await;
    match script {
        Script::On => {
            browser
                .write("#new-keywords", "" + Key::Control + Key::Enter)
                .await;
        }
        Script::Off => browser.click("form.settings button").await,
    }
    let end = [&before[..], &["The day".to_owned()]].concat();
    browser.shows("[aria-label='Move The day up']", "Up").await;
    assert_eq!(browser.texts(".order h3").await, end);
    // By script the letter that the button shows does the same, from wherever the keyboard is in the row.
    match script {
        Script::On => browser.write("[aria-label='Remove The day']", "u").await,
        Script::Off => browser.click("[aria-label='Move The day up']").await,
    }
    browser.shows("[aria-label='Move The day down']", "Down").await;
    let moved = browser.texts(".order h3").await;
    assert_eq!(moved[before.len() - 1], "The day", "{moved:?}");
    browser.click("[aria-label='Remove The day']").await;
    browser.shows("h1", "Remove “The day”?").await;
    browser.click("main button").await;
    browser.shows("h1", "The Morning Brief").await;
    assert_eq!(browser.texts(".order h3").await, before);
}
