//! Scores the parser on the html5lib tests that bear on text: `html5lib FOLDER [--misses]` prints, as JSON, the share of
//! the tokenizer's cases with the expected characters, and of the tree builder's with the expected lines of text.
//!
//! A line is the text between two elements that break lines, so that equal lines mean that paragraphs are divided as
//! the standard divides them. Cases of fragments, and of elements that hold no text of a page, are left out.

use std::{env, fs, io, path::Path};

use reveille_extract::parse::{Document, Tag, decode_into};
use serde_json::{Value, json};

/// Elements whose text is none of a page.
const SILENT: [&str; 10] = [
    "head", "title", "script", "style", "noscript", "template", "iframe", "noembed", "noframes", "svg",
];

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let misses = env::args().any(|argument| argument == "--misses");
    let mut report = serde_json::Map::new();
    for (metric, folder, read) in [
        (
            "tokenizer",
            Path::new(&folder).join("tokenizer"),
            tokenizer as Read,
        ),
        ("tree", Path::new(&folder).join("tree-construction"), tree as Read),
    ] {
        let (mut equal, mut all) = (0_u32, 0_u32);
        let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
        files.sort_by_key(fs::DirEntry::file_name);
        for file in files {
            for case in read(&fs::read_to_string(file.path())?) {
                let found = (case.found)(&case.input);
                all += 1;
                equal += u32::from(found == case.expected);
                if misses && found != case.expected {
                    println!(
                        "{:?} {:?}\n  expected {:?}\n  found    {found:?}",
                        file.file_name(),
                        case.input,
                        case.expected
                    );
                }
            }
        }
        report.insert(format!("{metric}_cases"), json!(all));
        report.insert(
            format!("{metric}_equal"),
            json!(f64::from(equal) / f64::from(all.max(1))),
        );
    }
    println!("{}", Value::Object(report));
    Ok(())
}

/// One input, the lines that come of it, and how this crate finds them.
struct Case {
    input: String,
    expected: Vec<String>,
    found: fn(&str) -> Vec<String>,
}

type Read = fn(&str) -> Vec<Case>;

/// The tokenizer's cases that begin in the state for data and hold none but ordinary elements.
fn tokenizer(file: &str) -> Vec<Case> {
    let file: Value = serde_json::from_str(file).unwrap_or_default();
    let tests = file["tests"].as_array().cloned().unwrap_or_default();
    tests.iter().filter_map(tokens_of).collect()
}

fn tokens_of(test: &Value) -> Option<Case> {
    let states = test["initialStates"].as_array();
    if states.is_some_and(|states| !states.iter().any(|state| state == "Data state")) {
        return None;
    }
    let escaped = test["doubleEscaped"] == true;
    let text = |value: &Value| {
        let text = value.as_str()?;
        if escaped {
            unescaped(text)
        } else {
            Some(text.to_owned())
        }
    };
    let mut expected = String::new();
    for token in test["output"].as_array()? {
        match token[0].as_str()? {
            "Character" => expected.push_str(&text(&token[1])?),
            // The tree builder reads what is inside as text, or drops it.
            "StartTag" if SILENT.contains(&token[1].as_str()?) => return None,
            _ => {}
        }
    }
    Some(Case {
        input: text(&test["input"])?,
        expected: vec![folded(&expected)],
        found: |input| vec![folded(&lines(input).concat())],
    })
}

/// `\u00e9` written out; none where that is half a pair.
fn unescaped(text: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{}\"", text.replace('"', "\\\"").replace('\n', "\\n"))).ok()
}

/// The tree builder's cases of whole documents with text in them.
fn tree(file: &str) -> Vec<Case> {
    let tests = file
        .split("\n\n#data\n")
        .map(|test| test.trim_start_matches("#data\n"));
    tests.filter_map(tree_of).collect()
}

fn tree_of(test: &str) -> Option<Case> {
    let (input, rest) = test.split_once("\n#errors")?;
    let (before, document) = rest.split_once("#document\n")?;
    if before.contains("#document-fragment") || before.contains("#script-on") {
        return None;
    }
    let expected = lines_of(document);
    (!expected.is_empty()).then(|| Case {
        input: input.to_owned(),
        expected,
        found: lines,
    })
}

/// The lines of text of an expected tree: `| ` and two spaces a level.
fn lines_of(document: &str) -> Vec<String> {
    let mut lines = Lines::default();
    // A text may hold line breaks; its first line alone is marked.
    let marked = format!("\n{document}");
    for node in marked.split("\n| ").skip(1) {
        let name = node.trim_start();
        let depth = (node.len() - name.len()) / 2;
        if let Some(text) = name.strip_prefix('"') {
            lines.text(text.trim_end().trim_end_matches('"'), depth);
        } else if let Some(element) = name.strip_prefix('<').filter(|name| !name.starts_with('!')) {
            let element = element.trim_end().trim_end_matches('>');
            lines.element(element.rsplit(' ').next().unwrap_or_default(), depth);
        } else {
            continue;
        }
    }
    lines.done()
}

/// The lines of text that this crate's parser finds.
fn lines(page: &str) -> Vec<String> {
    let document = Document::parse(page);
    let mut lines = Lines::default();
    for at in 1..document.nodes().len() {
        let depth = document.ancestors(at).count();
        match document.node(at).tag {
            Tag::Text => {
                let mut text = String::new();
                decode_into(document.raw_text(at), false, &mut text);
                lines.text(&text, depth);
            }
            Tag::Raw => lines.text(document.raw_text(at), depth),
            _ => lines.element(&document.name(at).to_ascii_lowercase(), depth),
        }
    }
    lines.done()
}

/// Lines being gathered from a tree in its order.
#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    /// The depths of the open elements that break lines or are silent, and which it is.
    open: Vec<(usize, bool)>,
}

impl Lines {
    fn close(&mut self, depth: usize) {
        while let Some((_, silent)) = self.open.pop_if(|(open, _)| *open >= depth) {
            if !silent {
                self.end_line();
            }
        }
    }

    fn element(&mut self, name: &str, depth: usize) {
        self.close(depth);
        let silent = SILENT.contains(&name);
        if silent || Tag::of(name.as_bytes()).breaks_line() {
            if !silent {
                self.end_line();
            }
            self.open.push((depth, silent));
        }
    }

    fn text(&mut self, text: &str, depth: usize) {
        self.close(depth);
        if !self.open.iter().any(|(_, silent)| *silent) {
            self.line.push_str(text);
        }
    }

    fn end_line(&mut self) {
        let line = folded(&std::mem::take(&mut self.line));
        if !line.is_empty() {
            self.done.push(line);
        }
    }

    fn done(mut self) -> Vec<String> {
        self.end_line();
        self.done
    }
}

/// White space folded, as where pages are read; U+0000 is dropped there.
fn folded(text: &str) -> String {
    text.replace('\0', "")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
