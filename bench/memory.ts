/**
 * One process, one session: the wasm heap after creation, after a prediction with attention and after a gradient at 128 tokens, against the
 * size of the file. Emscripten grows its heap by up to a fifth more than asked; attempts beyond a twentieth are refused here, so figures are at most 5 % too large.
 * Usage: memory "MODEL NAME" plain|ours
 */
import { configure } from "../src/engine/locations.js";
import type { SubjectName } from "./subject.js";

const heaps: WebAssembly.Memory[] = [];
const NativeMemory = WebAssembly.Memory;
WebAssembly.Memory = class extends NativeMemory {
  private refusals = 0;
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    heaps.push(this);
  }
  override grow(pages: number): number {
    if (this.refusals++ % 3 < 2) throw new RangeError("ask for less");
    return super.grow(pages);
  }
};

const [name, how] = process.argv.slice(2) as [SubjectName, "plain" | "ours"];
const megabytes = (): number => heaps.reduce((sum, heap) => sum + heap.buffer.byteLength, 0) / 2 ** 20;
configure({ threads: 1 });
const { ours, plain, subjects } = await import("./subject.js");

const bytes = subjects[name]();
const file = bytes.byteLength / 2 ** 20;
const row: Record<string, string | number> = { model: name, session: how, "file MiB": file };
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
