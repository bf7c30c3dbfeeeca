#!/usr/bin/env python3
"""In what share of texts each common English word stands: words.py DOCS.jsonl.. > words.tsv

Several collections are weighed alike. Words of fewer than four letters are left out (the grouping does not read them),
and so is what is mostly written with a capital inside a sentence: the table is to hold the language, not the news of
the years that it was counted in.
"""
import collections, json, re, sys

LEAST = 0.015
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def main():
    share, capital, seen = collections.Counter(), collections.Counter(), collections.Counter()
    for path in sys.argv[1:]:
        texts, count = 0, collections.Counter()
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            text = row["text"]
            if len(text) < 400:
                continue
            texts += 1
            distinct = set()
            for match in WORD.finditer(text):
                word = match.group().replace("'", "").replace("’", "")
                low = word.lower()
                distinct.add(low)
                if match.start() > 1 and text[match.start() - 2].isalnum():
                    seen[low] += 1
                    capital[low] += word[0].isupper()
            count.update(distinct)
        for word, n in count.items():
            share[word] += n / texts / len(sys.argv[1:])
    for word, part in sorted(share.items(), key=lambda item: (-item[1], item[0])):
        common = capital[word] <= 0.25 * max(1, seen[word])
        if part >= LEAST and len(word) >= 4 and word.isascii() and common:
            print(f"{word}\t{part:.3f}")


main()
