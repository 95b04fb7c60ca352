/**
 * The public face of the engine: the same in a worker, in the page and in Node. Nothing here imports a runtime.
 */
import type { AttentionExplanation, AttributionExplanation, Explanation, PredictionExplanation, Token } from "../explanation/types.js";
import type { CorpusChoice } from "./corpus-requests.js";
import type { Anatomy } from "../anatomy/types.js";
import type { AttentionRequest, AttributionRequest, ExplainRequest, HiddenStatesRequest, TargetName, TextInput } from "./requests.js";

export type { AttentionFormulaRequest, AttentionHeadsRequest, AttentionRequest, AttributionRequest, EvaluationRequest, ExplainRequest, HiddenStatesRequest, TargetName, TextInput } from "./requests.js";

export type BackendName = "webgpu" | "wasm";

export interface Progress {
  readonly phase: "download" | "session" | "run" | "explain";
  /** bytes for download, steps otherwise */
  readonly loaded: number;
  /** 0 when not known */
  readonly total: number;
  /** the answer as far as it is known, from methods that refine: drawn in place of the last one until the next comes */
  readonly partial?: Explanation;
}

export interface LoadOptions {
  /** "auto" (default): WebGPU where there is an adapter, wasm otherwise */
  readonly backend?: BackendName | "auto";
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** expected SHA-256 of the model file, hex */
  readonly integrity?: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What the anatomy found, in words for people and fields for programs. */
export interface ModelDescription {
  readonly reference: string;
  readonly name: string;
  readonly kind: "classifier" | "causal-lm" | "masked-lm" | "encoder-decoder" | "encoder" | "other" | "trees";
  readonly labels: readonly string[];
  readonly backend: BackendName;
  /** why not the backend that was asked for; "" when it is that one */
  readonly backendReason: string;
  readonly inWorker: boolean;
  readonly bytes: number;
  readonly hash: string;
  readonly opset: number;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly maxTokens: number | null;
  readonly attention: boolean;
  /** "exact", or the reason why there is none, e.g. `no gradient rule: Loop (node "decoder/Loop_3")` */
  readonly gradient: "exact" | (string & {});
  readonly anatomy: Anatomy;
}

export interface GradientResult {
  readonly tokens: readonly Token[];
  /** [token, width], row-major */
  readonly gradient: Float32Array;
  /** the embeddings it was taken at, [token, width] */
  readonly embeddings: Float32Array;
  readonly width: number;
  readonly value: number;
}

export interface LanguageModel {
  readonly reference: string;
  describe(): Promise<ModelDescription>;
  tokenize(input: TextInput): Promise<Token[]>;
  predict(input: TextInput, options?: RunOptions): Promise<PredictionExplanation>;
  attention(request: AttentionRequest, options?: RunOptions): Promise<AttentionExplanation>;
  /** residual stream after a layer, [token, width] row-major */
  hiddenStates(input: HiddenStatesRequest, options?: RunOptions): Promise<{ tokens: Token[]; states: Float32Array; width: number }>;
  gradient(input: TextInput & { readonly target?: TargetName }, options?: RunOptions): Promise<GradientResult>;
  /** A request without a kind is an attribution: `explain({ text, method, target })`. */
  explain(request: ExplainRequest | AttributionRequest, options?: RunOptions): Promise<Explanation>;
  attribute(request: AttributionRequest, options?: RunOptions): Promise<AttributionExplanation>;
  /** The vectors of a corpus's texts in half precision, as the bytes of a file to be stored beside the corpus; `vectors` of a request names it */
  corpusVectors(choice: CorpusChoice, options?: RunOptions): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** `loadModel(reference, options)`: "sentiment" (built in), a URL of a folder, or "hf:owner/name". */
export type LoadModel = (reference: string, options?: LoadOptions) => Promise<LanguageModel>;
