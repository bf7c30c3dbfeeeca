#!/usr/bin/env python3
"""Logistic weights of the pair model from lines of `lab stories`: fit.py PAIRS [--dated] [--contrast] [--sample SHARE]

A line: 1 or 0 for one story or not, two ids, days between, words of the shorter text, five similarities. Newton's method
with a ridge of 0.5; `--sample` takes only that share of the negative pairs and weighs them up. Standard library only.
"""
import argparse, collections, math, random, zlib

RIDGE, FARTHEST = 0.5, 3.0


def load(path, sample):
    draw, rows = random.Random(1), []
    for line in open(path, encoding="utf-8"):
        same = line[0] == "1"
        if same or sample >= 1 or draw.random() < sample:
            fields = line.rstrip("\n").split("\t")
            rows.append((int(same), fields[1], fields[2], float(fields[3]), list(map(float, fields[5:])), 1.0 if same else 1 / sample))
    return rows


def solve(matrix, vector):
    n = len(vector)
    rows = [row[:] + [value] for row, value in zip(matrix, vector)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i and rows[r][i]:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def fit(examples):
    """examples: [(1 or 0, features with a leading 1, weight)]"""
    n = len(examples[0][1])
    weights = [0.0] * n
    for _ in range(30):
        slope = [-RIDGE * w if i else 0.0 for i, w in enumerate(weights)]
        curve = [[RIDGE * (i == j > 0) + 1e-9 * (i == j) for j in range(n)] for i in range(n)]
        for same, x, weight in examples:
            p = 1 / (1 + math.exp(-max(-30, min(30, odds(weights, x)))))
            error, bend = (same - p) * weight, max(p * (1 - p), 1e-6) * weight
            for i in range(n):
                slope[i] += error * x[i]
                for j in range(n):
                    curve[i][j] += bend * x[i] * x[j]
        step = solve(curve, slope)
        weights = [w + s for w, s in zip(weights, step)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def odds(weights, x):
    return sum(w * value for w, value in zip(weights, x))


def best_f1(weights, examples):
    ranked = sorted(((odds(weights, x), same, weight) for same, x, weight in examples), reverse=True)
    positives, found, taken, best = sum(same * w for _, same, w in ranked), 0, 0, 0
    for _, same, weight in ranked:
        found, taken = found + same * weight, taken + weight
        best = max(best, 2 * found / (taken + positives))
    return best


def contrasted(rows, weights, features):
    """Odds of the pair, and how far it lies behind the nearest other neighbours of both."""
    value = [odds(weights, x) for _, x, _ in features]
    near = collections.defaultdict(list)
    for row, z in zip(rows, value):
        near[row[1]].append(z)
        near[row[2]].append(z)
    for zs in near.values():
        zs.sort(reverse=True)
    behind = lambda text, z: min(FARTHEST, max(0.0, (near[text] + [z])[int(near[text][0] <= z)] - z))
    return [(same, [1.0, z, behind(row[1], z) + behind(row[2], z)], w) for row, z, (same, _, w) in zip(rows, value, features)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs")
    parser.add_argument("--dated", action="store_true")
    parser.add_argument("--contrast", action="store_true")
    parser.add_argument("--sample", type=float, default=1.0)
    options = parser.parse_args()
    rows = load(options.pairs, options.sample)

    def features(row):
        days = min(row[3], 7.0)
        return [1.0] + row[4] + ([days, math.sqrt(days)] if options.dated else [])

    examples = [(row[0], features(row), row[5]) for row in rows]
    half = lambda text: zlib.crc32(text.encode()) % 2
    learnt = [e for e, row in zip(examples, rows) if half(row[1]) == half(row[2]) == 0]
    held = [e for e, row in zip(examples, rows) if half(row[1]) == half(row[2]) == 1]
    print("F1 on texts not learnt from", round(best_f1(fit(learnt), held), 3))
    weights = fit(examples)
    print("bias, five similarities, days, root of days:", [round(w, 2) for w in weights], "F1", round(best_f1(weights, examples), 3))
    if options.contrast:
        examples = contrasted(rows, weights, examples)
        weights = fit(examples)
        print("contrast:", [round(w, 2) for w in weights], "F1", round(best_f1(weights, examples), 3))


main()
