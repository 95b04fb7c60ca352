"""DeepLift on networks of modules that Captum has rules for: one with every elementwise nonlinearity and a softmax last, and a tiny transformer
(attention by softmax as a module, layer norm, GELU). Writes fixtures/deep-lift/<name>.onnx and numbers.json with Captum's multipliers and attributions.

    python test/oracle/deep_lift.py
"""
import io
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path = [place for place in sys.path if pathlib.Path(place or ".").resolve() != HERE]  # the file tokenizers.py is not the library

import torch  # noqa: E402
from captum.attr import DeepLift  # noqa: E402
from captum.attr._core.deep_lift import SUPPORTED_NON_LINEAR, nonlinear  # noqa: E402
from torch import nn  # noqa: E402


class Mixed(nn.Module):
    """Every kind of elementwise nonlinearity that Captum rescales, side by side, and two layers above them, the second a softmax."""

    def __init__(self):
        super().__init__()
        self.acts = nn.ModuleList([nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.ELU(), nn.Softplus(), nn.LeakyReLU(0.1), nn.GELU()])
        self.linears = nn.ModuleList([nn.Linear(4, 4) for _ in self.acts])
        self.middle, self.last, self.head = nn.Linear(28, 8), nn.Linear(8, 5), nn.Linear(5, 2)
        self.tanh, self.softmax = nn.Tanh(), nn.Softmax(-1)

    def forward(self, x):
        sides = torch.cat([act(linear(x)) for linear, act in zip(self.linears, self.acts)], -1)
        return self.head(self.softmax(self.last(self.tanh(self.middle(sides)))))


class Transformer(nn.Module):
    """One block of two heads; the first token speaks for the text."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = [nn.Linear(8, 8) for _ in range(4)]
        self.first, self.second = nn.LayerNorm(8), nn.LayerNorm(8)
        self.up, self.down, self.head = nn.Linear(8, 16), nn.Linear(16, 8), nn.Linear(8, 2)
        self.softmax, self.act, self.pool = nn.Softmax(-1), nn.GELU(), nn.Tanh()

    def heads(self, x):
        return x.view(x.shape[0], x.shape[1], 2, 4).transpose(1, 2)

    def forward(self, x):
        query, key, value = self.heads(self.query(x)), self.heads(self.key(x)), self.heads(self.value(x))
        weights = self.softmax(query @ key.transpose(-1, -2) / 2)
        x = self.first(x + self.out((weights @ value).transpose(1, 2).reshape(x.shape)))
        x = self.second(x + self.down(self.act(self.up(x))))
        return self.head(self.pool(x[:, 0]))


def exported(model, x, name, axes):
    file = io.BytesIO()
    torch.onnx.export(model, x, file, input_names=["x"], output_names=["y"], opset_version=17, dynamic_axes={"x": axes, "y": {0: "batch"}}, dynamo=False)
    (OUT / f"{name}.onnx").write_bytes(file.getvalue())


def numbers(model, x, baseline):
    found = []
    for target in range(2):
        multipliers = DeepLift(model, multiply_by_inputs=False).attribute(x, baselines=baseline, target=target)
        scores, delta = DeepLift(model).attribute(x, baselines=baseline, target=target, return_convergence_delta=True)
        found.append({"multipliers": flat(multipliers), "scores": flat(scores), "delta": float(delta[0]), "value": float(model(x).detach()[0, target]), "baselineValue": float(model(baseline).detach()[0, target])})
    return {"shape": list(x.shape[1:]), "input": flat(x), "baseline": flat(baseline), "targets": found}


def flat(tensor):
    return [float(value) for value in tensor.detach().flatten()]


SUPPORTED_NON_LINEAR[nn.GELU] = nonlinear  # Captum names no rule for it and would take the gradient: its rule for the others
OUT = HERE.parent / "fixtures" / "deep-lift"
OUT.mkdir(exist_ok=True)
made = {}
torch.manual_seed(3)
for name, model, shape, axes in [("mixed", Mixed(), (1, 4), {0: "batch"}), ("transformer", Transformer(), (1, 5, 8), {0: "batch", 1: "token"})]:
    model.eval()
    for parameter in model.parameters():
        parameter.data = torch.randn_like(parameter) / (2 if parameter.dim() == 1 else parameter.shape[-1] ** 0.5 / 1.5)
    x, baseline = torch.randn(shape), torch.randn(shape) / 3
    exported(model, x, name, axes)
    made[name] = numbers(model, x, baseline)
(OUT / "numbers.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
for name, each in made.items():
    print(name, [(one["value"] - one["baselineValue"], sum(one["scores"]), one["delta"]) for one in each["targets"]])
