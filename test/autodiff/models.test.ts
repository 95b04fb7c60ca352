/**
 * What the backward graph of a whole model must never hold; and, for one file a kind, that it gives PyTorch's gradient without the gate too.
 * Behind the gate, as the engine puts it, every file is in test/zoo.test.ts.
 */
import { expect } from "@open-wc/testing";
import { differentiate } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import { decodeModel } from "../../src/onnx/decode.js";
import type { Node } from "../../src/onnx/types.js";
import { float32, sizeOf, type Tensor } from "../../src/tensor/tensor.js";
import { type Coded, decoded, loadZoo, plainFiles } from "../zoo.js";
import { type Run, withSession } from "./run.js";

const ungated = ["bert-ts14", "gpt2-old13", "llama-ts17-sdpa"];

interface Case {
  readonly inputs: Readonly<Record<string, number[][]>>;
  readonly target: { readonly index: number; readonly positions: readonly number[] | null };
  readonly logits: Coded;
  readonly gradient: Coded;
}
interface Numbers { readonly cases: readonly Case[]; readonly vocabulary: number; readonly width: number }
type Fixture = Awaited<ReturnType<typeof loadZoo<Numbers>>>;

/** The graph with its backward pass, and the nodes that were added. */
function withGradient({ bytes, vocabulary, width }: Fixture): { graph: Graph; forward: readonly Node[]; lookup: string } {
  const graph = Graph.of(decodeModel(bytes));
  const forward = [...graph.nodes];
  const lookup = forward.find(({ opType, inputs: [table = ""] }) => opType === "Gather" && graph.initializer(table)?.shape.join() === `${vocabulary},${width}`)?.outputs[0] as string;
  differentiate(graph, { of: "logits", wrt: lookup, seed: "seed", into: "gradient" });
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
  return { ...Object.fromEntries(ids), seed: seedFor(given) };
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
  for (const file of ungated) {
    it(`${file}: PyTorch's gradient at the lookup, without a gate`, async () => {
      const fixture = await loadZoo<Numbers>(file);
      const plain = await withSession(withGradient(fixture).graph.toModel(), (run) => gradientsOf(fixture, run));
      fixture.cases.forEach((given, index) => expect(relativeError(plain[index]!, decoded(given.gradient)), `case ${index}`).to.be.below(1e-4));
    });
  }

  for (const file of plainFiles) {
    it(`${file}: weights are used by name, never transposed or copied, and no operator leaves the GPU`, async () => {
      const fixture = await loadZoo<Numbers>(file);
      const original = decodeModel(fixture.bytes);
      const { graph, forward } = withGradient(fixture);
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
