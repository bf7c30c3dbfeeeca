//! The elements that the tree builder and the extraction treat by name.

macro_rules! tags {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// What a node is: a run of text, an element known by name, or any other element.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Tag {
            /// Text in which character references still stand.
            Text,
            /// Text without character references: the inside of scripts and styles.
            Raw,
            /// An element that needs no treatment of its own.
            Other,
            $($variant),+
        }

        impl Tag {
            /// The element of that name, which must be in lower case.
            #[must_use]
            pub fn of(name: &[u8]) -> Self {
                match name {
                    $($name => Self::$variant,)+
                    _ => Self::Other,
                }
            }
        }
    };
}

tags! {
    A = b"a", Abbr = b"abbr", Address = b"address", Applet = b"applet", Area = b"area", Article = b"article",
    Aside = b"aside", Audio = b"audio", B = b"b", Base = b"base", Big = b"big", Blockquote = b"blockquote",
    Body = b"body", Br = b"br", Button = b"button", Canvas = b"canvas", Caption = b"caption", Center = b"center",
    Cite = b"cite", Code = b"code", Col = b"col", Colgroup = b"colgroup", Data = b"data", Dd = b"dd",
    Details = b"details", Dialog = b"dialog", Dir = b"dir", Div = b"div", Dl = b"dl", Dt = b"dt", Em = b"em",
    Embed = b"embed", Fieldset = b"fieldset", Figcaption = b"figcaption", Figure = b"figure", Font = b"font",
    Footer = b"footer", ForeignObject = b"foreignobject", Form = b"form", Frame = b"frame",
    Frameset = b"frameset", H1 = b"h1", H2 = b"h2", H3 = b"h3", H4 = b"h4", H5 = b"h5", H6 = b"h6",
    Head = b"head", Header = b"header", Hgroup = b"hgroup", Hr = b"hr", Html = b"html", I = b"i",
    Iframe = b"iframe", Img = b"img", Input = b"input", Ins = b"ins", Label = b"label", Legend = b"legend",
    Li = b"li", Link = b"link", Listing = b"listing", Main = b"main", Map = b"map", Marquee = b"marquee",
    Math = b"math", Menu = b"menu", Meta = b"meta", Nav = b"nav", Nobr = b"nobr", Noembed = b"noembed",
    Noframes = b"noframes", Noscript = b"noscript", Object = b"object", Ol = b"ol", Optgroup = b"optgroup",
    Option = b"option", P = b"p", Param = b"param", Picture = b"picture", Plaintext = b"plaintext", Pre = b"pre",
    Q = b"q", Rp = b"rp", Rt = b"rt", Ruby = b"ruby", S = b"s", Script = b"script", Search = b"search",
    Section = b"section", Select = b"select", Small = b"small", Source = b"source", Span = b"span",
    Strike = b"strike", Strong = b"strong", Style = b"style", Sub = b"sub", Summary = b"summary", Sup = b"sup",
    Svg = b"svg", Table = b"table", Tbody = b"tbody", Td = b"td", Template = b"template",
    Textarea = b"textarea", Tfoot = b"tfoot", Th = b"th", Thead = b"thead", Time = b"time", Title = b"title",
    Tr = b"tr", Track = b"track", Tt = b"tt", U = b"u", Ul = b"ul", Video = b"video", Wbr = b"wbr", Xmp = b"xmp",
}

/// Which elements are in a set: a look at a table, where a comparison with each would be a jump to somewhere else.
type Set = [bool; 256];

const fn set(tags: &[Tag]) -> Set {
    let mut set = [false; 256];
    let mut at = 0;
    while at < tags.len() {
        set[tags[at] as usize] = true;
        at += 1;
    }
    set
}

/// How the tokenizer reads what stands between a start tag and its end tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// Markup.
    Markup,
    /// Text up to the end tag, with character references.
    Text,
    /// Text up to the end tag, as it stands.
    Raw,
}

impl Tag {
    /// Whether this is no element but text.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Raw)
    }

    /// Elements that have no content and no end tag.
    #[must_use]
    #[inline]
    pub fn is_void(self) -> bool {
        use Tag::*;
        static SET: Set = set(&[
            Area, Base, Br, Col, Embed, Frame, Hr, Img, Input, Link, Meta, Param, Source, Track, Wbr,
        ]);
        SET[self as usize]
    }

    /// `h1` to `h6`.
    #[must_use]
    #[inline]
    pub fn is_heading(self) -> bool {
        (Self::H1 as u8..=Self::H6 as u8).contains(&(self as u8))
    }

    /// Elements that begin a new line of text where they begin and end.
    #[must_use]
    #[inline]
    pub fn breaks_line(self) -> bool {
        use Tag::*;
        static SET: Set = set(&[
            Body, Caption, Dd, Dt, Html, Legend, Li, Option, Optgroup, Select, Tbody, Td, Tfoot, Th, Thead,
            Tr, Iframe, Video, Audio, Button, Canvas, Object, Textarea, Template,
        ]);
        self.closes_paragraph() || SET[self as usize]
    }

    /// Start tags before which an open paragraph ends (HTML Standard, 13.2.6.4.7).
    #[inline]
    pub(super) fn closes_paragraph(self) -> bool {
        use Tag::*;
        static SET: Set = set(&[
            H1, H2, H3, H4, H5, H6, Address, Article, Aside, Blockquote, Center, Details, Dialog, Dir, Div,
            Dl, Fieldset, Figcaption, Figure, Footer, Form, Header, Hgroup, Hr, Listing, Main, Menu, Nav, Ol,
            P, Plaintext, Pre, Search, Section, Summary, Table, Ul, Xmp,
        ]);
        SET[self as usize]
    }

    /// Elements that end tags of phrasing elements do not reach across ("special" in the standard).
    #[inline]
    pub(super) fn is_special(self) -> bool {
        use Tag::*;
        static SET: Set = set(&[
            Body, Button, Colgroup, Dd, Dt, Head, Iframe, Li, Noembed, Noframes, Noscript, Script, Select,
            Style, Tbody, Textarea, Tfoot, Thead, Title, Tr,
        ]);
        self.closes_paragraph() || self.bounds_scope() || SET[self as usize]
    }

    /// Elements that end tags of block elements do not reach across ("has an element in scope").
    #[inline]
    pub(super) fn bounds_scope(self) -> bool {
        use Tag::*;
        static SET: Set = set(&[
            Applet,
            Caption,
            Html,
            Marquee,
            Object,
            Table,
            Td,
            Template,
            Th,
            ForeignObject,
        ]);
        SET[self as usize]
    }

    /// Elements that may stand in the head.
    #[inline]
    pub(super) fn may_stand_in_head(self) -> bool {
        use Tag::*;
        static SET: Set = set(&[Base, Link, Meta, Noscript, Script, Style, Template, Title]);
        SET[self as usize]
    }

    /// What the tokenizer does after this start tag.
    #[inline]
    pub(super) fn inside(self) -> Inside {
        use Tag::*;
        match self {
            Script | Style | Xmp | Iframe | Noembed | Noframes => Inside::Raw,
            Textarea | Title => Inside::Text,
            _ => Inside::Markup,
        }
    }
}
