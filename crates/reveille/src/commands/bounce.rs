//! `reveille bounce`: what a mail that came back says, from a file or standard input.

use std::io::Read;

use anyhow::Context;
use reveille_mail::bounce::{Failure, Returned, lines, read};

use super::{input, open};
use crate::{
    cli::{Global, ReadBounce},
    print,
    returns::{self, Taken},
};

/// The longest mail that is read. Bounces return messages whole, and ours are small.
const LONGEST: u64 = 32 << 20;

pub(super) async fn run(global: &Global, options: &ReadBounce) -> anyhow::Result<()> {
    if options.jsonl {
        return input::answer_lines(&options.file, lines::answer_line);
    }
    let (opened, _) = input::open(&options.file)?;
    let mut mail = Vec::new();
    opened
        .take(LONGEST)
        .read_to_end(&mut mail)
        .with_context(|| format!("cannot read {}", input::name(&options.file)))?;
    if options.record {
        let taken = returns::take(&open(global).await?, mail).await?;
        return print::line(became(&taken));
    }
    print::line(told(&read(&mail)))
}

fn became(taken: &Taken) -> String {
    match taken {
        Taken::NoReturn => {
            "nothing was kept: it is no bounce, no complaint, and no letter to a reader's return path"
                .to_owned()
        }
        Taken::Nobody => "nothing was kept: it names no reader by a return path of ours".to_owned(),
        Taken::Before => "nothing was kept: this mail was read before".to_owned(),
        Taken::Kept(kind, state) => format!("kept: {kind}; the reader is {state}"),
    }
}

fn told(returned: &Returned) -> String {
    match returned {
        Returned::Bounce(failures) => failures.iter().map(failure).collect::<Vec<_>>().join("\n"),
        Returned::Complaint { kind, addresses } => format!("complaint ({kind}): {}", addresses.join(", ")),
        Returned::AutoReply => "an automatic reply, or word that the message arrived".to_owned(),
        Returned::Other => "no bounce, complaint or automatic reply".to_owned(),
    }
}

/// `ann@example.org  hard: unknown user (5.1.1)`, and below it what was said.
fn failure(failure: &Failure) -> String {
    let class = if failure.reason.is_hard() { "hard" } else { "soft" };
    let status = failure
        .status
        .as_ref()
        .map_or(String::new(), |status| format!(" ({status})"));
    let mut line = format!("{}  {class}: {}{status}", failure.address, failure.reason.name());
    if !failure.said.is_empty() {
        line.push_str(&format!("\n  {}", failure.said));
    }
    line
}
