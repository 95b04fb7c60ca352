/**
 * Text to token ids, each token with its span in the author's text.
 * Not a tokenizer of its own: normalizers, pre-tokenizers, models and templates are those of `@huggingface/tokenizers`, run stage by stage.
 * It exists because that library returns no offsets, and a page can only mark what it can find.
 *
 * Spans: ordered; without the white space at their ends (a token of white space only keeps it); a part of a letter (bytes) has the whole letter;
 * an accent that the normalizer drops belongs to its letter; an unknown word or run of letters is covered whole.
 */
import { Tokenizer } from "@huggingface/tokenizers";
import { LexiscopeError } from "../base/errors.js";
import { aligned, spanOf, type AlignedText } from "./aligned-text.js";
import { addedTokenSplitter, type AddedTokenRow, type SplitAdded } from "./added-tokens.js";
import { normalization, type Normalize } from "./normalize.js";
import { locatePieces, type PieceRules } from "./pieces.js";
import { preTokenization, type PreTokenize } from "./pre-tokens.js";

/** One token; the same shape as `Token` of an explanation. */
export interface TextToken {
  readonly id: number;
  /** as the vocabulary writes it, e.g. `##ing` */
  readonly text: string;
  /** into the text, or the second text when `segment` is 1; UTF-16 units */
  readonly start: number;
  readonly end: number;
  /** added by the template ([CLS], </s>): start equals end. One that the author typed is not special. */
  readonly special: boolean;
  readonly segment: number;
}

export interface EncodeOptions {
  /** the most tokens, special ones included; the texts are cut, the longer one first, and keep their closing token */
  readonly maxTokens?: number;
  /** put the template's special tokens around the text; true unless said */
  readonly addSpecial?: boolean;
}

export interface TextEncoding {
  readonly ids: readonly number[];
  readonly tokens: readonly TextToken[];
  readonly typeIds: readonly number[];
  readonly truncated: boolean;
}

/** A name in tokenizer_config.json is a string or a row with `content`. */
type NamedToken = string | { readonly content?: string } | null | undefined;

/** What is read of the library's models; `vocab` is sparse where ids have gaps. */
interface Model {
  (words: string[]): string[];
  readonly config: {
    readonly type?: string; readonly unk_token?: string | null; readonly continuing_subword_prefix?: string | null;
    readonly end_of_word_suffix?: string | null; readonly byte_fallback?: boolean;
  };
  readonly vocab: readonly (string | undefined)[];
  readonly unk_token_id?: number;
  readonly unk_token?: string;
}

/** A marker of token `i` of text `segment`, to tell in the template's answer what came in from what was put in. */
const marker = (segment: number, i: number) => `\u0000${segment}:${i}`;
const LARGEST_LIMIT = 1e7; // model_max_length says 1e30 where there is none

export class TextTokenizer {
  private readonly library: Tokenizer;
  private readonly model: Model;
  private readonly rules: PieceRules;
  private readonly normalize: Normalize;
  private readonly preTokenize: PreTokenize;
  private readonly splitRaw: SplitAdded;
  private readonly splitNormalized: SplitAdded;
  private readonly typeIdsAreZero: boolean;

  /** ids of named tokens; null when the tokenizer has none */
  readonly padId: number | null;
  readonly maskId: number | null;
  readonly unknownId: number | null;
  /** opens a text: `cls_token`, else `bos_token` */
  readonly clsId: number | null;
  /** closes a text: `sep_token`, else `eos_token` */
  readonly sepId: number | null;
  /** largest id plus one, added tokens included */
  readonly vocabularySize: number;
  /** ids that stand for no text of the author's: the named ones, and what tokenizer.json calls special */
  readonly specialIds: ReadonlySet<number>;
  /** what tokenizer_config.json says is the most a text may have; null when it does not say */
  readonly maxTokens: number | null;

  constructor(tokenizerJson: object, tokenizerConfig: object) {
    const json = tokenizerJson as { added_tokens?: readonly AddedTokenRow[]; post_processor?: { type?: string } | null };
    const config = tokenizerConfig as Readonly<Record<string, unknown>>;
    this.library = new Tokenizer(tokenizerJson, tokenizerConfig);
    this.model = this.library.model as unknown as Model;
    const { config: model } = this.model;
    const kind = model.type ?? (model.continuing_subword_prefix ? "WordPiece" : "");
    this.rules = {
      isKnown: (token) => this.library.token_to_id(token) !== undefined,
      unknown: this.model.unk_token,
      continuingPrefix: model.continuing_subword_prefix ?? "",
      endOfWord: model.end_of_word_suffix ?? "",
      byteFallback: model.byte_fallback ?? false,
      unknownIsWhole: kind === "WordPiece" || kind === "WordLevel",
    };
    this.normalize = normalization(this.library.normalizer);
    this.preTokenize = preTokenization(this.library.pre_tokenizer);
    const added = json.added_tokens ?? [];
    const isNormalized = (row: AddedTokenRow) => (row.normalized ?? !row.special) && this.library.normalizer !== null;
    this.splitRaw = addedTokenSplitter(added.filter((row) => !isNormalized(row)), (row) => row.content);
    this.splitNormalized = addedTokenSplitter(added.filter(isNormalized), (row) => this.normalize(aligned(row.content)).text);
    this.typeIdsAreZero = json.post_processor?.type === "RobertaProcessing";

    const named = (...names: string[]): number | null => {
      for (const name of names) {
        const value = config[name] as NamedToken;
        const content = typeof value === "string" ? value : value?.content;
        const id = content === undefined ? undefined : this.library.token_to_id(content);
        if (id !== undefined) return id;
      }
      return null;
    };
    this.padId = named("pad_token");
    this.maskId = named("mask_token");
    this.clsId = named("cls_token", "bos_token");
    this.sepId = named("sep_token", "eos_token");
    this.unknownId = this.model.unk_token_id ?? named("unk_token");
    this.vocabularySize = this.model.vocab.length;
    const special = added.filter((row) => row.special).map((row) => this.library.token_to_id(row.content));
    this.specialIds = new Set([...special, this.padId, this.maskId, this.clsId, this.sepId, this.unknownId].filter((id) => id != null));
    const limit = config["model_max_length"];
    this.maxTokens = typeof limit === "number" && limit < LARGEST_LIMIT ? limit : null;
  }

  encode(text: string, textPair?: string, options: EncodeOptions = {}): TextEncoding {
    const texts = textPair === undefined ? [text] : [text, textPair];
    const parts = texts.map((part, segment) => this.tokensOf(part, segment));
    const addSpecial = options.addSpecial ?? true;
    const room = options.maxTokens === undefined ? Infinity : options.maxTokens - this.template(texts.map(() => []), addSpecial).tokens.length;
    if (room < 1) {
      throw new LexiscopeError("bad-input", `maxTokens is ${options.maxTokens}: no room for a token beside the special ones; give a larger number`, { phase: "tokenizer" });
    }
    const truncated = cut(parts, room);
    const answer = this.template(parts.map((part, segment) => part.map((_, i) => marker(segment, i))), addSpecial);
    const byMarker = new Map(parts.flatMap((part, segment) => part.map((token, i) => [marker(segment, i), token] as const)));
    const tokens: TextToken[] = [];
    let segment = 0;
    let at = 0;
    for (const name of answer.tokens) {
      const token = byMarker.get(name);
      if (token && token.segment !== segment) at = 0;
      if (token) ({ segment, end: at } = token);
      tokens.push(token ?? { id: this.idOf(name) ?? 0, text: name, start: at, end: at, special: true, segment });
    }
    return { ids: tokens.map((token) => token.id), tokens, typeIds: answer.typeIds, truncated };
  }

  /** The ids as text; special tokens are left out. */
  decode(ids: readonly number[]): string {
    return ids.length === 0 ? "" : this.library.decode([...ids], { skip_special_tokens: true });
  }

  /** The token as the vocabulary writes it; "" for an id that it does not have. */
  tokenText(id: number): string {
    return this.model.vocab[id] ?? "";
  }

  private idOf(token: string): number | undefined {
    return this.library.token_to_id(token) ?? this.unknownId ?? undefined;
  }

  private template(parts: readonly string[][], addSpecial: boolean): { tokens: string[]; typeIds: number[] } {
    const [first = [], second = null] = parts;
    const answer = this.library.post_processor?.(first, second, addSpecial) ?? { tokens: first, tokens_pair: second };
    const rest = (answer as { tokens_pair?: string[] | null }).tokens_pair ?? []; // a processor without a template leaves the pair aside
    const tokens = [...answer.tokens, ...rest];
    const typeIds = tokens.map((_, i) => (this.typeIdsAreZero ? 0 : i >= answer.tokens.length ? 1 : ("token_type_ids" in answer ? answer.token_type_ids?.[i] : 0) ?? 0));
    return { tokens, typeIds };
  }

  private tokensOf(text: string, segment: number): TextToken[] {
    const tokens: TextToken[] = [];
    const push = (id: number | undefined, source: AlignedText, start: number, end: number) => {
      if (id === undefined) return;
      const [from, to] = withoutSpaces(text, source, start, end);
      const span = trimmed(text, spanOf(source, from, to));
      tokens.push({ id, text: this.tokenText(id), ...span, special: false, segment });
    };
    this.splitRaw(aligned(text)).forEach((section, index) => {
      if (section.added) return push(section.added.id, section.source, 0, section.source.text.length);
      for (const part of this.splitNormalized(this.normalize(section.source))) {
        if (part.added) push(part.added.id, part.source, 0, part.source.text.length);
        else if (part.source.text !== "") {
          for (const word of this.preTokenize(part.source, index)) {
            const names = this.model([word.text]);
            locatePieces(word.text, names, this.rules).forEach((piece, i) => push(this.idOf(names[i]!), word, piece.start, piece.end));
          }
        }
      }
    });
    return tokens;
  }
}

/** Drops tokens from the end of the longer text until all fit; tells whether it did. */
function cut(parts: TextToken[][], room: number): boolean {
  const [first = [], second = []] = parts;
  const before = first.length + second.length;
  while (first.length + second.length > room) (first.length >= second.length ? first : second).pop();
  return first.length + second.length < before;
}

/** Units [start, end) without the ▁ and Ġ at their ends that stand for something else than themselves; all of them, if nothing is left. */
function withoutSpaces(text: string, source: AlignedText, start: number, end: number): [number, number] {
  const isSpace = (i: number) => "▁Ġ ".includes(source.text[i]!) && text.slice(source.starts[i], source.ends[i]) !== source.text[i];
  let from = start;
  let to = end;
  while (from < to && isSpace(from)) from++;
  while (to > from && isSpace(to - 1)) to--;
  return from < to ? [from, to] : [start, end];
}

function trimmed(text: string, span: { start: number; end: number }): { start: number; end: number } {
  const inside = text.slice(span.start, span.end);
  const bare = inside.trim();
  if (bare === "") return span;
  const start = span.start + inside.indexOf(bare);
  return { start, end: start + bare.length };
}

/** @throws LexiscopeError `unsupported` (phase `tokenizer`) when the files name a stage that is not known, or are no tokenizer's */
export function loadTokenizer(tokenizerJson: object, tokenizerConfig: object): TextTokenizer {
  try {
    return new TextTokenizer(tokenizerJson, tokenizerConfig);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LexiscopeError("unsupported", `tokenizer cannot be read: ${message}; the model needs the tokenizer.json of a fast tokenizer`, { phase: "tokenizer", cause });
  }
}
