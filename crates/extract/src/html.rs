//! Blocks as HTML of our own: nothing of the page's markup is let through.

use reveille_model::{Block, BlockKind};

/// Writes blocks as HTML, their text escaped.
///
/// ```
/// use reveille_extract::html;
/// use reveille_model::{Block, BlockKind};
/// let blocks = [Block { kind: BlockKind::ListItem, text: "Tide & wind".into() }];
/// assert_eq!(html(&blocks), "<ul>\n<li>Tide &amp; wind</li>\n</ul>\n");
/// ```
#[must_use]
pub fn html(blocks: &[Block]) -> String {
    let mut out = String::new();
    for run in blocks.chunk_by(|a, b| a.kind == b.kind) {
        let (before, after) = match run[0].kind {
            BlockKind::ListItem => ("<ul>\n", "</ul>\n"),
            BlockKind::TableRow => ("<table>\n", "</table>\n"),
            _ => ("", ""),
        };
        out.push_str(before);
        for block in run {
            self::block(block, &mut out);
        }
        out.push_str(after);
    }
    out
}

fn block(block: &Block, out: &mut String) {
    let (before, after) = match block.kind {
        BlockKind::Paragraph => ("<p>", "</p>"),
        BlockKind::Heading => ("<h2>", "</h2>"),
        BlockKind::ListItem => ("<li>", "</li>"),
        BlockKind::Quote | BlockKind::Embed => ("<blockquote><p>", "</p></blockquote>"),
        BlockKind::Caption => ("<figure><figcaption>", "</figcaption></figure>"),
        BlockKind::TableRow => ("<tr><td>", "</td></tr>"),
    };
    out.push_str(before);
    match block.kind {
        BlockKind::TableRow => {
            let cells: Vec<String> = block.text.split('\t').map(escape_html).collect();
            out.push_str(&cells.join("</td><td>"));
        }
        _ => out.push_str(&escape_html(&block.text)),
    }
    out.push_str(after);
    out.push('\n');
}

/// Text that may stand in HTML, between tags or in a quoted attribute.
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
