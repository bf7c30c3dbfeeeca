//! A thousand due sources on five hundred hosts that take 200 ms to answer: to be through in 60 s.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use reveille_testkit::web::{Web, answer};

use crate::program::Folder;

const HOSTS: usize = 500;
const NOW: &str = "2026-03-10T04:00:00Z";
const LATER: &str = "2026-03-10T04:01:00Z";

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let (folder, web) = (Folder::new()?, Web::start());
    let mut urls = Vec::new();
    for host in 0..HOSTS {
        let url = web.site(&format!("h{host}"), "/a.xml", |_, stream| {
            std::thread::sleep(Duration::from_millis(200));
            let feed = "<rss version=\"2.0\"><channel><title>News</title></channel></rss>";
            answer(
                stream,
                "200 OK",
                "Content-Type: application/rss+xml\r\n",
                feed.as_bytes(),
            )
        });
        urls.push(url.replace("/a.xml", "/b.xml"));
        urls.push(url);
    }
    folder.import(NOW, &urls)?;
    let begun = Instant::now();
    folder.run(LATER, &["gather"])?;
    println!(
        "{} due sources on {HOSTS} hosts with 200 ms delay: {:.1} s (to reach: 60 s), {} requests, at most {} at one host",
        urls.len(),
        begun.elapsed().as_secs_f32(),
        web.log().len(),
        web.most_at_once()
    );
    Ok(())
}
