"""Makes small tokenizers and asks the Rust library what they answer: ids, tokens, offsets.

    python test/oracle/tokenizers.py [--train]      writes test/fixtures/tokenizers/<name>.json

Training is not repeatable (the library counts in hash order), so an existing fixture keeps its tokenizer and only the answers are asked anew; `--train` makes a new one.
A fixture is {name, tokenizer, config, texts: [{text, pair?, ids, tokens, offsets, typeIds}]}; `tokenizer` and `config` are what tokenizer.json and
tokenizer_config.json hold. Offsets are in UTF-16 units (Rust counts code points), as JavaScript slices. One row of TOKENIZERS is a fixture.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path = [p for p in sys.path if Path(p or ".").resolve() != HERE]  # this file has the name of the library that it imports

import json  # noqa: E402

from tokenizers import (  # noqa: E402
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers,
)

OUT = HERE.parent / "fixtures" / "tokenizers"

CORPUS = [
    "The film is slow, but the acting saves it; a gripping, beautifully acted story.",
    "I watched it twice and would happily watch it again with friends and family.",
    "Nothing happens for two hours, and nobody explains why the house burned down.",
    "Unbelievably good! The unhappiest ending, the happiest beginning - don't miss it.",
    "She said it wasn't worth $12.50, however they'd already paid in 2019 and 2020.",
    "Reading, writing, running, walking, talking, thinking: everything is quickly done.",
    "café naïve résumé Zürich über straße façade jalapeño Dvořák ﬁne ﬂow office",
    "剧情拖沓，但演员很出色。这部电影非常好看，我很喜欢。导演的手法很成熟，故事感人。",
    "音乐很好听，画面也很美，可是结局让人失望。我不推荐这部电影，浪费时间。",
    "今天天气很好，我们去看电影吧。😀 🎉 👍 great 😀 film 👍",
    "Привет мир, это хороший фильм. Ελληνικά οδός και δρόμος.",
]

TEXTS = [
    "", " ", "   ", "a", "The film is slow.", "  leading and trailing  ", "two  spaces   three", "tabs\tand\nnewlines\r\n", "line one\n\nline two",
    "Unbelievably unhappy endings", "don't can't they'd I'm we've", "$12.50 and 3.14159, 2019-2020", "CAPITALS AND lower", "hyphen-ated_under_score",
    "!!! ??? ... ,,, ;;;", "(brackets) [and] {braces}", "e-mail: a.b@c.org, https://example.org/a?b=c#d",
    "café", "cafe\u0301", "naïve résumé", "e\u0301\u0302\u0323x", "Zürich STRASSE straße", "İstanbul", "ISTANBUL ıi", "ΟΔΟΣ", "ΟΔΌΣ καὶ ὁδός", "Dvořák's",
    "ﬁne ﬂow oﬃce", "ＡＢＣ１２３", "㎏ ½ ² Ⅳ ℃", "ｶﾞｷﾞｸﾞ", "カ\u3099キ\u3099", "한국어 \u1112\u1161\u11ab\u1100\u1173\u11af",
    "剧情拖沓，但演员很出色。", "这部电影not bad很好看", "漢字 かな カナ", "我 喜 欢", "𠮷野家", "𠮷𠮷", "龘靐齉", "日本語とEnglishの混在",
    "😀", "good😀film", "👍🏽 thumbs", "👨‍👩‍👧‍👦 family", "🇩🇪🇫🇷", "❤️ and ❤", "1️⃣2️⃣", "a😀b👍c", "é😀é",
    "نص عربي", "עִבְרִית", "हिन्दी में", "ไทยภาษา", "Привет, мир!", "Tiếng Việt rất hay", "mixed مرحبا 你好 hello",
    "zero\u200bwidth", "soft\u00adhyphen", "no\u00a0break", "ideographic\u3000space", "bom\ufeffinside", "null\u0000byte", "bell\u0007", "replacement \ufffd char",
    "[CLS] typed by hand [SEP]", "a [MASK] in text", "<s> and </s> and <unk> <mask>", "▁already ▁there", "Ġbyte Ġlevel ##ing", "<0x41> <0xE4>",
    "x" * 120, "supercalifragilisticexpialidocious", "q\u0308Q\u0308", "\u0301starts with a mark", "a\u0301\u200dz", "＜ｓ＞", "％ ‰ ‱ № ™ ©",
]

PAIRS = [("The film is slow.", "剧情拖沓"), ("good", ""), ("café 😀", "don't miss it"), ("a b", "a b")]


def utf16(text: str, code_point: int) -> int:
    return len(text[:code_point].encode("utf-16-le")) // 2


def answer(tokenizer: Tokenizer, text: str, pair: str | None = None) -> dict:
    encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
    of = lambda i: pair if encoding.sequence_ids[i] == 1 else text  # noqa: E731
    offsets = [[utf16(of(i), start), utf16(of(i), end)] for i, (start, end) in enumerate(encoding.offsets)]
    row = {"text": text, "ids": encoding.ids, "tokens": encoding.tokens, "offsets": offsets, "typeIds": encoding.type_ids}
    return row if pair is None else row | {"pair": pair}


def trained(tokenizer: Tokenizer, trainer) -> Tokenizer:
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def wordpiece(lowercase: bool) -> Tokenizer:
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trained(t, trainers.WordPieceTrainer(vocab_size=500, special_tokens=special, show_progress=False, limit_alphabet=150))
    cls, sep = t.token_to_id("[CLS]"), t.token_to_id("[SEP]")
    t.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)]
    )
    return t


def byte_level(roberta: bool) -> Tokenizer:
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=roberta, trim_offsets=roberta)
    t.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)] if roberta else ["<|endoftext|>"]
    trained(t, trainers.BpeTrainer(vocab_size=500, special_tokens=special, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    t.post_processor = (
        processors.RobertaProcessing(("</s>", t.token_to_id("</s>")), ("<s>", t.token_to_id("<s>")), trim_offsets=True, add_prefix_space=True)
        if roberta
        else processors.ByteLevel(trim_offsets=False)
    )
    return t


def unigram() -> Tokenizer:
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained(t, trainers.UnigramTrainer(vocab_size=400, special_tokens=special, unk_token="<unk>", show_progress=False))
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", t.token_to_id("<s>")), ("</s>", t.token_to_id("</s>"))]
    )
    return t


def t5() -> Tokenizer:
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    t.decoder = decoders.Metaspace()
    trained(t, trainers.UnigramTrainer(vocab_size=300, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return t


QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def qwen() -> Tokenizer:
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    by_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False, trim_offsets=False)
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN), "isolated"), by_bytes])
    t.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    return trained(t, trainers.BpeTrainer(vocab_size=400, special_tokens=["<|endoftext|>", "<|im_start|>"], show_progress=False, initial_alphabet=alphabet))


def clip() -> Tokenizer:
    t = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    split = pre_tokenizers.Split(Regex(CLIP), "removed", invert=True)
    t.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trained(t, trainers.BpeTrainer(vocab_size=600, special_tokens=["<unk>"], show_progress=False, end_of_word_suffix="</w>", initial_alphabet=alphabet))
    return t


def llama() -> Tokenizer:
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trained(t, trainers.BpeTrainer(vocab_size=300, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False, limit_alphabet=90))
    made = json.loads(t.to_str())
    learnt = sorted(made["model"]["vocab"], key=made["model"]["vocab"].get)
    words = learnt[:3] + [f"<0x{b:02X}>" for b in range(256)] + learnt[3:]
    made["model"] |= {"vocab": {word: i for i, word in enumerate(words)}, "byte_fallback": True}
    t = Tokenizer.from_str(json.dumps(made))
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return t


BERT_CONFIG = {"tokenizer_class": "BertTokenizer", "pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]", "model_max_length": 512}
ROBERTA_CONFIG = {"tokenizer_class": "RobertaTokenizer", "pad_token": "<pad>", "unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>", "bos_token": "<s>", "eos_token": "</s>", "mask_token": {"content": "<mask>", "lstrip": True}, "model_max_length": 512}

TOKENIZERS = {
    "wordpiece-uncased": (lambda: wordpiece(True), BERT_CONFIG),
    "wordpiece-cased": (lambda: wordpiece(False), BERT_CONFIG),
    "bytelevel-gpt2": (lambda: byte_level(False), {"tokenizer_class": "GPT2Tokenizer", "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "model_max_length": 1024}),
    "bytelevel-roberta": (lambda: byte_level(True), ROBERTA_CONFIG),
    "unigram": (unigram, ROBERTA_CONFIG | {"tokenizer_class": "XLMRobertaTokenizer"}),
    "t5": (t5, {"tokenizer_class": "T5Tokenizer", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}),
    "bytelevel-qwen": (qwen, {"tokenizer_class": "Qwen2Tokenizer", "pad_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": None}),
    "clip": (clip, {"tokenizer_class": "CLIPTokenizer", "unk_token": "<unk>"}),
    "llama": (llama, {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "model_max_length": 1e30}),
}

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (make, config) in TOKENIZERS.items():
        path = OUT / f"{name}.json"
        keep = path.exists() and "--train" not in sys.argv
        made = Tokenizer.from_str(json.dumps(json.loads(path.read_text())["tokenizer"])) if keep else make()
        rows = [answer(made, text) for text in TEXTS] + [answer(made, *pair) for pair in PAIRS]
        fixture = {"name": name, "tokenizer": json.loads(made.to_str()), "config": config, "texts": rows}
        path.write_text(json.dumps(fixture, separators=(",", ":"), ensure_ascii=False) + "\n")
        print(name, made.get_vocab_size(), len(rows))
