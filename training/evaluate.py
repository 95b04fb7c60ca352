"""Accuracy, confusion matrices, calibration and probe results of trained weights.

python training/evaluate.py --data DIR --cache DIR --model models/sentiment [--test]

Without --test only the development rows and the probes are read.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import corpus
import templates
from model import SentimentEncoder


def margins_of(model, tokenizer, texts):
    """[text] logit differences, positive minus negative, in 32-bit floats."""
    model.eval()
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    order = np.argsort([len(one) for one in ids], kind="stable")
    out = np.zeros(len(texts), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, len(order), 64):
            group = order[start: start + 64]
            longest = max(len(ids[i]) for i in group)
            table = torch.tensor([ids[i] + [0] * (longest - len(ids[i])) for i in group])
            attention = torch.tensor([[1] * len(ids[i]) + [0] * (longest - len(ids[i])) for i in group])
            logits = model(table, attention)
            out[group] = (logits[:, 1] - logits[:, 0]).numpy()
    return out


def written(rows):
    """Rows as a reader would type them."""
    return [corpus.detokenise(text) for text, _ in rows], np.array([label for _, label in rows])


def accuracy(model, tokenizer, rows):
    texts, labels = written(rows)
    return float(np.mean((margins_of(model, tokenizer, texts) > 0) == labels))


def probe_results(model, tokenizer):
    """{group: [(text, label, margin, right)]}."""
    results = {}
    for group, rows in templates.probes().items():
        margins = margins_of(model, tokenizer, [text for text, _ in rows])
        results[group] = [(text, label, float(margin), (margin > 0) == label)
                          for (text, label), margin in zip(rows, margins)]
    return results


def calibration_error(margins, labels, bins=15):
    """Expected calibration error of the winning class's probability."""
    sure = 1 / (1 + np.exp(-np.abs(margins)))
    right = (margins > 0) == labels
    place = np.minimum(((sure - 0.5) * 2 * bins).astype(int), bins - 1)
    return sum(abs(sure[place == b].mean() - right[place == b].mean()) * np.mean(place == b)
               for b in range(bins) if np.any(place == b))


def describe(name, model, tokenizer, rows):
    texts, labels = written(rows)
    margins = margins_of(model, tokenizer, texts)
    found = margins > 0
    table = [[int(np.sum((labels == true) & (found == guess))) for guess in (0, 1)] for true in (0, 1)]
    errors = {t: calibration_error(margins / t, labels) for t in (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75)}
    best = min(errors, key=errors.get)
    print(f"{name}: accuracy {np.mean(found == labels):.4f} of {len(rows)}, confusion (rows true, columns found) {table}, "
          f"calibration error {errors[1.0]:.4f}, {errors[best]:.4f} at temperature {best}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of tokenizer.json")
    parser.add_argument("--name", default="student", help="name of the weights in the cache folder")
    parser.add_argument("--test", action="store_true", help="read the two test sets as well")
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    model = SentimentEncoder()
    model.load_state_dict(torch.load(args.cache / f"{args.name}.pt"))

    chinese = corpus.read_chinese(args.data)
    for split in ("dev", "test") if args.test else ("dev",):
        describe(f"English {split}", model, tokenizer, corpus.read_sst2(args.data, split))
        describe(f"Chinese {split}", model, tokenizer, chinese[split])
    for group, rows in probe_results(model, tokenizer).items():
        print(f"{group}: {sum(right for *_, right in rows)} of {len(rows)}")
        for text, label, margin, right in rows:
            if not right:
                print(f"  missed {text} (label {label}, margin {margin:+.2f})")


if __name__ == "__main__":
    main()
