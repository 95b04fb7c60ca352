/**
 * Runs one shader on one device: pipelines are compiled once a device, parameters go through one small uniform buffer, arrays are bound with
 * explicit offset and size. It knows nothing of what a shader computes.
 *
 * Every shader has its parameters at binding 0, beginning with `start: vec4<u32>`, its inputs from binding 1, its output last. `start` holds the first
 * element of up to three inputs and (in w) of the output: offsets need not be aligned as the device wants it.
 */
import { LexiscopeError } from "../base/errors.js";
import { accumulateShader } from "./accumulate.wgsl.js";
import { attentionPatternShader } from "./attention-pattern.wgsl.js";
import { directionsShader } from "./directions.wgsl.js";
import { pathPointsShader } from "./path-points.wgsl.js";
import { reduceMapsShader } from "./reduce-maps.wgsl.js";
import { rowReduceShader } from "./row-reduce.wgsl.js";
import type { GpuBuffer, GpuDevice } from "./webgpu-types.js";

/** Float32 values in a part of a GPU buffer, which may be onnxruntime's; offset and size in bytes, multiples of 4. */
export interface GpuArray {
  readonly buffer: GpuBuffer;
  readonly offset: number;
  readonly size: number;
}

const variants = {
  attentionPattern: { code: attentionPatternShader, constants: {} },
  reduceMaps: { code: reduceMapsShader, constants: {} },
  rowNorm: { code: rowReduceShader, constants: { norm: 1 } },
  rowDot: { code: rowReduceShader, constants: { norm: 0 } },
  pathPoints: { code: pathPointsShader, constants: {} },
  accumulate: { code: accumulateShader, constants: {} },
  directions: { code: directionsShader, constants: {} },
} as const;

export type ShaderName = keyof typeof variants;
type Pipelines = Readonly<Record<ShaderName, GPUComputePipeline>>;

/** Invocations a workgroup; the `lanes` of every shader. A power of two, as the reductions need. */
export const LANES = 64;

/** A parameter in the shader's order; a list comes last and begins at the next multiple of 16 bytes. */
export type Parameter = { readonly u32: number } | { readonly f32: number };

export interface Dispatch {
  readonly shader: ShaderName;
  readonly parameters: readonly Parameter[];
  readonly list?: Uint32Array | Float32Array; // at most LIST_LENGTH
  readonly inputs: readonly GpuArray[];
  readonly output: GpuArray;
  readonly workgroups: number;
}

const compiled = new WeakMap<GPUDevice, Promise<Pipelines>>();

async function compile(device: GPUDevice): Promise<Pipelines> {
  const names = Object.keys(variants) as ShaderName[];
  const pipelines = await Promise.all(
    names.map((name) => {
      const module = device.createShaderModule({ label: `lexiscope ${name}`, code: variants[name].code });
      const constants = { ...variants[name].constants, lanes: LANES };
      return device.createComputePipelineAsync({ label: `lexiscope ${name}`, layout: "auto", compute: { module, entryPoint: "main", constants } });
    }),
  );
  return Object.fromEntries(names.map((name, index) => [name, pipelines[index]])) as Pipelines;
}

const UNIFORM_BYTES = 2048;
const START_BYTES = 16;

export class Dispatcher {
  // one buffer is enough: a write to it is ordered after the work submitted before
  private readonly uniforms: GPUBuffer;

  private constructor(
    readonly device: GpuDevice,
    private readonly pipelines: Pipelines,
  ) {
    this.uniforms = device.createBuffer({ label: "lexiscope parameters", size: UNIFORM_BYTES, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  }

  /** Throws `device` when a shader does not compile. */
  static async create(device: GpuDevice): Promise<Dispatcher> {
    let pipelines = compiled.get(device);
    if (!pipelines) compiled.set(device, (pipelines = compile(device)));
    try {
      return new Dispatcher(device, await pipelines);
    } catch (cause) {
      compiled.delete(device);
      throw new LexiscopeError("device", `the GPU refused a kernel: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  /** Records and submits one dispatch: nothing is held over onnxruntime's next run. */
  run({ shader, parameters, list, inputs, output, workgroups }: Dispatch): void {
    const { device } = this;
    const bindings = [...inputs, output].map((array) => this.bind(array));
    const starts = new Uint32Array(4);
    bindings.slice(0, -1).forEach(({ start }, index) => (starts[index] = start));
    starts[3] = (bindings.at(-1) as { start: number }).start;
    device.queue.writeBuffer(this.uniforms, 0, pack(starts, parameters, list));
    const pipeline = this.pipelines[shader];
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: this.uniforms } }, ...bindings.map(({ resource }, index) => ({ binding: index + 1, resource }))],
    });
    const encoder = device.createCommandEncoder({ label: `lexiscope ${shader}` });
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    const across = Math.min(workgroups, device.limits.maxComputeWorkgroupsPerDimension);
    pass.dispatchWorkgroups(across, Math.ceil(workgroups / across));
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.uniforms.destroy();
  }

  /** The binding begins at an aligned offset; `start` is the array's first element in it. */
  private bind({ buffer, offset, size }: GpuArray): { resource: GPUBufferBinding; start: number } {
    const { minStorageBufferOffsetAlignment: alignment, maxStorageBufferBindingSize: largest } = this.device.limits;
    const aligned = offset - (offset % alignment);
    const bytes = offset - aligned + size;
    if (bytes > largest) throw new LexiscopeError("device", `an array of ${bytes} bytes is more than this GPU binds (${largest}): take fewer heads or a shorter text`);
    return { resource: { buffer, offset: aligned, size: bytes }, start: (offset - aligned) / 4 };
  }
}

function pack(starts: Uint32Array, parameters: readonly Parameter[], list: Dispatch["list"]): ArrayBuffer {
  const listOffset = START_BYTES + Math.ceil(parameters.length / 4) * 16;
  const bytes = new ArrayBuffer(listOffset + Math.ceil((list?.length ?? 0) / 4) * 16);
  const view = new DataView(bytes);
  starts.forEach((start, index) => view.setUint32(4 * index, start, true));
  parameters.forEach((parameter, index) => {
    const offset = START_BYTES + 4 * index;
    if ("u32" in parameter) view.setUint32(offset, parameter.u32, true);
    else view.setFloat32(offset, parameter.f32, true);
  });
  list?.forEach((value, index) => {
    const offset = listOffset + 4 * index;
    if (list instanceof Uint32Array) view.setUint32(offset, value, true);
    else view.setFloat32(offset, value, true);
  });
  return bytes;
}
