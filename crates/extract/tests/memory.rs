//! What hostile pages take. The one test of this file, so that nothing else takes memory beside it.

mod shapes;

use peak_alloc::PeakAlloc;
use reveille_extract::extract;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that a page may take beside its own bytes.
const MOST: usize = 16 << 20;

#[test]
fn no_page_takes_more_than_its_share() {
    let url = "https://times.example/a".parse().unwrap();
    for (name, page) in shapes::pages() {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let found = extract(page.as_bytes(), &url, Some("utf-8"));
        let taken = MEMORY.peak_usage() - before;
        assert!(taken < MOST, "{name}: {taken}");
        // What many candidates would make is bounded with them.
        let evidence: usize = found
            .article
            .origins
            .iter()
            .map(|origin| origin.evidence.len())
            .sum();
        assert!(evidence < 500, "{name}: {evidence}");
        assert!(found.byline.len() <= 100, "{name}: {}", found.byline.len());
        let text: usize = found.article.body.iter().map(|block| block.text.len()).sum();
        assert!(text < 1 << 20, "{name}: {text}");
    }
}
