//! Undoing a `Content-Encoding` (RFC 9110, section 8.4.1) within a limit on what comes out.
//!
//! The client could do this while it reads, but then neither the limit on the window of zstd nor the forgiveness for
//! servers that name a coding and do not apply it would be ours.

use std::io::{self, Read};

use ruzstd::decoding::StreamingDecoder;

/// What is offered to servers.
pub(crate) const OFFERED: &str = "gzip, br, zstd";
/// Most codings that are undone. Servers apply one; bombs apply many.
const MOST_CODINGS: usize = 2;
/// The most that a zstd frame may ask to be held back (RFC 9659, section 3).
const ZSTD_WINDOW: u64 = 8 << 20;

/// Why a body could not be unpacked.
#[derive(Debug)]
pub(crate) enum Fault {
    /// More than the limit came out; this is how it begins.
    TooLarge(Vec<u8>),
    /// It is damaged.
    Damaged(io::Error),
}

/// Undoes `codings`, the value of a `Content-Encoding` header, the last one first. What is no known coding is taken for
/// a header that says something else (`utf-8` is common there).
pub(crate) fn unpack(packed: Vec<u8>, codings: &str, most: usize) -> Result<Vec<u8>, Fault> {
    let known: Vec<Coding> = codings.split(',').filter_map(Coding::named).collect();
    if known.len() > MOST_CODINGS {
        let error = io::Error::other(format!("{} codings one in another", known.len()));
        return Err(Fault::Damaged(error));
    }
    known
        .into_iter()
        .rev()
        .try_fold(packed, |bytes, coding| coding.undo(bytes, most))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What was packed; or the bytes as they are, where they cannot be unpacked and are plainly markup: some servers name
    /// a coding and do not apply it.
    fn undo(self, packed: Vec<u8>, most: usize) -> Result<Vec<u8>, Fault> {
        match self.open(&packed, most) {
            Err(Fault::Damaged(_)) if packed.trim_ascii_start().starts_with(b"<") => Ok(packed),
            result => result,
        }
    }

    fn open(self, packed: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
        match self {
            // An answer without a body needs no packing.
            _ if packed.is_empty() => Ok(Vec::new()),
            Self::Gzip => drain(flate2::read::GzDecoder::new(packed), most),
            // Half of the servers that say deflate leave out the zlib header that RFC 9110, section 8.4.1.2 asks for.
            Self::Deflate if is_zlib(packed) => drain(flate2::read::ZlibDecoder::new(packed), most),
            Self::Deflate => drain(flate2::read::DeflateDecoder::new(packed), most),
            Self::Brotli => drain(brotli_decompressor::Decompressor::new(packed, 4_096), most),
            Self::Zstd => match StreamingDecoder::new_with_max_window_size(packed, ZSTD_WINDOW) {
                Ok(decoder) => drain(decoder, most),
                Err(error) => Err(Fault::Damaged(io::Error::other(error))),
            },
        }
    }
}

/// The header of RFC 1950, section 2.2.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [method, flags, ..] if method & 15 == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

fn drain(reader: impl Read, most: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let read = reader.take(most as u64 + 1).read_to_end(&mut out);
    if out.len() > most {
        out.truncate(most);
        return Err(Fault::TooLarge(out));
    }
    read.map(|_| out).map_err(Fault::Damaged)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const NEWS: &[u8] = b"<rss>news</rss>";
    /// [`NEWS`] by the brotli library 1.1 at its default quality.
    const NEWS_BR: &[u8] = b"\x0b\x07\x80\x3c\x72\x73\x73\x3e\x6e\x65\x77\x73\x3c\x2f\x72\x73\x73\x3e\x03";
    /// 20 million zero bytes by the same.
    const BOMB_BR: &[u8] = b"\xcb\xff\xff\x3f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4f\x00\xc4\x61\x11\x80\xee\xfd\x5f\xfe\xb3\xc4\xe0\x9f\x00\x88\xc3\x02\x00\x5d\x92\x18";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    #[test]
    fn every_coding_is_undone() {
        for (codings, packed) in [
            ("", NEWS.to_vec()),
            ("identity", NEWS.to_vec()),
            ("utf-8", NEWS.to_vec()),
            ("gzip", gzip(NEWS)),
            ("X-GZIP", gzip(NEWS)),
            ("deflate", deflate(NEWS)),
            ("deflate", zlib(NEWS)),
            ("br", NEWS_BR.to_vec()),
            ("zstd", zstd(NEWS)),
            ("gzip, zstd", zstd(&gzip(NEWS))),
            // Named and not applied.
            ("gzip", NEWS.to_vec()),
            ("br", NEWS.to_vec()),
            ("zstd", NEWS.to_vec()),
            ("deflate", NEWS.to_vec()),
        ] {
            assert_eq!(unpack(packed, codings, 99).unwrap(), NEWS, "{codings}");
        }
        assert_eq!(unpack(Vec::new(), "gzip", 99).unwrap(), b"");
        assert_eq!(unpack(gzip(&[0; 99]), "gzip", 99).unwrap().len(), 99);
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let zeros = vec![0; 2_000_000];
        for (codings, bomb) in [
            ("gzip", gzip(&zeros)),
            ("deflate", deflate(&zeros)),
            ("br", BOMB_BR.to_vec()),
            ("zstd", zstd(&zeros)),
            ("gzip, gzip", gzip(&gzip(&zeros))),
        ] {
            assert!(bomb.len() < 100_000, "{codings}: {}", bomb.len());
            let Err(Fault::TooLarge(start)) = unpack(bomb, codings, 50_000) else {
                panic!("{codings}");
            };
            assert_eq!(start.len(), 50_000);
        }
        let nested = unpack(Vec::new(), "gzip, gzip, gzip", 50_000);
        assert!(matches!(nested, Err(Fault::Damaged(_))));
        // A frame that wants a window of 256 MiB (RFC 8878, section 3.1.1.1.2).
        let wide = b"\x28\xb5\x2f\xfd\x00\x90\x01\x00\x00";
        assert!(matches!(
            unpack(wide.to_vec(), "zstd", 50_000),
            Err(Fault::Damaged(_))
        ));
    }

    #[test]
    fn what_is_cut_off_is_damaged() {
        let text: Vec<u8> = (0..=255).cycle().take(9_000).collect();
        for (codings, packed) in [
            ("gzip", gzip(&text)),
            ("deflate", zlib(&text)),
            ("br", NEWS_BR.to_vec()),
            ("zstd", zstd(&text)),
        ] {
            let cut = packed[..packed.len() / 2].to_vec();
            assert!(
                matches!(unpack(cut, codings, 99_999), Err(Fault::Damaged(_))),
                "{codings}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes: Vec<u8>, codings in "(gzip|br|zstd|deflate|x)?(, ?(gzip|br|zstd|deflate))?") {
            if let Ok(out) = unpack(bytes, &codings, 1_000) {
                proptest::prop_assert!(out.len() <= 1_000 || !codings.contains(['g', 'b', 'z', 'd']));
            }
        }
    }
}
