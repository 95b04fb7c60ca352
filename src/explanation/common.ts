/**
 * What explanations of all kinds have in common, and the parts that several kinds share. Each further kind is one file beside this one
 * (its type and its check); `types.ts` lists them all.
 */

export const EXPLANATION_VERSION = 1;

export interface Token {
  readonly id: number;
  /** the token as the vocabulary writes it, e.g. `##ing` */
  readonly text: string;
  /** offsets into `input.text` (or `input.textPair` when `segment` is 1), in UTF-16 units, as JavaScript slices */
  readonly start: number;
  readonly end: number;
  /** added by the tokenizer ([CLS], </s>), stands for no characters: start equals end */
  readonly special: boolean;
  /** 0 the text, 1 the second text (of an encoder–decoder: the one that is written); absent means 0 */
  readonly segment?: number;
}

export interface ExplanationInput {
  readonly text: string;
  readonly textPair?: string;
  /** the row of a table that was explained; `text` writes it out, and each token is one of its features */
  readonly features?: Readonly<Record<string, number | string | boolean | null>>;
}

/** One statement on how far the result can be trusted; elements put it in words. */
export interface Quality {
  readonly name:
    | "exact-gradient" | "approximate-gradient" | "completeness-gap" | "sampling-error" | "evaluations" | "row-sum-error" | "fit" | "rank-gradient" | "rank-ablation" | "spread" | "agreement" | "better-than-random" | "background" | "masks" | "single-checkpoint" | "head-agreement" | "trustworthiness" | "partial";
  /** completeness-gap and sampling-error: relative (0.003 is 0.3 %); evaluations: a count; masks: how many places are masked, of which the first is explained; partial: the share of the budget that was spent, where it was stopped or is still going on */
  readonly value: number;
  /** how many runs or random rankings it comes from, where that is a number of its own */
  readonly of?: number;
}

export interface Provenance {
  /** SHA-256 of the model file, hex; "" when the page cannot compute it (insecure context) */
  readonly modelHash: string;
  readonly library: string; // "lexiscope 0.1.0"
  readonly backend: "webgpu" | "wasm" | "";
}

export interface ExplanationBase {
  readonly version: typeof EXPLANATION_VERSION;
  readonly input: ExplanationInput;
  readonly tokens: readonly Token[];
  /** the text was longer than the model takes: `tokens` are its beginning; absent when they are all of it */
  readonly truncated?: true;
  readonly model: {
    readonly reference: string;
    readonly name: string;
    readonly labels: readonly string[];
    /** how its mask token is written in a text; absent where it has none */
    readonly mask?: string;
  };
  readonly quality: readonly Quality[];
  readonly provenance: Provenance;
}

export interface Target {
  readonly index: number;
  readonly label: string;
  /** the score is logit(index) − logit(contrast.index) */
  readonly contrast?: { readonly index: number; readonly label: string };
  /** what of the logit is explained: the logit itself when absent, its log-probability or its probability */
  readonly scale?: "log-prob" | "prob";
}

export interface MethodInfo {
  /** key of the methods table, e.g. "integrated-gradients" */
  readonly name: string;
  readonly preset: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
}

/** A group of tokens that is scored and shown as one; its score is the sum of its tokens'. */
export interface Unit {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly number[];
}
