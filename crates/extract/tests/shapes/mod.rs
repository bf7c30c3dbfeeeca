//! Pages as nobody writes them: each says one thing over and over until it is as long as a page may be.

use reveille_extract::parse::MAX_BYTES;

const UNITS: &[(&str, &str)] = &[
    (
        "one line",
        "Norlands government didnt wait for the boats of Norland. ",
    ),
    (
        "lost apostrophes",
        "<p>Norlands government didnt wait for the boats of Norland.",
    ),
    ("misread characters", "donâ€™t "),
    ("agencies", "<p>Northern Wire</p>"),
    ("sources", "<p>Source: Northern Wire</p>"),
    (
        "credits",
        "<p>The Associated Press contributed to this report.</p>",
    ),
    ("mentions", "he told the AP on Monday. "),
    ("times", "<time>2026-03-09</time><h1>x</h1>"),
    ("dates", "<p>39/39/2026</p>"),
    ("bylines", "<p class=byline>By Ann Example</p>"),
    (
        "links to authors",
        "<a href='/author/ann-example'>Ann Example</a> ",
    ),
    ("metadata", "<meta name=author content='Ann Example'>"),
    (
        "data",
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"author\":\"Ann Example\"}</script>",
    ),
    (
        "paragraphs",
        "<p>The harbour reopened on Tuesday after a storm had closed it for two weeks.</p>",
    ),
    (
        "articles",
        "<article><h1>Tide</h1><p>The tide came in on Tuesday, as it does.</p></article>",
    ),
    ("countries", "<li>Chad Chile China Oman Peru Cuba Mali Togo</li>"),
    (
        "countries in a line",
        "Chad Chile China Oman Peru Cuba Mali Togo ",
    ),
    ("names of a form", "A B C "),
    ("references", "&amp&eacute;"),
    ("comments", "<!-- -- "),
    ("elements", "<b><div>"),
];

/// The pages, each with its name.
pub(crate) fn pages() -> impl Iterator<Item = (&'static str, String)> {
    let data = "{\"@type\":\"NewsArticle\",\"author\":\"Ann Example\"},".repeat(9_000);
    let lists = [
        (
            "a list of data",
            format!("<script type='application/ld+json'>[{data}{{}}]</script>"),
        ),
        (
            "names of classes",
            (0..100_000)
                .map(|n| format!("<p class='a{n} b-{n}'>{n} tide"))
                .collect(),
        ),
    ];
    let repeated = UNITS
        .iter()
        .map(|(name, unit)| (*name, unit.repeat(MAX_BYTES / unit.len())));
    repeated.chain(lists)
}
