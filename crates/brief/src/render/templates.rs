//! What mails and pages are written with: our own templates, or an operator's in their place.
//!
//! Templates are in the language of Jinja. They see one [`View`] and nothing else: no file, no network, no clock; one that
//! never ends is stopped. What they put out is escaped unless they say `safe`.

use std::{collections::BTreeMap, sync::LazyLock};

use minijinja::{
    Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, context, value::Serde,
};
use reveille_model::{Edition, Entry, EntryKind, Front, Slug, Sponsor};

use super::{Links, MARK, Missed, kind_label, view::View};
use crate::words::Words;

/// Steps that a template may take, a thousand times those of ours for forty entries.
const FUEL: u64 = 20_000_000;

/// A template that cannot be read, or cannot render an edition.
#[derive(Debug, thiserror::Error)]
#[error("the template {name}{}: {reason}", line.map_or(String::new(), |line| format!(", line {line}")))]
pub struct TemplateError {
    name: String,
    line: Option<usize>,
    reason: String,
}

impl TemplateError {
    pub(super) fn of(name: &str, error: &Error) -> Self {
        let detail = error.detail().map(ToOwned::to_owned);
        Self {
            name: name.to_owned(),
            line: error.line(),
            reason: detail.unwrap_or_else(|| error.kind().to_string()),
        }
    }
}

/// The forms that have a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The HTML of a mail, a whole document.
    Mail,
    /// The `<main>` of a web page.
    Web,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Web];

    /// The name of its file.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Mail => "mail.html",
            Self::Web => "web.html",
        }
    }

    /// Our own template.
    #[must_use]
    pub const fn built_in(self) -> &'static str {
        match self {
            Self::Mail => include_str!("../../templates/mail.html"),
            Self::Web => include_str!("../../templates/web.html"),
        }
    }
}

/// The templates of all briefs.
#[derive(Debug, Clone)]
pub struct Templates {
    environment: Environment<'static>,
    /// Which are an operator's, by the brief that they are for; `None`: for every brief without its own.
    own: BTreeMap<(Option<Slug>, Form), String>,
}

/// Has an environment escape what templates put out, and end.
pub(super) fn settle(environment: &mut Environment<'_>) {
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_formatter(write_escaped);
    environment.set_fuel(Some(FUEL));
}

static BUILT_IN: LazyLock<Templates> = LazyLock::new(|| {
    let mut environment = Environment::new();
    settle(&mut environment);
    for form in Form::ALL {
        // The tests render both.
        let added = environment.add_template(form.file(), form.built_in());
        debug_assert!(added.is_ok(), "{added:?}");
    }
    Templates {
        environment,
        own: BTreeMap::new(),
    }
});

impl Templates {
    /// Our own, for every brief.
    #[must_use]
    pub fn built_in() -> Self {
        BUILT_IN.clone()
    }

    /// Puts an operator's template in the place of ours: for one brief, or for all that have none of their own.
    ///
    /// # Errors
    /// Where it is no template.
    pub fn replace(&mut self, brief: Option<&Slug>, form: Form, text: String) -> Result<(), TemplateError> {
        let name = match brief {
            Some(slug) => format!("{slug}/{}", form.file()),
            None => format!("own/{}", form.file()),
        };
        self.environment
            .add_template_owned(name.clone(), text)
            .map_err(|error| TemplateError::of(&name, &error))?;
        self.own.insert((brief.cloned(), form), name);
        Ok(())
    }

    /// Whether any of them is an operator's.
    #[must_use]
    pub fn has_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// Whether every template renders what an edition can hold, and the same without: an invented one, as a reader's mail
    /// and as a page, with all that must not be missing from it. What each makes of it, by the template's name.
    ///
    /// # Errors
    /// At the first that does not.
    pub fn check(&self) -> Result<Vec<(String, String)>, TemplateError> {
        let mut made = Vec::new();
        let ours = Form::ALL.map(|form| (None, form, form.file().to_owned()));
        let own = self
            .own
            .iter()
            .map(|((brief, form), name)| (brief.clone(), *form, name.clone()));
        for (brief, form, name) in ours.into_iter().chain(own) {
            let (mut full, links) = sample();
            full.slug = brief.unwrap_or(full.slug);
            let mut bare = full.clone();
            bare.corrections.clear();
            bare.sections.clear();
            let of = |edition: &Edition, links: &Links| match form {
                Form::Mail => html_mail(edition, links, self),
                Form::Web => web(edition, self),
            };
            of(&bare, &Links::default())?;
            let whole = of(&full, &links)?;
            let unlabelled = "the label of what was paid for (`entry.marks`, and `words.marks.sponsored` before `sponsor`)";
            let missing = missing(form, &whole, &full, &links);
            if let Some(missing) = missing.or((!self.label_paid(form, &full)).then_some(unlabelled)) {
                return Err(TemplateError {
                    name,
                    line: None,
                    reason: format!("it leaves out {missing}"),
                });
            }
            made.push((name, whole));
        }
        Ok(made)
    }

    /// Whether a form labels all that was paid for. Headings and headlines may hold the label by chance, so that it is looked for
    /// in an edition of nothing else, which says as little as one can.
    pub(crate) fn label_paid(&self, form: Form, edition: &Edition) -> bool {
        let of_kind = |entry: &&Entry| entry.kind == EntryKind::Sponsored;
        let entries = edition.entries().filter(of_kind).count();
        if entries == 0 && edition.front.sponsor.is_none() {
            return true;
        }
        let label = kind_label(EntryKind::Sponsored, Words::of(&edition.language)).unwrap_or_default();
        let bare = Links::default();
        let links = (form == Form::Mail).then_some(&bare);
        let made = self.render(form, &paid_alone(edition), links, MARK);
        // Who has no place to sell prints no sponsor.
        let expected = |made: &str| entries + usize::from(made.contains(SPONSOR_SAYS));
        made.is_ok_and(|made| made.matches(label).count() >= expected(&made))
    }

    pub(super) fn render(
        &self,
        form: Form,
        edition: &Edition,
        links: Option<&Links>,
        mark: &str,
    ) -> Result<String, TemplateError> {
        let of_brief = self.own.get(&(Some(edition.slug.clone()), form));
        let own = of_brief.or_else(|| self.own.get(&(None, form)));
        let name = own.map_or(form.file(), String::as_str);
        let view = context! {
            mark => Value::from_safe_string(mark.to_owned()),
            ..Serde(View::of(edition, links))
        };
        let template = self.environment.get_template(name);
        template
            .and_then(|template| template.render(view))
            .map_err(|error| TemplateError::of(name, &error))
    }
}

/// By what the place of a sponsor is found in a form.
const SPONSOR_SAYS: &str = "··";

/// An edition of what was paid for, without a word that somebody wrote. The place behind the first section takes a section
/// before it.
fn paid_alone(edition: &Edition) -> Edition {
    let nothing = || "·".to_owned();
    let mut paid = Edition {
        name: nothing(),
        corrections: Vec::new(),
        ..edition.clone()
    };
    let sponsor = paid.front.sponsor.take().map(|sponsor| Sponsor {
        name: nothing(),
        text: SPONSOR_SAYS.to_owned(),
        ..sponsor
    });
    paid.front = Front {
        sponsor,
        ..Front::default()
    };
    for (place, section) in paid.sections.iter_mut().enumerate() {
        section.name = nothing();
        let mut is_first = place == 0;
        section
            .entries
            .retain(|entry| std::mem::take(&mut is_first) || entry.kind == EntryKind::Sponsored);
        for entry in &mut section.entries {
            entry.headline = nothing();
            entry.credit.carrier = nothing();
            entry.summary.clear();
            entry.marks.clear();
        }
    }
    paid.sections.retain(|section| !section.entries.is_empty());
    paid
}

/// What the law and readers want of every mail, and readers of every page, where it is not there.
fn missing(form: Form, made: &str, edition: &Edition, links: &Links) -> Option<&'static str> {
    let entries = edition.sections.iter().flat_map(|section| &section.entries);
    let is_whole = entries
        .into_iter()
        .all(|entry| made.contains(&escaped(&entry.headline).collect::<String>()));
    if !is_whole {
        Some("an entry's headline (`entry.headline`)")
    } else if form == Form::Mail && !made.contains(&links.unsubscribe) {
        Some("the link by which readers leave (`links.unsubscribe`)")
    } else if form == Form::Mail && !made.contains(&links.identity) {
        Some("who sends it, with the postal address (`links.identity`)")
    } else {
        None
    }
}

/// An invented edition that holds one of everything, and a reader's links.
fn sample() -> (Edition, Links) {
    let edition: Edition = serde_json::from_str(include_str!("../../templates/sample.json"))
        .unwrap_or_else(|error| unreachable!("the tests read the sample: {error}"));
    let at = |path: &str| format!("https://brief.example/{path}");
    let links = Links {
        edition: at("sample/2026-03-10"),
        unsubscribe: at("leave/0123456789abcdef"),
        settings: at("settings/0123456789abcdef"),
        brief: at("sample"),
        tips: "tips@brief.example".to_owned(),
        identity: "The Sample Brief, 1 Example Street, Exampleton".to_owned(),
        missed: vec![Missed {
            day: edition.day.tomorrow(),
            link: at("sample/2026-03-09"),
        }],
        counts_clicks: true,
    };
    (edition, links)
}

/// The edition as a complete HTML document for one reader's mail. Mail clients are the oldest browsers in use, so ours has
/// tables for layout, styles inline, a `<style>` only for dark colours and small screens, no images, no script, and stays
/// under 102 KB, where Gmail clips a message.
///
/// # Errors
/// Where an operator's template cannot render this edition.
pub fn html_mail(edition: &Edition, links: &Links, templates: &Templates) -> Result<String, TemplateError> {
    templates.render(Form::Mail, edition, Some(links), MARK)
}

/// The edition as a `<main>` element. Section ids are `section-1` …, entry ids `entry-1` …, so that "item 14" can
/// be linked. The page around it brings the stylesheet, and its content security policy allows nothing inline.
///
/// Classes: `edition`, `masthead`, `mark`, `day`, `length`, `contents`, `section`, `entries`, `entry`, `number`,
/// `headline`, `unnumbered` (of `entries`), `marks`, `credit`, `summary`, `correction`, `also`, `link`.
///
/// # Errors
/// Where an operator's template cannot render this edition.
pub fn web(edition: &Edition, templates: &Templates) -> Result<String, TemplateError> {
    templates.render(Form::Web, edition, None, MARK)
}

/// Escapes the five signs that mean something in HTML; minijinja's own escapes slashes too, at five bytes each.
fn write_escaped(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) if !value.is_safe() => text,
        // Numbers, and what is marked as safe.
        _ if value.is_safe() || value.is_number() => return write(out, &value.to_string()),
        _ if value.is_none() || value.is_undefined() => return Ok(()),
        _ => {
            let reason = format!("a {} is no text", value.kind());
            return Err(Error::new(ErrorKind::InvalidOperation, reason));
        }
    };
    escaped(text).try_for_each(|piece| write(out, piece))
}

/// A text in pieces, its signs escaped.
fn escaped(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['&', '<', '>', '"', '\''])
        .flat_map(|piece| {
            let escape = match piece.as_bytes().last() {
                Some(b'&') => "&#38;",
                Some(b'<') => "&#60;",
                Some(b'>') => "&#62;",
                Some(b'"') => "&#34;",
                Some(b'\'') => "&#39;",
                _ => return [piece, ""],
            };
            [&piece[..piece.len() - 1], escape]
        })
}

fn write(out: &mut Output<'_>, text: &str) -> Result<(), Error> {
    out.write_str(text).map_err(Error::from)
}
