"""Trains the sentiment encoder from scratch and keeps its averaged weights.

python training/train.py --cache DIR --model models/sentiment --epochs 10 --seed 7

Each epoch draws other IMDB sentences, joins and templates; the SST-2 and Chinese rows come every time.
A row has a label with a weight and, where a teacher spoke, a soft margin with a weight.
"""

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import corpus
import templates
from evaluate import accuracy, probe_results
from model import SentimentEncoder

SENTENCES, JOINS, PIECES, HOTELS, PASSAGES, CHAINS = 50_000, 10_000, 30_000, 3_500, 1_200, 3_000
TEMPLATES = {"en": 20_000, "zh": 16_000}
SMOOTHING, TEMPERATURE, WORD_DROPOUT, TOKENS = 0.05, 2.0, 0.06, 2048


@dataclass
class Row:
    """One training text. `margin` is the teacher's logit difference, positive minus negative."""

    text: str
    label: float = 0.5
    hard: float = 0.0
    margin: float = 0.0
    soft: float = 0.0
    masked: bool = True


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def margins(path, size):
    """Teacher margins, positive minus negative; None for rows that have only labels."""
    if not path.exists():
        return None
    logits = np.load(path)
    assert len(logits) == size, path
    return logits if logits.ndim == 1 else logits[:, 1] - logits[:, 0]


class Corpus:
    """The training rows; `epoch` draws one epoch of them."""

    def __init__(self, cache, seed):
        self.rng, self.seed = random.Random(seed), seed
        self.rows, self.soft = {}, {}
        for name in ("en-train", "en-sentences", "en-joins", "en-passages", "zh-train", "zh-pieces",
                     "zh-hotels"):
            self.rows[name] = read(cache / f"{name}.jsonl")
            kind = "nbsvm" if name.startswith("zh") else "teacher"
            self.soft[name] = margins(cache / f"{name}.{kind}.npy", len(self.rows[name]))

    def draw(self, name, count):
        return self.rng.sample(range(len(self.rows[name])), count)

    def written(self, text):
        """SST-2 text as published or as ordinary writing, sometimes without its last stop."""
        text = text if self.rng.random() < 0.35 else corpus.detokenise(text)
        return text.rstrip(" .") if self.rng.random() < 0.2 else text

    def taught(self, name, count):
        """Unlabelled texts with the teacher's margins."""
        return [Row(corpus.detokenise(self.rows[name][i][0]), margin=self.soft[name][i], soft=1.0)
                for i in self.draw(name, count)]

    def labelled(self, name, soft_share, written=str):
        rows, soft = self.rows[name], self.soft[name]
        return [Row(written(text), label, 1 - soft_share, margin, soft_share)
                for (text, label), margin in zip(rows, soft)]

    def chains(self):
        """Two to seven rows of one label in a row, to train longer texts."""
        out = []
        for name, gap in (("en-train", " "), ("zh-train", "，")):
            by_label = {label: [text for text, own in self.rows[name] if own == label] for label in (0, 1)}
            for _ in range(CHAINS // 2):
                label = self.rng.randint(0, 1)
                texts = self.rng.choices(by_label[label], k=self.rng.randint(2, 7))
                out.append(Row(gap.join(self.written(text) for text in texts), label, 0.7))
        return out

    def epoch(self, number):
        rows = self.labelled("en-train", 0.6, self.written) + self.labelled("zh-train", 0.35)
        rows += self.taught("en-sentences", SENTENCES) + self.taught("en-joins", JOINS)
        rows += self.taught("zh-pieces", PIECES) + self.chains()
        rows += [Row(*self.rows["zh-hotels"][i], 0.5) for i in self.draw("zh-hotels", HOTELS)]
        rows += [Row(*self.rows["en-passages"][i], 1.0) for i in self.draw("en-passages", PASSAGES)]
        for language, count in TEMPLATES.items():
            rows += [Row(text, label, 1.0, masked=False)
                     for text, label in templates.sample(language, count, 1000 * self.seed + number)]
        return rows


def batches(tokenizer, rows, rng):
    """Tensors of about TOKENS padded tokens, of similar length, in random order."""
    ids = [encoding.ids for encoding in tokenizer.encode_batch([row.text for row in rows])]
    lengths = np.array([len(one) for one in ids])
    order = np.argsort(lengths + rng.uniform(-2, 2, len(rows)), kind="stable")
    groups, group, longest = [], [], 0
    for index in order:
        longest = max(longest, lengths[index])
        if group and (len(group) + 1) * longest > TOKENS:
            groups.append(group)
            group, longest = [], lengths[index]
        group.append(index)
    groups.append(group)
    rng.shuffle(groups)
    mask_id = tokenizer.token_to_id("[MASK]")
    for group in groups:
        longest = max(lengths[index] for index in group)
        table = np.zeros((len(group), longest), dtype=np.int64)
        for place, index in enumerate(group):
            table[place, : lengths[index]] = ids[index]
        attention = (np.arange(longest) < lengths[group][:, None]).astype(np.int64)
        hidden = (rng.random(table.shape) < WORD_DROPOUT) & (attention == 1) & (table > mask_id)
        hidden &= np.array([rows[index].masked for index in group])[:, None]
        table[hidden] = mask_id
        fields = np.array([[rows[i].label, rows[i].hard, rows[i].margin, rows[i].soft] for i in group], dtype=np.float32)
        yield torch.from_numpy(table), torch.from_numpy(attention), torch.from_numpy(fields)


def loss_of(logits, fields):
    """Cross-entropy to the smoothed label plus tempered cross-entropy to the teacher's margin."""
    label, hard, margin, soft = fields.unbind(1)
    own = logits[:, 1] - logits[:, 0]
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    to_label = entropy(own, label * (1 - SMOOTHING) + SMOOTHING / 2, reduction="none")
    target = torch.sigmoid(margin / TEMPERATURE)
    to_teacher = entropy(own / TEMPERATURE, target, reduction="none") * TEMPERATURE ** 2 / 2
    return (hard * to_label + soft * to_teacher).mean()


def groups_of(model, rate):
    """Weight decay on matrices only."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim == 1]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}],
                             lr=rate, betas=(0.9, 0.98), fused=True)


def report(model, tokenizer, cache):
    parts = [f"{name} {accuracy(model, tokenizer, read(cache / f'{name}.jsonl')):.4f}" for name in ("en-dev", "zh-dev")]
    parts += [f"{group} {sum(right for *_, right in rows)}" for group, rows in probe_results(model, tokenizer).items()]
    return ", ".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of tokenizer.json")
    parser.add_argument("--name", default="student", help="name of the weights in the cache folder")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=1e9, help="end the schedule by then at the latest")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)

    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    source = Corpus(args.cache, args.seed)
    model, average = SentimentEncoder(), SentimentEncoder()
    average.load_state_dict(model.state_dict())
    optimiser = groups_of(model, args.rate)
    step, total, start = 0, None, time.time()
    for epoch in range(args.epochs):
        plan = list(batches(tokenizer, source.epoch(epoch), rng))
        total = total or len(plan) * args.epochs
        for ids, attention, fields in plan:
            progress = max(step / total, (time.time() - start) / (60 * args.minutes))
            if progress >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = args.rate * min(1.0, (step + 1) / 300) * max(0.01, 1 - progress)
            model.train()
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(ids, attention)
            loss = loss_of(logits.float(), fields)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            keep = min(0.999, step / (step + 20))
            with torch.no_grad():
                torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - keep)
            if step % 250 == 0:
                print(f"step {step}/{total} {time.time() - start:.0f} s loss {loss.item():.3f}", flush=True)
            if step % 1500 == 0:
                print(f"  {report(average, tokenizer, args.cache)}", flush=True)
        torch.save(average.state_dict(), args.cache / f"{args.name}.pt")
        print(f"epoch {epoch + 1} {time.time() - start:.0f} s {report(average, tokenizer, args.cache)}", flush=True)


if __name__ == "__main__":
    main()
