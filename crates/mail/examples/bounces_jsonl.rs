//! Reads returned mails as JSON lines from standard input and writes what they say as JSON lines; see
//! `reveille_mail::bounce::lines`.

use std::io::{self, BufRead, Write};

use reveille_mail::bounce::lines;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", lines::answer_line(&line?))?;
    }
    Ok(())
}
