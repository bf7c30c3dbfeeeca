//! The edition for programs: its schema, and what search engines read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use morning::{all_kinds, brief, change, correction, edition, fill, one};
use proptest::prelude::*;
use reveille_brief::{
    edit, own_entry,
    render::{from_json, json, json_ld},
};
use reveille_model::{Check, EntryKind, Follows, Overruled};
use serde_json::Value;

const URL: &str = "https://brief.example.org/the-morning-brief/2026-03-10";

fn schema() -> Value {
    serde_json::from_str(include_str!("../schema/edition-1.json")).unwrap()
}

/// What of a value breaks a schema, by the keywords of JSON Schema (draft 2020-12) that ours uses; any other is a mistake of
/// the schema's.
fn faults(value: &Value, schema: &Value, root: &Value, at: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap() {
        let mut fault = |text: String| faults.push(format!("{at}: {text}"));
        match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                self::faults(value, &root["$defs"][name], root, at, faults);
            }
            "type" => {
                let allowed: Vec<&str> = match rule {
                    Value::Array(all) => all.iter().map(|one| one.as_str().unwrap()).collect(),
                    one => vec![one.as_str().unwrap()],
                };
                let is = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(number) if number.is_f64() && !allowed.contains(&"number") => "no integer",
                    Value::Number(_) if allowed.contains(&"number") => "number",
                    Value::Number(_) => "integer",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                };
                if !allowed.contains(&is) {
                    fault(format!("is {is}, not {allowed:?}"));
                }
            }
            "enum" if !rule.as_array().unwrap().contains(value) => fault(format!("is none of {rule}")),
            "const" if value != rule => fault(format!("is not {rule}")),
            "minimum" if value.as_i64().is_some_and(|value| value < rule.as_i64().unwrap()) => {
                fault("is too small".into());
            }
            "const" | "minimum" | "enum" => {}
            "oneOf" => {
                let fits = |schema: &&Value| {
                    let mut found = Vec::new();
                    self::faults(value, schema, root, at, &mut found);
                    found.is_empty()
                };
                let fitting = rule.as_array().unwrap().iter().filter(fits).count();
                if fitting != 1 {
                    fault(format!("fits {fitting} of oneOf"));
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                        fault(format!("lacks {name}"));
                    }
                }
            }
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        self::faults(value, schema, root, &format!("{at}/{name}"), faults);
                    }
                }
            }
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false));
                for name in value.as_object().into_iter().flat_map(serde_json::Map::keys) {
                    if schema["properties"].get(name).is_none() {
                        fault(format!("has an unknown {name}"));
                    }
                }
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    self::faults(value, rule, root, &format!("{at}/{index}"), faults);
                }
            }
            other => panic!("the schema uses {other}"),
        }
    }
}

fn checked(document: &Value) -> Vec<String> {
    let (schema, mut found) = (schema(), Vec::new());
    faults(document, &schema, &schema, "", &mut found);
    found
}

#[test]
fn the_json_form_is_as_its_schema_says() {
    let mut edition = edition();
    edition.corrections = vec![correction("It was the pond.")];
    edition.changes = vec![change(reveille_model::Fate::Withheld)];
    edition.tips = Some("tips@brief.example.org".parse().unwrap());
    edition.revision = 3;
    let written = morning::own(EntryKind::Sponsored, "Boats for all", None);
    let own = own_entry(&edition, written);
    edit::put(&mut edition, &brief(), "Calendar", own);
    let dropped = edition.sections[0].entries[1].key();
    assert!(edit::drop(&mut edition, dropped));
    edition.sections[0].entries[0].overruled.push(Overruled {
        check: Check::Numbers,
        said: "7".to_owned(),
        by: "Ann".to_owned(),
        at: morning::compiled(),
    });
    assert_eq!(from_json(&json(&edition)).unwrap(), edition);
    let document: Value = serde_json::from_str(&json(&edition)).unwrap();
    assert_eq!(checked(&document), [""; 0]);

    let mut edition = all_kinds();
    let mut wrong = correction("It was the pond.");
    wrong.by_headline = true;
    edition.corrections = vec![wrong];
    edition.sections[0].entries[0].follows = Some(Follows {
        day: morning::day().yesterday(),
        number: 3,
        headline: Some("Lake drained".to_owned()),
    });
    edition.revision = 1;
    let document: Value = serde_json::from_str(&json(&edition)).unwrap();
    assert_eq!(checked(&document), [""; 0]);
}

#[test]
fn the_schema_finds_what_is_not_so() {
    let mut document: Value = serde_json::from_str(&json(&edition())).unwrap();
    document["format"] = "reveille-edition/2".into();
    document["sections"][0]["entries"][0]["number"] = 0.into();
    document["sections"][0]["entries"][1]["headline"] = Value::Null;
    document["sections"][0]["entries"][2]["rumour"] = "yes".into();
    document["counts"].as_object_mut().unwrap().remove("words");
    let found = checked(&document);
    assert_eq!(found.len(), 5, "{found:?}");
}

#[test]
fn what_is_printed_is_taken_back() {
    let mut edition = edition();
    edition.corrections = vec![correction("It was the pond.")];
    edition.tips = Some("tips@brief.example.org".parse().unwrap());
    edition.edited = Some(edition.compiled);
    assert_eq!(from_json(&json(&edition)).unwrap(), edition);
    assert_eq!(
        from_json(&format!("\u{feff}{}", json(&edition))).unwrap(),
        edition
    );
}

#[test]
fn nothing_in_it_is_passed_over() {
    let refused = |change: fn(&mut Value)| {
        let mut document: Value = serde_json::from_str(&json(&edition())).unwrap();
        change(&mut document);
        let error = from_json(&document.to_string()).unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", source.unwrap_or_default())
    };
    let misspelt = refused(|document| {
        let entry = document["sections"][0]["entries"][2].as_object_mut().unwrap();
        let headline = entry.remove("headline").unwrap();
        entry.insert("headlne".to_owned(), headline);
    });
    assert!(
        misspelt.contains("`sections.0.entries.2.headlne`") && misspelt.contains("missing field `headline`"),
        "{misspelt}"
    );
    let added = refused(|document| document["rumour"] = "yes".into());
    assert!(
        added.contains("what no edition has; not known: `rumour`"),
        "{added}"
    );
    let later = refused(|document| document["format"] = "reveille-edition/2".into());
    assert!(
        later.contains("is `reveille-edition/2`; expected `reveille-edition/1`"),
        "{later}"
    );
    let bare = refused(|document| drop(document.as_object_mut().unwrap().remove("format")));
    assert!(bare.contains("`format` is missing"), "{bare}");
    assert!(from_json("no JSON").is_err());
}

#[test]
fn search_engines_read_the_edition_and_its_articles() {
    let document: Value = serde_json::from_str(&json_ld(&edition(), URL)).unwrap();
    assert_eq!(document["@type"], "NewsArticle");
    assert_eq!(document["datePublished"], "2026-03-10T05:15:00Z");
    let list = &document["mainEntity"];
    assert_eq!(list["numberOfItems"], 15);
    let expected = serde_json::json!({
      "@type": "ListItem",
      "item": {
        "@type": "NewsArticle",
        "abstract": "Three island states have asked their larger neighbour for a date to resume talks on fishing grounds that both sides claim, officials said on Monday.",
        "datePublished": "2026-03-10T04:55:00Z",
        "headline": "Island states ask for new talks on fishing grounds",
        "inLanguage": "en",
        "publisher": {
          "@type": "Organization",
          "name": "Harbour Courier"
        },
        "sourceOrganization": {
          "@type": "Organization",
          "name": "Northern Wire"
        },
        "url": "https://harbour-courier.example/2026/03/10/1"
      },
      "position": 1,
      "url": "https://brief.example.org/the-morning-brief/2026-03-10#entry-1"
    });
    assert_eq!(list["itemListElement"][0], expected);
}

proptest! {
    #[test]
    fn nothing_in_the_linked_data_ends_its_element(words in "</script>|<!--|[<>&\"'/!a-z\u{2028}\r\n-]{0,40}") {
        let mut edition = one(|entry| fill(entry, &words));
        edition.name.clone_from(&words);
        let block = json_ld(&edition, URL);
        prop_assert!(!block.contains(['<', '>', '&']));
        let document: Value = serde_json::from_str(&block).unwrap();
        prop_assert_eq!(&document["mainEntity"]["itemListElement"][0]["item"]["headline"], &Value::String(words));
    }
}
