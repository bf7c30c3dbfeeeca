//! The marks in which the sample's articles are written, and the HTML that they become.
//!
//! Blocks are parted by empty lines. `## ` opens a heading, `> ` a quotation, `- ` the items of a list; a block
//! that opens with `<` is HTML and stands as it is; `::name | one | two` stands for the part `name.html` with
//! `{{1}}`, `{{2}}` … filled in. Everything else is a paragraph, in which `[text](address)`, `*text*` and
//! `**text**` are known. An outlet whose pages write paragraphs in their own way has a part called `p`.

use super::template::{Scope, TemplateError, Value, escape, render};

/// Where the parts of an outlet are found by name.
pub(super) type Parts<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A body as HTML.
pub(super) fn body(text: &str, parts: &Parts<'_>, page: &Scope) -> Result<String, TemplateError> {
    let mut html = String::new();
    for block in text
        .split("\n\n")
        .map(str::trim)
        .filter(|block| !block.is_empty())
    {
        html.push_str(&block_html(block, parts, page)?);
        html.push('\n');
    }
    Ok(html)
}

fn block_html(block: &str, parts: &Parts<'_>, page: &Scope) -> Result<String, TemplateError> {
    if block.starts_with('<') {
        return Ok(block.to_owned());
    }
    if let Some(call) = block.strip_prefix("::") {
        let mut words = call.split('|').map(str::trim);
        let name = words.next().unwrap_or_default();
        let part = parts(name).ok_or_else(|| TemplateError::Missing(name.to_owned()))?;
        return render(&part, &[page, &numbered(words)]);
    }
    if let Some(heading) = block.strip_prefix("## ") {
        return Ok(format!("<h2>{}</h2>", inline(heading)));
    }
    if let Some(quote) = block.strip_prefix("> ") {
        return Ok(format!("<blockquote><p>{}</p></blockquote>", inline(quote)));
    }
    if block.starts_with("- ") {
        let items = block.lines().map(|line| line.trim_start_matches("- "));
        let items: String = items.map(|item| format!("<li>{}</li>", inline(item))).collect();
        return Ok(format!("<ul>{items}</ul>"));
    }
    let text = inline(&block.replace('\n', " "));
    match parts("p") {
        Some(part) => render(&part, &[page, &numbered([text.as_str()].into_iter())]),
        None => Ok(format!("<p>{text}</p>")),
    }
}

fn numbered<'a>(words: impl Iterator<Item = &'a str>) -> Scope {
    (1..)
        .zip(words)
        .map(|(n, word)| (n.to_string(), Value::Text(word.to_owned())))
        .collect()
}

/// One line of text with its links and emphasis.
fn inline(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['[', '*']) {
        escape(&mut html, &rest[..at]);
        let (piece, after) = marked(&rest[at..]);
        html.push_str(&piece);
        rest = after;
    }
    escape(&mut html, rest);
    html
}

/// The mark at the start of `text` as HTML, and what follows it; a lone bracket or star is itself.
fn marked(text: &str) -> (String, &str) {
    let link = || {
        let (words, after) = text.strip_prefix('[')?.split_once("](")?;
        let (address, after) = after.split_once(')')?;
        Some((format!("<a href=\"{address}\">{}</a>", inline(words)), after))
    };
    let pair = |mark: &str, tag: &str| {
        let (words, after) = text.strip_prefix(mark)?.split_once(mark)?;
        (!words.is_empty()).then(|| (format!("<{tag}>{}</{tag}>", inline(words)), after))
    };
    link()
        .or_else(|| pair("**", "strong"))
        .or_else(|| pair("*", "em"))
        .unwrap_or_else(|| (text[..1].to_owned(), &text[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let parts = |name: &str| (name == "more").then(|| "<aside>{{1}}</aside>".to_owned());
        body(text, &parts, &Scope::new()).unwrap()
    }

    #[test]
    fn each_mark_becomes_its_element() {
        for (text, expected) in [
            ("one\nline & more", "<p>one line &amp; more</p>\n"),
            (
                "## Head\n\n> Said",
                "<h2>Head</h2>\n<blockquote><p>Said</p></blockquote>\n",
            ),
            ("- a\n- b", "<ul><li>a</li><li>b</li></ul>\n"),
            ("<hr>", "<hr>\n"),
            ("::more | A <b> | x", "<aside>A &lt;b&gt;</aside>\n"),
            (
                "See [the *file*](@{herald}/a) **now** [sic] 2 * 3",
                "<p>See <a href=\"@{herald}/a\">the <em>file</em></a> <strong>now</strong> [sic] 2 * 3</p>\n",
            ),
        ] {
            assert_eq!(html(text), expected);
        }
    }

    #[test]
    fn a_part_that_nobody_wrote_is_an_error() {
        let parts = |_: &str| None;
        assert!(body("::more | a", &parts, &Scope::new()).is_err());
    }
}
