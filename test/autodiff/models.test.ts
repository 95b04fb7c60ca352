/**
 * Whole models against PyTorch: the gradient of one logit with respect to the embedding lookup, for every file of the zoo, with and
 * without the gate, on wasm and on WebGPU; and what the emitted graph must never hold.
 */
import { expect } from "@open-wc/testing";
import { differentiate } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import { decodeModel } from "../../src/onnx/decode.js";
import type { Node } from "../../src/onnx/types.js";
import { float32, sizeOf, type Tensor } from "../../src/tensor/tensor.js";
import { type Coded, decoded, loadZoo, plainFiles } from "../zoo.js";
import { type Backend, type Run, withSession } from "./run.js";

/** largest error over largest gradient */
const tolerances: Readonly<Record<Backend, number>> = { wasm: 1e-4, webgpu: 1e-3 };
/** one of each kind of norm, mask and activation; a session on a software GPU takes seconds */
const onWebGPU = ["bert-ts17", "bert-ts14", "distilbert-ts17-sdpa", "gpt2-ts17-sdpa", "gpt2-old13", "llama-ts17-sdpa"];

interface Case {
  readonly inputs: Readonly<Record<string, number[][]>>;
  readonly target: { readonly index: number; readonly positions: readonly number[] | null };
  readonly logits: Coded;
  readonly gradient: Coded;
}
interface Numbers { readonly cases: readonly Case[]; readonly vocabulary: number; readonly width: number }
type Fixture = Awaited<ReturnType<typeof loadZoo<Numbers>>>;

/** The graph with its backward pass, and the nodes that were added. */
function withGradient({ bytes, vocabulary, width }: Fixture, gate: boolean): { graph: Graph; forward: readonly Node[]; lookup: string } {
  const graph = Graph.of(decodeModel(bytes));
  const forward = [...graph.nodes];
  const lookup = forward.find(({ opType, inputs: [table = ""] }) => opType === "Gather" && graph.initializer(table)?.shape.join() === `${vocabulary},${width}`)?.outputs[0] as string;
  differentiate(graph, { of: "logits", wrt: lookup, seed: "seed", into: "gradient", ...(gate ? { gate: "gate" } : {}) });
  return { graph, forward, lookup };
}

/** One logit a row: of the text, or of the token at `positions`. */
function seedFor({ logits: { shape }, target }: Case): Tensor {
  const data = new Float32Array(sizeOf(shape));
  const [rows = 0, next = 0, last = 1] = shape;
  for (let row = 0; row < rows; row++) data[target.positions ? (row * next + (target.positions[row] as number)) * last + target.index : row * next + target.index] = 1;
  return float32(data, shape);
}

function feedsOf(given: Case): Record<string, Tensor> {
  const ids = Object.entries(given.inputs).map(([name, rows]): [string, Tensor] => [name, { dtype: "int64", shape: [rows.length, rows[0]!.length], data: BigInt64Array.from(rows.flat(), BigInt) }]);
  return { ...Object.fromEntries(ids), seed: seedFor(given), gate: { dtype: "bool", shape: [], data: Uint8Array.of(1) } };
}

async function gradientsOf(fixture: Fixture, run: Run): Promise<Tensor<Float32Array>[]> {
  const gradients: Tensor<Float32Array>[] = [];
  for (const given of fixture.cases) gradients.push((await run(feedsOf(given)))["gradient"] as Tensor<Float32Array>);
  return gradients;
}

function relativeError(actual: Tensor<Float32Array>, expected: Tensor<Float32Array>): number {
  expect(actual.shape).to.deep.equal(expected.shape);
  let error = 0, largest = 0;
  expected.data.forEach((value, index) => {
    error = Math.max(error, Math.abs(value - (actual.data[index] as number)));
    largest = Math.max(largest, Math.abs(value));
  });
  return Number.isNaN(error) || largest === 0 ? Infinity : error / largest;
}

describe("gradients of whole models", () => {
  for (const file of plainFiles) {
    for (const backend of ["wasm", ...(onWebGPU.includes(file) ? ["webgpu" as const] : [])] as Backend[]) {
      it(`${file} on ${backend}: PyTorch's gradient at the lookup; the same behind the gate`, async () => {
        const fixture = await loadZoo<Numbers>(file);
        const plain = await withSession(withGradient(fixture, false).graph.toModel(), (run) => gradientsOf(fixture, run), backend);
        const gated = await withSession(withGradient(fixture, true).graph.toModel(), (run) => gradientsOf(fixture, run), backend);
        fixture.cases.forEach((given, index) => {
          expect(relativeError(plain[index]!, decoded(given.gradient)), `case ${index}`).to.be.below(tolerances[backend]);
          expect(relativeError(gated[index]!, decoded(given.gradient)), `case ${index}, gated`).to.be.below(tolerances[backend]);
        });
      });
    }

    it(`${file}: padding never leaks into the gradient, nor out of it`, async () => {
      const fixture = await loadZoo<Numbers>(file);
      const given = fixture.cases.find(({ inputs }) => inputs["attention_mask"]?.flat().includes(0));
      if (!given) throw new Error("no padded case");
      const mask = (given.inputs["attention_mask"] as number[][]).flat();
      const rewritten = { ...given, inputs: { ...given.inputs, input_ids: (given.inputs["input_ids"] as number[][]).map((row, r) => row.map((id, t) => given.inputs["attention_mask"]![r]![t] ? id : 7)) } };
      const [first, second] = await withSession(withGradient(fixture, false).graph.toModel(), async (run) => [
        (await run(feedsOf(given)))["gradient"] as Tensor<Float32Array>, (await run(feedsOf(rewritten)))["gradient"] as Tensor<Float32Array>,
      ] as const);
      const width = first.shape[2] as number;
      mask.forEach((kept, token) => {
        const at = (tensor: Tensor<Float32Array>): number[] => Array.from(tensor.data.subarray(token * width, (token + 1) * width));
        if (!kept) expect(at(first), `token ${token}`).to.deep.equal(new Array(width).fill(0));
        at(first).forEach((value, index) => expect(at(second)[index], `token ${token}`).to.be.closeTo(value, 1e-6));
      });
    });

    it(`${file}: weights are used by name, never transposed or copied, and no operator leaves the GPU`, async () => {
      const fixture = await loadZoo<Numbers>(file);
      const original = decodeModel(fixture.bytes);
      const { graph, forward } = withGradient(fixture, false);
      const old = new Set(forward.flatMap(({ outputs }) => outputs));
      const added = graph.nodes.filter(({ outputs }) => !old.has(outputs[0] as string));
      expect(added.length).to.be.above(100);
      for (const { opType, inputs, name } of added) {
        if (opType === "Transpose") expect(graph.initializer(inputs[0] as string), `${name} transposes a weight`).to.equal(undefined);
        expect(["Sign", "Sum", "Or", "Xor", "LogSoftmax", "ConstantOfShape", "IsNaN", "OneHot", "EyeLike", "FusedMatMul", "Mean", "Mod"], name).not.to.include(opType);
      }
      const bytes = (initializers: typeof original.graph.initializers): number => initializers.reduce((total, { shape }) => total + sizeOf(shape), 0);
      expect(bytes(graph.toModel().graph.initializers) - bytes(original.graph.initializers), "elements added").to.be.below(300);
      const weights = new Set(original.graph.initializers.filter(({ shape }) => shape.length === 2).map(({ name }) => name));
      expect(added.filter(({ opType, inputs }) => opType === "Gemm" && weights.has(inputs[1] as string)).length).to.be.above(10 - (file.startsWith("gpt2") ? 8 : 0));
    });
  }
});
