//! The forms in which an edition leaves the house.

mod morning;

use morning::{brief, candidates, compiled, correction, day, edition, html_mail, links, one, report, web};
use reveille_brief::{
    compose,
    render::{Links, WIDTH, json, json_ld, markdown, subject, text, text_mail},
};
use reveille_model::{Edition, Entry};

#[test]
fn the_classic_form_in_text() {
    insta::assert_snapshot!(text_mail(&one(|_| ()), &links()).replace(" \n", "␠\n"), @"
    THE MORNING BRIEF
    Tuesday, 10 March 2026
    1 story, about 1 minute

    TOP FIVE
    --------

    1. Island states ask for new talks on fishing grounds
    (Harbour Courier · Northern Wire) Three island states have asked their␠
    larger neighbour for a date to resume talks on fishing grounds that both␠
    sides claim, officials said on Monday.
    Also in Vale Tribune, Lantern Post, Quay Herald, Mill Gazette
    [1] https://harbour-courier.example/2026/03/10/1

    ------------------------------------------------------------------------
    You get The Morning Brief because you asked for it.
    Leave with one click:
    https://brief.example.org/leave/0123456789abcdef0123456789abcdef
    Change your time zone or pause:
    https://brief.example.org/settings/0123456789abcdef0123456789abcdef
    Read this edition on the web:
    https://brief.example.org/the-morning-brief/2026-03-10
    Passed on to you? Past editions and sign-up:
    https://brief.example.org/the-morning-brief
    Tell the editors something: answer this mail, or write to:
    tips@brief.example.org
    The Morning Brief, 1 Example Street, Exampleton
    ");
}

#[test]
fn an_edition_speaks_the_language_of_its_brief() {
    let mut german = brief();
    german.language = "de".parse().unwrap();
    german.name = "Der Morgen".to_owned();
    let mut edition = compose(&german, day(), compiled(), &candidates(), &[]);
    edition.corrections.push(correction("Es war der Teich."));
    assert_eq!(edition.sections[0].name, "Die wichtigsten fünf");
    assert!(subject(&edition).starts_with("Der Morgen, 10. März: "));
    let linked = json_ld(&edition, "https://brief.example.org/der-morgen/2026-03-10");
    assert!(linked.contains("Der Morgen, Dienstag, 10. März 2026"));
    let html = html_mail(&edition, &links());
    assert!(html.contains("<html lang=\"de\""));
    let forms = [
        text_mail(&edition, &links()).replace(" \n", " "),
        html,
        web(&edition),
        markdown(&edition),
    ];
    for form in &forms {
        for said in [
            "Dienstag, 10. März 2026",
            " Meldungen, etwa ",
            "Berichtigung",
            "Meinung",
        ] {
            assert!(form.contains(said), "{said}: {form}");
        }
        for said in ["March", "stories", "Correction:", "Opinion", "Also in"] {
            // The article that was corrected says so in its own language.
            assert!(!form.contains(said), "{said}: {form}");
        }
    }
    for form in &forms[..2] {
        assert!(form.contains("Sie bekommen Der Morgen, weil Sie darum gebeten haben."));
        assert!(form.contains("Mit einem Klick abbestellen"));
    }
}

#[test]
fn the_classic_form_on_a_terminal() {
    insta::assert_snapshot!(text(&one(|_| ())), @"
    THE MORNING BRIEF
    Tuesday, 10 March 2026
    1 story, about 1 minute

    TOP FIVE
    --------

    1.  Island states ask for new talks on fishing grounds
        (Harbour Courier · Northern Wire) Three island states have asked
        their larger neighbour for a date to resume talks on fishing grounds
        that both sides claim, officials said on Monday.
        Also in Vale Tribune, Lantern Post, Quay Herald, Mill Gazette
        https://harbour-courier.example/2026/03/10/1
    ");
}

#[test]
fn a_paragraph_of_the_mails_text_is_one_line_to_who_reads_flowed_text() {
    let edition = edition();
    // RFC 3676, section 4.2, with delsp=no.
    let flowed = text_mail(&edition, &links()).replace(" \n", " ");
    for entry in edition.entries() {
        let told = format!("({}) {}\n", entry.credit, entry.summary);
        assert!(flowed.contains(&told), "{told}");
        if let Some(link) = entry.link.web() {
            assert!(flowed.contains(&format!("\n[{}] {link}\n", entry.number)));
        }
    }
    let terminal = text(&edition);
    assert!(terminal.lines().all(|line| !line.ends_with(' ')));
}

#[test]
fn the_classic_form_in_markdown() {
    insta::assert_snapshot!(markdown(&one(|entry| entry.corrections = vec!["It was *14* metres.".to_owned()])), @r"
    # The Morning Brief

    Tuesday, 10 March 2026 · 1 story, about 1 minute

    ## Top Five

    1. **[Island states ask for new talks on fishing grounds](<https://harbour-courier.example/2026/03/10/1>)**\
       (Harbour Courier · Northern Wire) Three island states have asked their larger neighbour for a date to resume talks on fishing grounds that both sides claim, officials said on Monday.

       *Correction:* It was \*14\* metres.

       Also in Vale Tribune, Lantern Post, Quay Herald, Mill Gazette
    ");
}

#[test]
fn the_classic_form_on_the_web() {
    insta::assert_snapshot!(web(&one(|entry| entry.marks = vec!["Live".to_owned()])), @r##"
    <main class="edition" dir="ltr">
    <header class="masthead">
    <svg class="mark" viewBox="0 0 48 24" width="48" height="24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" aria-hidden="true"><path d="M2 20h44"/><path d="M8 20C18 19 26 14 38 4"/></svg>
    <h1>The Morning Brief</h1>
    <p class="day"><time dir="ltr" datetime="2026-03-10">Tuesday, 10 March 2026</time> <span class="length" dir="ltr">1 story, about 1 minute</span></p>
    </header>
    <section class="section" id="section-1" aria-labelledby="heading-1">
    <h2 id="heading-1">Top Five</h2>
    <ol class="entries" start="1">
    <li class="entry" id="entry-1" value="1">
    <a class="number" href="#entry-1" aria-label="Link to item 1">1</a>
    <article dir="ltr" lang="en">
    <h3 class="headline"><a href="https://harbour-courier.example/2026/03/10/1">Island states ask for new talks on fishing grounds</a></h3>
    <p class="summary"><span class="credit">(Harbour Courier · Northern Wire)</span> <span class="marks" dir="ltr">Live.</span> Three island states have asked their larger neighbour for a date to resume talks on fishing grounds that both sides claim, officials said on Monday.</p>
    <p class="link"><a href="https://harbour-courier.example/2026/03/10/1">harbour-courier.example</a> <span class="also" dir="ltr">Also in Vale Tribune, Lantern Post, Quay Herald, Mill Gazette</span></p>
    </article>
    </li>
    </ol>
    </section>
    </main>
    "##);
}

#[test]
fn the_subject_is_one_short_line() {
    assert_eq!(
        subject(&edition()),
        "The Morning Brief, 10 March: Island states ask for new talks on fishing grounds"
    );
    let long = one(|entry| entry.headline = "Long\r\nBcc: words ".repeat(20));
    let line = subject(&long);
    assert!(
        line.chars().count() <= 111 && line.ends_with('…') && !line.contains(['\r', '\n']),
        "{line}"
    );
    let dense = one(|entry| entry.headline = "見本市の橋".repeat(40));
    assert_eq!(subject(&dense).chars().count(), 111);
    let empty = compose(&brief(), day(), compiled(), &[], &[]);
    assert_eq!(subject(&empty), "The Morning Brief, 10 March");
}

#[test]
fn text_keeps_to_its_width_but_for_links() {
    let mut edition = edition();
    edition.sections[0].entries[0].headline = "見本市は十日、古い橋を六月に閉鎖すると発表した。".repeat(4);
    for line in text_mail(&edition, &links()).lines() {
        let columns: usize = line
            .trim_end()
            .chars()
            .map(|c| if c > '\u{2e80}' { 2 } else { 1 })
            .sum();
        assert!(columns <= WIDTH || line.contains("https://"), "{line}");
    }
}

#[test]
fn the_foot_says_why_and_how_to_leave() {
    let (html, plain) = (html_mail(&edition(), &links()), text_mail(&edition(), &links()));
    for form in [&html, &plain] {
        for part in [
            links().unsubscribe,
            links().settings,
            links().edition,
            links().brief,
            links().identity,
            links().tips,
        ] {
            assert!(form.contains(&part), "{part}");
        }
    }
    let bare = html_mail(&edition(), &reveille_brief::render::Links::default());
    assert!(!bare.contains("href=\"\""), "an empty link is left out");
}

#[test]
fn text_that_runs_from_right_to_left_is_marked() {
    let mail = html_mail(&edition(), &links());
    assert_eq!(mail.matches("dir=\"rtl\"").count(), 1);
    assert!(mail.contains("lang=\"ar\" dir=\"rtl\" align=\"right\""));
    let arabic = one(|entry| entry.headline = "الحكومة تعلن خطة".to_owned());
    assert!(html_mail(&arabic, &links()).contains("<html lang=\"en\" dir=\"rtl\">"));
    assert!(web(&arabic).contains("<main class=\"edition\" dir=\"rtl\">"));
}

#[test]
fn forty_long_entries_stay_under_the_clip() {
    let mut edition = edition();
    edition.sections.truncate(1);
    let entry = edition.sections[0].entries[0].clone();
    edition.sections[0].entries = (1..=40)
        .map(|number| Entry {
            number,
            headline: "Länger als die meisten ".repeat(5),
            summary: "So lang wie die längste erlaubte Zusammenfassung ".repeat(6),
            link: format!("https://example.org/{}", "long-path/".repeat(12))
                .parse()
                .unwrap(),
            also_in: vec!["A Paper With A Long Name".to_owned(); 6],
            reports: Vec::new(),
            ..entry.clone()
        })
        .collect();
    let bytes = html_mail(&edition, &links()).len();
    assert!(bytes < 102 * 1024, "{bytes} bytes");
}

#[test]
fn mail_brings_nothing_that_a_mail_client_would_fetch_or_run() {
    let mail = html_mail(&edition(), &links());
    for forbidden in ["<img", "<script", "<link", "@import", "url(", "<svg", "<form"] {
        assert!(!mail.contains(forbidden), "{forbidden}");
    }
    assert!(mail.matches("<table").count() == mail.matches("role=\"presentation\"").count());
}

#[test]
fn the_preheader_goes_on_where_the_subject_ends() {
    let shown = |edition: &Edition| {
        let mail = html_mail(edition, &links());
        let hidden = mail.split_once("mso-hide:all;\">").unwrap().1;
        hidden.split_once('<').unwrap().0.to_owned()
    };
    assert!(shown(&edition()).starts_with("River rises through the old town as dam is opened · Lake will"));
    assert!(shown(&one(|_| ())).starts_with("Three island states have asked"));
}

#[test]
fn json_is_the_edition_with_counts() {
    let document: serde_json::Value = serde_json::from_str(&json(&edition())).unwrap();
    assert_eq!(document["format"], "reveille-edition/1");
    assert_eq!(document["counts"]["entries"], 15);
    assert_eq!(
        document["sections"][0]["entries"][0]["credit"]["original"],
        "Northern Wire"
    );
    let mut keys: Vec<&String> = document.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "compiled", "counts", "day", "format", "language", "name", "sections", "slug", "zone"
        ]
    );
    assert_eq!(
        serde_json::from_str::<Edition>(&json(&edition())).unwrap(),
        edition()
    );
}

#[test]
fn readers_are_not_told_why_an_entry_ranks_where_it_does() {
    let edition = edition();
    let first = &edition.sections[0].entries[0];
    assert!(!first.reasons.is_empty());
    for reason in &first.reasons {
        for form in [web(&edition), html_mail(&edition, &links()), text(&edition)] {
            assert!(!form.contains(&reason.text), "{}: {form}", reason.text);
        }
    }
}

#[test]
fn one_story_is_not_called_stories() {
    let candidate = report(1, "Quay Herald", "Rain", "It rained all night in the town.");
    assert!(
        text(&compose(&brief(), day(), compiled(), &[candidate], &[])).contains("1 story, about 1 minute\n")
    );
}

#[test]
fn a_link_that_counts_is_the_same_for_all_and_says_where_it_leads() {
    let edition = one(|_| ());
    let target = edition.entries().next().unwrap().link.to_string();
    let host = target.split('/').nth(2).unwrap();
    let counting = Links {
        counts_clicks: true,
        ..links()
    };
    let counter = "https://brief.example.org/the-morning-brief/2026-03-10/1/go";
    let html = html_mail(&edition, &counting);
    assert_eq!(
        html.matches(&format!("href=\"{counter}\" title=\"{target}\""))
            .count(),
        2,
        "{html}"
    );
    assert!(!html.contains(&format!("href=\"{target}\"")) && html.contains(&format!(">{host}</a>")));
    assert!(
        !html_mail(&edition, &links()).contains("title=\"http"),
        "nothing is said twice"
    );
    let text = text_mail(&edition, &counting);
    assert!(text.contains(&format!("[1] {counter} ({host})\n")), "{text}");
    // Whoever reads on the web goes straight there.
    assert!(web(&edition).contains(&target) && !web(&edition).contains("/go"));
}
