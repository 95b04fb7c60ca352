/**
 * Runs a model in the test's browser: on wasm, one thread, or on WebGPU. Sessions are created and run one after the other, as one copy
 * of the runtime demands.
 */
import * as ort from "onnxruntime-web/webgpu";
import { encodeModel } from "../../src/onnx/encode.js";
import type { Model } from "../../src/onnx/types.js";
import type { Tensor, TensorData } from "../../src/tensor/tensor.js";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: "/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm" }; // its loader is in the bundle

export type Backend = "wasm" | "webgpu";
export type Run = (feeds: Readonly<Record<string, Tensor>>) => Promise<Record<string, Tensor<TensorData>>>;

let device: Promise<GPUDevice> | undefined;

async function webgpu(): Promise<{ name: "webgpu"; device: GPUDevice }> {
  device ??= (async () => {
    const adapter = await navigator.gpu.requestAdapter();
    if (!adapter) throw new Error("no WebGPU adapter");
    return adapter.requestDevice({ requiredLimits: { maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage } });
  })();
  return { name: "webgpu", device: await device };
}

/** Opens a session, hands its run function to `use`, and closes it. */
export async function withSession<T>(model: Model, use: (run: Run) => Promise<T>, backend: Backend = "wasm"): Promise<T> {
  const session = await ort.InferenceSession.create(encodeModel(model), {
    executionProviders: [backend === "wasm" ? "wasm" : await webgpu()],
    logSeverityLevel: 3,
    extra: { session: { disable_prepacking: "1" } },
  });
  try {
    return await use(async (feeds) => {
      const given = session.inputNames.map((name) => [name, feeds[name]] as const).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
      const fed = Object.fromEntries(given.map(([name, { dtype, data, shape }]) => [name, new ort.Tensor(dtype as "float32", data as Float32Array, shape)]));
      const fetched = await session.run(fed);
      return Object.fromEntries(Object.entries(fetched).map(([name, tensor]) => [name, { dtype: tensor.type, shape: tensor.dims, data: tensor.data as TensorData }]));
    });
  } finally {
    await session.release();
  }
}
