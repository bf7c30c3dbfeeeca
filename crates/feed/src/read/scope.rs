//! What is in force at a place of the document: namespaces, base address, language.

use memchr::memchr_iter;
use url::Url;

use crate::{
    markup::LONGEST_ADDRESS,
    vocabulary::Namespace,
    xml::{Attributes, decode},
};

/// More declarations than any feed has are not looked at: each name is searched among them.
const MOST: usize = 256;

struct Binding<'a> {
    prefix: &'a str,
    uri: &'a str,
    namespace: Namespace,
}

/// The declarations of the open elements, innermost last.
pub(super) struct Scopes<'a> {
    bindings: Vec<Binding<'a>>,
    bases: Vec<Url>,
    languages: Vec<String>,
    /// What names without a namespace belong to.
    pub(super) unnamed: Namespace,
    /// The first prefix that was used without a declaration.
    undeclared: Option<String>,
    /// Whether an element was seen: the first one's namespace is the feed's own, whatever its address.
    rooted: bool,
}

/// How much was in force; see [`Scopes::leave`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(usize, usize, usize);

impl<'a> Scopes<'a> {
    pub(super) fn new(base: Option<&Url>) -> Self {
        Self {
            bindings: Vec::new(),
            bases: base.cloned().into_iter().collect(),
            languages: Vec::new(),
            unnamed: Namespace::Core,
            undeclared: None,
            rooted: false,
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.bindings.len(), self.bases.len(), self.languages.len())
    }

    /// Forgets what was declared since the mark.
    pub(super) fn leave(&mut self, mark: Mark) {
        self.bindings.truncate(mark.0);
        self.bases.truncate(mark.1);
        self.languages.truncate(mark.2);
    }

    /// The element just left was not the root: the next may be.
    pub(super) fn uproot(&mut self) {
        self.rooted = false;
    }

    /// Takes up the declarations of an element, and resolves its name with them.
    pub(super) fn enter<'n>(&mut self, name: &'n str, attributes: Attributes<'a>) -> (Namespace, &'n str) {
        self.declare(name, attributes);
        let (prefix, local) = split(name);
        let bound = self.bound(prefix);
        if bound.is_none() && !matches!(prefix, "" | "xml") && self.undeclared.is_none() {
            self.undeclared = Some(prefix.chars().take(20).collect());
        }
        (self.namespace(prefix, bound), local)
    }

    fn declare(&mut self, name: &str, attributes: Attributes<'a>) {
        let raw = attributes.raw();
        if !memchr_iter(b'x', raw.as_bytes()).any(|at| raw[at..].starts_with("xml")) {
            self.rooted = true;
            return;
        }
        let (root_prefix, _) = split(name);
        let mark = self.mark();
        for (name, value) in attributes.iter() {
            match name {
                // Of an attribute that is written twice the first counts.
                "xml:base" if self.bases.len() == mark.1 => self.enter_base(value),
                "xml:lang" if self.languages.len() == mark.2 => {
                    self.languages.push(decode(value).trim().replace('_', "-"));
                }
                "xmlns" => self.bind("", value, root_prefix),
                _ => {
                    if let Some(prefix) = name.strip_prefix("xmlns:") {
                        self.bind(prefix, value, root_prefix);
                    }
                }
            }
        }
        self.rooted = true;
    }

    /// Takes up a base address.
    pub(super) fn enter_base(&mut self, value: &str) {
        let value = decode(value);
        let url = match self.bases.last() {
            Some(base) => base.join(value.trim()),
            None => Url::parse(value.trim()),
        };
        self.bases
            .extend(url.ok().filter(|url| url.as_str().len() <= LONGEST_ADDRESS));
    }

    fn bind(&mut self, prefix: &'a str, uri: &'a str, root_prefix: &str) {
        if self.bindings.len() == MOST {
            return;
        }
        let namespace = Namespace::of(uri).unwrap_or_else(|| {
            if uri.trim().is_empty() || (!self.rooted && prefix == root_prefix) {
                Namespace::Core
            } else {
                Namespace::Other
            }
        });
        self.bindings.push(Binding {
            prefix,
            uri,
            namespace,
        });
    }

    /// The namespace and the local part of a qualified name. A prefix that is not declared means what it mostly does.
    pub(super) fn resolve<'n>(&self, name: &'n str) -> (Namespace, &'n str) {
        let (prefix, local) = split(name);
        (self.namespace(prefix, self.bound(prefix)), local)
    }

    fn namespace(&self, prefix: &str, bound: Option<Namespace>) -> Namespace {
        match bound.unwrap_or_else(|| Namespace::of_prefix(prefix)) {
            Namespace::Core => self.unnamed,
            namespace => namespace,
        }
    }

    fn bound(&self, prefix: &str) -> Option<Namespace> {
        self.binding(prefix).map(|binding| binding.namespace)
    }

    fn binding(&self, prefix: &str) -> Option<&Binding<'a>> {
        self.bindings
            .iter()
            .rev()
            .find(|binding| binding.prefix == prefix)
    }

    /// The address that a prefix is bound to.
    pub(super) fn uri(&self, prefix: &str) -> Option<&'a str> {
        self.binding(prefix).map(|binding| binding.uri)
    }

    /// The first prefix that was used without a declaration.
    pub(super) fn undeclared(&self) -> Option<&str> {
        self.undeclared.as_deref()
    }

    pub(super) fn base(&self) -> Option<&Url> {
        self.bases.last()
    }

    /// The language tag in force; an empty one takes an outer one back.
    pub(super) fn language(&self) -> Option<&str> {
        self.languages
            .last()
            .map(String::as_str)
            .filter(|tag| !tag.is_empty())
    }

    /// The absolute form of a reference, or the reference itself where no base is known.
    pub(super) fn absolute(&self, reference: String) -> String {
        if crate::markup::is_absolute(&reference) || reference.is_empty() {
            return reference;
        }
        let joined = self.base().and_then(|base| base.join(&reference).ok());
        joined.map_or(reference, String::from)
    }
}

/// The prefix of a qualified name, empty where there is none, and its local part.
fn split(name: &str) -> (&str, &str) {
    // Names are short: a plain loop beats a search.
    let colon = name.bytes().position(|b| b == b':');
    colon.map_or(("", name), |at| (&name[..at], &name[at + 1..]))
}
