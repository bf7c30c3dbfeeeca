//! A zip archive whose files are stored as they are (PKWARE's APPNOTE.TXT 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16).
//!
//! An edition is some tens of kilobytes of text, which a web server packs on its way.

/// 1 January 1980, the first day that the format can say: an archive holds no clock.
const DATE: u16 = 1 << 5 | 1;

/// "UTF-8 names" in the general purpose flags.
const UTF8: u16 = 1 << 11;

/// The version needed to read it: 2.0, for folders.
const VERSION: u16 = 20;

/// Far under the four gigabytes and 65,535 files at which the format changes: an edition is one page.
#[derive(Debug, Default)]
pub(super) struct Archive {
    files: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Archive {
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) {
        let (start, size) = (in_u32(self.files.len()), in_u32(bytes.len()));
        let mut about = Vec::new();
        for number in [VERSION, UTF8, 0, 0, DATE] {
            about.extend(number.to_le_bytes());
        }
        // Packed and unpacked it is as long.
        for number in [crc32fast::hash(bytes), size, size] {
            about.extend(number.to_le_bytes());
        }
        about.extend(in_u16(name.len()).to_le_bytes());
        about.extend([0; 2]);

        self.files.extend(b"PK\x03\x04");
        self.files.extend(&about);
        self.files.extend(name.as_bytes());
        self.files.extend(bytes);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&about);
        // No comment, the first disk, no attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let Self {
            mut files,
            directory,
            count,
        } = self;
        let start = in_u32(files.len());
        files.extend(&directory);
        files.extend(b"PK\x05\x06\0\0\0\0");
        files.extend(count.to_le_bytes());
        files.extend(count.to_le_bytes());
        files.extend(in_u32(directory.len()).to_le_bytes());
        files.extend(start.to_le_bytes());
        files.extend([0; 2]);
        files
    }
}

fn in_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn in_u16(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}
