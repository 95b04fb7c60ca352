/** What a method of the engine gets, and what it answers. Types, and the ids that stand for nothing; no method. */
import { LexiscopeError } from "../base/errors.js";
import type { AttributionPart, Target, Token } from "../explanation/types.js";
import type { OptionValue } from "../methods/options.js";
import type { Memory } from "../methods/refining.js";
import type { Attribution, MethodOptions } from "../methods/types.js";
import type { Facts } from "./answering.js";
import type { Row } from "./inputs.js";
import type { Variant } from "./instrument.js";
import type { ModelKind } from "./model-info.js";
import type { Runner } from "./runner.js";
import type { TextInput } from "./types.js";

export interface Subject<B> {
  readonly runner: Runner<B>;
  readonly input: TextInput;
  readonly row: Row;
  readonly tokens: readonly Token[];
  /** the token whose scores are explained */
  readonly position: number;
  readonly target: Target;
  /** how many scores a row has */
  readonly labels: number;
  readonly kind: ModelKind;
  /** how many ids there are, and which of them are no words */
  readonly vocabulary: { readonly size: number; readonly special: ReadonlySet<number> };
  /** ids that stand for nothing; null when the tokenizer has none */
  readonly fillers: { readonly pad: number | null; readonly mask: number | null };
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly seed: number;
  readonly run: MethodOptions;
  /** takes what is known when a share (0 to 1) of the budget is spent; absent when nobody waits for it */
  readonly onPartial?: ((partial: Answer, share: number) => void) | undefined;
  /** what earlier runs on this text and target evaluated; `of`: everything else that decides the values, but how many there are */
  recall(of: unknown): Memory;
  /** a second session of the model with another backward graph */
  variant(variant: Variant): Promise<Runner<unknown>>;
}

/** What a subject has of its model. */
export function modelOf({ kind, tokenizer, instrumented }: Facts): Pick<Subject<unknown>, "kind" | "vocabulary" | "fillers"> {
  const { padId: pad, maskId: mask, specialIds: special, vocabularySize } = tokenizer;
  return { kind, vocabulary: { size: Math.min(instrumented.anatomy.embeddings?.vocabulary ?? Infinity, vocabularySize), special }, fillers: { pad, mask } };
}

export interface Answer extends Attribution {
  /** relative, of the whole picture */
  readonly samplingError?: number;
  /** R² of a surrogate */
  readonly fit?: number;
  /** parts of the text with their own values */
  readonly hierarchy?: AttributionPart;
}

export type Method = <B>(subject: Subject<B>) => Promise<Answer>;

/** The id of pad or mask, or the other where the tokenizer has only that; `instead` says what to choose when it has neither. */
export function fillerId<B>({ fillers: { pad, mask } }: Subject<B>, wanted: "pad" | "mask", instead: string): number {
  const filler = wanted === "pad" ? (pad ?? mask) : (mask ?? pad);
  if (filler === null) throw new LexiscopeError("unsupported", `this tokenizer has no ${wanted} token; choose option ${instead}`, { phase: "explain" });
  return filler;
}

/** The ids with pad or mask in place of every token but the special ones. */
export function filledIds<B>(subject: Subject<B>, baseline: "pad" | "mask"): number[] {
  const filler = fillerId(subject, baseline, "baseline=zero");
  return subject.row.ids.map((id, token) => (subject.tokens[token]?.special ? id : filler));
}
