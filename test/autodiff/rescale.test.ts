/** DeepLift by the walk: Captum's multipliers on exported networks (test/oracle/deep_lift.py), exactness where nothing is multiplied, refusals. */
import { expect } from "@open-wc/testing";
import { differentiate, rescaleRules, type SoftmaxRescaling } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import { decodeModel } from "../../src/onnx/decode.js";
import { float32 } from "../../src/tensor/tensor.js";
import { loadBytes, loadJson } from "../zoo.js";
import { withSession, type Backend } from "./run.js";
import { emptyModel } from "./tiny-model.js";

interface Case {
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly baseline: readonly number[];
  readonly targets: readonly { readonly multipliers: readonly number[]; readonly scores: readonly number[]; readonly delta: number; readonly value: number; readonly baselineValue: number }[];
}

const folder = "/test/fixtures/deep-lift/";

function withRescaling(graph: Graph, of: string, softmax: SoftmaxRescaling): Graph {
  const rules = rescaleRules(graph, of, "x", softmax);
  if (typeof rules === "string") throw new Error(rules);
  differentiate(graph, { of, wrt: "x", seed: "seed", into: "multipliers", rules });
  return graph;
}

/** Input and baseline in one batch → outputs of both rows and the multipliers of the first. */
async function lifted(graph: Graph, of: string, { shape, input, baseline }: Omit<Case, "targets">, seed: readonly number[], backend: Backend = "wasm"): Promise<{ outputs: number[]; multipliers: number[] }> {
  return withSession(graph.toModel(), async (run) => {
    const found = await run({ x: float32([...input, ...baseline], [2, ...shape]), seed: float32([...seed, ...seed], [2, seed.length]) });
    return { outputs: Array.from(found[of]!.data as Float32Array), multipliers: Array.from(found["multipliers"]!.data as Float32Array).slice(0, input.length) };
  }, backend);
}

const worst = (found: readonly number[], wanted: readonly number[]): number => Math.max(...found.map((value, index) => Math.abs(value - wanted[index]!))) / Math.max(...wanted.map(Math.abs));

for (const backend of ["wasm", "webgpu"] as const) {
  describe(`DeepLift by the walk, ${backend}`, () => {
    before(async function () {
      if (backend === "webgpu" && !(await navigator.gpu?.requestAdapter())) this.skip();
    });

    for (const name of ["mixed", "transformer"]) {
      it(`${name}: Captum's multipliers, scores and what is missing to completeness`, async () => {
        const numbers = (await loadJson<Record<string, Case>>(`${folder}numbers.json`))[name]!;
        const graph = withRescaling(Graph.of(decodeModel(await loadBytes(`${folder}${name}.onnx`))), "y", "captum");
        for (const [target, wanted] of numbers.targets.entries()) {
          const { outputs, multipliers } = await lifted(graph, "y", numbers, [0, 1].map((label) => Number(label === target)), backend);
          const scores = multipliers.map((each, feature) => each * (numbers.input[feature]! - numbers.baseline[feature]!));
          expect(worst(multipliers, wanted.multipliers), `target ${target}`).to.be.below(2e-5);
          expect(worst(scores, wanted.scores), `target ${target}`).to.be.below(2e-5);
          expect(worst([outputs[target]!, outputs[2 + target]!], [wanted.value, wanted.baselineValue])).to.be.below(1e-4);
          expect(Math.abs(scores.reduce((sum, score) => sum + score, 0) - (wanted.value - wanted.baselineValue) - wanted.delta)).to.be.below(1e-4 * Math.max(...wanted.scores.map(Math.abs), Math.abs(wanted.value - wanted.baselineValue)));
        }
      });
    }
  });
}

describe("DeepLift by the walk, on numbers", () => {
  const input = (shape: readonly (number | string)[]) => Graph.of(emptyModel(13, [{ name: "x", dtype: "float32", shape }]));

  it("M17: 2 ReLU(x₁) + 2 ReLU(x₂ − 1.5)", async () => {
    const graph = input(["batch", 2]);
    const relu = graph.emit("Relu", graph.emit("Add", ["x", graph.emitConstant(float32([0, -1.5], [2]))]))[0]!;
    const [y] = graph.emit("MatMul", [relu, graph.emitConstant(float32([2, 2], [2, 1]))]) as [string];
    graph.addOutput(y, "float32");
    const { outputs, multipliers } = await lifted(withRescaling(graph, y, "gradient"), y, { shape: [2], input: [1, 2], baseline: [0, 0] }, [1]);
    expect(worst([multipliers[0]! * 1, multipliers[1]! * 2], [2, 1])).to.be.below(1e-6);
    expect(outputs[0]! - outputs[1]!).to.be.closeTo(3, 1e-6);
  });

  it("where a feature is its own baseline, the slope; where a mask leaves nothing to compare, no NaN", async () => {
    const graph = input(["batch", 3]);
    const masked = graph.emit("Add", ["x", graph.emitConstant(float32([0, 0, -Infinity], [3]))])[0]!;
    const [y] = graph.emit("ReduceSum", [graph.emit("Exp", [masked])[0]!, graph.emitConstant({ dtype: "int64", shape: [1], data: BigInt64Array.of(1n) })], { attributes: { keepdims: { int: 1 } } }) as [string];
    graph.addOutput(y, "float32");
    const { multipliers } = await lifted(withRescaling(graph, y, "gradient"), y, { shape: [3], input: [1, 0.5, 4], baseline: [1, 0, 2] }, [1]);
    expect(worst(multipliers, [Math.E, (Math.exp(0.5) - 1) / 0.5, 0])).to.be.below(1e-5);
  });

  it("follows the batch where the heads' axis comes first, and is refused where it cannot", async () => {
    const turned = (perm: readonly number[], shape: readonly number[]) => {
      const graph = input(["batch", 3]);
      const cube = graph.emit("Reshape", ["x", graph.emitConstant({ dtype: "int64", shape: [2], data: BigInt64Array.from(shape, BigInt) })])[0]!;
      const tanh = graph.emit("Tanh", graph.emit("Transpose", [cube], { attributes: { perm: { ints: [...perm] } } }))[0]!;
      const back = graph.emit("Transpose", [tanh], { attributes: { perm: { ints: [...perm] } } })[0]!;
      const flat = graph.emit("Reshape", [back, graph.emitConstant({ dtype: "int64", shape: [2], data: BigInt64Array.of(-1n, 3n) })])[0]!;
      const [y] = graph.emit("MatMul", [flat, graph.emitConstant(float32([1, 1, 1], [3, 1]))]) as [string];
      graph.addOutput(y, "float32");
      return { graph, y };
    };
    const { graph, y } = turned([1, 0], [-1, 3]); // [3, batch]
    const { multipliers } = await lifted(withRescaling(graph, y, "gradient"), y, { shape: [3], input: [1, 2, 0.1], baseline: [0, 0, 0] }, [1]);
    expect(worst(multipliers, [Math.tanh(1), Math.tanh(2) / 2, Math.tanh(0.1) / 0.1])).to.be.below(1e-6);
    const lost = turned([1, 0], [3, -1]); // rows of several texts in one
    expect(rescaleRules(lost.graph, lost.y, "x", "gradient")).to.be.an("object"); // outermost still
    const summed = input(["batch", 3]);
    const [z] = summed.emit("Tanh", [summed.emit("ReduceSum", ["x", summed.emitConstant({ dtype: "int64", shape: [1], data: BigInt64Array.of(0n) })])[0]!]) as [string];
    summed.addOutput(z, "float32");
    expect(rescaleRules(summed, z, "x", "gradient")).to.match(/^no rescale rule: at Tanh .* it is not known where the texts of a batch stand$/);
  });
});
