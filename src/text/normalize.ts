/**
 * Runs a tokenizer's normalizers and keeps the alignment to the author's text.
 * Not an implementation of any normalization form: each stage is the library's own. It exists because the library returns only the text.
 * Most stages act on a letter with its marks at a time, so that running them a cluster at a time gives both text and alignment; three act
 * on the whole text and are done here. Lower-casing a letter at a time is also what the Rust tokenizers do (Σ at a word's end becomes σ).
 */
import type { Normalizer } from "@huggingface/tokenizers";
import { AlignedBuilder, slice, spanOf, type AlignedText } from "./aligned-text.js";

/** The fields of the library's normalizers that are read here. */
interface Stage {
  readonly config?: { readonly type?: string; readonly prepend?: string; readonly content?: string; readonly strip_left?: boolean; readonly strip_right?: boolean; readonly handle_chinese_chars?: boolean };
  readonly normalizers?: readonly (Stage | null)[];
  readonly pattern?: RegExp | null;
  normalize(text: string): string;
}

export type Normalize = (source: AlignedText) => AlignedText;

/** A letter and what may combine with it: marks, variation selectors, Hangul vowels and finals, half-width voicing marks. */
const CLUSTER = /[\s\S][\p{M}\u1160-\u11ff\uff9e\uff9f]*/gu;
/** What, when it is dropped, belongs to the letter before it. */
const ATTACHED = /^[\p{M}\p{Cf}]$/u;
const CACHED_CLUSTERS = 4096;
/** Chinese beyond the basic plane, as the Rust BertNormalizer has it. */
const RARE_CHINESE = /^[\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]$/u;

/** First characters of a cluster where the library errs, and what Rust makes of them; each is pinned by a test that says when the library has caught up. */
const mended: Readonly<Record<string, (character: string, stage: Stage) => string | undefined>> = {
  BertNormalizer: (character, stage) => (stage.config?.handle_chinese_chars && RARE_CHINESE.test(character) ? ` ${character} ` : undefined),
  Precompiled: (character) => (character === "\u200d" ? character : undefined), // the joiner inside emoji; the library makes it a space
};

const wholeText: Readonly<Record<string, (stage: Stage) => Normalize>> = {
  Prepend: (stage) => (source) => {
    if (source.text === "") return source;
    const builder = new AlignedBuilder();
    builder.push(stage.config?.prepend ?? "", source.starts[0]!, source.starts[0]!);
    builder.append(source);
    return builder.done();
  },
  Strip: (stage) => (source) => {
    const { text } = source;
    const start = stage.config?.strip_left ? text.length - text.trimStart().length : 0;
    const end = stage.config?.strip_right ? Math.max(start, text.trimEnd().length) : text.length;
    return slice(source, start, end);
  },
  Replace: (stage) => (source) => {
    if (!stage.pattern) return source;
    const builder = new AlignedBuilder();
    let done = 0;
    for (const match of source.text.matchAll(stage.pattern)) {
      builder.append(slice(source, done, match.index));
      done = match.index + match[0].length;
      const span = spanOf(source, match.index, done);
      builder.push(stage.config?.content ?? "", span.start, span.end);
    }
    builder.append(slice(source, done, source.text.length));
    return builder.done();
  },
};

/** The chain of `normalizer` (null: the text as it is). */
export function normalization(normalizer: Normalizer | null): Normalize {
  const stages = flatten(normalizer as unknown as Stage | null).map((stage) => wholeText[stage.config?.type ?? ""]?.(stage) ?? byCluster(stage));
  return (source) => stages.reduce((text, stage) => stage(text), source);
}

function flatten(stage: Stage | null): Stage[] {
  if (!stage) return [];
  return stage.normalizers ? stage.normalizers.flatMap(flatten) : [stage];
}

function byCluster(stage: Stage): Normalize {
  const cache = new Map<string, string>();
  const mend = mended[stage.config?.type ?? ""];
  const run = (text: string) => {
    const [first = ""] = text;
    const better = mend?.(first, stage);
    return better === undefined ? stage.normalize(text) : better + stage.normalize(text.slice(first.length));
  };
  const normalized = (text: string) => {
    let known = cache.get(text);
    if (known === undefined) {
      known = run(text);
      if (cache.size < CACHED_CLUSTERS) cache.set(text, known);
    }
    return known;
  };
  return (source) => {
    const builder = new AlignedBuilder();
    let at = 0;
    for (const [cluster] of source.text.matchAll(CLUSTER)) {
      const whole = normalized(cluster);
      const characters = [...cluster];
      const parts = characters.length === 1 ? [whole] : characters.map(normalized);
      if (parts.join("") === whole) {
        characters.forEach((character, i) => {
          const span = spanOf(source, at, at + character.length);
          if (parts[i] === "" && ATTACHED.test(character)) builder.absorb(span.start, span.end);
          else builder.push(parts[i]!, span.start, span.end);
          at += character.length;
        });
      } else {
        const span = spanOf(source, at, at + cluster.length);
        builder.push(whole, span.start, span.end);
        at += cluster.length;
      }
    }
    return builder.done();
  };
}
