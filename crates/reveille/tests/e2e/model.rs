//! A model proposes words, and a person takes them or leaves them.

use std::{
    io::Read,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use reveille_testkit::web::{Web, answer};
use serde_json::{Value, json};

use crate::{
    ferry::morning,
    program::{Folder, Said},
};

/// A stand-in for a model: what it answers, and what it was asked.
struct Model {
    url: String,
    says: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Model {
    fn start() -> Self {
        let says: Arc<Mutex<String>> = Arc::default();
        let asked: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let (said, kept) = (Arc::clone(&says), Arc::clone(&asked));
        let url = Web::start().site("model", "/v1", move |request, stream| {
            let length = request.header("content-length").unwrap().parse().unwrap();
            let mut body = String::new();
            stream.take(length).read_to_string(&mut body)?;
            assert_eq!(request.path, "/v1/chat/completions");
            let token = request.header("authorization").unwrap_or_default().to_owned();
            kept.lock()
                .unwrap()
                .push((token, serde_json::from_str(&body).unwrap()));
            let said = said.lock().unwrap().clone();
            match said.as_str() {
                "401" => answer(stream, "401 Unauthorized", "", b"{}"),
                "slow" => {
                    thread::sleep(Duration::from_secs(5));
                    answer(stream, "200 OK", "", b"{}")
                }
                "nonsense" => answer(stream, "200 OK", "", b"<html>Busy</html>"),
                content => {
                    let completion = json!({"choices": [{"message": {"content": content}}]});
                    answer(
                        stream,
                        "200 OK",
                        "Content-Type: application/json\r\n",
                        completion.to_string().as_bytes(),
                    )
                }
            }
        });
        Self { url, says, asked }
    }

    fn says(&self, headline: &str, summary: &str) {
        *self.says.lock().unwrap() = json!({"headline": headline, "summary": summary}).to_string();
    }

    fn run(&self, folder: &Folder, arguments: &[&str]) -> Said {
        let url = format!("model.url={}", self.url);
        let settings = [
            "--now",
            "2026-03-10T04:40:00Z",
            "--set",
            &url,
            "--set",
            "model.name=small",
            "edition",
        ];
        folder.run(&[&settings[..], arguments].concat())
    }

    /// An editor takes these words for the model's.
    fn take(&self, folder: &Folder, number: &str, (headline, summary): (&str, &str)) -> Said {
        let words = [
            "reword",
            number,
            "--headline",
            headline,
            "--summary",
            summary,
            "--model",
            "small",
        ];
        self.run(folder, &words)
    }
}

fn entries(folder: &Folder) -> Vec<Value> {
    let shown = folder.ok(&[
        "--now",
        "2026-03-10T04:40:00Z",
        "edition",
        "show",
        "--format",
        "json",
    ]);
    let edition: Value = serde_json::from_str(&shown).unwrap();
    edition["sections"][0]["entries"].as_array().unwrap().clone()
}

/// The entry about the ferry.
fn ferry(folder: &Folder) -> (String, Value) {
    let all = entries(folder);
    let found = all
        .iter()
        .find(|entry| entry["headline"].as_str().unwrap().contains("Aurora"));
    let found = found.unwrap().clone();
    (found["number"].to_string(), found)
}

#[test]
fn words_are_proposed_beside_the_article_and_used_once_a_person_takes_them() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let model = Model::start();
    let before = entries(&folder);
    let (number, entry) = ferry(&folder);
    assert!(model.asked.lock().unwrap().is_empty(), "nobody asked for it");

    let (headline, summary) = (
        "Ferry Aurora sinks; all 214 saved",
        "The ferry Aurora sank off Northport with 214 aboard.",
    );
    model.says(headline, summary);
    let said = model.run(&folder, &["propose", &number]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for part in [
        headline,
        summary,
        "small proposes",
        "Nothing was changed",
        entry["summary"].as_str().unwrap(),
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert_eq!(entries(&folder), before);
    let asked = model.asked.lock().unwrap()[0].1.clone();
    assert_eq!(asked["model"], "small");
    let article: Value = serde_json::from_str(asked["messages"][1]["content"].as_str().unwrap()).unwrap();
    assert!(
        article["text"]
            .as_str()
            .unwrap()
            .contains("lost steering in the Kestrel channel"),
        "{article}"
    );

    let said = model.take(&folder, &number, (headline, summary));
    assert!(said.out.contains("checked"), "{} {}", said.out, said.err);
    let after = ferry(&folder).1;
    assert_eq!(
        (&after["headline"], &after["summary"]),
        (&headline.into(), &summary.into())
    );
    assert!(after["extract"].is_null());
    assert_eq!(after["proposed"]["taken_by"], "the command line");
    assert_eq!(model.asked.lock().unwrap().len(), 1);
    let approved = model.run(&folder, &["approve"]);
    assert_eq!(approved.code, Some(0), "{}", approved.err);
    let late = model.run(&folder, &["propose", &number]);
    assert!(late.err.contains("approved already"), "{}", late.err);
}

#[test]
fn what_the_article_does_not_say_is_not_used_whoever_takes_it() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let model = Model::start();
    let (before, (number, _)) = (entries(&folder), ferry(&folder));
    for (headline, summary, found) in [
        (
            "Ferry sinks with 300 aboard",
            "The ferry Aurora sank off Northport.",
            "300",
        ),
        (
            "Ferry sinks off Northport",
            "Captain Bo Zander left the Aurora first.",
            "Zander",
        ),
        (
            "Ferry sinks off Northport",
            "The coastguard called it “a miracle at sea”.",
            "a miracle at sea",
        ),
    ] {
        model.says(headline, summary);
        let said = model.run(&folder, &["propose", &number]);
        assert!(
            said.out.contains(found) && said.out.contains("cannot be used"),
            "{}",
            said.out
        );
        let said = model.take(&folder, &number, (headline, summary));
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(said.err.contains(found), "{}", said.err);
        assert_eq!(entries(&folder), before);
    }
}

#[test]
fn a_model_that_does_not_answer_as_it_should_is_told_by_what_it_did() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let model = Model::start();
    let before = entries(&folder);
    for (says, told) in [
        ("slow", "did not answer"),
        ("401", "401"),
        ("nonsense", "no chat completion: “<html>Busy</html>”"),
        (
            "As a model I would rather not.",
            "but: “As a model I would rather not.”",
        ),
    ] {
        *model.says.lock().unwrap() = says.to_owned();
        // Every other answer is waited for as long as a slow machine wants.
        let patience: &[&str] = match says {
            "slow" => &["--set", "model.timeout_seconds=1"],
            _ => &[],
        };
        let said = model.run(&folder, &[&["propose", "1"][..], patience].concat());
        assert_eq!(said.code, Some(1), "{says}: {}", said.out);
        assert!(said.err.contains(told), "{says}: {}", said.err);
    }
    assert_eq!(entries(&folder), before);
    let none = folder.run(&["--now", "2026-03-10T04:40:00Z", "edition", "propose", "1"]);
    assert!(none.err.contains("no model is set"), "{}", none.err);
}

#[test]
fn its_token_goes_with_each_question_and_never_in_clear_text_over_the_network() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let model = Model::start();
    model.says("Ferry sinks", "The ferry Aurora sank off Northport.");
    let token = folder.write("token", "sk-example\n");
    let url = format!("model.url={}", model.url.replace("model.localhost", "localhost"));
    let own = [
        "--now",
        "2026-03-10T04:40:00Z",
        "--set",
        &url,
        "--set",
        "model.name=small",
        "edition",
        "propose",
        "1",
    ];
    let mut command = folder.command(&own);
    let said = command
        .env("REVEILLE__MODEL__TOKEN_FILE", &token)
        .output()
        .unwrap();
    // The stand-in knows one name only, so what answers under another has nothing; the settings were taken.
    assert!(
        String::from_utf8_lossy(&said.stderr).contains("404"),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    let elsewhere = [
        "--set",
        "model.url=http://model.example/v1",
        "--set",
        "model.token=x",
        "config",
        "check",
    ];
    let refused = folder.run(&elsewhere);
    assert_eq!(refused.code, Some(2));
    for part in ["clear text", "model.name"] {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
    assert!(!refused.err.contains("sk-"), "{}", refused.err);
}
