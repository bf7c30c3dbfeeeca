//! Makes a morning of recorded pages: serves them as sites with feeds on loopback, runs the built `reveille`
//! against them as any user would, and prints the tally and the time of each step.
//!
//! `cargo xtask replay FILE.jsonl.xz [--both]`; a line of FILE is `{"id", "html", "html_encoding", "gold": {"url",
//! "title", "date", …}}`. The recorded answers ("gold") only stand in for what a feed would say.

#[path = "replay/morning.rs"]
mod morning;
#[path = "replay/pages.rs"]
mod pages;
#[path = "replay/sites.rs"]
mod sites;

use std::path::PathBuf;

use reveille_testkit::postgres::{Durability, Server, create_database};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let both = arguments.iter().any(|argument| argument == "--both");
    let file: PathBuf = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
        .ok_or("which file?")?
        .into();

    let pages = pages::read(&file)?;
    let port = sites::serve(&pages).await?;
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite:{}", folder.path().join("reveille.db").display());
    println!("SQLite");
    let edition = morning::run(&pages, port, &sqlite, folder.path()).await?;
    println!("\n{edition}");
    if both {
        let server = Server::start(&Durability::Full)?;
        println!("PostgreSQL");
        let other = morning::run(
            &pages,
            port,
            &create_database(server.url(), "replay")?,
            folder.path(),
        )
        .await?;
        if other != edition {
            println!("\n{other}");
            return Err("the two databases made different editions".into());
        }
        println!("\nBoth databases made the same edition.");
    }
    Ok(())
}
