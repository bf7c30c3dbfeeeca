//! What a domain says in the DNS about its mail: its DKIM keys, who may send for it (SPF), and what receivers are to do
//! with mail that is neither (DMARC).
//!
//! Text in, meaning out: nothing here asks a name server. Of a TXT record's strings the caller has joined those of one
//! record without anything between them (RFC 6376, section 3.6.2.2; RFC 7208, section 3.3).

pub mod dkim;
pub mod dmarc;
pub mod spf;

/// A list of `tag=value` (RFC 6376, section 3.2), in which DKIM keys are written, without the white space around names and
/// values; none where a part has no `=`, or a name comes twice.
fn tags(text: &str) -> Option<Vec<(&str, &str)>> {
    let text = text.trim_end();
    let mut tags: Vec<(&str, &str)> = Vec::new();
    for part in text.strip_suffix(';').unwrap_or(text).split(';') {
        let (name, value) = part.split_once('=')?;
        let tag = (name.trim(), value.trim());
        if tag.0.is_empty() || tags.iter().any(|(name, _)| *name == tag.0) {
            return None;
        }
        tags.push(tag);
    }
    Some(tags)
}

/// The value of a tag.
fn value<'a>(tags: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    let tag = tags.iter().find(|(tag, _)| *tag == name);
    tag.map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_read_whole_or_not_at_all() {
        let read = tags(" v = DKIM1 ;p=\n a=b ; ").unwrap();
        assert_eq!(read, [("v", "DKIM1"), ("p", "a=b")]);
        assert_eq!(value(&read, "p"), Some("a=b"));
        assert_eq!(value(&read, "P"), None, "names are told apart by case");
        for broken in ["", "v=DKIM1;;p=a", "v=DKIM1; p", "p=a; p=b", "=a"] {
            assert_eq!(tags(broken), None, "{broken}");
        }
    }
}
