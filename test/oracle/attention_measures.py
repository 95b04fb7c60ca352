"""Value zeroing and value-weighted attention of two toys, by hooks on PyTorch's own modules; see README.md beside this file.

A token's value vectors are set to zero where the model's value projection hands them on, and the layer's output is read as the model gives it. The
norms of alpha f(x) are summed head by head from the value projection's output and the rows of the output projection's weight.

    python test/oracle/attention_measures.py         writes test/fixtures/attention-measures.json
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path = [place for place in sys.path if Path(place or ".").resolve() != HERE]  # the file tokenizers.py is not the library

import torch  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

sys.path.append(str(HERE))
from zoo import ARCHITECTURES, HEADS, HIDDEN, LAYERS, build  # noqa: E402

OUT = HERE.parent / "fixtures" / "attention-measures.json"
SIZE = HIDDEN // HEADS
# toy, text, the module whose output holds the values, where in it they stand, and the output projection as [in, out]
CASES = (
    ("bert", "the film was not very good", lambda block: block.attention.self.value, 0, lambda block: block.attention.output.dense.weight.T),
    ("gpt2", "from word3 day you", lambda block: block.attn.c_attn, 2 * HIDDEN, lambda block: block.attn.c_proj.weight),
)


def run(architecture, model, ids, layer, edit):
    """Output of one block, and its pattern, with `edit` applied to the values' module output."""
    block = architecture.blocks(model)[layer]
    seen = {}
    handles = [
        edit["module"](block).register_forward_hook(lambda _m, _i, output: edit["apply"](output)),
        block.register_forward_hook(lambda _m, _i, output: seen.update(state=(output[0] if isinstance(output, tuple) else output)[0])),
    ]
    with torch.no_grad():
        answer = model(input_ids=ids, output_attentions=True, **architecture.arguments)
    for handle in handles:
        handle.remove()
    return seen["state"].double(), answer.attentions[layer][0].double()


def main():
    cases = []
    for name, text, module, offset, projection in CASES:
        tokenizer = Tokenizer.from_file(str(HERE.parent / "engine" / "fixtures" / name / "tokenizer.json"))
        ids = torch.tensor([tokenizer.encode(text).ids])
        architecture = ARCHITECTURES[name]
        model = build(architecture, name, "eager")
        tokens = ids.shape[1]
        layers = []
        for layer in range(LAYERS):
            kept = {}

            def keep(output):
                kept["values"] = output[0, :, offset : offset + HIDDEN].double()
                return output

            clean, pattern = run(architecture, model, ids, layer, {"module": module, "apply": keep})

            def zeroed(token, first, last):
                def apply(output):
                    output = output.clone()
                    output[:, token, offset + first : offset + last] = 0
                    return output

                changed, _ = run(architecture, model, ids, layer, {"module": module, "apply": apply})
                return 1 - torch.nn.functional.cosine_similarity(changed, clean, dim=-1)

            zeroing = torch.stack([zeroed(token, 0, HIDDEN) for token in range(tokens)], dim=1)
            one_head = torch.stack([zeroed(token, SIZE, 2 * SIZE) for token in range(tokens)], dim=1)
            values = kept["values"].reshape(tokens, HEADS, SIZE)
            weight = projection(architecture.blocks(model)[layer]).double().detach().reshape(HEADS, SIZE, HIDDEN)
            moved = torch.einsum("khd,hdw->hkw", values, weight)
            vectors = pattern[..., None] * moved[:, None]  # [head, query, key, width]
            layers.append({
                "zeroing": zeroing.tolist(), "zeroingOfHead1": one_head.tolist(),
                "normOfHead1": vectors[1].norm(dim=-1).tolist(), "normOfMean": vectors.mean(dim=0).norm(dim=-1).tolist(),
            })
        cases.append({"toy": name, "text": text, "layers": layers})
    OUT.write_text(json.dumps({"cases": [round_all(case) for case in cases]}, separators=(",", ":")) + "\n")


def round_all(value):
    if isinstance(value, dict):
        return {name: round_all(item) for name, item in value.items()}
    if isinstance(value, list):
        return [round_all(item) for item in value]
    return float(f"{value:.8g}") if isinstance(value, float) else value


main()
