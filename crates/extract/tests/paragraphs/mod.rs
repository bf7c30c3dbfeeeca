//! The paragraphs of a page as this crate's parser and as html5ever see them.

use reveille_extract::parse::{Document, Tag, decode_into};
use scraper::{Html, Node, Selector};

/// Elements whose text neither side counts: html5ever reads `noscript` as browsers with script do.
const SILENT: [&str; 6] = ["script", "style", "noscript", "template", "svg", "iframe"];

fn folded(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// By this crate's parser.
pub(crate) fn ours(page: &str) -> Vec<String> {
    let document = Document::parse(page);
    let silent = |at: usize| {
        SILENT
            .iter()
            .any(|name| document.name(at).eq_ignore_ascii_case(name))
            || document.node(at).tag == Tag::Template
    };
    let mut paragraphs = Vec::new();
    for at in (0..document.nodes().len()).filter(|at| document.node(*at).tag == Tag::P) {
        if document.ancestors(at).any(silent) {
            continue;
        }
        let mut text = String::new();
        let mut inside = at + 1;
        while inside < document.node(at).end as usize {
            let node = document.node(inside);
            if silent(inside) {
                inside = node.end as usize;
                continue;
            }
            if node.tag == Tag::Text {
                decode_into(document.raw_text(inside), false, &mut text);
            }
            inside += 1;
        }
        paragraphs.push(folded(&text));
    }
    paragraphs.retain(|text| !text.is_empty());
    paragraphs
}

/// By html5ever.
pub(crate) fn theirs(page: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let selector = Selector::parse("p").expect("a selector");
    let silent = |node: &Node| {
        node.as_element()
            .is_some_and(|element| SILENT.contains(&element.name()))
    };
    let mut paragraphs = Vec::new();
    for paragraph in html.select(&selector) {
        if paragraph.ancestors().any(|node| silent(node.value())) {
            continue;
        }
        let mut text = String::new();
        for node in paragraph.descendants() {
            let quiet = node
                .ancestors()
                .take_while(|above| above.id() != paragraph.id())
                .any(|above| silent(above.value()));
            if let (Some(part), false) = (node.value().as_text(), quiet) {
                text.push_str(part);
            }
        }
        paragraphs.push(folded(&text));
    }
    paragraphs.retain(|text| !text.is_empty());
    paragraphs
}
