//! Several processes on one SQLite file, which come and go.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
};

use reveille_store::{Store, jobs};
use tokio::runtime::Runtime;

use crate::{
    nodes,
    program::{Folder, Running},
};

fn serve(folder: &Folder, more: &str) -> Running {
    let words = format!("serve {more} --set gather.allow_networks=127.0.0.0/8");
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    nodes::start(folder, &words)
}

/// How many jobs some process has in hand.
fn in_hand(folder: &Folder) -> u64 {
    let url = format!("sqlite:{}", folder.path().join("reveille.db").display());
    let count = async { jobs::count(&Store::open(&url).await.unwrap()).await.unwrap() };
    let count = Runtime::new().unwrap().block_on(count);
    count.values().filter_map(|states| states.get("running")).sum()
}

#[test]
fn who_comes_takes_over_what_the_dead_left_and_nothing_from_the_living() {
    let folder = Folder::new();
    let slow = TcpListener::bind("127.0.0.1:0").unwrap();
    let feed = format!("http://{}/feed", slow.local_addr().unwrap());
    folder.ok(&["sources", "add", "--unseen", &feed]);
    let mut first = serve(&folder, "--roles web --set web.listen=127.0.0.1:0");
    let mut line = String::new();
    let mut said = BufReader::new(first.child().stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    assert!(line.starts_with("Serving"), "{line}");
    let second = serve(&folder, "--roles gather");
    let _unanswered = slow.accept().unwrap();
    assert_eq!(in_hand(&folder), 1);

    drop(first);
    folder.ok(&["sources", "list"]);
    assert_eq!(in_hand(&folder), 1, "the second is alive");

    drop(second);
    folder.ok(&["sources", "list"]);
    assert_eq!(in_hand(&folder), 0, "nobody is");
}
