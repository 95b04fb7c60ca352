/** The same cases for both implementations: against plain arithmetic written here a second time, and WebGPU against its twin. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import type { GpuArray } from "../../src/kernels/dispatch.js";
import { GpuKernels } from "../../src/kernels/gpu-kernels.js";
import { TwinKernels } from "../../src/kernels/twin-kernels.js";
import type { Kernels, PatternRequest } from "../../src/kernels/types.js";
import { requestDevice } from "./device.js";

const device = await requestDevice();
const TOLERANCE = 1e-5;

/** A request with plain arrays; each implementation uploads them. */
type PlainRequest = Omit<PatternRequest<Float32Array>, "bias"> & { readonly bias: { values: Float32Array; strides: [number, number, number] } | null };

function normals(seed: number, length: number, scale = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => scale * random.normal());
}

function request(changes: Partial<PlainRequest> = {}): PlainRequest {
  const { heads = 4, keyHeads = heads, queries = 5, keys = 5, headSize = 8 } = changes;
  return {
    heads, keyHeads, queries, keys, headSize,
    query: normals(1, heads * queries * headSize),
    key: normals(2, keyHeads * keys * headSize),
    keyTransposed: false, scale: 1 / Math.sqrt(headSize), bias: null, causal: false, softcap: 0, maskedRows: "zero", selected: Array.from({ length: heads }, (_, head) => head),
    ...changes,
  };
}

/** The definition, head by head, in float64. */
function naivePattern(plain: PlainRequest): number[] {
  const { query, key, heads, keyHeads, queries, keys, headSize, keyTransposed, bias, scale } = plain;
  return plain.selected.flatMap((head) =>
    Array.from({ length: queries }, (_, q) => {
      const scores = Array.from({ length: keys }, (_, k) => {
        if (plain.causal && k > q + keys - queries) return -Infinity;
        let score = 0;
        for (let d = 0; d < headSize; d++) {
          const group = Math.floor((head * keyHeads) / heads);
          const at = keyTransposed ? (group * headSize + d) * keys + k : (group * keys + k) * headSize + d;
          score += scale * (query[(head * queries + q) * headSize + d] as number) * (key[at] as number);
        }
        if (plain.softcap > 0) score = plain.softcap * Math.tanh(score / plain.softcap);
        if (bias) score += bias.values[head * bias.strides[0] + q * bias.strides[1] + k * bias.strides[2]] as number;
        return score < -1e30 ? -Infinity : score;
      });
      const largest = Math.max(...scores);
      const powers = scores.map((score) => (largest === -Infinity ? 0 : Math.exp(score - largest)));
      const total = powers.reduce((a, b) => a + b, 0);
      return powers.map((power) => (total > 0 ? power / total : 0));
    }).flat(),
  );
}

const lowest = -3.4028234663852886e38;
const padding = (keys: number, kept: number, value: number) => Float32Array.from({ length: keys }, (_, key) => (key < kept ? 0 : value));

const patterns: Record<string, PlainRequest> = {
  "all heads": request(),
  "two heads, in the order asked": request({ selected: [3, 1] }),
  "transposed keys": request({ keyTransposed: true }),
  "more keys than a workgroup has lanes": request({ heads: 2, queries: 3, keys: 150 }),
  "one query and one key": request({ queries: 1, keys: 1 }),
  "large scores": request({ query: normals(3, 4 * 5 * 8, 20), key: normals(4, 4 * 5 * 8, 20), scale: 1 }),
  causal: request({ causal: true }),
  "causal with a cache: the queries are the last ones": request({ causal: true, queries: 3, keys: 7 }),
  "grouped heads": request({ heads: 8, keyHeads: 2 }),
  "grouped heads, transposed, causal": request({ heads: 6, keyHeads: 3, keyTransposed: true, causal: true, selected: [5] }),
  "padding as -10000, broadcast over heads and queries": request({ bias: { values: padding(5, 3, -10000), strides: [0, 0, 1] } }),
  "padding as float32's lowest number": request({ bias: { values: padding(5, 3, lowest), strides: [0, 0, 1] } }),
  "padding as -Infinity": request({ bias: { values: padding(5, 3, -Infinity), strides: [0, 0, 1] } }),
  "a bias for each head, query and key": request({ bias: { values: normals(5, 4 * 25), strides: [25, 5, 1] } }),
  "capped scores": request({ query: normals(7, 4 * 5 * 8, 20), scale: 1, softcap: 3 }),
  "capped scores, far beyond the cap, causal and padded": request({ query: normals(8, 4 * 5 * 8, 500), scale: 1, softcap: 2, causal: true, bias: { values: padding(5, 4, lowest), strides: [0, 0, 1] } }),
  "a bias for each head and key": request({ bias: { values: normals(6, 4 * 5), strides: [5, 0, 1] } }),
};

function contract<B>(name: string, create: () => Promise<Kernels<B>>): void {
  describe(name, () => {
    let kernels: Kernels<B>;
    let made: B[];
    const twin = new TwinKernels();

    const keep = (array: B): B => {
      made.push(array);
      return array;
    };
    const put = (values: Float32Array): B => keep(kernels.upload(values));
    const upload = (plain: PlainRequest): PatternRequest<B> => ({
      ...plain, query: put(plain.query), key: put(plain.key), bias: plain.bias && { values: put(plain.bias.values), strides: plain.bias.strides },
    });
    const close = (found: Float32Array, expected: ArrayLike<number>, tolerance = TOLERANCE): void => {
      expect(found.length).to.equal(expected.length);
      found.forEach((value, index) => {
        const wanted = expected[index] as number;
        if (!(Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted)))) throw new Error(`value ${index}: ${value} instead of ${wanted}`);
      });
    };

    before(async () => (kernels = await create()));
    beforeEach(() => (made = []));
    afterEach(() => made.forEach((array) => kernels.release(array)));

    for (const [what, plain] of Object.entries(patterns)) {
      it(`attention pattern: ${what}`, async () => {
        const size = plain.selected.length * plain.queries * plain.keys;
        const found = await kernels.read(keep(kernels.attentionPattern(upload(plain))), size);
        close(found, naivePattern(plain));
        close(found, twin.attentionPattern(plain));
        for (let row = 0; row < size; row += plain.keys) {
          const total = found.subarray(row, row + plain.keys).reduce((a, b) => a + b, 0);
          expect(total).to.be.closeTo(1, TOLERANCE);
        }
      });
    }

    it("attention pattern: exact zeros above the diagonal and at masked keys", async () => {
      const causal = await kernels.read(keep(kernels.attentionPattern(upload(request({ causal: true, heads: 1 })))), 25);
      for (let query = 0; query < 5; query++) for (let key = query + 1; key < 5; key++) expect(causal[query * 5 + key]).to.equal(0);
      const masked = await kernels.read(keep(kernels.attentionPattern(upload(request({ heads: 1, bias: { values: padding(5, 3, lowest), strides: [0, 0, 1] } })))), 25);
      for (let query = 0; query < 5; query++) expect([masked[query * 5 + 3], masked[query * 5 + 4]]).to.deep.equal([0, 0]);
    });

    for (const value of [lowest, -Infinity]) {
      it(`attention pattern: a row masked with ${value} throughout is 0 behind a guard, and uniform without one, as in PyTorch`, async () => {
        const bias = { values: Float32Array.from({ length: 5 }, (_, query) => (query === 2 ? value : 0)), strides: [0, 1, 0] as [number, number, number] };
        const found = await kernels.read(keep(kernels.attentionPattern(upload(request({ heads: 1, bias })))), 25);
        expect([...found.subarray(10, 15)]).to.deep.equal([0, 0, 0, 0, 0]);
        for (const causal of [false, true]) {
          const plain = request({ heads: 1, bias, causal, maskedRows: "uniform" });
          const uniform = await kernels.read(keep(kernels.attentionPattern(upload(plain))), 25);
          close(uniform.subarray(10, 15), [0.2, 0.2, 0.2, 0.2, 0.2]); // softmax of five times finfo.min
          close(uniform, twin.attentionPattern(plain));
        }
        expect(found.subarray(5, 10).reduce((a, b) => a + b, 0)).to.be.closeTo(1, TOLERANCE);
      });
    }

    it("attention pattern: causal queries before the first key see nothing", async () => {
      const found = await kernels.read(keep(kernels.attentionPattern(upload(request({ heads: 1, causal: true, queries: 3, keys: 2 })))), 6);
      expect([...found.subarray(0, 3)]).to.deep.equal([0, 0, 1]);
    });

    it("attention pattern: 4096 keys", async () => {
      const plain = request({ heads: 1, queries: 2, keys: 4096, headSize: 4, query: normals(7, 8, 3), key: normals(8, 4096 * 4) });
      close(await kernels.read(keep(kernels.attentionPattern(upload(plain))), 8192), naivePattern(plain), 1e-6);
    });

    it("reduces maps to their mean and largest", async () => {
      const [count, size] = [5, 130];
      const values = normals(9, count * size);
      const columns = Array.from({ length: size }, (_, element) => Array.from({ length: count }, (_, map) => values[map * size + element] as number));
      const maps = put(values);
      close(await kernels.read(keep(kernels.reduceMaps(maps, count, size, "mean")), size), columns.map((column) => column.reduce((a, b) => a + b, 0) / count));
      close(await kernels.read(keep(kernels.reduceMaps(maps, count, size, "max")), size), columns.map((column) => Math.max(...column)), 0);
    });

    it("reduces rows to norms and dot products", async () => {
      const [rows, width] = [6, 100];
      const [a, b] = [normals(10, rows * width), normals(11, rows * width)];
      const per = (f: (index: number) => number) => Array.from({ length: rows }, (_, row) => Array.from({ length: width }, (_, column) => f(row * width + column)).reduce((x, y) => x + y, 0));
      const at = (array: Float32Array, index: number) => array[index] as number;
      close(await kernels.read(keep(kernels.rowReduce(put(a), null, rows, width)), rows), per((index) => at(a, index) ** 2).map(Math.sqrt));
      close(await kernels.read(keep(kernels.rowReduce(put(a), put(b), rows, width)), rows), per((index) => at(a, index) * at(b, index)), 1e-5);
      const shared = per((index) => at(a, index) * at(b, index % (2 * width)));
      close(await kernels.read(keep(kernels.rowReduce(put(a), put(b.slice(0, 2 * width)), rows, width, 2)), rows), shared, 1e-5);
    });

    it("keeps the norm of very small and very large rows, and of zeros", async () => {
      const found = await kernels.read(keep(kernels.rowReduce(put(Float32Array.of(3e-30, 4e-30, 3e30, 4e30, 0, 0)), null, 3, 2)), 3);
      expect((found[0] as number) / 5e-30).to.be.closeTo(1, 1e-5);
      expect((found[1] as number) / 5e30).to.be.closeTo(1, 1e-5);
      expect(found[2]).to.equal(0);
    });

    it("makes the points of a path: minus the change at α = 0, exactly 0 at α = 1", async () => {
      const [input, baseline] = [normals(12, 70), normals(13, 70)];
      const alphas = [0, 0.25, 1];
      const found = await kernels.read(keep(kernels.pathPoints(put(input), put(baseline), alphas, 70)), 210);
      close(found, alphas.flatMap((alpha) => Array.from(input, (value, index) => alpha * (value - (baseline[index] as number)) + (baseline[index] as number) - value)));
      expect([...found.subarray(140)].every((value) => value === 0)).to.equal(true);
    });

    it("accumulates weighted rows, from nothing and on top", async () => {
      const [rows, size] = [normals(14, 3 * 70), 70];
      const weights = [0.5, -1, 2];
      const once = Array.from({ length: size }, (_, element) => weights.reduce((total, weight, row) => total + weight * (rows[row * size + element] as number), 0));
      const accumulator = keep(kernels.accumulate(null, put(rows), weights, size));
      close(await kernels.read(accumulator, size), once);
      expect(kernels.accumulate(accumulator, put(rows), weights, size)).to.equal(accumulator);
      close(await kernels.read(accumulator, size), once.map((value) => 2 * value));
    });

    it("takes more alphas and weights than one dispatch holds", async () => {
      const count = 600;
      const alphas = Array.from({ length: count }, (_, index) => index / count);
      const points = keep(kernels.pathPoints(put(Float32Array.of(2, 1, 5)), put(Float32Array.of(0, 0, 1)), alphas, 3));
      close(await kernels.read(points, 3 * count), alphas.flatMap((alpha) => [2 * (alpha - 1), alpha - 1, 4 * (alpha - 1)]));
      const total = alphas.reduce((sum, alpha) => sum + (alpha - 1) * alpha, 0);
      close(await kernels.read(keep(kernels.accumulate(null, points, alphas, 3)), 3), [2 * total, total, 4 * total]);
    });

    it("makes the same random directions, bit for bit, wherever it starts", async () => {
      const all = await kernels.read(keep(kernels.directions(0xdeadbeef, 0, 4, 100, 0.25)), 400);
      expect([...all]).to.deep.equal([...twin.directions(0xdeadbeef, 0, 4, 100, 0.25)]);
      const later = await kernels.read(keep(kernels.directions(0xdeadbeef, 2, 2, 100, 0.25)), 200);
      expect([...later]).to.deep.equal([...all.subarray(200)]);
      expect(new Set(all)).to.deep.equal(new Set([0.25, -0.25]));
    });

    it("needs more than 65535 workgroups", async () => {
      const rows = 66_000;
      const values = Float32Array.from({ length: 2 * rows }, (_, index) => index % 1000);
      const found = await kernels.read(keep(kernels.rowReduce(put(values), put(Float32Array.of(1, -1)), rows, 2, 1)), rows);
      expect(found.every((value) => value === -1)).to.equal(true);
    });

    it("reads a part, and refuses sizes that do not fit", async () => {
      const array = put(Float32Array.of(1, 2, 3, 4));
      expect([...(await kernels.read(array, 2, 1))]).to.deep.equal([2, 3]);
      expect(() => kernels.reduceMaps(array, 2, 3, "mean")).to.throw("an array holds 4 values, but 6 are needed");
      expect(() => kernels.rowReduce(array, null, 0, 4)).to.throw("rows must be a positive integer, not 0");
      expect(() => kernels.attentionPattern(upload(request({ selected: [4] })))).to.throw("no head 4 of 4");
      expect(() => kernels.attentionPattern(upload(request({ keyHeads: 3 })))).to.throw("4 heads cannot share 3 key heads");
    });
  });
}

contract("twin kernels", () => Promise.resolve(new TwinKernels()));

if (device) {
  contract("webgpu kernels", () => GpuKernels.create(device));

  describe("webgpu kernels on foreign buffers", () => {
    const foreign = (values: Float32Array, offset: number, extra: number): GpuArray => {
      const buffer = device.createBuffer({ size: offset + values.byteLength + extra, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
      device.queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(99));
      device.queue.writeBuffer(buffer, offset, values.buffer, values.byteOffset, values.byteLength);
      return { buffer, offset, size: values.byteLength };
    };

    it("binds a part of a larger buffer, at offsets that are aligned and that are not, and never frees it", async () => {
      const kernels = await GpuKernels.create(device);
      device.pushErrorScope("validation");
      for (const offset of [0, 256, 12, 1020]) {
        const plain = request({ heads: 2 });
        const [query, key] = [foreign(plain.query, offset, 64), foreign(plain.key, offset, 4)];
        const pattern = kernels.attentionPattern({ ...plain, query, key, bias: null });
        const found = await kernels.read(pattern, 50);
        naivePattern(plain).forEach((value, index) => expect(found[index]).to.be.closeTo(value, TOLERANCE));
        const accumulator = foreign(Float32Array.of(1, 1, 1), offset, 64);
        kernels.accumulate(accumulator, foreign(Float32Array.of(1, 2, 3), offset + 4, 0), [2], 3);
        expect([...(await kernels.read(accumulator, 3))]).to.deep.equal([3, 5, 7]);
        kernels.release(pattern);
        kernels.release(query);
        expect([...(await kernels.read(query, 2))]).to.deep.equal([...plain.query.subarray(0, 2)]);
        // what lies beside the array is untouched
        const whole = await kernels.read({ buffer: accumulator.buffer, offset: 0, size: accumulator.buffer.size }, accumulator.buffer.size / 4);
        expect(whole.filter((value) => value === 99).length).to.equal(whole.length - 3);
        for (const array of [query, key, accumulator]) array.buffer.destroy();
      }
      expect(await device.popErrorScope()).to.equal(null);
      kernels.dispose();
    });

    it("says that the device was lost", async () => {
      const other = (await requestDevice()) as GPUDevice;
      const kernels = await GpuKernels.create(other);
      const array = kernels.upload(Float32Array.of(1));
      other.destroy();
      try {
        await kernels.read(array, 1);
        throw new Error("did not reject");
      } catch (error) {
        expect(error).to.include({ code: "device" });
      }
    });
  });
} else {
  describe("webgpu kernels", () => it.skip("webgpu: the same cases as the twin (no adapter)"));
  describe("webgpu kernels on foreign buffers", () => it.skip("webgpu: parts of buffers, lost device (no adapter)"));
}
