/**
 * One session on one backend, with its device and kernels. The only place that calls onnxruntime's create, run and release, always
 * under the one lock. A backend that failed once is not used again (`usable` is false): its owner makes another.
 */
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import type { GpuArray } from "../kernels/dispatch.js";
import { TwinKernels } from "../kernels/twin-kernels.js";
import type { Kernels } from "../kernels/types.js";
import { breathe } from "./breathe.js";
import { requestDevice, type Device } from "./gpu.js";
import { lexi, WEIGHTS, type Instrumented } from "./instrument.js";
import { runtimeLock } from "./lock.js";
import type { ModelFile } from "./model-files.js";
import { getRuntime, renewRuntime, type Ort, type Runtime } from "./runtime.js";
import type { BackendName } from "./types.js";

/** A value for a graph input: ordinary memory, or an array of the backend's kernels. */
export type Feed<B> =
  | { readonly dtype: "float32"; readonly data: Float32Array; readonly shape: readonly number[] }
  | { readonly dtype: "float16"; readonly data: Uint16Array; readonly shape: readonly number[] }
  | { readonly dtype: "int64"; readonly data: BigInt64Array; readonly shape: readonly number[] }
  | { readonly dtype: "int32"; readonly data: Int32Array; readonly shape: readonly number[] }
  | { readonly dtype: "bool"; readonly data: Uint8Array; readonly shape: readonly number[] }
  | { readonly array: B; readonly shape: readonly number[] };

export interface Output<B> {
  readonly array: B;
  readonly shape: readonly number[];
}

/** What a run gave, while it is held; arrays are invalid after `use` of `Backend.run` has ended. */
export interface Outputs<B> {
  /** float32 on the device */
  array(name: string): Output<B>;
  /** float32 in ordinary memory; only for the scores */
  values(name: string): { readonly data: Float32Array; readonly shape: readonly number[] };
}

/** How the kernels' arrays and the runtime's tensors are one on this backend. */
interface Bridge<B> {
  toTensor(ort: typeof Ort, array: B, shape: readonly number[]): Ort.Tensor;
  toArray(tensor: Ort.Tensor): B;
}

const wasmBridge: Bridge<Float32Array> = {
  toTensor: (ort, array, shape) => new ort.Tensor("float32", array, shape),
  toArray: (tensor) => tensor.data as Float32Array,
};

const gpuBridge: Bridge<GpuArray> = {
  toTensor: (ort, { buffer, offset }, shape) => {
    if (offset !== 0) throw new LexiscopeError("runtime", "a part of a buffer cannot be fed to a session", { phase: "run" });
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: shape });
  },
  toArray: (tensor) => ({ buffer: tensor.gpuBuffer, offset: 0, size: 4 * tensor.size }),
};

const failed = (what: string, cause: unknown) => new LexiscopeError("runtime", `onnxruntime failed to ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { phase: what === "run" ? "run" : "session", cause });

export class Backend<B> {
  #usable = true;

  private constructor(
    readonly name: BackendName,
    readonly kernels: Kernels<B>,
    readonly runtime: Runtime,
    readonly session: Ort.InferenceSession,
    readonly bridge: Bridge<B>,
    readonly device: Device | null,
  ) {}

  static async wasm(file: ModelFile, instrumented: Instrumented): Promise<Backend<Float32Array>> {
    const runtime = await getRuntime("cpu");
    const session = await createSession(runtime, file, instrumented, { executionProviders: ["wasm"] });
    return new Backend<Float32Array>("wasm", new TwinKernels(), runtime, session, wasmBridge, null);
  }

  static async webgpu(file: ModelFile, instrumented: Instrumented): Promise<Backend<GpuArray>> {
    const device = await requestDevice();
    try {
      const [runtime, { GpuKernels }] = await Promise.all([getRuntime("gpu"), import("../kernels/gpu-kernels.js")]);
      const kernels = await GpuKernels.create(device.gpu);
      const provider = { name: "webgpu", device: device.gpu } as Ort.InferenceSession.ExecutionProviderConfig;
      const locations = Object.fromEntries(deviceOutputs(instrumented).map((name) => [name, "gpu-buffer" as const]));
      const session = await createSession(runtime, file, instrumented, { executionProviders: [provider], preferredOutputLocation: locations });
      return new Backend<GpuArray>("webgpu", kernels, runtime, session, gpuBridge, device);
    } catch (error) {
      device.gpu.destroy();
      throw error;
    }
  }

  /** On the backend of that name; its arrays are whatever that backend has. */
  static async open(name: BackendName, file: ModelFile, instrumented: Instrumented): Promise<Backend<unknown>> {
    return name === "webgpu" ? await Backend.webgpu(file, instrumented) : await Backend.wasm(file, instrumented);
  }

  get usable(): boolean {
    return this.#usable && !(this.device?.isLost() ?? false);
  }

  /** Runs the model and hands the wanted outputs to `use`; they are freed when it ends. Throws `runtime`, `device` or `aborted`. */
  async run<T>(feeds: Readonly<Record<string, Feed<B>>>, fetches: readonly string[], use: (outputs: Outputs<B>) => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    if (signal) await breathe(); // a stop that came while the last batch ran
    const { ort } = this.runtime;
    const tensors = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#tensor(ort, feed)]));
    const results = await runtimeLock.run(async () => {
      if (!this.usable) throw new LexiscopeError("device", "the session was given up after a failure, or the graphics device was lost", { phase: "run" });
      try {
        return await this.session.run(tensors, [...fetches]);
      } catch (cause) {
        this.#usable = false;
        throw failed("run", cause);
      }
    }, signal);
    try {
      throwIfAborted(signal);
      return await use(this.#outputs(results));
    } catch (error) {
      if (this.device?.isLost()) throw new LexiscopeError("device", "the graphics device was lost", { phase: "run", cause: error });
      throw error;
    } finally {
      for (const tensor of Object.values(results)) tensor.dispose();
    }
  }

  #tensor(ort: typeof Ort, feed: Feed<B>): Ort.Tensor {
    if ("array" in feed) return this.bridge.toTensor(ort, feed.array, feed.shape);
    return new ort.Tensor(feed.dtype as "float32", feed.data as Float32Array, feed.shape);
  }

  #outputs(results: Ort.InferenceSession.OnnxValueMapType): Outputs<B> {
    const get = (name: string): Ort.Tensor => {
      const tensor = results[name];
      if (!tensor) throw new LexiscopeError("runtime", `the session gave no output "${name}"`, { phase: "run" });
      return tensor;
    };
    return {
      array: (name) => ({ array: this.bridge.toArray(get(name)), shape: get(name).dims }),
      values: (name) => ({ data: get(name).data as Float32Array, shape: get(name).dims }),
    };
  }

  /** Frees session and device, and waits for the run that is under way. */
  async dispose(): Promise<void> {
    this.#usable = false;
    await runtimeLock.run(() => this.session.release()).catch(() => undefined); // a broken session may refuse
    this.device?.gpu.destroy();
  }
}

/** Outputs that stay on the device: all but the scores. */
function deviceOutputs({ embeddings, patterns, hidden, vector, gradient }: Instrumented): string[] {
  const taps = patterns.flatMap((pattern) => (pattern.from === "probabilities" ? [pattern.value] : [pattern.query, pattern.key, ...(pattern.bias === null ? [] : [pattern.bias])]));
  return [...new Set([...(embeddings === null ? [] : [embeddings]), ...taps, ...hidden.map(({ value }) => value), ...(vector === null ? [] : [vector]), ...(gradient === "exact" ? [lexi.gradient] : [])])];
}

/**
 * Prepacked weights are held a second time, once a direction of use: a prediction is 5 to 20 % faster, most at short texts. Small files take
 * the speed, large ones are held once. Bytes.
 */
const PREPACKED_UP_TO = 16 * 2 ** 20;

async function createSession(runtime: Runtime, file: ModelFile, instrumented: Instrumented, options: Ort.InferenceSession.SessionOptions): Promise<Ort.InferenceSession> {
  try {
    return await runtimeLock.run(() =>
      runtime.ort.InferenceSession.create(instrumented.graph, {
        ...options,
        logSeverityLevel: 3,
        externalData: [{ path: WEIGHTS, data: file.bytes }, ...file.external],
        extra: { session: file.bytes.byteLength > PREPACKED_UP_TO ? { disable_prepacking: "1" } : {}, optimization: { disable_specified_optimizers: "AttentionFusion" } },
      }),
    );
  } catch (cause) {
    // what failed may be the runtime itself (a wasm file that did not load), which then stays broken: the next session gets a fresh copy
    await renewRuntime(runtime);
    throw failed("create a session", cause);
  }
}
