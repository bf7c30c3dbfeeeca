//! Receiving domains of which one takes much less than the others.

use std::{
    thread,
    time::{Duration, Instant},
};

use reveille_mail::catcher::CatcherOptions;
use tokio::runtime::Runtime;

use crate::{mailing::Mailing, nodes, program::Folder};

const SLOW: u32 = 2_000;
const FAST: u32 = 500;

#[test]
fn a_domain_that_takes_one_message_a_minute_holds_up_no_other() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let url = format!("sqlite:{}", folder.path().join("store").display());
    let catcher = runtime.block_on(folder.catcher(CatcherOptions::default()));
    let (port, size) = (catcher.address().port(), (SLOW + FAST, 1, 4));
    // The slow one's readers are the first to be claimed.
    let domain = |reader| {
        if reader < SLOW {
            "slow.example"
        } else {
            "fast.example"
        }
    };
    let mailing = runtime.block_on(Mailing::prepare_at(&url, port, size, domain, None));
    let mut words = mailing.command(&["serve", "--roles", "deliver"], 0);
    words.extend(["--set", "mail.rates=slow.example=0.0167"].map(str::to_owned));
    let node = nodes::start(&folder, &words);

    let since = Instant::now();
    let mut got = (0, 0);
    while got.0 < FAST as usize {
        assert!(since.elapsed() < Duration::from_secs(120), "{got:?}");
        thread::sleep(Duration::from_millis(200));
        if catcher.tally().stored == 0 {
            continue;
        }
        let boxes = folder.mailboxes();
        let (fast, slow): (Vec<_>, Vec<_>) = boxes.iter().partition(|(name, _)| name.contains("fast"));
        got = (fast.len(), slow.len());
    }
    assert!((1..=3).contains(&got.1), "{got:?}");
    drop(node);
}
