//! How long an edition of forty entries takes in each form: at most 50 ms, for print a second.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use reveille_brief::render::{
    Templates, epub, html_mail, json, json_ld, markdown, pdf, text, text_mail, web,
};
use reveille_model::{Edition, Entry};

#[path = "../tests/morning/mod.rs"]
mod morning;

/// The sample morning over and over.
fn forty() -> Edition {
    let mut edition = morning::edition();
    let all: Vec<Entry> = edition.entries().cloned().collect();
    let mut more = all.iter().cycle().take(40 - all.len()).cloned();
    for section in &mut edition.sections {
        section.entries.extend(more.by_ref().take(5));
    }
    edition.number();
    assert_eq!(edition.entries().count(), 40);
    edition
}

fn render(c: &mut Criterion) {
    let (edition, links) = (forty(), morning::links());
    let templates = Templates::built_in();
    let mut group = c.benchmark_group("forty entries");
    group.bench_function("mail", |b| {
        b.iter(|| html_mail(black_box(&edition), &links, &templates));
    });
    group.bench_function("mail text", |b| b.iter(|| text_mail(black_box(&edition), &links)));
    group.bench_function("text", |b| b.iter(|| text(black_box(&edition))));
    group.bench_function("web", |b| b.iter(|| web(black_box(&edition), &templates)));
    group.bench_function("linked data", |b| {
        b.iter(|| json_ld(black_box(&edition), "https://a.example/"));
    });
    group.bench_function("markdown", |b| b.iter(|| markdown(black_box(&edition))));
    group.bench_function("json", |b| b.iter(|| json(black_box(&edition))));
    let url = "https://brief.example/morning/2026-03-10";
    group.bench_function("epub", |b| b.iter(|| epub(black_box(&edition), url)));
    group.sample_size(20);
    group.bench_function("pdf", |b| b.iter(|| pdf(black_box(&edition), |_| Vec::new())));
}

criterion_group!(benches, render);
criterion_main!(benches);
