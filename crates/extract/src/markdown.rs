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
        escape(&block.text, false, &mut out);
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
        escape(cell, true, out);
        out.push(' ');
        cells += 1;
    }
    out.push_str("|\n");
    if first {
        out.push_str(&"| --- ".repeat(cells));
        out.push_str("|\n");
    }
}

fn escape(text: &str, in_row: bool, out: &mut String) {
    let number = text.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let markup = match c {
            '*' | '_' | '`' | '[' | ']' | '<' | '\\' => true,
            '&' => begins_reference(rest),
            '|' => in_row,
            // A heading may be closed by them.
            '#' => at == 0 || rest.is_empty(),
            '>' | '-' | '+' | '=' | '~' => at == 0,
            '.' | ')' => number > 0 && at == number,
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Whether an ampersand before this would be read as a character reference.
fn begins_reference(rest: &str) -> bool {
    let name = rest
        .trim_start_matches('#')
        .trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    name.len() < rest.len() && name.starts_with(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_markup_is_escaped() {
        let written = |kind, text: &str| {
            let text = text.to_owned();
            markdown(&[Block { kind, text }])
        };
        assert_eq!(written(BlockKind::Heading, "Berth #"), "## Berth \\#\n");
        assert_eq!(
            written(BlockKind::Paragraph, "R&D wrote &amp; and a\\|b"),
            "R&D wrote \\&amp; and a\\\\|b\n"
        );
        assert_eq!(written(BlockKind::Paragraph, "12. March"), "12\\. March\n");
        assert_eq!(
            written(BlockKind::TableRow, "a|b\tc"),
            "| a\\|b | c |\n| --- | --- |\n"
        );
    }
}
