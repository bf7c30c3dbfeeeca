//! Every answer to a message's end lost: Postfix's `smtp-sink -q .` keeps each message and closes without a word.

use std::{
    collections::BTreeMap,
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use super::{CONNECTIONS, Mailing, STEP_MINUTES, show, start};

const READERS: u32 = 200;
/// Tries at which each message is lost.
const TRIES: u32 = 3;

/// `smtp-sink` with a folder of what it got; it ends with this.
struct Sink {
    child: Child,
    port: u16,
}

impl Sink {
    fn start(folder: &Path, more: &[&str]) -> std::io::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("smtp-sink");
        // Run by root, it asks for whom to be: whoever may write to the folder.
        let own = Command::new("id").arg("-un").output()?;
        command.arg("-u").arg(String::from_utf8_lossy(&own.stdout).trim());
        command.args(["-d", "%M%S."]).args(more);
        command.arg(format!("127.0.0.1:{port}")).arg("100");
        let mut child = command.current_dir(folder).stdout(Stdio::null()).spawn()?;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(child.try_wait()?.is_none(), "smtp-sink has ended");
            thread::sleep(Duration::from_millis(10));
        }
        Ok(Self { child, port })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Leads a mailing through tries whose ends are all lost, and then to its own. Says what came of it; `None` without
/// `smtp-sink`.
pub(super) fn lose(url: &str) -> Option<String> {
    let kept = tempfile::tempdir().unwrap();
    let deaf = Sink::start(kept.path(), &["-q", "."]).ok()?;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let prepare = Mailing::prepare(url, deaf.port, (READERS, 3, CONNECTIONS));
    let mut mailing = runtime.block_on(prepare);
    let mut minute = 0;
    for _ in 0..TRIES {
        start(&mailing, &["edition", "send"], minute).wait().unwrap();
        minute += STEP_MINUTES;
    }
    drop(deaf);
    let lost = messages(kept.path());
    assert!(lost.len() >= 20, "smtp-sink kept {} messages", lost.len());
    let sink = Sink::start(kept.path(), &[]).unwrap();
    mailing.port = sink.port;
    let shown = loop {
        start(&mailing, &["edition", "send"], minute).wait().unwrap();
        let shown = show(&mailing, minute);
        if shown["tally"]["sent"] == READERS {
            break shown;
        }
        // What was doubted twice waits for the operator.
        start(&mailing, &["delivery", "resend"], minute).wait().unwrap();
        minute += STEP_MINUTES;
    };
    Some(judge(&messages(kept.path()), &lost, &shown))
}

/// How often each message came, by reader and Message-ID.
fn messages(folder: &Path) -> BTreeMap<(String, String), u32> {
    let mut messages = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned();
        let field = |name: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            let (_, value) = value.split_once('<').unwrap();
            value.split('>').next().unwrap().to_owned()
        };
        *messages
            .entry((field("X-Rcpt-Args:"), field("Message-ID:")))
            .or_insert(0) += 1;
    }
    messages
}

fn judge(
    all: &BTreeMap<(String, String), u32>,
    lost: &BTreeMap<(String, String), u32>,
    shown: &serde_json::Value,
) -> String {
    let names: BTreeMap<_, _> = all.keys().cloned().collect();
    assert_eq!(
        names.len(),
        all.len(),
        "a reader's mail came under two Message-IDs"
    );
    assert_eq!(all.len(), READERS as usize, "so many readers got something");
    let listed: BTreeMap<_, _> = shown["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["reader"].as_str().unwrap().to_owned(), &row["doubts"]))
        .collect();
    for ((reader, _), times) in all.iter().filter(|(_, times)| **times > 1) {
        assert!(
            listed[reader].as_u64() >= Some(u64::from(times - 1)),
            "{reader} got it {times} times and is listed with {} doubts",
            listed[reader]
        );
    }
    format!(
        "smtp-sink -q . lost the end of {} messages to {} of {READERS} readers: 0 got nothing, {} were sent it twice or more, \
         each under one Message-ID, {} are listed",
        lost.values().sum::<u32>(),
        lost.len(),
        all.values().filter(|times| **times > 1).count(),
        listed.len()
    )
}
