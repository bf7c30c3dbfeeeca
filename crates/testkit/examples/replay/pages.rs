//! Recorded pages, read from a packed file.

use std::{
    collections::BTreeMap,
    error::Error,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use reveille_model::CanonicalUrl;
use serde::Deserialize;

/// One recorded page.
pub(crate) struct Page {
    /// Where it stood, under http: the sites are served without certificates.
    pub(crate) url: CanonicalUrl,
    /// What a feed called it.
    pub(crate) title: String,
    /// The day that a feed gave it, `YYYY-MM-DD`.
    pub(crate) day: String,
    /// Its bytes.
    pub(crate) body: Vec<u8>,
}

#[derive(Deserialize)]
struct Line {
    html: String,
    #[serde(default)]
    html_encoding: String,
    gold: Gold,
}

#[derive(Deserialize)]
struct Gold {
    url: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    date: String,
}

/// All pages of a file, in its order.
pub(crate) fn read(path: &Path) -> Result<Vec<Page>, Box<dyn Error>> {
    let lines = BufReader::new(liblzma::read::XzDecoder::new(File::open(path)?)).lines();
    lines.map(|line| page(serde_json::from_str(&line?)?)).collect()
}

fn page(line: Line) -> Result<Page, Box<dyn Error>> {
    let http = line.gold.url.replacen("https://", "http://", 1);
    let encoding =
        encoding_rs::Encoding::for_label(line.html_encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    Ok(Page {
        url: http.parse()?,
        title: line.gold.title,
        day: line.gold.date,
        body: encoding.encode(&line.html).0.into_owned(),
    })
}

/// The pages of each host.
pub(crate) fn by_host(pages: &[Page]) -> BTreeMap<&str, Vec<&Page>> {
    let mut hosts: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
    for page in pages {
        hosts.entry(page.url.host()).or_default().push(page);
    }
    hosts
}
