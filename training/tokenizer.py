"""Learns the WordPiece vocabulary from training rows and writes the Hugging Face tokenizer files.

python training/tokenizer.py --cache DIR --out models/sentiment
"""

import argparse
import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import corpus
import templates

VOCABULARY = 8000
ALPHABET = 2400
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def texts(cache):
    """Training rows of both languages; no development or test text."""
    for name, ordinary in (("en-train", True), ("en-sentences", False), ("zh-train", False), ("zh-hotels", False)):
        with open(cache / f"{name}.jsonl", encoding="utf-8") as file:
            for line in file:
                text = json.loads(line)[0]
                yield corpus.detokenise(text) if ordinary else text
    for language in ("en", "zh"):
        for text, _ in templates.sample(language, 10_000, 0):
            yield text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", continuing_subword_prefix="##"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, handle_chinese_chars=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.train_from_iterator(texts(args.cache), trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, min_frequency=3, limit_alphabet=ALPHABET, special_tokens=list(SPECIAL),
        continuing_subword_prefix="##", show_progress=False))
    start, stop = ((name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[start, stop])
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(args.out / "tokenizer.json"))
    with open(args.out / "tokenizer_config.json", "w", encoding="utf-8") as file:
        json.dump({"tokenizer_class": "BertTokenizer", "do_lower_case": True, "tokenize_chinese_chars": True,
                   "strip_accents": None, "model_max_length": 512, "cls_token": "[CLS]", "mask_token": "[MASK]",
                   "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}, file, indent=2)
        file.write("\n")
    print(tokenizer.get_vocab_size(), "tokens")


if __name__ == "__main__":
    main()
