//! `reveille extract`: the article on a page, from a file, an address or standard input.

mod forms;
mod lines;
mod source;

use anyhow::ensure;
use reveille_extract::{NOWHERE, explain, extract, extract_text};

use crate::{
    cli::{ArticleFormat, Extract, Global},
    print,
};

pub(super) async fn run(global: &Global, options: &Extract) -> anyhow::Result<()> {
    if options.jsonl {
        return lines::run(options);
    }
    let page = source::read(global, options).await?;
    let mut found = if page.is_text {
        extract_text(&reveille_extract::decode(&page.bytes, page.charset.as_deref()))
    } else {
        let read = if options.trace { explain } else { extract };
        let url = page.url.clone().map_or_else(|| NOWHERE.parse(), Ok)?;
        read(&page.bytes, &url, page.charset.as_deref())
    };
    if !options.trace {
        // A clip always has one.
        found.trace.clear();
    }
    print::line(forms::of(&found, page.url.as_ref(), options.format)?.trim_end())?;
    if options.trace && options.format != ArticleFormat::Json {
        forms::print_trace(&found.trace);
    }
    ensure!(
        !found.article.body.is_empty(),
        "{}: no article text stands there",
        page.name
    );
    Ok(())
}
