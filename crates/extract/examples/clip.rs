//! Reads a pasted clip from standard input and prints the article found in it as JSON.

use std::io::{self, Read};

fn main() -> io::Result<()> {
    let mut clip = String::new();
    io::stdin().read_to_string(&mut clip)?;
    let found = reveille_extract::extract_text(&clip);
    println!("{}", serde_json::to_string_pretty(&found.article)?);
    Ok(())
}
