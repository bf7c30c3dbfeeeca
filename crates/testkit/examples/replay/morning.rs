//! One morning with the built program, command by command, as a person would type them.

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};

use tokio::process::Command;

use crate::{
    pages::{self, Page},
    sites::{FEED, escape},
};

/// Recorded pages lie years apart: the night is taken as long as that, in hours.
const NIGHT_HOURS: &str = "200000";

/// Runs the morning on the store of that URL and returns the edition as Markdown.
pub(crate) async fn run(
    pages: &[Page],
    port: u16,
    store: &str,
    folder: &Path,
) -> Result<String, Box<dyn Error>> {
    let opml = folder.join("sites.opml");
    std::fs::write(&opml, outlines(pages))?;
    let newest = pages
        .iter()
        .map(|page| page.day.as_str())
        .max()
        .unwrap_or("2026-01-01");
    let settings = [
        format!("store.url={store}"),
        format!("gather.proxy=http://127.0.0.1:{port}"),
        "gather.host_delay_millis=0".to_owned(),
        format!("gather.max_age_hours={NIGHT_HOURS}"),
        format!("stories.window_hours={NIGHT_HOURS}"),
        "log.filter=error".to_owned(),
    ];
    let reveille = |arguments: &[&str]| {
        let mut command = Command::new(program());
        command
            .arg("--now")
            .arg(format!("{newest}T23:00:00Z"))
            .current_dir(folder);
        for setting in &settings {
            command.arg("--set").arg(setting);
        }
        command.args(arguments).stderr(Stdio::inherit());
        command
    };
    let opml = opml.display().to_string();
    for arguments in [
        &["sources", "import", &opml][..],
        &["brief", "add", "The Recorded Brief"],
        &["gather", "--all"],
        &["edition", "compile"],
    ] {
        let begun = Instant::now();
        let said = finished(reveille(arguments)).await?;
        println!(
            "  {:>6.2} s  {}",
            begun.elapsed().as_secs_f32(),
            said.trim().replace('\n', "\n            ")
        );
    }
    finished(reveille(&["edition", "show", "--format", "markdown"])).await
}

async fn finished(mut command: Command) -> Result<String, Box<dyn Error>> {
    let output = command.stdout(Stdio::piped()).spawn()?.wait_with_output().await?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The binary that was built beside this example.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors().nth(2).unwrap_or(Path::new(".")).join("reveille")
}

fn outlines(pages: &[Page]) -> String {
    let mut outlines = String::new();
    for host in pages::by_host(pages).keys() {
        let name = escape(host.trim_start_matches("www."));
        outlines += &format!("<outline type=\"rss\" text=\"{name}\" xmlUrl=\"http://{host}{FEED}\"/>\n");
    }
    format!(
        "<opml version=\"2.0\"><head><title>Recorded sites</title></head><body>\n{outlines}</body></opml>"
    )
}
