/**
 * Models that exist only in a test: graphs of a few nodes, served from an address that nobody has. For the kinds of model that the zoo does
 * not hold. Use them with `configure({ worker: false })`: a worker has a `fetch` of its own.
 */
import { encodeModel } from "../../src/onnx/encode.js";
import { Random } from "../../src/base/random.js";
import { float32, type Tensor } from "../../src/tensor/tensor.js";
import { graphOf, type Parts } from "../anatomy/hand-built.js";
import { loadJson } from "../zoo.js";

const HOST = "https://models.test/";
const files = new Map<string, Uint8Array>();
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const original = globalThis.fetch;

/** From here on `fetch` knows the models; undo with the function that comes back. */
export function serveModels(): () => void {
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(HOST)) return original(input, init);
    const bytes = files.get(url.slice(HOST.length));
    return bytes ? new Response(bytes as Uint8Array<ArrayBuffer>) : new Response("", { status: 404 });
  };
  return () => (globalThis.fetch = original);
}

/** The reference of a model with this graph, the toys' tokenizer (one word an id, 100 ids) and this config.json. */
export async function virtualModel(name: string, parts: Parts, config: object, more: Readonly<Record<string, object>> = {}): Promise<string> {
  const tokenizer = await loadJson<object>("/test/engine/fixtures/gpt2/tokenizer.json");
  const tokenizerConfig = await loadJson<object>("/test/engine/fixtures/gpt2/tokenizer_config.json");
  const all = { "config.json": config, "tokenizer.json": tokenizer, "tokenizer_config.json": tokenizerConfig, ...more };
  for (const [file, value] of Object.entries(all)) files.set(`${name}/${file}`, text(value));
  files.set(`${name}/model.onnx`, encodeModel(graphOf(parts).toModel()));
  return `${HOST}${name}/`;
}

/** Seeded noise in [-1, 1). */
export function noise(seed: number, ...shape: number[]): Tensor<Float32Array> {
  const random = new Random(seed);
  return float32(Float32Array.from({ length: shape.reduce((product, extent) => product * extent, 1) }, () => 2 * random.uniform() - 1), shape);
}
