//! Texts of the catalogue with their values put in.
//!
//! `{name}` stands for a value, `[words](name)` for a link to one. In HTML all else is escaped.

use std::fmt::Display;

use reveille_model::{Brief, Day, EmailAddress, InTime};

use super::Words;

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    /// Shown so that it stands out.
    Strong(String),
    /// A day, and how it is written.
    Day(Day, String),
}

/// What one page or mail has to say.
#[derive(Debug, Clone)]
pub(crate) struct Say {
    /// In these words.
    pub(crate) w: &'static Words,
    values: Vec<(&'static str, Value)>,
}

impl Say {
    pub(crate) const fn of(words: &'static Words) -> Self {
        let values = Vec::new();
        Self { w: words, values }
    }

    /// About a brief, in its language: `brief`, `time`, `mornings`, the address of its `editors`, where it has one, and, where it is public,
    /// its pages `form`, `latest`, `archive`.
    pub(crate) fn of_brief(brief: &Brief) -> Self {
        let slug = &brief.slug;
        let say = Self::of(Words::of(&brief.language))
            .with("brief", &brief.name)
            .with("time", brief.send_at);
        let mornings = say.w.dates().mornings(brief.days);
        let mut say = say.with("mornings", mornings);
        if let Some(editors) = &brief.tips {
            say = say.with("editors", editors);
        }
        if !brief.is_public() {
            return say;
        }
        say.with("form", format!("/{slug}#sign-up"))
            .with("latest", format!("/{slug}/latest"))
            .with("archive", format!("/{slug}/archive"))
    }

    /// The same, with one more value.
    pub(crate) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.values.push((name, Value::Text(value.to_string())));
        self
    }

    /// The same, for an address that is masked: whoever was passed a mail need not learn the whole of it.
    pub(crate) fn masked(self, email: &EmailAddress) -> Self {
        self.strong("email", email.masked())
    }

    /// The same, with one more value that stands out.
    pub(crate) fn strong(mut self, name: &'static str, value: String) -> Self {
        self.values.push((name, Value::Strong(value)));
        self
    }

    /// The same for one text, with a day that is written like this.
    pub(crate) fn dated(&self, day: &Day, written: impl Into<String>) -> Self {
        let mut say = self.clone();
        say.values.push(("date", Value::Day(*day, written.into())));
        say
    }

    /// The same for one text, with one more value.
    pub(crate) fn and(&self, name: &'static str, value: impl Display) -> Self {
        self.clone().with(name, value)
    }

    /// What a reader is told whom a brief's editions do not all reach in their morning, and that its editors can change it; nothing
    /// where they do. It takes the reader's `zone`.
    pub(crate) fn late(&self, in_time: InTime) -> Option<String> {
        let words = &self.w.late;
        let which = match in_time {
            InTime::Always => return None,
            InTime::Later => &words.later,
            InTime::Sometimes => &words.sometimes,
            InTime::Never => &words.never,
        };
        let ask = if self.has("editors") {
            &words.ask_at
        } else {
            &words.ask
        };
        Some(format!("{which} {ask}"))
    }

    /// The text as HTML.
    pub(crate) fn html(&self, text: &str) -> String {
        let mut html = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some(at) = rest.find(['{', '[']) {
            html += &escaped(&rest[..at]);
            rest = &rest[at..];
            if let Some((name, after)) = placeholder(rest) {
                match self.value(name) {
                    Some(Value::Strong(text)) => {
                        html += &format!("<strong class=\"masked\">{}</strong>", escaped(text));
                    }
                    Some(Value::Text(text)) => html += &escaped(text),
                    Some(Value::Day(day, text)) => {
                        html += &format!("<time datetime=\"{day}\">{}</time>", escaped(text));
                    }
                    None => html += &escaped(&rest[..rest.len() - after.len()]),
                }
                rest = after;
            } else if let Some((words, name, after)) = link(rest) {
                let words = self.html(words);
                match self.value(name) {
                    Some(Value::Text(to) | Value::Strong(to) | Value::Day(_, to)) => {
                        html += &format!("<a href=\"{}\">{words}</a>", escaped(to));
                    }
                    None => html += &words,
                }
                rest = after;
            } else {
                html += &rest[..1];
                rest = &rest[1..];
            }
        }
        html + &escaped(rest)
    }

    /// The text without markup.
    pub(crate) fn plain(&self, text: &str) -> String {
        reveille_brief::fill_with(text, |name| match self.value(name)? {
            Value::Text(value) | Value::Strong(value) | Value::Day(_, value) => Some(value.as_str()),
        })
    }

    /// Whether there is a value of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.values
            .iter()
            .rev()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

/// The name in `{name}` at the start of a text, and what follows.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('{')?.split_once('}')
}

/// The parts of `[words](name)` at the start of a text, and what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (name, after) = rest.split_once(')')?;
    Some((words, name, after))
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            other => html.push(other),
        }
    }
    html
}

/// What editors are told, as HTML: what stands between two backticks is to be typed, or was, and is set as code.
pub(crate) fn marked(told: &str) -> String {
    let mut html = String::new();
    let mut rest = told;
    while let Some((before, code, after)) = code(rest) {
        html += &format!("{}<code>{}</code>", escaped(before), escaped(code));
        rest = after;
    }
    html + &escaped(rest)
}

/// What stands between the first two backticks of a text, before and behind them.
fn code(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    Some((before, code, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_is_set_as_code_and_a_lone_backtick_stays() {
        assert_eq!(
            marked("`a <b>` & `c`: the '`Okina"),
            "<code>a &lt;b&gt;</code> &amp; <code>c</code>: the &#39;`Okina"
        );
    }

    #[test]
    fn values_are_put_in_and_never_trusted() {
        let say = Say::of(Words::english())
            .with("brief", "A <b> & {email}")
            .with("form", "/a\"b")
            .strong("email", "r…@example.org".to_owned());
        assert_eq!(
            say.html("Get {brief} at {email}: [sign \"up\" for {brief}](form) {unknown} [so]"),
            "Get A &lt;b&gt; &amp; {email} at <strong class=\"masked\">r…@example.org</strong>: \
             <a href=\"/a&quot;b\">sign &quot;up&quot; for A &lt;b&gt; &amp; {email}</a> {unknown} [so]"
        );
        assert_eq!(
            say.plain("{brief} <{email}> {unknown} {"),
            "A <b> & {email} <r…@example.org> {unknown} {"
        );
        assert_eq!(say.and("brief", 7).plain("{brief}"), "7", "the latest counts");
    }
}
