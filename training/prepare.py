"""Writes the training and development rows to the cache folder as JSON lines.

python training/prepare.py --data DIR --cache DIR
"""

import argparse
import json
import random
from pathlib import Path

import corpus

IMDB_SENTENCES = 160_000
IMDB_PASSAGES = 6_000
JOINS = 30_000
CONTRAST = (" but ", " though", " although ", " however", " yet ", " despite ", " not ", "n't ", " never ",
            " nothing ", " hardly ", " without ", " too ", " no ")
JOINTS = ("{a}, but {b}", "{a} but {b}", "although {a}, {b}", "{b}, even though {a}", "while {a}, {b}",
          "{a}; still, {b}", "{a}. however, {b}", "despite being {a}, it's {b}", "{a}, yet {b}")


def imdb_sentences(reviews, tests, seed):
    """Unlabelled English sentences; half of them hold a negation or a contrast."""
    rng = random.Random(seed)
    plain, marked = [], []
    for review, _ in reviews:
        for text in corpus.sentences(review, least=2, most=32):
            (marked if any(word in f" {text.lower()} " for word in CONTRAST) else plain).append((text,))
    rng.shuffle(plain)
    rng.shuffle(marked)
    half = IMDB_SENTENCES // 2
    return corpus.without_near_duplicates(plain[:half] + marked[:half], tests, corpus.word_ngrams)


def passages(reviews, seed):
    """Whole labelled stretches of 60 to 330 words: they train the far positions."""
    rng = random.Random(seed + 1)
    rows = []
    for review, label in rng.sample(reviews, IMDB_PASSAGES):
        words = review.split()
        if len(words) >= 60:
            rows.append((" ".join(words[: rng.randint(60, 330)]), label))
    return rows


def joins(train, seed):
    """Two SST-2 phrases of opposite labels in one sentence, for the teacher to judge."""
    rng = random.Random(seed + 2)
    by_label = {label: [corpus.detokenise(text).rstrip(" .!") for text, own in train
                        if own == label and 2 <= len(text.split()) <= 9] for label in (0, 1)}
    rows = []
    for _ in range(JOINS):
        first = rng.randint(0, 1)
        a, b = rng.choice(by_label[first]), rng.choice(by_label[1 - first])
        rows.append((rng.choice(JOINTS).format(a=a, b=b) + rng.choice((".", ".", "")),))
    return rows


def write(path, rows):
    """One JSON array a line."""
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{path.name}: {len(rows)} rows")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)

    dev = corpus.read_sst2(args.data, "dev")
    english_tests = [text for text, _ in corpus.read_sst2(args.data, "test") + dev]
    exact = {corpus.detokenise(text).strip(" .,!?").lower() for text in english_tests}
    train = [row for row in corpus.read_sst2(args.data, "train")
             if corpus.detokenise(row[0]).strip(" .,!?").lower() not in exact]
    train = corpus.without_near_duplicates(train, [t for t in english_tests if len(t.split()) >= 8],
                                           corpus.word_ngrams)
    write(args.cache / "en-train.jsonl", train)
    write(args.cache / "en-dev.jsonl", dev)

    chinese = corpus.read_chinese(args.data)
    chinese_tests = [text for text, _ in chinese["test"] + chinese["dev"]]
    write(args.cache / "zh-train.jsonl",
          corpus.without_near_duplicates(chinese["train"], chinese_tests, corpus.char_ngrams))
    write(args.cache / "zh-dev.jsonl", chinese["dev"])
    write(args.cache / "zh-hotels.jsonl",
          corpus.without_near_duplicates(corpus.read_hotels(args.data), chinese_tests, corpus.char_ngrams))

    write(args.cache / "en-joins.jsonl", joins(train, args.seed))
    reviews = corpus.read_imdb(args.data)
    write(args.cache / "en-passages.jsonl", passages(reviews, args.seed))
    write(args.cache / "en-sentences.jsonl", imdb_sentences(reviews, english_tests, args.seed))


if __name__ == "__main__":
    main()
