/**
 * An explanation: the plain, versioned, JSON-serialisable object that every method makes and every element draws. Live, stored
 * and imported results are the same thing. The published schema is `explanation.schema.json`; `parseExplanation` checks what is read in.
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
  /** 0 the text, 1 the second text; absent means 0 */
  readonly segment?: number;
}

export interface ExplanationInput {
  readonly text: string;
  readonly textPair?: string;
}

/** One statement on how far the result can be trusted; elements put it in words. */
export interface Quality {
  readonly name:
    | "exact-gradient" | "approximate-gradient" | "completeness-gap" | "sampling-error" | "evaluations" | "row-sum-error" | "fit" | "spread";
  /** completeness-gap and sampling-error: relative (0.003 is 0.3 %); evaluations: a count */
  readonly value: number;
}

export interface Provenance {
  /** SHA-256 of the model file, hex; "" when the page cannot compute it (insecure context) */
  readonly modelHash: string;
  readonly library: string; // "lexiscope 0.1.0"
  readonly backend: "webgpu" | "wasm" | "";
}

interface ExplanationBase {
  readonly version: typeof EXPLANATION_VERSION;
  readonly input: ExplanationInput;
  readonly tokens: readonly Token[];
  /** the text was longer than the model takes: `tokens` are its beginning; absent when they are all of it */
  readonly truncated?: true;
  readonly model: { readonly reference: string; readonly name: string; readonly labels: readonly string[] };
  readonly quality: readonly Quality[];
  readonly provenance: Provenance;
}

export interface AttentionExplanation extends ExplanationBase {
  readonly kind: "attention";
  /** how many there are in the model */
  readonly layers: number;
  readonly heads: number;
  /** which one this is; a number counts from 0 */
  readonly layer: number | "mean" | "max";
  readonly head: number | "mean" | "max";
  readonly causal: boolean;
  /** weights[query][key]; for causal models zeros above the diagonal */
  readonly weights: readonly (readonly number[])[];
}

export interface Target {
  readonly index: number;
  readonly label: string;
  /** the score is logit(index) − logit(contrast.index) */
  readonly contrast?: { readonly index: number; readonly label: string };
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

export interface AttributionExplanation extends ExplanationBase {
  readonly kind: "attribution";
  readonly method: MethodInfo;
  readonly target: Target;
  /** signed, one a token */
  readonly scores: readonly number[];
  /** standard error, one a token, when the method samples */
  readonly errors?: readonly number[];
  /** f(x) and f(baseline), the target's score; absent when the method has no baseline */
  readonly value?: number;
  readonly baselineValue?: number;
  readonly prediction: { readonly labels: readonly string[]; readonly logits: readonly number[]; readonly probabilities: readonly number[] };
}

export interface PredictionExplanation extends ExplanationBase {
  readonly kind: "prediction";
  readonly labels: readonly string[];
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
}

export type Explanation = AttentionExplanation | AttributionExplanation | PredictionExplanation;
export type ExplanationKind = Explanation["kind"];
