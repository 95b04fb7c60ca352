"""Reads the review corpora and keeps training, development and test rows apart.

Not a data set of its own: every function reads the published files under the data folder.
The two test sets are read here only to drop their near-duplicates from the training rows.
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

DEV_RESIDUE, DEV_MODULUS = 3, 20      # Chinese development rows: i % 20 == 3
TEST_RESIDUE, TEST_MODULUS = 7, 10    # Chinese test rows: i % 10 == 7
SHARED_NGRAMS = 0.6                   # share of a test text's 5-grams that makes a near-duplicate


def detokenise(text):
    """Turns SST-2's spaced tokens into ordinary writing ("it 's good ." -> "it's good.")."""
    text = text.strip().replace("-lrb-", "(").replace("-rrb-", ")").replace("``", '"').replace("''", '"')
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    text = re.sub(r"\bca n't|\bcan n't", "can't", text)
    text = re.sub(r" ([.,!?;:%)])", r"\1", text)
    text = re.sub(r"([($]) ", r"\1", text)
    return re.sub(r"\s+", " ", text)


def mask_digits(text):
    """Hides telephone and account numbers (8 digits or more)."""
    return re.sub(r"\d{8,}", "00", text)


def read_sst2(data, split):
    """[(text as published, label)] of `train`, `dev` or `test`."""
    with open(Path(data) / "sentiment-en" / f"sst2-{split}.tsv", encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [(row[0].strip(), int(row[1])) for row in rows]


def read_chinese(data):
    """{"train" | "dev" | "test": [(text, label)]}; the train rows still hold near-duplicates."""
    splits = {"train": [], "dev": [], "test": []}
    path = Path(data) / "sentiment-zh" / "zh_short_4to60_dedup.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        for index, row in enumerate(csv.DictReader(file)):
            if index % TEST_MODULUS == TEST_RESIDUE:
                split = "test"
            elif index % DEV_MODULUS == DEV_RESIDUE:
                split = "dev"
            else:
                split = "train"
            splits[split].append((mask_digits(row["text"].strip()), int(row["label"])))
    return splits


def read_hotels(data):
    """[(text, label)] of the longer Chinese hotel reviews (noisy labels)."""
    path = Path(data) / "sentiment-zh" / "ChnSentiCorp_htl_all.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [(mask_digits(row["review"].strip()), int(row["label"]))
                for row in csv.DictReader(file) if row["review"].strip()]


def read_imdb(data):
    """[(review, label)] of every IMDB file in the data folder."""
    rows = []
    for path in sorted((Path(data) / "sentiment-en" / "imdb").glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            rows += [(row["text"].replace("\n", " "), int(row["label"])) for row in csv.DictReader(file)]
    return rows


def sentences(review, least=3, most=40):
    """Sentences of `least` to `most` words of an English review."""
    parts = re.split(r"(?<=[.!?])\s+", re.sub(r"<br */?>", " ", review))
    return [part.strip() for part in parts if least <= len(part.split()) <= most]


def char_ngrams(text, size=5):
    """Character n-grams without punctuation and spaces: the measure for Chinese."""
    text = re.sub(r"[\W_]+", "", text.lower())
    return {text[i:i + size] for i in range(max(1, len(text) - size + 1))}


def word_ngrams(text, size=5):
    """Word n-grams without punctuation: the measure for English."""
    words = re.findall(r"[a-z0-9']+", detokenise(text).lower())
    return {" ".join(words[i:i + size]) for i in range(max(1, len(words) - size + 1))}


def without_near_duplicates(rows, tests, ngrams):
    """Drops rows that hold 60 % or more of the n-grams of one of the `tests` texts."""
    owners, sizes = defaultdict(list), []
    for index, text in enumerate(tests):
        grams = ngrams(text)
        sizes.append(len(grams))
        for gram in grams:
            owners[gram].append(index)
    kept = []
    for row in rows:
        shared = defaultdict(int)
        for gram in ngrams(row[0]):
            for index in owners.get(gram, ()):
                shared[index] += 1
        if all(count < SHARED_NGRAMS * sizes[index] for index, count in shared.items()):
            kept.append(row)
    return kept
