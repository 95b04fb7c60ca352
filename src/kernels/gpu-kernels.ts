/**
 * The kernels on WebGPU. Arrays are parts of GPU buffers, so onnxruntime's own outputs are read where they lie; only what somebody asks for
 * with `read` comes back. Every call submits its work at once: onnxruntime's later runs come after it, and a tensor may be disposed then.
 */
import { LexiscopeError } from "../base/errors.js";
import { checkPattern, checkSizes, LIST_LENGTH } from "./check.js";
import { Dispatcher, LANES } from "./dispatch.js";
import type { GpuArray } from "./dispatch.js";
import type { Kernels, PatternRequest } from "./types.js";
import type { GpuDevice } from "./webgpu-types.js";

const u32 = (value: number) => ({ u32: value });
const flag = (value: boolean) => ({ u32: value ? 1 : 0 });
const lengthOf = (array: GpuArray): number => array.size / 4;

/** The `count` values from `first` of an array. */
function part(array: GpuArray, first: number, count: number): GpuArray {
  return { buffer: array.buffer, offset: array.offset + 4 * first, size: 4 * count };
}

/** Pieces of a list that fit one dispatch, each with its place. */
function pieces(list: readonly number[]): { first: number; values: Float32Array }[] {
  return Array.from({ length: Math.ceil(list.length / LIST_LENGTH) }, (_, index) => {
    const first = index * LIST_LENGTH;
    return { first, values: Float32Array.from(list.slice(first, first + LIST_LENGTH)) };
  });
}

export class GpuKernels implements Kernels<GpuArray> {
  readonly name = "webgpu";
  private readonly own = new WeakSet<GPUBuffer>();

  private constructor(private readonly dispatcher: Dispatcher) {}

  /** Compiles the shaders, once a device. Throws `device` when the GPU refuses one. */
  static async create(device: GpuDevice): Promise<GpuKernels> {
    return new GpuKernels(await Dispatcher.create(device));
  }

  upload(values: Float32Array): GpuArray {
    const array = this.allocate(values.length);
    this.dispatcher.device.queue.writeBuffer(array.buffer, 0, values.buffer, values.byteOffset, values.byteLength);
    return array;
  }

  /** Throws `device` when the device was lost meanwhile. */
  async read(array: GpuArray, length: number, offset = 0): Promise<Float32Array> {
    if (length === 0) return new Float32Array(0);
    checkSizes("read", { length }, [[lengthOf(array), offset + length]]);
    const { device } = this.dispatcher;
    const staging = device.createBuffer({ label: "lexiscope staging", size: 4 * length, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    try {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(array.buffer, array.offset + 4 * offset, staging, 0, 4 * length);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      return new Float32Array(staging.getMappedRange().slice(0));
    } catch (cause) {
      throw new LexiscopeError("device", `cannot read from the GPU: ${cause instanceof Error ? cause.message : String(cause)}; reload the model`, { phase: "run", cause });
    } finally {
      staging.destroy();
    }
  }

  /** Frees an array that these kernels made; onnxruntime's buffers are freed with their tensor. */
  release(array: GpuArray): void {
    if (this.own.delete(array.buffer)) array.buffer.destroy();
  }

  /** Frees the kernels' own small buffer; arrays are freed by `release`. */
  dispose(): void {
    this.dispatcher.dispose();
  }

  attentionPattern(request: PatternRequest<GpuArray>): GpuArray {
    checkPattern(request, lengthOf);
    const { query, key, keyTransposed, heads, keyHeads, queries, keys, headSize, scale, bias, causal, softcap, maskedRows, selected } = request;
    const rows = selected.length * queries;
    const output = this.allocate(rows * keys); // [selected, query, key]
    const [biasHead, biasQuery, biasKey] = bias?.strides ?? [0, 0, 0];
    this.dispatcher.run({
      shader: "attentionPattern",
      parameters: [
        u32(rows), u32(queries), u32(keys), u32(headSize), u32(heads / keyHeads), flag(keyTransposed), flag(causal), flag(bias !== null),
        u32(biasHead), u32(biasQuery), u32(biasKey), { f32: scale },
        { f32: softcap }, flag(maskedRows === "zero"),
      ],
      list: Uint32Array.from(selected),
      inputs: [query, key, bias?.values ?? query],
      output,
      workgroups: rows,
    });
    return output;
  }

  reduceMaps(maps: GpuArray, count: number, size: number, how: "mean" | "max"): GpuArray {
    checkSizes("reduceMaps", { count, size }, [[lengthOf(maps), count * size]]);
    const output = this.allocate(size); // [size]
    this.dispatcher.run({
      shader: "reduceMaps", parameters: [u32(count), u32(size), flag(how === "max")], inputs: [part(maps, 0, count * size)], output, workgroups: Math.ceil(size / LANES),
    });
    return output;
  }

  rowReduce(a: GpuArray, b: GpuArray | null, rows: number, width: number, rowsOfB = rows): GpuArray {
    checkSizes("rowReduce", { rows, width, rowsOfB }, [[lengthOf(a), rows * width], ...(b ? [[lengthOf(b), rowsOfB * width] as const] : [])]);
    const output = this.allocate(rows); // [row]
    this.dispatcher.run({ shader: b ? "rowDot" : "rowNorm", parameters: [u32(rows), u32(width), u32(rowsOfB)], inputs: [a, b ?? a], output, workgroups: rows });
    return output;
  }

  pathPoints(input: GpuArray, baseline: GpuArray, alphas: readonly number[], size: number): GpuArray {
    checkSizes("pathPoints", { size }, [[lengthOf(input), size], [lengthOf(baseline), size]]);
    const output = this.allocate(alphas.length * size); // [alphas, size]
    for (const { first, values } of pieces(alphas)) {
      this.dispatcher.run({
        shader: "pathPoints",
        parameters: [u32(values.length), u32(size)],
        list: values,
        inputs: [input, baseline],
        output: part(output, first * size, values.length * size),
        workgroups: Math.ceil((values.length * size) / LANES),
      });
    }
    return output;
  }

  accumulate(accumulator: GpuArray | null, rows: GpuArray, weights: readonly number[], size: number): GpuArray {
    checkSizes("accumulate", { size }, [[lengthOf(rows), weights.length * size], ...(accumulator ? [[lengthOf(accumulator), size] as const] : [])]);
    const output = accumulator ?? this.allocate(size); // [size]; a new buffer holds zeros
    for (const { first, values } of pieces(weights)) {
      this.dispatcher.run({
        shader: "accumulate",
        parameters: [u32(values.length), u32(size)],
        list: values,
        inputs: [part(rows, first * size, values.length * size)],
        output,
        workgroups: Math.ceil(size / LANES),
      });
    }
    return output;
  }

  directions(seed: number, first: number, count: number, size: number, h: number): GpuArray {
    checkSizes("directions", { count, size }, []);
    const output = this.allocate(count * size); // [count, size]
    this.dispatcher.run({
      shader: "directions", parameters: [u32(count), u32(size), u32(seed >>> 0), u32(first >>> 0), { f32: h }], inputs: [], output, workgroups: Math.ceil((count * size) / LANES),
    });
    return output;
  }

  /** A buffer of zeros of our own. */
  private allocate(length: number): GpuArray {
    const size = Math.max(4, 4 * length);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.dispatcher.device.createBuffer({ label: "lexiscope array", size, usage });
    this.own.add(buffer);
    return { buffer, offset: 0, size };
  }
}
