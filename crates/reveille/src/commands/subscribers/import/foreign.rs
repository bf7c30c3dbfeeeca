//! Files that hold a list and are no CSV file: what people have when they have a spreadsheet.

/// What a file is, if it is no text, and how a CSV file is made of it.
pub(super) fn told(bytes: &[u8]) -> Option<&'static str> {
    const EXCEL: &str = "an Excel workbook, not a CSV file: open it, choose Save As and the type “CSV UTF-8 (Comma delimited)”, and \
         import what that writes";
    if bytes.starts_with(b"PK\x03\x04") {
        let has = |name: &str| memchr::memmem::find(bytes, name.as_bytes()).is_some();
        return Some(if has("opendocument.spreadsheet") {
            "a LibreOffice or OpenDocument spreadsheet, not a CSV file: open it, choose Save As and the type “Text CSV”, and \
             import what that writes"
        } else if has("xl/workbook") {
            EXCEL
        } else {
            "a ZIP archive, not a CSV file: unpack it, or export the list as CSV from the program that has it"
        });
    }
    // Up to Excel 2003 its files were in the container of all of Office.
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(EXCEL);
    }
    if bytes.starts_with(b"%PDF-") {
        return Some(
            "a PDF document, of which no list can be read: export the list as CSV from the program that has it",
        );
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return Some("packed by gzip: unpack it, and import what is in it");
    }
    // UTF-16 has zeros too, and says by its mark that it is that.
    let is_text = encoding_rs::Encoding::for_bom(bytes).is_some()
        || memchr::memchr(0, &bytes[..bytes.len().min(1024)]).is_none();
    (!is_text).then_some("no text, so no CSV file: export the list as CSV from the program that has it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_called_by_its_name() {
        for (bytes, name) in [
            (&b"PK\x03\x04\x14\0\x06\0xl/workbook.xml"[..], "an Excel workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an Excel workbook"),
            (
                b"PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "a LibreOffice",
            ),
            (b"PK\x03\x04\x14\0readers.csv", "a ZIP archive"),
            (b"%PDF-1.7\n", "a PDF document"),
            (b"\x1f\x8b\x08\0", "packed by gzip"),
            (b"SQLite format 3\0", "no text"),
        ] {
            let told = told(bytes).unwrap();
            assert!(told.starts_with(name), "{told}");
        }
        for list in [
            &b"email\nann@example.org"[..],
            b"\xff\xfee\0m\0",
            b"email;L\xe4nder",
            b"",
        ] {
            assert_eq!(told(list), None, "{list:?}");
        }
    }
}
