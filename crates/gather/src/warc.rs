//! WARC files (ISO 28500, versions 1.0 and 1.1): pages out of an archive, and pages into one.
//!
//! Read are `response` records that hold an HTTP answer, its transfer and content coding taken off, and `resource`
//! records, which hold a document alone. Written are `resource` records, since what is kept of a fetch is the decoded
//! document and not the bytes of its protocol. Each record is a gzip member of its own (annex D).

use std::io::{self, BufRead, BufReader, Read, Write};

use flate2::{Compression, bufread::MultiGzDecoder, write::GzEncoder};
use reveille_model::{CanonicalUrl, UnixMillis};

use crate::unpack::unpack;

/// A document of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// Where it stood.
    pub url: CanonicalUrl,
    /// When it was fetched.
    pub at: Option<UnixMillis>,
    /// The `Content-Type` as the server wrote it.
    pub content_type: Option<String>,
    /// The bytes, without transfer and content coding.
    pub body: Vec<u8>,
}

/// Why an archive cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum WarcError {
    /// It cannot be read, or its gzip is damaged.
    #[error("the archive cannot be read")]
    Read(#[from] io::Error),
    /// Where a record should begin, none does.
    #[error("where a record should begin stands `{0}`")]
    NoRecord(String),
    /// A record does not say how long it is.
    #[error("a record has no Content-Length")]
    NoLength,
}

/// The longest line of a record's head, in bytes.
const LINE: u64 = 64 << 10;

/// The documents of an archive, in order. Records that are no documents, or larger than `most` bytes, are passed over;
/// so are answers other than 200.
///
/// # Errors
/// Where nothing can be read of it.
pub fn read<R: BufRead + 'static>(archive: R, most: usize) -> io::Result<Archive> {
    let mut archive = archive;
    let packed = archive.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let records: Box<dyn BufRead> = if packed {
        Box::new(BufReader::new(MultiGzDecoder::new(archive)))
    } else {
        Box::new(archive)
    };
    Ok(Archive {
        records,
        most,
        ended: false,
    })
}

/// An archive that is being read.
pub struct Archive {
    records: Box<dyn BufRead>,
    most: usize,
    ended: bool,
}

impl Iterator for Archive {
    type Item = Result<Archived, WarcError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let found = self.document().transpose();
        self.ended = !matches!(found, Some(Ok(_)));
        found
    }
}

impl Archive {
    /// The next document; `None` at the end.
    fn document(&mut self) -> Result<Option<Archived>, WarcError> {
        while let Some(head) = self.head()? {
            let block = self.block(&head)?;
            if let Some(found) = block.and_then(|block| document(&head, block, self.most)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The head of the next record; `None` at the end.
    fn head(&mut self) -> Result<Option<Head>, WarcError> {
        let version = loop {
            match line(&mut self.records)? {
                Some(empty) if empty.is_empty() => {}
                Some(version) => break version,
                None => return Ok(None),
            }
        };
        if !version.starts_with("WARC/") {
            let start: String = version.chars().take(40).collect();
            return Err(WarcError::NoRecord(start));
        }
        Ok(Some(Head::read(&mut self.records)?))
    }

    /// What the record of this head holds; `None` where that is passed over.
    fn block(&mut self, head: &Head) -> Result<Option<Vec<u8>>, WarcError> {
        let length: u64 = head
            .get("content-length")
            .and_then(|length| length.parse().ok())
            .ok_or(WarcError::NoLength)?;
        let wanted =
            matches!(head.get("warc-type"), Some("response" | "resource")) && length <= self.most as u64;
        let mut block = Vec::new();
        let mut within = (&mut self.records).take(length);
        if wanted {
            within.read_to_end(&mut block)?;
        }
        io::copy(&mut within, &mut io::sink())?;
        if within.limit() > 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(wanted.then_some(block))
    }
}

/// The lines of a head, names in lower case.
struct Head(Vec<(String, String)>);

impl Head {
    fn read(from: &mut impl BufRead) -> io::Result<Self> {
        let mut lines: Vec<(String, String)> = Vec::new();
        while let Some(line) = line(from)?.filter(|line| !line.is_empty()) {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = lines.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                lines.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Ok(Self(lines))
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A line without its end; `None` at the end of the input.
fn line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if from.take(LINE).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn document(head: &Head, block: Vec<u8>, most: usize) -> Option<Archived> {
    // Some writers put the address in angle brackets, as version 1.0 showed it.
    let url = head
        .get("warc-target-uri")?
        .trim_matches(['<', '>'])
        .parse()
        .ok()?;
    let at = head.get("warc-date").and_then(|date| date.parse().ok());
    if head.get("warc-type") == Some("resource") {
        return Some(Archived {
            url,
            at,
            content_type: head.get("content-type").map(str::to_owned),
            body: block,
        });
    }
    let mut answer = block.as_slice();
    let status = line(&mut answer).ok()??;
    let status = status.strip_prefix("HTTP/")?.split(' ').nth(1)?;
    let answered = Head::read(&mut answer).ok()?;
    let mut body = answer.to_vec();
    if answered
        .get("transfer-encoding")
        .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
    {
        // Many archivers write the body decoded and leave the header as it was.
        body = unchunk(&body).unwrap_or(body);
    }
    if let Some(codings) = answered.get("content-encoding") {
        body = unpack(body, codings, most).ok()?;
    }
    (status == "200").then(|| Archived {
        url,
        at,
        content_type: answered.get("content-type").map(str::to_owned),
        body,
    })
}

/// The body out of its chunks (RFC 9112, section 7.1); `None` where it is not in chunks.
fn unchunk(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(chunks.len());
    loop {
        let size = line(&mut chunks).ok()??;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(..size)?);
        chunks = chunks.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

/// A document as a gzip member to be appended to an archive. `id` names the record and must be drawn afresh.
///
/// # Errors
/// None but what writing to memory can fail with.
pub fn resource(document: &Archived, id: u128) -> io::Result<Vec<u8>> {
    let kind = document
        .content_type
        .as_deref()
        .unwrap_or("application/octet-stream");
    let kind: String = kind.chars().filter(|c| !c.is_control()).collect();
    let at = document
        .at
        .map(|at| format!("WARC-Date: {at}\r\n"))
        .unwrap_or_default();
    let head = format!(
        "WARC-Type: resource\r\nWARC-Target-URI: {}\r\n{at}WARC-Record-ID: {}\r\nContent-Type: {kind}\r\n",
        document.url,
        record_id(id)
    );
    member(&head, &document.body)
}

/// The record that opens an archive and says what wrote it.
///
/// # Errors
/// None but what writing to memory can fail with.
pub fn info(software: &str, at: UnixMillis, id: u128) -> io::Result<Vec<u8>> {
    let head = format!(
        "WARC-Type: warcinfo\r\nWARC-Date: {at}\r\nWARC-Record-ID: {}\r\nContent-Type: application/warc-fields\r\n",
        record_id(id)
    );
    let fields = format!("software: {software}\r\nformat: WARC File Format 1.1\r\n");
    member(&head, fields.as_bytes())
}

/// A random UUID (RFC 9562, version 4).
fn record_id(id: u128) -> String {
    let id = (id & !(0xf000 << 64) & !(0b11 << 62)) | (0x4000 << 64) | (0b10 << 62);
    let hex = format!("{id:032x}");
    format!(
        "<urn:uuid:{}-{}-{}-{}-{}>",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

fn member(head: &str, block: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    write!(
        packed,
        "WARC/1.1\r\n{head}Content-Length: {}\r\n\r\n",
        block.len()
    )?;
    packed.write_all(block)?;
    packed.write_all(b"\r\n\r\n")?;
    packed.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1 << 20;

    fn all(bytes: &[u8]) -> Vec<Result<Archived, WarcError>> {
        read(io::Cursor::new(bytes.to_vec()), MOST).unwrap().collect()
    }

    fn record(kind: &str, url: &str, block: &[u8]) -> Vec<u8> {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-10T04:00:00Z\r\n\
             Content-Length: {}\r\n\r\n",
            block.len()
        );
        [head.as_bytes(), block, b"\r\n\r\n"].concat()
    }

    #[test]
    fn answers_are_read_without_their_codings_and_everything_else_is_passed_over() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(b"<p>Packed</p>").unwrap();
        let packed = packed.finish().unwrap();
        let coded = [
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n".as_slice(),
            &packed,
        ]
        .concat();
        // The archiver took the coding off and left the header as it was.
        let plain = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n<p>Plain</p>";
        let zstd = [
            b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n".as_slice(),
            &ruzstd::encoding::compress_to_vec(
                &b"<p>Zstd</p>"[..],
                ruzstd::encoding::CompressionLevel::Fastest,
            ),
        ]
        .concat();
        let chunked =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n4;x\r\nHi!!\r\n0\r\n\r\n";
        let archive = [
            record("warcinfo", "https://a.example/", b"software: any"),
            record("response", "https://a.example/0", &zstd),
            record("response", "<https://a.example/1>", &coded),
            record("response", "https://a.example/2", chunked),
            record("response", "https://a.example/4", plain),
            record(
                "response",
                "https://a.example/3",
                b"HTTP/1.1 404 Not Found\r\n\r\nNo.",
            ),
            record("request", "https://a.example/2", b"GET / HTTP/1.1\r\n\r\n"),
            record("response", "dns:a.example", b"x"),
        ]
        .concat();
        let found: Vec<Archived> = all(&archive).into_iter().map(Result::unwrap).collect();
        let read: Vec<_> = found
            .iter()
            .map(|page| (page.url.url().path(), &*page.body))
            .collect();
        let expected: [(&str, &[u8]); 4] = [
            ("/0", b"<p>Zstd</p>"),
            ("/1", b"<p>Packed</p>"),
            ("/2", b"<p>Hi!!"),
            ("/4", b"<p>Plain</p>"),
        ];
        assert_eq!(read, expected);
        assert_eq!(found[1].content_type.as_deref(), Some("text/html"));
        assert_eq!(found[1].at, Some(UnixMillis(1_773_115_200_000)));
    }

    #[test]
    fn what_is_written_reads_back() {
        let document = |n: u128| Archived {
            url: format!("https://a.example/{n}").parse().unwrap(),
            at: Some(UnixMillis(1_773_115_200_000)),
            content_type: Some("text/html; charset=utf-8".to_owned()),
            body: format!("<p>{n}</p>").into_bytes(),
        };
        let mut archive = info("reveille/0", UnixMillis(0), 7).unwrap();
        archive.extend(resource(&document(1), 8).unwrap());
        archive.extend(resource(&document(2), u128::MAX).unwrap());
        let found: Vec<Archived> = all(&archive).into_iter().map(Result::unwrap).collect();
        assert_eq!(found, [document(1), document(2)]);
        assert_eq!(
            record_id(u128::MAX),
            "<urn:uuid:ffffffff-ffff-4fff-bfff-ffffffffffff>"
        );
    }

    #[test]
    fn a_damaged_archive_gives_what_came_before_the_damage() {
        let whole = record("resource", "https://a.example/1", b"<p>One</p>");
        let cut = [whole.as_slice(), &whole[..whole.len() - 8]].concat();
        let found = all(&cut);
        assert_eq!(found.len(), 2);
        assert!(
            found[0].is_ok() && matches!(found[1], Err(WarcError::Read(_))),
            "{found:?}"
        );
        let junk = [whole.as_slice(), b"<html>"].concat();
        assert!(matches!(all(&junk)[1], Err(WarcError::NoRecord(_))));
        assert!(all(b"").is_empty());
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        io::copy(&mut io::repeat(b'a').take(8 * MOST as u64), &mut packed).unwrap();
        let block = [
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".as_slice(),
            &packed.finish().unwrap(),
        ]
        .concat();
        assert!(all(&record("response", "https://a.example/1", &block)).is_empty());
    }
}
