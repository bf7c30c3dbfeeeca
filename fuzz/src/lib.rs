//! What must hold of every article, whatever it was extracted from.

use pulldown_cmark::{Event, Options, Parser, Tag};
use reveille_extract::{Extraction, markdown, parse::Document};
use reveille_model::{BlockKind, CanonicalUrl};

/// Bytes of text that one byte of a page may become: those of U+FFFD, which stands for one that cannot be read.
const GROWTH: usize = 3;

/// Bytes that may be added to a page's own: names from our tables, words between parts.
const ADDED: usize = 4096;

/// Panics where the article breaks a promise. `length` is that of the input in bytes.
pub fn check(found: &Extraction, length: usize) {
    let article = &found.article;
    let bound = GROWTH * length + ADDED;
    let mut printed = article.title.len();
    for block in &article.body {
        assert!(!block.text.trim().is_empty(), "an empty block");
        assert!(
            !block.text.contains('\n'),
            "a block of two lines: {:?}",
            block.text
        );
        printed += block.text.len();
    }
    assert!(printed <= bound, "{printed} bytes of text out of {length}");
    for list in [&article.authors, &article.corrections] {
        let size: usize = list.iter().map(String::len).sum();
        assert!(size <= bound, "{size} bytes of names or notices out of {length}");
        assert!(list.iter().all(|text| !text.trim().is_empty()));
    }
    for origin in &article.origins {
        assert!(!origin.evidence.is_empty(), "{} rests on nothing", origin.name);
    }
    for verdict in &found.trace {
        let size = verdict.place.len() + verdict.text.len();
        assert!(size < 1024, "{size} bytes for one line of the trace");
    }
    check_markdown(found);
}

/// A Markdown reader finds the words of the body in it, no more and no fewer.
fn check_markdown(found: &Extraction) {
    let body = &found.article.body;
    let written = markdown(body);
    let mut read = String::new();
    for event in Parser::new_ext(&written, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) => read.push_str(&text),
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_))
            | Event::Code(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Rule => panic!("markup that nobody wrote: {event:?} in {written:?}"),
            _ => {}
        }
    }
    // A table is cut or filled up to the width of its head.
    if body.iter().all(|block| block.kind != BlockKind::TableRow) {
        let expected: String = body.iter().map(|block| block.text.as_str()).collect();
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(solid(&expected), solid(&read), "{written:?}");
    }
}

/// Panics where a tree is not well formed.
pub fn check_tree(page: &Document<'_>, length: usize) {
    let nodes = page.nodes();
    assert!(
        nodes.len() <= 2 * length + 16,
        "{} nodes out of {length} bytes",
        nodes.len()
    );
    let mut depths = vec![0_usize; nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        let parent = node.parent as usize;
        assert!(node.end as usize > at, "node {at} ends before it begins");
        if at > 0 {
            assert!(parent < at, "node {at} stands before its parent {parent}");
            assert!(
                node.end <= nodes[parent].end,
                "node {at} outlasts its parent {parent}"
            );
            depths[at] = depths[parent] + 1;
            assert!(
                depths[at] <= reveille_extract::parse::MAX_DEPTH,
                "node {at} is too deep"
            );
        }
        let read = page.raw_text(at).len() + page.name(at).len();
        assert!(read <= length);
        for attribute in page.attributes(at) {
            let _ = attribute.value();
        }
    }
    let _ = page.text(0);
}

/// The address in front of an input, and what is left.
#[must_use]
pub fn address(input: &[u8]) -> (CanonicalUrl, Option<&str>, &[u8]) {
    let nowhere = || "https://page.example/".parse().expect("an address");
    let line = input.iter().position(|byte| *byte == b'\n');
    let Some((Ok(head), page)) = line.map(|at| (std::str::from_utf8(&input[..at]), &input[at + 1..])) else {
        return (nowhere(), None, input);
    };
    let (charset, url) = head.split_once(' ').unwrap_or((head, ""));
    (url.parse().unwrap_or_else(|_| nowhere()), Some(charset), page)
}
