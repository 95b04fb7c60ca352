/**
 * The GPU device of a model: one each, because onnxruntime frees a released session's weights only with the last session of its device.
 * Says why there is none.
 */
import { LexiscopeError } from "../base/errors.js";
import type { GpuAdapter, GpuDevice } from "../kernels/webgpu-types.js";
import { inNode } from "./environment.js";

const FEATURES: readonly GPUFeatureName[] = ["shader-f16", "subgroups", "timestamp-query"];
const LIMITS = [
  "maxBufferSize", "maxStorageBufferBindingSize", "maxComputeInvocationsPerWorkgroup", "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupSizeX", "maxComputeWorkgroupSizeY", "maxComputeWorkgroupSizeZ", "maxStorageBuffersPerShaderStage",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

export interface Adapter {
  readonly adapter: GpuAdapter | null;
  /** "" when there is one */
  readonly reason: string;
  /** computed by the processor, which onnxruntime's wasm backend does faster */
  readonly software: boolean;
  readonly halfPrecision: boolean;
}

const none = (reason: string): Adapter => ({ adapter: null, reason, software: false, halfPrecision: false });

export async function findAdapter(): Promise<Adapter> {
  const gpu = typeof navigator === "undefined" ? undefined : (navigator.gpu as GPU | undefined);
  if (!gpu) return none(inNode ? "there is no WebGPU in Node: the processor computes" : "this browser has no WebGPU here");
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter();
  } catch (error) {
    return none(`WebGPU is refused: ${(error as Error).message}`);
  }
  if (!adapter) return none("WebGPU found no graphics adapter");
  const info = adapter.info as (GPUAdapterInfo & { readonly isFallbackAdapter?: boolean }) | undefined;
  const software = info?.isFallbackAdapter === true || /swiftshader|llvmpipe|basic render/i.test(`${info?.architecture} ${info?.device} ${info?.description}`);
  return { adapter, reason: "", software, halfPrecision: adapter.features.has("shader-f16") };
}

export interface Device {
  readonly gpu: GpuDevice;
  isLost(): boolean;
}

export async function requestDevice(): Promise<Device> {
  const { adapter, reason } = await findAdapter();
  if (!adapter) throw new LexiscopeError("device", reason, { phase: "session" });
  try {
    const gpu = await adapter.requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    });
    let lost = false;
    void gpu.lost.then(() => (lost = true));
    return { gpu, isLost: () => lost };
  } catch (cause) {
    throw new LexiscopeError("device", `the graphics device is refused: ${(cause as Error).message}`, { phase: "session", cause });
  }
}
