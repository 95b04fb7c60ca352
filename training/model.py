"""The sentiment encoder: BERT-like, four bidirectional pre-normalised blocks, one linear head on [CLS].

Attention is written out (matmul, scale, additive mask, softmax, matmul), so that the exported graph
shows every step.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn

MASKED = -10000.0


@dataclass
class Shape:
    """Sizes of the encoder; the defaults are the shipped model."""

    vocabulary: int = 8000
    width: int = 144
    heads: int = 6
    layers: int = 4
    inner: int = 576
    positions: int = 512
    labels: int = 2
    dropout: float = 0.1


class SelfAttention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.heads, self.size = shape.heads, shape.width // shape.heads
        self.query, self.key, self.value, self.output = (nn.Linear(shape.width, shape.width) for _ in range(4))

    def split(self, states):
        batch, length = states.shape[0], states.shape[1]
        return states.view(batch, length, self.heads, self.size).transpose(1, 2)

    def forward(self, states, mask):
        query, key, value = self.split(self.query(states)), self.split(self.key(states)), self.split(self.value(states))
        scores = torch.matmul(query, key.transpose(2, 3)) * (1 / math.sqrt(self.size)) + mask
        mixed = torch.matmul(torch.softmax(scores, dim=-1), value)  # [batch, head, query, size]
        return self.output(mixed.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.attention_norm = nn.LayerNorm(shape.width)
        self.attention = SelfAttention(shape)
        self.feed_norm = nn.LayerNorm(shape.width)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, states, mask):
        states = states + self.drop(self.attention(self.attention_norm(states), mask))
        return states + self.drop(self.down(nn.functional.gelu(self.up(self.feed_norm(states)))))


class SentimentEncoder(nn.Module):
    """input_ids, attention_mask [batch, token] -> logits [batch, label]."""

    def __init__(self, shape=Shape()):
        super().__init__()
        self.shape = shape
        self.word_embeddings = nn.Embedding(shape.vocabulary, shape.width)
        self.position_embeddings = nn.Embedding(shape.positions, shape.width)
        self.register_buffer("position_ids", torch.arange(shape.positions).unsqueeze(0), persistent=False)
        self.drop = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.final_norm = nn.LayerNorm(shape.width)
        self.classifier = nn.Linear(shape.width, shape.labels)
        initialise(self)

    def forward(self, input_ids, attention_mask):
        positions = self.position_embeddings(self.position_ids[:, : input_ids.shape[1]])
        states = self.drop(self.word_embeddings(input_ids) + positions)
        mask = (1.0 - attention_mask[:, None, None, :].to(states.dtype)) * MASKED
        for block in self.blocks:
            states = block(states, mask)
        return self.classifier(self.drop(self.final_norm(states[:, 0])))


def initialise(model):
    """Scaled normal weights, sinusoidal positions, and two first-layer heads that look one step back and ahead."""
    shape = model.shape
    residual = math.sqrt(2 * shape.layers)
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.7 / math.sqrt(module.in_features))
            nn.init.zeros_(module.bias)
    for block in model.blocks:
        block.attention.output.weight.data /= residual
        block.down.weight.data /= residual
    nn.init.normal_(model.word_embeddings.weight, std=0.02)
    nn.init.zeros_(model.position_embeddings.weight)
    point_heads_at_neighbours(model)


def point_heads_at_neighbours(model):
    """Heads 0 and 1 of the first layer read `size` position-only dimensions; their keys are turned by one step."""
    attention = model.blocks[0].attention
    size, table = attention.size, model.position_embeddings.weight.data
    rates = torch.exp(torch.linspace(math.log(2.0), math.log(0.02), size // 2))
    angles = torch.arange(table.shape[0]).unsqueeze(1) * rates
    table[:, 0:size:2], table[:, 1:size:2] = 0.03 * torch.sin(angles), 0.03 * torch.cos(angles)
    model.word_embeddings.weight.data[:, :size] = 0
    for head, step in ((0, -1), (1, 1)):
        rows = slice(head * size, (head + 1) * size)
        for linear, turn in ((attention.query, torch.zeros(size // 2)), (attention.key, -step * rates)):
            linear.weight.data[rows] = 0
            for pair in range(size // 2):
                sine, cosine, i = torch.sin(turn[pair]), torch.cos(turn[pair]), 2 * pair
                block = torch.tensor([[cosine, sine], [-sine, cosine]])
                linear.weight.data[head * size + i: head * size + i + 2, i: i + 2] = 1.3 * block
