/**
 * What it takes to make a session of a file that is in memory, once, in a process of its own, as a page does it: ours (decode, rewrite the
 * graph, create) or plain (create). The runtime is there already. Usage: rewriting "MODEL NAME" plain|ours
 */
import * as ort from "onnxruntime-web";
import { Backend } from "../src/engine/backend.js";
import { instrument } from "../src/engine/instrument.js";
import { configure } from "../src/engine/locations.js";
import { miniLm, randomEncoder } from "./random-encoder.js";
import { modelFile, plainSession, subjects, type SubjectName } from "./subject.js";

const [name, how] = process.argv.slice(2) as [SubjectName, "plain" | "ours"];
configure({ threads: 1 });
const bytes = subjects[name]();
ort.env.wasm.numThreads = 1;
const tiny = randomEncoder({ ...miniLm, layers: 1, width: 24, heads: 2, inner: 48, vocabulary: 50 });
await ort.InferenceSession.create(tiny, { executionProviders: ["wasm"], logSeverityLevel: 3 });

const begun = performance.now();
const row: Record<string, number | string> = { model: name, how };
if (how === "plain") await plainSession(bytes, 1);
else {
  const file = modelFile(bytes);
  const decoded = performance.now();
  const instrumented = instrument(file, "wasm");
  const rewritten = performance.now();
  await Backend.wasm(file, instrumented);
  Object.assign(row, { decoding: decoded - begun, rewriting: rewritten - decoded });
}
row["total"] = performance.now() - begun;
const again: number[] = [];
for (let round = 0; round < 5 && how === "ours"; round++) {
  const start = performance.now();
  instrument(modelFile(bytes), "wasm");
  again.push(performance.now() - start);
}
console.log(JSON.stringify({ ...row, again: Math.min(...again), "file MiB": bytes.byteLength / 2 ** 20 }));
process.exit(0);
