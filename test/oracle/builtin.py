"""Reference numbers for the built-in sentiment model, computed by PyTorch from the committed ONNX file alone.

The encoder is written again here from the file's weights (half-precision storage widened to 32 bits), so
that neither the exporter nor onnxruntime takes part. Needs torch, onnx, numpy and tokenizers.

python test/oracle/builtin.py
"""

import hashlib
import json
import sys
from pathlib import Path

sys.path.pop(0)  # this folder has a tokenizers.py, which must not hide the package

import onnx  # noqa: E402
import torch  # noqa: E402
from onnx import numpy_helper  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "sentiment"
OUT = Path(__file__).resolve().parent / "data" / "builtin.json"
DIGITS = 7
LONG = ("I went in with low hopes after the reviews, and the first half hour did little to raise them: the jokes were "
        "old, the music loud, the camera never still. Then something changed. The two leads began to listen to each "
        "other, the story slowed down, and by the end I did not want it to stop.")
# name, texts of one batch, keep the attention patterns, keep the whole gradient
CASES = (
    ("english", ["The plot drags, but the acting saves it."], True, True),
    ("chinese", ["剧情拖沓，但演员很出色。"], True, True),
    ("mixed", ["这部 movie 太好看了, not boring!"], True, False),
    ("long", [LONG], False, False),
    ("unknown", ["味道不错 ☃ 龘"], False, False),
    ("padded batch", ["Not bad at all.", "一点都不吵，睡得很好，早餐也不错，下次还会再来。"], False, False),
)


class Encoder:
    """The forward pass on plain tensors; `trace` keeps what a reader of the model can look at."""

    def __init__(self, folder):
        graph = onnx.load(folder / "onnx" / "model.onnx").graph
        self.weights = {tensor.name.removesuffix(".half"): torch.from_numpy(numpy_helper.to_array(tensor).copy()).float()
                        for tensor in graph.initializer if tensor.name.removesuffix(".half").endswith(("weight", "bias"))}
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.layers, self.heads = settings["num_hidden_layers"], settings["num_attention_heads"]
        self.width, self.epsilon = settings["hidden_size"], settings["layer_norm_eps"]

    def norm(self, states, name):
        return torch.nn.functional.layer_norm(
            states, (self.width,), self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], self.epsilon)

    def linear(self, states, name):
        """Matrices of blocks are stored as [input, output]."""
        return states @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def trace(self, input_ids, attention_mask):
        """Logits, word embeddings (a leaf), attention patterns and hidden states of one batch."""
        words = self.weights["word_embeddings.weight"][input_ids].requires_grad_(True)
        states = words + self.weights["position_embeddings.weight"][: input_ids.shape[1]]
        mask = (1.0 - attention_mask[:, None, None, :].float()) * -10000.0
        patterns, hidden = [], []
        for layer in range(self.layers):
            name = f"blocks.{layer}"
            normal = self.norm(states, f"{name}.attention_norm")
            query, key, value = (
                self.linear(normal, f"{name}.attention.{part}").unflatten(2, (self.heads, -1)).transpose(1, 2)
                for part in ("query", "key", "value"))
            pattern = torch.softmax(query @ key.transpose(2, 3) / query.shape[-1] ** 0.5 + mask, dim=-1)
            mixed = (pattern @ value).transpose(1, 2).flatten(2)
            states = states + self.linear(mixed, f"{name}.attention.output")
            inner = torch.nn.functional.gelu(self.linear(self.norm(states, f"{name}.feed_norm"), f"{name}.up"))
            states = states + self.linear(inner, f"{name}.down")
            patterns.append(pattern)
            hidden.append(states)
        first = self.norm(states, "final_norm")[:, 0]
        logits = first @ self.weights["classifier.weight"].T + self.weights["classifier.bias"]
        return logits, words, torch.stack(patterns, 1), torch.stack(hidden, 1)


def rounded(value):
    """Nested lists of numbers with DIGITS significant digits."""
    if isinstance(value, torch.Tensor):
        value = value.detach().tolist()
    return [rounded(one) for one in value] if isinstance(value, list) else float(f"{value:.{DIGITS}g}")


def gradients(logits, words):
    """Gradients at the word lookup, [batch, token, width], of two targets."""
    targets = {"positive - negative": logits[:, 1] - logits[:, 0], "positive": logits[:, 1]}
    return {name: torch.autograd.grad(target.sum(), words, retain_graph=True)[0] for name, target in targets.items()}


def case(encoder, tokenizer, name, texts, keep_patterns, keep_gradient):
    encodings = tokenizer.encode_batch(texts)
    longest = max(len(one.ids) for one in encodings)
    ids = torch.tensor([one.ids + [0] * (longest - len(one.ids)) for one in encodings])
    mask = torch.tensor([[1] * len(one.ids) + [0] * (longest - len(one.ids)) for one in encodings])
    logits, words, patterns, hidden = encoder.trace(ids, mask)
    result = {"name": name, "texts": texts, "input_ids": ids.tolist(), "attention_mask": mask.tolist(),
              "logits": rounded(logits), "hidden_norms": rounded(hidden.norm(dim=-1)), "gradients": {}}
    if keep_patterns:
        result["attention"] = rounded(patterns)
    for target, gradient in gradients(logits, words).items():
        result["gradients"][target] = {"norm": rounded(gradient.norm(dim=-1)),
                                       "times_embedding": rounded((gradient * words).sum(-1))}
        if keep_gradient:
            result["gradients"][target]["full"] = rounded(gradient)
    return result


def main():
    encoder = Encoder(MODEL)
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    data = (MODEL / "onnx" / "model.onnx").read_bytes()
    document = {
        "about": "PyTorch reference for models/sentiment. attention [batch][layer][head][query][key]; hidden_norms "
                 "[batch][layer][token], after each block; gradients at the output of the word lookup: norm and "
                 "times_embedding [batch][token], full [batch][token][width].",
        "sha256": hashlib.sha256(data).hexdigest(),
        "cases": [case(encoder, tokenizer, *settings) for settings in CASES],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
