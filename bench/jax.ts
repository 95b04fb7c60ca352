/**
 * Our gradient against jax-js (wasm) on the same file: the random encoder with mean pooling and embeddings as input, which both can
 * differentiate. jax-js runs it in both of its ways, eagerly and compiled (`jit`). Values are compared before times.
 */
import * as ort from "onnxruntime-web";
import { defaultDevice, grad, init, jit, numpy as np } from "@jax-js/jax";
import { ONNXModel } from "@jax-js/onnx";
import { differentiate } from "../src/autodiff/index.js";
import { Graph } from "../src/graph/graph.js";
import { decodeModel } from "../src/onnx/decode.js";
import { encodeModel } from "../src/onnx/encode.js";
import { Random } from "../src/base/random.js";
import { median } from "./median.mjs";
import { miniLm, randomEncoder } from "./random-encoder.js";
import { quick, times } from "./settings.js";

const bytes = randomEncoder({ ...miniLm, pooling: "mean", input: "embeddings" });
const { width } = miniLm;

ort.env.wasm.numThreads = 1;
const graph = Graph.of(decodeModel(bytes));
differentiate(graph, { of: "logits", wrt: "embeddings", seed: "seed", into: "gradient" });
const session = await ort.InferenceSession.create(encodeModel(graph.toModel()), { executionProviders: ["wasm"], logSeverityLevel: 3, extra: { session: { disable_prepacking: "1" } } });

// onnxruntime-web leaves a global Worker behind in Node; jax-js would take it for a browser's and share a memory that it made unshared
Reflect.deleteProperty(globalThis, "Worker");
await init("wasm");
defaultDevice("wasm");
const model = new ONNXModel(bytes as Uint8Array<ArrayBuffer>);

const rows = [];
for (const length of quick ? [16] : [16, 32, 128]) {
  const random = new Random(length);
  const values = Float32Array.from({ length: length * width }, () => random.normal());
  const oursOnce = async (): Promise<Float32Array> => {
    const found = await session.run({
      embeddings: new ort.Tensor("float32", values, [1, length, width]),
      attention_mask: new ort.Tensor("int64", new BigInt64Array(length).fill(1n), [1, length]),
      seed: new ort.Tensor("float32", Float32Array.of(1, 0), [1, 2]),
    });
    return found["gradient"]?.data as Float32Array;
  };
  const gradient = grad((embeddings: np.Array) => {
    const mask = np.ones([1, length], { dtype: np.int32 });
    const { logits } = model.run({ embeddings, attention_mask: mask });
    return (logits as np.Array).slice(0, 0);
  });
  const compiled = jit(gradient);
  const asked = (run: typeof gradient) => async (): Promise<Float32Array> => (await run(np.array(values, { shape: [1, length, width] })).data()) as Float32Array;
  const contenders = { ours: oursOnce, eager: asked(gradient), compiled: asked(compiled) };

  const [mine, theirs] = [await oursOnce(), await contenders.eager()];
  await contenders.compiled();
  const largest = mine.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = mine.reduce((most, value, index) => Math.max(most, Math.abs(value - (theirs[index] as number))), 0) / largest;
  const taken = { ours: [] as number[], eager: [] as number[], compiled: [] as number[] };
  for (let round = 0; round < times(3); round++) {
    for (const [name, run] of Object.entries(contenders) as [keyof typeof contenders, () => Promise<unknown>][]) {
      const start = performance.now();
      await run();
      taken[name].push(performance.now() - start);
    }
  }
  const middle = median(taken.ours);
  rows.push({
    tokens: length, "ours ms": middle, "jax-js eager ms": median(taken.eager), "eager ÷ ours": median(taken.eager) / middle,
    "jax-js jit ms": median(taken.compiled), "jit ÷ ours": median(taken.compiled) / middle, "largest difference ÷ largest gradient": difference,
  });
}
console.log(JSON.stringify(rows));
process.exit(0);
