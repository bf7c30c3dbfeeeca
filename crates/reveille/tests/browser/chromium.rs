//! A headless Chromium, driven over WebDriver.

use std::{
    io::{BufRead, BufReader},
    panic::{AssertUnwindSafe, resume_unwind},
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures_util::FutureExt;
use thirtyfour::{common::capabilities::chromium::ChromiumLikeCapabilities, prelude::*};

const CHROMIUM: &str = "/usr/bin/chromium";
const CHROMEDRIVER: &str = "/usr/bin/chromedriver";

/// So often is looked, so long apart, whether a page shows what it is to show.
const LOOKS: u32 = 2_400;
const LOOK: Duration = Duration::from_millis(50);

/// Quiet, without a network of its own, and able to run as root in a container.
const FLAGS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Whether pages may run script.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    On,
    Off,
}

/// One browser with its driver.
pub(crate) struct Browser {
    web: WebDriver,
    _driver: Driver,
    _profile: tempfile::TempDir,
}

/// The process that drives the browser. It is stopped when this is dropped.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Starts one that believes to be in the time zone `zone`.
    pub(crate) async fn start(script: Script, zone: &str) -> Self {
        for (program, package) in [(CHROMIUM, "chromium"), (CHROMEDRIVER, "chromium-driver")] {
            assert!(
                std::path::Path::new(program).exists(),
                "{program} is missing: apt-get install {package}"
            );
        }
        // A second test of this process finds the first one's provider in place.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let (driver, port) = start_driver(zone);
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(CHROMIUM).unwrap();
        for flag in FLAGS {
            wanted.add_arg(flag).unwrap();
        }
        let data = format!("--user-data-dir={}", profile.path().display());
        wanted.add_arg(&data).unwrap();
        if script == Script::Off {
            // 2 is "block" in Chromium's content settings.
            let prefs = serde_json::json!({ "profile.managed_default_content_settings.javascript": 2 });
            wanted.add_experimental_option("prefs", prefs).unwrap();
        }
        let web = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted)
            .await
            .unwrap();
        web.set_implicit_wait_timeout(Duration::from_secs(20))
            .await
            .unwrap();
        Self {
            web,
            _driver: driver,
            _profile: profile,
        }
    }

    /// Walks, and closes the browser however the walk ends.
    pub(crate) async fn through<T>(&self, walk: impl Future<Output = T>) -> T {
        let outcome = AssertUnwindSafe(walk).catch_unwind().await;
        self.web.clone().quit().await.unwrap();
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }

    pub(crate) async fn open(&self, address: &str) {
        self.web.goto(address).await.unwrap();
    }

    pub(crate) async fn address(&self) -> String {
        self.web.current_url().await.unwrap().to_string()
    }

    async fn find(&self, by: By) -> WebElement {
        match self.web.find(by).await {
            Ok(found) => found,
            Err(error) => panic!("{error} in {}", self.web.source().await.unwrap_or_default()),
        }
    }

    pub(crate) async fn text(&self, selector: &str) -> String {
        self.find(By::Css(selector)).await.text().await.unwrap()
    }

    /// Waits until the element says this: a click returns before the page that it leads to is there.
    pub(crate) async fn shows(&self, selector: &str, expected: &str) {
        self.wait_for(selector, expected, |text| text == expected).await;
    }

    /// The same where it says more than this.
    pub(crate) async fn shows_part(&self, selector: &str, part: &str) {
        self.wait_for(selector, part, |text| text.contains(part)).await;
    }

    async fn wait_for(&self, selector: &str, expected: &str, fits: impl Fn(&str) -> bool) {
        let mut found = String::new();
        for _ in 0..LOOKS {
            if let Ok(element) = self.web.find(By::Css(selector)).await
                && let Ok(text) = element.text().await
            {
                if fits(&text) {
                    return;
                }
                found = text;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{selector} says {found:?}, and not {expected:?}");
    }

    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.web.find_all(By::Css(selector)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// Runs a script in the page; what it returns.
    pub(crate) async fn run(&self, script: &str) -> serde_json::Value {
        let done = self.web.execute(script, Vec::new()).await;
        done.unwrap().json().clone()
    }

    pub(crate) async fn click(&self, selector: &str) {
        self.find(By::Css(selector)).await.click().await.unwrap();
    }

    /// Clicks the first link whose words begin or go on like this.
    pub(crate) async fn follow(&self, words: &str) {
        self.find(By::PartialLinkText(words)).await.click().await.unwrap();
    }

    /// Follows the link in the line that holds these words.
    pub(crate) async fn follow_line(&self, words: &str) {
        let path = format!("//li[contains(., '{words}')]//a");
        self.find(By::XPath(path)).await.click().await.unwrap();
    }

    pub(crate) async fn write(&self, selector: &str, text: impl Into<TypingData>) {
        self.find(By::Css(selector)).await.send_keys(text).await.unwrap();
    }

    /// Selects what a person would see in a list.
    pub(crate) async fn select(&self, selector: &str, words: &str) {
        let path = format!("//select[@id='{}']/option[text()='{words}']", &selector[1..]);
        self.find(By::XPath(path)).await.click().await.unwrap();
    }

    /// Waits until what has this id has the focus: `autofocus` acts only once the page is drawn.
    pub(crate) async fn focuses(&self, id: &str) {
        let mut found = None;
        for _ in 0..LOOKS {
            if let Ok(element) = self.web.active_element().await
                && let Ok(focused) = element.attr("id").await
            {
                if focused.as_deref() == Some(id) {
                    return;
                }
                found = focused;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("the focus is on {found:?}, and not on {id:?}");
    }

    /// Opens a page again and again until one of its `lines` holds `words`; those that do.
    pub(crate) async fn lines_with(&self, address: &str, lines: &str, words: &str) -> Vec<String> {
        for _ in 0..LOOKS {
            self.open(address).await;
            let mut found = self.texts(lines).await;
            found.retain(|line| line.contains(words));
            if !found.is_empty() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("no line of {address} holds {words:?}");
    }
}

/// The driver and the port that it chose.
fn start_driver(zone: &str) -> (Driver, String) {
    let mut child = Command::new(CHROMEDRIVER)
        .arg("--port=0")
        .env("TZ", zone)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let driver = Driver(child);
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            Some(
                line.split_once("successfully on port ")?
                    .1
                    .trim_end_matches('.')
                    .to_owned(),
            )
        })
        .unwrap();
    // What the driver prints later is of no interest, but it must find a reader.
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port)
}
