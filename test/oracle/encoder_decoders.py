"""Makes the encoder-decoders of the zoo: tiny seeded random T5 and BART, as one graph and as the two files that hubs serve.

Apart from zoo.py because everything is double here: two texts, two lookups, three kinds of attention. Weights, file cleaning and the form of the
numbers are zoo.py's. See README.md beside this file.

    python test/oracle/encoder_decoders.py [NAME-PREFIX ...]      writes test/fixtures/zoo/<name>/{*.onnx, numbers.json, config.json, tokenizer*.json}
"""

import importlib.util
import json
import sys
import tempfile
import types
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

spec = importlib.util.spec_from_file_location("zoo", Path(__file__).resolve().parent / "zoo.py")
zoo = importlib.util.module_from_spec(spec)
sys.modules["zoo"] = zoo  # dataclasses look their module up
spec.loader.exec_module(zoo)

import numpy as np
import onnx
import onnxruntime
import torch
import transformers
from transformers import BartConfig, BartForConditionalGeneration, T5Config, T5ForConditionalGeneration

TARGET = 29
LENGTHS = (((8, 5), (6, 4)), ((4,), (3,)))  # real tokens a row of encoder and decoder, one pair a case
TOKENIZER = Path(__file__).resolve().parent.parent / "engine" / "fixtures" / "gpt2"
CONFIGS = {
    "t5": lambda: T5Config(
        vocab_size=zoo.VOCABULARY, d_model=zoo.HIDDEN, d_kv=zoo.HIDDEN // zoo.HEADS, d_ff=zoo.INTERMEDIATE, num_layers=zoo.LAYERS, num_heads=zoo.HEADS,
        relative_attention_num_buckets=8, relative_attention_max_distance=16, decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    ),
    "bart": lambda: BartConfig(
        vocab_size=zoo.VOCABULARY, d_model=zoo.HIDDEN, encoder_layers=zoo.LAYERS, decoder_layers=zoo.LAYERS, encoder_attention_heads=zoo.HEADS,
        decoder_attention_heads=zoo.HEADS, encoder_ffn_dim=zoo.INTERMEDIATE, decoder_ffn_dim=zoo.INTERMEDIATE, max_position_embeddings=zoo.POSITIONS,
        decoder_start_token_id=2, forced_eos_token_id=2,
    ),
}
CLASSES = {"t5": T5ForConditionalGeneration, "bart": BartForConditionalGeneration}


@dataclass(frozen=True)
class Row:
    architecture: str
    flavour: str
    opset: int
    implementation: str = "eager"
    two_files: bool = False
    dynamo: bool = False

    @property
    def name(self) -> str:
        return f"{self.architecture}-{self.flavour}"


ROWS = [
    Row("t5", "ts14", 14), Row("t5", "dyn18", 18, dynamo=True), Row("t5", "two-files", 17, two_files=True),
    Row("bart", "ts17", 17), Row("bart", "ts17-sdpa", 17, "sdpa"), Row("bart", "two-files", 14, two_files=True),
]


def build(row: Row, state: dict | None = None) -> torch.nn.Module:
    model = CLASSES[row.architecture]._from_config(CONFIGS[row.architecture](), attn_implementation=row.implementation if state else "eager").eval()
    if state is not None:
        model.load_state_dict(state)
        return model.requires_grad_(False)
    zoo.randomise(model, zlib.crc32(row.architecture.encode()))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if row.architecture == "t5" and (name.endswith(".q.weight") or name.endswith(".k.weight")):
                parameter.mul_(0.6)  # T5 does not divide the scores
            if "relative_attention_bias" in name:
                parameter.mul_(0.5)
    return model.requires_grad_(False)


def case_inputs(lengths: tuple, start: int, seed: int) -> dict[str, torch.Tensor]:
    """What is written begins with the start token."""
    random = np.random.default_rng(seed)
    encoder, decoder = lengths
    mask = torch.tensor([[1] * n + [0] * (max(encoder) - n) for n in encoder])
    ids = torch.from_numpy(random.integers(5, zoo.VOCABULARY, (len(encoder), max(encoder)))) * mask
    written = torch.from_numpy(random.integers(5, zoo.VOCABULARY, (len(decoder), max(decoder))))
    written[:, 0] = start
    return {"input_ids": ids, "attention_mask": mask, "decoder_input_ids": written}


def reference(model: torch.nn.Module, inputs: dict[str, torch.Tensor], lengths: tuple) -> dict:
    """Eager PyTorch: logits, the three kinds of patterns, and d(sum of target logits) / d(each lookup's output)."""
    table, lookups = model.get_input_embeddings().weight, []
    embedding = torch.nn.functional.embedding

    def watched(ids, weight, *rest, **options):
        rows = embedding(ids, weight, *rest, **options)
        if weight.data_ptr() != table.data_ptr():
            return rows
        lookups.append(rows.detach().requires_grad_(True))
        return lookups[-1]

    torch.nn.functional.embedding = watched
    try:
        out = model(**inputs, use_cache=False, output_attentions=True)
    finally:
        torch.nn.functional.embedding = embedding
    assert len(lookups) == 2, "one lookup for each text"
    chosen = torch.stack([out.logits[row, n - 1, TARGET] for row, n in enumerate(lengths[1])])
    encoder, decoder = torch.autograd.grad(chosen.sum(), lookups)
    kinds = {"self": out.encoder_attentions, "decoder": out.decoder_attentions, "cross": out.cross_attentions}
    for patterns in kinds.values():
        for pattern in patterns:
            assert torch.allclose(pattern.sum(-1), torch.ones(()), atol=1e-5), "rows of a pattern do not sum to 1"
    for row, (n, m) in enumerate(zip(*lengths)):
        for gradient, real in ((encoder, n), (decoder, m)):
            assert real == gradient.shape[1] or gradient[row, real:].abs().max() == 0, "a token that is not read has a gradient"
    return {
        "logits": out.logits, "lookup": {"encoder": lookups[0], "decoder": lookups[1]}, "attention": {kind: list(patterns) for kind, patterns in kinds.items()},
        "gradient": {"encoder": encoder, "decoder": decoder},
    }


def export(module: torch.nn.Module, inputs: dict[str, torch.Tensor], output: str, axes: dict, row: Row) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if row.dynamo:
            dims = {name: torch.export.Dim(name, min=1 if name == "batch" else 2, max=64) for name in ("batch", "sequence", "decoder_sequence")}
            shapes = (tuple({axis: dims[name] for axis, name in axes[each].items()} for each in inputs),)
            program = torch.export.export(module, tuple(inputs.values()), dynamic_shapes=shapes, strict=False)
            made = torch.onnx.export(program, (), input_names=list(inputs), output_names=[output], dynamo=True, opset_version=row.opset, verbose=False).model_proto
        else:
            torch.onnx.export(
                module, tuple(inputs.values()), f"{folder}/model.onnx", input_names=list(inputs), output_names=[output], dynamic_axes=axes, opset_version=row.opset,
                dynamo=False, do_constant_folding=True,
            )
            made = onnx.load(f"{folder}/model.onnx")
    return zoo.strip(made)


class Encoder(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.encoder = model.get_encoder()

    def forward(self, input_ids, attention_mask):
        return self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


class Decoder(torch.nn.Module):
    """What hubs call decoder_model.onnx: the decoder with its head, without a cache."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, encoder_attention_mask, input_ids, encoder_hidden_states):
        given = transformers.modeling_outputs.BaseModelOutput(last_hidden_state=encoder_hidden_states)
        return self.model(encoder_outputs=given, attention_mask=encoder_attention_mask, decoder_input_ids=input_ids, use_cache=False).logits


AXES = {
    "input_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "sequence"}, "decoder_input_ids": {0: "batch", 1: "decoder_sequence"},
    "logits": {0: "batch", 1: "decoder_sequence"},
}


def files_of(model: torch.nn.Module, row: Row, inputs: dict[str, torch.Tensor]) -> dict[str, onnx.ModelProto]:
    if not row.two_files:
        names = list(inputs)

        def forward(self, *values):
            return type(self).forward(self, **dict(zip(names, values)), use_cache=False, return_dict=True).logits

        model.forward = types.MethodType(forward, model)
        try:
            return {"model.onnx": export(model, inputs, "logits", AXES, row)}
        finally:
            del model.forward
    hidden = Encoder(model)(inputs["input_ids"], inputs["attention_mask"])
    both = {"encoder_attention_mask": inputs["attention_mask"], "input_ids": inputs["decoder_input_ids"], "encoder_hidden_states": hidden}
    batch, encoded, written = "batch_size", "encoder_sequence_length", "decoder_sequence_length"
    axes = {"encoder_attention_mask": {0: batch, 1: encoded}, "input_ids": {0: batch, 1: written}, "encoder_hidden_states": {0: batch, 1: encoded}, "logits": {0: batch, 1: written}}
    first = {name: inputs[name] for name in ("input_ids", "attention_mask")}
    return {
        "encoder_model.onnx": export(Encoder(model), first, "last_hidden_state", {name: {0: batch, 1: encoded} for name in (*first, "last_hidden_state")}, row),
        "decoder_model.onnx": export(Decoder(model), both, "logits", axes, row),
    }


def run(files: dict[str, bytes], inputs: dict[str, torch.Tensor]) -> np.ndarray:
    feeds = {name: value.numpy() for name, value in inputs.items()}
    session = lambda name: onnxruntime.InferenceSession(files[name], providers=["CPUExecutionProvider"])
    if "model.onnx" in files:
        return session("model.onnx").run(["logits"], feeds)[0]
    (hidden,) = session("encoder_model.onnx").run(None, {name: feeds[name] for name in ("input_ids", "attention_mask")})
    return session("decoder_model.onnx").run(["logits"], {"encoder_attention_mask": feeds["attention_mask"], "input_ids": feeds["decoder_input_ids"], "encoder_hidden_states": hidden})[0]


def packed(value):
    if isinstance(value, dict):
        return {key: packed(each) for key, each in value.items()}
    return [zoo.packed(each) for each in value] if isinstance(value, list) else zoo.packed(value)


def make(row: Row) -> None:
    model = build(row)
    cases = [(case_inputs(lengths, model.config.decoder_start_token_id, 100 + index), lengths) for index, lengths in enumerate(LENGTHS)]
    numbers = [reference(model, inputs, lengths) for inputs, lengths in cases]
    exported = build(row, model.state_dict())
    files = {name: made.SerializeToString(deterministic=True) for name, made in files_of(exported, row, cases[0][0]).items()}
    for data in files.values():
        assert str(Path.home()).encode() not in data and str(zoo.OUT.parents[2]).encode() not in data, "a path of this machine is in the file"
    worst = 0.0
    for (inputs, _), found in zip(cases, numbers):
        expected = found["logits"].detach().numpy()
        worst = max(worst, float(np.abs(run(files, inputs) - expected).max() / np.abs(expected).max()))
    assert worst <= zoo.LARGEST_DIFFERENCE, f"{row.name}: onnxruntime differs from PyTorch by {worst:.1e} of the largest logit"
    folder = zoo.OUT / row.name
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    written = {
        "name": row.name, "architecture": row.architecture, "flavour": row.flavour, "opset": row.opset, "layers": zoo.LAYERS, "heads": zoo.HEADS,
        "headSize": zoo.HIDDEN // zoo.HEADS, "width": zoo.HIDDEN, "vocabulary": zoo.VOCABULARY,
        "cases": [
            {"inputs": {name: value.tolist() for name, value in inputs.items()}, "target": {"index": TARGET, "positions": [n - 1 for n in lengths[1]]}, **packed(found)}
            for (inputs, lengths), found in zip(cases, numbers)
        ],
    }
    (folder / "numbers.json").write_text(json.dumps(written, separators=(",", ":")) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):  # one word an id: texts of the tests are the ids of the cases
        (folder / name).write_bytes((TOKENIZER / name).read_bytes())
    config = {**model.config.to_diff_dict(), "architectures": [CLASSES[row.architecture].__name__]}
    config = {key: value for key, value in config.items() if not key.startswith("_") and key not in ("dtype", "transformers_version")}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    sharpness = {kind: round(float(np.mean([p.max(-1).values.mean().item() for p in patterns])), 2) for kind, patterns in numbers[0]["attention"].items()}
    sizes = {kind: round(float(gradient.abs().max()), 3) for kind, gradient in numbers[0]["gradient"].items()}
    print(f"{row.name:16} {sum(map(len, files.values())) / 1000:6.0f} kB  difference {worst:.1e}  row maxima {sharpness}  gradients {sizes}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for chosen in ROWS:
        if len(sys.argv) == 1 or any(chosen.name.startswith(prefix) for prefix in sys.argv[1:]):
            make(chosen)
