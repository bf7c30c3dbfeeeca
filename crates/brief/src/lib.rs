//! Stories to an edition, and an edition to mail, page, text, Markdown and JSON. Pure.
