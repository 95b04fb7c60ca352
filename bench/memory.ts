/**
 * One process, one session: the wasm heap after creation, after a prediction with attention and after a gradient at 128 tokens, against the
 * size of the file. Emscripten grows its heap by up to a fifth more than asked; here a copy of the loader asks for no more than it needs.
 * Usage: memory "MODEL NAME" plain|ours
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as ort from "onnxruntime-web";
import { configure } from "../src/engine/locations.js";
import { miniLm, randomEncoder } from "./random-encoder.js";
import type { SubjectName } from "./subject.js";

const heaps: WebAssembly.Memory[] = [];
const NativeMemory = WebAssembly.Memory;
WebAssembly.Memory = class extends NativeMemory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    heaps.push(this);
  }
};

const folder = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));
const loader = readFileSync(join(folder, "ort-wasm-simd-threaded.mjs"), "utf8");
if (!loader.includes("1+.2/")) throw new Error("the loader of this onnxruntime-web grows its heap in another way: look at it again");
const exactLoader = "bench/results/.bundles/exact-growth.mjs";
writeFileSync(exactLoader, loader.replace("1+.2/", "1+0/"));
ort.env.wasm.wasmPaths = { mjs: pathToFileURL(exactLoader).href, wasm: pathToFileURL(join(folder, "ort-wasm-simd-threaded.wasm")).href };

const [name, how] = process.argv.slice(2) as [SubjectName, "plain" | "ours"];
const megabytes = (): number => heaps.reduce((sum, heap) => sum + heap.buffer.byteLength, 0) / 2 ** 20;
configure({ threads: 1 });
const { ours, plain, subjects } = await import("./subject.js");

await plain(randomEncoder({ ...miniLm, layers: 1, width: 24, heads: 2, inner: 48, vocabulary: 50 }), 1);
const runtime = megabytes();
const bytes = subjects[name]();
const file = bytes.byteLength / 2 ** 20;
const row: Record<string, string | number> = { model: name, session: how, "file MiB": file, "runtime alone, MiB": runtime };
if (how === "plain") {
  const run = await plain(bytes, 1);
  row["heap after creation ÷ file"] = megabytes() / file;
  await run(128);
  row["after a prediction ÷ file"] = megabytes() / file;
} else {
  const session = await ours(bytes);
  row["heap after creation ÷ file"] = megabytes() / file;
  await session.attention(128);
  row["after a prediction ÷ file"] = megabytes() / file;
  await session.gradient(128);
  row["after a gradient ÷ file"] = megabytes() / file;
}
console.log(JSON.stringify([row]));
process.exit(0);
