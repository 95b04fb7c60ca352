/**
 * What each kind of element asks, with what holds when an attribute is absent: in a page, and when a page is baked. No DOM, no checks.
 */
import type { AttentionPart } from "../anatomy/types.js";
import { LexiscopeError } from "../base/errors.js";
import type { ExplainRequest, TextInput } from "../engine/types.js";
import type { HeadMeasure, Measure } from "../explanation/measures.js";

type Ordinal = number | "mean" | "max";
type Given<T> = T | null | undefined;

/** Layer and head are the engine's to choose where none is named: that depends on the measure. */
export interface AttentionAttributes {
  readonly layer: Given<Ordinal>;
  readonly head: Given<Ordinal>;
  readonly measure: Given<Measure>;
  readonly attention: Given<AttentionPart>;
  readonly compare: boolean;
}

export function attentionRequest(input: TextInput, attributes: AttentionAttributes): ExplainRequest {
  const given = Object.entries(attributes).filter(([, value]) => value != null && value !== false);
  return { kind: "attention", ...input, ...Object.fromEntries(given) };
}

export function attentionFormulaRequest(input: TextInput, layer: Given<number>, head: Given<number>): ExplainRequest {
  return { kind: "attention-formula", ...input, layer: layer ?? 0, head: head ?? 0 };
}

/** Thumbnails of every head; 64 rows and columns are what a thumbnail can show. */
export function attentionGridRequest(input: TextInput, measure: Given<HeadMeasure>): ExplainRequest {
  return { kind: "attention-heads", ...input, side: 64, ...(measure != null && { measure }) };
}

/** Heads of one layer, whole, so that they are switched on and off without asking again. */
export function attentionLinesRequest(input: TextInput, layer: Given<number>, heads: Given<readonly number[]>, measure: Given<HeadMeasure>): ExplainRequest {
  return { kind: "attention-heads", ...input, layers: [layer ?? 0], ...(heads && { heads }), ...(measure != null && { measure }) };
}

/** `"all"` (null) or `"0, 2, 5"`; undefined where it is neither. */
export function headList(value: string): readonly number[] | null | undefined {
  if (value === "all") return null;
  return /^\s*\d{1,4}(\s*,\s*\d{1,4})*\s*$/.test(value) ? value.split(",").map(Number) : undefined;
}

export function attributionRequest(input: TextInput, method: Given<string>, target: Given<string>, preset: Given<string>, check?: Given<boolean>, repeats?: Given<number>, samples?: Given<number>, seed?: Given<number>): ExplainRequest {
  return {
    kind: "attribution", ...input, method: method ?? "integrated-gradients",
    ...(target != null && { target }), ...(preset != null && { preset }), ...(check && { check }), ...(repeats != null && { repeats }), ...(samples != null && { samples }), ...(seed != null && { seed }),
  };
}

export function predictionRequest(input: TextInput): ExplainRequest {
  return { kind: "prediction", ...input };
}

export interface FaithfulnessAttributes {
  /** names, with commas or spaces between them */
  readonly methods?: Given<string>;
  readonly preset?: Given<string>;
  readonly target?: Given<string>;
  readonly metrics?: Given<string>;
  readonly unit?: Given<"word" | "token">;
  readonly rankings?: Given<number>;
  readonly seed?: Given<number>;
  readonly rationale?: readonly (readonly [number, number])[] | null;
  /** of which `samples` texts are judged, instead of the text */
  readonly corpus?: Given<string>;
  readonly textColumn?: Given<string>;
  readonly samples?: Given<number>;
}

const named = (list: string): string[] => list.split(/[\s,]+/).filter(Boolean);

export function faithfulnessRequest(input: TextInput, { methods, metrics, preset, target, unit, rankings, seed, rationale, corpus, textColumn, samples }: FaithfulnessAttributes): ExplainRequest {
  const texts = corpus == null ? input : { text: "", corpus, ...(textColumn != null && { textColumn }), ...(samples != null && { samples }) };
  return {
    kind: "faithfulness", ...texts,
    ...(methods?.trim() && { methods: named(methods) }), ...(metrics?.trim() && { metrics: named(metrics) }), ...(preset != null && { preset }), ...(target != null && { target }),
    ...(unit != null && { unit }), ...(rankings != null && { rankings }), ...(seed != null && { seed }), ...(rationale != null && { rationale }),
  };
}

export interface CounterfactualsAttributes {
  /** names, with commas or spaces between them */
  readonly methods?: Given<string>;
  readonly budget?: Given<number>;
  readonly to?: Given<string>;
  readonly threshold?: Given<number>;
  readonly results?: Given<number>;
  readonly preset?: Given<string>;
}

export function counterfactualsRequest(input: TextInput, { methods, budget, to, threshold, results, preset }: CounterfactualsAttributes): ExplainRequest {
  const names = named(methods ?? "");
  return {
    kind: "counterfactuals", ...input,
    ...(names.length > 0 && { methods: names }), ...(budget != null && { budget }), ...(to != null && { to }), ...(threshold != null && { threshold }), ...(results != null && { results }), ...(preset != null && { preset }),
  };
}

export function summaryRequest(input: TextInput, method: Given<string>, preset: Given<string>, target: Given<string>, seed: Given<number>): ExplainRequest {
  return { kind: "summary", ...input, method: method ?? "integrated-gradients", ...(preset != null && { preset }), ...(target != null && { target }), ...(seed != null && { seed }) };
}

export interface BiasAttributes {
  readonly template?: Given<string>;
  /** JSON, or an address */
  readonly pairs?: Given<string>;
  readonly slot?: Given<string>;
  readonly target?: Given<string>;
  readonly method?: Given<string>;
  readonly maxFillings?: Given<number>;
  readonly seed?: Given<number>;
}

/** `base`: what an address is relative to. Throws `bad-input` for pairs that look like JSON and are none. */
export function biasRequest(textPair: Given<string>, { template, pairs, slot, target, method, maxFillings, seed }: BiasAttributes, base: string): ExplainRequest {
  return {
    kind: "bias", text: "",
    ...(template != null && { template }), ...(pairs != null && { pairs: pairsOf(pairs, base) }), ...(slot != null && { slot }), ...(textPair != null && { textPair }), ...(target != null && { target }),
    ...(method != null && { method }), ...(maxFillings != null && { maxFillings }), ...(seed != null && { seed }),
  };
}

function pairsOf(pairs: string, base: string): unknown {
  if (!/^\s*[[{]/.test(pairs)) return new URL(pairs, base).href;
  try {
    return JSON.parse(pairs);
  } catch (error) {
    throw new LexiscopeError("bad-input", `pairs are not JSON: ${(error as Error).message}`, { phase: "request", cause: error });
  }
}
