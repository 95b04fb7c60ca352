/** What can be asked of a model, one request a kind of explanation. Plain data; nothing here answers. */
import type { AttentionPart } from "../anatomy/types.js";
import type { Explanation } from "../explanation/types.js";

export interface TextInput {
  readonly text: string;
  /** the second text of a model that compares two; of an encoder–decoder, what it has written so far (nothing when absent) */
  readonly textPair?: string;
}

export interface AttentionRequest extends TextInput {
  /** of an encoder–decoder: the text that is read at itself ("self", when absent), the text that is written at itself, or at the one that is read */
  readonly attention?: AttentionPart;
  readonly layer: number | "mean" | "max";
  readonly head: number | "mean" | "max";
}

export interface AttentionHeadsRequest extends TextInput {
  /** which layers, and which heads of each, from 0; all when absent */
  readonly layers?: readonly number[];
  readonly heads?: readonly number[];
  /** maps of more tokens than this are made smaller, for looking; whole when absent */
  readonly side?: number;
}

export interface HiddenStatesRequest extends TextInput {
  /** counts from 0; -1 is the embeddings, of both texts where there are two */
  readonly layer: number;
  /** of an encoder–decoder: the stream of the text that is written; that of the one that is read when absent */
  readonly attention?: "self" | "decoder";
}

/** Names: "argmax" (default), a label, an index as text, or "label - label" for a contrast of two. */
export type TargetName = string;

export interface AttributionRequest extends TextInput {
  readonly method: string;
  readonly target?: TargetName;
  readonly preset?: string;
  readonly seed?: number;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** Each kind of explanation, with what is asked to get one. */
export interface Requests {
  readonly attention: AttentionRequest;
  readonly "attention-heads": AttentionHeadsRequest;
  readonly attribution: AttributionRequest;
  readonly prediction: TextInput;
}

/** A request of any kind, as elements and the command make it. */
export type ExplainRequest = { [Kind in keyof Requests]: { readonly kind: Kind } & Requests[Kind] }[keyof Requests];

/** The explanation that a request of this kind is answered with. */
export type ExplanationOf<Kind extends keyof Requests> = Extract<Explanation, { readonly kind: Kind }>;
