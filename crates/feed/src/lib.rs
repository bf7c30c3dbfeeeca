//! Feed bytes to entries: RSS, Atom, RDF, JSON Feed and OPML, tolerant and pure.
