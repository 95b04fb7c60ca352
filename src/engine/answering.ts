/**
 * A loaded model as the kinds of explanation see it: facts, encoding, scores, and the backend's runner for a while. An interface, so that
 * a kind (`explain/<kind>.ts`) is loaded only when it is asked for and knows nothing of sessions and reopening.
 */
import type { AttentionExplanation, AttributionExplanation, ExplanationBase, PredictionExplanation, Quality, Target } from "../explanation/types.js";
import type { TextEncoding, TextTokenizer } from "../text/tokenizer.js";
import type { Filling, Row } from "./inputs.js";
import type { Instrumented } from "./instrument.js";
import type { ModelLocation } from "./locations.js";
import type { Config, ModelKind } from "./model-info.js";
import type { HiddenStates } from "./protocol.js";
import type { AttentionRequest, AttributionRequest, HiddenStatesRequest, TargetName, TextInput } from "./requests.js";
import type { Runner } from "./runner.js";
import type { BackendName, GradientResult, LoadOptions, RunOptions } from "./types.js";

export type AnyRunner = Runner<unknown>;

export interface Facts {
  readonly location: ModelLocation;
  readonly options: LoadOptions;
  readonly tokenizer: TextTokenizer;
  readonly instrumented: Instrumented;
  readonly kind: ModelKind;
  readonly config: Config;
  readonly filling: Filling;
  readonly labels: readonly string[];
  readonly maxTokens: number | null;
  readonly hash: string;
  readonly bytes: number;
  readonly backend: BackendName;
  readonly backendReason: string;
}

export interface Encoded extends TextEncoding {
  readonly row: Row;
  /** the token whose scores are asked for */
  readonly position: number;
  /** the second text, where the score is the cosine of the two */
  readonly pair?: Row;
}

export interface Answering {
  readonly facts: Facts;
  /** Throws `bad-input` for an empty text. */
  encode(input: TextInput): Encoded;
  /** Runs a question; when the backend broke under it, makes a new one and asks once more. */
  ask<T>(question: (runner: AnyRunner) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The runner to be asked for this text's scores and gradients. */
  posed(runner: AnyRunner, encoded: Encoded, signal?: AbortSignal): Promise<AnyRunner>;
  /** The row of scores that this kind of model is asked for. */
  logits(runner: AnyRunner, encoded: Encoded, signal?: AbortSignal): Promise<Float32Array>;
  /** The same of many texts, in batches of alike lengths. → [text][label] */
  logitsOfMany(inputs: readonly TextInput[], options?: RunOptions): Promise<Float32Array[]>;
  /** What a target's name means here. Throws `bad-input`. */
  target(name: TargetName | undefined, logits: Float32Array): Target;
  prediction(logits: Float32Array): Pick<PredictionExplanation, "labels" | "logits" | "probabilities">;
  /** What explanations of all kinds have in common. `encoded` is null for what is not of one text. */
  base(input: TextInput, encoded: Encoded | null, quality: readonly Quality[]): ExplanationBase;
  /** Another model, for as long as `act` takes; on the same kind of backend. Throws what loading it throws. */
  withModel<T>(reference: string, act: (model: Answering) => Promise<T>, options?: RunOptions): Promise<T>;
  predict(input: TextInput, options?: RunOptions): Promise<PredictionExplanation>;
  attention(request: AttentionRequest, options?: RunOptions): Promise<AttentionExplanation>;
  hiddenStates(input: HiddenStatesRequest, options?: RunOptions): Promise<HiddenStates>;
  gradient(input: TextInput & { readonly target?: TargetName }, options?: RunOptions): Promise<GradientResult>;
  attribute(request: AttributionRequest, options?: RunOptions): Promise<AttributionExplanation>;
}
