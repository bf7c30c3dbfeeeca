//! Blocks as Markdown (`CommonMark` 0.31).

use reveille_model::{Block, BlockKind};

/// Writes blocks as Markdown, characters that would be markup escaped.
///
/// ```
/// use reveille_extract::markdown;
/// use reveille_model::{Block, BlockKind};
/// let blocks = [Block { kind: BlockKind::Heading, text: "Harbour".into() }, Block { kind: BlockKind::Quote, text: "It *is* open.".into() }];
/// assert_eq!(markdown(&blocks), "## Harbour\n\n> It \\*is\\* open.\n");
/// ```
#[must_use]
pub fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut previous = None;
    for block in blocks {
        let joined =
            matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow) && previous == Some(block.kind);
        if previous.is_some() && !joined {
            out.push('\n');
        }
        match block.kind {
            BlockKind::Heading => out.push_str("## "),
            BlockKind::ListItem => out.push_str("- "),
            BlockKind::Quote | BlockKind::Embed => out.push_str("> "),
            BlockKind::TableRow => {
                row(&block.text, !joined, &mut out);
                previous = Some(block.kind);
                continue;
            }
            BlockKind::Caption => out.push('*'),
            BlockKind::Paragraph => {}
        }
        escape(&block.text, &mut out);
        if block.kind == BlockKind::Caption {
            out.push('*');
        }
        out.push('\n');
        previous = Some(block.kind);
    }
    out
}

/// One row of a pipe table; the first is its head.
fn row(text: &str, first: bool, out: &mut String) {
    let mut cells = 0;
    for cell in text.split('\t') {
        out.push_str("| ");
        escape(&cell.replace('|', "\\|"), out);
        out.push(' ');
        cells += 1;
    }
    out.push_str("|\n");
    if first {
        out.push_str(&"| --- ".repeat(cells));
        out.push_str("|\n");
    }
}

fn escape(text: &str, out: &mut String) {
    let number = text.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in text.char_indices() {
        let inline = matches!(c, '*' | '_' | '`' | '[' | ']' | '<');
        let opening = at == 0 && matches!(c, '#' | '>' | '-' | '+' | '=' | '~')
            || number > 0 && at == number && matches!(c, '.' | ')');
        if inline || opening || (c == '\\' && !text[at + 1..].starts_with('|')) {
            out.push('\\');
        }
        out.push(c);
    }
}
