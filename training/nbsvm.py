"""Out-of-fold NB-SVM logits for the Chinese rows and for pieces of them: the second opinion the student is trained on.

A piece is some clauses of one row, or of two rows of the same fold; the model that judges it has seen neither.

python training/nbsvm.py --cache DIR
"""

import argparse
import json
import random
import re
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

PIECES = 150_000


def rows(path):
    with open(path, encoding="utf-8") as file:
        texts, labels = zip(*map(json.loads, file))
    return list(texts), np.array(labels)


def ratios(features, labels):
    """Log-count ratios r of naive Bayes, one a feature."""
    positive, negative = (np.asarray(features[labels == label].sum(0)).ravel() + 1 for label in (1, 0))
    return np.log(positive / positive.sum()) - np.log(negative / negative.sum())


def fit(features, labels):
    """Logistic regression on r-weighted presence features."""
    weight = ratios(features, labels)
    model = LogisticRegression(C=0.1, solver="liblinear").fit(features.multiply(weight).tocsr(), labels)
    return lambda other: model.decision_function(csr_matrix(other.multiply(weight)))


def piece(texts, rng):
    """A few neighbouring clauses of one text, or of two put together."""
    parts = []
    for text in rng.sample(texts, rng.choice((1, 2))):
        clauses = [clause for clause in re.split(r"[，。！？,!?~\s]+", text) if clause]
        if clauses:
            first = rng.randrange(len(clauses))
            parts += clauses[first: first + rng.randint(1, 4)]
    return "，".join(parts)[:60] + rng.choice(("", "。", "！"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    args = parser.parse_args()
    texts, labels = rows(args.cache / "zh-train.jsonl")
    dev_texts, dev_labels = rows(args.cache / "zh-dev.jsonl")
    counter = CountVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, binary=True, dtype=np.float64)
    features = counter.fit_transform(texts)
    margins, pieces, verdicts = np.zeros(len(texts), dtype=np.float32), [], []
    rng = random.Random(7)
    for train, held in StratifiedKFold(5, shuffle=True, random_state=7).split(features, labels):
        judge = fit(features[train], labels[train])
        margins[held] = judge(features[held])
        own = [texts[i] for i in held]
        made = [piece(own, rng) for _ in range(PIECES // 5)]
        verdicts.append(judge(counter.transform(made)))
        pieces += made
    scale = LogisticRegression().fit(margins[:, None], labels).coef_[0, 0]  # to calibrated log-odds
    margins *= scale
    np.save(args.cache / "zh-train.nbsvm.npy", margins)
    np.save(args.cache / "zh-pieces.nbsvm.npy", (np.concatenate(verdicts) * scale).astype(np.float32))
    with open(args.cache / "zh-pieces.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps([text], ensure_ascii=False) + "\n" for text in pieces)
    dev = fit(features, labels)(counter.transform(dev_texts))
    print(f"out of fold {np.mean((margins > 0) == labels):.4f}, dev {np.mean((dev > 0) == dev_labels):.4f}, "
          f"mean |logit| {np.abs(margins).mean():.2f}")


if __name__ == "__main__":
    main()
