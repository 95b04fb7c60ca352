"""Makes labelled sentences that teach negation and concession, in English and Chinese.

Small networks trained on reviews alone read a bag of words: "Not bad." comes out negative. These
rows put the same adjectives under every kind of negator, and join clauses of opposite feeling.
The label of a concession is that of its main clause. No probe appears here word for word:
`sample` drops every row that equals one.
"""

import json
import random
import re
from pathlib import Path

import templates_en
import templates_zh

PROBES = Path(__file__).with_name("probes.json")


def normal(text):
    """Lower case, letters and digits only: the form in which rows are compared with probes."""
    return re.sub(r"[\W_]+", "", text.lower())


def probes():
    """{group: [(text, label)]}."""
    with open(PROBES, encoding="utf-8") as file:
        return {group: [tuple(row) for row in rows] for group, rows in json.load(file).items()}


def sample(language, count, seed):
    """`count` rows (text, label) of one language ("en" or "zh"), none of them a probe."""
    makers = {"en": templates_en.MAKERS, "zh": templates_zh.MAKERS}[language]
    held_out = {normal(text) for rows in probes().values() for text, _ in rows}
    rng = random.Random(f"{language} {seed}")
    functions, weights = zip(*makers)
    rows = []
    while len(rows) < count:
        text, label = rng.choices(functions, weights)[0](rng)
        if normal(text) not in held_out:
            rows.append((text, label))
    assert not held_out & {normal(text) for text, _ in rows}
    return rows
