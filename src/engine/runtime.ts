/**
 * onnxruntime-web, loaded from its configured place at run time: never bundled, never imported by anything but the engine. A build of
 * it that failed once stays broken for good, so `renew` imports a second copy of the module, which starts afresh.
 */
import type * as Ort from "onnxruntime-web";
import { asLexiscopeError, LexiscopeError } from "../base/errors.js";
import { inNode, nodeModule } from "./environment.js";
import { configuration, runtimeFolder } from "./locations.js";

export type { Ort };
/** "gpu" builds run both backends, "cpu" is smaller and runs wasm only. */
export type RuntimeKind = "gpu" | "cpu";

export interface Runtime {
  readonly ort: typeof Ort;
  readonly kind: RuntimeKind;
}

/**
 * onnxruntime-web's builds: stack switching by the engine, by asyncify, or no GPU at all. The bundles hold the loader of their wasm
 * file, so that only two files are fetched and nothing but the address of the wasm file has to be said.
 */
const builds = {
  jspi: { module: "ort.jspi.bundle.min.mjs", wasm: "ort-wasm-simd-threaded.jspi.wasm" },
  asyncify: { module: "ort.webgpu.bundle.min.mjs", wasm: "ort-wasm-simd-threaded.asyncify.wasm" },
  cpu: { module: "ort.wasm.bundle.min.mjs", wasm: "ort-wasm-simd-threaded.wasm" },
} as const;

let generation = 0;
const loaded = new Map<RuntimeKind, Promise<Runtime>>();

async function importInNode(): Promise<typeof Ort> {
  const name = "onnxruntime-web";
  if (generation === 0) return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as typeof Ort;
  const [{ createRequire }, { pathToFileURL }] = await Promise.all([nodeModule("node:module"), nodeModule("node:url")]);
  const file = pathToFileURL(createRequire(import.meta.url).resolve(name)).href.replace(/\.min\.js$/, ".min.mjs");
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ `${file}?x=${generation}`)) as typeof Ort;
}

async function importInBrowser(kind: RuntimeKind): Promise<typeof Ort> {
  const folder = await runtimeFolder();
  const { module, wasm } = builds[kind === "cpu" ? "cpu" : "Suspending" in WebAssembly ? "jspi" : "asyncify"];
  const address = `${folder}${module}${generation === 0 ? "" : `?x=${generation}`}`;
  let ort: typeof Ort;
  try {
    ort = (await import(/* @vite-ignore */ /* webpackIgnore: true */ address)) as typeof Ort;
  } catch (cause) {
    throw new LexiscopeError("runtime", `cannot load onnxruntime-web from ${address}; configure({ runtime: "folder of its dist files" })`, { phase: "session", cause });
  }
  ort.env.wasm.wasmPaths = { wasm: `${folder}${wasm}` };
  return ort;
}

async function load(kind: RuntimeKind): Promise<Runtime> {
  try {
    const ort = await (inNode ? importInNode() : importInBrowser(kind));
    ort.env.wasm.numThreads = configuration().threads ?? 1;
    ort.env.logLevel = "error";
    return { ort, kind };
  } catch (error) {
    throw asLexiscopeError(error, "runtime", "session");
  }
}

/** The runtime of this thread. A failed load is not kept: the next call tries a fresh copy. */
export function getRuntime(kind: RuntimeKind): Promise<Runtime> {
  const wanted = loaded.has("gpu") ? "gpu" : kind; // the larger build serves both
  const known = loaded.get(wanted);
  if (known) return known;
  const runtime = load(wanted);
  loaded.set(wanted, runtime);
  runtime.catch(() => renew(runtime));
  return runtime;
}

/** Gives up a copy that is broken; `getRuntime` then loads another. Does nothing when it was given up already. */
export function renew(broken: Promise<Runtime>): void {
  for (const [kind, runtime] of loaded)
    if (runtime === broken) {
      loaded.delete(kind);
      generation++;
    }
}

/** Gives up the copy that this runtime object stands for. */
export async function renewRuntime(broken: Runtime): Promise<void> {
  for (const runtime of [...loaded.values()]) if ((await runtime.catch(() => null)) === broken) renew(runtime);
}
