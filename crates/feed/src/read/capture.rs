//! The value of one element: its text, or the markup inside it.

use super::{
    Builder,
    scope::{Mark, Scopes},
};
use crate::{
    markup::{attribute, is_void},
    vocabulary::{Element, Namespace, element, html_of},
    xml::{Tag, Token, decode_onto, escape_text_onto},
};

/// Deeper nesting is kept as text without its tags: no feed needs it, and a hostile one must not cost more.
const DEPTH: usize = 256;

/// What stood inside an element.
#[derive(Debug, Default)]
pub(super) struct Captured {
    pub(super) value: String,
    /// Elements stood inside: the value is markup, whatever was declared.
    pub(super) markup: bool,
    /// The markup is in the XHTML namespace, so its text is escaped like any XML.
    pub(super) xhtml: bool,
}

/// An element inside the captured one.
struct Inner<'a> {
    name: &'a str,
    shown_as: &'a str,
    mark: Mark,
    namespace: Namespace,
    /// How many prefixes were declared in the output before it.
    declared: usize,
    visible: bool,
}

struct Fragment<'a> {
    out: Captured,
    open: Vec<Inner<'a>>,
    declared: Vec<&'a str>,
    /// The outermost `div` is the container that Atom demands (RFC 4287, section 3.1.1.3), not content.
    strip_div: bool,
}

impl<'a> Builder<'a> {
    /// The text of an element whose start tag has just been read, through its end tag. An element that is never
    /// closed ends before the next element that a feed has, or before the end of one around it.
    pub(super) fn capture(&mut self, tag: Tag<'a>, xhtml: bool, strip_div: bool) -> Captured {
        let mut fragment = Fragment {
            out: Captured {
                xhtml,
                ..Captured::default()
            },
            open: Vec::new(),
            declared: Vec::new(),
            strip_div,
        };
        if tag.empty {
            return fragment.out;
        }
        loop {
            let before = self.reader.offset();
            let Some(token) = self.reader.next() else {
                self.faults.ends_early = true;
                break;
            };
            match token {
                Token::Text(text) => self.faults.bare_ampersands += fragment.text(text),
                Token::Cdata(text) if fragment.out.xhtml => escape_text_onto(text, &mut fragment.out.value),
                Token::Cdata(text) => fragment.out.value.push_str(text),
                Token::End(name) => {
                    if !fragment.close(name, &mut self.scopes) {
                        if name.eq_ignore_ascii_case(tag.name) {
                            break;
                        }
                        if self.is_open(name) {
                            self.faults.unclosed += 1;
                            self.reader.rewind(before);
                            break;
                        }
                    }
                }
                Token::Start(inner) => {
                    if self.ends_capture(inner) {
                        self.faults.unclosed += 1;
                        self.reader.rewind(before);
                        break;
                    }
                    fragment.open(inner, &mut self.scopes);
                }
            }
        }
        if let Some(outermost) = fragment.open.first() {
            self.scopes.leave(outermost.mark);
        }
        trim(&mut fragment.out.value);
        fragment.out
    }

    /// Whether this start tag belongs to the feed itself, so that the element being read was left unclosed. Names
    /// that HTML has too do not count.
    fn ends_capture(&self, tag: Tag<'a>) -> bool {
        let (namespace, local) = self.scopes.resolve(tag.name);
        if matches!(
            namespace,
            Namespace::Xhtml | Namespace::Drawing | Namespace::Wire | Namespace::Other
        ) {
            return false;
        }
        match element(namespace, local) {
            Element::Unknown | Element::Summary | Element::Source | Element::Body => false,
            Element::Width | Element::Height => false,
            Element::Link => tag.attributes.get("rel").is_none_or(|rel| rel != "stylesheet"),
            _ => true,
        }
    }
}

impl<'a> Fragment<'a> {
    /// Takes in text, and says how many bare `&` stood in it.
    fn text(&mut self, text: &str) -> usize {
        if !self.out.xhtml {
            return decode_onto(text, &mut self.out.value);
        }
        let mut decoded = String::new();
        let bare = decode_onto(text, &mut decoded);
        escape_text_onto(&decoded, &mut self.out.value);
        bare
    }

    fn open(&mut self, tag: Tag<'a>, scopes: &mut Scopes<'a>) {
        let mark = scopes.mark();
        let (namespace, local) = scopes.enter(tag.name, tag.attributes);
        // The first element decides, unless escaped text came before it.
        if !self.out.markup && matches!(namespace, Namespace::Xhtml | Namespace::Drawing) {
            self.out.xhtml |= self.out.value.trim().is_empty();
        }
        let shown_as = match namespace {
            Namespace::Other => tag.name,
            Namespace::Wire => html_of(local),
            _ => local,
        };
        let visible = !(self.strip_div && self.open.is_empty() && local == "div");
        let inner = Inner {
            name: tag.name,
            shown_as,
            mark,
            namespace,
            declared: self.declared.len(),
            visible,
        };
        self.out.markup = true;
        if visible {
            self.write_open(&inner, tag, scopes);
        }
        let void = namespace != Namespace::Drawing && is_void(shown_as);
        if visible && !void {
            self.out.value.push('>');
            if tag.empty {
                self.write_end(shown_as);
            }
        } else if visible {
            self.out.value.push_str(" />");
        }
        if tag.empty || void || self.open.len() >= DEPTH {
            self.declared.truncate(inner.declared);
            scopes.leave(mark);
        } else {
            self.open.push(inner);
        }
    }

    /// Writes the tag with the declarations that it needs to stand alone.
    fn write_open(&mut self, inner: &Inner<'a>, tag: Tag<'a>, scopes: &Scopes<'a>) {
        let mut attributes: Vec<(String, &str)> = Vec::new();
        let within = self.open.last().map(|outer| outer.namespace);
        if inner.namespace == Namespace::Drawing && within != Some(Namespace::Drawing) {
            let prefix = inner.name.split_once(':').map_or("", |(prefix, _)| prefix);
            attributes.extend(scopes.uri(prefix).map(|uri| ("xmlns".to_owned(), uri)));
        }
        for (name, value) in tag.attributes.iter() {
            if name == "xmlns" || name.starts_with("xmlns:") || name == "xml:base" || name == "xml:lang" {
                continue;
            }
            if let Some((prefix, _)) = name.split_once(':')
                && prefix != "xml"
                && !self.declared.contains(&prefix)
                && let Some(uri) = scopes.uri(prefix)
            {
                self.declared.push(prefix);
                attributes.push((format!("xmlns:{prefix}"), uri));
            }
            attributes.push((name.to_owned(), value));
        }
        attributes.sort_by(|a, b| a.0.cmp(&b.0));
        self.out.value.push('<');
        self.out.value.push_str(inner.shown_as);
        for (name, value) in attributes {
            attribute(&name, value, scopes.base(), &mut self.out.value);
        }
    }

    /// Closes the innermost open element of this name; false if there is none.
    fn close(&mut self, name: &str, scopes: &mut Scopes<'a>) -> bool {
        let Some(at) = self.open.iter().rposition(|inner| inner.name == name) else {
            return false;
        };
        let inner = &self.open[at];
        scopes.leave(inner.mark);
        self.declared.truncate(inner.declared);
        let (shown_as, visible) = (inner.shown_as, inner.visible);
        self.open.truncate(at);
        if visible {
            self.write_end(shown_as);
        }
        true
    }

    fn write_end(&mut self, name: &str) {
        self.out.value.push_str("</");
        self.out.value.push_str(name);
        self.out.value.push('>');
    }
}

/// Trims in place: most values need none, and then keep their buffer.
fn trim(value: &mut String) {
    value.truncate(value.trim_end().len());
    let lead = value.len() - value.trim_start().len();
    if lead > 0 {
        value.drain(..lead);
    }
}
