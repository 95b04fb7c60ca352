"""Makes the model zoo of the tests: tiny seeded random transformers as ONNX files, with PyTorch's own numbers beside them.

Not a training script and not a source of useful models: the weights are noise, scaled so that attention is neither uniform nor one-hot.
It exists so that anatomy, gradients and attention are compared with an implementation that is not ours.

    python test/oracle/zoo.py [NAME-PREFIX ...]      writes test/fixtures/zoo/<name>/{model.onnx, numbers.json, config.json}

One row of ARCHITECTURES is a model, one row of FLAVOURS a way to export it, one row of ZOO a folder. See README.md beside this file.
"""

import base64
import copy
import dataclasses
import json
import math
import sys
import tempfile
import types
import warnings
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

sys.path = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).resolve().parent]  # the file tokenizers.py is not the library

import numpy as np
import onnx
import onnxruntime
import onnx_ir
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.float16 import convert_float_to_float16
from onnxscript.rewriter.ort_fusions import optimize_for_ort
from transformers import (
    AlbertConfig, AlbertForSequenceClassification, BertConfig, BertForSequenceClassification, BloomConfig, BloomForCausalLM, DebertaConfig, DebertaForSequenceClassification, DebertaV2Config,
    DebertaV2ForSequenceClassification, DistilBertConfig, DistilBertForSequenceClassification, Gemma2Config, Gemma2ForCausalLM, GemmaConfig, GemmaForCausalLM,
    GPT2Config, GPT2LMHeadModel, GPTNeoXConfig, GPTNeoXForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, MPNetConfig,
    MPNetForSequenceClassification, OPTConfig, OPTForCausalLM, Qwen2Config, Qwen2ForCausalLM, RobertaConfig, RobertaForSequenceClassification,
    XGLMConfig, XGLMForCausalLM,
)

HIDDEN, LAYERS, HEADS, VOCABULARY, POSITIONS, INTERMEDIATE = 32, 2, 4, 100, 24, 40
PAD = 0
LENGTHS = ((8, 5), (4,))  # real tokens a row, one tuple a case; two shapes, as an exporter bakes in what it saw as a Python number
OUT = Path(__file__).resolve().parent.parent / "fixtures" / "zoo"
LARGEST_DIFFERENCE = 2e-5  # onnxruntime against PyTorch, relative to the largest logit


# ---------------------------------------------------------------- models


@dataclass(frozen=True)
class Architecture:
    model: type
    config: Callable[[], transformers.PretrainedConfig]
    blocks: Callable[[torch.nn.Module], list]  # modules whose first output is the residual stream
    table: Callable[[torch.nn.Module], torch.nn.Parameter]  # the word-embedding table
    inputs: tuple[str, ...] = ("input_ids", "attention_mask")
    causal: bool = False  # logits a token; else one row a text
    target: int = 1  # the logit that is differentiated
    arguments: dict = field(default_factory=dict)  # constant arguments of forward
    heads: int = HEADS
    kind: str = "bert"  # what onnxruntime's optimiser calls it
    window: bool = False  # rows of padding may have no key at all: eager makes them uniform, other implementations 0


def labels():
    return {"id2label": {0: "negative", 1: "neutral", 2: "positive"}, "label2id": {"negative": 0, "neutral": 1, "positive": 2}}


ARCHITECTURES = {
    "bert": Architecture(
        BertForSequenceClassification,
        lambda: BertConfig(
            vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INTERMEDIATE,
            max_position_embeddings=POSITIONS, **labels(),
        ),
        blocks=lambda m: list(m.bert.encoder.layer),
        table=lambda m: m.bert.embeddings.word_embeddings.weight,
        inputs=("input_ids", "attention_mask", "token_type_ids"),
    ),
    "distilbert": Architecture(
        DistilBertForSequenceClassification,
        lambda: DistilBertConfig(
            vocab_size=VOCABULARY, dim=HIDDEN, n_layers=LAYERS, n_heads=HEADS, hidden_dim=INTERMEDIATE, max_position_embeddings=POSITIONS, **labels()
        ),
        blocks=lambda m: list(m.distilbert.transformer.layer),
        table=lambda m: m.distilbert.embeddings.word_embeddings.weight,
    ),
    "gpt2": Architecture(
        GPT2LMHeadModel,
        lambda: GPT2Config(
            vocab_size=VOCABULARY, n_embd=HIDDEN, n_layer=LAYERS, n_head=HEADS, n_inner=INTERMEDIATE, n_positions=POSITIONS, bos_token_id=1, eos_token_id=1
        ),
        blocks=lambda m: list(m.transformer.h),
        table=lambda m: m.transformer.wte.weight,
        causal=True,
        target=17,
        arguments={"use_cache": False},
    ),
    "llama": Architecture(
        LlamaForCausalLM,
        lambda: LlamaConfig(
            vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS, num_key_value_heads=2,
            intermediate_size=INTERMEDIATE, max_position_embeddings=POSITIONS, bos_token_id=1, eos_token_id=2, pad_token_id=PAD, tie_word_embeddings=False,
        ),
        blocks=lambda m: list(m.model.layers),
        table=lambda m: m.model.embed_tokens.weight,
        inputs=("input_ids", "attention_mask", "position_ids"),
        causal=True,
        target=23,
        arguments={"use_cache": False},
        kind="gpt2",
    ),
}
# GroupQueryAttention wants a head size that is a multiple of 16
ARCHITECTURES["llama16"] = dataclasses.replace(
    ARCHITECTURES["llama"],
    config=lambda: LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=INTERMEDIATE, max_position_embeddings=POSITIONS, bos_token_id=1, eos_token_id=2, pad_token_id=PAD, tie_word_embeddings=False,
    ),
    heads=2,
)


ENCODER = {"vocab_size": VOCABULARY, "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": INTERMEDIATE, "max_position_embeddings": POSITIONS}
DECODER = ENCODER | {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": PAD}
ROTARY = ("input_ids", "attention_mask", "position_ids")

ARCHITECTURES |= {
    "roberta": Architecture(
        RobertaForSequenceClassification,
        lambda: RobertaConfig(**ENCODER, pad_token_id=PAD, bos_token_id=1, eos_token_id=2, type_vocab_size=1, **labels()),
        blocks=lambda m: list(m.roberta.encoder.layer),
        table=lambda m: m.roberta.embeddings.word_embeddings.weight,
    ),
    "albert": Architecture(  # one layer, run twice; a table narrower than the stream
        AlbertForSequenceClassification,
        lambda: AlbertConfig(**ENCODER, embedding_size=16, inner_group_num=1, num_hidden_groups=1, pad_token_id=PAD, **labels()),
        blocks=lambda m: [m.albert.encoder.albert_layer_groups[0].albert_layers[0]],
        table=lambda m: m.albert.embeddings.word_embeddings.weight,
        inputs=("input_ids", "attention_mask", "token_type_ids"),
    ),
    "mpnet": Architecture(  # a bias by relative position, one for all layers
        MPNetForSequenceClassification,
        lambda: MPNetConfig(**ENCODER | {"max_position_embeddings": POSITIONS + 2}, relative_attention_num_buckets=32, **labels()),
        blocks=lambda m: list(m.mpnet.encoder.layer),
        table=lambda m: m.mpnet.embeddings.word_embeddings.weight,
    ),
    "deberta": Architecture(  # the third version: no positions in the embeddings, content and position attend to each other
        DebertaV2ForSequenceClassification,
        lambda: DebertaV2Config(
            **ENCODER, relative_attention=True, position_buckets=8, max_relative_positions=POSITIONS, pos_att_type=["c2p", "p2c"], norm_rel_ebd="layer_norm",
            share_att_key=True, position_biased_input=False, type_vocab_size=0, pad_token_id=PAD, **labels(),
        ),
        blocks=lambda m: list(m.deberta.encoder.layer),
        table=lambda m: m.deberta.embeddings.word_embeddings.weight,
    ),
    "deberta1": Architecture(  # the first version: the exporter leaves an If in every layer, on whether there are as many queries as keys
        DebertaForSequenceClassification,
        lambda: DebertaConfig(
            **ENCODER, relative_attention=True, max_relative_positions=POSITIONS, pos_att_type=["c2p", "p2c"], position_biased_input=False, type_vocab_size=0,
            pad_token_id=PAD, **labels(),
        ),
        blocks=lambda m: list(m.deberta.encoder.layer),
        table=lambda m: m.deberta.embeddings.word_embeddings.weight,
    ),
    "gptneox": Architecture(  # rotary on half of each head, attention and feed-forward side by side
        GPTNeoXForCausalLM,
        lambda: GPTNeoXConfig(**DECODER, rotary_pct=0.5, use_parallel_residual=True),
        blocks=lambda m: list(m.gpt_neox.layers),
        table=lambda m: m.gpt_neox.embed_in.weight,
        inputs=ROTARY, causal=True, target=31, arguments={"use_cache": False}, kind="gpt_neox",
    ),
    "opt": Architecture(
        OPTForCausalLM,
        lambda: OPTConfig(
            vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS, ffn_dim=INTERMEDIATE, max_position_embeddings=POSITIONS,
            word_embed_proj_dim=16, do_layer_norm_before=True, bos_token_id=1, eos_token_id=2, pad_token_id=PAD,
        ),
        blocks=lambda m: list(m.model.decoder.layers),
        table=lambda m: m.model.decoder.embed_tokens.weight,
        causal=True, target=37, arguments={"use_cache": False}, kind="gpt2",
    ),
    "xglm": Architecture(  # a batch and its heads as one axis, patterns of three axes; embeddings scaled
        XGLMForCausalLM,
        lambda: XGLMConfig(
            vocab_size=VOCABULARY, d_model=HIDDEN, num_layers=LAYERS, attention_heads=HEADS, ffn_dim=INTERMEDIATE, max_position_embeddings=POSITIONS,
            bos_token_id=1, eos_token_id=2, pad_token_id=PAD,
        ),
        blocks=lambda m: list(m.model.layers),
        table=lambda m: m.model.embed_tokens.weight,
        causal=True, target=17, arguments={"use_cache": False}, kind="gpt2",
    ),
    "bloom": Architecture(  # a bias that falls with the distance
        BloomForCausalLM,
        lambda: BloomConfig(vocab_size=VOCABULARY, hidden_size=HIDDEN, n_layer=LAYERS, n_head=HEADS, bos_token_id=1, eos_token_id=2, pad_token_id=PAD),
        blocks=lambda m: list(m.transformer.h),
        table=lambda m: m.transformer.word_embeddings.weight,
        causal=True, target=41, arguments={"use_cache": False}, kind="gpt2",
    ),
    "qwen2": Architecture(  # biases on queries, keys and values only
        Qwen2ForCausalLM,
        lambda: Qwen2Config(**DECODER, num_key_value_heads=2, tie_word_embeddings=True),
        blocks=lambda m: list(m.model.layers),
        table=lambda m: m.model.embed_tokens.weight,
        inputs=ROTARY, causal=True, target=43, arguments={"use_cache": False}, kind="gpt2",
    ),
    "mistral": Architecture(  # a window of 3 tokens
        MistralForCausalLM,
        lambda: MistralConfig(**DECODER, num_key_value_heads=2, sliding_window=3),
        window=True,
        blocks=lambda m: list(m.model.layers),
        table=lambda m: m.model.embed_tokens.weight,
        inputs=ROTARY, causal=True, target=47, arguments={"use_cache": False}, kind="gpt2",
    ),
    "gemma": Architecture(  # one key head for all, embeddings scaled, gains 1 + w
        GemmaForCausalLM,
        lambda: GemmaConfig(**DECODER, num_key_value_heads=1, head_dim=8),
        blocks=lambda m: list(m.model.layers),
        table=lambda m: m.model.embed_tokens.weight,
        inputs=ROTARY, causal=True, target=53, arguments={"use_cache": False}, kind="gpt2",
    ),
    "gemma2": Architecture(  # soft caps on scores and logits, a window in every second layer
        Gemma2ForCausalLM,
        lambda: Gemma2Config(
            **DECODER, num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=8, sliding_window=3, attn_logit_softcapping=3.0, final_logit_softcapping=6.0
        ),
        window=True,
        blocks=lambda m: list(m.model.layers),
        table=lambda m: m.model.embed_tokens.weight,
        inputs=ROTARY, causal=True, target=59, arguments={"use_cache": False}, kind="gpt2",
    ),
}


def randomise(model: torch.nn.Module, seed: int) -> None:
    """Weights N(0, 1/fan-in), times 1.6 for queries and keys; norm gains 1 + 0.3 N; biases 0.2 N; tables N(0, 1), less where they make the logits too."""
    random = np.random.default_rng(seed)
    tied = model.get_output_embeddings() is not None and model.get_output_embeddings().weight is model.get_input_embeddings().weight
    tables = {id(m.weight) for m in model.modules() if isinstance(m, torch.nn.Embedding)}
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.from_numpy(random.standard_normal(tuple(parameter.shape)).astype(np.float32))
        if id(parameter) in tables:
            value = noise * (0.4 if tied else 1)
        elif parameter.ndim == 1:
            value = 0.2 * noise if name.endswith("bias") else parameter.detach() + 0.3 * noise  # around 1; around 0 where the gain is 1 + w
        else:
            conv1d = any(part in name for part in ("c_attn", "c_proj", "c_fc"))  # GPT-2 keeps [in, out]
            value = noise / math.sqrt(parameter.shape[0 if conv1d else 1])
            if "c_attn" in name:
                value[:, : 2 * HIDDEN] *= 1.6
            elif any(part in name for part in ("query", "key", "q_lin", "k_lin", "q_proj", "k_proj")):
                value *= 1.6
        with torch.no_grad():
            parameter.copy_(value)


def build(architecture: Architecture, name: str, implementation: str, state: dict | None = None) -> torch.nn.Module:
    model = architecture.model._from_config(architecture.config(), attn_implementation=implementation).eval()
    assert model.config._attn_implementation == implementation, f"{name} stays {model.config._attn_implementation}"
    if state is None:
        randomise(model, zlib.crc32(name.encode()))
    else:
        model.load_state_dict(state)
    return model.requires_grad_(False)


# ---------------------------------------------------------------- reference numbers


def case_inputs(architecture: Architecture, lengths: tuple[int, ...], seed: int) -> dict[str, torch.Tensor]:
    """Right-padded; the second half of each text has token type 1; padded positions go on counting (what a tokenizer's caller does)."""
    random = np.random.default_rng(seed)
    width = max(lengths)
    mask = torch.tensor([[1] * n + [0] * (width - n) for n in lengths])
    ids = torch.from_numpy(random.integers(5, VOCABULARY, (len(lengths), width))) * mask
    kinds = torch.tensor([[int(n // 2 <= t < n) for t in range(width)] for n in lengths])
    positions = torch.arange(width).repeat(len(lengths), 1)
    made = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds, "position_ids": positions}
    return {name: made[name] for name in architecture.inputs}


def reference(call: Callable, architecture: Architecture, inputs: dict[str, torch.Tensor], lengths: tuple[int, ...], model: torch.nn.Module | None = None) -> dict:
    """Eager PyTorch: logits, attention patterns, residual stream after each block, and d(sum of target logits) / d(lookup output)."""
    model = call if model is None else model
    table, lookups, stream = architecture.table(model), [], []
    embedding = torch.nn.functional.embedding

    def watched(ids, weight, *rest, **options):
        rows = embedding(ids, weight, *rest, **options)
        if weight.data_ptr() != table.data_ptr():
            return rows
        lookups.append(rows.detach().requires_grad_(True))
        return lookups[-1]

    hooks = [b.register_forward_hook(lambda _m, _i, out: stream.append(out[0] if isinstance(out, tuple) else out)) for b in architecture.blocks(model)]
    torch.nn.functional.embedding = watched
    try:
        out = call(**inputs, **(architecture.arguments if call is model else {}), output_attentions=True)
    finally:
        torch.nn.functional.embedding = embedding
        for hook in hooks:
            hook.remove()
    assert len(lookups) == 1 and len(stream) == LAYERS and len(out.attentions) == LAYERS
    if architecture.causal:
        chosen = torch.stack([out.logits[row, n - 1, architecture.target] for row, n in enumerate(lengths)])
    else:
        chosen = out.logits[:, architecture.target]
    (gradient,) = torch.autograd.grad(chosen.sum(), lookups)
    for pattern in out.attentions:
        assert torch.allclose(pattern.sum(-1), torch.ones(()), atol=1e-5), "rows of a pattern do not sum to 1"
    for row, n in enumerate(lengths):
        assert gradient[row, n:].abs().max() == 0 if n < gradient.shape[1] else True, "a masked token has a gradient"
    return {"logits": out.logits, "lookup": lookups[0], "attention": list(out.attentions), "residual": stream, "gradient": gradient}


# ---------------------------------------------------------------- ways to export


def divide_by_root(module, query, key, value, attention_mask, scaling=None, dropout=0.0, **_):
    """Attention as transformers 4 wrote it: the scores are divided, the mask is added."""
    scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(query.shape[-1]) + attention_mask
    pattern = torch.nn.functional.softmax(scores, dim=-1)
    return torch.matmul(pattern, value).transpose(1, 2).contiguous(), pattern


def fill_masked(module, query, key, value, attention_mask, scaling=None, dropout=0.0, **_):
    """DistilBERT as transformers 4 wrote it: the query is divided, masked scores are replaced."""
    scores = torch.matmul(query / math.sqrt(query.shape[-1]), key.transpose(2, 3))
    scores = scores.masked_fill(attention_mask.expand_as(scores), torch.finfo(scores.dtype).min)
    pattern = torch.nn.functional.softmax(scores, dim=-1)
    return torch.matmul(pattern, value).transpose(1, 2).contiguous(), pattern


def causal_table(module, query, key, value, attention_mask, scaling=None, dropout=0.0, **_):
    """GPT-2 as transformers 4 wrote it: a sliced table of allowed places chooses between scores and a constant, then the mask is added."""
    scores = torch.matmul(query, key.transpose(-1, -2)) / torch.full([], query.shape[-1] ** 0.5)
    allowed = torch.ones(POSITIONS, POSITIONS, dtype=torch.bool).tril().view(1, 1, POSITIONS, POSITIONS)
    rows, columns = query.shape[-2], key.shape[-2]
    scores = torch.where(allowed[:, :, columns - rows : columns, :columns], scores, torch.full([], torch.finfo(scores.dtype).min)) + attention_mask
    pattern = torch.nn.functional.softmax(scores, dim=-1)
    return torch.matmul(pattern, value).transpose(1, 2), pattern


def additive(mask):  # [batch, token] → [batch, 1, 1, token]
    return (1.0 - mask[:, None, None, :].to(torch.float32)) * torch.finfo(torch.float32).min


def forbidden(mask):
    return mask[:, None, None, :] == 0


OLD_FORMS = {"bert": (divide_by_root, additive), "distilbert": (fill_masked, forbidden), "gpt2": (causal_table, additive)}


@dataclass(frozen=True)
class Flavour:
    opset: int
    implementation: str = "eager"
    old: bool = False  # the form that most files on hubs have
    dynamo: bool = False  # exporter by torch.export
    fuse: Callable[[onnx.ModelProto, str, Architecture], onnx.ModelProto] | None = None  # what an optimiser makes of it; gets the folder to work in
    padding: bool = True  # False: what the file computes at padded tokens is its own affair, only real ones are compared
    precision: str = ""  # what the weights become: "half", "int8", "int4"
    past: str = ""  # "inputs": keys and values of earlier tokens come in; "merged": an If chooses between a graph with and one without them
    external: bool = False  # weights in a file beside the model


def fuse_patterns(model: onnx.ModelProto, folder: str, architecture: Architecture) -> onnx.ModelProto:
    """onnxruntime's own optimiser, patterns only (opt_level 0)."""
    onnx.save(model, f"{folder}/plain.onnx")
    optimizer.optimize_model(
        f"{folder}/plain.onnx", model_type=architecture.kind, num_heads=HEADS, hidden_size=HIDDEN, opt_level=0, use_gpu=False
    ).save_model_to_file(f"{folder}/fused.onnx")
    made = onnx.load(f"{folder}/fused.onnx")
    for tensor in made.graph.initializer:  # the rotary tables are written for 131072 positions, whatever the model says
        if tensor.dims and tensor.dims[0] > 4096:
            tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor)[:64].copy(), tensor.name))
    return made


def fuse_by_session(model: onnx.ModelProto, folder: str, architecture: Architecture) -> onnx.ModelProto:
    """What a session of onnxruntime writes down: FusedMatMul, FusedGemm, Gelu and its kin. Not the highest level, whose layouts are this machine's."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = f"{folder}/fused.onnx"
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return onnx.load(f"{folder}/fused.onnx")


def fuse_for_ort(model: onnx.ModelProto, folder: str, architecture: Architecture) -> onnx.ModelProto:
    """The rewriter of onnxscript: GroupQueryAttention with rotary positions inside."""
    onnx.save(model, f"{folder}/plain.onnx")
    made = optimize_for_ort(onnx_ir.load(f"{folder}/plain.onnx"))
    onnx_ir.save(made[0] if isinstance(made, tuple) else made, f"{folder}/fused.onnx")
    return onnx.load(f"{folder}/fused.onnx")


FLAVOURS = {
    "ts14": Flavour(14),
    "ts17": Flavour(17),
    "ts17-sdpa": Flavour(17, "sdpa"),
    "old11": Flavour(11, old=True),
    "old13": Flavour(13, old=True),
    "old14-fused": Flavour(14, old=True, fuse=fuse_patterns),
    "ts17-fused": Flavour(17, fuse=fuse_patterns),
    "ts17-ort": Flavour(17, fuse=fuse_by_session),
    "dyn18": Flavour(18, "sdpa", dynamo=True),
    "dyn18-eager": Flavour(18, dynamo=True),
    "dyn18-fused": Flavour(18, "sdpa", dynamo=True, fuse=fuse_for_ort, padding=False),
    "dyn23": Flavour(23, "sdpa", dynamo=True),
    "ts17-external": Flavour(17, external=True),
    "ts17-half": Flavour(17, precision="half"),
    "ts17-int8": Flavour(17, precision="int8"),
    "ts17-int4": Flavour(17, precision="int4"),
    "old14-fused-int8": Flavour(14, old=True, fuse=fuse_patterns, precision="int8"),
    "ts17-past": Flavour(17, past="inputs"),
    "ts17-merged": Flavour(17, past="merged"),
}


def export(model: torch.nn.Module, architecture: Architecture, name: str, flavour: Flavour, inputs: dict[str, torch.Tensor]) -> onnx.ModelProto:
    if flavour.past:
        return strip(export_merged(model, architecture, flavour, inputs) if flavour.past == "merged" else export_past(model, architecture, flavour.opset, inputs))
    names = list(inputs)
    module = sys.modules[type(model).__module__]
    attention, mask_form = OLD_FORMS[name] if flavour.old else (getattr(module, "eager_attention_forward", None), lambda mask: mask)

    def forward(self, *values):
        given = dict(zip(names, values)) | architecture.arguments
        given["attention_mask"] = mask_form(given["attention_mask"])
        return type(self).forward(self, **given, return_dict=True).logits

    model.forward = types.MethodType(forward, model)
    original = getattr(module, "eager_attention_forward", None)
    if flavour.old:
        module.eager_attention_forward = attention
    axes = {n: {0: "batch", 1: "sequence"} for n in names} | {"logits": {0: "batch", 1: "sequence"} if architecture.causal else {0: "batch"}}
    try:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            path = f"{folder}/model.onnx"
            if flavour.dynamo:
                made = export_dynamo(model, names, tuple(inputs.values()), flavour.opset)
            else:
                torch.onnx.export(
                    model, tuple(inputs.values()), path, input_names=names, output_names=["logits"], dynamic_axes=axes,
                    opset_version=flavour.opset, dynamo=False, do_constant_folding=True,
                )
                made = onnx.load(path)
            if flavour.old:
                assert write_head_count(made.graph), "no Reshape that splits heads"
            if flavour.fuse:
                made = flavour.fuse(made, folder, architecture)
            if flavour.precision:
                made = PRECISIONS[flavour.precision](made, folder)
    finally:
        if flavour.old:
            module.eager_attention_forward = original
        del model.forward
    return strip(made)


def pasts(cache) -> list[torch.Tensor]:
    return [tensor for layer in cache.layers for tensor in (layer.keys, layer.values)]


PAST_LENGTH = 3  # tokens that the traced call and the second case have seen before


def past_names(kind: str) -> list[str]:
    return [f"{kind}.{layer}.{what}" for layer in range(LAYERS) for what in ("key", "value")]


def with_cache(model: torch.nn.Module, given: dict, past: list[torch.Tensor] | None):
    cache = transformers.DynamicCache()
    for layer in range(LAYERS if past else 0):
        cache.update(past[2 * layer], past[2 * layer + 1], layer)
    return type(model).forward(model, **given, past_key_values=cache, use_cache=True, return_dict=True)


def export_past(model: torch.nn.Module, architecture: Architecture, opset: int, inputs: dict[str, torch.Tensor], given_past: bool = True) -> onnx.ModelProto:
    """As hubs have them: past_key_values.0.key … come in, present.0.key … go out, the mask covers both."""
    names = list(inputs)
    batch, length = inputs["input_ids"].shape
    heads = getattr(model.config, "num_key_value_heads", architecture.heads)
    past = [torch.zeros(batch, heads, PAST_LENGTH, HIDDEN // architecture.heads) for _ in range(2 * LAYERS)] if given_past else []
    traced = dict(inputs) | ({"attention_mask": torch.ones(batch, PAST_LENGTH + length, dtype=torch.long)} if given_past else {})

    def forward(self, *values):
        out = with_cache(self, dict(zip(names, values)), list(values[len(names):]) or None)
        return out.logits, *pasts(out.past_key_values)

    model.forward = types.MethodType(forward, model)
    axes = {n: {0: "batch", 1: "sequence"} for n in names} | {"logits": {0: "batch", 1: "sequence"}}
    if given_past:
        axes["attention_mask"] = {0: "batch", 1: "past_sequence + sequence"}
        axes |= {n: {0: "batch", 2: "past_sequence"} for n in past_names("past_key_values")}
    axes |= {n: {0: "batch", 2: "past_sequence + sequence"} for n in past_names("present")}
    try:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model, (*traced.values(), *past), f"{folder}/model.onnx", input_names=names + (past_names("past_key_values") if given_past else []),
                output_names=["logits", *past_names("present")], dynamic_axes=axes, opset_version=opset, dynamo=False, do_constant_folding=True,
            )
            return onnx.load(f"{folder}/model.onnx")
    finally:
        del model.forward


def export_merged(model: torch.nn.Module, architecture: Architecture, flavour: Flavour, inputs: dict[str, torch.Tensor]) -> onnx.ModelProto:
    """One If on `use_cache_branch`: then, a graph with past inputs; else, one without. The weights are the outer graph's."""
    with_past = export_past(model, architecture, flavour.opset, inputs)
    branches = {"then_branch": with_past, "else_branch": export_past(model, architecture, flavour.opset, inputs, given_past=False)}
    shared: dict[bytes, str] = {}
    weights, attributes = [], []
    for name, branch in branches.items():
        renamed = {}
        for tensor in branch.graph.initializer:
            value = onnx.numpy_helper.to_array(tensor)
            key = value.tobytes() + str((value.dtype, value.shape)).encode()
            if key not in shared:
                shared[key] = f"weight_{len(shared)}"
                weights.append(onnx.numpy_helper.from_array(value, shared[key]))
            renamed[tensor.name] = shared[key]
        for node in branch.graph.node:
            for index, read in enumerate(node.input):
                node.input[index] = renamed.get(read, read)
        attributes.append(onnx.helper.make_attribute(name, onnx.helper.make_graph(branch.graph.node, name, [], branch.graph.output)))
    chosen = onnx.helper.make_node("If", ["use_cache_branch"], [o.name for o in with_past.graph.output], "branches")
    chosen.attribute.extend(attributes)
    for attribute in chosen.attribute:  # values of a branch are its own: no name of the outer graph comes again
        for output in attribute.g.output:
            for node in attribute.g.node:
                for names in (node.input, node.output):
                    for index, each in enumerate(names):
                        if each == output.name:
                            names[index] = f"{attribute.name}/{each}"
            output.name = f"{attribute.name}/{output.name}"
    graph = onnx.helper.make_graph(
        [chosen], "merged", [*with_past.graph.input, onnx.helper.make_tensor_value_info("use_cache_branch", onnx.TensorProto.BOOL, [1])], with_past.graph.output, weights
    )
    return onnx.helper.make_model(graph, opset_imports=with_past.opset_import, ir_version=with_past.ir_version)


def export_dynamo(model: torch.nn.Module, names: list[str], values: tuple, opset: int) -> onnx.ModelProto:
    axes = {0: torch.export.Dim("batch", min=1, max=64), 1: torch.export.Dim("sequence", min=2, max=POSITIONS)}
    program = torch.export.export(model, values, dynamic_shapes=(tuple(axes for _ in names),), strict=False)
    return torch.onnx.export(program, (), input_names=names, output_names=["logits"], dynamo=True, opset_version=opset, verbose=False).model_proto


def write_head_count(graph: onnx.GraphProto) -> int:
    """transformers 5 splits heads with -1; older versions, and so the files on hubs, with the number of heads."""
    constants = {n.output[0]: onnx.numpy_helper.to_array(n.attribute[0].t) for n in graph.node if n.op_type == "Constant"}
    constants |= {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    shapes = {n.input[1] for n in graph.node if n.op_type == "Reshape"}
    changed = 0
    for node in list(graph.node):
        if node.op_type == "Concat" and node.output[0] in shapes and len(node.input) == 4 and np.array_equal(constants.get(node.input[2]), [-1]):
            graph.initializer.append(onnx.numpy_helper.from_array(np.array([HEADS], np.int64), f"heads_{changed}"))
            node.input[2] = f"heads_{changed}"
            changed += 1
    return changed


# ---------------------------------------------------------------- precisions


def to_half(model: onnx.ModelProto, folder: str) -> onnx.ModelProto:
    return convert_float_to_float16(model, keep_io_types=True)


def to_int8(model: onnx.ModelProto, folder: str) -> onnx.ModelProto:
    """Dynamic: every product with a stored weight in integers, its input rounded in the run, one scale for the whole tensor."""
    onnx.save(model, f"{folder}/plain.onnx")
    quantize_dynamic(f"{folder}/plain.onnx", f"{folder}/int8.onnx", weight_type=QuantType.QInt8, extra_options={"DefaultTensorType": 1})
    return onnx.load(f"{folder}/int8.onnx")


def to_int4(model: onnx.ModelProto, folder: str) -> onnx.ModelProto:
    quantizer = MatMulNBitsQuantizer(model, block_size=16, is_symmetric=False, accuracy_level=0)
    quantizer.process()
    return quantizer.model.model


PRECISIONS = {"half": to_half, "int8": to_int8, "int4": to_int4}


def dequantised(model: onnx.ModelProto) -> list[tuple[np.ndarray, bool]]:
    """The weights as the file's integers say, [in, out] or, of a lookup, [word, width]; and whether their input is rounded too."""
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    found = []
    for node in model.graph.node:
        if node.op_type == "MatMulNBits":
            size, rows, block = (next(a.i for a in node.attribute if a.name == name) for name in ("K", "N", "block_size"))
            packed, scales = stored[node.input[1]], stored[node.input[2]].reshape(rows, -1)
            values = np.stack([packed & 15, packed >> 4], -1).reshape(rows, -1).astype(np.float32)  # low nibble first
            zeros = np.full_like(scales, 8)
            if len(node.input) > 3 and node.input[3]:
                both = stored[node.input[3]].reshape(rows, -1)
                zeros = np.stack([both & 15, both >> 4], -1).reshape(rows, -1)[:, : scales.shape[1]].astype(np.float32)
            whole = (values - np.repeat(zeros, block, 1)) * np.repeat(scales, block, 1)
            found.append((whole[:, :size].T, False))
        elif node.op_type == "MatMulInteger" or (node.op_type == "Gather" and node.input[0].endswith("_quantized")):
            name = node.input[1 if node.op_type == "MatMulInteger" else 0].removesuffix("_quantized")
            value = (stored[f"{name}_quantized"].astype(np.float32) - stored[f"{name}_zero_point"].astype(np.float32)) * stored[f"{name}_scale"]
            found.append((value.astype(np.float32), node.op_type == "MatMulInteger"))
        elif node.op_type == "QAttention":  # queries, keys and values side by side
            weight, scale, zero = (stored[node.input[index]] for index in (1, 4, 7))
            value = ((weight.astype(np.float32) - zero.astype(np.float32)) * scale).astype(np.float32)
            found.extend((part, True) for part in np.split(value, 3, 1))
        elif node.op_type == "QEmbedLayerNormalization":  # words, positions, types; gain and bias of the norm
            for index in range(2, 7):
                integers, scale, zero = (stored[node.input[at]] for at in (index, index + 6, index + 11))
                found.append((((integers.astype(np.float32) - zero.astype(np.float32)) * scale).astype(np.float32), False))
    return found


def rounded(_module, inputs):
    """What DynamicQuantizeLinear makes of the whole tensor, straight through for the gradient."""
    (x,) = inputs
    low, high = x.detach().min().clamp(max=0), x.detach().max().clamp(min=0)
    scale = (high - low) / 255
    zero = torch.round(-low / scale).clamp(0, 255)
    near = ((torch.round(x.detach() / scale) + zero).clamp(0, 255) - zero) * scale
    return (x + (near - x).detach(),)


def quantised_twin(model: torch.nn.Module, made: onnx.ModelProto) -> torch.nn.Module:
    """The model with the file's dequantised weights, each found by being nearest, and inputs rounded where the file rounds them."""
    twin = copy.deepcopy(model)
    head = twin.get_output_embeddings()
    if head is not None and head.weight is twin.get_input_embeddings().weight:
        head.weight = torch.nn.Parameter(head.weight.detach().clone(), requires_grad=False)
    candidates = dequantised(made)
    changed = 0
    for module in twin.modules():
        if not isinstance(module, (torch.nn.Linear, torch.nn.Embedding, transformers.pytorch_utils.Conv1D)):
            continue
        weight = module.weight.detach().numpy().T if isinstance(module, torch.nn.Linear) else module.weight.detach().numpy()
        alike = [(float(np.abs(value - weight).mean()), index) for index, (value, _) in enumerate(candidates) if value.shape == weight.shape]
        if not alike or min(alike)[0] > 0.15 * np.abs(weight).mean():
            continue
        value, rounds = candidates[min(alike)[1]]
        with torch.no_grad():
            module.weight.copy_(torch.from_numpy(np.ascontiguousarray(value.T if isinstance(module, torch.nn.Linear) else value)))
        if rounds:
            module.register_forward_pre_hook(rounded)
        changed += 1
    vectors = [value for value, _ in candidates if value.ndim == 1]
    parameters = [parameter for parameter in twin.parameters() if parameter.ndim == 1]
    for value in vectors:
        nearest = min((p for p in parameters if p.shape == value.shape), key=lambda p: float(np.abs(p.numpy() - value).mean()))
        nearest.copy_(torch.from_numpy(value))
        changed += 1
    assert changed == len(candidates), f"{changed} weights found of {len(candidates)}"
    return twin


def patterns_of(made: onnx.ModelProto, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    """What onnxruntime's own softmaxes give."""
    probed = onnx.ModelProto()
    probed.CopyFrom(made)
    names = [node.output[0] for node in made.graph.node if node.op_type == "Softmax"]
    probed.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    return onnxruntime.InferenceSession(probed.SerializeToString(), providers=["CPUExecutionProvider"]).run(names, inputs)


def names_read(graph: onnx.GraphProto):
    """Inputs of nodes and outputs of the graph, also inside branches."""
    yield from (o.name for o in graph.output)
    for node in graph.node:
        yield from node.input
        for attribute in node.attribute:
            yield from names_read(attribute.g)


def strip(model: onnx.ModelProto) -> onnx.ModelProto:
    """No stack traces, no notes: they are most of a toy file and hold paths of the machine that made it."""
    for message in (model, model.graph, *model.graph.node, *model.graph.initializer, *model.graph.value_info, *model.graph.input, *model.graph.output):
        message.ClearField("doc_string")
        message.ClearField("metadata_props")
    used = set(names_read(model.graph))
    dead = [n for n in model.graph.node if n.op_type == "Constant" and n.output[0] not in used]
    for node in dead:
        model.graph.node.remove(node)
    if all(n.op_type != "SimplifiedLayerNormalization" for n in model.graph.node):  # which no standard has, in the standard's domain
        onnx.checker.check_model(model)
    return model


# ---------------------------------------------------------------- files


@dataclass(frozen=True)
class Row:
    architecture: str
    flavour: str
    without: str = ""  # an input that this file does not have
    variant: str = ""

    @property
    def name(self) -> str:
        return "-".join(part for part in (self.architecture, self.variant, self.flavour) if part)


ZOO = [
    *(Row("bert", flavour) for flavour in ("ts14", "ts17", "ts17-sdpa", "old11", "old13")),
    *(Row("bert", flavour, "token_type_ids", "notypes") for flavour in ("ts14", "old13")),
    *(Row("distilbert", flavour) for flavour in ("ts14", "ts17-sdpa", "old13")),
    *(Row("gpt2", flavour) for flavour in ("ts14", "ts17", "ts17-sdpa", "old13")),
    *(Row("llama", flavour) for flavour in ("ts14", "ts17-sdpa")),
    *(Row("llama", flavour, "position_ids", "nopositions") for flavour in ("ts17-sdpa",)),
    *(Row("bert", flavour) for flavour in ("old14-fused", "dyn23")),
    *(Row("gpt2", flavour) for flavour in ("dyn23",)),
    *(Row("llama", flavour) for flavour in ("ts17-fused", "dyn23")),
    *(Row("llama16", flavour) for flavour in ("dyn18-fused",)),
    *(Row("roberta", flavour) for flavour in ("ts14", "ts17-fused", "dyn18")),
    *(Row("albert", flavour) for flavour in ("ts14", "ts17-fused")),
    *(Row("mpnet", flavour) for flavour in ("ts14", "ts17-fused", "dyn18-eager")),
    *(Row("deberta", flavour) for flavour in ("ts14", "ts17-fused", "dyn18-eager")),
    *(Row(architecture, "ts17") for architecture in ("deberta1", "xglm")),
    *(Row("gptneox", flavour) for flavour in ("ts14", "ts17-fused", "dyn23")),
    *(Row("opt", flavour) for flavour in ("ts14", "dyn23")),
    *(Row("bloom", flavour) for flavour in ("ts14", "dyn18-eager")),
    *(Row("qwen2", flavour) for flavour in ("dyn23",)),
    *(Row("mistral", flavour) for flavour in ("ts17-sdpa", "dyn23")),
    *(Row("gemma", flavour) for flavour in ("ts14", "dyn23")),
    *(Row("gemma2", flavour) for flavour in ("dyn18-eager",)),
    *(Row(architecture, "ts17-ort") for architecture in ("bert", "llama")),
    *(Row(architecture, "ts17-half") for architecture in ("bert", "llama")),
    *(Row(architecture, "ts17-int8") for architecture in ("bert", "gpt2", "llama", "gptneox")),
    *(Row(architecture, "ts17-int4") for architecture in ("bert", "llama", "opt")),
    *(Row(architecture, "ts17-past") for architecture in ("gpt2", "llama")),
    Row("gpt2", "ts17-merged"),
    Row("bert", "ts17-external"),
    Row("bert", "old14-fused-int8"),
]


def packed(tensor: torch.Tensor) -> dict:
    data = tensor.detach().contiguous().numpy().astype("<f4")
    return {"shape": list(data.shape), "base64": base64.b64encode(data.tobytes()).decode()}


def own_numbers(row: Row) -> bool:
    """Whether the file's numbers are not those of the architecture in float32 without a past."""
    return FLAVOURS[row.flavour].precision.startswith("int") or FLAVOURS[row.flavour].past == "inputs"


def empty_past(model: torch.nn.Module, architecture: Architecture, batch: int) -> dict[str, torch.Tensor]:
    heads = getattr(model.config, "num_key_value_heads", architecture.heads)
    return {name: torch.zeros(batch, heads, 0, HIDDEN // architecture.heads) for name in past_names("past_key_values")}


def past_cases(model: torch.nn.Module, architecture: Architecture, cases: list) -> list:
    """An empty past; and the second text again behind three tokens that went before."""
    inputs, numbers, lengths = cases[0]
    made = [(inputs | empty_past(model, architecture, len(lengths)), numbers, lengths)]
    (length,) = LENGTHS[1]
    whole = case_inputs(architecture, (PAST_LENGTH + length,), 102)
    before = pasts(with_cache(model, {name: value[:, :PAST_LENGTH] for name, value in whole.items()}, None).past_key_values)
    given = {name: value if name == "attention_mask" else value[:, PAST_LENGTH:] for name, value in whole.items()}
    after = reference(lambda **each: with_cache(model, each, before), architecture, given, (length,), model)
    return [*made, (given | dict(zip(past_names("past_key_values"), before)), after, (length,))]


def make(row: Row) -> None:
    architecture, flavour = ARCHITECTURES[row.architecture], FLAVOURS[row.flavour]
    model = build(architecture, row.architecture, "eager")
    padding = flavour.padding and not (architecture.window and flavour.implementation != "eager")
    inputs_of = [case_inputs(architecture, lengths, 100 + index) for index, lengths in enumerate(LENGTHS)]
    for inputs in inputs_of:
        inputs.pop(row.without, None)
    exported = model if flavour.implementation == "eager" else build(architecture, row.architecture, flavour.implementation, model.state_dict())
    made = export(exported, architecture, row.architecture, flavour, inputs_of[0])
    judged = quantised_twin(model, made) if flavour.precision.startswith("int") else model
    cases = [(inputs, reference(judged, architecture, inputs, lengths), lengths) for inputs, lengths in zip(inputs_of, LENGTHS)]
    if flavour.past == "inputs":
        cases = past_cases(model, architecture, cases)
    data = made.SerializeToString(deterministic=True)
    assert str(Path.home()).encode() not in data and str(Path(__file__).resolve().parents[2]).encode() not in data, "a path of this machine is in the file"

    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    worst = 0.0
    for inputs, numbers, lengths in cases:
        if flavour.past == "merged":  # as a page feeds it: no past, and the branch that has none
            inputs = inputs | empty_past(model, architecture, len(lengths)) | {"use_cache_branch": torch.tensor([False])}
        fed = {name: value.numpy() for name, value in inputs.items()}
        (logits,) = session.run(["logits"], fed)
        expected = numbers["logits"].detach().numpy()
        assert logits.shape == expected.shape, f"{row.name}: {logits.shape} and not {expected.shape}"
        real = slice(None) if padding else np.array([[t < n for t in range(max(lengths))] for n in lengths])
        worst = max(worst, float(np.abs(logits - expected)[real].max() / np.abs(expected).max()))
        if flavour.precision == "int8" and not flavour.fuse:  # where patterns are values of the file
            numbers["attention"] = [torch.from_numpy(pattern) for pattern in patterns_of(made, fed)]
    allowed = {"half": 2e-2, "int8": 1e-3}.get(flavour.precision, LARGEST_DIFFERENCE)
    assert worst <= allowed, f"{row.name}: onnxruntime differs from PyTorch by {worst:.1e} of the largest logit"

    alike = [other for other in ZOO if (other.architecture, other.without) == (row.architecture, row.without) and not own_numbers(other)]
    first = row if own_numbers(row) else alike[0]  # its numbers are this row's too
    numbers = {
        "name": row.name, "architecture": row.architecture, "flavour": row.flavour, "opset": flavour.opset, "causal": architecture.causal,
        "layers": LAYERS, "heads": architecture.heads, "keyValueHeads": getattr(model.config, "num_key_value_heads", architecture.heads),
        "headSize": HIDDEN // architecture.heads,
        "width": cases[0][1]["lookup"].shape[-1], "vocabulary": VOCABULARY, **({} if padding else {"padding": False}),
        **({"precision": flavour.precision} if flavour.precision else {}),
        "cases": first.name
        if first != row
        else [
            {
                "inputs": {name: packed(value) if value.is_floating_point() else value.tolist() for name, value in inputs.items()},
                "target": {"index": architecture.target, "positions": [n - 1 for n in lengths] if architecture.causal else None},
                **{key: [packed(v) for v in value] if isinstance(value, list) else packed(value) for key, value in result.items()},
            }
            for inputs, result, lengths in cases
        ],
    }
    folder = OUT / row.name
    folder.mkdir(parents=True, exist_ok=True)
    if flavour.external:
        (folder / "model.onnx.data").unlink(missing_ok=True)
        onnx.save(made, folder / "model.onnx", save_as_external_data=True, location="model.onnx.data", size_threshold=64)
    else:
        (folder / "model.onnx").write_bytes(data)
    (folder / "numbers.json").write_text(json.dumps(numbers, separators=(",", ":")) + "\n")
    config = model.config.to_diff_dict() | {"architectures": [architecture.model.__name__]}
    config = {key: value for key, value in config.items() if not key.startswith("_") and key not in ("dtype", "transformers_version")}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    sharpness = float(np.mean([p.max(-1).values.mean().item() for p in cases[0][1]["attention"]]))
    largest = float(cases[0][1]["logits"].detach().abs().max())
    print(f"{row.name:28} {len(data) / 1000:6.0f} kB  nodes {len(made.graph.node):4}  difference {worst:.1e}  row maximum {sharpness:.2f}  largest logit {largest:.1f}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for zoo_row in ZOO:
        if len(sys.argv) == 1 or any(zoo_row.name.startswith(prefix) for prefix in sys.argv[1:]):
            make(zoo_row)
    (OUT / "index.json").write_text(json.dumps(sorted(place.name for place in OUT.iterdir() if place.is_dir()), indent=1) + "\n")
