//! The names of the news agencies' formats: NITF 3, NewsML-G2 2 and NewsML 1 (iptc.org).
//!
//! They are read as one vocabulary, since a NewsML message carries its text in NITF and the names do not clash.

use super::{Element, Role};
use crate::document::Format;

/// What only a wire message says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Headline,
    Byline,
    Dateline,
    Credit,
    Slugline,
    Urgency,
    Version,
    Status,
    Signal,
    /// Signals by being there (NITF).
    Correction,
    Embargo,
    Note,
    Class,
    Language,
    Rendition,
    /// The parts of a NewsML 1 identifier (RFC 3085).
    PublicIdentifier,
    /// What the texts that follow are to the message (NewsML 1).
    Role,
    DocId,
    ReleaseDate,
    IssueDate,
    Copyright,
    Keyword,
    NitfSubject,
}

/// A thing with a code and a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concept {
    Subject,
    Place,
    Provider,
}

/// The element of this name; `local` in lower case.
pub(super) fn wire(local: &str) -> Element {
    use Element::Wire;
    match local {
        "newsmessage" => Element::Root(Format::NewsMlG2),
        "newsml" => Element::Root(Format::NewsMl),
        "nitf" => Element::Root(Format::Nitf),
        "packageitem" | "groupset" => Element::Package,
        "newsitem" | "conceptitem" | "knowledgeitem" | "planningitem" | "catalogitem" | "itemref" => {
            Element::Entry
        }
        "contentmeta" => Element::ContentMeta,
        "itemset"
        | "itemmeta"
        | "group"
        | "contentset"
        | "inlinexml"
        | "html"
        | "head"
        | "docdata"
        | "key-list"
        | "keylist"
        | "tobject"
        | "body"
        | "body.head"
        | "hedline"
        | "mainconcept"
        | "identification"
        | "newsidentifier"
        | "newsmanagement"
        | "newscomponent"
        | "newslines"
        | "contentitem"
        | "datacontent"
        | "administrativemetadata"
        | "descriptivemetadata"
        | "subjectcode" => Element::Wrapper,
        "headline" | "hl1" => Wire(Field::Headline),
        "title" => Element::Title,
        "name" => Element::Name,
        "by" | "byline" => Wire(Field::Byline),
        "dateline" => Wire(Field::Dateline),
        "creditline" | "distributor" => Wire(Field::Credit),
        "slugline" => Wire(Field::Slugline),
        "urgency" => Wire(Field::Urgency),
        "revisionid" | "du-key" => Wire(Field::Version),
        "pubstatus" | "status" => Wire(Field::Status),
        "signal" | "instruction" => Wire(Field::Signal),
        "correction" => Wire(Field::Correction),
        "embargoed" => Wire(Field::Embargo),
        "ednote" | "ed-msg" => Wire(Field::Note),
        "itemclass" | "newsitemtype" => Wire(Field::Class),
        "language" => Wire(Field::Language),
        "remotecontent" => Wire(Field::Rendition),
        "publicidentifier" => Wire(Field::PublicIdentifier),
        "role" => Wire(Field::Role),
        "doc-id" => Wire(Field::DocId),
        "date.release" => Wire(Field::ReleaseDate),
        "date.issue" => Wire(Field::IssueDate),
        "doc.copyright" => Wire(Field::Copyright),
        "keyword" => Wire(Field::Keyword),
        "tobject.subject" => Wire(Field::NitfSubject),
        "subject" | "subjectmatter" | "subjectdetail" => Element::Concept(Concept::Subject),
        "located" => Element::Concept(Concept::Place),
        "provider" => Element::Concept(Concept::Provider),
        "creator" => Element::Person(Role::Author),
        "contributor" | "infosource" => Element::Person(Role::Contributor),
        "description" | "abstract" => Element::Description,
        "body.content" | "inlinedata" => Element::Content,
        "firstcreated" => Element::Published,
        "versioncreated" | "thisrevisioncreated" => Element::Updated,
        "contentcreated" => Element::Created,
        "copyrightnotice" | "copyrightline" => Element::Rights,
        "keywordline" => Element::TagList,
        "rightsinfo" => Element::Wrapper,
        "link" => Element::Link,
        _ => Element::Unknown,
    }
}

/// The HTML element that stands for one of NITF's in a text. What marks names and figures is a `span`.
pub(crate) fn html_of(local: &str) -> &str {
    match local {
        "block" => "div",
        "hl1" | "hl2" => "h2",
        "bq" => "blockquote",
        "media" => "figure",
        "media-caption" => "figcaption",
        "tr" | "td" | "th" | "thead" | "tbody" | "tfoot" | "caption" | "dd" => local,
        known if crate::markup::is_html(known) => known,
        _ => "span",
    }
}
