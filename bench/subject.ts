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
import { gpt2Like, llamaLike, smallGpt2, smallLlama } from "./random-decoders.js";
import { miniLm, randomEncoder } from "./random-encoder.js";

export type SubjectName = "sentiment" | `${"BERT" | "GPT-2" | "Llama"}-like${"" | ", int8"}`;

export const subjects: Readonly<Record<SubjectName, () => Uint8Array>> = {
  sentiment: () => new Uint8Array(readFileSync("models/sentiment/onnx/model.onnx")),
  "BERT-like": () => randomEncoder(miniLm),
  "BERT-like, int8": () => randomEncoder(miniLm, "int8"),
  "GPT-2-like": () => gpt2Like(smallGpt2),
  "GPT-2-like, int8": () => gpt2Like(smallGpt2, "int8"),
  "Llama-like": () => llamaLike(smallLlama),
  "Llama-like, int8": () => llamaLike(smallLlama, "int8"),
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
  if (instrumented.gradient !== "exact" || !instrumented.scores || !instrumented.labels) throw new Error(`the bench needs an exact gradient: ${instrumented.gradient}`);
  const backend = await Backend.wasm(file, instrumented);
  const { scores, labels } = instrumented;
  const patterns = instrumented.patterns.flatMap((pattern) => (pattern.from === "probabilities" ? [pattern.value] : []));
  const seed = new Float32Array(labels); // the first score less the second
  seed.set([1, -1]);
  const run = (length: number, fetches: readonly string[], gradient: boolean): Promise<unknown> => {
    const batch = textOf(length);
    const feeds = { ...ownFeeds(instrumented, batch, filling), ...addedFeeds(instrumented, batch, [length - 1], filling) };
    const shape = instrumented.rowed ? [1, 1, labels] : [1, labels];
    if (gradient) Object.assign(feeds, { [lexi.want]: { dtype: "bool", data: Uint8Array.of(1), shape: [] }, [lexi.seed]: { dtype: "float32", data: seed, shape } });
    return backend.run(feeds, fetches, () => undefined);
  };
  return {
    predict: (length) => run(length, [scores], false),
    attention: (length) => run(length, [scores, ...patterns], false),
    gradient: (length) => run(length, [scores, lexi.gradient], true),
    instrumented,
  };
}

/** Values of the plain inputs, [batch, token], by name. */
const plainInputs: Readonly<Record<string, (id: number | undefined, token: number) => number>> = {
  input_ids: (id) => id ?? 0,
  attention_mask: (id) => (id === undefined ? 0 : 1),
  position_ids: (_, token) => token,
};

/** A session with onnxruntime-web's defaults on the untouched file, for rows of ids, the shorter ones padded. */
export async function plainSession(bytes: Uint8Array, threads: number): Promise<(rows: readonly (readonly number[])[]) => Promise<unknown>> {
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 });
  return async (rows) => {
    const length = Math.max(...rows.map((ids) => ids.length));
    const feed = (name: string) => {
      const value = plainInputs[name];
      if (!value) throw new Error(`the bench cannot fill the input ${name}`);
      const data = BigInt64Array.from({ length: rows.length * length }, (_, index) => BigInt(value(rows[Math.floor(index / length)]![index % length], index % length)));
      return new ort.Tensor("int64", data, [rows.length, length]);
    };
    const outputs = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feed(name)])));
    for (const tensor of Object.values(outputs)) tensor.dispose();
  };
}

/** The same for one text of so many tokens. */
export async function plain(bytes: Uint8Array, threads: number): Promise<(length: number) => Promise<unknown>> {
  const run = await plainSession(bytes, threads);
  return (length) => run([textOf(length).rows[0]!.ids]);
}
