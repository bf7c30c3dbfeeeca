//! The small template language of the sample's page and feed templates.
//!
//! `{{name}}` puts a value, escaped for HTML and XML; `{{name|raw}}` puts it as it is and `{{name|json}}` as the
//! inside of a JSON string. `{{#name}}…{{/name}}` repeats for each scope of a list, or stands once where a text is
//! not empty; `{{^name}}…{{/name}}` stands where it is empty or missing. A plain value that is missing is an
//! error, so that a slip of the pen stops the load instead of printing a hole.

use std::collections::BTreeMap;

/// What a name stands for.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// A text.
    Text(String),
    /// A list, one scope for each turn.
    List(Vec<Scope>),
}

/// Names and what they stand for.
pub(crate) type Scope = BTreeMap<String, Value>;

/// Why a template cannot be filled in.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// `{{` without `}}`.
    #[error("a `{{{{` is never closed")]
    Open,
    /// A section without its end.
    #[error("section `{0}` is never closed")]
    Section(String),
    /// No scope holds a text of this name.
    #[error("nothing is named `{0}`")]
    Missing(String),
    /// A word after `|` that is no filter.
    #[error("`{0}` is no filter (raw or json)")]
    Filter(String),
}

/// Fills a template in; the last scope is asked first.
pub(crate) fn render(template: &str, scopes: &[&Scope]) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(open) = rest.find("{{") {
        out.push_str(&rest[..open]);
        let inside = &rest[open + 2..];
        let close = inside.find("}}").ok_or(TemplateError::Open)?;
        let tag = inside[..close].trim();
        rest = &inside[close + 2..];
        match (tag.strip_prefix('#'), tag.strip_prefix('^')) {
            (None, None) => put(&mut out, tag, scopes)?,
            (Some(name), _) | (None, Some(name)) => {
                let (section, after) = split_section(rest, name)?;
                turns(&mut out, section, name, tag.starts_with('#'), scopes)?;
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn find<'a>(name: &str, scopes: &[&'a Scope]) -> Option<&'a Value> {
    scopes.iter().rev().find_map(|scope| scope.get(name))
}

fn put(out: &mut String, tag: &str, scopes: &[&Scope]) -> Result<(), TemplateError> {
    let (name, filter) = tag.split_once('|').unwrap_or((tag, ""));
    let Some(Value::Text(text)) = find(name, scopes) else {
        return Err(TemplateError::Missing(name.to_owned()));
    };
    match filter {
        "" => escape(out, text),
        "raw" => out.push_str(text),
        "json" => {
            let quoted = serde_json::Value::from(text.as_str()).to_string();
            // A page's script element would end at `</`; JSON reads `<\/` as the same characters.
            out.push_str(&quoted[1..quoted.len() - 1].replace("</", "<\\/"));
        }
        other => return Err(TemplateError::Filter(other.to_owned())),
    }
    Ok(())
}

fn turns(
    out: &mut String,
    section: &str,
    name: &str,
    wanted: bool,
    scopes: &[&Scope],
) -> Result<(), TemplateError> {
    let value = find(name, scopes);
    let is_there = match value {
        Some(Value::Text(text)) => !text.is_empty(),
        Some(Value::List(list)) => !list.is_empty(),
        None => false,
    };
    if is_there != wanted {
        return Ok(());
    }
    match value {
        Some(Value::List(list)) => {
            for scope in list {
                let inner: Vec<&Scope> = scopes.iter().copied().chain([scope]).collect();
                out.push_str(&render(section, &inner)?);
            }
        }
        _ => out.push_str(&render(section, scopes)?),
    }
    Ok(())
}

/// Parts the text after an opening tag into the section and what follows its closing tag. A section does not
/// hold another of the same name.
fn split_section<'a>(rest: &'a str, name: &str) -> Result<(&'a str, &'a str), TemplateError> {
    rest.split_once(&format!("{{{{/{name}}}}}"))
        .ok_or_else(|| TemplateError::Section(name.to_owned()))
}

/// Escapes for element content and for attributes in double quotes.
pub(crate) fn escape(out: &mut String, text: &str) {
    out.push_str(&reveille_extract::escape_html(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(pairs: &[(&str, &str)]) -> Scope {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Value::Text((*text).to_owned())))
            .collect()
    }

    #[test]
    fn values_sections_and_filters() {
        let mut page = scope(&[("title", "A & \"B\""), ("none", "")]);
        page.insert(
            "all".to_owned(),
            Value::List(vec![scope(&[("n", "1")]), scope(&[("n", "2")])]),
        );
        for (template, expected) in [
            ("<b>{{title}}</b>", "<b>A &amp; &quot;B&quot;</b>"),
            ("{{title|raw}}", "A & \"B\""),
            ("{{title|json}}", "A & \\\"B\\\""),
            ("{{#all}}{{n}},{{/all}}", "1,2,"),
            ("{{#none}}x{{/none}}{{^none}}y{{/none}}", "y"),
            ("{{#nowhere}}x{{/nowhere}}{{^nowhere}}y{{/nowhere}}", "y"),
        ] {
            assert_eq!(render(template, &[&page]).unwrap(), expected, "{template}");
        }
    }

    #[test]
    fn slips_are_errors() {
        let none = Scope::new();
        for (template, error) in [
            ("{{name}}", TemplateError::Missing("name".into())),
            ("{{name", TemplateError::Open),
            ("{{#name}}", TemplateError::Section("name".into())),
        ] {
            assert_eq!(render(template, &[&none]).unwrap_err(), error);
        }
        let page = scope(&[("a", "b")]);
        assert_eq!(
            render("{{a|bold}}", &[&page]).unwrap_err(),
            TemplateError::Filter("bold".into())
        );
    }
}
