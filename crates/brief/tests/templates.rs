//! Operators' own templates in the place of ours.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use morning::{edition, html_mail, links, one};
use reveille_brief::{
    Sources, preflight,
    render::{self, Form, Templates},
};

fn with(form: Form, text: &str) -> Templates {
    let mut templates = Templates::built_in();
    templates.replace(None, form, text.to_owned()).unwrap();
    templates
}

#[test]
fn ours_render_the_sample_with_and_without_everything() {
    let made = Templates::built_in().check().unwrap();
    let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["mail.html", "web.html"]);
    for (_, made) in made {
        assert!(made.contains("Harbour &#60;reopens&#62; &#38; ferries sail again"));
        assert!(made.contains("=\"https://courier.example/2026/03/10/ferry?a=1&#38;b=2\""));
    }
}

#[test]
fn a_template_of_ones_own_takes_the_place_of_ours_for_its_brief_or_for_all() {
    let (edition, links) = (edition(), links());
    let mut templates = with(Form::Mail, "{{ name }} for all");
    let made = |templates: &Templates| render::html_mail(&edition, &links, templates).unwrap();
    assert_eq!(made(&templates), "The Morning Brief for all");
    let other = "evening".parse().unwrap();
    templates
        .replace(Some(&other), Form::Mail, "not asked for".to_owned())
        .unwrap();
    assert_eq!(made(&templates), "The Morning Brief for all");
    templates
        .replace(
            Some(&edition.slug),
            Form::Mail,
            "{{ links.unsubscribe }}".to_owned(),
        )
        .unwrap();
    assert_eq!(made(&templates), links.unsubscribe);
    let mut as_ours = with(Form::Mail, Form::Mail.built_in());
    assert_eq!(made(&as_ours), html_mail(&edition, &links));
    for form in Form::ALL {
        as_ours
            .replace(Some(&other), form, form.built_in().to_owned())
            .unwrap();
    }
    assert_eq!(as_ours.check().unwrap().len(), 5);
}

#[test]
fn a_template_without_entries_or_without_the_way_out_is_refused() {
    let ours = Form::Mail.built_in();
    for (form, text, missing) in [
        (Form::Web, String::new(), "headline"),
        (Form::Mail, "<p>hi".to_owned(), "headline"),
        (
            Form::Mail,
            ours.replace("links.unsubscribe", "links.edition"),
            "links.unsubscribe",
        ),
        (
            Form::Mail,
            ours.replace("links.identity", "name"),
            "links.identity",
        ),
    ] {
        let error = with(form, &text).check().unwrap_err().to_string();
        assert!(
            error.contains("it leaves out") && error.contains(missing),
            "{error}"
        );
    }
}

#[test]
fn what_a_template_does_wrong_is_told_with_its_line() {
    // A template reaches no other file.
    for text in ["<p>\n{% if %}", "<p>\n{% include 'other.html' %}"] {
        let replaced = Templates::built_in().replace(None, Form::Mail, text.to_owned());
        let error = replaced.unwrap_err().to_string();
        assert!(
            error.starts_with("the template own/mail.html, line 2: "),
            "{error}"
        );
    }
    for (text, line) in [
        ("{{ nmae }}", 1),
        ("\n{% for s in sections %}{{ s.title }}{% endfor %}", 2),
        ("\n\n{{ sections }}", 3),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}.{% endfor %}{% endfor %}",
            1,
        ),
    ] {
        let error = with(Form::Mail, text).check().unwrap_err().to_string();
        assert!(
            error.contains(&format!("own/mail.html, line {line}: ")),
            "{text}: {error}"
        );
        let findings = preflight(&edition(), &Sources::default(), &with(Form::Mail, text));
        assert!(
            findings[0].text.contains("own/mail.html"),
            "an edition is not approved: {findings:?}"
        );
    }
}

#[test]
fn gathered_text_stays_text_in_a_template_of_ones_own() {
    let edition = one(|entry| entry.headline = "<script>alert('1')</script> {{ name }}".to_owned());
    let text = "{% for section in sections %}{% for entry in section.entries %}{{ entry.headline }}{% endfor %}{% endfor %}";
    let made = render::web(&edition, &with(Form::Web, text)).unwrap();
    assert_eq!(
        made,
        "&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62; {{ name }}"
    );
}
