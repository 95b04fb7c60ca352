"""Methods with a backward pass of their own, on the zoo's BERT: layer integrated gradients by Captum, attention relevance after Chefer et al., and layer-wise
relevance with attention, norms and activations held constant, each from PyTorch's autograd alone. Writes fixtures/backward/bert.json.

    python test/oracle/backward.py
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path = [place for place in sys.path if pathlib.Path(place or ".").resolve() != HERE]  # the file tokenizers.py is not the library

import torch  # noqa: E402
from captum.attr import LayerIntegratedGradients  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

sys.path.append(str(HERE))
import zoo  # noqa: E402

TEXT = "the film was not very good"
TARGET = 1
tokenizer = Tokenizer.from_file(str(HERE.parent / "engine" / "fixtures" / "bert" / "tokenizer.json"))
encoding = tokenizer.encode(TEXT)
ids = torch.tensor([encoding.ids])
special = torch.tensor([[bool(flag) for flag in encoding.special_tokens_mask]])
mask = torch.ones_like(ids)
model = zoo.build(zoo.ARCHITECTURES["bert"], "bert", "eager")


def logit(given):
    return model(input_ids=given, attention_mask=mask.expand(len(given), -1)).logits[:, TARGET]


def layer_integrated_gradients(layer):
    baseline = torch.where(special, ids, torch.zeros_like(ids))
    found = LayerIntegratedGradients(logit, model.bert.encoder.layer[layer]).attribute(ids, baselines=baseline, n_steps=64, method="gausslegendre")
    found = found[0] if isinstance(found, tuple) else found
    return found.sum(-1)[0], float(logit(ids)), float(logit(baseline))


def attention_relevance():
    table, kept = model.bert.embeddings.word_embeddings.weight, []
    table.requires_grad_(True)
    try:
        out = model(input_ids=ids, attention_mask=mask, output_attentions=True)
        gradients = torch.autograd.grad(out.logits[0, TARGET], out.attentions)
    finally:
        table.requires_grad_(False)
    relevance = torch.eye(ids.shape[1])
    for pattern, gradient in zip(out.attentions, gradients):
        weights = (pattern * gradient).clamp(min=0).mean(1)[0]
        relevance = relevance + weights @ relevance
    return (relevance - torch.eye(ids.shape[1]))[0].detach()  # the class token speaks for the logits


def lrp():
    """Gradient times input where softmax is a constant, a norm's deviation too, and an activation's slope is y/x."""
    functional = torch.nn.functional
    softmax, layer_norm, embedding = functional.softmax, functional.layer_norm, functional.embedding
    lookups = []

    def watched(given, weight, *rest, **options):
        rows = embedding(given, weight, *rest, **options)
        if weight.data_ptr() == model.bert.embeddings.word_embeddings.weight.data_ptr():
            rows = rows.detach().requires_grad_(True)
            lookups.append(rows)
        return rows

    def norm(x, shape, weight=None, bias=None, eps=1e-5):
        centred = x - x.mean(-1, keepdim=True)
        return centred * (1 / torch.sqrt((centred.detach() ** 2).mean(-1, keepdim=True) + eps)) * weight + bias

    class HandedOn(torch.nn.Module):
        def __init__(self, function):
            super().__init__()
            self.function = function

        def forward(self, x):
            return x * (self.function(x.detach()) / x.detach())

    functional.softmax = lambda x, *rest, **more: softmax(x, *rest, **more).detach()
    functional.layer_norm, functional.embedding = norm, watched
    activations = [(layer.intermediate, layer.intermediate.intermediate_act_fn) for layer in model.bert.encoder.layer]
    pooler = model.bert.pooler.activation
    for module, act in activations:
        module.intermediate_act_fn = HandedOn(act)
    model.bert.pooler.activation = HandedOn(pooler)
    try:
        value = logit(ids)[0]
        (gradient,) = torch.autograd.grad(value, lookups)
    finally:
        functional.softmax, functional.layer_norm, functional.embedding = softmax, layer_norm, embedding
        model.bert.pooler.activation = pooler
        for module, act in activations:
            module.intermediate_act_fn = act
    return (gradient * lookups[0]).sum(-1)[0].detach(), float(value)


layers = [layer_integrated_gradients(layer) for layer in range(2)]
relevance, value = lrp()
plain = lambda tensor: [float(each) for each in tensor]
made = {
    "text": TEXT, "ids": encoding.ids, "target": TARGET,
    "layerIntegratedGradients": [{"scores": plain(scores), "value": value_, "baselineValue": baseline} for scores, value_, baseline in layers],
    "attentionRelevance": plain(attention_relevance()), "lrp": plain(relevance), "value": value,
}
out = HERE.parent / "fixtures" / "backward"
out.mkdir(exist_ok=True)
(out / "bert.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
print(json.dumps(made, indent=1))
