/**
 * The models that the bench times, as bytes, and the two ways to run one: a plain session (what anybody gets from onnxruntime-web) and our
 * engine's own backend with the rewritten graph.
 */
import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-web";
import { Backend } from "../src/engine/backend.js";
import { addedFeeds, batchOf, ownFeeds, type Batch, type Filling } from "../src/engine/inputs.js";
import { instrument, lexi, type Instrumented } from "../src/engine/instrument.js";
import type { ModelFile } from "../src/engine/model-files.js";
import { decodeModel } from "../src/onnx/decode.js";
import { miniLm, randomEncoder } from "./random-encoder.js";

export type SubjectName = "sentiment" | "random encoder";

export const subjects: Readonly<Record<SubjectName, () => Uint8Array>> = {
  sentiment: () => new Uint8Array(readFileSync("models/sentiment/onnx/model.onnx")),
  "random encoder": () => randomEncoder(miniLm),
};

export function modelFile(bytes: Uint8Array): ModelFile {
  const decode = () => decodeModel(bytes);
  return { url: "bench", bytes, model: decode(), decode, external: [], hash: "" };
}

export function textOf(length: number): Batch {
  return batchOf({ anatomy: { decoder: null } } as Instrumented, [{ ids: Array.from({ length }, (_, token) => 5 + ((token * 37) % 3000)), typeIds: new Array<number>(length).fill(0) }]);
}

const filling: Filling = { padId: 0, firstPosition: 0, types: 2, keyHeads: null, headSize: null, pooling: "mean" };

export interface Ours {
  predict(length: number): Promise<unknown>;
  attention(length: number): Promise<unknown>;
  gradient(length: number): Promise<unknown>;
  readonly instrumented: Instrumented;
}

export async function ours(bytes: Uint8Array): Promise<Ours> {
  const file = modelFile(bytes);
  const instrumented = instrument(file, "wasm");
  if (instrumented.gradient !== "exact" || !instrumented.scores) throw new Error(`the bench needs an exact gradient: ${instrumented.gradient}`);
  const backend = await Backend.wasm(file, instrumented);
  const scores = instrumented.scores;
  const patterns = instrumented.patterns.flatMap((pattern) => (pattern.from === "probabilities" ? [pattern.value] : []));
  const run = (length: number, fetches: readonly string[], gradient: boolean): Promise<unknown> => {
    const batch = textOf(length);
    const feeds = { ...ownFeeds(instrumented, batch, filling), ...addedFeeds(instrumented, batch, [0], filling) };
    if (gradient) Object.assign(feeds, { [lexi.want]: { dtype: "bool", data: Uint8Array.of(1), shape: [] }, [lexi.seed]: { dtype: "float32", data: Float32Array.of(1, -1), shape: [1, 2] } });
    return backend.run(feeds, fetches, () => undefined);
  };
  return {
    predict: (length) => run(length, [scores], false),
    attention: (length) => run(length, [scores, ...patterns], false),
    gradient: (length) => run(length, [scores, lexi.gradient], true),
    instrumented,
  };
}

/** A session with onnxruntime-web's defaults on the untouched file. */
export async function plain(bytes: Uint8Array, threads: number): Promise<(length: number) => Promise<unknown>> {
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 });
  return (length) => {
    const ids = BigInt64Array.from(textOf(length).rows[0]?.ids ?? [], BigInt);
    const dims = [1, length];
    return session.run({ input_ids: new ort.Tensor("int64", ids, dims), attention_mask: new ort.Tensor("int64", new BigInt64Array(length).fill(1n), dims) });
  };
}
