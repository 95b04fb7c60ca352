/**
 * What each kind of element asks, with what holds when an attribute is absent: in a page, and when a page is baked. No DOM, no checks.
 */
import type { ExplainRequest, TextInput } from "../engine/types.js";

type Ordinal = number | "mean" | "max";
type Given<T> = T | null | undefined;

export function attentionRequest(input: TextInput, layer: Given<Ordinal>, head: Given<Ordinal>): ExplainRequest {
  return { kind: "attention", ...input, layer: layer ?? "mean", head: head ?? "mean" };
}

export function attributionRequest(input: TextInput, method: Given<string>, target: Given<string>, preset: Given<string>): ExplainRequest {
  return { kind: "attribution", ...input, method: method ?? "integrated-gradients", ...(target != null && { target }), ...(preset != null && { preset }) };
}

export function predictionRequest(input: TextInput): ExplainRequest {
  return { kind: "prediction", ...input };
}
