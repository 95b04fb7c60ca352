"""Writes the trained encoder as a plain inference ONNX file with half-precision weight storage.

python training/export.py --cache DIR --out models/sentiment

Matrices are stored as float16 and cast once to float32; all arithmetic is float32. The file is then
run with onnxruntime and compared with PyTorch: single texts, a padded batch, 512 tokens.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

import templates
from model import SentimentEncoder, Shape

LARGEST_FILE = 5_000_000
LARGEST_CHANGE = 1e-2


def export_float32(model, path):
    """TorchScript export, dynamic batch and length."""
    ids = torch.randint(5, 1000, (2, 9))
    axes = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        model, (ids, torch.ones_like(ids)), str(path), input_names=["input_ids", "attention_mask"],
        output_names=["logits"], opset_version=17, dynamo=False,
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": {0: "batch"}})


def name_initializers(graph, model):
    """Gives the transposed matrices of the export, which have lost their names, those of the parameters."""
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    taken = {tensor.name for tensor in graph.initializer}
    renamed = {}
    for tensor in graph.initializer:
        if tensor.name not in state and len(tensor.dims) == 2:
            values = numpy_helper.to_array(tensor)
            name = next(name for name, own in state.items()
                        if name not in taken and own.T.shape == values.shape and np.array_equal(own.T, values))
            renamed[tensor.name] = name
            taken.add(name)
            tensor.name = name
    for node in graph.node:
        node.input[:] = [renamed.get(name, name) for name in node.input]


def store_half(graph):
    """Each matrix becomes a float16 initializer `NAME.half` and one Cast that gives NAME in float32."""
    casts = []
    for tensor in graph.initializer:
        if len(tensor.dims) == 2 and tensor.data_type == TensorProto.FLOAT:
            name = tensor.name
            half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{name}.half")
            tensor.CopyFrom(half)
            casts.append(helper.make_node("Cast", [half.name], [name], name=f"{name}.cast", to=TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    return len(casts)


def config(shape):
    """The Hugging Face configuration; `model_type` lets loaders choose the BERT interface."""
    return {
        "model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": shape.vocabulary,
        "hidden_size": shape.width, "num_attention_heads": shape.heads, "num_hidden_layers": shape.layers,
        "intermediate_size": shape.inner, "max_position_embeddings": shape.positions, "hidden_act": "gelu",
        "hidden_dropout_prob": shape.dropout, "attention_probs_dropout_prob": 0.0, "layer_norm_eps": 1e-5,
        "norm_position": "pre", "pooling": "cls", "position_embedding_type": "absolute",
        "id2label": {"0": "negative", "1": "positive"}, "label2id": {"negative": 0, "positive": 1},
        "num_labels": shape.labels, "problem_type": "single_label_classification",
        "pad_token_id": 0, "unk_token_id": 1, "cls_token_id": 2, "sep_token_id": 3, "mask_token_id": 4,
    }


def padded(encodings):
    longest = max(len(one.ids) for one in encodings)
    ids = np.array([one.ids + [0] * (longest - len(one.ids)) for one in encodings], dtype=np.int64)
    mask = np.array([[1] * len(one.ids) + [0] * (longest - len(one.ids)) for one in encodings], dtype=np.int64)
    return ids, mask


def check(path, model, tokenizer):
    """Largest logit differences: half storage, padding, and a text of 512 tokens."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    run = lambda ids, mask: session.run(["logits"], {"input_ids": ids, "attention_mask": mask})[0]
    texts = [text for rows in templates.probes().values() for text, _ in rows]
    encodings = tokenizer.encode_batch(texts + [" ".join(texts)[:1200]])
    ids, mask = padded(encodings)
    together = run(ids, mask)
    alone = np.concatenate([run(*padded([one])) for one in encodings])
    longest = np.resize(ids[mask == 1], (1, 512))
    with torch.no_grad():
        exact = model(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
        exact_longest = model(torch.from_numpy(longest), torch.ones(1, 512, dtype=torch.int64)).numpy()
    change = np.abs(together - exact).max()
    change_longest = np.abs(run(longest, np.ones_like(longest)) - exact_longest).max()
    padding = np.abs(together - alone).max()
    print(f"logit change by half storage {change:.5f}, at 512 tokens {change_longest:.5f}; by padding {padding:.2e}")
    assert max(change, change_longest) < LARGEST_CHANGE and padding < 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of tokenizer.json; receives the rest")
    parser.add_argument("--name", default="student", help="name of the weights in the cache folder")
    parser.add_argument("--temperature", type=float, default=1.25, help="divides the logits, chosen on the development rows")
    args = parser.parse_args()
    model = SentimentEncoder()
    model.load_state_dict(torch.load(args.cache / f"{args.name}.pt"))
    for parameter in model.classifier.parameters():
        parameter.data /= args.temperature
    model.eval().requires_grad_(False)

    path = args.out / "onnx" / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    export_float32(model, path)
    proto = onnx.load(path)
    name_initializers(proto.graph, model)
    casts = store_half(proto.graph)
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, path)
    with open(args.out / "config.json", "w", encoding="utf-8") as file:
        json.dump(config(Shape()), file, indent=2)
        file.write("\n")
    size, parameters = path.stat().st_size, sum(p.numel() for p in model.parameters())
    print(f"{size} bytes, {parameters} parameters, {casts} matrices in half precision")
    assert size <= LARGEST_FILE
    check(path, model, Tokenizer.from_file(str(args.out / "tokenizer.json")))


if __name__ == "__main__":
    main()
